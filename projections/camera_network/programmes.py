"""The programmes of the regions, and what each of them paid for."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    exists,
    false,
    func,
    select,
)

from domain.camera_network import programme as facts
from domain.camera_network.programme import Goal
from domain.event import Recorded
from projections.cameras import cameras
from projections.columns import Instant, Packed
from projections.organisation import username_of
from projections.paging import Page, every, one, page, rows_of
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
programmes = Table(
    "programmes",
    metadata,
    Column("programme", Uuid, primary_key=True),
    Column("name", String, nullable=False),
    Column("region", String(64), nullable=False),
    Column("from_at", Instant, nullable=False),
    Column("to_at", Instant, nullable=False),
    Column("funder", String, nullable=False),
    Column("goals", Packed(tuple[Goal, ...]), nullable=False),
    Column("adopted_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("region", "name", "programme"),
)
fundings = Table(
    "programme_fundings",
    metadata,
    Column("programme", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("funder", String, nullable=False),
    Column("amount_kopecks", BigInteger, nullable=False),
    Column("cameras", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", Uuid, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
)
paid = Table(
    "programme_cameras",
    metadata,
    Column("programme", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),  # among those of the funding
    Column("camera", Uuid, nullable=False),
    UniqueConstraint("camera", "programme", "number"),
)


class Programme(msgspec.Struct, frozen=True, kw_only=True):
    programme: UUID
    name: str
    region: str
    from_at: datetime
    to_at: datetime
    funder: str
    goals: tuple[Goal, ...]
    cameras_funded: int  # each once, whoever shared in it
    amount_kopecks: int  # of the fundings that stand
    adopted_at: datetime
    version: int


class Funding(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    funder: str
    amount_kopecks: int
    cameras: int
    at: datetime  # when it was put on record
    by: UUID
    by_username: str | None
    withdrawn: bool  # recorded in error: counts for nothing


class FundedCamera(msgspec.Struct, frozen=True, kw_only=True):
    """A camera that a programme paid for, and what became of it."""

    camera: UUID
    name: str
    community: str
    place: str
    place_kind: str
    analytics: bool
    state: str  # projections.cameras.STATES
    installed_at: datetime
    decommissioned_at: datetime | None


def programme_page(
    connection: Connection, *, region: str | None = None, cursor: str | None = None, limit: int = 50
) -> Page[Programme]:
    """Programmes by region and name."""
    query = _shown() if region is None else _shown().where(programmes.c.region == region)
    order = (programmes.c.region, programmes.c.name, programmes.c.programme)
    return page(connection, Programme, query, order, cursor=cursor, limit=limit)


def programme(connection: Connection, key: UUID) -> Programme | None:
    return one(connection, Programme, _shown().where(programmes.c.programme == key))


def fundings_of(connection: Connection, key: UUID) -> tuple[Funding, ...]:
    """In the order in which they were recorded."""
    query = rows_of(Funding, fundings, by_username=username_of(fundings.c.by)).where(fundings.c.programme == key)
    return every(connection, Funding, query.order_by(fundings.c.number))


def funded_page(connection: Connection, key: UUID, *, cursor: str | None = None, limit: int = 50) -> Page[FundedCamera]:
    """The cameras that it paid for, by name, each once."""
    its = _standing().where(fundings.c.programme == key, paid.c.camera == cameras.c.camera)
    query = rows_of(FundedCamera, cameras).where(exists(its.correlate(cameras)))
    return page(connection, FundedCamera, query, (cameras.c.name, cameras.c.camera), cursor=cursor, limit=limit)


def _shown() -> Select[Any]:
    its = _standing().where(fundings.c.programme == programmes.c.programme)
    funded = its.with_only_columns(func.count(paid.c.camera.distinct())).correlate(programmes).scalar_subquery()
    amount = select(func.coalesce(func.sum(fundings.c.amount_kopecks), 0)).where(
        fundings.c.programme == programmes.c.programme, fundings.c.withdrawn == false()
    )
    return rows_of(Programme, programmes, cameras_funded=funded, amount_kopecks=amount.scalar_subquery())


def _standing() -> Select[Any]:
    """Cameras of fundings that were not withdrawn."""
    same = (paid.c.programme == fundings.c.programme, paid.c.number == fundings.c.number)
    return select(paid.c.camera).where(*same, fundings.c.withdrawn == false())


def _adopted(rows: Rows, at: Recorded, event: facts.ProgrammeAdopted) -> None:
    rows.put(
        programmes,
        programme=at.stream,
        name=event.name,
        region=event.region,
        from_at=event.from_at,
        to_at=event.to_at,
        funder=event.funder,
        goals=event.goals,
        adopted_at=at.meta.recorded_at,
        version=at.version,
    )


def _funded(rows: Rows, at: Recorded, event: facts.CamerasFunded) -> None:
    rows.put(
        fundings,
        programme=at.stream,
        number=event.number,
        funder=event.funder,
        amount_kopecks=event.amount_kopecks,
        cameras=len(event.cameras),
        at=at.meta.recorded_at,
        by=event.by,
        withdrawn=False,
    )
    for place, camera in enumerate(event.cameras, 1):
        rows.put(paid, programme=at.stream, number=event.number, place=place, camera=camera)
    rows.change(programmes, at.stream, version=at.version)


def _withdrawn(rows: Rows, at: Recorded, event: facts.FundingWithdrawn) -> None:
    rows.change(fundings, at.stream, event.number, withdrawn=True)
    rows.change(programmes, at.stream, version=at.version)


VIEW = View(
    name="programmes",
    version=1,
    metadata=metadata,
    folds={
        facts.ProgrammeAdopted: _adopted,
        facts.CamerasFunded: _funded,
        facts.FundingWithdrawn: _withdrawn,
    },
)
