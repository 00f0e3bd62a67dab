"""The small JPEG beside every row. Its settings are fixed: equal pictures give equal bytes."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_jobs.geometry import scaled

BYTES_MAX = 12 << 10
SIDE_PX_MAX = 320
_QUALITY = (int(cv2.IMWRITE_JPEG_QUALITY), 80)


def thumbnail(picture: NDArray[np.uint8]) -> bytes:
    """A JPEG of at most 12 KiB of a picture (height, width, 3), RGB, no side longer than 320 px."""
    side = SIDE_PX_MAX
    while True:
        small = _within(picture, side)
        done, jpeg = cv2.imencode(".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), _QUALITY)
        if not done:
            raise ValueError(f"a picture of shape {picture.shape} cannot become a JPEG")
        if len(jpeg) <= BYTES_MAX:
            return bytes(jpeg)
        side = side * 4 // 5


def _within(picture: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    size = scaled(picture.shape[1], picture.shape[0], side)
    if size == (picture.shape[1], picture.shape[0]):
        return picture
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
