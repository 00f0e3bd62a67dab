"""One day (UTC) of one camera, its daybook: which of its time is taken by footage.

Archiving decides on the days that a footage touches, not on all that a camera ever sent, so it costs as much in the
tenth year as in the first. Footage across midnight is in both days' streams: whoever overlaps it meets one of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import msgspec
from msgspec.structs import replace

from domain.decider import Decider
from domain.event import Event


class TimeTaken(Event, frozen=True, kw_only=True):
    """The camera's time [from_at, to_at), to within ± `uncertainty_seconds`, is taken by this footage."""

    TOPIC = "daybook.time-taken"

    footage_sha256: str
    from_at: datetime
    to_at: datetime
    uncertainty_seconds: float


class TimeFreed(Event, frozen=True, kw_only=True):
    """The footage turned out unusable: its time is free for a better copy."""

    TOPIC = "daybook.time-freed"

    footage_sha256: str


class CameraDay(msgspec.Struct, frozen=True):
    taken: tuple[TimeTaken, ...] = ()


def days_of(from_at: datetime, to_at: datetime) -> tuple[date, ...]:
    """The days that [from_at, to_at) touches; both in UTC. None where it is empty."""
    if from_at >= to_at:
        return ()
    first, last = from_at.date(), (to_at - timedelta(microseconds=1)).date()
    return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))


def taken_on(days: Iterable[CameraDay | None]) -> tuple[TimeTaken, ...]:
    """All that was taken on these days, each once."""
    return tuple(dict.fromkeys(taken for day in days if day is not None for taken in day.taken))


def evolve_taken(state: CameraDay | None, event: TimeTaken) -> CameraDay:
    day = state or CameraDay()
    return replace(day, taken=(*day.taken, event))


def evolve_freed(state: CameraDay | None, event: TimeFreed) -> CameraDay:
    day = state or CameraDay()
    return replace(day, taken=tuple(one for one in day.taken if one.footage_sha256 != event.footage_sha256))


DECIDER: Decider[None, CameraDay] = Decider(
    kind="daybook", decides={}, evolves={TimeTaken: evolve_taken, TimeFreed: evolve_freed}
)
