"""The only faiss import: the rows nearest to a query among ranges of fp16 rows, approximately, with an error bound.

The codes of faiss's fp16 scalar quantiser are the stored rows themselves, so a mapped segment is scanned where it
lies. One heap is shared by all ranges of all segments: a range costs one call and no merging.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import faiss
import numpy as np
from numpy.typing import NDArray

from search_index.selection import Ranges, positions_in

_SHORT_BYTES = 6144  # copying so much takes about as long as the call that is saved
_COPIED_ROWS = 16_384

_threads = threading.local()


class Nearest(NamedTuple):
    """Rows found, in no order: which part, which position in it, and its fp32 score."""

    part: NDArray[np.int64]
    position: NDArray[np.int64]
    score: NDArray[np.float32]


def error_bound(dimension: int) -> float:
    """How far a scanned score of unit vectors may lie from the true one rounded to 1e-6.

    An fp32 sum of d products errs by at most d · 2^-24 · |q| · |x| (Higham, Accuracy and Stability, §3.1), whatever
    its order; 5 % cover the lengths that are admitted, 1e-6 the rounding.
    """
    return 1.05 * dimension * 2.0**-24 + 1e-6


def nearest(query: NDArray[np.float32], parts: Sequence[tuple[NDArray[np.float16], Ranges]], fetch: int) -> Nearest:
    """The `fetch` rows (or all, where there are fewer) with the greatest fp32 scores in the ranges of the parts."""
    query = np.ascontiguousarray(query)
    scores = np.full(fetch, -np.inf, np.float32)
    labels = np.full(fetch, -1, np.int64)
    scanner = _scanner(query.size)
    scanner.set_query(faiss.swig_ptr(query))
    heap = (faiss.swig_ptr(scores), faiss.swig_ptr(labels), fetch)
    owner: list[int] = []  # of each list that is scanned: its part, and the position of its first row
    start: list[int] = []
    copied: dict[int, NDArray[np.int64]] = {}  # or the positions of all its rows
    for part, (vectors, ranges) in enumerate(parts):
        codes = vectors.view(np.uint8)
        short = (ranges[:, 1] - ranges[:, 0]) * codes.shape[1] <= _SHORT_BYTES
        for first, end in ranges[~short].tolist():
            scanner.set_list(len(owner), 0.0)
            scanner.scan_codes(end - first, faiss.swig_ptr(codes[first:end]), None, *heap)
            owner.append(part)
            start.append(first)
        for positions in _copies(ranges[short]):
            rows = codes.take(positions, axis=0)  # named, because a pointer does not keep it alive
            scanner.set_list(len(owner), 0.0)
            scanner.scan_codes(len(positions), faiss.swig_ptr(rows), None, *heap)
            copied[len(owner)] = positions
            owner.append(part)
            start.append(0)
    found = labels >= 0
    number, position = labels[found] >> 32, labels[found] & 0xFFFFFFFF  # faiss's pair of list number and offset
    for copy, positions in copied.items():
        position[number == copy] = positions[position[number == copy]]
    return Nearest(np.array(owner, np.int64)[number], np.array(start, np.int64)[number] + position, scores[found])


def _copies(ranges: Ranges) -> Iterator[NDArray[np.int64]]:
    """The positions in many small ranges, in pieces: copying a few rows costs less than a call for them."""
    positions = positions_in(ranges)
    for first in range(0, len(positions), _COPIED_ROWS):
        yield positions[first : first + _COPIED_ROWS]


def _scanner(dimension: int) -> Any:
    """This thread's scanner, kept because it holds the current query and SWIG does not free a dropped one."""
    kept: dict[int, tuple[Any, ...]] = _threads.__dict__.setdefault("scanners", {})
    if dimension not in kept:
        quantiser: Any = faiss.ScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16)
        coarse = faiss.IndexFlatIP(dimension)
        scanner = quantiser.select_InvertedListScanner(faiss.METRIC_INNER_PRODUCT, coarse, True, None, False)
        kept[dimension] = (scanner, quantiser, coarse)
    return kept[dimension][0]
