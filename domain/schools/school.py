"""A school: registered by police that work with it, with the safety passport, sessions and helpers it keeps itself.

A school is known by the unit in which its people have their accounts: a unit is one school, and a school one unit.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain import checks, concern
from domain.decider import Decider
from domain.errors import AlreadyExists, Invalid, WrongState
from domain.event import Event
from domain.personal import HelpPerson
from domain.schools import words
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
from domain.suppression import SMALL

UNIT_KIND = "school"
CAPACITY_MAX = 10_000
AUDIENCE_MIN = SMALL  # nobody is to be told from the counts: a talk with fewer is no session
AUDIENCE_MAX = 5_000
CONTACTS_MAX = 20
PHONE = re.compile(r"\+?[0-9][0-9 ()/-]{2,24}")


class RegisterSchool(msgspec.Struct, frozen=True, kw_only=True):
    """Its stream is `ids.school_id(unit)`."""

    school: UUID
    name: str
    community: UUID
    region: str  # of the community; empty where there is no such community
    unit: UUID
    unit_kind: str  # vocabulary.UNIT_KINDS; empty where there is no such unit
    unit_region: str
    police_unit: UUID
    prevention_unit: UUID
    prevention_unit_kind: str
    prevention_unit_region: str
    capacity: int | None = None
    by: UUID


class UpdatePassport(msgspec.Struct, frozen=True, kw_only=True):
    school: UUID
    points: tuple[CheckedPoint, ...]
    by: UUID
    at: datetime


class HoldSession(msgspec.Struct, frozen=True, kw_only=True):
    school: UUID
    session: UUID
    subject: str
    audience: str
    groups: tuple[AudienceGroup, ...]
    held_at: datetime
    by: UUID
    at: datetime


class WithdrawSession(msgspec.Struct, frozen=True, kw_only=True):
    school: UUID
    session: UUID
    by: UUID


class NameHelpContact(msgspec.Struct, frozen=True, kw_only=True):
    school: UUID
    contact: UUID
    role: str
    person: Sealed[HelpPerson]
    by: UUID


class WithdrawHelpContact(msgspec.Struct, frozen=True, kw_only=True):
    school: UUID
    contact: UUID
    by: UUID


SchoolCommand: TypeAlias = (
    RegisterSchool | UpdatePassport | HoldSession | WithdrawSession | NameHelpContact | WithdrawHelpContact
)


class School(msgspec.Struct, frozen=True):
    community: UUID
    unit: UUID
    police_unit: UUID
    prevention_unit: UUID
    sessions: frozenset[UUID] = frozenset()  # that count
    contacts: frozenset[UUID] = frozenset()  # whom pupils can turn to now


def decide_register(state: School | None, command: RegisterSchool) -> tuple[Event, ...]:
    if state is not None:
        raise AlreadyExists("school", command.school)
    if command.unit_kind != UNIT_KIND:
        raise Invalid("unit", f"{command.unit} is no unit of {UNIT_KIND}", "name one of GET /units")
    if not command.region:
        raise Invalid("community", f"there is no community {command.community}", "register the community first")
    if command.prevention_unit_kind != concern.UNIT_KIND:
        fault = f"{command.prevention_unit} is no unit of {concern.UNIT_KIND}"
        raise Invalid("prevention_unit", fault, "name one of GET /units")
    for field, region in (("unit", command.unit_region), ("prevention_unit", command.prevention_unit_region)):
        if region != command.region:
            raise Invalid(field, f"is a unit of {region}", f"name a unit of {command.region}")
    if command.capacity is not None:
        checks.whole("capacity", command.capacity, least=1, most=CAPACITY_MAX)
    return (
        SchoolRegistered(
            name=checks.place_name("name", command.name),
            community=command.community,
            region=command.region,
            unit=command.unit,
            police_unit=command.police_unit,
            prevention_unit=command.prevention_unit,
            capacity=command.capacity,
            by=command.by,
        ),
    )


def decide_update_passport(state: School | None, command: UpdatePassport) -> tuple[Event, ...]:
    checks.existing("school", command.school, state)
    known = words.PASSPORT_POINTS
    checks.unique("points", command.points, least=1, most=len(known))
    points = tuple(
        CheckedPoint(
            point=checks.one_of("points", each.point, known),
            met=each.met,
            checked_at=checks.past("points", each.checked_at, command.at),
        )
        for each in command.points
    )
    if len({each.point for each in points}) < len(points):
        raise Invalid("points", "names a point twice", "say of each how it was found last")
    return (PassportUpdated(points=points, by=command.by),)


def decide_hold_session(state: School | None, command: HoldSession) -> tuple[Event, ...]:
    school = checks.existing("school", command.school, state)
    if command.session in school.sessions:
        raise AlreadyExists("session", command.session)
    audience = checks.one_of("audience", command.audience, words.AUDIENCES)
    return (
        SessionHeld(
            session=command.session,
            subject=checks.one_of("subject", command.subject, words.SESSION_SUBJECTS),
            audience=audience,
            groups=_groups(audience, command.groups),
            held_at=checks.past("held_at", command.held_at, command.at),
            by=command.by,
        ),
    )


def decide_withdraw_session(state: School | None, command: WithdrawSession) -> tuple[Event, ...]:
    """The id of one that was withdrawn is as one that never was."""
    school = checks.existing("school", command.school, state)
    if command.session not in school.sessions:
        raise Invalid("session", f"{command.session} is no session of the school", "take one of its sessions")
    return (SessionWithdrawn(session=command.session, by=command.by),)


def decide_name_contact(state: School | None, command: NameHelpContact) -> tuple[Event, ...]:
    school = checks.existing("school", command.school, state)
    if command.contact in school.contacts:
        raise AlreadyExists("contact", command.contact)
    if len(school.contacts) >= CONTACTS_MAX:
        mend = "withdraw one first"
        raise WrongState("school", command.school, "full", mend, words=f"full: it has {CONTACTS_MAX} contacts")
    person = command.person.fresh_value()
    checks.name("full_name", person.full_name)
    if person.phone:
        checks.pattern("phone", person.phone, PHONE, "write digits and blanks, as in +380 44 555 12 12")
    role = checks.one_of("role", command.role, words.HELP_ROLES)
    return (HelpContactNamed(contact=command.contact, role=role, person=command.person, by=command.by),)


def decide_withdraw_contact(state: School | None, command: WithdrawHelpContact) -> tuple[Event, ...]:
    school = checks.existing("school", command.school, state)
    if command.contact not in school.contacts:
        fault = f"{command.contact} is nobody whom pupils can turn to now"
        raise Invalid("contact", fault, "take one of the school's contacts")
    return (HelpContactWithdrawn(contact=command.contact, by=command.by),)


def outcome_of(phase: str) -> str:
    """What a school hears of a concern: neither what was found, nor which help was offered, nor why it ended."""
    if phase in (concern.RAISED, concern.REVIEWED):
        return words.LOOKED_INTO
    return words.HELP_WAS_OFFERED if phase == concern.HELP_OFFERED else words.ENDED


def _groups(audience: str, groups: tuple[AudienceGroup, ...]) -> tuple[AudienceGroup, ...]:
    """By age where they are pupils, else adults; of so many that nobody is told from the counts. Where every group was
    of few, counts of the school's month would tell them.
    """
    allowed = [group for group in words.AGE_GROUPS if (group == words.ADULTS) == (audience != words.PUPILS)]
    for each in groups:
        checks.one_of("groups", each.age_group, allowed)
        checks.whole("groups", each.count, least=1, most=AUDIENCE_MAX)
    once = checks.unique("groups", (each.age_group for each in groups), least=1, most=len(allowed))
    if len(once) < len(groups):
        raise Invalid("groups", "names an age group twice", "give one count of each")
    total = sum(each.count for each in groups)
    if total < AUDIENCE_MIN:
        mend = f"give at least {AUDIENCE_MIN}; a talk with fewer is no session"
        raise Invalid("groups", f"is {total} in all", mend)
    if all(each.count < AUDIENCE_MIN for each in groups):
        mend = f"count all of them in one group: {words.MIXED_AGES}"
        raise Invalid("groups", f"has no group of {AUDIENCE_MIN}", mend)
    return groups


def evolve_registered(state: None, event: SchoolRegistered) -> School:
    return School(
        community=event.community,
        unit=event.unit,
        police_unit=event.police_unit,
        prevention_unit=event.prevention_unit,
    )


def evolve_passport_updated(state: School, event: PassportUpdated) -> School:
    return state


def evolve_session_held(state: School, event: SessionHeld) -> School:
    return replace(state, sessions=state.sessions | {event.session})


def evolve_session_withdrawn(state: School, event: SessionWithdrawn) -> School:
    return replace(state, sessions=state.sessions - {event.session})


def evolve_contact_named(state: School, event: HelpContactNamed) -> School:
    return replace(state, contacts=state.contacts | {event.contact})


def evolve_contact_withdrawn(state: School, event: HelpContactWithdrawn) -> School:
    return replace(state, contacts=state.contacts - {event.contact})


DECIDER: Decider[SchoolCommand, School] = Decider(
    kind="school",
    decides={
        RegisterSchool: decide_register,
        UpdatePassport: decide_update_passport,
        HoldSession: decide_hold_session,
        WithdrawSession: decide_withdraw_session,
        NameHelpContact: decide_name_contact,
        WithdrawHelpContact: decide_withdraw_contact,
    },
    evolves={
        SchoolRegistered: evolve_registered,
        PassportUpdated: evolve_passport_updated,
        SessionHeld: evolve_session_held,
        SessionWithdrawn: evolve_session_withdrawn,
        HelpContactNamed: evolve_contact_named,
        HelpContactWithdrawn: evolve_contact_withdrawn,
    },
)
