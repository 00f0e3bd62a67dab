"""How many cameras stand where: by region, and by community."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, func, or_, select

from projections.cameras import DECOMMISSIONED, OUT, cameras
from projections.paging import Page, page


class CommunityCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """Cameras that are not decommissioned."""

    region: str
    community: str
    cameras: int
    out: int
    analytics: int  # that have video analytics of their own
    out_with_analytics: int
    placed: int  # whose latitude and longitude are known


def coverage_page(
    connection: Connection, *, region: str | None = None, cursor: str | None = None, limit: int = 50
) -> Page[CommunityCoverage]:
    """Communities with a camera, by region and name."""
    query = (
        select(
            cameras.c.region,
            cameras.c.community,
            func.count().label("cameras"),
            _count(cameras.c.state == OUT).label("out"),
            _count(cameras.c.analytics).label("analytics"),
            _count(cameras.c.analytics, cameras.c.state == OUT).label("out_with_analytics"),
            _count(cameras.c.latitude.is_not(None)).label("placed"),
        )
        .where(cameras.c.state != DECOMMISSIONED)
        .group_by(cameras.c.region, cameras.c.community)
    )
    if region is not None:
        query = query.where(cameras.c.region == region)
    order = (cameras.c.region, cameras.c.community)
    return page(connection, CommunityCoverage, query, order, cursor=cursor, limit=limit)


def cameras_standing(connection: Connection, region: str, at: datetime) -> int:
    """Cameras of the region that were installed by that time and not decommissioned, whether or not they were out."""
    there = (
        cameras.c.region == region,
        cameras.c.installed_at <= at,
        or_(cameras.c.decommissioned_at.is_(None), cameras.c.decommissioned_at > at),
    )
    return int(connection.execute(select(func.count()).select_from(cameras).where(*there)).scalar_one())


def _count(*conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.count().filter(*conditions)
