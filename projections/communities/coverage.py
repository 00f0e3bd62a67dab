"""How far community police reach at a date: officers with a post, communities in the project, open stations, and the
residents of the communities that have an officer.

A date is when something was so, as the record knows it today; what is entered late counts from when it was so, and an
answer for a past date may change with it. When something was entered stands with each posting and each claim. Residents
are never counted: they are what a source said of a community, the latest claim as of that date.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, true

from projections.communities.places import communities, populations, stations
from projections.communities.posts import active, postings
from projections.paging import Page, page


class Figures(NamedTuple):
    officers: int
    communities: int
    stations: int
    residents: int


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """`unstated` communities have an officer, and nobody said by then how many live there: their residents are in no
    sum.
    """

    officers: int
    communities: int
    stations: int
    residents: int
    reached: int  # communities that have an officer
    unstated: int


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """A community that has an officer, and the claim that counts for it; null where there is none."""

    community: UUID
    name: str
    region: str
    officers: int
    population: int | None
    as_of: datetime | None
    source: str | None
    stated_at: datetime | None  # when the claim went on record


def figures(connection: Connection, region: str | None, at: datetime) -> Figures:
    """What was so at that time, in a region or everywhere."""
    found = coverage(connection, region, at)
    return Figures(found.officers, found.communities, found.stations, found.residents)


def coverage(connection: Connection, region: str | None, at: datetime) -> Coverage:
    reached = _reached(at, region).subquery()
    in_region = _in(region)
    officers = select(func.count(func.distinct(postings.c.account))).select_from(
        postings.join(communities, communities.c.community == postings.c.community)
    )
    still = or_(stations.c.closed_at.is_(None), stations.c.closed_at > at)
    open_stations = (
        select(func.count())
        .select_from(stations.join(communities, communities.c.community == stations.c.community))
        .where(stations.c.opened_at <= at, still, in_region)
    )
    joined = select(func.count()).select_from(communities).where(communities.c.joined_at <= at, in_region)
    row = connection.execute(
        select(
            officers.where(active(at), in_region).scalar_subquery().label("officers"),
            joined.scalar_subquery().label("communities"),
            open_stations.scalar_subquery().label("stations"),
            func.coalesce(func.sum(reached.c.population), 0).label("residents"),
            func.count().label("reached"),
            (func.count() - func.count(reached.c.population)).label("unstated"),
        ).select_from(reached)
    ).mappings()
    return Coverage(**row.one())


def by_region(connection: Connection, at: datetime) -> dict[str, Coverage]:
    """Of each region in which a community is on record, by its code; those in which there was nothing are left out."""
    regions = connection.execute(select(communities.c.region).distinct().order_by(communities.c.region)).scalars()
    found = {region: coverage(connection, region, at) for region in regions.all()}
    return {region: each for region, each in found.items() if each.officers or each.communities or each.stations}


def reached_page(
    connection: Connection, region: str | None, at: datetime, *, cursor: str | None = None, limit: int = 50
) -> Page[Reached]:
    """The communities that have an officer at that time, by name, each with the claim that counts."""
    query = _reached(at, region)
    return page(connection, Reached, query, (communities.c.name, communities.c.community), cursor=cursor, limit=limit)


def _in(region: str | None) -> ColumnElement[bool]:
    return true() if region is None else communities.c.region == region


def _reached(at: datetime, region: str | None) -> Select[Any]:
    posted = (
        select(postings.c.community, func.count().label("officers"))
        .where(active(at))
        .group_by(postings.c.community)
        .subquery()
    )
    latest = _latest(at)
    source = communities.join(posted, posted.c.community == communities.c.community).outerjoin(
        populations,
        and_(populations.c.community == communities.c.community, populations.c.version == latest),
    )
    computed = {
        "officers": posted.c.officers,
        **{name: populations.c[name] for name in ("population", "as_of", "source")},
        "stated_at": populations.c.recorded_at,
    }
    columns = {name: communities.c[name] for name in ("community", "name", "region")}
    return (
        select(*(({**columns, **computed})[name].label(name) for name in Reached.__struct_fields__))
        .select_from(source)
        .where(_in(region))
    )


def _latest(at: datetime) -> ColumnElement[Any]:
    """The version of the claim that counts: of the latest day by that date; of two as of one day, the later said."""
    of = populations.alias()
    return (
        select(of.c.version)
        .where(of.c.community == communities.c.community, of.c.as_of <= at)
        .order_by(of.c.as_of.desc(), of.c.version.desc())
        .limit(1)
        .scalar_subquery()
    )
