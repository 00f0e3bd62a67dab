"""Empty places as a fixed camera sees them: street, school yard, playground, parking, shop, and plain surfaces.

Each is an RGB picture (H, W, 3) uint8 whose ground plane begins at the horizon row; the training crops are cut from
these, and the demonstration films play on them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from gpu_jobs.offline_model.palette import COLOUR_NAMES, any_grey, rgb, shade_of
from gpu_jobs.offline_model.scenery import GROUND_PX, PLAYTHINGS, building, fence, laid_out, lamp, sky, surface, tree
from gpu_jobs.offline_model.solids import Picture


@dataclass(slots=True)
class Backdrop:
    """A picture and the row (px) where its ground begins."""

    picture: Picture
    horizon_px: int


def _behind(width: int, horizon_px: int, kind: str, rng: np.random.Generator) -> Picture:
    """What stands above the ground's far edge."""
    top = sky(width, horizon_px, rng)
    if horizon_px < 8:
        return top
    if kind == "trees":
        cv2.rectangle(top, (0, int(horizon_px * 0.55)), (width, horizon_px), (84, 116, 70), -1)
        for x in range(-10, width + 10, int(rng.integers(26, 60))):
            tree(top, x, horizon_px + 4, horizon_px * rng.uniform(0.7, 1.3), rng)
        return top
    left = 0
    while left < width:
        right = left + (width if kind == "school" else int(rng.uniform(0.3, 0.6) * width))
        building(top, left, right, int(horizon_px * rng.uniform(-0.3, 0.25)), horizon_px, rng)
        left = right + int(rng.integers(0, 30))
    return top


def _joined(top: Picture, plane: Picture, width: int, height: int, rng: np.random.Generator) -> Backdrop:
    horizon = top.shape[0]
    picture = laid_out(plane, width, height, horizon, rng.uniform(0.2, 1.0))
    picture[:horizon] = top
    return Backdrop(picture, horizon)


def _street(width: int, height: int, horizon: int, rng: np.random.Generator) -> Backdrop:
    plane = surface(any_grey(72, 120, rng), rng.uniform(4, 9), rng)
    white = rgb(228, 228, 222).tolist()
    kerb = int(rng.uniform(0.16, 0.32) * GROUND_PX)
    plane[:kerb] = surface(any_grey(140, 185, rng), 6, rng)[:kerb]
    cv2.line(plane, (0, kerb), (GROUND_PX, kerb), (196, 196, 192), 6)
    middle = (kerb + GROUND_PX) // 2
    for x in range(0, GROUND_PX, 64):
        cv2.rectangle(plane, (x, middle), (x + 34, middle + 6), white, -1)
    if rng.random() < 0.6:
        across = int(rng.uniform(0.1, 0.8) * GROUND_PX)
        for y in range(kerb + 10, GROUND_PX - 14, 26):
            cv2.rectangle(plane, (across, y), (across + 52, y + 13), white, -1)
    backdrop = _joined(_behind(width, horizon, "houses", rng), plane, width, height, rng)
    for _ in range(int(rng.integers(1, 4))):
        x, base = int(rng.uniform(0, width)), horizon + int(0.05 * height)
        if rng.random() < 0.5:
            lamp(backdrop.picture, x, base, int(0.4 * height))
        else:
            tree(backdrop.picture, x, base, 0.3 * height, rng)
    return backdrop


def _schoolyard(width: int, height: int, horizon: int, rng: np.random.Generator) -> Backdrop:
    ground = (rgb(150, 152, 154), rgb(176, 150, 128), rgb(128, 146, 128), rgb(186, 108, 88))[int(rng.integers(4))]
    plane = surface(ground * rng.uniform(0.85, 1.15), 5, rng)
    line = ((240, 240, 238), (240, 214, 90))[int(rng.integers(2))]
    cv2.rectangle(plane, (60, 60), (452, 452), line, 6)
    cv2.line(plane, (60, 256), (452, 256), line, 6)
    cv2.circle(plane, (256, 256), 62, line, 6)
    for y, start in ((60, 0), (452, 180)):
        cv2.ellipse(plane, (256, y), (96, 84), 0, start, start + 180, line, 6)
    backdrop = _joined(_behind(width, horizon, "school", rng), plane, width, height, rng)
    fence(backdrop.picture, horizon + 3, max(8, height // 14), rng)
    for _ in range(int(rng.integers(1, 3))):
        tree(backdrop.picture, int(rng.uniform(0, width)), horizon + 8, 0.32 * height, rng)
    return backdrop


def _playground(width: int, height: int, horizon: int, rng: np.random.Generator) -> Backdrop:
    plane = surface(rgb(104, 142, 76) * rng.uniform(0.8, 1.15), 9, rng)
    sand = surface(rgb(208, 186, 142) * rng.uniform(0.85, 1.08), 5, rng)
    mask = np.zeros(plane.shape[:2], np.uint8)
    cv2.ellipse(mask, (int(rng.integers(180, 340)), 270), (190, 130), 0, 0, 360, 255, -1)
    plane[mask > 0] = sand[mask > 0]
    backdrop = _joined(_behind(width, horizon, "trees", rng), plane, width, height, rng)
    for play in rng.permutation(3)[: int(rng.integers(2, 4))]:
        x, base = rng.uniform(0.05, 0.8) * width, horizon + rng.uniform(0.12, 0.4) * (height - horizon)
        PLAYTHINGS[int(play)](backdrop.picture, x, base, height * rng.uniform(0.18, 0.28), rng)
    return backdrop


def _parking(width: int, height: int, horizon: int, rng: np.random.Generator) -> Backdrop:
    plane = surface(any_grey(68, 128, rng), rng.uniform(4, 9), rng)
    bay, depth = int(rng.integers(52, 84)), int(rng.integers(110, 170))
    for row in (0, 330):
        for x in range(0, GROUND_PX + 1, bay):
            cv2.line(plane, (x, row), (x, row + depth), (230, 230, 226), 5)
    cv2.line(plane, (0, depth), (GROUND_PX, depth), (230, 230, 226), 3)
    kind = "trees" if rng.random() < 0.5 else "houses"
    return _joined(_behind(width, horizon, kind, rng), plane, width, height, rng)


def _shop(width: int, height: int, horizon: int, rng: np.random.Generator) -> Backdrop:
    plane = surface(any_grey(165, 222, rng), 3, rng)
    if rng.random() < 0.4:
        plane = surface(rgb(172, 112, 66) * rng.uniform(0.8, 1.15), 7, rng)
    for at in range(0, GROUND_PX, int(rng.integers(34, 70))):
        cv2.line(plane, (at, 0), (at, GROUND_PX), (120, 112, 104), 2)
        cv2.line(plane, (0, at), (GROUND_PX, at), (120, 112, 104), 1)
    wall = np.empty((horizon, width, 3), np.uint8)
    wall[:] = any_grey(175, 238, rng).astype(np.uint8)
    backdrop = _joined(wall, plane, width, height, rng)
    for left in (0, int(width * rng.uniform(0.3, 0.45)), int(width * rng.uniform(0.7, 0.8))):
        _shelves(backdrop.picture, left, int(width * 0.24), max(4, horizon - height // 5), horizon + height // 9, rng)
    return backdrop


def _shelves(picture: Picture, left: int, width: int, top: int, base: int, rng: np.random.Generator) -> None:
    cv2.rectangle(picture, (left, top), (left + width, base), any_grey(90, 170, rng).tolist(), -1)
    step = max(10, (base - top) // 4)
    for y in range(top + 3, base - 6, step):
        x = left + 2
        while x < left + width - 3:
            pack = int(rng.integers(4, 12))
            colour = shade_of(COLOUR_NAMES[int(rng.integers(len(COLOUR_NAMES)))], rng).tolist()
            high = y + int(rng.integers(0, step // 2))
            cv2.rectangle(picture, (x, high), (min(x + pack, left + width - 2), y + step - 4), colour, -1)
            x += pack + 1


def _plain(width: int, height: int, horizon: int, rng: np.random.Generator) -> Backdrop:
    """Any surface at all: what a training crop needs so that no place is a hint for a kind."""
    colour = rng.uniform(30, 225, 3).astype(np.float32) if rng.random() < 0.4 else any_grey(35, 225, rng)
    plane = surface(colour, rng.uniform(3, 22), rng)
    style = int(rng.integers(4))
    step = int(rng.integers(24, 90))
    shift = rng.uniform(-45, 45)
    for at in range(0, GROUND_PX, step):
        line = np.clip(colour + shift, 0, 255).tolist()
        if style in (0, 1):
            cv2.line(plane, (at, 0), (at, GROUND_PX), line, int(rng.integers(1, 5)))
        if style == 0:
            cv2.line(plane, (0, at), (GROUND_PX, at), line, int(rng.integers(1, 5)))
    for _ in range(int(rng.integers(10, 60)) if style == 2 else 0):
        x, y, wide, high = (int(v) for v in rng.integers(4, (GROUND_PX, GROUND_PX, 120, 60)))
        cv2.rectangle(plane, (x, y), (x + wide, y + high), rng.uniform(20, 235, 3).tolist(), -1)
    top = surface(any_grey(50, 235, rng), rng.uniform(2, 20), rng)
    return _joined(cv2.resize(top, (width, max(1, horizon))), plane, width, height, rng)


_PAINTERS: dict[str | None, Callable[[int, int, int, np.random.Generator], Backdrop]] = {
    "street": _street,
    "schoolyard": _schoolyard,
    "playground": _playground,
    "parking": _parking,
    "shop": _shop,
    None: _plain,
}


def draw_backdrop(place: str | None, width: int, height: int, rng: np.random.Generator, horizon: float) -> Backdrop:
    """An empty place; `horizon` is the part of the height above the ground's far edge, 0..0.6."""
    return _PAINTERS[place](width, height, max(1, int(horizon * height)), rng)
