"""A child as the police know it: a pseudonym, and who it is under seal.

Merging two profiles is `domain/child_merging.py`, erasing one `domain/child_erasure.py`: both span several streams.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

import msgspec

from domain import checks
from domain.child_events import (
    ChildRegistered,
    ContactsCorrected,
    IdentityCorrected,
    NarrativeAdded,
)
from domain.child_state import EVOLVES, Child, standing
from domain.decider import Decider
from domain.errors import AlreadyExists, Invalid, WrongState
from domain.event import Event
from domain.incident import NAMES_MAX, NARRATIVE_CHARACTERS_MAX, PSEUDONYM
from domain.kyiv_time import KYIV
from domain.personal import ChildContacts, ChildIdentity, Narrative, Reason
from domain.sealed import Sealed

NAME_CHARACTERS_MAX = 80
OTHER_NAMES_MAX = 10
CONTACTS_MAX = 20
CONTACT_CHARACTERS_MAX = 300
NARRATIVES_MAX = 1_000
YEARS_MAX = 40  # a profile is of a child; who is older was one when it was made

_BORN = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{3,18}[0-9]")


class RegisterChild(msgspec.Struct, frozen=True, kw_only=True):
    child: UUID
    pseudonym: str
    unit: UUID
    identity: Sealed[ChildIdentity]
    contacts: Sealed[ChildContacts] | None = None
    narrative: Sealed[Narrative] | None = None
    names: tuple[UUID, ...] = ()
    at: datetime


class CorrectIdentity(msgspec.Struct, frozen=True, kw_only=True):
    child: UUID
    identity: Sealed[ChildIdentity]
    reason: Sealed[Reason]
    at: datetime


class CorrectContacts(msgspec.Struct, frozen=True, kw_only=True):
    child: UUID
    contacts: Sealed[ChildContacts]


class AddNarrative(msgspec.Struct, frozen=True, kw_only=True):
    child: UUID
    narrative: Sealed[Narrative]
    names: tuple[UUID, ...] = ()


ChildCommand: TypeAlias = RegisterChild | CorrectIdentity | CorrectContacts | AddNarrative


def decide_register(state: Child | None, command: RegisterChild) -> tuple[Event, ...]:
    if state is not None:
        raise AlreadyExists("child", command.child)
    names = checks.unique("names", command.names, least=0, most=NAMES_MAX)
    if command.narrative is None and names:
        raise Invalid("names", "there is no narrative that could name anybody", "leave them out, or write a narrative")
    return (
        ChildRegistered(
            pseudonym=checks.pattern(
                "pseudonym", command.pseudonym, PSEUDONYM, "write CH- and 4 to 12 capital letters or digits"
            ),
            unit=command.unit,
            identity=_identity(command.identity, command.at),
            contacts=None if command.contacts is None else _contacts(command.contacts),
            narrative=None if command.narrative is None else _narrative(command.narrative),
            names=names,
        ),
    )


def decide_correct_identity(state: Child | None, command: CorrectIdentity) -> tuple[Event, ...]:
    standing(state, command.child)
    identity = _identity(command.identity, command.at)
    return (IdentityCorrected(identity=identity, reason=checks.reason("reason", command.reason)),)


def decide_correct_contacts(state: Child | None, command: CorrectContacts) -> tuple[Event, ...]:
    standing(state, command.child)
    return (ContactsCorrected(contacts=_contacts(command.contacts)),)


def decide_add_narrative(state: Child | None, command: AddNarrative) -> tuple[Event, ...]:
    child = standing(state, command.child)
    if child.narratives >= NARRATIVES_MAX:
        raise WrongState("child", command.child, "full", "record it where it belongs: an incident or a case")
    names = checks.unique("names", command.names, least=0, most=NAMES_MAX)
    return (NarrativeAdded(narrative=_narrative(command.narrative), names=names),)


DECIDER: Decider[ChildCommand, Child] = Decider(
    kind="child",
    decides={
        RegisterChild: decide_register,
        CorrectIdentity: decide_correct_identity,
        CorrectContacts: decide_correct_contacts,
        AddNarrative: decide_add_narrative,
    },
    evolves=EVOLVES,
)


def _identity(sealed: Sealed[ChildIdentity], at: datetime) -> Sealed[ChildIdentity]:
    """Still to be sealed. No refusal repeats what was written: it is a child's name."""
    identity = sealed.fresh_value()
    _name("surname", identity.surname)
    for field, value in (("given_name", identity.given_name), ("patronymic", identity.patronymic)):
        if value:
            _name(field, value)
    for value in checks.unique("other_names", identity.other_names, least=0, most=OTHER_NAMES_MAX):
        _name("other_names", value)
    if identity.born:
        birth(identity.born, at.astimezone(KYIV).date())
    return sealed


def _name(field: str, value: str) -> None:
    checks.name(field, value, characters_max=NAME_CHARACTERS_MAX)
    if not any(letter.isalpha() for letter in value):
        raise Invalid(field, "has no letter", "write the name")


def birth(value: str, today: date) -> None:
    """As far as it is known. A day that no calendar has, and one that cannot be a child's, is a slip."""
    mend = "write 2012, 2012-05 or 2012-05-17"
    if not _BORN.fullmatch(value):
        raise Invalid("born", "is no date, and no part of one", mend)
    try:
        first = date.fromisoformat(f"{value}-01-01"[:10])
    except ValueError:
        raise Invalid("born", "is a day that the calendar does not have", mend) from None
    if not today.year - YEARS_MAX <= first.year or first > today:
        raise Invalid("born", f"is in the future, or more than {YEARS_MAX} years ago", "check the year")


def _contacts(sealed: Sealed[ChildContacts]) -> Sealed[ChildContacts]:
    """Still to be sealed. An empty one takes away what was there."""
    contacts = sealed.fresh_value()
    for phone in checks.unique("phones", contacts.phones, least=0, most=CONTACTS_MAX):
        if not _PHONE.fullmatch(phone):
            raise Invalid("phones", "one of them is no number", "write 5 to 21 digits, as in +380 44 123 45 67")
    for field, values in (("addresses", contacts.addresses), ("guardians", contacts.guardians)):
        for value in checks.unique(field, values, least=0, most=CONTACTS_MAX):
            checks.line(field, value, characters_max=CONTACT_CHARACTERS_MAX)
    if contacts.school:
        checks.line("school", contacts.school, characters_max=CONTACT_CHARACTERS_MAX)
    return sealed


def _narrative(sealed: Sealed[Narrative]) -> Sealed[Narrative]:
    checks.text("narrative", sealed.fresh_value().text, characters_max=NARRATIVE_CHARACTERS_MAX)
    return sealed
