"""The only faiss import: the rows nearest to a query among ranges of fp16 rows, approximately, with an error bound.

The codes of faiss's fp16 scalar quantiser are the stored rows themselves, so a mapped segment is scanned where it
lies. One heap is shared by all ranges of all segments: a small range costs one call and no merging.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, NamedTuple

import faiss
import numpy as np
from numpy.typing import NDArray

Ranges = NDArray[np.int64]  # (n, 2): [first, end) positions in a segment, ascending, disjoint

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
    number = 0
    for vectors, ranges in parts:
        codes = vectors.view(np.uint8)
        for first, end in ranges.tolist():
            scanner.set_list(number, 0.0)
            scanner.scan_codes(end - first, faiss.swig_ptr(codes[first:end]), None, *heap)
            number += 1
    found = labels >= 0
    place, offset = labels[found] >> 32, labels[found] & 0xFFFFFFFF  # faiss's pair of list number and offset
    part = np.repeat(np.arange(len(parts)), [len(ranges) for _, ranges in parts])
    firsts = np.concatenate([ranges[:, 0] for _, ranges in parts]) if parts else np.empty(0, np.int64)
    return Nearest(part[place], firsts[place] + offset, scores[found])


def _scanner(dimension: int) -> Any:
    """This thread's scanner, kept because it holds the current query and SWIG does not free a dropped one."""
    kept: dict[int, tuple[Any, ...]] = _threads.__dict__.setdefault("scanners", {})
    if dimension not in kept:
        quantiser: Any = faiss.ScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16)
        coarse = faiss.IndexFlatIP(dimension)
        scanner = quantiser.select_InvertedListScanner(faiss.METRIC_INNER_PRODUCT, coarse, True, None, False)
        kept[dimension] = (scanner, quantiser, coarse)
    return kept[dimension][0]
