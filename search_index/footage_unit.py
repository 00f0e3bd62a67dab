"""What is committed: one unit of footage (about a minute) with its rows and their vectors."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

FRAME = "frame"
CROP = "crop"


class Box(msgspec.Struct, frozen=True):
    """A part of the picture, in pixels of the shown (rotated) frame: left, top, width, height."""

    x: int
    y: int
    width: int
    height: int


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One vector's place in the world. `at_us` is the frame it was made of, and all of [from_us, to_us], both
    inclusive, shows the same: within that a search finds it."""

    kind: str  # FRAME or CROP
    from_us: int
    to_us: int
    at_us: int
    pts: int  # of that frame, in the stream's time base
    box: Box  # the whole picture for a FRAME
    thumbnail: bytes  # JPEG, faces filled


class RowPlace(msgspec.Struct, frozen=True):
    """What a row is of: a footage, and an instant of it."""

    footage: str
    at_us: int


class FootageUnit(msgspec.Struct, frozen=True, kw_only=True):
    """A pure function of footage, manifest and pipeline configuration: any worker makes the same one."""

    footage: str  # SHA-256 of the file, hex
    camera: str
    number: int  # from 0, in order of time
    generation: str  # Manifest.digest() of the encoder
    pipeline: str  # digest of the pipeline's configuration
    fence: int  # version of the claim under which it was made: an older claim never overwrites a newer one
    from_us: int
    to_us: int
    covered: tuple[tuple[int, int], ...]  # [from_us, to_us) that were really looked at; the rest are gaps
    rows: tuple[Row, ...]
    vectors: NDArray[np.float32]  # (len(rows), dimension)
