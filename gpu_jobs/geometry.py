"""Boxes in pictures. The crop round a thing is the same whether motion found it or a person drew it for a query."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search_index.footage_unit import Box

CONTEXT = 0.35  # of a thing's width and height, kept on every side of it
CROP_SIDE_PX_MIN = 32  # less is widened: there is nothing to see in fewer pixels


def scaled(width: int, height: int, side_px_max: int) -> tuple[int, int]:
    """The size of a picture made no longer than `side_px_max`, its proportions kept."""
    longer = max(width, height)
    if longer <= side_px_max:
        return width, height
    return max(1, round(width * side_px_max / longer)), max(1, round(height * side_px_max / longer))


def with_context(box: Box, width: int, height: int) -> Box:
    """The crop round the thing in `box`: with context on every side, within the picture of width × height."""
    left, right = _widened(box.x, box.width, width)
    top, bottom = _widened(box.y, box.height, height)
    return Box(left, top, right - left, bottom - top)


def _widened(start: int, length: int, most: int) -> tuple[int, int]:
    margin = max(round(length * CONTEXT), -(-(CROP_SIDE_PX_MIN - length) // 2))
    return max(0, start - margin), min(most, start + length + margin)


def tiles(width: int, height: int, across: int) -> list[Box]:
    """Overlapping parts that cover a picture, `across` of them in a row, about as high as wide; none for 0."""
    if not across:
        return []
    columns, rows = _spans(width, across), _spans(height, max(1, round(across * height / width)))
    return [Box(left, top, wide, high) for top, high in rows for left, wide in columns]


def _spans(length: int, count: int) -> list[tuple[int, int]]:
    """(start, length) of `count` equal stretches, each overlapping the next by a fifth."""
    one = min(length, -(-length * 5 // (4 * count + 1)))
    return [(place * (length - one) // max(1, count - 1), one) for place in range(count)]


def resized(box: Box, size: tuple[int, int], to: tuple[int, int]) -> Box:
    """The box in a picture of `size` (width, height), in a copy of that picture of another size."""
    across, down = to[0] / size[0], to[1] / size[1]
    left, top = round(box.x * across), round(box.y * down)
    right, bottom = round((box.x + box.width) * across), round((box.y + box.height) * down)
    return Box(left, top, max(1, right - left), max(1, bottom - top))


def overlap_share(one: Box, other: Box) -> float:
    """Intersection over union: 1 for the same box, 0 for boxes apart."""
    across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    common = max(0, across) * max(0, down)
    return common / (one.width * one.height + other.width * other.height - common)


def cut(image: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    """The part of a picture (height, width, 3) in the box: a view."""
    return image[box.y : box.y + box.height, box.x : box.x + box.width]
