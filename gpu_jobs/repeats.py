"""What shows the same as a picture shortly before: it is not embedded again, the earlier picture's time goes on.

A run is measured against its first picture, the anchor, never against the one before: what changes slowly ends it. The
measure is the means of a grid of cells over the anchor's place; where every cell is as it was, a model sees no more.
"""

from __future__ import annotations

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from gpu_jobs.geometry import cut, overlap_share
from search_index.footage_unit import Box


class Repeats(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    cells: int = 16  # a side
    differ_levels: int = 12  # of 255: a cell whose mean differs by more shows something else; 0 merges nothing
    overlap_min: float = 0.7  # of two boxes, intersection over union: less is another place

    def __post_init__(self) -> None:
        if not 2 <= self.cells <= 64:
            raise ValueError(f"cells: {self.cells} is not within 2 and 64")
        if not 0 <= self.differ_levels <= 255:
            raise ValueError(f"differ_levels: {self.differ_levels} is not within 0 and 255")


class _Run(msgspec.Struct):
    place: int  # of the anchor among the unit's pictures
    box: Box
    cells: NDArray[np.int16]
    until_us: int
    latest_us: int


class Runs:
    """The runs of one unit that may still go on. Boxes are in pixels of the frames."""

    def __init__(self, settings: Repeats) -> None:
        self._settings = settings
        self._runs: list[_Run] = []

    def begin(self, place: int, frame: NDArray[np.uint8], box: Box, at_us: int, until_us: int) -> None:
        """The picture at `place` is an anchor until `until_us` at most."""
        self._runs.append(_Run(place, box, self._cells(frame, box), until_us, at_us))

    def goes_on(self, frame: NDArray[np.uint8], box: Box, before_us: int, at_us: int) -> int | None:
        """The place of the anchor that this frame repeats in the box, having been seen at `before_us` as well."""
        self._runs = [run for run in self._runs if run.latest_us >= before_us]
        for run in self._runs:
            if (
                run.latest_us == at_us
                or at_us >= run.until_us
                or overlap_share(run.box, box) < self._settings.overlap_min
            ):
                continue
            if np.abs(self._cells(frame, run.box) - run.cells).max() < self._settings.differ_levels:
                run.latest_us = at_us
                return run.place
        return None

    def _cells(self, frame: NDArray[np.uint8], box: Box) -> NDArray[np.int16]:
        side = self._settings.cells
        return np.asarray(cv2.resize(cut(frame, box), (side, side), interpolation=cv2.INTER_AREA), np.int16)
