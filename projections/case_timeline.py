"""Every event of a prevention case, in order: who, when, in which role, why, and the clear facts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, Text, UniqueConstraint, Uuid

from domain.event import Event, Recorded
from domain.prevention_case_state import EVOLVES
from projections.clear_facts import clear_facts
from projections.columns import Instant, Position
from projections.organisation import username_of
from projections.paging import Page, page, rows_of
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
timeline = Table(
    "case_timeline",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=False),
    Column("case", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("topic", String(64), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("actor", Uuid, nullable=False),
    Column("role", String(32), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("facts", Text, nullable=False),
    UniqueConstraint("case", "version"),
)


class CaseEntry(msgspec.Struct, frozen=True, kw_only=True):
    position: int
    case: UUID
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


def entry_page(connection: Connection, case: UUID, *, cursor: str | None = None, limit: int = 100) -> Page[CaseEntry]:
    """The case's events from its first."""
    query = rows_of(CaseEntry, timeline, actor_username=username_of(timeline.c.actor)).where(timeline.c.case == case)
    return page(connection, CaseEntry, query, (timeline.c.version,), cursor=cursor, limit=limit)


def _entered(rows: Rows, at: Recorded, event: Event) -> None:
    clear, _ = clear_facts(event)
    rows.put(
        timeline,
        position=at.position,
        case=at.stream,
        version=at.version,
        topic=event.TOPIC,
        recorded_at=at.meta.recorded_at,
        actor=at.meta.actor,
        role=at.meta.role,
        purpose=at.meta.purpose,
        facts=clear,
    )


VIEW = View(name="case-timeline", version=1, metadata=metadata, folds=dict.fromkeys(EVOLVES, _entered))
