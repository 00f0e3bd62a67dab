"""What every timeline is made of: the events of some things, each with who, when, in which role, why, and what of it
is clear.

Sealed parts stay tokens with their coordinates; opening one is a disclosure, and belongs to `app`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, Text, UniqueConstraint, Uuid

from domain.event import Event, Recorded
from projections.clear_facts import clear_facts
from projections.columns import Instant, Position
from projections.organisation import username_of
from projections.paging import Page, page, rows_of
from projections.rows import Rows
from projections.view import Fold


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One event of a thing."""

    position: int
    thing: UUID
    version: int
    topic: str
    recorded_at: datetime
    actor: UUID
    actor_username: str | None = None
    role: str
    purpose: str
    facts: str  # a JSON object; a sealed field is {"sealed": part, "subject": UUID}

    def read_facts(self) -> dict[str, Any]:
        return msgspec.json.decode(self.facts, type=dict[str, Any])


AnyEntry = TypeVar("AnyEntry", bound=Entry)


def entry_table(name: str, metadata: MetaData, *more: Column[Any]) -> Table:
    return Table(
        name,
        metadata,
        Column("position", Position, primary_key=True, autoincrement=False),
        Column("thing", Uuid, nullable=False),
        Column("version", Integer, nullable=False),
        Column("topic", String(64), nullable=False),
        Column("recorded_at", Instant, nullable=False),
        Column("actor", Uuid, nullable=False),
        Column("role", String(32), nullable=False),
        Column("purpose", Text, nullable=False),
        Column("facts", Text, nullable=False),
        *more,
        UniqueConstraint("thing", "version"),
    )


def entry_page(
    connection: Connection, kind: type[AnyEntry], table: Table, thing: UUID, *, cursor: str | None, limit: int
) -> Page[AnyEntry]:
    """A thing's events from its first."""
    query = rows_of(kind, table, actor_username=username_of(table.c.actor)).where(table.c.thing == thing)
    return page(connection, kind, query, (table.c.version,), cursor=cursor, limit=limit)


def entering(table: Table) -> Fold:
    """The fold that enters an event; with its sealed tokens, where the table keeps those."""
    keeps_sealed = "sealed" in table.c

    def entered(rows: Rows, at: Recorded, event: Event) -> None:
        clear, sealed = clear_facts(event)
        meta = at.meta
        rows.put(
            table,
            position=at.position,
            thing=at.stream,
            version=at.version,
            topic=event.TOPIC,
            recorded_at=meta.recorded_at,
            actor=meta.actor,
            role=meta.role,
            purpose=meta.purpose,
            facts=clear,
            **({"sealed": sealed} if keeps_sealed else {}),
        )

    return entered
