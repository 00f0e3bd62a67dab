"""How long cameras worked in a window: the share of their time in it in which they were not out.

A camera's time begins when it was installed and ends when it was decommissioned. What nobody reported as an outage
counts as worked: this tells what is on record, not what a camera did.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Connection, Float, case, cast, func, literal, select, type_coerce

from projections.cameras import cameras, outages
from projections.columns import microseconds
from projections.paging import Page, every, page, rows_of


class CameraUptime(msgspec.Struct, frozen=True, kw_only=True):
    camera: UUID
    name: str
    region: str
    community: str
    state: str  # now: projections.cameras.STATES
    standing_seconds: int  # of the window
    out_seconds: int  # of these
    uptime: float | None  # from 0 to 1; None where it did not stand there then


class RegionUptime(msgspec.Struct, frozen=True, kw_only=True):
    region: str
    cameras: int  # that stood there in the window, for some of it
    standing_seconds: int  # of all of them together
    out_seconds: int
    uptime: float | None


def uptime_page(
    connection: Connection,
    from_at: datetime,
    to_at: datetime,
    *,
    region: str | None = None,
    community: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[CameraUptime]:
    """Cameras by region and name, with their uptime in [from_at, to_at)."""
    standing, out = _seconds(from_at, to_at)
    query = rows_of(CameraUptime, cameras, standing_seconds=standing, out_seconds=out, uptime=_share(standing, out))
    for name, wanted in {"region": region, "community": community}.items():
        if wanted is not None:
            query = query.where(cameras.c[name] == wanted)
    order = (cameras.c.region, cameras.c.name, cameras.c.camera)
    return page(connection, CameraUptime, query, order, cursor=cursor, limit=limit)


def uptime_by_region(connection: Connection, from_at: datetime, to_at: datetime) -> tuple[RegionUptime, ...]:
    """Regions in which a camera stood in the window, in order of their codes."""
    standing, out = _seconds(from_at, to_at)
    each = select(cameras.c.region, standing.label("standing"), out.label("out")).subquery()
    query = (
        select(
            each.c.region,
            func.count().label("cameras"),
            func.sum(each.c.standing).label("standing_seconds"),
            func.sum(each.c.out).label("out_seconds"),
            _share(func.sum(each.c.standing), func.sum(each.c.out)).label("uptime"),
        )
        .where(each.c.standing > 0)
        .group_by(each.c.region)
        .order_by(each.c.region)
    )
    return every(connection, RegionUptime, query)


def _seconds(from_at: datetime, to_at: datetime) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Of a row of `cameras`: how long it stood in the window, and how long of that it was out; whole seconds."""
    window_from, window_to = _at(from_at), _at(to_at)
    begins = _later(_us(cameras.c.installed_at), window_from)
    ends = _earlier(func.coalesce(_us(cameras.c.decommissioned_at), window_to), window_to)
    lasted = _earlier(func.coalesce(_us(outages.c.to_at), ends), ends) - _later(_us(outages.c.from_at), begins)
    out = (
        select(func.coalesce(func.sum(_later(lasted, literal(0, BigInteger)) // 1_000_000), 0))
        .where(outages.c.camera == cameras.c.camera)
        .scalar_subquery()
    )
    return _later(ends - begins, literal(0, BigInteger)) // 1_000_000, out


def _share(standing: ColumnElement[Any], out: ColumnElement[Any]) -> ColumnElement[float | None]:
    return case((standing > 0, 1.0 - cast(out, Float) / standing), else_=None)


def _us(column: ColumnElement[Any]) -> ColumnElement[int]:
    """An instant as the number that it is stored as."""
    return type_coerce(column, BigInteger)


def _at(at: datetime) -> ColumnElement[int]:
    return literal(microseconds(at), BigInteger)


def _later(one: ColumnElement[int], other: ColumnElement[int]) -> ColumnElement[int]:
    """The greater of two: databases do not agree on the function's name."""
    return case((one > other, one), else_=other)


def _earlier(one: ColumnElement[int], other: ColumnElement[int]) -> ColumnElement[int]:
    return case((one < other, one), else_=other)
