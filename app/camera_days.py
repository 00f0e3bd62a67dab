"""The days of a camera in the log: read where something is decided on them, changed or guarded with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain import camera, camera_day
from domain.camera_day import CameraDay, TimeTaken, days_of, taken_on
from domain.checks import existing
from domain.event import Event
from domain.footage_of_camera import time_given_up
from domain.footage_state import Footage
from domain.ids import camera_day_id
from domain.log import Change, EventLog


@dataclass(frozen=True)
class CameraDays:
    """Some days as they are now. Whatever is decided on them is appended with `changes`, or not at all."""

    each: tuple[tuple[UUID, CameraDay | None, int], ...]  # stream, state, version

    @classmethod
    def between(cls, log: EventLog, camera: UUID, from_at: datetime, to_at: datetime) -> CameraDays:
        """The days that [from_at, to_at) touches."""
        return cls(tuple(_load(log, camera, day) for day in days_of(from_at, to_at)))

    @property
    def taken(self) -> tuple[TimeTaken, ...]:
        return taken_on(state for _, state, _ in self.each)

    def changes(self, events: Iterable[Event] = ()) -> tuple[Change, ...]:
        """The events for each of the days; without any, that none of the days has changed meanwhile."""
        added = tuple(events)
        return tuple(Change(stream, version, added) for stream, _, version in self.each)


def given_up(log: EventLog, shelved: Footage, sha256: str) -> tuple[Change, ...]:
    """The changes of a camera and its days by which footage that goes gives its time up."""
    days = CameraDays.between(log, shelved.camera, shelved.recorded_at, shelved.ends_at)
    events = log.events(shelved.camera)
    of_camera, of_days = time_given_up(
        existing("camera", shelved.camera, camera.DECIDER.fold(events)), days.taken, sha256
    )
    return Change(shelved.camera, len(events), of_camera), *days.changes(of_days)


def moved(old: CameraDays, new: CameraDays, left: Iterable[Event], taken: Iterable[Event]) -> tuple[Change, ...]:
    """The changes of days that footage leaves and comes to; a day that it stays on gets both."""
    left, taken = tuple(left), tuple(taken)
    changes = {(stream, version): left for stream, _, version in old.each}
    for stream, _, version in new.each:
        changes[stream, version] = (*changes.get((stream, version), ()), *taken)
    return tuple(Change(stream, version, events) for (stream, version), events in changes.items())


def _load(log: EventLog, camera: UUID, day: date) -> tuple[UUID, CameraDay | None, int]:
    stream = camera_day_id(camera, day)
    events = log.events(stream)
    return stream, camera_day.DECIDER.fold(events), len(events)
