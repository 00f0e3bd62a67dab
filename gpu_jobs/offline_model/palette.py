"""Colours as people name them, and how a lens and the weather bend them.

Every colour is RGB in 0..255 as float32 (3,), unless a name says otherwise.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Colour = NDArray[np.float32]

COLOURS: dict[str, tuple[int, int, int]] = {
    "red": (200, 30, 35),
    "orange": (236, 124, 24),
    "yellow": (236, 206, 46),
    "green": (42, 128, 62),
    "blue": (36, 72, 172),
    "purple": (114, 50, 142),
    "pink": (236, 134, 170),
    "brown": (106, 68, 42),
    "black": (24, 24, 27),
    "white": (234, 234, 231),
    "grey": (128, 130, 134),
}
COLOUR_NAMES = tuple(COLOURS)
GREY_LEVELS = {"black": (8, 46), "white": (198, 250), "grey": (88, 165)}
SKINS = ((236, 196, 166), (216, 166, 132), (172, 118, 82), (112, 77, 56), (241, 211, 187))
HAIRS = ((30, 25, 22), (72, 46, 30), (122, 86, 52), (192, 157, 97), (134, 132, 130))
DOG_COLOURS = ("brown", "black", "white", "grey", "orange")


def rgb(*levels: float) -> Colour:
    """A colour from one grey level or three levels."""
    return np.array(levels * 3 if len(levels) == 1 else levels, np.float32)


def shade_of(name: str, rng: np.random.Generator) -> Colour:
    """One of the many shades that people call `name`."""
    if name in GREY_LEVELS:
        low, high = GREY_LEVELS[name]
        return np.clip(rng.uniform(low, high) + rng.normal(0, 4, 3), 0, 255).astype(np.float32)
    unit = (np.array(COLOURS[name], np.float32) / 255)[None, None]
    hue, saturation, value = cv2.cvtColor(unit, cv2.COLOR_RGB2HSV)[0, 0]
    bent = np.array(
        [
            (hue + rng.normal(0, 5)) % 360,
            np.clip(saturation * rng.uniform(0.68, 1.12), 0, 1),
            np.clip(value * rng.uniform(0.65, 1.25), 0, 1),
        ],
        np.float32,
    )
    return np.asarray(cv2.cvtColor(bent[None, None], cv2.COLOR_HSV2RGB)[0, 0] * 255, np.float32)


def one_of(colours: tuple[tuple[int, int, int], ...], rng: np.random.Generator) -> Colour:
    """One of several fixed colours, a little lighter or darker."""
    base = np.array(colours[int(rng.integers(len(colours)))], np.float32)
    return np.asarray(np.clip(base * rng.uniform(0.8, 1.1), 0, 255), np.float32)


def any_grey(low: float, high: float, rng: np.random.Generator) -> Colour:
    """A nearly neutral colour between two grey levels."""
    return np.clip(rng.uniform(low, high) + rng.normal(0, 5, 3), 0, 255).astype(np.float32)
