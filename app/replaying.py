"""The road of an audit: the log, the same fold stopped where the auditor asks, and the views as they were."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import func, select

from domain.errors import Invalid
from domain.event import Event, Recorded
from domain.log import EventLog, Unreadable
from domain.sealed import Sealed
from projections.database import position_of
from projections.replay import view_digest, views_at
from projections.views import VIEWS

LIMIT_MAX = 1_000
BATCH_EVENTS = 1_000


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One event in its place. Sealed `facts` show only whose they are; `fault` says why a row is unreadable."""

    position: int
    stream: UUID
    version: int
    topic: str
    actor: UUID | None = None
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


def entries(
    log: EventLog,
    *,
    after: int,
    limit: int,
    position: int | None = None,
    until: datetime | None = None,
    stream: UUID | None = None,
) -> list[Entry]:
    """Up to `limit` events beyond `after`: of the whole log or of one stream, until a position or an instant."""
    if until is not None and until.tzinfo is None:
        raise Invalid("until", "it has no timezone", "add one, such as Z or +03:00")
    found: list[Entry] = []
    for recorded in _from(log, after, position, stream):
        if isinstance(recorded, Recorded) and until is not None and recorded.meta.recorded_at > until:
            break
        found.append(_entry(recorded))
        if len(found) == limit:
            break
    return found


def _from(log: EventLog, after: int, position: int | None, stream: UUID | None) -> Iterator[Recorded | Unreadable]:
    if stream is not None:
        yield from (
            each
            for each in log.stream(stream)
            if after < each.position and (position is None or each.position <= position)
        )
        return
    while batch := log.read(after=after, limit=BATCH_EVENTS, until=position):
        yield from batch
        after = batch[-1].position


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


def views_then(log: EventLog, *, position: int | None = None, until: datetime | None = None) -> ViewsThen:
    """Every view, folded anew and stopped where it is asked; at the head where nothing is asked."""
    if position is not None and until is not None:
        raise Invalid("position", "is given beside until", "give one of them")
    if position is None and until is None:
        position = log.head()
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
