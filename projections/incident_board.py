"""The board of incidents: what happened where and when, who is in charge, and what is linked to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    case,
    func,
    select,
)

from domain import incident as facts
from domain.event import Recorded
from domain.kyiv_time import KYIV
from domain.sealed import Token
from projections.cameras import camera_name_of
from projections.columns import Instant, Packed, optional_token
from projections.organisation import unit_name_of, username_of
from projections.paging import Page, every, one, page, rows_of
from projections.reports.follow_ups import unheard_in
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
incidents = Table(
    "incidents",
    metadata,
    Column("incident", Uuid, primary_key=True),
    Column("kind", String(64), nullable=False),
    Column("unit", Uuid, nullable=False),
    Column("region", String(64), nullable=False),
    Column("community", String, nullable=False),
    Column("occurred_from", Instant, nullable=False),
    Column("occurred_to", Instant, nullable=False),
    Column("officer", Uuid, nullable=False),
    Column("names", Packed(tuple[UUID, ...]), nullable=False),
    Column("month", String(7), nullable=False),  # of its beginning, on Kyiv's clocks, as in 2026-11
    Column("place", Packed(Token)),
    Column("state", String(16), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("occurred_from", "incident"),
    UniqueConstraint("unit", "occurred_from", "incident"),
    UniqueConstraint("officer", "occurred_from", "incident"),
)
children = Table(
    "incident_children",
    metadata,
    Column("incident", Uuid, primary_key=True),
    Column("child", Uuid, primary_key=True),
    Column("role", String(16), primary_key=True),
    Column("pseudonym", String(16), nullable=False),
    Column("linked_at", Instant, nullable=False),
    Column("unlinked_at", Instant),
    UniqueConstraint("child", "incident", "role"),
    UniqueConstraint("pseudonym", "child", "incident", "role"),
    UniqueConstraint("linked_at", "incident", "child", "role"),
)
cameras = Table(
    "incident_cameras",
    metadata,
    Column("incident", Uuid, primary_key=True),
    Column("camera", Uuid, primary_key=True),
    Column("linked_at", Instant, nullable=False),
    Column("unlinked_at", Instant),
)
footage = Table(
    "incident_footage",
    metadata,
    Column("incident", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("footage_sha256", String(64), nullable=False),
    Column("camera", Uuid, nullable=False),
    Column("from_at", Instant, nullable=False),
    Column("to_at", Instant, nullable=False),
    Column("search", Uuid),
    Column("rank", Integer),
    Column("linked_at", Instant, nullable=False),
)

STATES = OPEN, VOIDED = "open", "voided"
# A voided one's narrative is read by its officer no more.
UNHEARD = case((incidents.c.state == OPEN, unheard_in(incidents.c.incident, incidents.c.officer)), else_=0)


class BoardIncident(msgspec.Struct, frozen=True, kw_only=True):
    incident: UUID
    kind: str
    unit: UUID
    unit_name: str | None = None
    region: str
    community: str
    occurred_from: datetime
    occurred_to: datetime
    officer: UUID
    officer_username: str | None = None
    children_count: int  # children, however many roles each has in it
    footage_count: int  # linked moments
    has_place: bool  # where exactly it happened is sealed, and opened by a request of its own
    unheard: int  # what the reporter of it added that the officer in charge has not read with the narrative
    state: str  # OPEN | VOIDED
    recorded_at: datetime
    changed_at: datetime
    version: int


class LinkedChild(msgspec.Struct, frozen=True, kw_only=True):
    child: UUID
    pseudonym: str
    role: str
    linked_at: datetime


class LinkedCamera(msgspec.Struct, frozen=True, kw_only=True):
    camera: UUID
    camera_name: str | None = None
    linked_at: datetime


class LinkedFootage(msgspec.Struct, frozen=True, kw_only=True):
    version: int  # of the event that linked it
    footage_sha256: str
    camera: UUID
    camera_name: str | None = None
    from_at: datetime
    to_at: datetime
    search: UUID | None
    rank: int | None
    linked_at: datetime


def incident_page(
    connection: Connection,
    *,
    only: ColumnElement[bool] | None = None,
    unit: UUID | None = None,
    officer: UUID | None = None,
    region: str | None = None,
    kind: str | None = None,
    state: str | None = OPEN,
    occurred_after: datetime | None = None,
    occurred_before: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[BoardIncident]:
    """Incidents, the latest occurrence first. Every filter that is given must hold; `state=None` shows all.

    `only` is what the reader may see, as a condition on the columns of `incidents`.
    """
    equal = {"unit": unit, "officer": officer, "region": region, "kind": kind, "state": state}
    wanted = [incidents.c[name] == value for name, value in equal.items() if value is not None]
    wanted += [] if only is None else [only]
    wanted += [] if occurred_after is None else [incidents.c.occurred_to >= occurred_after]
    wanted += [] if occurred_before is None else [incidents.c.occurred_from < occurred_before]
    query = _board().where(*wanted)
    order = (incidents.c.occurred_from, incidents.c.incident)
    return page(connection, BoardIncident, query, order, cursor=cursor, limit=limit, newest_first=True)


def incident(connection: Connection, key: UUID) -> BoardIncident | None:
    return one(connection, BoardIncident, _board().where(incidents.c.incident == key))


def children_of(connection: Connection, key: UUID) -> tuple[LinkedChild, ...]:
    query = rows_of(LinkedChild, children).where(children.c.incident == key, children.c.unlinked_at.is_(None))
    return every(connection, LinkedChild, query.order_by(children.c.pseudonym, children.c.child, children.c.role))


def cameras_of(connection: Connection, key: UUID) -> tuple[LinkedCamera, ...]:
    """The linked cameras in the order in which they were linked."""
    linked = (cameras.c.incident == key, cameras.c.unlinked_at.is_(None))
    query = rows_of(LinkedCamera, cameras, camera_name=camera_name_of(cameras.c.camera)).where(*linked)
    return every(connection, LinkedCamera, query.order_by(cameras.c.linked_at, cameras.c.camera))


def footage_of(connection: Connection, key: UUID) -> tuple[LinkedFootage, ...]:
    """The linked moments in the order in which they were linked."""
    query = rows_of(LinkedFootage, footage, camera_name=camera_name_of(footage.c.camera))
    return every(connection, LinkedFootage, query.where(footage.c.incident == key).order_by(footage.c.version))


def _board() -> Select[Any]:
    child_count = select(func.count(children.c.child.distinct())).where(
        children.c.incident == incidents.c.incident, children.c.unlinked_at.is_(None)
    )
    moment_count = select(func.count()).where(footage.c.incident == incidents.c.incident)
    return rows_of(
        BoardIncident,
        incidents,
        unit_name=unit_name_of(incidents.c.unit),
        officer_username=username_of(incidents.c.officer),
        children_count=child_count.scalar_subquery(),
        footage_count=moment_count.scalar_subquery(),
        has_place=incidents.c.place.is_not(None),
        unheard=UNHEARD,
    )


def _recorded(rows: Rows, at: Recorded, event: facts.IncidentRecorded) -> None:
    rows.put(
        incidents,
        incident=at.stream,
        kind=event.kind,
        unit=event.unit,
        region=event.region,
        community=event.community,
        occurred_from=event.occurred_from,
        occurred_to=event.occurred_to,
        officer=event.officer,
        names=event.names,
        month=f"{event.occurred_from.astimezone(KYIV):%Y-%m}",
        place=optional_token(event.place),
        state=OPEN,
        recorded_at=at.meta.recorded_at,
        changed_at=at.meta.recorded_at,
        version=at.version,
    )


def _reclassified(rows: Rows, at: Recorded, event: facts.IncidentReclassified) -> None:
    rows.change(incidents, at.stream, kind=event.kind, changed_at=at.meta.recorded_at, version=at.version)


def _child_linked(rows: Rows, at: Recorded, event: facts.ChildLinked) -> None:
    rows.put(
        children,
        incident=at.stream,
        child=event.child,
        role=event.role,
        pseudonym=event.pseudonym,
        linked_at=at.meta.recorded_at,
    )
    rows.change(incidents, at.stream, changed_at=at.meta.recorded_at, version=at.version)


def _child_unlinked(rows: Rows, at: Recorded, event: facts.ChildUnlinked) -> None:
    rows.change(children, at.stream, event.child, event.role, unlinked_at=at.meta.recorded_at)
    rows.change(incidents, at.stream, changed_at=at.meta.recorded_at, version=at.version)


def _camera_linked(rows: Rows, at: Recorded, event: facts.CameraLinked) -> None:
    rows.put(cameras, incident=at.stream, camera=event.camera, linked_at=at.meta.recorded_at)
    rows.change(incidents, at.stream, changed_at=at.meta.recorded_at, version=at.version)


def _camera_unlinked(rows: Rows, at: Recorded, event: facts.CameraUnlinked) -> None:
    rows.change(cameras, at.stream, event.camera, unlinked_at=at.meta.recorded_at)
    rows.change(incidents, at.stream, changed_at=at.meta.recorded_at, version=at.version)


def _footage_linked(rows: Rows, at: Recorded, event: facts.FootageLinked) -> None:
    rows.put(
        footage,
        incident=at.stream,
        version=at.version,
        footage_sha256=event.footage_sha256,
        camera=event.camera,
        from_at=event.from_at,
        to_at=event.to_at,
        search=event.search,
        rank=event.rank,
        linked_at=at.meta.recorded_at,
    )
    rows.change(incidents, at.stream, changed_at=at.meta.recorded_at, version=at.version)


def _voided(rows: Rows, at: Recorded, event: facts.IncidentVoided) -> None:
    rows.change(incidents, at.stream, state=VOIDED, changed_at=at.meta.recorded_at, version=at.version)


VIEW = View(
    name="incident-board",
    version=3,
    metadata=metadata,
    folds={
        facts.IncidentRecorded: _recorded,
        facts.IncidentReclassified: _reclassified,
        facts.ChildLinked: _child_linked,
        facts.ChildUnlinked: _child_unlinked,
        facts.CameraLinked: _camera_linked,
        facts.CameraUnlinked: _camera_unlinked,
        facts.FootageLinked: _footage_linked,
        facts.IncidentVoided: _voided,
    },
)
