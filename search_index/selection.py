"""A scope made ready for segments: its cameras, and its intervals merged and in order."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from search_index.scope import Interval, Scope

Ranges = NDArray[np.int64]  # (n, 2): [first, end) positions in a segment, ascending, disjoint
Instants = NDArray[np.int64]  # (n,), microseconds of UTC

_LOWEST, _HIGHEST = -(2**63), 2**63 - 1  # beyond all rows: `search_index.admission`
_REPRESENTABLE = Interval(_LOWEST, _HIGHEST)


class Selection:
    """`bounds_us` (n, 2) holds [from, to), ascending and disjoint: the rows that meet one of them are selected."""

    def __init__(self, cameras: frozenset[str], intervals: tuple[Interval, ...]) -> None:
        self.cameras, self.intervals = cameras, intervals
        starts, ends = [each.from_us for each in intervals], [each.to_us for each in intervals]
        self._starts: NDArray[np.int64] = np.array([*starts, _HIGHEST], np.int64)
        self._ends: NDArray[np.int64] = np.array([_LOWEST + 1, *ends], np.int64)
        self.bounds_us = _paired(self._starts[:-1], self._ends[1:])

    @classmethod
    def of(cls, scope: Scope) -> Selection:
        return cls(scope.cameras, overlap(merged(scope.intervals), (_REPRESENTABLE,)))

    def near(self, camera: str, at_us: int, reach_us: int) -> Selection:
        """What of this selection lies on one camera at most `reach_us` from an instant."""
        reach = (Interval(at_us - reach_us, at_us + reach_us + 1),)
        return Selection(self.cameras & {camera}, overlap(self.intervals, reach))

    def touches(self, camera: str, from_us: int, to_us: int) -> bool:
        """Whether any instant of [from_us, to_us] on a camera is selected."""
        return camera in self.cameras and any(i.from_us <= to_us and from_us < i.to_us for i in self.intervals)

    def widened(self, before_us: int, after_us: int) -> NDArray[np.int64]:
        """`bounds_us` (n, 2), each interval longer by this much; they may overlap then."""
        starts = np.maximum(self._starts[:-1], _LOWEST + before_us) - before_us
        return _paired(starts, np.minimum(self._ends[1:], _HIGHEST - after_us) + after_us)

    def meet(self, from_us: Instants, to_us: Instants) -> NDArray[np.bool_]:
        """Which spans [from_us, to_us], both inclusive, have an instant in an interval."""
        following = self._ends[1:].searchsorted(from_us, side="right")  # the first interval not over before the span
        return self._starts[following] <= to_us

    def instants(self, at_us: Instants, from_us: Instants, to_us: Instants) -> Instants:
        """The instants in scope of rows that meet an interval: step 2 of `search_index.moments`."""
        following = self._ends[1:].searchsorted(at_us, side="right")
        later = np.maximum(self._starts[following], at_us)
        if (later == at_us).all():
            return at_us
        earlier = self._ends[following] - 1
        # where no interval lies to one side, its difference may overflow, and what it is compared with decides
        back = (earlier >= from_us) & ((later > to_us) | (at_us - earlier <= later - at_us))
        return np.where((later > at_us) & back, earlier, later)

    def cut(self, instants: Instants, from_us: Instants, to_us: Instants) -> NDArray[np.int64]:
        """Spans (n, 2) of selected rows: [from_us, to_us] cut to the interval that holds the instant in scope."""
        holding = self._starts[:-1].searchsorted(instants, side="right")
        return _paired(np.maximum(from_us, self._starts[holding - 1]), np.minimum(to_us, self._ends[holding]))

    def cameras_among(self, known: Collection[str]) -> Iterator[str]:
        """The selected cameras that are known, ascending."""
        return iter(sorted(self.cameras.intersection(known)))


def merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same instants as disjoint intervals in order; empty ones vanish."""
    found: list[Interval] = []
    for interval in sorted(intervals, key=lambda i: i.from_us):
        if interval.from_us >= interval.to_us:
            continue
        if found and interval.from_us <= found[-1].to_us:
            found[-1] = Interval(found[-1].from_us, max(found[-1].to_us, interval.to_us))
        else:
            found.append(interval)
    return tuple(found)


def overlap(ones: Sequence[Interval], others: Sequence[Interval]) -> tuple[Interval, ...]:
    """What two sets of instants share, both given as disjoint intervals in order.

    It goes through the shorter list; intervals of the longer one that lie within are taken over in one piece.
    """
    few, many = sorted((ones, others), key=len)
    found: list[Interval] = []
    for span in few:
        first = bisect_right(many, span.from_us, key=_end)
        end = bisect_left(many, span.to_us, key=_start)
        shared = list(many[first:end])
        for place in {0, -1} if shared else ():
            edge = shared[place]
            shared[place] = Interval(max(edge.from_us, span.from_us), min(edge.to_us, span.to_us))
        found += shared
    return tuple(found)


def joined(ranges: NDArray[np.int64]) -> Ranges:
    """[first, end) ranges (n, 2) with both ends ascending, which may be empty, touch or overlap: what does, is one."""
    ranges = ranges[ranges[:, 0] < ranges[:, 1]]
    if len(ranges) < 2:
        return ranges
    apart = ranges[1:, 0] > ranges[:-1, 1]
    first = np.concatenate(([True], apart))
    last = np.concatenate((apart, [True]))
    return _paired(ranges[first, 0], ranges[last, 1])


def less(ones: Ranges, others: Ranges) -> Ranges:
    """The positions of the ones that are in none of the others, which all lie within the ones."""
    edges = np.sort(np.concatenate((ones.ravel(), others.ravel()))).reshape(-1, 2)
    return edges[edges[:, 0] < edges[:, 1]]


def with_single(ranges: Ranges, positions: NDArray[np.int64]) -> Ranges:
    """Ranges and single positions that lie in none of them."""
    if not len(positions):
        return ranges
    every = np.concatenate((ranges, _paired(positions, positions + 1)))
    return joined(every[every[:, 0].argsort()])


def positions_in(ranges: Ranges) -> NDArray[np.int64]:
    """Each position, ascending."""
    lengths = ranges[:, 1] - ranges[:, 0]
    before = np.cumsum(lengths) - lengths
    return np.repeat(ranges[:, 0] - before, lengths) + np.arange(lengths.sum())


def without(ranges: Ranges, positions: NDArray[np.int64]) -> Ranges:
    """Ranges less single positions (ascending)."""
    if not len(ranges) or not len(positions):
        return ranges
    within = ranges[:, 0].searchsorted(positions, side="right") - 1
    cuts = positions[(within >= 0) & (positions < ranges[within, 1])]
    starts = np.sort(np.concatenate((ranges[:, 0], cuts + 1)))
    ends = np.sort(np.concatenate((ranges[:, 1], cuts)))
    left = np.stack((starts, ends), axis=1)
    return left[starts < ends]


def _paired(firsts: NDArray[np.int64], seconds: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.array((firsts, seconds)).T


def _start(span: Interval) -> int:
    return span.from_us


def _end(span: Interval) -> int:
    return span.to_us
