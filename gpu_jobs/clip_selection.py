"""Which packets of a video make a clip that needs no encoding, and the times at which they are decoded. Pure.

A clip begins with a keyframe and goes on in the order of decoding, without a packet left out that another may need.
It ends where no frame that it has is shown after one that it lacks: so it has no hole, and no more than it says.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpu_jobs.errors import NoKeyframeWithin, NotCopyable, NothingWithin
from gpu_jobs.placing import Placing

EXACTLY = "cut it exactly instead (exact, or --exact): that encodes its frames anew"


@dataclass(frozen=True)
class Span:
    """[start, end) in steps of the time base: what is asked for, and what it must lie within."""

    start: int
    end: int
    within_start: int
    within_end: int


@dataclass(frozen=True)
class Selection:
    """Packets by their place in the file: `first` to `last`, of which `kept` are copied, with these times."""

    first: int
    last: int
    kept: NDArray[np.bool_]
    pts: NDArray[np.int64]  # of those that are kept
    dts: NDArray[np.int64]


def select(placing: Placing, span: Span) -> Selection:
    """From the last keyframe that is not after the start, or the first one there may be, past the end, or as far as
    may be.

    Raises:
        NothingWithin: no frame is there.
        NoKeyframeWithin: frames are there, and none that a clip can begin with.
        NotCopyable: packets on the way have no time, so nobody can say that they lie within.
    """
    times = placing.times
    allowed = placing.visible & (times >= span.within_start) & (times < span.within_end)
    wanted = allowed & (times >= span.start) & (times < span.end)
    first = _first(placing, allowed, span)
    found = np.flatnonzero(wanted[first:])
    needed = int(found[-1]) if len(found) else 0
    placed = placing.is_placed()[first:]
    later = placing.visible[first:] & (times[first:] >= times[first])  # earlier ones would need what comes before
    stop = _stop(allowed[first:], placed & (times[first:] < times[first]))
    if stop <= needed and not placed[stop]:
        raise NotCopyable(f"there are pictures without a time on the way, which cannot be left out; {EXACTLY}")
    last = _last(np.where(later, times[first:], np.iinfo(np.int64).max), needed, stop)
    kept = later[: last + 1]
    pts = times[first : first + last + 1][kept]
    return Selection(first, first + last, kept, pts, decode_times(pts))


def _first(placing: Placing, allowed: NDArray[np.bool_], span: Span) -> int:
    times = placing.times
    if not (allowed & (times >= span.start) & (times < span.end)).any():
        raise NothingWithin("there is no picture in this time; the footage has a gap there, or ends before")
    keys = np.flatnonzero(allowed & placing.keyframes & (times < span.end))
    before = keys[times[keys] <= span.start]
    if len(before):
        return int(before[np.argmax(times[before])])
    if not len(keys):
        raise NoKeyframeWithin(f"no keyframe lies within the time that may be given out, before its end; {EXACTLY}")
    return int(keys[np.argmin(times[keys])])


def _stop(allowed: NDArray[np.bool_], leading: NDArray[np.bool_]) -> int:
    """How many packets come before the first that may not leave."""
    forbidden = np.flatnonzero(~allowed & ~leading)
    return int(forbidden[0]) if len(forbidden) else len(allowed)


def _last(times: NDArray[np.int64], needed: int, stop: int) -> int:
    """The packet, counted from the first, with which the clip ends: all before it are shown before all after it."""
    known = np.where(times == np.iinfo(np.int64).max, np.iinfo(np.int64).min, times)
    reached = np.maximum.accumulate(known)
    to_come = np.append(np.minimum.accumulate(times[::-1])[::-1][1:], np.iinfo(np.int64).max)
    closed = np.flatnonzero((reached < to_come)[:stop])
    enough = closed[closed >= needed]
    if len(enough):
        return int(enough[0])
    if not len(closed):
        raise NotCopyable(f"its pictures cannot be parted there without a hole; {EXACTLY}")
    return int(closed[-1])


def decode_times(pts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Times of decoding for packets in that order: they grow, and none is later than its frame is shown."""
    in_order = np.sort(pts)
    if (np.diff(in_order) <= 0).any():
        raise NotCopyable(f"two of its pictures have one time; {EXACTLY}")
    return np.asarray(in_order - int(np.max(in_order - pts)))
