"""The agencies that take part, or did."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    ScalarSelect,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    select,
)

from domain.event import Recorded
from domain.sharing import agency as facts
from projections.columns import Instant
from projections.organisation import unit_name_of
from projections.paging import Page, one, page, rows_of
from projections.rows import Rows
from projections.view import View

ACTIVE, WITHDRAWN = "active", "withdrawn"
STATES = (ACTIVE, WITHDRAWN)

metadata = MetaData()
agencies = Table(
    "agencies",
    metadata,
    Column("agency", Uuid, primary_key=True),
    Column("name", String, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("region", String(64), nullable=False),
    Column("unit", Uuid, nullable=False),
    Column("state", String(16), nullable=False),
    Column("registered_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    Column("version", Integer, nullable=False),
    UniqueConstraint("name", "agency"),
    UniqueConstraint("region", "name", "agency"),
)


class ShownAgency(msgspec.Struct, frozen=True, kw_only=True):
    agency: UUID
    name: str
    kind: str  # domain.sharing.words.AGENCY_KINDS
    region: str
    unit: UUID
    unit_name: str | None
    state: str  # STATES
    registered_at: datetime
    withdrawn_at: datetime | None
    version: int


def agency_page(
    connection: Connection,
    *,
    region: str | None = None,
    kind: str | None = None,
    state: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ShownAgency]:
    """Agencies by name. Every filter that is given must hold."""
    query = rows_of(ShownAgency, agencies, unit_name=unit_name_of(agencies.c.unit))
    for name, wanted in {"region": region, "kind": kind, "state": state}.items():
        if wanted is not None:
            query = query.where(agencies.c[name] == wanted)
    order = (agencies.c.name, agencies.c.agency)
    return page(connection, ShownAgency, query, order, cursor=cursor, limit=limit)


def agency(connection: Connection, key: UUID) -> ShownAgency | None:
    query = rows_of(ShownAgency, agencies, unit_name=unit_name_of(agencies.c.unit))
    return one(connection, ShownAgency, query.where(agencies.c.agency == key))


def agency_name_of(key: ColumnElement[UUID]) -> ScalarSelect[str]:
    """The name of the agency in a column of another view."""
    return select(agencies.c.name).where(agencies.c.agency == key).scalar_subquery()


def _registered(rows: Rows, at: Recorded, event: facts.AgencyRegistered) -> None:
    rows.put(
        agencies,
        agency=at.stream,
        name=event.name,
        kind=event.kind,
        region=event.region,
        unit=event.unit,
        state=ACTIVE,
        registered_at=at.meta.recorded_at,
        version=at.version,
    )


def _withdrawn(rows: Rows, at: Recorded, event: facts.AgencyWithdrawn) -> None:
    rows.change(agencies, at.stream, state=WITHDRAWN, withdrawn_at=at.meta.recorded_at, version=at.version)


VIEW = View(
    name="agencies",
    version=1,
    metadata=metadata,
    folds={facts.AgencyRegistered: _registered, facts.AgencyWithdrawn: _withdrawn},
)
