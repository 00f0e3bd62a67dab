"""Schools: registered, their passports, sessions and helpers; every command taken, every refusal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from domain.errors import AlreadyExists, Invalid, NotFound, WrongState
from domain.personal import HelpPerson
from domain.schools import words
from domain.schools.school import (
    AUDIENCE_MAX,
    AUDIENCE_MIN,
    CAPACITY_MAX,
    CONTACTS_MAX,
    DECIDER,
    HoldSession,
    NameHelpContact,
    RegisterSchool,
    School,
    UpdatePassport,
    WithdrawHelpContact,
    WithdrawSession,
    outcome_of,
)
from domain.schools.school_events import (
    AudienceGroup,
    CheckedPoint,
    HelpContactNamed,
    HelpContactWithdrawn,
    PassportUpdated,
    SchoolRegistered,
    SessionHeld,
    SessionWithdrawn,
)
from domain.sealed import Sealed
from tests.domain.examples import IRYNA, NOW, OTHER_UNIT, THIRD_UNIT, UNIT, changed, hours, uuid
from tests.given import folded, given

SCHOOL, COMMUNITY, SESSION, CONTACT = (uuid(number) for number in (701, 702, 703, 704))

REGISTER = RegisterSchool(
    school=SCHOOL,
    name=" Ліцей № 7 ",
    community=COMMUNITY,
    region="UA-30",
    unit=UNIT,
    unit_kind="school",
    unit_region="UA-30",
    police_unit=OTHER_UNIT,
    prevention_unit=THIRD_UNIT,
    prevention_unit_kind="juvenile-prevention",
    prevention_unit_region="UA-30",
    capacity=600,
    by=IRYNA,
)
REGISTERED = SchoolRegistered(
    name="Ліцей № 7",
    community=COMMUNITY,
    region="UA-30",
    unit=UNIT,
    police_unit=OTHER_UNIT,
    prevention_unit=THIRD_UNIT,
    capacity=600,
    by=IRYNA,
)
POINT = CheckedPoint(point="shelter", met=True, checked_at=NOW - hours(24))
UPDATE = UpdatePassport(
    school=SCHOOL, points=(POINT, changed(POINT, point="alarm-button", met=False)), by=IRYNA, at=NOW
)
UPDATED = PassportUpdated(points=UPDATE.points, by=IRYNA)
CLASS, TEACHERS = (
    AudienceGroup(age_group="upper-school", count=AUDIENCE_MIN),
    AudienceGroup(age_group="adults", count=12),
)
AGES = ("basic-school", "upper-school")
HOLD = HoldSession(
    school=SCHOOL,
    session=SESSION,
    subject="whom-to-turn-to",
    audience="pupils",
    groups=(CLASS, changed(CLASS, age_group="basic-school", count=1)),
    held_at=NOW - hours(2),
    by=IRYNA,
    at=NOW,
)
HELD = SessionHeld(
    session=SESSION,
    subject="whom-to-turn-to",
    audience="pupils",
    groups=HOLD.groups,
    held_at=NOW - hours(2),
    by=IRYNA,
)
TAKE_BACK = WithdrawSession(school=SCHOOL, session=SESSION, by=IRYNA)
TAKEN_BACK = SessionWithdrawn(session=SESSION, by=IRYNA)
PERSON = Sealed(uuid(705), HelpPerson(full_name="Леся Гнатюк", phone="+380 44 555 12 12"))
NAME = NameHelpContact(school=SCHOOL, contact=CONTACT, role="psychologist", person=PERSON, by=IRYNA)
NAMED = HelpContactNamed(contact=CONTACT, role="psychologist", person=PERSON, by=IRYNA)
LEAVE = WithdrawHelpContact(school=SCHOOL, contact=CONTACT, by=IRYNA)
LEFT = HelpContactWithdrawn(contact=CONTACT, by=IRYNA)

LATER = (UPDATE, HOLD, TAKE_BACK, NAME, LEAVE)


def person(**more: str) -> Sealed[HelpPerson]:
    return Sealed(uuid(705), HelpPerson(**{"full_name": "Леся Гнатюк", **more}))


def test_registered_with_all_its_facts() -> None:
    given(DECIDER).when(REGISTER).then(REGISTERED)
    given(DECIDER).when(changed(REGISTER, capacity=None)).then(changed(REGISTERED, capacity=None))


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"name": " "}, "name", "empty"),
        ({"name": "Ліцей\u200b"}, "name", "cannot be seen"),
        ({"region": ""}, "community", "there is no community"),
        ({"unit_kind": ""}, "unit", "no unit of school"),
        ({"unit_kind": "agency"}, "unit", "no unit of school"),
        ({"prevention_unit_kind": "patrol"}, "prevention_unit", "juvenile-prevention"),
        ({"unit_region": "UA-46"}, "unit", "is a unit of UA-46"),
        ({"prevention_unit_region": "UA-46"}, "prevention_unit", "name a unit of UA-30"),
        ({"capacity": 0}, "capacity", "from 1"),
        ({"capacity": CAPACITY_MAX + 1}, "capacity", str(CAPACITY_MAX)),
    ],
)
def test_what_cannot_be_registered(changes: dict[str, Any], field: str, says: str) -> None:
    given(DECIDER).when(changed(REGISTER, **changes)).then_refused(Invalid, field=field, says=says)


def test_a_unit_is_one_school() -> None:
    given(DECIDER, REGISTERED).when(REGISTER).then_refused(AlreadyExists, says=str(SCHOOL))


@pytest.mark.parametrize("command", LATER, ids=lambda command: type(command).__name__)
def test_an_unknown_school_is_not_found(command: Any) -> None:
    given(DECIDER).when(command).then_refused(NotFound, says=str(SCHOOL))


def test_a_passport_is_told_whole_and_again() -> None:
    given(DECIDER, REGISTERED).when(UPDATE).then(UPDATED)
    fewer = changed(UPDATE, points=(POINT,))
    given(DECIDER, REGISTERED, UPDATED).when(fewer).then(changed(UPDATED, points=(POINT,)))


@pytest.mark.parametrize(
    ("points", "says"),
    [
        ((), "0 entries"),
        ((changed(POINT, point="snipers"),), "shelter"),
        ((changed(POINT, checked_at=NOW + hours(1)),), "in the future"),
        ((POINT, changed(POINT, met=False)), "twice"),
    ],
)
def test_what_is_no_passport(points: tuple[CheckedPoint, ...], says: str) -> None:
    refused = given(DECIDER, REGISTERED).when(changed(UPDATE, points=points))
    refused.then_refused(Invalid, field="points", says=says)


def test_a_session_is_counts_of_an_audience() -> None:
    given(DECIDER, REGISTERED).when(HOLD).then(HELD)
    few_of_each = changed(CLASS, age_group="mixed-ages", count=8)
    given(DECIDER, REGISTERED).when(changed(HOLD, groups=(few_of_each,))).then(changed(HELD, groups=(few_of_each,)))
    adults = changed(HOLD, audience="teachers", groups=(TEACHERS,))
    given(DECIDER, REGISTERED).when(adults).then(changed(HELD, audience="teachers", groups=(TEACHERS,)))


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"subject": "gossip"}, "subject", "whom-to-turn-to"),
        ({"audience": "Марійка"}, "audience", "pupils"),
        ({"held_at": NOW + hours(1)}, "held_at", "in the future"),
        ({"groups": ()}, "groups", "0 entries"),
        ({"groups": (CLASS, CLASS)}, "groups", "twice"),
        ({"groups": (TEACHERS,)}, "groups", "use one of: preschool"),
        ({"groups": (CLASS, changed(CLASS, age_group="preschool", count=0))}, "groups", "from 1"),
        ({"groups": (changed(CLASS, count=AUDIENCE_MAX + 1),)}, "groups", str(AUDIENCE_MAX)),
        ({"groups": (changed(CLASS, count=AUDIENCE_MIN - 1),)}, "groups", f"is {AUDIENCE_MIN - 1} in all"),
        ({"groups": tuple(changed(CLASS, age_group=age, count=4) for age in AGES)}, "groups", "one group: mixed-ages"),
        ({"audience": "parents"}, "groups", "use one of: adults"),
        ({"audience": "parents", "groups": (changed(CLASS, age_group="mixed-ages"),)}, "groups", "use one of: adults"),
    ],
)
def test_what_is_no_session(changes: dict[str, Any], field: str, says: str) -> None:
    given(DECIDER, REGISTERED).when(changed(HOLD, **changes)).then_refused(Invalid, field=field, says=says)


def test_a_session_is_recorded_once_and_taken_back_once() -> None:
    given(DECIDER, REGISTERED, HELD).when(HOLD).then_refused(AlreadyExists, says=str(SESSION))
    given(DECIDER, REGISTERED, HELD).when(TAKE_BACK).then(TAKEN_BACK)
    for history in ((REGISTERED,), (REGISTERED, HELD, TAKEN_BACK)):
        given(DECIDER, *history).when(TAKE_BACK).then_refused(Invalid, field="session", says=str(SESSION))


def test_no_event_has_a_place_for_a_list_of_pupils() -> None:
    """What is not a code, a count, an instant or the id of the session and of who held it."""
    kinds = {field.name: field.type for field in msgspec.structs.fields(SessionHeld)}
    assert {name for name, kind in kinds.items() if kind is str} == {"subject", "audience"}
    assert kinds["groups"] == tuple[AudienceGroup, ...]
    assert {field.name: field.type for field in msgspec.structs.fields(AudienceGroup)} == {
        "age_group": str,
        "count": int,
    }


def test_somebody_is_named_whom_pupils_can_turn_to_and_withdrawn() -> None:
    given(DECIDER, REGISTERED).when(NAME).then(NAMED)
    given(DECIDER, REGISTERED).when(changed(NAME, person=person())).then(changed(NAMED, person=person()))
    given(DECIDER, REGISTERED, NAMED).when(NAME).then_refused(AlreadyExists, says=str(CONTACT))
    given(DECIDER, REGISTERED, NAMED).when(LEAVE).then(LEFT)
    given(DECIDER, REGISTERED, NAMED, LEFT).when(LEAVE).then_refused(Invalid, field="contact", says=str(CONTACT))


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"role": "neighbour"}, "role", "psychologist"),
        ({"person": person(full_name=" ")}, "full_name", "empty"),
        ({"person": person(phone="вечорами")}, "phone", "digits"),
    ],
)
def test_who_cannot_be_named(changes: dict[str, Any], field: str, says: str) -> None:
    given(DECIDER, REGISTERED).when(changed(NAME, **changes)).then_refused(Invalid, field=field, says=says)


def test_contacts_are_bounded_by_how_many_stand() -> None:
    full = [changed(NAMED, contact=uuid(800 + number)) for number in range(CONTACTS_MAX)]
    given(DECIDER, REGISTERED, *full).when(NAME).then_refused(WrongState, says="withdraw one first")
    given(DECIDER, REGISTERED, *full, changed(LEFT, contact=uuid(800))).when(NAME).then(NAMED)


@pytest.mark.parametrize(
    ("phase", "outcome"),
    [("raised", "looked-into"), ("reviewed", "looked-into"), ("help-offered", "help-offered"),
     ("dismissed", "no-more-to-do"), ("expired", "no-more-to-do")],
)  # fmt: skip
def test_what_a_school_hears_of_a_concern(phase: str, outcome: str) -> None:
    assert outcome_of(phase) == outcome
    assert outcome in words.CONCERN_OUTCOMES


def test_its_state() -> None:
    state: School = folded(DECIDER, [REGISTERED, UPDATED, HELD, NAMED])
    assert (state.community, state.unit) == (COMMUNITY, UNIT)
    assert (state.police_unit, state.prevention_unit) == (OTHER_UNIT, THIRD_UNIT)
    assert (state.sessions, state.contacts) == ({SESSION}, {CONTACT})
    assert folded(DECIDER, [REGISTERED, HELD, NAMED, TAKEN_BACK, LEFT]).sessions == frozenset()
    assert HELD.held_at > NOW - timedelta(days=1)
