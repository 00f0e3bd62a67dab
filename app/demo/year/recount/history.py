"""The raw events of a record as plain rows, and what a recount expects of a table. Nothing here knows a view."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from domain.event import Recorded
from domain.log import EventLog, Unreadable

BATCH_EVENTS = 1_000


@dataclass(frozen=True, slots=True)
class Told:
    """One event. `facts` are its fields as they stand; what is sealed is known by its subject alone."""

    position: int
    stream: UUID
    version: int
    topic: str
    at: datetime
    actor: UUID
    role: str
    purpose: str
    facts: dict[str, Any]

    def __getitem__(self, field: str) -> Any:
        return self.facts[field]


class Expected(NamedTuple):
    """What a table of a view is to hold, in these columns, in any order."""

    view: str
    table: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


@dataclass(frozen=True)
class History:
    events: tuple[Told, ...]

    @classmethod
    def of(cls, log: EventLog) -> History:
        """Raises ValueError where an event cannot be read."""
        told, after = list[Told](), 0
        while batch := log.read(after=after, limit=BATCH_EVENTS):
            for entry in batch:
                told.append(_told(read(entry)))
            after = batch[-1].position
        return cls(tuple(told))

    def of_kind(self, *kinds: str) -> tuple[Told, ...]:
        """The events of some kinds of things: the first words of their topics."""
        return tuple(each for each in self.events if each.topic.partition(".")[0] in kinds)

    def of_topic(self, *topics: str) -> tuple[Told, ...]:
        return tuple(each for each in self.events if each.topic in topics)

    def lives(self, kind: str) -> dict[UUID, list[Told]]:
        """The events of each thing of a kind, in order."""
        found: dict[UUID, list[Told]] = {}
        for each in self.of_kind(kind):
            found.setdefault(each.stream, []).append(each)
        return found


def last(life: Iterable[Told], *topics: str) -> Told | None:
    """The last event of these topics, where there is one."""
    found = None
    for each in life:
        if each.topic in topics:
            found = each
    return found


def fact(told: Told | None, field: str) -> Any:
    return None if told is None else told[field]


def when(told: Told | None) -> datetime | None:
    return None if told is None else told.at


def read(entry: Recorded | Unreadable) -> Recorded:
    """Raises ValueError where it cannot be read."""
    if isinstance(entry, Recorded):
        return entry
    raise ValueError(f"position {entry.position} cannot be read: {entry.fault}")


def _told(entry: Recorded) -> Told:
    facts = {name: getattr(entry.event, name) for name in entry.event.__struct_fields__}
    meta = entry.meta
    return Told(
        entry.position,
        entry.stream,
        entry.version,
        entry.event.TOPIC,
        meta.recorded_at,
        meta.actor,
        meta.role,
        meta.purpose,
        facts,
    )
