"""A counter of milliseconds drawn into a picture, and read from what became of it on its way through a codec."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

COLUMNS, ROWS = 8, 4  # 24 bits of time and 8 of its checksum, a block each
_CONTRAST_MIN = 60  # of 255, between the darkest and the lightest block: less is no counter


def drawn(at_ms: int, size: tuple[int, int]) -> NDArray[np.uint8]:
    """A picture (height, width, 3), RGB, of nothing but the counter: a white block is a one."""
    width, height = size
    bits = np.unpackbits(np.frombuffer(_word(at_ms), np.uint8)).reshape(ROWS, COLUMNS)
    rows, columns = np.arange(height) * ROWS // height, np.arange(width) * COLUMNS // width
    grey = (20 + 215 * bits[np.ix_(rows, columns)]).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


def read(image: NDArray[np.uint8]) -> int | None:
    """The milliseconds that a picture shows; None where it shows no whole counter, upright."""
    height, width = image.shape[:2]
    grey = image.mean(axis=2)
    blocks = np.empty((ROWS, COLUMNS))
    for row in range(ROWS):
        for column in range(COLUMNS):
            top, left = (2 * row + 1) * height // (2 * ROWS), (2 * column + 1) * width // (2 * COLUMNS)
            blocks[row, column] = grey[max(0, top - 1) : top + 2, max(0, left - 1) : left + 2].mean()
    if blocks.max() - blocks.min() < _CONTRAST_MIN:
        return None
    word = np.packbits((blocks > (blocks.max() + blocks.min()) / 2).reshape(-1)).tobytes()
    at_ms = int.from_bytes(word[:3])
    return at_ms if _word(at_ms) == word else None


def _word(at_ms: int) -> bytes:
    content = (at_ms % (1 << 24)).to_bytes(3)
    return content + bytes([(content[0] * 7 + content[1] * 31 + content[2] * 101 + 0x5A) % 256])
