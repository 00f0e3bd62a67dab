"""When a frame was: integer timestamps of the stream, anchored to UTC. Never an index divided by a rate.

On footage of varying rate, index / rate was measured up to 9.97 s off; timestamps at most half a millisecond.
"""

from __future__ import annotations

import msgspec

MICROSECONDS = 1_000_000


class TimeBase(msgspec.Struct, frozen=True):
    """Seconds that one step of a timestamp (PTS) is worth, as a fraction."""

    numerator: int
    denominator: int

    def us(self, steps: int) -> int:
        """Whole microseconds (rounded down) of a number of steps."""
        return steps * self.numerator * MICROSECONDS // self.denominator

    def steps(self, us: int) -> int:
        """Steps (rounded down) in a number of microseconds."""
        return us * self.denominator // (self.numerator * MICROSECONDS)


class Anchor(msgspec.Struct, frozen=True):
    """Where a stream's timestamps lie in UTC: `start_pts` was at `recorded_at_us`."""

    time_base: TimeBase
    start_pts: int
    recorded_at_us: int

    def at_us(self, pts: int) -> int:
        return self.recorded_at_us + self.time_base.us(pts - self.start_pts)


class Order:
    """Admits frames in order of time, and counts those that cannot be placed in it.

    A frame without a timestamp (`missing`) or not later than the one before (`backward`) has no honest place in
    time: it is not used, and the time without frames that it leaves shows up as a gap.
    """

    def __init__(self) -> None:
        self.missing = self.backward = 0
        self._last: int | None = None

    def admit(self, pts: int | None) -> int | None:
        """The timestamp to use for this frame, or None where the frame has none."""
        if pts is None:
            self.missing += 1
            return None
        if self._last is not None and pts <= self._last:
            self.backward += 1
            return None
        self._last = pts
        return pts


class Gaps:
    """Stretches longer than `gap_steps` without a timestamp, as (from, to) in steps."""

    def __init__(self, gap_steps: int) -> None:
        self._gap_steps = gap_steps
        self._latest: int | None = None
        self._found: list[tuple[int, int]] = []

    def see(self, pts: int) -> None:
        """Decoding order may differ from presentation order by some frames: only the latest time so far counts."""
        if self._latest is not None and pts - self._latest > self._gap_steps:
            self._found.append((self._latest, pts))
        self._latest = pts if self._latest is None else max(self._latest, pts)

    def blind(self, start: int, end: int) -> None:
        """Nothing could be seen in between, though there were timestamps."""
        if end - start > self._gap_steps:
            self._found = [gap for gap in self._found if gap[1] <= start or gap[0] >= end] + [(start, end)]

    def take(self, until: int) -> tuple[tuple[int, int], ...]:
        """The gaps that end by then and were not yet taken, in order of time."""
        taken = tuple(sorted(gap for gap in self._found if gap[1] <= until))
        self._found = [gap for gap in self._found if gap[1] > until]
        return taken


def without(span: tuple[int, int], gaps: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """What is left of [from, to) when the gaps, sorted and apart from each other, are cut out."""
    kept, start = [], span[0]
    for gap_from, gap_to in gaps:
        if gap_to <= span[0] or gap_from >= span[1]:
            continue
        if gap_from > start:
            kept.append((start, gap_from))
        start = max(start, gap_to)
    if start < span[1]:
        kept.append((start, span[1]))
    return tuple(kept)
