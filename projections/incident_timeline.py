"""Every event of an incident, in order: who, when, in which role, why, and the clear facts.

Sealed parts stay tokens with their coordinates; opening one is a disclosure, and belongs to `app`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, Text, UniqueConstraint, Uuid

from domain import incident as facts
from domain.event import Event, Recorded
from domain.sealed import Token
from projections.clear_facts import clear_facts
from projections.columns import Instant, Packed, Position
from projections.organisation import username_of
from projections.paging import Page, page, rows_of
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
timeline = Table(
    "incident_timeline",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=False),
    Column("incident", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("topic", String(64), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("actor", Uuid, nullable=False),
    Column("role", String(32), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("command_id", Uuid, nullable=False),
    Column("facts", Text, nullable=False),
    Column("sealed", Packed(tuple[Token, ...]), nullable=False),
    UniqueConstraint("incident", "version"),
)


class TimelineEntry(msgspec.Struct, frozen=True, kw_only=True):
    position: int
    incident: UUID
    version: int
    topic: str
    recorded_at: datetime
    actor: UUID
    actor_username: str | None = None
    role: str
    purpose: str
    command_id: UUID
    facts: str  # a JSON object; a sealed field is {"sealed": part, "subject": UUID}
    sealed: tuple[Token, ...]  # by part

    def read_facts(self) -> dict[str, Any]:
        return msgspec.json.decode(self.facts, type=dict[str, Any])


def timeline_page(
    connection: Connection, incident: UUID, *, cursor: str | None = None, limit: int = 100
) -> Page[TimelineEntry]:
    """The incident's events from its first."""
    actor = username_of(timeline.c.actor)
    query = rows_of(TimelineEntry, timeline, actor_username=actor).where(timeline.c.incident == incident)
    return page(connection, TimelineEntry, query, (timeline.c.version,), cursor=cursor, limit=limit)


def _entered(rows: Rows, at: Recorded, event: Event) -> None:
    clear, sealed = clear_facts(event)
    meta = at.meta
    rows.put(
        timeline,
        position=at.position,
        incident=at.stream,
        version=at.version,
        topic=event.TOPIC,
        recorded_at=meta.recorded_at,
        actor=meta.actor,
        role=meta.role,
        purpose=meta.purpose,
        command_id=meta.command_id,
        facts=clear,
        sealed=sealed,
    )


VIEW = View(
    name="incident-timeline",
    version=2,
    metadata=metadata,
    folds=dict.fromkeys(
        (
            facts.IncidentRecorded,
            facts.IncidentReclassified,
            facts.ChildLinked,
            facts.ChildUnlinked,
            facts.CameraLinked,
            facts.CameraUnlinked,
            facts.FootageLinked,
            facts.IncidentVoided,
        ),
        _entered,
    ),
)
