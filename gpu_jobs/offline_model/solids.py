"""Solid parts in metres and the painter that puts them on a picture.

Axes: x to the figure's left hand, y up, z the way it faces; the origin stands on the ground. The camera is far
away (parallel projection), turned by `yaw` and looking down by `pitch` radians.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_jobs.offline_model.palette import Colour

Points = NDArray[np.float64]
Picture = NDArray[np.uint8]
Shape = Literal["limb", "wire", "face"]
SUBPIXEL_BITS = 4


@dataclass(frozen=True, slots=True)
class Part:
    """`limb`: a rounded rod; `wire`: a thin line; `face`: a flat polygon seen from its normal's side only."""

    shape: Shape
    points: Points
    radius: float
    colour: Colour
    normal: Points | None = None


@dataclass(slots=True)
class Sketch:
    """The parts of one figure, in the order in which flat faces cover each other."""

    parts: list[Part] = field(default_factory=list)
    by_depth: bool = True
    height_factor: float = 1.0

    def limb(self, start: Points, end: Points, radius: float, colour: Colour) -> None:
        self.parts.append(Part("limb", np.array([start, end], float), radius, colour))

    def ball(self, centre: Points, radius: float, colour: Colour) -> None:
        self.limb(centre, centre, radius, colour)

    def wire(self, points: Points, radius: float, colour: Colour) -> None:
        self.parts.append(Part("wire", np.asarray(points, float), radius, colour))

    def face(self, points: Points, normal: Points, colour: Colour) -> None:
        self.parts.append(Part("face", np.asarray(points, float), 0.0, colour, np.asarray(normal, float)))

    def lay_down(self, first: int, lift: float) -> None:
        """Turns the parts from `first` on so that what stood upright lies on its back along z, `lift` metres up."""
        for index in range(first, len(self.parts)):
            part = self.parts[index]
            x, y, z = part.points.T
            points = np.stack([x, z + lift, 0.9 - y], 1)
            normal = part.normal if part.normal is None else part.normal[[0, 2, 1]] * np.array([1, 1, -1])
            self.parts[index] = replace(part, points=points, normal=normal)

    def box(self, centre: Points, half: tuple[float, float, float], colour: Colour) -> None:
        for axis in range(3):
            one, two = (a for a in range(3) if a != axis)
            for side in (-1.0, 1.0):
                corners = np.tile(np.asarray(centre, float), (4, 1))
                corners[:, axis] += side * half[axis]
                corners[:, one] += np.array([-1, 1, 1, -1]) * half[one]
                corners[:, two] += np.array([-1, -1, 1, 1]) * half[two]
                normal = np.zeros(3)
                normal[axis] = side
                self.face(corners, normal, colour)


@dataclass(frozen=True, slots=True)
class Stance:
    """Where a figure stands on a picture: its foot point in px, its size, and how the camera sees it."""

    foot_x_px: float
    foot_y_px: float
    metre_px: float
    yaw: float
    pitch: float


@dataclass(frozen=True, slots=True)
class Box:
    """Left, top, right, bottom in px, not clipped to the picture."""

    left: float
    top: float
    right: float
    bottom: float


def turn(yaw: float, pitch: float) -> Points:
    """The matrix from a figure's axes to the camera's (x right, y up, z towards the camera)."""
    cos_y, sin_y, cos_p, sin_p = math.cos(yaw), math.sin(yaw), math.cos(pitch), math.sin(pitch)
    about_y = np.array([[cos_y, 0, sin_y], [0, 1, 0], [-sin_y, 0, cos_y]])
    about_x = np.array([[1, 0, 0], [0, cos_p, -sin_p], [0, sin_p, cos_p]])
    return np.asarray(about_x @ about_y)


def extent(sketch: Sketch, yaw: float, pitch: float) -> Box:
    """The box of a sketch in metres on the picture plane, the foot point at 0, y downwards."""
    seen = np.concatenate([part.points for part in sketch.parts]) @ turn(yaw, pitch).T * sketch.height_factor
    low, high = seen.min(0) - 0.07, seen.max(0) + 0.07
    return Box(low[0], -high[1], high[0], -low[1])


def cast_shadow(picture: Picture, box: Box, stance: Stance, sun: Points, darkness: float) -> None:
    """Darkens the ground under a figure, in place."""
    half_width = max(2.0, (box.right - box.left) * 0.46)
    half_height = max(1.5, half_width * max(0.18, math.sin(stance.pitch)) * 0.55)
    centre_x = (box.left + box.right) / 2 + sun[0] * half_width * 0.5
    rows, columns = picture.shape[:2]
    x0, x1 = (int(np.clip(centre_x + s * half_width * 1.2, 0, columns)) for s in (-1, 1))
    y0, y1 = (int(np.clip(stance.foot_y_px + s * half_height * 1.4, 0, rows)) for s in (-1, 1))
    if x1 - x0 < 2 or y1 - y0 < 2:
        return
    across = (np.arange(x0, x1) - centre_x) / half_width
    down = (np.arange(y0, y1) - stance.foot_y_px) / half_height
    depth = np.clip(1.25 - (across[None, :] ** 2 + down[:, None] ** 2), 0, 1)[..., None]
    patch = picture[y0:y1, x0:x1]
    patch[:] = (patch * (1 - darkness * depth)).astype(np.uint8)


def paint(picture: Picture, sketch: Sketch, stance: Stance, sun: Points, darkness: float = 0.4) -> Box:
    """Draws a sketch and its shadow on an RGB picture (H, W, 3) in place; `sun` is a unit vector (3,)."""
    matrix = turn(stance.yaw, stance.pitch)
    scale = stance.metre_px * sketch.height_factor
    metres = extent(sketch, stance.yaw, stance.pitch)
    box = Box(
        stance.foot_x_px + metres.left * stance.metre_px,
        stance.foot_y_px + metres.top * stance.metre_px,
        stance.foot_x_px + metres.right * stance.metre_px,
        stance.foot_y_px + metres.bottom * stance.metre_px,
    )
    if darkness > 0:
        cast_shadow(picture, box, stance, sun, darkness)
    seen = []
    for part in sketch.parts:
        turned = part.points @ matrix.T
        if part.normal is not None and (matrix @ part.normal)[2] <= 1e-3:
            continue
        raised = 0.03 if part.shape == "face" else part.radius * 0.3
        seen.append((float(turned[:, 2].mean()) + raised, part, turned))
    if sketch.by_depth:
        seen.sort(key=lambda item: item[0])
    origin = np.array([stance.foot_x_px, stance.foot_y_px])
    for _, part, turned in seen:
        xy = origin + turned[:, :2] * np.array([scale, -scale])
        _stroke(picture, part, xy, scale, matrix, sun)
    return box


def _stroke(picture: Picture, part: Part, xy: Points, scale: float, matrix: Points, sun: Points) -> None:
    fixed = np.round(xy * (1 << SUBPIXEL_BITS)).astype(np.int32)
    if part.shape == "face":
        assert part.normal is not None
        lit = 0.6 + 0.48 * max(0.0, float(part.normal @ sun))
        colour = np.clip(part.colour * lit, 0, 255).tolist()
        cv2.fillPoly(picture, [fixed], colour, cv2.LINE_AA, SUBPIXEL_BITS)
        return
    thickness = max(1, round(2 * part.radius * scale))
    if part.shape == "wire":
        cv2.polylines(picture, [fixed], False, part.colour.tolist(), thickness, cv2.LINE_AA, shift=SUBPIXEL_BITS)
        return
    dark, bright = (part.colour * 0.78).tolist(), np.clip(part.colour * 1.05, 0, 255).tolist()
    ends = [tuple(int(v) for v in fixed[i]) for i in (0, -1)]
    cv2.line(picture, ends[0], ends[1], dark, thickness, cv2.LINE_AA, SUBPIXEL_BITS)
    if thickness > 3:
        seen_sun = matrix @ sun
        step = np.round(np.array([seen_sun[0], -seen_sun[1]]) * thickness * 0.12 * 16).astype(int)
        ends = [(x + int(step[0]), y + int(step[1])) for x, y in ends]
        cv2.line(picture, ends[0], ends[1], bright, max(1, round(thickness * 0.7)), cv2.LINE_AA, SUBPIXEL_BITS)
