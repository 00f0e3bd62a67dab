"""Pieces of empty places, drawn in place on RGB pictures: surfaces, houses, trees, fences, lamps, playthings."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_jobs.offline_model.palette import COLOUR_NAMES, Colour, any_grey, rgb, shade_of
from gpu_jobs.offline_model.solids import Picture

GROUND_PX = 512
Plane = NDArray[np.float32]


def noise(side: int, grains: tuple[int, ...], rng: np.random.Generator) -> Plane:
    """Smooth random relief (side, side), about unit variance, mixed from several grain counts."""
    relief = np.zeros((side, side), np.float32)
    for grain in grains:
        coarse = rng.normal(0, 1, (grain, grain)).astype(np.float32)
        relief += cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC) / len(grains)
    return relief


def surface(colour: Colour, roughness: float, rng: np.random.Generator, side: int = GROUND_PX) -> Picture:
    """A flat surface seen from above."""
    relief = noise(side, (6, 48, side // 2), rng) * roughness
    return np.clip(colour + relief[..., None], 0, 255).astype(np.uint8)


def laid_out(plane: Picture, width: int, height: int, horizon_px: int, spread: float) -> Picture:
    """A surface seen from a camera: its far edge lies on the horizon, its near edge below the picture."""
    side = plane.shape[0]
    source = np.array([[0, 0], [side, 0], [side, side], [0, side]], np.float32)
    margin = spread * width
    target = np.array(
        [
            [-0.1 * margin - 4, horizon_px],
            [width + 0.1 * margin + 4, horizon_px],
            [width + margin, height + 4],
            [-margin, height + 4],
        ],
        np.float32,
    )
    matrix = cv2.getPerspectiveTransform(source, target)
    return np.asarray(cv2.warpPerspective(plane, matrix, (width, height), flags=cv2.INTER_AREA), np.uint8)


def sky(width: int, horizon_px: int, rng: np.random.Generator) -> Picture:
    """A plain sky above the horizon."""
    top, low = rgb(150, 185, 222) * rng.uniform(0.8, 1.05), rgb(222, 228, 232)
    ramp = np.linspace(0, 1, max(1, horizon_px), dtype=np.float32)[:, None, None]
    return np.clip(np.repeat(top + (low - top) * ramp, width, 1), 0, 255).astype(np.uint8)


def building(picture: Picture, left: int, right: int, top: int, base: int, rng: np.random.Generator) -> None:
    """A house front with rows of windows, in place."""
    brick = rng.random() < 0.5
    wall = rgb(178, 128, 96) * rng.uniform(0.75, 1.2) if brick else any_grey(130, 225, rng)
    cv2.rectangle(picture, (left, top), (right, base), np.clip(wall, 0, 255).tolist(), -1)
    pane, frame = any_grey(40, 110, rng).tolist(), rgb(235).tolist()
    step_x, step_y = int(rng.integers(26, 44)), int(rng.integers(30, 46))
    for y in range(top + 8, base - 18, step_y):
        for x in range(left + 8, right - 14, step_x):
            size = (int(step_x * 0.5), int(step_y * 0.55))
            cv2.rectangle(picture, (x, y), (x + size[0], y + size[1]), pane, -1)
            cv2.rectangle(picture, (x, y), (x + size[0], y + size[1]), frame, 1)
            cv2.line(picture, (x + size[0] // 2, y), (x + size[0] // 2, y + size[1]), frame, 1)
    cv2.line(picture, (left, base), (right, base), rgb(90).tolist(), 3)


def tree(picture: Picture, x: int, base: int, size_px: float, rng: np.random.Generator) -> None:
    """A leafy tree with its foot at (x, base), in place."""
    trunk = rgb(92, 70, 50) * rng.uniform(0.7, 1.1)
    top = (x + int(rng.normal(0, 3)), int(base - size_px * 0.5))
    cv2.line(picture, (x, base), top, trunk.tolist(), max(2, int(size_px * 0.07)), cv2.LINE_AA)
    leaf = rgb(72, 112, 56) * rng.uniform(0.7, 1.25)
    for _ in range(26):
        away = rng.normal(0, size_px * 0.16, 2)
        centre = (int(x + away[0]), int(base - size_px * 0.68 + away[1] * 0.8))
        colour = np.clip(leaf * rng.uniform(0.75, 1.25), 0, 255).tolist()
        cv2.circle(picture, centre, max(2, int(size_px * rng.uniform(0.08, 0.17))), colour, -1, cv2.LINE_AA)


def fence(picture: Picture, row: int, height_px: int, rng: np.random.Generator) -> None:
    """A paling fence across the picture, in place."""
    colour = any_grey(60, 190, rng).tolist()
    for x in range(0, picture.shape[1], int(rng.integers(7, 13))):
        cv2.line(picture, (x, row - height_px), (x, row), colour, 1, cv2.LINE_AA)
    for part in (0.15, 0.85):
        y = int(row - height_px * part)
        cv2.line(picture, (0, y), (picture.shape[1], y), colour, 2, cv2.LINE_AA)


def lamp(picture: Picture, x: int, base: int, height_px: int) -> None:
    """A street lamp, in place."""
    cv2.line(picture, (x, base), (x, base - height_px), (96, 100, 104), 3, cv2.LINE_AA)
    cv2.line(picture, (x, base - height_px), (x + height_px // 6, base - height_px - 3), (96, 100, 104), 3, cv2.LINE_AA)


def slide(picture: Picture, x: float, base: float, size_px: float, rng: np.random.Generator) -> None:
    """A slide with its ladder."""
    bright, dark = shade_of(COLOUR_NAMES[int(rng.integers(5))], rng).tolist(), rgb(92).tolist()
    thick = max(2, int(size_px * 0.05))

    def at(a: float, b: float) -> tuple[int, int]:
        return int(x + a * size_px), int(base - b * size_px)

    for a in (-0.3, -0.05):
        cv2.line(picture, at(a, 0), at(a, 1), dark, thick, cv2.LINE_AA)
    for b in (0.2, 0.4, 0.6, 0.8):
        cv2.line(picture, at(-0.3, b), at(-0.05, b), dark, thick // 2 + 1, cv2.LINE_AA)
    cv2.line(picture, at(-0.02, 0.95), at(1, 0.05), bright, thick * 4, cv2.LINE_AA)


def swing(picture: Picture, x: float, base: float, size_px: float, rng: np.random.Generator) -> None:
    """A frame with two swings."""
    bright = shade_of(COLOUR_NAMES[int(rng.integers(5))], rng).tolist()

    def at(a: float, b: float) -> tuple[int, int]:
        return int(x + a * size_px), int(base - b * size_px)

    for a in (0.0, 1.1):
        for lean in (-0.18, 0.18):
            cv2.line(picture, at(a + lean, 0), at(a, 1), bright, 3, cv2.LINE_AA)
    cv2.line(picture, at(0, 1), at(1.1, 1), bright, 3, cv2.LINE_AA)
    for a in (0.3, 0.72):
        for side in (0.0, 0.14):
            cv2.line(picture, at(a + side, 1), at(a + side, 0.3), (70, 70, 70), 1, cv2.LINE_AA)
        cv2.line(picture, at(a, 0.3), at(a + 0.14, 0.3), (60, 50, 44), 3, cv2.LINE_AA)


def climber(picture: Picture, x: float, base: float, size_px: float, rng: np.random.Generator) -> None:
    """A climbing frame."""
    colours = [shade_of(COLOUR_NAMES[int(rng.integers(5))], rng).tolist() for _ in range(2)]
    for step in np.linspace(0, 1, 5):
        across, up = int(x + step * size_px), int(base - step * size_px)
        cv2.line(picture, (across, int(base)), (across, int(base - size_px)), colours[0], 2, cv2.LINE_AA)
        cv2.line(picture, (int(x), up), (int(x + size_px), up), colours[1], 2, cv2.LINE_AA)


PLAYTHINGS = (slide, swing, climber)
