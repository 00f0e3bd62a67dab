"""What an incident is after each of its events."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

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
    cameras: tuple[UUID, ...] = ()
    voided: bool = False


def recorded(state: None, event: IncidentRecorded) -> Incident:
    return Incident(
        kind=event.kind,
        region=event.region,
        community=event.community,
        occurred_from=event.occurred_from,
        occurred_to=event.occurred_to,
        unit=event.unit,
        officer=event.officer,
    )


def reclassified(state: Incident, event: IncidentReclassified) -> Incident:
    return replace(state, kind=event.kind)


def child_linked(state: Incident, event: ChildLinked) -> Incident:
    return replace(state, children=(*state.children, event))


def child_unlinked(state: Incident, event: ChildUnlinked) -> Incident:
    gone = (event.child, event.role)
    return replace(state, children=tuple(each for each in state.children if (each.child, each.role) != gone))


def camera_linked(state: Incident, event: CameraLinked) -> Incident:
    return replace(state, cameras=(*state.cameras, event.camera))


def camera_unlinked(state: Incident, event: CameraUnlinked) -> Incident:
    return replace(state, cameras=tuple(each for each in state.cameras if each != event.camera))


def footage_linked(state: Incident, event: FootageLinked) -> Incident:
    return replace(state, footage=(*state.footage, event))


def voided(state: Incident, event: IncidentVoided) -> Incident:
    return replace(state, voided=True)
