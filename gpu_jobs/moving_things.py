"""What moves in a window of small frames, wherever the camera looked in each of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gpu_jobs.motion import Differences, Motion, background
from gpu_jobs.registration import put_back, shifts
from search_index.footage_unit import Box


class MovingThings:
    """Of frames (height, width, 3) in order of time, all of one size."""

    def __init__(self, window: Sequence[NDArray[np.uint8]], settings: Motion) -> None:
        self._shifts = shifts(window)
        self._frames = [put_back(frame, shift) for frame, shift in zip(window, self._shifts, strict=True)]
        self._differences = Differences(background(self._frames, settings), settings)

    def figures(self, index: int, size: tuple[int, int]) -> tuple[tuple[Box, ...], tuple[Box, ...]]:
        """As `gpu_jobs.motion.Differences.figures` of one frame of the window, where that frame shows them."""
        return self._differences.figures(self._frames[index], size, self._shifts[index])
