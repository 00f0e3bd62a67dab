"""Which cameras are near an incident, and how long what they recorded is held; where exactly it happened is sealed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.errors import Invalid
from domain.hold import HOURS_MAX, decide_place
from domain.ids import incident_hold_id
from domain.incident import DECIDER, IncidentRecorded
from domain.nearby import Reach, Standing, check_reach, hold_of_incident, nearest
from domain.personal import Place
from domain.position import degrees_around, metres_between
from domain.sealed import Sealed
from tests.domain.examples import GATE, INCIDENT, NOW, OLENA, RECORD, UNIT, YARD, changed, hours, uuid
from tests.given import given

LATITUDE, LONGITUDE = 50.4501, 30.5234
latitudes, longitudes = st.floats(44, 53), st.floats(22, 41)


def standing(number: int, metres_north: float) -> Standing:
    return Standing(camera=uuid(number), latitude=LATITUDE + metres_north / 111_195, longitude=LONGITUDE)


def test_a_distance_that_is_known() -> None:
    """Kyiv to Lviv, along the great circle: 468 km."""
    assert metres_between(50.4501, 30.5234, 49.8397, 24.0297) == pytest.approx(468_000, rel=0.01)
    assert metres_between(LATITUDE, LONGITUDE, LATITUDE, LONGITUDE) == 0


@for_all(latitudes, longitudes, latitudes, longitudes)
def test_whatever_is_near_lies_in_the_square_around(a: float, b: float, c: float, d: float) -> None:
    metres = metres_between(a, b, c, d)
    north, east = degrees_around(a, metres + 1)
    assert abs(c - a) <= north
    assert abs(d - b) <= east


def test_the_nearest_come_first_and_what_is_farther_does_not_come() -> None:
    cameras = [standing(1, 250), standing(2, -90), standing(3, 301.5), standing(4, 10)]
    assert nearest(cameras, LATITUDE, LONGITUDE, 300) == (uuid(4), uuid(2), uuid(1))
    assert nearest(cameras, LATITUDE, LONGITUDE, 300, most=2) == (uuid(4), uuid(2))
    assert nearest(cameras, LATITUDE, LONGITUDE, 5) == ()


def test_the_window_reaches_before_and_after() -> None:
    reach = Reach(radius_metres=300, before_minutes=30, after_minutes=90)
    assert reach.window(NOW - hours(2), NOW) == (NOW - hours(2.5), NOW + hours(1.5))


def test_of_an_incident_that_lasted_for_years_a_hold_takes_the_last_one() -> None:
    reach = Reach()
    from_at, to_at = reach.window(NOW - timedelta(days=900), NOW)
    assert to_at - from_at == timedelta(hours=HOURS_MAX)
    place = hold_of_incident(INCIDENT, (GATE,), (from_at, to_at), OLENA, UNIT)
    assert place is not None
    decide_place(None, place)


@pytest.mark.parametrize(
    "changes", [{"radius_metres": 0}, {"radius_metres": 20_001}, {"before_minutes": -1}, {"after_minutes": 10_081}]
)
def test_a_reach_has_limits(changes: dict[str, Any]) -> None:
    assert check_reach("nearby", Reach()) == Reach()
    with pytest.raises(Invalid, match=f"nearby: {next(iter(changes))}"):
        check_reach("nearby", changed(Reach(), **changes))


def test_the_hold_is_the_incident_s_and_names_it() -> None:
    place = hold_of_incident(INCIDENT, (GATE, YARD), (NOW - hours(1), NOW), OLENA, UNIT)
    assert place is not None
    assert (place.hold, place.incident, place.by, place.unit) == (incident_hold_id(INCIDENT), INCIDENT, OLENA, UNIT)
    _, of_cameras = decide_place(None, place)
    assert set(of_cameras) == {GATE, YARD}
    assert hold_of_incident(INCIDENT, (), (NOW - hours(1), NOW), OLENA, UNIT) is None


def test_where_exactly_is_sealed_under_the_incident() -> None:
    place = Sealed(INCIDENT, Place(text="Двір, під’їзд 2", latitude=LATITUDE, longitude=LONGITUDE))
    (event,) = DECIDER.decide(None, changed(RECORD, place=place))
    assert isinstance(event, IncidentRecorded)
    assert event.place == place
    assert str(LATITUDE) not in repr(event)


@pytest.mark.parametrize(
    ("place", "field"),
    [
        (Place(), "place"),
        (Place(text="  "), "place"),
        (Place(text="x" * 501), "place"),
        (Place(latitude=LATITUDE), "longitude"),
        (Place(longitude=LONGITUDE), "latitude"),
        (Place(latitude=LONGITUDE, longitude=LATITUDE), "latitude"),
        (Place(latitude=float("nan"), longitude=LONGITUDE), "latitude"),
    ],
)
def test_a_place_that_is_none(place: Place, field: str) -> None:
    given(DECIDER).when(changed(RECORD, place=Sealed(INCIDENT, place))).then_refused(Invalid, field=field)


@pytest.mark.parametrize("place", [Place(text="Сквер"), Place(latitude=LATITUDE, longitude=LONGITUDE)])
def test_words_or_a_position_are_enough(place: Place) -> None:
    assert given(DECIDER).when(changed(RECORD, place=Sealed(INCIDENT, place))).error is None
