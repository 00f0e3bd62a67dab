"""A body's measures, and what it carries or sits on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gpu_jobs.offline_model.palette import Colour, rgb, shade_of
from gpu_jobs.offline_model.scenes import Figure
from gpu_jobs.offline_model.solids import Points, Sketch


@dataclass(frozen=True, slots=True)
class Outfit:
    """All that is fixed about a person's looks, drawn once from the figure's `look_seed`."""

    upper: Colour
    lower: Colour
    skin: Colour
    hair: Colour
    shoe: Colour
    extra: Colour
    headwear: Colour
    stout: float
    head_radius: float
    short_sleeves: bool
    bare_legs: bool
    long_coat: bool
    long_hair: bool
    trim: bool
    arm_bend: float
    brim: bool


@dataclass(frozen=True, slots=True)
class Joints:
    """Hips, shoulders' middle, and per side (left, right): knees, feet, elbows, hands; metres."""

    hip: Points
    shoulder: Points
    knees: tuple[Points, Points]
    feet: tuple[Points, Points]
    elbows: tuple[Points, Points]
    hands: tuple[Points, Points]


def add_carried(figure: Figure, joints: Joints, outfit: Outfit, sketch: Sketch) -> None:
    """Adds bags and umbrella to a person."""
    for extra, add in (("backpack", _backpack), ("bag", _bag), ("suitcase", _suitcase)):
        if extra in figure.extras:
            add(joints, outfit, sketch)
    if figure.umbrella:
        _umbrella(figure, joints, sketch)


def add_bench(height: float, outfit: Outfit, sketch: Sketch) -> None:
    """A bench whose seat is `height` metres above the ground."""
    sketch.box(np.array([0, height - 0.04, -0.08]), (0.5, 0.04, 0.24), outfit.headwear * 0.5 + 60)
    for side in (-0.4, 0.4):
        sketch.box(np.array([side, height / 2 - 0.04, -0.08]), (0.03, height / 2 - 0.04, 0.2), rgb(60))


def _suitcase(joints: Joints, outfit: Outfit, sketch: Sketch) -> None:
    """Upright on its wheels behind the left hand."""
    hand = joints.hands[0]
    centre = np.array([hand[0] + 0.12, 0.34, hand[2] - 0.22])
    sketch.box(centre, (0.13, 0.3, 0.2), outfit.extra)
    sketch.wire(np.array([centre + np.array([0, 0.3, 0]), hand]), 0.018, rgb(40))


def _backpack(joints: Joints, outfit: Outfit, sketch: Sketch) -> None:
    centre = (joints.shoulder + joints.hip) / 2 + np.array([0, 0.06, -0.22 * outfit.stout])
    sketch.box(centre, (0.16, 0.22, 0.1), outfit.extra)
    for side in (-1.0, 1.0):
        strap = [[side * 0.11, 0.05, 0.02], [side * 0.12, -0.22, 0.15 * outfit.stout]]
        sketch.wire(np.array(strap) + joints.shoulder, 0.026, outfit.extra)


def _bag(joints: Joints, outfit: Outfit, sketch: Sketch) -> None:
    hand = joints.hands[1]
    hanging = hand + np.array([-0.03, -0.3, 0])
    sketch.wire(np.array([hand, hanging]), 0.018, outfit.extra)
    sketch.box(hanging, (0.07, 0.16, 0.2), outfit.extra)


def _umbrella(figure: Figure, joints: Joints, sketch: Sketch) -> None:
    colour = shade_of(figure.umbrella or "black", np.random.default_rng(figure.look_seed + 1))
    crown = joints.shoulder + np.array([0.1, 0.62, 0.08])
    sketch.wire(np.array([crown, joints.hands[0]]), 0.014, rgb(50))
    angles = np.linspace(0, 2 * np.pi, 10, endpoint=False)
    rim = crown + np.stack([0.58 * np.cos(angles), -0.2 + 0 * angles, 0.58 * np.sin(angles)], 1)
    apex = crown + np.array([0, 0.1, 0])
    for i in range(10):
        middle = (rim[i] + rim[(i + 1) % 10]) / 2
        panel = np.array([rim[i], middle + (middle - crown) * 0.04, rim[(i + 1) % 10], apex])
        sketch.limb(panel[0], panel[0], 0.012, colour)
        outward = (middle - crown) * np.array([1, 0, 1])
        for normal in (outward + np.array([0, 0.9, 0]), -outward - np.array([0, 0.9, 0])):
            unit = normal / np.linalg.norm(normal)
            sketch.face(panel, unit, colour * (1 - 0.12 * (i % 2)))
