"""What happens to an incident: recorded, corrected, linked to children, cameras and footage, voided."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.event import Event
from domain.personal import Narrative, Place, Reason
from domain.sealed import Sealed


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
    names: tuple[UUID, ...] = ()  # whom the narrative names: erasing one takes it, the place and all reasons
    place: Sealed[Place] | None = None  # exact, so sealed: it may be somebody's home


class IncidentReclassified(Event, frozen=True, kw_only=True):
    TOPIC = "incident.reclassified"

    kind: str
    reason: Sealed[Reason]


class ChildLinked(Event, frozen=True, kw_only=True):
    TOPIC = "incident.child-linked"

    child: UUID  # the pseudonym's id
    pseudonym: str  # e.g. "CH-4F2A"
    role: str  # vocabulary.CHILD_ROLES


class ChildUnlinked(Event, frozen=True, kw_only=True):
    """Linked in this role by mistake. That it was stays on record, with who took it back and why."""

    TOPIC = "incident.child-unlinked"

    child: UUID
    role: str
    reason: Sealed[Reason]


class CameraLinked(Event, frozen=True, kw_only=True):
    """It stands where it may have seen something, whether or not footage of it was found."""

    TOPIC = "incident.camera-linked"

    camera: UUID


class CameraUnlinked(Event, frozen=True, kw_only=True):
    TOPIC = "incident.camera-unlinked"

    camera: UUID


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
