"""Where each standing camera is, so that those nearest to a point are found without a look at all the others.

The country is cut into belts of latitude. Within a belt cameras lie by longitude, so that a square around a point is
one short stretch of the key a belt, on every database and without an extension of any. The square grows until the
circle in it holds enough, and shrinks again where it suddenly holds a whole city. The order is that of the exact
distance along the great circle; of two cameras on one mast, that of their ids.
"""

from __future__ import annotations

import math
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    Uuid,
    bindparam,
    func,
    select,
    true,
)

from domain.camera import CameraDecommissioned, CameraRegistered
from domain.event import Recorded
from domain.position import LATITUDE_MAX, LATITUDE_MIN, degrees_around, metres_between
from projections.rows import Rows
from projections.view import View

BELTS_PER_DEGREE = 50  # of about 2.2 km: a town has a few, and the country some four hundred
FIRST_METRES = 1_000.0
EVERYWHERE_METRES = 4_000_000.0  # reaches from every place of `domain.position` to every other
LOOKED_AT_MAX = 1_000  # cameras of a square, before a smaller one is tried
EVERY = 2**31 - 2  # more than there are
NARROWEST_METRES, NARROWEST_SHARE = 5.0, 1 / 16  # of two squares that are too small and too full: then all is looked at
ROUNDING = 1 - 1e-9  # of a radius: what lies beyond may have fallen out of the square by the last digit

metadata = MetaData()
places = Table(
    "camera_places",
    metadata,
    Column("camera", Uuid, primary_key=True),
    Column("standing", Boolean, nullable=False),
    Column("belt", Integer),
    Column("longitude", Float(53)),
    Column("latitude", Float(53)),
    UniqueConstraint("standing", "belt", "longitude", "latitude", "camera"),
)

_IN_SQUARE = (
    places.c.standing == true(),
    places.c.belt.in_(bindparam("belts", expanding=True)),
    places.c.longitude.between(bindparam("west"), bindparam("east")),
)
_COUNT = select(func.count()).select_from(places).where(*_IN_SQUARE)
_FOUND = select(places.c.camera, places.c.latitude, places.c.longitude).where(*_IN_SQUARE)


class Near(msgspec.Struct, frozen=True, order=True):
    """A camera, and how far it is: the order in which they are told."""

    metres: float
    camera: UUID


def nearest(connection: Connection, latitude: float, longitude: float, *, limit: int) -> tuple[Near, ...]:
    """The standing cameras that are nearest to the point, in order; fewer only where there are no more.

    A square is counted before it is looked at: that costs a tenth of it.
    """
    too_small, too_full, radius, most = 0.0, math.inf, FIRST_METRES, max(LOOKED_AT_MAX, limit)
    while True:
        square = _square(latitude, longitude, radius)
        there = connection.execute(_COUNT, square).scalar_one()
        if there > most:
            too_full = radius
        else:
            within = _within(connection, latitude, longitude, radius, square) if there >= limit else []
            if len(within) >= limit:
                return tuple(within[:limit])
            if radius >= EVERYWHERE_METRES:
                return tuple(_within(connection, latitude, longitude, radius, square))
            too_small = radius
        if too_full == math.inf:
            radius = min(2 * radius, EVERYWHERE_METRES)
        elif too_full - too_small > max(NARROWEST_METRES, NARROWEST_SHARE * too_full):
            radius = (too_small + too_full) / 2
        else:
            radius, too_full, most = too_full, math.inf, EVERY


def belt_of(latitude: float) -> int:
    return math.floor((latitude - LATITUDE_MIN) * BELTS_PER_DEGREE)


def _square(latitude: float, longitude: float, radius_metres: float) -> dict[str, Any]:
    """The square around the circle, as its queries take it."""
    north, east = degrees_around(latitude, radius_metres)
    lowest, highest = max(latitude - north, LATITUDE_MIN), min(latitude + north, LATITUDE_MAX)
    belts = range(belt_of(lowest), belt_of(highest) + 1)
    return {"belts": belts, "west": longitude - east, "east": longitude + east}


def _within(
    connection: Connection, latitude: float, longitude: float, radius_metres: float, square: dict[str, Any]
) -> list[Near]:
    """Those of the square that are in the circle, in order."""
    found = (
        Near(metres_between(latitude, longitude, row.latitude, row.longitude), row.camera)
        for row in connection.execute(_FOUND, square)
    )
    return sorted(each for each in found if each.metres <= radius_metres * ROUNDING)


def _registered(rows: Rows, at: Recorded, event: CameraRegistered) -> None:
    """Also of one whose place is not known: it lies in no belt."""
    belt = None if event.latitude is None else belt_of(event.latitude)
    place = {"belt": belt, "longitude": event.longitude, "latitude": event.latitude}
    rows.put(places, camera=at.stream, standing=True, **place)


def _decommissioned(rows: Rows, at: Recorded, event: CameraDecommissioned) -> None:
    rows.change(places, at.stream, standing=False)


VIEW = View(
    name="camera_places",
    version=1,
    metadata=metadata,
    folds={CameraRegistered: _registered, CameraDecommissioned: _decommissioned},
)
