"""An incident against or by children: what, when, where, who is in charge, whom and which footage it concerns.

One incident may hold children as victims, offenders and witnesses at once; a child is known here by a pseudonym only.
A voided incident stays readable and takes nothing more.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain import checks, vocabulary
from domain.decider import Decider
from domain.errors import AlreadyExists, Invalid, WrongState
from domain.event import Event
from domain.personal import Narrative, Reason
from domain.sealed import Sealed
from domain.search_query import LIMIT_MAX

NARRATIVE_CHARACTERS_MAX = 20_000
NAMES_MAX = 100
CHILD_LINKS_MAX = 200
FOOTAGE_LINKS_MAX = 1_000
OFFICER_ROLES = ("investigator", "juvenile-officer")  # who can be in charge of an incident
PSEUDONYM = re.compile(r"CH-[0-9A-Z]{4,12}")


class IncidentRecorded(Event, frozen=True, kw_only=True):
    TOPIC = "incident.recorded"

    kind: str  # vocabulary.INCIDENT_KINDS
    occurred_from: datetime
    occurred_to: datetime
    region: str  # vocabulary.REGIONS
    community: str
    unit: UUID
    officer: UUID  # the account in charge
    narrative: Sealed[Narrative]
    names: tuple[UUID, ...] = ()  # subjects that the narrative names: erasing one of them covers it


class IncidentReclassified(Event, frozen=True, kw_only=True):
    TOPIC = "incident.reclassified"

    kind: str
    reason: Sealed[Reason]


class ChildLinked(Event, frozen=True, kw_only=True):
    TOPIC = "incident.child-linked"

    child: UUID  # the pseudonym's id
    pseudonym: str  # e.g. "CH-4F2A"
    role: str  # vocabulary.CHILD_ROLES


class FootageLinked(Event, frozen=True, kw_only=True):
    TOPIC = "incident.footage-linked"

    footage_sha256: str
    camera: UUID
    from_at: datetime
    to_at: datetime
    search: UUID | None = None  # the search that found it, where one did
    rank: int | None = None  # of the hit within that search


class IncidentVoided(Event, frozen=True, kw_only=True):
    """Recorded in error. It stays readable, and takes nothing more."""

    TOPIC = "incident.voided"

    reason: Sealed[Reason]


class RecordIncident(msgspec.Struct, frozen=True, kw_only=True):
    incident: UUID
    kind: str
    occurred_from: datetime
    occurred_to: datetime  # equal where it was one instant
    region: str
    community: str
    unit: UUID
    officer: UUID
    officer_roles: frozenset[str]  # that the officer holds; none where there is no such account, or it is suspended
    narrative: Sealed[Narrative]
    names: tuple[UUID, ...] = ()
    at: datetime


class ReclassifyIncident(msgspec.Struct, frozen=True, kw_only=True):
    incident: UUID
    kind: str
    reason: Sealed[Reason]


class LinkChild(msgspec.Struct, frozen=True, kw_only=True):
    incident: UUID
    child: UUID
    pseudonym: str
    role: str


class LinkFootage(msgspec.Struct, frozen=True, kw_only=True):
    incident: UUID
    footage_sha256: str
    camera: UUID
    from_at: datetime
    to_at: datetime
    search: UUID | None = None
    rank: int | None = None


class VoidIncident(msgspec.Struct, frozen=True, kw_only=True):
    incident: UUID
    reason: Sealed[Reason]


IncidentCommand: TypeAlias = RecordIncident | ReclassifyIncident | LinkChild | LinkFootage | VoidIncident


class Incident(msgspec.Struct, frozen=True):
    kind: str
    region: str
    community: str
    occurred_from: datetime
    occurred_to: datetime
    unit: UUID
    officer: UUID
    children: tuple[ChildLinked, ...] = ()
    footage: tuple[FootageLinked, ...] = ()
    voided: bool = False


def decide_record(state: Incident | None, command: RecordIncident) -> tuple[Event, ...]:
    if state is not None:
        raise AlreadyExists("incident", command.incident)
    occurred_from, occurred_to = checks.period(
        "occurred_from", command.occurred_from, "occurred_to", command.occurred_to
    )
    checks.past("occurred_to", occurred_to, command.at)
    if command.officer_roles.isdisjoint(OFFICER_ROLES):
        raise Invalid("officer", f"{command.officer} is no {' or '.join(OFFICER_ROLES)}", "name somebody who is one")
    checks.text("narrative", command.narrative.fresh_value().text, characters_max=NARRATIVE_CHARACTERS_MAX)
    return (
        IncidentRecorded(
            kind=checks.one_of("kind", command.kind, vocabulary.INCIDENT_KINDS),
            occurred_from=occurred_from,
            occurred_to=occurred_to,
            region=checks.one_of("region", command.region, vocabulary.REGIONS),
            community=checks.line("community", command.community),
            unit=command.unit,
            officer=command.officer,
            narrative=command.narrative,
            names=checks.unique("names", command.names, least=0, most=NAMES_MAX),
        ),
    )


def decide_reclassify(state: Incident | None, command: ReclassifyIncident) -> tuple[Event, ...]:
    incident = _open(state, command.incident)
    kind = checks.one_of("kind", command.kind, vocabulary.INCIDENT_KINDS)
    if kind == incident.kind:
        raise Invalid("kind", f"the incident is {kind} already", "give another kind, or leave it")
    return (IncidentReclassified(kind=kind, reason=checks.reason("reason", command.reason)),)


def decide_link_child(state: Incident | None, command: LinkChild) -> tuple[Event, ...]:
    """A child has one pseudonym within an incident, and may have several roles. The same role twice changes nothing."""
    incident = _open(state, command.incident)
    link = ChildLinked(
        child=command.child,
        pseudonym=checks.pattern(
            "pseudonym", command.pseudonym, PSEUDONYM, "write CH- and 4 to 12 capital letters or digits"
        ),
        role=checks.one_of("role", command.role, vocabulary.CHILD_ROLES),
    )
    if link in incident.children:
        return ()
    for other in incident.children:
        if (other.child == link.child) != (other.pseudonym == link.pseudonym):
            raise Invalid(
                "pseudonym", f"{link.pseudonym} and {other.pseudonym} mix two children", "check pseudonym and child"
            )
    _room_left("child", len(incident.children), CHILD_LINKS_MAX)
    return (link,)


def decide_link_footage(state: Incident | None, command: LinkFootage) -> tuple[Event, ...]:
    """The same stretch of the same footage twice changes nothing, whichever search found it."""
    incident = _open(state, command.incident)
    if command.rank is not None:
        checks.whole("rank", command.rank, least=1, most=LIMIT_MAX)
    from_at, to_at = checks.period("from_at", command.from_at, "to_at", command.to_at)
    link = FootageLinked(
        footage_sha256=checks.sha256("footage_sha256", command.footage_sha256),
        camera=command.camera,
        from_at=from_at,
        to_at=to_at,
        search=command.search,
        rank=command.rank,
    )
    if any(_same_stretch(link, other) for other in incident.footage):
        return ()
    _room_left("footage_sha256", len(incident.footage), FOOTAGE_LINKS_MAX)
    return (link,)


def decide_void(state: Incident | None, command: VoidIncident) -> tuple[Event, ...]:
    _open(state, command.incident)
    return (IncidentVoided(reason=checks.reason("reason", command.reason)),)


def evolve_recorded(state: None, event: IncidentRecorded) -> Incident:
    return Incident(
        kind=event.kind,
        region=event.region,
        community=event.community,
        occurred_from=event.occurred_from,
        occurred_to=event.occurred_to,
        unit=event.unit,
        officer=event.officer,
    )


def evolve_reclassified(state: Incident, event: IncidentReclassified) -> Incident:
    return replace(state, kind=event.kind)


def evolve_child_linked(state: Incident, event: ChildLinked) -> Incident:
    return replace(state, children=(*state.children, event))


def evolve_footage_linked(state: Incident, event: FootageLinked) -> Incident:
    return replace(state, footage=(*state.footage, event))


def evolve_voided(state: Incident, event: IncidentVoided) -> Incident:
    return replace(state, voided=True)


DECIDER: Decider[IncidentCommand, Incident] = Decider(
    kind="incident",
    decides={
        RecordIncident: decide_record,
        ReclassifyIncident: decide_reclassify,
        LinkChild: decide_link_child,
        LinkFootage: decide_link_footage,
        VoidIncident: decide_void,
    },
    evolves={
        IncidentRecorded: evolve_recorded,
        IncidentReclassified: evolve_reclassified,
        ChildLinked: evolve_child_linked,
        FootageLinked: evolve_footage_linked,
        IncidentVoided: evolve_voided,
    },
)


def _open(state: Incident | None, key: UUID) -> Incident:
    incident = checks.existing("incident", key, state)
    if incident.voided:
        raise WrongState("incident", key, "voided", "record a new incident")
    return incident


def _room_left(field: str, linked: int, most: int) -> None:
    if linked >= most:
        raise Invalid(field, f"the incident has {linked} such links", f"at most {most} are taken: record another one")


def _same_stretch(link: FootageLinked, other: FootageLinked) -> bool:
    return (link.footage_sha256, link.camera, link.from_at, link.to_at) == (
        other.footage_sha256,
        other.camera,
        other.from_at,
        other.to_at,
    )
