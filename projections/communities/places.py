"""Communities as they stand: where they are, what was said of how many live there, and which stations are open."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Float,
    Integer,
    MetaData,
    ScalarSelect,
    Select,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    case,
    or_,
    select,
)

from domain.communities import community as facts
from domain.communities import station as station_facts
from domain.event import Recorded
from projections.columns import Instant
from projections.organisation import unit_name_of
from projections.paging import Page, every, one, page, rows_of
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
communities = Table(
    "communities",
    metadata,
    Column("community", Uuid, primary_key=True),
    Column("name", String, nullable=False),
    Column("region", String(16), nullable=False),
    Column("code", String(19), nullable=False),
    Column("unit", Uuid, nullable=False),
    Column("joined_at", Instant),
    Column("registered_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("name", "community"),
    UniqueConstraint("region", "name", "community"),
)
populations = Table(  # what was ever said of how many live there
    "populations",
    metadata,
    Column("community", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("population", Integer, nullable=False),
    Column("as_of", Instant, nullable=False),
    Column("source", String, nullable=False),
    Column("by", Uuid, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)
stations = Table(
    "stations",
    metadata,
    Column("station", Uuid, primary_key=True),
    Column("community", Uuid, nullable=False),
    Column("name", String, nullable=False),
    Column("place", String, nullable=False),
    Column("latitude", Float, nullable=False),
    Column("longitude", Float, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("cause", String(32)),
    Column("version", Integer, nullable=False),
    UniqueConstraint("opened_at", "station"),
    UniqueConstraint("community", "opened_at", "station"),
)


class PublicCommunity(msgspec.Struct, frozen=True, kw_only=True):
    """What anybody may know: to whom they would turn."""

    community: UUID
    name: str
    region: str
    code: str  # KATOTTG; empty where it was not given


class ShownCommunity(msgspec.Struct, frozen=True, kw_only=True):
    community: UUID
    name: str
    region: str
    code: str
    unit: UUID
    unit_name: str | None
    joined_at: datetime | None  # the project
    registered_at: datetime
    version: int


class Population(msgspec.Struct, frozen=True, kw_only=True):
    """A claim of a source, as of a day."""

    version: int  # of the event
    population: int
    as_of: datetime
    source: str
    by: UUID
    recorded_at: datetime


class ShownStation(msgspec.Struct, frozen=True, kw_only=True):
    station: UUID
    community: UUID
    community_name: str | None
    name: str
    place: str
    latitude: float
    longitude: float
    state: str  # at the asked time: domain.communities.station.PHASES
    opened_at: datetime
    closed_at: datetime | None
    cause: str | None  # of closing it: domain.communities.words.STATION_CLOSINGS
    version: int


def community_page(
    connection: Connection, *, region: str | None = None, cursor: str | None = None, limit: int = 50
) -> Page[PublicCommunity]:
    """Communities by name."""
    query = rows_of(PublicCommunity, communities)
    if region is not None:
        query = query.where(communities.c.region == region)
    order = (communities.c.name, communities.c.community)
    return page(connection, PublicCommunity, query, order, cursor=cursor, limit=limit)


def community(connection: Connection, key: UUID) -> ShownCommunity | None:
    query = rows_of(ShownCommunity, communities, unit_name=unit_name_of(communities.c.unit))
    return one(connection, ShownCommunity, query.where(communities.c.community == key))


def populations_of(connection: Connection, key: UUID) -> tuple[Population, ...]:
    """Everything that was said of one community, in the order in which it went on record."""
    query = rows_of(Population, populations).where(populations.c.community == key)
    return every(connection, Population, query.order_by(populations.c.version))


def station_page(
    connection: Connection,
    at: datetime,
    *,
    community: UUID | None = None,
    state: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ShownStation]:
    """Stations that were opened by the time `at`, as they stood then, the first opened first."""
    query = _stations(at).where(stations.c.opened_at <= at)
    if community is not None:
        query = query.where(stations.c.community == community)
    if state is not None:
        query = query.where(_state_at(at) == state)
    order = (stations.c.opened_at, stations.c.station)
    return page(connection, ShownStation, query, order, cursor=cursor, limit=limit)


def station(connection: Connection, key: UUID, at: datetime) -> ShownStation | None:
    return one(connection, ShownStation, _stations(at).where(stations.c.station == key))


def community_name_of(column: ColumnElement[Any]) -> ScalarSelect[Any]:
    """The name of the community that a row of another list names."""
    named = communities.alias()
    return select(named.c.name).where(named.c.community == column).scalar_subquery()


def unit_of(column: ColumnElement[Any]) -> ScalarSelect[Any]:
    """The unit that serves the community that a row of another list names."""
    named = communities.alias()
    return select(named.c.unit).where(named.c.community == column).scalar_subquery()


def _state_at(at: datetime) -> ColumnElement[str]:
    still = or_(stations.c.closed_at.is_(None), stations.c.closed_at > at)
    return case((still, station_facts.OPEN), else_=station_facts.CLOSED)


def _stations(at: datetime) -> Select[Any]:
    return rows_of(ShownStation, stations, community_name=community_name_of(stations.c.community), state=_state_at(at))


def _registered(rows: Rows, at: Recorded, event: facts.CommunityRegistered) -> None:
    rows.put(
        communities,
        community=at.stream,
        name=event.name,
        region=event.region,
        code=event.code,
        unit=event.unit,
        registered_at=at.meta.recorded_at,
        version=at.version,
    )


def _stated(rows: Rows, at: Recorded, event: facts.PopulationStated) -> None:
    rows.put(
        populations,
        community=at.stream,
        version=at.version,
        population=event.population,
        as_of=event.as_of,
        source=event.source,
        by=event.by,
        recorded_at=at.meta.recorded_at,
    )
    rows.change(communities, at.stream, version=at.version)


def _joined(rows: Rows, at: Recorded, event: facts.ProjectJoined) -> None:
    rows.change(communities, at.stream, joined_at=event.at, version=at.version)


def _opened(rows: Rows, at: Recorded, event: station_facts.StationOpened) -> None:
    rows.put(
        stations,
        station=at.stream,
        community=event.community,
        name=event.name,
        place=event.place,
        latitude=event.latitude,
        longitude=event.longitude,
        opened_at=event.opened_at,
        version=at.version,
    )


def _closed(rows: Rows, at: Recorded, event: station_facts.StationClosed) -> None:
    rows.change(stations, at.stream, closed_at=event.at, cause=event.cause, version=at.version)


VIEW = View(
    name="communities",
    version=1,
    metadata=metadata,
    folds={
        facts.CommunityRegistered: _registered,
        facts.PopulationStated: _stated,
        facts.ProjectJoined: _joined,
        station_facts.StationOpened: _opened,
        station_facts.StationClosed: _closed,
    },
)
