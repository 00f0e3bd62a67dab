"""What is shared of a child: a copy of the fields that were agreed on, as they stand when it is sent, and of no others.

What is sealed is opened for it by whoever sends it, on record like any other opening. A field of which nothing is known
is refused: who gets the referral would take it for an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from msgspec.structs import replace

from app.access.operations import Operation
from app.call import Call
from app.child_profiles import latest
from app.composition import Services
from app.disclosing import Wish
from app.lists import condition, incident_columns
from domain import checks
from domain import prevention_case_events as case_events
from domain.errors import Invalid
from domain.incident import NARRATIVE_CHARACTERS_MAX
from domain.personal import ChildContacts, ChildIdentity, Narrative, SharedFields
from domain.prevention_case_state import APPROVED, PreventionCase
from domain.sealed import Sealed
from projections import child_queries

HELP_NEEDED = "help-needed"
OF_CONTACTS = ("contacts", "guardians", "school")
OF_PROFILE = frozenset({"identity", *OF_CONTACTS})


class Source(NamedTuple):
    """Where the fields come from."""

    case: UUID
    state: PreventionCase
    profile: UUID  # that stands for the child
    members: tuple[UUID, ...]  # all that are of the same child
    help_needed: str | None  # as whoever sends it puts it


def compose(house: Services, call: Call, source: Source, fields: Collection[str]) -> SharedFields:
    """Raises Invalid: nothing is known of a field, or help is described that is not shared."""
    if source.help_needed is not None and HELP_NEEDED not in fields:
        raise Invalid("help_needed", "is not among the fields that are shared", "add the field, or leave it out")
    if not OF_PROFILE.isdisjoint(fields) and not _may_open(house, call, source):
        fault = "what it holds lies in a profile that the caller may not open"
        raise Invalid("fields", fault, "leave it out, or ask the unit that keeps the profile")
    opened = _opened(house, call, source, fields)
    shared = SharedFields()
    for field in fields:
        values = _VALUES[field](house, call, source, opened)
        if not any(values.values()):
            raise Invalid("fields", f"nothing is known of {field}", "leave it out, or put it on record first")
        shared = replace(shared, **values)
    return shared


def _may_open(house: Services, call: Call, source: Source) -> bool:
    """Of a case of one's own, yes; where its child's profile was merged into another, only by who may read that."""
    profiles, key = house.childhood.profiles, source.profile
    if key == source.state.child:
        return True
    return house.desk.allows(call, Operation.CHILD_READ_IDENTITY, profiles.resource(key, profiles.load(key)))


def _opened(house: Services, call: Call, source: Source, fields: Collection[str]) -> Mapping[type[Any], Any]:
    """The sealed values that the fields are made of, by type; on record."""
    sealed: dict[type[Any], tuple[UUID, Sealed[Any] | None]] = {}
    if house.childhood.profiles.load(source.profile) is not None:
        identity, contacts = latest(house.log, source.profile)
        sealed[ChildIdentity] = source.profile, identity if "identity" in fields else None
        sealed[ChildContacts] = source.profile, contacts if not set(OF_CONTACTS).isdisjoint(fields) else None
    if "plan" in fields:
        sealed[Narrative] = source.case, _approved_plan(house, source)
    wishes = [Wish(thing, value, kind) for kind, (thing, value) in sealed.items() if value is not None]
    values = house.disclosures.open_each(call, Operation.REFERRAL_SEND, wishes)
    return {wish.kind: value for wish, value in zip(wishes, values, strict=True)}


def _approved_plan(house: Services, source: Source) -> Sealed[Narrative] | None:
    plan = source.state.plan
    if plan is None or plan.phase != APPROVED:
        return None
    events = house.log.events(source.case)
    return next(
        each.narrative for each in events if isinstance(each, case_events.PlanProposed) and each.plan == plan.key
    )


def _identity(house: Services, call: Call, source: Source, opened: Mapping[type[Any], Any]) -> dict[str, Any]:
    return {"identity": opened.get(ChildIdentity)}


def _contacts(house: Services, call: Call, source: Source, opened: Mapping[type[Any], Any]) -> dict[str, Any]:
    contacts = opened.get(ChildContacts) or ChildContacts()
    return {"phones": contacts.phones, "addresses": contacts.addresses}


def _guardians(house: Services, call: Call, source: Source, opened: Mapping[type[Any], Any]) -> dict[str, Any]:
    return {"guardians": (opened.get(ChildContacts) or ChildContacts()).guardians}


def _school(house: Services, call: Call, source: Source, opened: Mapping[type[Any], Any]) -> dict[str, Any]:
    return {"school": (opened.get(ChildContacts) or ChildContacts()).school}


def _help_needed(house: Services, call: Call, source: Source, opened: Mapping[type[Any], Any]) -> dict[str, Any]:
    if source.help_needed is None:
        raise Invalid("help_needed", "is missing", "write which help is needed, or leave the field out")
    return {"help_needed": checks.text("help_needed", source.help_needed, characters_max=NARRATIVE_CHARACTERS_MAX)}


def _risk(house: Services, call: Call, source: Source, opened: Mapping[type[Any], Any]) -> dict[str, Any]:
    judged = [event for event in house.log.events(source.case) if isinstance(event, case_events.RiskAssessed)]
    return {"risk": judged[-1].level, "protective_factors": judged[-1].protective_factors} if judged else {}


def _plan(house: Services, call: Call, source: Source, opened: Mapping[type[Any], Any]) -> dict[str, Any]:
    plan = opened.get(Narrative)
    return {} if plan is None else {"plan": plan.text}


def _incident_kinds(house: Services, call: Call, source: Source, opened: Mapping[type[Any], Any]) -> dict[str, Any]:
    """Of the incidents that whoever sends it may read."""
    only = condition(house, call, Operation.INCIDENT_LIST, incident_columns())
    house.desk.caught_up()
    with house.views.reading() as views:
        known = [each for member in source.members for each in child_queries.incidents_of(views, member, only=only)]
    return {"incident_kinds": tuple(sorted({each.kind for each in known}))}


_VALUES: Mapping[str, Callable[[Services, Call, Source, Mapping[type[Any], Any]], dict[str, Any]]] = {
    "identity": _identity,
    "contacts": _contacts,
    "guardians": _guardians,
    "school": _school,
    HELP_NEEDED: _help_needed,
    "risk": _risk,
    "plan": _plan,
    "incident-kinds": _incident_kinds,
}
"""By field of `words.SHARED_FIELDS`: what of `SharedFields` it is, as it stands now."""
