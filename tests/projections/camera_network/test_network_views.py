"""What the views of the CCTV network show after a history that a person can follow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection

from domain.camera import CameraDecommissioned, CameraRegistered, CameraRestored, OutageReported
from domain.camera_network.analytics import AnalyticsDeclared
from domain.camera_network.camera_import import CamerasImported
from domain.camera_network.programme import CamerasFunded, FundingWithdrawn, Goal, ProgrammeAdopted
from domain.camera_network.words import GOAL_KINDS
from domain.event import Event, Meta
from domain.ids import camera_id, programme_id
from domain.log import Change
from projections import cameras
from projections.camera_network import analytics, coverage, goals, imports, places, programmes, uptime
from projections.database import ViewsDatabase
from projections.projector import Projector
from tests.fakes_log import MemoryEventLog

START = datetime(2026, 9, 1, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BY = uuid4()
SHA256 = "ab" * 32


class Told:
    """A history told event by event, a minute each."""

    def __init__(self, log: MemoryEventLog, database: ViewsDatabase, projector: Projector) -> None:
        self.log, self.database, self.projector = log, database, projector
        self.now = START

    def tell(self, stream: UUID, *events: Event) -> None:
        self.now += timedelta(minutes=1)
        meta = Meta(
            actor=BY,
            role="administrator",
            purpose="administration",
            command_id=uuid4(),
            correlation_id=uuid4(),
            recorded_at=self.now,
        )
        self.log.append([Change(stream, len(self.log.events(stream)), events)], meta)

    def camera(self, name: str, *events: Event, **facts: Any) -> UUID:
        registered: dict[str, Any] = {
            "name": name,
            "region": "UA-30",
            "community": "Подільська",
            "owner": "КП",
            "place": "вул. Садова, 1",
            "place_kind": "street",
            "analytics": False,
            "installed_at": START,
            **facts,
        }
        self.tell(camera_id(name), CameraRegistered(**registered), *events)
        return camera_id(name)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        self.projector.catch_up()
        assert self.projector.parked() == []
        with self.database.reading() as connection:
            yield connection


@pytest.fixture
def told(log: MemoryEventLog, database: ViewsDatabase, projector: Projector) -> Told:
    return Told(log, database, projector)


def out(from_at: datetime, to_at: datetime | None = None) -> tuple[Event, ...]:
    return (OutageReported(from_at=from_at), *([] if to_at is None else [CameraRestored(at=to_at)]))


WINDOW = START + 10 * DAY, START + 20 * DAY
UPTIMES = {
    "never out": ((), 240, 0),
    "out within": (out(START + 11 * DAY, START + 12 * DAY), 240, 24),
    "out before and after": (
        (*out(START + DAY, START + 2 * DAY), *out(START + 21 * DAY, START + 22 * DAY)),
        240,
        0,
    ),
    "out from before": (out(START + 9 * DAY, START + 10 * DAY + 6 * HOUR), 240, 6),
    "out still": (out(START + 19 * DAY), 240, 24),
    "out all the time": (out(START + DAY), 240, 240),
    "out twice": ((*out(START + 11 * DAY, START + 12 * DAY), *out(START + 13 * DAY, START + 14 * DAY)), 240, 48),
    "gone within": ((CameraDecommissioned(at=START + 15 * DAY),), 120, 0),
    "gone while out": ((*out(START + 14 * DAY), CameraDecommissioned(at=START + 15 * DAY)), 120, 24),
    "gone before": ((CameraDecommissioned(at=START + 5 * DAY),), 0, 0),
}


@pytest.mark.parametrize(("events", "standing", "lost"), UPTIMES.values(), ids=UPTIMES)
def test_uptime_of_a_camera(told: Told, events: tuple[Event, ...], standing: int, lost: int) -> None:
    told.camera("CAM-1", *events)
    with told.reading() as connection:
        (row,) = uptime.uptime_page(connection, *WINDOW).items
    assert (row.standing_seconds, row.out_seconds) == (standing * 3600, lost * 3600)
    assert row.uptime == (None if standing == 0 else pytest.approx(1 - lost / standing))


def test_a_camera_that_was_installed_in_the_window(told: Told) -> None:
    told.camera("CAM-1", installed_at=START + 18 * DAY)
    told.camera("CAM-2", installed_at=START + 30 * DAY)
    with told.reading() as connection:
        late, later = uptime.uptime_page(connection, *WINDOW).items
    assert (late.standing_seconds, late.uptime) == (48 * 3600, 1.0)
    assert (later.standing_seconds, later.uptime) == (0, None)


def test_uptime_of_a_region_is_of_all_its_camera_time(told: Told) -> None:
    told.camera("CAM-1", *out(START + 11 * DAY, START + 16 * DAY))
    told.camera("CAM-2", installed_at=START + 15 * DAY)
    told.camera("CAM-3", CameraDecommissioned(at=START + DAY))
    told.camera("LVIV-1", region="UA-46")
    with told.reading() as connection:
        kyiv, lviv = uptime.uptime_by_region(connection, *WINDOW)
        assert uptime.uptime_page(connection, *WINDOW, region="UA-46").items[0].name == "LVIV-1"
        assert uptime.uptime_page(connection, *WINDOW, community="Інша").items == ()
    assert (kyiv.region, kyiv.cameras, kyiv.standing_seconds, kyiv.out_seconds) == (
        *("UA-30", 2, 15 * 86_400, 5 * 86_400),
    )
    assert kyiv.uptime == pytest.approx(2 / 3)
    assert (lviv.region, lviv.uptime) == ("UA-46", 1.0)


def test_coverage_by_region_and_community(told: Told) -> None:
    told.camera("CAM-1", *out(START + DAY), analytics=True, latitude=50.4, longitude=30.5)
    told.camera("CAM-2", analytics=True)
    told.camera("CAM-3", community="Дарницька", latitude=50.4, longitude=30.6)
    told.camera("CAM-4", CameraDecommissioned(at=START + DAY), community="Дарницька", analytics=True)
    told.camera("LVIV-1", region="UA-46")
    with told.reading() as connection:
        found = coverage.coverage_page(connection).items
        first = coverage.coverage_page(connection, region="UA-30", limit=1)
        rest = coverage.coverage_page(connection, region="UA-30", cursor=first.next_cursor)
    assert [(each.region, each.community) for each in found] == [
        ("UA-30", "Дарницька"),
        ("UA-30", "Подільська"),
        ("UA-46", "Подільська"),
    ]
    assert (*first.items, *rest.items) == found[:2]
    podil = found[1]
    counts = (podil.cameras, podil.out, podil.analytics, podil.out_with_analytics, podil.placed)
    assert counts == (2, 1, 2, 1, 1)
    assert (found[0].cameras, found[0].analytics) == (1, 0)


def test_analytics_since_when(told: Told) -> None:
    key = told.camera("CAM-1", AnalyticsDeclared(analytics=True, from_at=START + DAY))
    with told.reading() as connection:
        declared = analytics.declarations_of(connection, key)
        shown = cameras.camera(connection, key)
    assert [(each.version, each.analytics, each.from_at) for each in declared] == [
        (1, False, START),
        (2, True, START + DAY),
    ]
    assert shown is not None
    assert (shown.analytics, shown.version) == (True, 2)


def test_what_is_gone_is_near_nobody(told: Told) -> None:
    near = told.camera("CAM-1", latitude=50.45, longitude=30.52)
    told.camera("CAM-2", CameraDecommissioned(at=START + DAY), latitude=50.45, longitude=30.52)
    told.camera("CAM-3", CameraDecommissioned(at=START + DAY))
    with told.reading() as connection:
        assert [each.camera for each in places.nearest(connection, 50.4, 30.5, limit=5)] == [near]


PROGRAMME = programme_id("UA-30", "Безпечне місто")
GOALS = (
    Goal(kind="cameras", target=2, by=START + 10 * DAY),
    Goal(kind="cameras", target=3, by=START + 10 * DAY + HOUR),
    Goal(kind="cameras", target=9, by=START + 40 * DAY),
    Goal(kind="officers", target=5, by=START + 40 * DAY),
)
ADOPTED = ProgrammeAdopted(
    name="Безпечне місто",
    region="UA-30",
    from_at=START + DAY,
    to_at=START + 40 * DAY,
    funder="Київська міська рада",
    goals=GOALS,
    by=BY,
)


def test_a_programme_and_what_it_paid_for(told: Told) -> None:
    one, other = told.camera("CAM-1"), told.camera("CAM-2", *out(START + DAY))
    third = told.camera("CAM-3")
    told.tell(PROGRAMME, ADOPTED)
    funding = {"amount_kopecks": 100, "by": BY}
    told.tell(PROGRAMME, CamerasFunded(number=1, cameras=(other, one), funder="рада", **funding))
    told.tell(PROGRAMME, CamerasFunded(number=2, cameras=(one,), funder="громада", **funding))
    told.tell(PROGRAMME, CamerasFunded(number=3, cameras=(third,), funder="помилка", **funding))
    told.tell(PROGRAMME, FundingWithdrawn(number=3, by=BY))
    told.tell(programme_id("UA-46", "Інша"), ProgrammeAdopted(**{**facts(ADOPTED), "region": "UA-46", "name": "Інша"}))
    with told.reading() as connection:
        shown = programmes.programme(connection, PROGRAMME)
        fundings = programmes.fundings_of(connection, PROGRAMME)
        paid = programmes.funded_page(connection, PROGRAMME).items
        listed = programmes.programme_page(connection).items
        of_region = programmes.programme_page(connection, region="UA-46").items
    assert shown is not None
    assert (shown.cameras_funded, shown.amount_kopecks, shown.version) == (2, 200, 5)
    assert shown.goals == GOALS
    assert [(each.number, each.cameras, each.withdrawn) for each in fundings] == [
        *((1, 2, False), (2, 1, False), (3, 1, True)),
    ]
    assert [(each.name, each.state) for each in paid] == [("CAM-1", "working"), ("CAM-2", "out")]
    assert [each.region for each in listed] == ["UA-30", "UA-46"]
    assert [(each.name, each.cameras_funded, each.amount_kopecks) for each in of_region] == [("Інша", 0, 0)]


def test_goals_against_what_happened(told: Told) -> None:
    told.camera("CAM-1")
    told.camera("CAM-2", installed_at=START + 5 * DAY)
    told.camera("CAM-3", installed_at=START + 12 * DAY)
    told.camera("CAM-4", CameraDecommissioned(at=START + 6 * DAY), installed_at=START + 5 * DAY)
    told.camera("LVIV-1", region="UA-46")
    with told.reading() as connection:
        at_day = {
            day: goals.standings(connection, "UA-30", START + DAY, GOALS, START + day * DAY) for day in (0, 5, 20, 40)
        }
    assert [each.at_start for each in at_day[0]] == [None] * 4
    assert [(each.at_start, each.reached, each.present, each.standing) for each in at_day[20]] == [
        (1, 2, 3, "reached"),
        (1, 2, 3, "missed"),
        (1, 3, 3, "open"),
        (0, 0, 0, "open"),
    ]
    assert [each.reached for each in at_day[5]] == [3, 3, 3, 0]
    assert [each.standing for each in at_day[40]] == ["reached", "missed", "missed", "missed"]


def test_every_kind_of_goal_is_counted() -> None:
    assert goals.COUNTS.keys() == GOAL_KINDS.keys()


def test_imports_the_last_first(told: Told) -> None:
    for number in (1, 2):
        told.tell(uuid4(), CamerasImported(sha256=SHA256, rows=number, registered=number, already=0, refused=0, by=BY))
    with told.reading() as connection:
        assert [each.rows for each in imports.import_page(connection).items] == [2, 1]


def facts(event: Event) -> dict[str, Any]:
    return {name: getattr(event, name) for name in event.__struct_fields__}
