"""Where a camera that shakes or was pushed looked, frame by frame: shifts of the small copies against each other.

Shifts are tried out, coarse ones first, and the one that leaves the least difference wins. Each pixel's difference
counts up to a cap, so that what moves in the picture is outvoted by what stands, also where little of it has any
texture; phase correlation erred there by 8 to 100 px on the real clips, shaken. Turning and zooming are not undone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]  # (height, width, 3), RGB, small
Shift = tuple[float, float]  # pixels to the right and down by which a picture lies off its place

_ROUND = tuple(shift for shift in product((-2, 0, 2), repeat=2) if shift != (0, 0))  # in the coarse copy
_REACH_PX = 6  # in the coarse copy, half as large
_SIDE_PX_MIN = 64  # of a small copy; of no rest at all OpenCV reads beyond the end
_CAP_LEVELS = 20  # of 255
_CLOSER = 0.75  # a shift must leave less than this of the difference
_STANDS = 0.5  # so much less than any shift round it leaves no shift: of the real clips' moved frames, none under .6
_FRAMES_MAX = 15  # of which the usual picture is made


def shifts(frames: Sequence[Picture]) -> list[Shift]:
    """How far each frame lies off where most of them are; (0, 0) where it lies there, or where that cannot be told:
    where little is left of a picture once the rim is taken off that a shift would hide."""
    if min(frames[0].shape[:2]) < _SIDE_PX_MIN:
        return [(0.0, 0.0)] * len(frames)
    edges = [_edges(frame) for frame in frames]
    some = edges[:: max(1, len(edges) // _FRAMES_MAX)]
    blurred = _usual(some)
    sharp = min(some, key=lambda one: _difference(one, blurred))
    usual = _usual([put_back(one, _shift(one, sharp)) for one in some])
    return [_shift(one, usual) for one in edges]


def _usual(edges: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    return np.asarray(np.median(np.stack(edges), axis=0), np.uint8)


def put_back(frame: NDArray[np.uint8], shift: Shift) -> NDArray[np.uint8]:
    """The frame as a camera that kept still would have seen it; what it did not see is its nearest edge."""
    if shift == (0.0, 0.0):
        return frame
    matrix = np.array([[1, 0, -shift[0]], [0, 1, -shift[1]]], np.float32)
    size = frame.shape[1], frame.shape[0]
    return np.asarray(cv2.warpAffine(frame, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


def _edges(frame: Picture) -> NDArray[np.uint8]:
    """What differs in brightness from its surroundings, about 128: exposure and even areas say nothing of place."""
    grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.addWeighted(grey, 1, cv2.GaussianBlur(grey, (0, 0), 4), -1, 128))


def _difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    return float(cv2.mean(cv2.min(cv2.absdiff(one, other), _CAP_LEVELS))[0])


def _shift(one: NDArray[np.uint8], usual: NDArray[np.uint8]) -> Shift:
    reach = range(-_REACH_PX, _REACH_PX + 1)
    coarse = _trial(_half(one), _half(usual), _REACH_PX)
    if coarse(0, 0) < _STANDS * min(coarse(*shift) for shift in _ROUND):  # it stands: the search would find as much
        return 0.0, 0.0
    across, down = min(product(reach, reach), key=lambda shift: (coarse(*shift), abs(shift[0]) + abs(shift[1])))
    fine = _trial(one, usual, 2 * _REACH_PX + 2)
    near = product(range(2 * across - 1, 2 * across + 2), range(2 * down - 1, 2 * down + 2))
    best = min(near, key=lambda shift: (fine(*shift), abs(shift[0]) + abs(shift[1])))
    at_edge = max(map(abs, best)) > 2 * _REACH_PX
    if best == (0, 0) or at_edge or fine(*best) > _CLOSER * fine(0, 0):
        return 0.0, 0.0
    x, y = best
    least = fine(x, y)
    return x + _between(fine(x - 1, y), least, fine(x + 1, y)), y + _between(fine(x, y - 1), least, fine(x, y + 1))


def _half(edges: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.resize(edges, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))


def _trial(one: NDArray[np.uint8], usual: NDArray[np.uint8], reach: int) -> Callable[[int, int], float]:
    """What difference a shift leaves between the pictures, the rim left out that not every shift shows."""
    height, width = usual.shape
    inner = usual[reach : height - reach, reach : width - reach]

    def left(across: int, down: int) -> float:
        moved = one[reach + down : height - reach + down, reach + across : width - reach + across]
        return _difference(moved, inner)

    return left


def _between(before: float, least: float, after: float) -> float:
    """Where the lowest point of a parabola through three values a pixel apart lies, from the middle one."""
    bend = before - 2 * least + after
    return 0.5 * (before - after) / bend if bend > 0 else 0.0
