"""How long each camera's footage is kept, and which holds stand: from it follows what may go."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
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
    and_,
    exists,
    func,
    literal,
    select,
    type_coerce,
)

from domain.event import Recorded
from domain.footage_state import DESTROYED, GONE
from domain.keeping_events import FootageHeld, HoldLifted, HoldPlaced, HoldReleased, RetentionSet
from domain.sealed import Token
from projections.cameras import camera_name_of
from projections.columns import Instant, Packed, microseconds, token_of
from projections.footage_shelf import footage
from projections.organisation import unit_name_of, username_of
from projections.paging import Page, every, one, page, rows_of
from projections.rows import Rows
from projections.view import View

DAY_US = 86_400_000_000

metadata = MetaData()
retention = Table(
    "retention",
    metadata,
    Column("camera", Uuid, primary_key=True),
    Column("days", Integer, nullable=False),
    Column("effective_at", Instant, nullable=False),
    Column("basis", String, nullable=False),
    Column("set_at", Instant, nullable=False),
    Column("set_by", Uuid, nullable=False),
)
holds = Table(
    "holds",
    metadata,
    Column("hold", Uuid, primary_key=True),
    Column("from_at", Instant, nullable=False),
    Column("to_at", Instant, nullable=False),
    Column("incident", Uuid),
    Column("case", String, nullable=False),
    Column("by", Uuid, nullable=False),
    Column("unit", Uuid, nullable=False),
    Column("reason", Packed(Token), nullable=False),
    Column("placed_at", Instant, nullable=False),
    Column("cameras", Packed(tuple[UUID, ...]), nullable=False),
    Column("released_at", Instant),
    Column("released_by", Uuid),
    Column("version", Integer, nullable=False),
    UniqueConstraint("placed_at", "hold"),
    UniqueConstraint("incident", "hold"),
)
held_cameras = Table(
    "held_cameras",
    metadata,
    Column("camera", Uuid, primary_key=True),
    Column("hold", Uuid, primary_key=True),
    Column("from_at", Instant, nullable=False),
    Column("to_at", Instant, nullable=False),
    Column("stands", Boolean, nullable=False),
    UniqueConstraint("hold", "camera"),
)


class HoldLine(msgspec.Struct, frozen=True, kw_only=True):
    hold: UUID
    from_at: datetime
    to_at: datetime
    incident: UUID | None
    case: str
    by: UUID
    username: str | None
    unit: UUID
    unit_name: str | None
    placed_at: datetime
    cameras: tuple[UUID, ...]
    released_at: datetime | None
    released_by: UUID | None
    version: int


class Retention(msgspec.Struct, frozen=True, kw_only=True):
    camera: UUID
    camera_name: str | None
    days: int
    effective_at: datetime  # nothing goes by it before
    basis: str
    set_at: datetime
    set_by: UUID


class Lost(msgspec.Struct, frozen=True, kw_only=True):
    """Footage that a hold came too late for."""

    sha256: str
    camera: UUID
    camera_name: str | None
    from_at: datetime
    to_at: datetime
    gone_at: datetime


def hold_page(
    connection: Connection, *, standing: bool | None = None, cursor: str | None = None, limit: int = 50
) -> Page[HoldLine]:
    """Holds, the latest first; only those that stand, or were released, where asked."""
    query = _holds()
    if standing is not None:
        query = query.where(holds.c.released_at.is_(None) if standing else holds.c.released_at.is_not(None))
    return page(
        connection, HoldLine, query, (holds.c.placed_at, holds.c.hold), cursor=cursor, limit=limit, newest_first=True
    )


def hold_line(connection: Connection, key: UUID) -> HoldLine | None:
    return one(connection, HoldLine, _holds().where(holds.c.hold == key))


def retentions(connection: Connection) -> tuple[Retention, ...]:
    """The cameras that have a retention of their own, by name."""
    name = camera_name_of(retention.c.camera)
    return every(connection, Retention, rows_of(Retention, retention, camera_name=name).order_by(name))


def retention_of(connection: Connection, camera: UUID) -> Retention | None:
    """A camera's own, where it has one."""
    query = rows_of(Retention, retention, camera_name=camera_name_of(retention.c.camera))
    return one(connection, Retention, query.where(retention.c.camera == camera))


def lost_to(connection: Connection, hold: HoldLine) -> tuple[Lost, ...]:
    """What of a hold's cameras and times was gone before it, by camera and time."""
    query = (
        rows_of(Lost, footage, camera_name=camera_name_of(footage.c.camera))
        .where(footage.c.camera.in_(hold.cameras), footage.c.state.in_((GONE, DESTROYED)))
        .where(
            may_show(literal(hold.from_at, Instant), literal(hold.to_at, Instant)), footage.c.gone_at <= hold.placed_at
        )
        .order_by(footage.c.camera, footage.c.from_at)
    )
    return every(connection, Lost, query)


def may_show(from_at: ColumnElement[datetime], to_at: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether footage shows, by what its clock is true to, any of [from_at, to_at): so far do holds reach."""
    allowed_us = footage.c.uncertainty_seconds * 1_000_000
    starts = type_coerce(type_coerce(footage.c.from_at, BigInteger) - allowed_us, Instant)
    ends = type_coerce(type_coerce(footage.c.to_at, BigInteger) + allowed_us, Instant)
    return and_(starts < to_at, ends > from_at)


def due(connection: Connection, at: datetime, *, default_days: int | None, limit: int) -> tuple[str, ...]:
    """SHA-256 of footage whose retention is over and that no standing hold covers, the longest over first.

    A proposal: the record decides.
    """
    own = select(retention.c.days).where(retention.c.camera == footage.c.camera).scalar_subquery()
    days = own if default_days is None else func.coalesce(own, literal(default_days))
    on_notice = exists().where(retention.c.camera == footage.c.camera, retention.c.effective_at > at)
    kept_from_us = type_coerce(footage.c.kept_from, BigInteger)
    held = exists().where(
        held_cameras.c.camera == footage.c.camera,
        held_cameras.c.stands,
        may_show(held_cameras.c.from_at, held_cameras.c.to_at),
    )
    query = (
        select(footage.c.sha256)
        .where(
            footage.c.state.not_in((GONE, DESTROYED)),
            kept_from_us + days * DAY_US <= microseconds(at),
            ~held,
            ~on_notice,
        )
        .order_by(footage.c.kept_from)
        .limit(limit)
    )
    return tuple(connection.execute(query).scalars())


def going(connection: Connection) -> tuple[str, ...]:
    """SHA-256 of footage that is gone on record, and not yet off the disk."""
    return tuple(connection.execute(select(footage.c.sha256).where(footage.c.state == GONE)).scalars())


def destroyed_footage(connection: Connection) -> tuple[str, ...]:
    """SHA-256 of footage of which nothing is to be on the disk."""
    return tuple(connection.execute(select(footage.c.sha256).where(footage.c.state == DESTROYED)).scalars())


def _holds() -> Select[Any]:
    return rows_of(HoldLine, holds, username=username_of(holds.c.by), unit_name=unit_name_of(holds.c.unit))


def _retention_set(rows: Rows, at: Recorded, event: RetentionSet) -> None:
    rows.put(
        retention,
        camera=event.camera,
        days=event.days,
        effective_at=event.effective_at,
        basis=event.basis,
        set_at=at.meta.recorded_at,
        set_by=at.meta.actor,
    )


def _placed(rows: Rows, at: Recorded, event: HoldPlaced) -> None:
    rows.put(
        holds,
        hold=at.stream,
        from_at=event.from_at,
        to_at=event.to_at,
        incident=event.incident,
        case=event.case,
        by=event.by,
        unit=event.unit,
        reason=token_of(event.reason),
        placed_at=at.meta.recorded_at,
        cameras=event.cameras,
        version=at.version,
    )


def _released(rows: Rows, at: Recorded, event: HoldReleased) -> None:
    rows.change(holds, at.stream, released_at=at.meta.recorded_at, released_by=event.by, version=at.version)


def _held(rows: Rows, at: Recorded, event: FootageHeld) -> None:
    rows.put(held_cameras, camera=event.camera, hold=event.hold, from_at=event.from_at, to_at=event.to_at, stands=True)


def _lifted(rows: Rows, at: Recorded, event: HoldLifted) -> None:
    rows.change(held_cameras, event.camera, event.hold, stands=False)


VIEW = View(
    name="keeping",
    version=3,
    metadata=metadata,
    folds={
        RetentionSet: _retention_set,
        FootageHeld: _held,
        HoldLifted: _lifted,
        HoldPlaced: _placed,
        HoldReleased: _released,
    },
)
