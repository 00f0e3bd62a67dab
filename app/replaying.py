"""The road of an audit: the log, the same fold stopped where the auditor asks, and the views as they were."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import func, select

from app.event_store.faults import EventUnreadable
from domain.errors import DomainError, Invalid
from domain.event import Event, Recorded
from domain.log import EventLog, Unreadable
from domain.sealed import Sealed
from projections.database import position_of
from projections.replay import Until, view_digest, views_at
from projections.views import VIEWS

LIMIT_MAX = 1_000
BATCH_EVENTS = 1_000
LOOKED_AT_MAX = 50_000  # events, for one page


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One event in its place. Sealed `facts` show only whose they are; `fault` says why a row is unreadable."""

    position: int
    stream: UUID
    version: int
    topic: str
    actor: UUID | None = None
    actor_username: str | None = None
    role: str = ""
    purpose: str = ""
    recorded_at: datetime | None = None
    facts: dict[str, Any] = {}
    fault: str = ""


class ViewThen(msgspec.Struct, frozen=True, kw_only=True):
    """A view as it was: how many rows each of its tables had, and the SHA-256 over all of them."""

    name: str
    rows: dict[str, int]
    sha256: str


class ViewsThen(msgspec.Struct, frozen=True, kw_only=True):
    position: int
    views: tuple[ViewThen, ...]


class Page(msgspec.Struct, frozen=True):
    entries: list[Entry]
    next_after: int | None  # where to go on; None where nothing is left


def entries(
    log: EventLog,
    *,
    after: int,
    limit: int,
    position: int | None = None,
    until: datetime | None = None,
    stream: UUID | None = None,
) -> Page:
    """Up to `limit` events beyond `after`: of the whole log or of one stream, until a position, or recorded until an
    instant. Fewer, with more to come, where so many in a row were recorded later that looking on would take long.
    """
    if until is not None and until.tzinfo is None:
        raise Invalid("until", "it has no timezone", "add one, such as Z or +03:00")
    cut = None if until is None else Until(until)
    found: list[Entry] = []
    for number, recorded in enumerate(_from(log, after, position, stream), 1):
        if cut is None or cut.is_then(recorded):
            found.append(_entry(recorded))
        if len(found) == limit or number == LOOKED_AT_MAX:
            return Page(found, recorded.position)
    return Page(found, None)


def _from(log: EventLog, after: int, position: int | None, stream: UUID | None) -> Iterator[Recorded | Unreadable]:
    if stream is not None:
        for each in _of_stream(log, stream, _version_at(log, stream, after)):
            if position is not None and each.position > position:
                return
            if each.position > after:
                yield each
        return
    while batch := log.read(after=after, limit=BATCH_EVENTS, until=position):
        for each in batch:
            for gone in range(after + 1, each.position):
                yield Unreadable(gone, UUID(int=0), 0, "", "it is gone from the log")
            yield each
            after = each.position


def _version_at(log: EventLog, stream: UUID, position: int) -> int:
    """Which version of the stream stands there: what precedes it need not be read. 0 where another stream does."""
    there = log.read(after=position - 1, limit=1, until=position) if position else ()
    return there[0].version if there and there[0].stream == stream else 0


def _of_stream(log: EventLog, stream: UUID, version: int) -> Iterator[Recorded | Unreadable]:
    """The stream after a version. One row that cannot be read does not hide the rest."""
    while True:
        try:
            for recorded in log.stream(stream, after_version=version):
                yield recorded
                version = recorded.version
            return
        except EventUnreadable as fault:
            yield fault.row
            version = fault.row.version


def _entry(recorded: Recorded | Unreadable) -> Entry:
    if isinstance(recorded, Unreadable):
        return Entry(
            position=recorded.position,
            stream=recorded.stream,
            version=recorded.version,
            topic=recorded.topic,
            fault=recorded.fault,
        )
    return Entry(
        position=recorded.position,
        stream=recorded.stream,
        version=recorded.version,
        topic=recorded.event.TOPIC,
        actor=recorded.meta.actor,
        role=recorded.meta.role,
        purpose=recorded.meta.purpose,
        recorded_at=recorded.meta.recorded_at,
        facts=_facts(recorded.event),
    )


def _facts(event: Event) -> dict[str, Any]:
    def closed(value: Any) -> Any:
        if isinstance(value, Sealed):
            return {"sealed": str(value.subject)}
        raise TypeError(f"an event cannot carry a {type(value).__name__}")

    facts: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(event, enc_hook=closed))
    return facts


class ReplayUnderWay(DomainError):
    """Replaying folds the whole log: one at a time, so that nobody slows everybody down by asking."""

    code = "replay-under-way"

    def __init__(self) -> None:
        super().__init__("the record is being replayed for somebody; ask again when that is done, in a minute or so")


def views_then(
    log: EventLog, alone: threading.Lock, *, position: int | None = None, until: datetime | None = None
) -> ViewsThen:
    """Every view, folded anew and stopped where it is asked; at the head where nothing is asked.

    Raises:
        ReplayUnderWay: somebody holds `alone`.
    """
    if position is not None and until is not None:
        raise Invalid("position", "is given beside until", "give one of them")
    if position is None and until is None:
        position = log.head()
    if not alone.acquire(blocking=False):
        raise ReplayUnderWay
    try:
        return _views_then(log, position, until)
    finally:
        alone.release()


def _views_then(log: EventLog, position: int | None, until: datetime | None) -> ViewsThen:
    with views_at(log, position=position, until=until) as views, views.reading() as rows:
        shown = tuple(
            ViewThen(
                name=view.name,
                rows={
                    table.name: rows.execute(select(func.count()).select_from(table)).scalar_one()
                    for table in view.tables
                },
                sha256=view_digest(rows, view),
            )
            for view in VIEWS
        )
        return ViewsThen(position=position_of(rows), views=shown)
