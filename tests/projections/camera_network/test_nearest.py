"""The nearest cameras are those of a full scan, in its order, wherever cameras stand and whoever asks."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from random import Random
from typing import TypeAlias
from uuid import UUID

import pytest
from sqlalchemy import Connection, create_engine, insert

from domain.position import LATITUDE_MAX, LATITUDE_MIN, LONGITUDE_MAX, LONGITUDE_MIN, metres_between
from projections.camera_network import places
from projections.camera_network.places import LOOKED_AT_MAX, Near, belt_of, nearest

Point: TypeAlias = tuple[float, float]
KYIV, UZHHOROD, LUHANSK = (50.4501, 30.5234), (48.6208, 22.2879), (48.574, 39.3078)
CORNERS = tuple((lat, lon) for lat in (LATITUDE_MIN, LATITUDE_MAX) for lon in (LONGITUDE_MIN, LONGITUDE_MAX))


def anywhere(chance: Random) -> Point:
    return chance.uniform(LATITUDE_MIN, LATITUDE_MAX), chance.uniform(LONGITUDE_MIN, LONGITUDE_MAX)


def around(chance: Random, middle: Point, degrees: float) -> Point:
    return middle[0] + chance.gauss(0, degrees), middle[1] + chance.gauss(0, degrees)


SPREADS: dict[str, Callable[[Random], list[Point]]] = {
    "none at all": lambda _: [],
    "a dozen in a whole country": lambda chance: [anywhere(chance) for _ in range(12)],
    "evenly": lambda chance: [anywhere(chance) for _ in range(3_000)],
    "one town, and a few villages": lambda chance: [
        *(around(chance, KYIV, 0.05) for _ in range(3_000)),
        *(anywhere(chance) for _ in range(30)),
    ],
    "on one mast, more than are looked at": lambda _: [KYIV] * (LOOKED_AT_MAX + 200),
    "two masts far apart": lambda _: [KYIV] * (LOOKED_AT_MAX + 50) + [UZHHOROD] * (LOOKED_AT_MAX + 50),
    "on a lattice, with many ties": lambda _: [(50 + y / 100, 30 + x / 100) for x in range(30) for y in range(30)],
    "in the corners of the first square": lambda _: [  # too many in it, and none in the circle
        (KYIV[0] + 0.0085 * math.copysign(1, number % 2 - 0.5), KYIV[1] + 0.0133) for number in range(1_500)
    ],
}


@pytest.fixture(scope="module", params=SPREADS)
def country(request: pytest.FixtureRequest) -> Iterator[tuple[Connection, dict[UUID, Point]]]:
    chance = Random(str(request.param))
    stand = {UUID(int=chance.getrandbits(128)): point for point in SPREADS[request.param](chance)}
    gone = {UUID(int=chance.getrandbits(128)): KYIV for _ in range(20)}
    rows = [
        {"camera": key, "standing": key in stand, "belt": belt_of(lat), "latitude": lat, "longitude": lon}
        for key, (lat, lon) in {**stand, **gone}.items()
    ]
    unplaced = {"camera": UUID(int=1), "standing": True, "belt": None, "latitude": None, "longitude": None}
    with create_engine("sqlite://").begin() as connection:
        places.metadata.create_all(connection)
        connection.execute(insert(places.places), [*rows, unplaced])
        yield connection, stand


def scanned(stand: dict[UUID, Point], point: Point, limit: int) -> tuple[Near, ...]:
    return tuple(sorted(Near(metres_between(*point, *there), key) for key, there in stand.items())[:limit])


def test_as_a_full_scan_tells_them(country: tuple[Connection, dict[UUID, Point]]) -> None:
    connection, stand = country
    chance = Random(7)
    asked = [KYIV, UZHHOROD, LUHANSK, *CORNERS, (50.14, 30.15), (50.155, 30.1), *(anywhere(chance) for _ in range(5))]
    asked += chance.sample(list(stand.values()), min(3, len(stand)))
    for number, point in enumerate(asked):
        limit = (20, 1, 200)[number % 3]
        assert nearest(connection, *point, limit=limit) == scanned(stand, point, limit), (point, limit)


def test_of_some_more_than_are_looked_at_all_are_counted(country: tuple[Connection, dict[UUID, Point]]) -> None:
    connection, stand = country
    asked = LOOKED_AT_MAX + 100
    assert nearest(connection, *KYIV, limit=asked) == scanned(stand, KYIV, asked)


def test_a_planted_fault_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A radius that is taken for reached though cameras beyond it are nearer than those at the corner."""
    monkeypatch.setattr(places, "ROUNDING", 1.5)
    chance = Random(3)
    stand = {UUID(int=chance.getrandbits(128)): around(chance, KYIV, 0.02) for _ in range(400)}
    with create_engine("sqlite://").begin() as connection:
        places.metadata.create_all(connection)
        rows = [
            {"camera": key, "standing": True, "belt": belt_of(lat), "latitude": lat, "longitude": lon}
            for key, (lat, lon) in stand.items()
        ]
        connection.execute(insert(places.places), rows)
        asked = [around(chance, KYIV, 0.02) for _ in range(40)]
        assert any(nearest(connection, *point, limit=20) != scanned(stand, point, 20) for point in asked)
