"""The only faiss import: the rows nearest to a query among ranges of fp16 rows, approximately, with an error bound.

The codes of faiss's fp16 scalar quantiser are the stored rows themselves, so a mapped segment is scanned where it
lies. One heap is shared by all ranges of all segments, and a scope of many ranges is scanned in the cheapest of three
ways: a call for each; a copy of what is short; or one call over the whole stretch with a bitmap of what is in scope.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import faiss
import numpy as np
from numpy.typing import NDArray

from search_index.selection import Ranges, positions_in

# What things cost, in rows that are skipped by a bitmap (about 3 ns each), measured at 512 dimensions.
_CALL_COSTS = 1600
_COPIED_BYTE_COSTS = 0.1
_SHORT_BYTES = 6144  # a range so short is copied: that takes about as long as the call that is saved
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
    heap = _Heap(np.ascontiguousarray(query), fetch)
    for part, (vectors, ranges) in enumerate(parts):
        codes = vectors.view(np.uint8)
        lengths = ranges[:, 1] - ranges[:, 0]
        short = lengths * codes.shape[1] <= _SHORT_BYTES
        price = (~short).sum() * _CALL_COSTS + lengths[short].sum() * codes.shape[1] * _COPIED_BYTE_COSTS
        if len(ranges) and price > ranges[-1, 1] - ranges[0, 0]:
            heap.scan_selected(part, codes, ranges)
            continue
        for first, end in ranges[~short].tolist():
            heap.scan(part, codes[first:end], first)
        for positions in _pieces(positions_in(ranges[short])):
            heap.scan_copied(part, codes, positions)
    return heap.found()


class _Heap:
    """The best rows so far. faiss labels each by the number of the list it was found in and its offset there."""

    def __init__(self, query: NDArray[np.float32], fetch: int) -> None:
        self._query = query  # scanners hold a pointer to it, which does not keep it alive
        self._scores = np.full(fetch, -np.inf, np.float32)
        self._labels = np.full(fetch, -1, np.int64)
        self._heap = (faiss.swig_ptr(self._scores), faiss.swig_ptr(self._labels), fetch)
        self._scanner = _scanner(query.size)
        self._scanner.set_query(faiss.swig_ptr(query))
        self._part: list[int] = [-1]  # of each list: its part (list 0 is none),
        self._first: list[int] = [-1]  # the position of its first row,
        self._copied: dict[int, NDArray[np.int64]] = {}  # or those of all its rows

    def scan(self, part: int, codes: NDArray[np.uint8], first: int) -> None:
        self._scanner.set_list(len(self._part), 0.0)
        self._scanner.scan_codes(len(codes), faiss.swig_ptr(codes), None, *self._heap)
        self._part.append(part)
        self._first.append(first)

    def scan_copied(self, part: int, codes: NDArray[np.uint8], positions: NDArray[np.int64]) -> None:
        self._copied[len(self._part)] = positions
        self.scan(part, codes.take(positions, axis=0), 0)  # the argument keeps the copy alive

    def scan_selected(self, part: int, codes: NDArray[np.uint8], ranges: Ranges) -> None:
        first, end = int(ranges[0, 0]), int(ranges[-1, 1])
        selected = np.zeros(end - first, bool)
        for start, stop in (ranges - first).tolist():
            selected[start:stop] = True
        bits = np.packbits(selected, bitorder="little")
        scanner = _scanner(self._query.size, selecting=True)
        selector = faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
        scanner.sel = selector  # used by this scan only; the next one sets its own
        scanner.set_query(faiss.swig_ptr(self._query))
        scanner.set_list(0, 0.0)  # the bitmap is asked for the whole label: right in list 0 only
        scanner.scan_codes(end - first, faiss.swig_ptr(codes[first:end]), None, *self._heap)
        self._labels[(self._labels >= 0) & (self._labels >> 32 == 0)] += len(self._part) << 32
        self._part.append(part)
        self._first.append(first)

    def found(self) -> Nearest:
        filled = self._labels >= 0
        number, position = self._labels[filled] >> 32, self._labels[filled] & 0xFFFFFFFF
        for copy, positions in self._copied.items():
            position[number == copy] = positions[position[number == copy]]
        position += np.array(self._first, np.int64)[number]
        return Nearest(np.array(self._part, np.int64)[number], position, self._scores[filled])


def _pieces(positions: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    for first in range(0, len(positions), _COPIED_ROWS):
        yield positions[first : first + _COPIED_ROWS]


def _scanner(dimension: int, *, selecting: bool = False) -> Any:
    """This thread's scanner: it holds the current query, and SWIG frees none that is dropped."""
    kept: dict[tuple[int, bool], tuple[Any, ...]] = _threads.__dict__.setdefault("scanners", {})
    if (dimension, selecting) not in kept:
        quantiser: Any = faiss.ScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16)
        coarse = faiss.IndexFlatIP(dimension)
        every = faiss.IDSelectorAll() if selecting else None  # whether there is one is compiled into the scanner
        scanner = quantiser.select_InvertedListScanner(faiss.METRIC_INNER_PRODUCT, coarse, True, every, False)
        kept[dimension, selecting] = (scanner, quantiser, coarse, every)
    return kept[dimension, selecting][0]
