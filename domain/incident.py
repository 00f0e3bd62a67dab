"""An incident against or by children: what, when, where, who is in charge, whom and which footage it concerns."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.event import Event
from domain.personal import Narrative, Reason
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
