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

from domain import checks, vocabulary
from domain import incident_state as evolved
from domain.classification import KINDS
from domain.decider import Decider
from domain.errors import AlreadyExists, Invalid, WrongState
from domain.event import Event
from domain.incident_events import (
    CameraLinked,
    CameraUnlinked,
    ChildLinked,
    ChildUnlinked,
    FootageLinked,
    IncidentReclassified,
    IncidentRecorded,
    IncidentVoided,
)
from domain.incident_state import Incident
from domain.personal import Narrative, Place, Reason
from domain.position import position
from domain.sealed import Sealed
from domain.search_query import LIMIT_MAX

__all__ = [
    "CameraLinked",
    "CameraUnlinked",
    "ChildLinked",
    "ChildUnlinked",
    "FootageLinked",
    "Incident",
    "IncidentReclassified",
    "IncidentRecorded",
    "IncidentVoided",
]

NARRATIVE_CHARACTERS_MAX = 20_000
NAMES_MAX = 100
CHILD_LINKS_MAX = 200
FOOTAGE_LINKS_MAX = 1_000
CAMERA_LINKS_MAX = 200
PLACE_CHARACTERS_MAX = 500
OFFICER_ROLES = ("investigator", "juvenile-officer")  # who can be in charge of an incident
PSEUDONYM = re.compile(r"CH-[0-9A-Z]{4,12}")


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
    place: Sealed[Place] | None = None
    kinds: tuple[str, ...] = KINDS  # of the classification in force
    at: datetime


class ReclassifyIncident(msgspec.Struct, frozen=True, kw_only=True):
    incident: UUID
    kind: str
    reason: Sealed[Reason]
    kinds: tuple[str, ...] = KINDS  # of the classification in force


class LinkChild(msgspec.Struct, frozen=True, kw_only=True):
    incident: UUID
    child: UUID
    pseudonym: str
    role: str


class UnlinkChild(msgspec.Struct, frozen=True, kw_only=True):
    incident: UUID
    child: UUID
    role: str
    reason: Sealed[Reason]


class LinkCamera(msgspec.Struct, frozen=True, kw_only=True):
    """Of a camera that exists."""

    incident: UUID
    camera: UUID


class UnlinkCamera(msgspec.Struct, frozen=True, kw_only=True):
    incident: UUID
    camera: UUID


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


IncidentCommand: TypeAlias = (
    RecordIncident
    | ReclassifyIncident
    | LinkChild
    | UnlinkChild
    | LinkCamera
    | UnlinkCamera
    | LinkFootage
    | VoidIncident
)


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
            kind=checks.one_of("kind", command.kind, command.kinds),
            occurred_from=occurred_from,
            occurred_to=occurred_to,
            region=checks.one_of("region", command.region, vocabulary.REGIONS),
            community=checks.line("community", command.community),
            unit=command.unit,
            officer=command.officer,
            narrative=command.narrative,
            names=checks.unique("names", command.names, least=0, most=NAMES_MAX),
            place=None if command.place is None else checked_place(command.place),
        ),
    )


def decide_reclassify(state: Incident | None, command: ReclassifyIncident) -> tuple[Event, ...]:
    incident = _open(state, command.incident)
    kind = checks.one_of("kind", command.kind, command.kinds)
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
        if other.child != link.child and other.pseudonym == link.pseudonym:
            raise Invalid("pseudonym", f"another child of the incident is called {link.pseudonym}", "give another one")
        if other.child == link.child and other.pseudonym != link.pseudonym:
            raise Invalid("pseudonym", f"the child is called {other.pseudonym}", "correct it, or leave it out")
    _room_left("child", len(incident.children), CHILD_LINKS_MAX)
    return (link,)


def decide_unlink_child(state: Incident | None, command: UnlinkChild) -> tuple[Event, ...]:
    """What the child has in other roles stays."""
    incident = _open(state, command.incident)
    role = checks.one_of("role", command.role, vocabulary.CHILD_ROLES)
    if (command.child, role) not in {(each.child, each.role) for each in incident.children}:
        raise Invalid("child", f"{command.child} is not linked as {role}", "name a child and role of the incident")
    return (ChildUnlinked(child=command.child, role=role, reason=checks.reason("reason", command.reason)),)


def decide_link_camera(state: Incident | None, command: LinkCamera) -> tuple[Event, ...]:
    incident = _open(state, command.incident)
    if command.camera in incident.cameras:
        return ()
    _room_left("camera", len(incident.cameras), CAMERA_LINKS_MAX)
    return (CameraLinked(camera=command.camera),)


def decide_unlink_camera(state: Incident | None, command: UnlinkCamera) -> tuple[Event, ...]:
    if command.camera not in _open(state, command.incident).cameras:
        return ()
    return (CameraUnlinked(camera=command.camera),)


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


DECIDER: Decider[IncidentCommand, Incident] = Decider(
    kind="incident",
    decides={
        RecordIncident: decide_record,
        ReclassifyIncident: decide_reclassify,
        LinkChild: decide_link_child,
        UnlinkChild: decide_unlink_child,
        LinkCamera: decide_link_camera,
        UnlinkCamera: decide_unlink_camera,
        LinkFootage: decide_link_footage,
        VoidIncident: decide_void,
    },
    evolves={
        IncidentRecorded: evolved.recorded,
        IncidentReclassified: evolved.reclassified,
        ChildLinked: evolved.child_linked,
        ChildUnlinked: evolved.child_unlinked,
        CameraLinked: evolved.camera_linked,
        CameraUnlinked: evolved.camera_unlinked,
        FootageLinked: evolved.footage_linked,
        IncidentVoided: evolved.voided,
    },
)


def _open(state: Incident | None, key: UUID) -> Incident:
    incident = checks.existing("incident", key, state)
    if incident.voided:
        raise WrongState("incident", key, "voided", "record a new incident")
    return incident


def checked_place(value: Sealed[Place]) -> Sealed[Place]:
    """At least one of words and position; a position is both of its numbers."""
    place = value.fresh_value()
    position(place.latitude, place.longitude)
    if place.latitude is None and not place.text.strip():
        raise Invalid("place", "is empty", "give latitude and longitude, or words, or leave it out")
    if place.text:
        checks.text("place", place.text, characters_max=PLACE_CHARACTERS_MAX)
    return value


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
