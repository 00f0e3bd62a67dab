"""Communities and their stations: every command taken, every refusal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.communities import community, station
from domain.communities.community import (
    POPULATION_MAX,
    CommunityRegistered,
    JoinProject,
    PopulationStated,
    ProjectJoined,
    RegisterCommunity,
    StatePopulation,
)
from domain.communities.station import CloseStation, OpenStation, StationClosed, StationOpened
from domain.communities.words import POSTING_ENDS, STATION_CLOSINGS
from domain.errors import AlreadyExists, Invalid, NotFound, WrongState
from domain.ids import community_id, officer_id, post_id
from domain.officer_words import SERVICES
from domain.vocabulary import Label
from tests.domain.examples import NOW, PETRO, UNIT, changed, hours, uuid
from tests.given import folded, given

BOIARKA = community_id("UA-32", "Боярська громада")
STATION = uuid(41)
YEAR = timedelta(days=365)

REGISTER = RegisterCommunity(
    community=BOIARKA,
    name="Боярська громада",
    region="UA-32",
    code="UA32140010000000001",
    unit=UNIT,
    unit_kind="community-police",
    by=PETRO,
)
REGISTERED = CommunityRegistered(
    name="Боярська громада", region="UA-32", code="UA32140010000000001", unit=UNIT, by=PETRO
)
STATE = StatePopulation(
    community=BOIARKA, population=61_000, as_of=NOW - YEAR, source="Держстат", by=PETRO, at=NOW
)  # fmt: skip
STATED = PopulationStated(population=61_000, as_of=NOW - YEAR, source="Держстат", by=PETRO)
JOIN = JoinProject(community=BOIARKA, joined_at=NOW - hours(50), by=PETRO, at=NOW)
JOINED = ProjectJoined(at=NOW - hours(50), by=PETRO)

OPEN = OpenStation(
    station=STATION,
    community=BOIARKA,
    name="Станція в Боярці",
    place="Боярка, вул. Білогородська, 13",
    latitude=50.32,
    longitude=30.29,
    opened_at=NOW - hours(50),
    by=PETRO,
    at=NOW,
)
OPENED = StationOpened(
    community=BOIARKA,
    name="Станція в Боярці",
    place="Боярка, вул. Білогородська, 13",
    latitude=50.32,
    longitude=30.29,
    opened_at=NOW - hours(50),
    by=PETRO,
)
CLOSE = CloseStation(station=STATION, closed_at=NOW - hours(1), cause="moved", by=PETRO, at=NOW)


def test_a_community_is_registered() -> None:
    given(community.DECIDER).when(REGISTER).then(REGISTERED)
    given(community.DECIDER).when(changed(REGISTER, code="")).then(
        CommunityRegistered(name="Боярська громада", region="UA-32", unit=UNIT, by=PETRO)
    )


def test_a_region_has_one_community_of_a_name() -> None:
    given(community.DECIDER, REGISTERED).when(REGISTER).then_refused(AlreadyExists, says="Боярська")
    assert community_id("UA-32", " боярська  ГРОМАДА ") == BOIARKA != community_id("UA-30", "Боярська громада")
    alike = ("Мар'їнська", "Мар’їнська", "Марʼїнська", unicodedata.normalize("NFD", "Мар'їнська"))
    assert len({community_id("UA-14", name) for name in alike}) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"unit_kind": "patrol"}, "unit"),
        ({"unit_kind": ""}, "unit"),
        ({"region": "UA-99"}, "region"),
        ({"name": " "}, "name"),
        ({"name": "Бояр\u200bська"}, "name"),
        ({"code": "UA3214001"}, "code"),
        ({"code": "UA32140010000000001 Боярка"}, "code"),
    ],
)
def test_what_a_community_cannot_be(change: dict[str, Any], field: str) -> None:
    given(community.DECIDER).when(changed(REGISTER, **change)).then_refused(Invalid, field=field)


def test_what_is_said_of_its_population_stands_beside_what_was_said_before() -> None:
    given(community.DECIDER, REGISTERED).when(STATE).then(STATED)
    less = changed(STATE, population=0, source="Громада, паспорт")
    given(community.DECIDER, REGISTERED, STATED).when(less).then(
        PopulationStated(population=0, as_of=STATED.as_of, source="Громада, паспорт", by=PETRO)
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"population": -1}, "population"),
        ({"population": POPULATION_MAX + 1}, "population"),
        ({"as_of": NOW + hours(1)}, "as_of"),
        ({"source": ""}, "source"),
    ],
)
def test_what_cannot_be_said_of_a_population(change: dict[str, Any], field: str) -> None:
    given(community.DECIDER, REGISTERED).when(changed(STATE, **change)).then_refused(Invalid, field=field)


def test_a_community_joins_the_project_once() -> None:
    given(community.DECIDER, REGISTERED).when(JOIN).then(JOINED)
    given(community.DECIDER, REGISTERED, JOINED).when(JOIN).then_refused(WrongState, says="in the project")
    late = changed(JOIN, joined_at=NOW + hours(1))
    given(community.DECIDER, REGISTERED).when(late).then_refused(Invalid, field="joined_at")


@pytest.mark.parametrize("command", [STATE, JOIN], ids=lambda command: type(command).__name__)
def test_what_is_not_registered_takes_nothing(command: Any) -> None:
    given(community.DECIDER).when(command).then_refused(NotFound, says=str(BOIARKA))


def test_a_station_is_opened_and_closed() -> None:
    given(station.DECIDER).when(OPEN).then(OPENED)
    given(station.DECIDER, OPENED).when(CLOSE).then(StationClosed(at=NOW - hours(1), cause="moved", by=PETRO))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"place": "Боярка\nвул. Білогородська"}, "place"),
        ({"latitude": 90.1}, "latitude"),
        ({"longitude": float("nan")}, "longitude"),
        ({"opened_at": NOW + hours(1)}, "opened_at"),
    ],
)
def test_what_a_station_cannot_be(change: dict[str, Any], field: str) -> None:
    given(station.DECIDER).when(changed(OPEN, **change)).then_refused(Invalid, field=field)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"closed_at": NOW - hours(51)}, "closed_at"),
        ({"closed_at": NOW + hours(1)}, "closed_at"),
        ({"cause": "rain"}, "cause"),
    ],
)
def test_how_a_station_cannot_be_closed(change: dict[str, Any], field: str) -> None:
    given(station.DECIDER, OPENED).when(changed(CLOSE, **change)).then_refused(Invalid, field=field)


def test_a_station_is_opened_once_and_closed_once() -> None:
    closed = StationClosed(at=NOW, cause="moved", by=PETRO)
    given(station.DECIDER, OPENED).when(OPEN).then_refused(AlreadyExists, says=str(STATION))
    given(station.DECIDER, OPENED, closed).when(CLOSE).then_refused(WrongState, says="closed")
    given(station.DECIDER).when(CLOSE).then_refused(NotFound, says=str(STATION))


def test_derived_ids_are_for_ever() -> None:
    """They are in stored events, and in the reports of residents."""
    assert (community_id("UA-32", "Боярська"), post_id(UUID(int=1)), officer_id(UUID(int=1), "community-police")) == (
        UUID("3804e13f-f7c5-5152-acba-0ae6b9ec4a8a"),
        UUID("f7def873-0b6f-5fd5-9c14-830eef9fe40c"),
        UUID("2803e5b0-8fbf-5d9a-8e87-5b279b73dcf7"),
    )


@pytest.mark.parametrize("words", [POSTING_ENDS, STATION_CLOSINGS, SERVICES])
def test_codes_have_labels_in_both_languages(words: Mapping[str, Label]) -> None:
    for code, label in words.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
        assert re.fullmatch(r"[а-яіїєґ’ ]+", label.uk)
        assert re.fullmatch(r"[a-z ]+", label.en)


def test_what_is_decided_on_later_is_what_was_recorded() -> None:
    state = folded(community.DECIDER, (REGISTERED, STATED, JOINED))
    assert (state.unit, state.region, state.joined_at) == (UNIT, "UA-32", JOINED.at)
    of_station: station.Station = folded(station.DECIDER, (OPENED,))
    assert (of_station.community, of_station.closed) == (UUID(str(BOIARKA)), False)
