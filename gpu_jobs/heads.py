"""Where heads are when nobody looks for faces: at the top of whatever stands upright.

A grown head is an eighth of the body, a small child's a fifth, and a camera from above makes the body shorter. So the
upper fifth is taken, and what silhouettes lose at the edge above it. People who touch are one thing to the background
model and stand at different heights: the top is sought in narrow strips, each from its own uppermost pixel.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search_index.footage_unit import Box

UPRIGHT = 1.0  # at least so many times as high as wide; two people side by side still are
_DOWN, _UP = 0.2, 0.12  # of the figure's height, below and above its top
_STRIP = 0.1  # of the figure's height: half a head


def heads_of(figure: Box, silhouette: NDArray[np.uint8]) -> tuple[Box, ...]:
    """What to fill of an upright figure, strip by strip, in a mask (height, width) of what differs; else nothing."""
    if figure.height < UPRIGHT * figure.width:
        return ()
    wide = max(2, round(figure.height * _STRIP))
    heads = []
    for left in range(figure.x, figure.x + figure.width, wide):
        right = min(left + wide, figure.x + figure.width)
        strip = silhouette[figure.y : figure.y + figure.height, left:right]
        rows = np.flatnonzero(strip.any(axis=1))
        if len(rows):
            heads.append(_region(left, right, figure.y + int(rows[0]), figure.height))
    return tuple(heads)


def head_of(figure: Box) -> tuple[Box, ...]:
    """The same of a box that somebody drew: the top of it is the top of the figure."""
    if figure.height < UPRIGHT * figure.width:
        return ()
    return (_region(figure.x, figure.x + figure.width, figure.y, figure.height),)


def _region(left: int, right: int, top: int, height: int) -> Box:
    start = max(0, top - max(1, round(height * _UP)))
    side = max(1, round(height * _STRIP / 2))  # silhouettes are narrower than heads
    return Box(max(0, left - side), start, right - left + 2 * side, top + max(1, round(height * _DOWN)) - start)


def within(heads: tuple[Box, ...], part: Box) -> tuple[Box, ...]:
    """The heads that a part of the picture shows, in pixels of that part."""
    shown = []
    for head in heads:
        left, top = max(head.x, part.x), max(head.y, part.y)
        right, bottom = min(head.x + head.width, part.x + part.width), min(head.y + head.height, part.y + part.height)
        if left < right and top < bottom:
            shown.append(Box(left - part.x, top - part.y, right - left, bottom - top))
    return tuple(shown)
