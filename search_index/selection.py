"""A scope made ready for segments: its cameras, and its intervals merged and in order."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from search_index.scope import Interval, Scope

Ranges = NDArray[np.int64]  # (n, 2): [first, end) positions in a segment, ascending, disjoint

_REPRESENTABLE = Interval(-(2**63), 2**63 - 1)


class Selection:
    """`bounds_us` holds from, to, from, to …, ascending: the rows with `at_us` in [from, to) are selected."""

    def __init__(self, cameras: frozenset[str], intervals: tuple[Interval, ...]) -> None:
        self.cameras, self.intervals = cameras, intervals
        bounds = [bound for interval in intervals for bound in (interval.from_us, interval.to_us)]
        self.bounds_us: NDArray[np.int64] = np.array(bounds, np.int64)

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

    def cut(self, at_us: ArrayLike, from_us: ArrayLike, to_us: ArrayLike) -> NDArray[np.int64]:
        """Spans (n, 2) of selected rows: [from_us, to_us] cut to the interval that holds `at_us`."""
        start = self.bounds_us.searchsorted(at_us, side="right") - 1
        return np.stack(
            (np.maximum(from_us, self.bounds_us[start]), np.minimum(to_us, self.bounds_us[start + 1])), axis=-1
        )

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


def joined(ranges: Ranges) -> Ranges:
    """Without the empty ones; what touches becomes one."""
    ranges = ranges[ranges[:, 0] < ranges[:, 1]]
    if not len(ranges):
        return ranges
    apart = ranges[1:, 0] > ranges[:-1, 1]
    first = np.concatenate(([True], apart))
    last = np.concatenate((apart, [True]))
    return np.stack((ranges[first, 0], ranges[last, 1]), axis=1)


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


def _start(span: Interval) -> int:
    return span.from_us


def _end(span: Interval) -> int:
    return span.to_us
