"""What both implementations of the index refuse at the door."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from search_index.encoder import Manifest
from search_index.errors import InvalidQuery, InvalidUnit, ManifestMismatch
from search_index.footage_unit import CROP, FRAME, FootageUnit, Row

_LENGTH_TOLERANCE = 1e-3  # of a unit vector that was computed in fp32, or in bf16 and then scaled
_BEYOND = 2**62


def check_unit(unit: FootageUnit, manifest: Manifest) -> None:
    """Raises search_index.errors.ManifestMismatch or search_index.errors.InvalidUnit."""
    if unit.generation != manifest.digest():
        raise ManifestMismatch(expected=manifest.digest(), found=unit.generation)
    fault = (
        _vectors_fault(unit.vectors, len(unit.rows), manifest.dimension)
        or _unit_fault(unit)
        or next((f"row {place}: {fault}" for place, row in enumerate(unit.rows) if (fault := _row_fault(row))), None)
    )
    if fault:
        raise InvalidUnit(f"unit {unit.number} of footage {unit.footage}: {fault}")


def check_query(query: NDArray[np.float32], dimension: int, moments_max: int) -> None:
    """Raises search_index.errors.InvalidQuery."""
    fault = _vectors_fault(query[np.newaxis] if isinstance(query, np.ndarray) else query, 1, dimension)
    if fault:
        raise InvalidQuery(f"query: {fault}")
    if moments_max < 1:
        raise InvalidQuery(f"moments_max is {moments_max}; ask for at least 1")


def _vectors_fault(vectors: object, count: int, dimension: int) -> str | None:
    if not isinstance(vectors, np.ndarray) or vectors.dtype != np.float32:
        kind = getattr(vectors, "dtype", type(vectors).__name__)
        return f"vectors are {kind}; give a NumPy array of float32"
    if vectors.shape != (count, dimension):
        return f"vectors have shape {vectors.shape}; give {(count, dimension)}, one row a vector"
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64))
    if not np.isfinite(lengths).all():
        return f"vector {int(np.argmin(np.isfinite(lengths)))} is not finite; drop its picture"
    if len(wrong := np.flatnonzero(np.abs(lengths - 1) > _LENGTH_TOLERANCE)):
        return f"vector {wrong[0]} has length {lengths[wrong[0]]:.4f}; scale it to length 1"
    return None


def _unit_fault(unit: FootageUnit) -> str | None:
    if not unit.footage or not unit.camera:
        return "footage or camera is empty; name both"
    if unit.number < 0 or unit.fence < 0:
        return f"number is {unit.number} and fence is {unit.fence}; both count from 0"
    if max(abs(unit.from_us), abs(unit.to_us)) >= _BEYOND:
        return f"from {unit.from_us} to {unit.to_us} does not fit 63 bits; give microseconds of UTC"
    edges = [unit.from_us, *(edge for span in unit.covered for edge in span), unit.to_us]
    if any(edge > following for edge, following in pairwise(edges)):
        return f"from {unit.from_us}, covered {unit.covered}, to {unit.to_us} are not in order of time"
    return None


def _row_fault(row: Row) -> str | None:
    if row.kind not in (FRAME, CROP):
        return f"kind is {row.kind!r}; it is {FRAME!r} or {CROP!r}"
    if not row.from_us <= row.at_us <= row.to_us:
        return f"at_us {row.at_us} lies outside from_us {row.from_us} to to_us {row.to_us}"
    if max(abs(row.from_us), abs(row.to_us), abs(row.pts)) >= _BEYOND:
        return f"from_us {row.from_us}, to_us {row.to_us} or pts {row.pts} does not fit 63 bits"
    if not (0 < row.box.width < 2**31 and 0 < row.box.height < 2**31):
        return f"box is {row.box}; its width and height are positive"
    if not (-(2**31) <= row.box.x < 2**31 and -(2**31) <= row.box.y < 2**31):
        return f"box is {row.box}; its place does not fit 32 bits"
    if len(row.thumbnail) >= 2**31:
        return f"thumbnail has {len(row.thumbnail)} bytes; make it smaller than 2 GiB"
    return None
