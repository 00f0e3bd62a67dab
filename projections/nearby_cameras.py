"""Which cameras stand around a place: candidates, of which `domain/nearby.py` takes those that are near."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, or_

from domain.nearby import Standing
from domain.position import degrees_around
from projections.cameras import cameras
from projections.paging import every, rows_of


def cameras_around(
    connection: Connection,
    latitude: float,
    longitude: float,
    radius_metres: float,
    *,
    from_at: datetime,
    to_at: datetime,
) -> tuple[Standing, ...]:
    """Cameras with a known position in the square around it, that stood there at any of these times."""
    north, east = degrees_around(latitude, radius_metres)
    query = rows_of(Standing, cameras).where(
        cameras.c.latitude.between(latitude - north, latitude + north),
        cameras.c.longitude.between(longitude - east, longitude + east),
        cameras.c.installed_at < to_at,
        or_(cameras.c.decommissioned_at.is_(None), cameras.c.decommissioned_at > from_at),
    )
    return every(connection, Standing, query.order_by(cameras.c.camera))
