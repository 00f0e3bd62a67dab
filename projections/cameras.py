"""The cameras by region, and when each was out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import asdict
from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Float,
    Integer,
    MetaData,
    ScalarSelect,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    func,
    or_,
    select,
)

from domain import camera as facts
from domain.camera_indexing import IndexingConfigured
from domain.camera_network.analytics import AnalyticsDeclared
from domain.event import Recorded
from projections.columns import Instant
from projections.paging import Page, every, one, page, rows_of
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
cameras = Table(
    "cameras",
    metadata,
    Column("camera", Uuid, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("region", String(64), nullable=False),
    Column("community", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("place", String, nullable=False),
    Column("place_kind", String(32), nullable=False),
    Column("latitude", Float(53)),
    Column("longitude", Float(53)),
    Column("analytics", Boolean, nullable=False),
    Column("installed_at", Instant, nullable=False),
    Column("decommissioned_at", Instant),
    Column("state", String(16), nullable=False),
    Column("outages", Integer, nullable=False),
    Column("frames_per_second", Float(53)),
    Column("heartbeat_seconds", Integer),
    Column("tiles_across", Integer),
    Column("masked_heads", String(16)),
    Column("merge_repeats", Boolean),
    Column("detect_things", Boolean),
    Column("version", Integer, nullable=False),
    UniqueConstraint("region", "name", "camera"),
)
outages = Table(
    "camera_outages",
    metadata,
    Column("camera", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("from_at", Instant, nullable=False),
    Column("to_at", Instant),
)

STATES = WORKING, OUT, DECOMMISSIONED = "working", "out", "decommissioned"
NAMED_AT_ONCE_MAX = 10_000  # a database binds only so many values in one query


class Camera(msgspec.Struct, frozen=True, kw_only=True):
    camera: UUID
    name: str
    region: str
    community: str
    owner: str
    place: str
    place_kind: str
    latitude: float | None
    longitude: float | None
    analytics: bool
    installed_at: datetime
    decommissioned_at: datetime | None
    state: str  # WORKING | OUT | DECOMMISSIONED
    outages: int  # so far, the present one included
    frames_per_second: float | None  # this and what follows: chosen for it, None where the deployment's holds
    heartbeat_seconds: int | None
    tiles_across: int | None
    masked_heads: str | None
    merge_repeats: bool | None
    detect_things: bool | None
    version: int


class Outage(msgspec.Struct, frozen=True, kw_only=True):
    camera: UUID
    number: int  # from 1
    from_at: datetime
    to_at: datetime | None  # None: it lasts


class RegionCameras(msgspec.Struct, frozen=True, kw_only=True):
    region: str
    cameras: int  # that are not decommissioned
    out: int
    analytics: int


def camera_page(
    connection: Connection,
    *,
    region: str | None = None,
    community: str | None = None,
    owner: str | None = None,
    state: str | None = None,
    analytics: bool | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Camera]:
    """Cameras by region and name. Every filter that is given must hold."""
    query = rows_of(Camera, cameras)
    equal = {"region": region, "community": community, "owner": owner, "state": state, "analytics": analytics}
    for name, wanted in equal.items():
        if wanted is not None:
            query = query.where(cameras.c[name] == wanted)
    order = (cameras.c.region, cameras.c.name, cameras.c.camera)
    return page(connection, Camera, query, order, cursor=cursor, limit=limit)


def camera(connection: Connection, key: UUID) -> Camera | None:
    return one(connection, Camera, rows_of(Camera, cameras).where(cameras.c.camera == key))


def any_masks(connection: Connection, masked_heads: str) -> bool:
    """Whether that masking was chosen for any camera."""
    found = select(cameras.c.camera).where(cameras.c.masked_heads == masked_heads).limit(1)
    return connection.execute(found).first() is not None


def cameras_named(connection: Connection, keys: Collection[UUID]) -> dict[UUID, Camera]:
    """Those of the cameras that exist: to show their names, or to check that all do."""
    query = rows_of(Camera, cameras).where(cameras.c.camera.in_(keys))
    return {found.camera: found for found in every(connection, Camera, query)}


def camera_name_of(column: ColumnElement[Any]) -> ScalarSelect[Any]:
    """The code of the camera that a row of another list names; NULL where there is no such camera."""
    return select(cameras.c.name).where(cameras.c.camera == column).scalar_subquery()


def camera_names(connection: Connection, keys: Collection[UUID]) -> dict[UUID, str]:
    """The codes of those of the cameras that exist; a page of a list may name very many."""
    asked = list(keys)
    names: dict[UUID, str] = {}
    for start in range(0, len(asked), NAMED_AT_ONCE_MAX):
        some = cameras.c.camera.in_(asked[start : start + NAMED_AT_ONCE_MAX])
        names.update(connection.execute(select(cameras.c.camera, cameras.c.name).where(some)).tuples().all())
    return names


def regions(connection: Connection) -> tuple[RegionCameras, ...]:
    """How many cameras each region has, in order of the regions' names."""
    query = (
        select(
            cameras.c.region,
            func.count().label("cameras"),
            func.count().filter(cameras.c.state == OUT).label("out"),
            func.count().filter(cameras.c.analytics).label("analytics"),
        )
        .where(cameras.c.state != DECOMMISSIONED)
        .group_by(cameras.c.region)
        .order_by(cameras.c.region)
    )
    return every(connection, RegionCameras, query)


def outages_of(
    connection: Connection,
    keys: Collection[UUID],
    *,
    from_at: datetime | None = None,
    to_at: datetime | None = None,
) -> tuple[Outage, ...]:
    """Outages of these cameras that touch [from_at, to_at), in order of camera and time."""
    query = rows_of(Outage, outages).where(outages.c.camera.in_(keys))
    if from_at is not None:
        query = query.where(or_(outages.c.to_at.is_(None), outages.c.to_at > from_at))
    if to_at is not None:
        query = query.where(outages.c.from_at < to_at)
    return every(connection, Outage, query.order_by(outages.c.camera, outages.c.number))


def _registered(rows: Rows, at: Recorded, event: facts.CameraRegistered) -> None:
    rows.put(
        cameras,
        camera=at.stream,
        name=event.name,
        region=event.region,
        community=event.community,
        owner=event.owner,
        place=event.place,
        place_kind=event.place_kind,
        latitude=event.latitude,
        longitude=event.longitude,
        analytics=event.analytics,
        installed_at=event.installed_at,
        state=WORKING,
        outages=0,
        version=at.version,
    )


def _out(rows: Rows, at: Recorded, event: facts.OutageReported) -> None:
    number = rows.read(cameras, at.stream)["outages"] + 1
    rows.put(outages, camera=at.stream, number=number, from_at=event.from_at)
    rows.change(cameras, at.stream, state=OUT, outages=number, version=at.version)


def _restored(rows: Rows, at: Recorded, event: facts.CameraRestored) -> None:
    number = rows.read(cameras, at.stream)["outages"]
    rows.change(outages, at.stream, number, to_at=event.at)
    rows.change(cameras, at.stream, state=WORKING, version=at.version)


def _decommissioned(rows: Rows, at: Recorded, event: facts.CameraDecommissioned) -> None:
    before = rows.read(cameras, at.stream)
    if before["state"] == OUT:  # nothing of it is missed from now on
        outage = rows.read(outages, at.stream, before["outages"])
        rows.change(outages, at.stream, before["outages"], to_at=max(event.at, outage["from_at"]))
    rows.change(cameras, at.stream, state=DECOMMISSIONED, decommissioned_at=event.at, version=at.version)


def _configured(rows: Rows, at: Recorded, event: IndexingConfigured) -> None:
    rows.change(cameras, at.stream, **asdict(event), version=at.version)


def _declared(rows: Rows, at: Recorded, event: AnalyticsDeclared) -> None:
    rows.change(cameras, at.stream, analytics=event.analytics, version=at.version)


def _footage_moved(rows: Rows, at: Recorded, event: facts.FootageReceived | facts.FootageReleased) -> None:
    rows.change(cameras, at.stream, version=at.version)


VIEW = View(
    name="cameras",
    version=3,
    metadata=metadata,
    folds={
        facts.CameraRegistered: _registered,
        facts.OutageReported: _out,
        facts.CameraRestored: _restored,
        facts.CameraDecommissioned: _decommissioned,
        IndexingConfigured: _configured,
        AnalyticsDeclared: _declared,
        facts.FootageReceived: _footage_moved,
        facts.FootageReleased: _footage_moved,
    },
)
