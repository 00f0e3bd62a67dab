"""A child's timeline over HTTP: what each role gets of the same child, of each kind of thing that it is in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import pytest

from app.call import now
from app.clockwork import system_meta
from domain import concern
from domain.ids import account_id
from domain.log import Change
from domain.personal import Narrative
from domain.sealed import Sealed
from tests.app.conftest import House
from tests.app.prevention_house import (
    ASSESSMENT,
    CLOSE,
    COLLEAGUE,
    IN_CHARGE,
    OTHER_OFFICER,
    OTHER_SUPERVISOR,
    SUPERVISOR,
    Prevention,
    ahead,
)

AUDITOR = "oksana"
CONCERN = {"kind": "missing-school", "narrative": "Не ходить до школи; мама Оксана Гнатюк."}
READ = ["opened", "assigned", "risk-assessed", "closed", "reopened", "assigned"]
SEEN = ["opened", "closed", "reopened"]


class Known(NamedTuple):
    """One child of the unit, and the things that it is in."""

    child: str
    incident: str  # of the unit
    elsewhere: str  # an incident of another unit, with IN_CHARGE in charge
    case: str  # of the unit, closed and taken up again
    concern: str  # that the unit looks into
    concern_elsewhere: str  # that IN_CHARGE raised, and another unit looks into


@pytest.fixture(scope="module")
def prevention(house: House) -> Prevention:
    made = Prevention(house)
    made.settle()
    return made


@pytest.fixture(scope="module")
def known(prevention: Prevention) -> Known:
    house = prevention.house
    incident, pseudonym = prevention.child()
    child = str(house.register_child(pseudonym=pseudonym)["child"])
    elsewhere = house.record_incident("olena", officer=str(account_id(IN_CHARGE)))
    house.done(IN_CHARGE, f"/incidents/{elsewhere}/children", {"role": "witness", "child": child})
    case = prevention.open(pseudonym=pseudonym, incident=incident)
    house.done(IN_CHARGE, f"/cases/{case}/risk", ASSESSMENT)
    house.done(SUPERVISOR, f"/cases/{case}/close", CLOSE)
    house.done(SUPERVISOR, f"/cases/{case}/reopen", {"term_ends": ahead(90), "reason": "Знову"})
    house.done(SUPERVISOR, f"/cases/{case}/assign", {"officer": str(account_id(IN_CHARGE))})
    concerns = [
        str(house.done(IN_CHARGE, "/concerns", {**CONCERN, "child": child, "unit": house.units[unit]})["id"])
        for unit in ("juvenile", "juvenile-left")
    ]
    return Known(child, incident, elsewhere, case, *concerns)


def timeline(house: House, username: str, child: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = house.ask(username, f"/children/{child}/timeline").json()["items"]
    return found


def of(house: House, username: str, child: str, thing: str) -> list[str]:
    """The topics of a thing's events, without its kind."""
    return [each["topic"].partition(".")[2] for each in timeline(house, username, child) if each["thing"] == thing]


@pytest.mark.parametrize("username", [IN_CHARGE, COLLEAGUE, SUPERVISOR, AUDITOR])
def test_the_profile_is_for_whoever_reads_the_timeline(house: House, known: Known, username: str) -> None:
    assert of(house, username, known.child, known.child) == ["registered"]


@pytest.mark.parametrize("username", ["olena", "halyna", "taras", "admin", OTHER_OFFICER, OTHER_SUPERVISOR])
def test_of_another_unit_s_child_there_is_none(house: House, known: Known, username: str) -> None:
    assert house.ask(username, f"/children/{known.child}/timeline").status_code == 404


@pytest.mark.parametrize(
    ("username", "elsewhere"), [(IN_CHARGE, True), (COLLEAGUE, False), (SUPERVISOR, False), (AUDITOR, True)]
)
def test_incidents(house: House, known: Known, username: str, elsewhere: bool) -> None:
    assert of(house, username, known.child, known.incident) == ["recorded", "child-linked"]
    shown = of(house, username, known.child, known.elsewhere)
    assert shown == (["recorded", "child-linked"] if elsewhere else [])


@pytest.mark.parametrize(
    ("username", "topics"), [(IN_CHARGE, READ), (COLLEAGUE, SEEN), (SUPERVISOR, READ), (AUDITOR, READ)]
)
def test_a_case(house: House, known: Known, username: str, topics: list[str]) -> None:
    shown = [each for each in timeline(house, username, known.child) if each["thing"] == known.case]
    assert [each["topic"].partition(".")[2] for each in shown] == topics
    assert {(each["kind"], each["child"]) for each in shown} == {("case", known.child)}
    told = {"version", "actor", "actor_username", "role", "purpose"}
    for each in shown:
        assert {name for name in told if each[name] is not None} == (set() if topics is SEEN else told)
        assert bool(each["facts"]) == (topics is READ)


def test_a_case_that_nobody_is_in_charge_of_is_known_to_the_unit(house: House, prevention: Prevention) -> None:
    incident, pseudonym = prevention.child()
    child = str(house.register_child(pseudonym=pseudonym)["child"])
    case = prevention.open(assign=None, pseudonym=pseudonym, incident=incident)
    assert of(house, COLLEAGUE, child, case) == of(house, IN_CHARGE, child, case) == ["opened"]


def test_a_sealed_case_is_for_supervisors_and_auditors(house: House, prevention: Prevention) -> None:
    incident, pseudonym = prevention.child()
    child = str(house.register_child(pseudonym=pseudonym)["child"])
    case = prevention.open(pseudonym=pseudonym, incident=incident)
    house.done(SUPERVISOR, f"/cases/{case}/close", CLOSE)
    house.done(SUPERVISOR, f"/cases/{case}/seal", {"reason": "Строк минув"})
    assert [of(house, username, child, case) for username in (IN_CHARGE, COLLEAGUE)] == [[], []]
    for username in (SUPERVISOR, AUDITOR):
        assert of(house, username, child, case) == ["opened", "assigned", "closed", "sealed"]


def test_a_case_of_another_unit_until_it_is_offered(house: House, prevention: Prevention) -> None:
    """The child is of a unit whose supervisor may take the case over, and then reads that there is one."""
    incident = house.record_incident(OTHER_OFFICER, officer=str(account_id(IN_CHARGE)))
    linked = house.done(IN_CHARGE, f"/incidents/{incident}/children", {"role": "offender"})
    child = house.register_child(OTHER_OFFICER, child=linked["child"])["child"]
    case = prevention.open(pseudonym=linked["pseudonym"], incident=incident)
    assert [of(house, each, child, case) for each in (OTHER_OFFICER, OTHER_SUPERVISOR)] == [[], []]
    offer = {"to_unit": house.units["juvenile-left"], "answer_by": ahead(7), "reason": "Переїхали"}
    house.done(SUPERVISOR, f"/cases/{case}/transfer", offer)
    assert [of(house, each, child, case) for each in (OTHER_OFFICER, OTHER_SUPERVISOR)] == [[], ["opened"]]
    assert of(house, AUDITOR, child, case) == ["opened", "assigned", "transfer-offered"]


@pytest.mark.parametrize(
    ("username", "elsewhere"), [(IN_CHARGE, True), (COLLEAGUE, False), (SUPERVISOR, False), (AUDITOR, True)]
)
def test_concerns(house: House, known: Known, username: str, elsewhere: bool) -> None:
    assert of(house, username, known.child, known.concern) == ["raised"]
    assert of(house, username, known.child, known.concern_elsewhere) == (["raised"] if elsewhere else [])
    assert "Гнатюк" not in house.ask(username, f"/children/{known.child}/timeline").text


@pytest.mark.parametrize("username", [IN_CHARGE, COLLEAGUE, SUPERVISOR, AUDITOR])
def test_a_concern_that_expired_is_of_no_child_any_more(house: House, known: Known, username: str) -> None:
    key = expired(house, known.child)
    assert key not in house.ask(username, f"/children/{known.child}/timeline").text


def test_an_unlinked_child_keeps_the_incident_until_then(house: House, prevention: Prevention) -> None:
    incident, pseudonym = prevention.child()
    other = house.done(IN_CHARGE, f"/incidents/{incident}/children", {"role": "victim"})
    children = [
        str(house.register_child(pseudonym=pseudonym)["child"]),
        str(house.register_child(child=other["child"])["child"]),
    ]
    taken_back = {"role": "offender", "reason": "Не та дитина"}
    house.done(IN_CHARGE, f"/incidents/{incident}/children/{children[0]}/unlink", taken_back)
    house.done(SUPERVISOR, f"/incidents/{incident}/reclassify", {"kind": "assault", "reason": "Застосовано силу"})
    assert [of(house, IN_CHARGE, child, incident) for child in children] == [
        ["recorded", "child-linked", "child-unlinked"],
        ["recorded", "child-linked", "reclassified"],
    ]


def expired(house: House, child: str) -> str:
    """A concern whose time is over: raised so long ago, and read by a clock of today."""
    key = uuid4()
    command = concern.RaiseConcern(
        concern=key,
        child=UUID(child),
        pseudonym="CH-4F2A",
        kind="missing-school",
        unit=UUID(house.units["juvenile"]),
        unit_kind="juvenile-prevention",
        by=account_id(IN_CHARGE),
        narrative=Sealed(key, Narrative("x")),
        days=90,
        at=now() - timedelta(days=90),
    )
    house.services.log.append([Change(key, 0, concern.DECIDER.decide(None, command))], system_meta("test"))
    return str(key)
