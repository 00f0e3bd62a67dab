"""The score of a row (decision 7): the dot product of query and stored fp16 row, in millionths.

Every product of an fp32 and an fp16 number is exact in fp64, so only the order of the sum could change the result.
It does not: a sum that lies at a rounding edge is taken again with `math.fsum`, which rounds the true sum once.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

MILLION = 1_000_000
_EDGE = 1e-5  # in millionths; the fp64 sum of 4,096 terms of unit vectors errs by less than 1e-6 of a millionth
_CHUNK_ROWS = 8192


def millionths(rows: NDArray[np.float16], query: NDArray[np.float32]) -> NDArray[np.int64]:
    """Scores (n,) of rows (n, dimension) for a query (dimension,), rounded half to even."""
    exact = np.empty(len(rows), np.int64)
    wide = query.astype(np.float64)
    for start in range(0, len(rows), _CHUNK_ROWS):
        chunk = rows[start : start + _CHUNK_ROWS].astype(np.float64)
        scaled = (chunk @ wide) * MILLION
        rounded = np.rint(scaled)
        for place in np.flatnonzero(np.abs(scaled - rounded) > 0.5 - _EDGE):
            rounded[place] = round(math.fsum(chunk[place] * wide) * MILLION)
        exact[start : start + len(chunk)] = rounded
    return exact
