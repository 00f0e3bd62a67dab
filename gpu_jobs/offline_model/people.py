"""People as solid parts: body, clothes, what they carry, and how they move.

`phase` is the gait's angle in radians: the same figure at another phase is the same person a moment later.
"""

from __future__ import annotations

import math

import numpy as np

from gpu_jobs.offline_model.carried import Joints, Outfit, add_bench, add_carried
from gpu_jobs.offline_model.palette import (
    COLOUR_NAMES,
    HAIRS,
    SKINS,
    any_grey,
    one_of,
    rgb,
    shade_of,
)
from gpu_jobs.offline_model.scenes import Figure
from gpu_jobs.offline_model.solids import Points, Sketch

STRIDES = {"standing": 0.05, "walking": 0.45, "running": 0.85, "lying": 0.15}
SEAT_HEIGHT = 0.46
CHILD_HEIGHT = 0.68


def dress(figure: Figure) -> Outfit:
    """The outfit that a figure always wears."""
    rng = np.random.default_rng(figure.look_seed)
    child = figure.age == "child"
    return Outfit(
        upper=shade_of(figure.upper or "grey", rng),
        lower=shade_of(figure.lower or "grey", rng),
        skin=one_of(SKINS, rng),
        hair=one_of(HAIRS, rng),
        shoe=any_grey(15, 230, rng),
        extra=shade_of(COLOUR_NAMES[int(rng.integers(len(COLOUR_NAMES)))], rng),
        headwear=shade_of(COLOUR_NAMES[int(rng.integers(len(COLOUR_NAMES)))], rng),
        stout=rng.uniform(0.86, 1.22) * (1.08 if child else 1.0),
        head_radius=0.155 if child else 0.116,
        short_sleeves=rng.random() < 0.18,
        bare_legs=rng.random() < 0.12,
        long_coat=rng.random() < 0.2 and figure.kind == "person",
        long_hair=rng.random() < 0.35,
        trim=rng.random() < 0.15,
        arm_bend=rng.uniform(0.1, 0.6) if rng.random() < 0.85 else 1.5,
        brim=rng.random() < 0.5,
    )


def _swing(angle: float) -> Points:
    return np.array([0.0, -math.cos(angle), math.sin(angle)])


def _on_foot(figure: Figure, outfit: Outfit, phase: float) -> Joints:
    stride = STRIDES[figure.pose or "standing"]
    lean = 0.16 if figure.pose == "running" else 0.02
    bob = 0.03 * stride * math.cos(2 * phase)
    hip, shoulder = np.array([0, 0.92 + bob, 0]), np.array([0, 1.41 + bob, lean])
    knees, feet, elbows, hands = [], [], [], []
    for side in (1.0, -1.0):
        swing = stride * math.sin(phase) * side
        top = hip + np.array([side * 0.09 * outfit.stout, 0, 0])
        knee = top + 0.44 * _swing(swing + 0.12 * stride)
        bend = stride * (0.55 - 0.75 * math.cos(phase) * side) * (1.3 if figure.pose == "running" else 0.7)
        foot = knee + 0.44 * _swing(swing - max(0.0, bend))
        joint = shoulder + np.array([side * (0.17 * outfit.stout + 0.05), -0.03, 0])
        elbow = joint + 0.29 * _swing(-swing * 0.8) + np.array([side * 0.04, 0, 0])
        reach = -swing * 0.8 + (1.35 if figure.pose == "running" else outfit.arm_bend)
        hand = elbow + 0.27 * _swing(reach)
        if "umbrella" in figure.extras and side > 0:
            hand = shoulder + np.array([0.15, 0.0, 0.25])
            elbow = (joint + hand) / 2 + np.array([0.06, -0.16, 0])
        knees.append(knee)
        feet.append(foot)
        elbows.append(elbow)
        hands.append(hand)
    return Joints(hip, shoulder, *((pair[0], pair[1]) for pair in (knees, feet, elbows, hands)))


def _seated(outfit: Outfit) -> Joints:
    """On a bench: thighs forward, shins down, hands on the knees."""
    hip, shoulder = np.array([0, SEAT_HEIGHT + 0.09, -0.1]), np.array([0, SEAT_HEIGHT + 0.58, -0.05])
    knees, feet, elbows, hands = [], [], [], []
    for side in (1.0, -1.0):
        across = side * 0.1 * outfit.stout
        knee = np.array([across, SEAT_HEIGHT + 0.08, 0.36])
        joint = shoulder + np.array([side * (0.17 * outfit.stout + 0.05), -0.03, 0])
        hand = knee + np.array([0, 0.1, -0.12 * outfit.arm_bend])
        knees.append(knee)
        feet.append(np.array([across, 0.05, 0.4]))
        elbows.append((joint + hand) / 2 + np.array([side * 0.07, -0.08, -0.05]))
        hands.append(hand)
    return Joints(hip, shoulder, *((pair[0], pair[1]) for pair in (knees, feet, elbows, hands)))


def _mounted(kind: str, phase: float) -> Joints:
    hip, shoulder, grip = {
        "bicycle": ((0, 0.98, -0.22), (0, 1.38, 0.1), (0.22, 1.03, 0.42)),
        "motorcycle": ((0, 0.78, -0.2), (0, 1.25, -0.05), (0.3, 1.0, 0.42)),
        "scooter": ((0, 1.06, -0.05), (0, 1.55, 0.02), (0.2, 1.14, 0.36)),
    }[kind]
    knees, feet, elbows, hands = [], [], [], []
    for side in (1.0, -1.0):
        top = np.array([side * 0.09, hip[1], hip[2]])
        if kind == "bicycle":
            turn = phase + (0 if side > 0 else math.pi)
            foot = np.array([side * 0.1, 0.32 + 0.16 * math.sin(turn), 0.16 * math.cos(turn)])
            knee = (top + foot) / 2 + np.array([0, 0.1, 0.24])
        elif kind == "motorcycle":
            foot, knee = np.array([side * 0.2, 0.25, 0.05]), np.array([side * 0.2, 0.62, 0.25])
        else:
            back = -0.35 - 0.25 * math.sin(phase) if side < 0 else 0.05
            foot = np.array([side * 0.09, 0.17 if side > 0 else 0.1, back])
            knee = (top + foot) / 2 + np.array([0, 0.02, 0.1])
        hand = np.array([side * grip[0], grip[1], grip[2]])
        joint = np.array(shoulder) + np.array([side * 0.21, -0.02, 0])
        knees.append(knee)
        feet.append(foot)
        elbows.append((joint + hand) / 2 + np.array([side * 0.06, -0.08, 0]))
        hands.append(hand)
    pairs = ((pair[0], pair[1]) for pair in (knees, feet, elbows, hands))
    return Joints(np.array(hip, float), np.array(shoulder, float), *pairs)


def sketch_person(figure: Figure, phase: float, sketch: Sketch) -> None:
    """Adds a person, on foot, on a bench, on the ground or mounted on `figure.kind`, to a sketch."""
    outfit, first = dress(figure), len(sketch.parts)
    if figure.kind != "person":
        joints = _mounted(figure.kind, phase)
    else:
        joints = _seated(outfit) if figure.pose == "sitting" else _on_foot(figure, outfit, phase)
    if figure.age == "child":
        sketch.height_factor = CHILD_HEIGHT
    _limbs(joints, outfit, sketch)
    _torso(joints, outfit, sketch)
    _head(figure, joints, outfit, sketch)
    add_carried(figure, joints, outfit, sketch)
    if figure.pose == "sitting":
        add_bench(SEAT_HEIGHT, outfit, sketch)
    if figure.pose == "lying":
        sketch.lay_down(first, lift=0.14)


def _limbs(joints: Joints, outfit: Outfit, sketch: Sketch) -> None:
    thigh, arm = 0.085 * outfit.stout, 0.058 * outfit.stout
    shin = outfit.skin if outfit.bare_legs else outfit.lower
    forearm = outfit.skin if outfit.short_sleeves else outfit.upper
    for index, side in enumerate((1.0, -1.0)):
        top = joints.hip + np.array([side * 0.09 * outfit.stout, 0, 0])
        foot = joints.feet[index]
        sketch.limb(top, joints.knees[index], thigh, outfit.lower)
        sketch.limb(joints.knees[index], foot, thigh * 0.8, shin)
        sketch.limb(foot, foot + np.array([0, -0.02, 0.12]), 0.05, outfit.shoe)
        joint = joints.shoulder + np.array([side * (0.17 * outfit.stout + 0.04), -0.03, 0])
        sketch.limb(joint, joints.elbows[index], arm, outfit.upper)
        sketch.limb(joints.elbows[index], joints.hands[index], arm * 0.85, forearm)
        sketch.ball(joints.hands[index], 0.045, outfit.skin)


def _torso(joints: Joints, outfit: Outfit, sketch: Sketch) -> None:
    width = 0.17 * outfit.stout
    for side in (-1.0, 1.0):
        top = joints.shoulder + np.array([side * width * 0.75, -0.06, 0])
        bottom = joints.hip + np.array([side * width * 0.5, 0.04, 0])
        sketch.limb(top, bottom, 0.12 * outfit.stout, outfit.upper)
        if outfit.long_coat:
            hem = joints.hip + np.array([side * 0.1, -0.3, 0])
            sketch.limb(joints.hip + np.array([side * 0.07, 0, 0]), hem, 0.13 * outfit.stout, outfit.upper)
    top, bottom = joints.shoulder + np.array([0, -0.07, 0]), joints.hip + np.array([0, 0.02, 0])
    sketch.limb(top, bottom, 0.14 * outfit.stout, outfit.upper)
    if outfit.trim:
        middle = top * 0.6 + bottom * 0.4
        trim = np.array([[-width, 0, 0.14], [width, 0, 0.14]]) + middle
        sketch.wire(trim, 0.025, rgb(225))


def _head(figure: Figure, joints: Joints, outfit: Outfit, sketch: Sketch) -> None:
    radius = outfit.head_radius
    head = joints.shoulder + np.array([0, 0.2 + radius * 0.35, 0.03])
    sketch.limb(joints.shoulder, head, 0.055, outfit.skin)
    sketch.ball(head, radius, outfit.skin)
    if "helmet" in figure.extras:
        sketch.ball(head + np.array([0, 0.04, 0]), radius * 1.22, outfit.headwear)
        return
    if "hood" in figure.extras:
        sketch.ball(head + np.array([0, 0.02, -0.04]), radius * 1.2, outfit.upper)
        return
    sketch.ball(head + np.array([0, 0.035, -0.03]), radius * 1.02, outfit.hair)
    if outfit.long_hair:
        lock = head + np.array([0, -0.02, -0.06])
        sketch.limb(lock, lock + np.array([0, -0.2, -0.02]), radius * 0.7, outfit.hair)
    if "hat" in figure.extras:
        crown = head + np.array([0, radius * 0.55, -0.01])
        sketch.limb(crown, crown + np.array([0, radius * 0.4, 0]), radius * 1.05, outfit.headwear)
        if outfit.brim:
            front = head + np.array([0, radius * 0.45, 0.06])
            sketch.limb(front, front + np.array([0, -0.01, 0.12]), 0.05, outfit.headwear)
