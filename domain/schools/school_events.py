"""What happens to a school. Of a session there are counts: no field could hold a list of pupils."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from domain.event import Event
from domain.personal import HelpPerson
from domain.sealed import Sealed


class CheckedPoint(msgspec.Struct, frozen=True, kw_only=True):
    """One point of a safety passport, as it was found that day."""

    point: str  # words.PASSPORT_POINTS
    met: bool
    checked_at: datetime


class AudienceGroup(msgspec.Struct, frozen=True, kw_only=True):
    age_group: str  # words.AGE_GROUPS
    count: int


class SchoolRegistered(Event, frozen=True, kw_only=True):
    TOPIC = "school.registered"

    name: str
    community: UUID
    region: str  # vocabulary.REGIONS: the community's
    unit: UUID  # of kind school, in which its own people have their accounts
    police_unit: UUID  # of community police, that serves the community
    prevention_unit: UUID  # of juvenile prevention, that looks into its concerns
    capacity: int | None = None  # pupils, where it was stated
    by: UUID


class PassportUpdated(Event, frozen=True, kw_only=True):
    """The whole passport anew: a point that is not in it was not checked."""

    TOPIC = "school.passport-updated"

    points: tuple[CheckedPoint, ...]
    by: UUID


class SessionHeld(Event, frozen=True, kw_only=True):
    TOPIC = "school.session-held"

    session: UUID
    subject: str  # words.SESSION_SUBJECTS
    audience: str  # words.AUDIENCES
    groups: tuple[AudienceGroup, ...]
    held_at: datetime
    by: UUID  # who held it


class SessionWithdrawn(Event, frozen=True, kw_only=True):
    """It was recorded by mistake, and does not count."""

    TOPIC = "school.session-withdrawn"

    session: UUID
    by: UUID


class HelpContactNamed(Event, frozen=True, kw_only=True):
    """Somebody whom pupils can turn to."""

    TOPIC = "school.help-contact-named"

    contact: UUID
    role: str  # words.HELP_ROLES
    person: Sealed[HelpPerson]
    by: UUID


class HelpContactWithdrawn(Event, frozen=True, kw_only=True):
    TOPIC = "school.help-contact-withdrawn"

    contact: UUID
    by: UUID
