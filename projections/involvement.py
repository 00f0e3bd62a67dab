"""Which prevention cases an incident has to do with, for those who may know of both."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Column, Connection, MetaData, Table, Uuid

from domain import involvement as facts
from domain.event import Recorded
from projections.columns import Instant
from projections.organisation import username_of
from projections.paging import every, rows_of
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
incident_cases = Table(
    "incident_cases",
    metadata,
    Column("incident", Uuid, primary_key=True),
    Column("case", Uuid, primary_key=True),
    Column("linked_at", Instant, nullable=False),
    Column("linked_by", Uuid, nullable=False),
    Column("unlinked_at", Instant),
)


class InvolvedCase(msgspec.Struct, frozen=True, kw_only=True):
    case: UUID
    linked_at: datetime
    linked_by: UUID
    linked_by_username: str | None = None


def cases_of(connection: Connection, incident: UUID) -> tuple[InvolvedCase, ...]:
    """The linked cases in the order in which they were linked."""
    query = rows_of(InvolvedCase, incident_cases, linked_by_username=username_of(incident_cases.c.linked_by))
    standing = query.where(incident_cases.c.incident == incident, incident_cases.c.unlinked_at.is_(None))
    return every(connection, InvolvedCase, standing.order_by(incident_cases.c.linked_at, incident_cases.c.case))


def _linked(rows: Rows, at: Recorded, event: facts.CaseLinked) -> None:
    rows.put(
        incident_cases,
        incident=event.incident,
        case=event.case,
        linked_at=at.meta.recorded_at,
        linked_by=at.meta.actor,
    )


def _unlinked(rows: Rows, at: Recorded, event: facts.CaseUnlinked) -> None:
    rows.change(incident_cases, event.incident, event.case, unlinked_at=at.meta.recorded_at)


VIEW = View(
    name="involvement",
    version=1,
    metadata=metadata,
    folds={facts.CaseLinked: _linked, facts.CaseUnlinked: _unlinked},
)
