"""What happens to a resident's report. Nothing in it tells who reported: whoever holds the token is known by a number
that is made of it and leads nowhere, and only who gave a contact left one, sealed under a key of its own.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from domain.event import Event
from domain.personal import Narrative, Place, Reason, ReporterContact
from domain.sealed import Sealed


class Photo(msgspec.Struct, frozen=True, kw_only=True):
    """A picture as it was made anew from its pixels: where and with what it was taken is in none of them."""

    photo: UUID
    width: int
    height: int
    size_bytes: int
    sealed_sha256: str


class ReportSubmitted(Event, frozen=True, kw_only=True):
    TOPIC = "report.submitted"

    reporter: UUID  # made of the token, which is kept nowhere
    anonymous: bool
    category: str  # words.REPORT_CATEGORIES
    region: str
    community: UUID
    unit: UUID  # of community police, that answers it
    narrative: Sealed[Narrative]
    place: Sealed[Place] | None = None  # exact, so sealed: it may be somebody's home
    latitude: float | None = None  # rounded to about a kilometre
    longitude: float | None = None
    contact: Sealed[ReporterContact] | None = None
    photos: tuple[Photo, ...] = ()
    due_at: datetime | None = None  # by when somebody must have read it, where there is danger


class ReportAcknowledged(Event, frozen=True, kw_only=True):
    TOPIC = "report.acknowledged"

    by: UUID


class ReportTriaged(Event, frozen=True, kw_only=True):
    TOPIC = "report.triaged"

    priority: str  # words.REPORT_PRIORITIES
    names: tuple[UUID, ...] = ()  # children whom its words name: erasing one takes them
    due_at: datetime | None = None  # by when something must have come of it, where there is danger
    by: UUID


class ReportEscalated(Event, frozen=True, kw_only=True):
    """Nobody acted in time: the duty desks of its region answer it, too."""

    TOPIC = "report.escalated"

    due_at: datetime


class ReportMarkedDuplicate(Event, frozen=True, kw_only=True):
    TOPIC = "report.marked-duplicate"

    of: UUID  # the report that goes on
    by: UUID


class ReportDuplicateUndone(Event, frozen=True, kw_only=True):
    TOPIC = "report.duplicate-undone"

    reason: Sealed[Reason]
    by: UUID


class ReportRedacted(Event, frozen=True, kw_only=True):
    """What everybody may read of it; nothing, where it was taken back."""

    TOPIC = "report.redacted"

    narrative: Sealed[Narrative] | None = None  # attested to name no child and nobody else
    by: UUID


class ReportRedirected(Event, frozen=True, kw_only=True):
    """To another community, whose police read it anew; or to a body outside, which is told by other means."""

    TOPIC = "report.redirected"

    region: str
    community: UUID
    unit: UUID
    body: str = ""  # words.REPORT_BODIES; empty: to the community
    reason: Sealed[Reason]  # for the police alone
    at: datetime
    due_at: datetime | None = None
    by: UUID


class ReportConverted(Event, frozen=True, kw_only=True):
    TOPIC = "report.converted-to-incident"

    incident: UUID
    record: UUID | None = None  # under which the incident keeps what was reported, and where
    by: UUID


class ReporterUpdated(Event, frozen=True, kw_only=True):
    """A word of the police to whoever reported."""

    TOPIC = "report.reporter-updated"

    narrative: Sealed[Narrative]
    by: UUID


class ReportFollowedUp(Event, frozen=True, kw_only=True):
    """A further word of whoever reported."""

    TOPIC = "report.followed-up"

    narrative: Sealed[Narrative]


class ReporterContactForgotten(Event, frozen=True, kw_only=True):
    """The certificate, at the wish of whoever reported: nothing opens how they are reached any more. Backups are not
    reached.
    """

    TOPIC = "report.contact-forgotten"

    record: UUID  # whose key was destroyed


class ReportClosed(Event, frozen=True, kw_only=True):
    TOPIC = "report.closed"

    outcome: str  # words.REPORT_OUTCOMES
    reason: Sealed[Reason]  # the reporter reads it
    at: datetime
    by: UUID


class ReportReopened(Event, frozen=True, kw_only=True):
    TOPIC = "report.reopened"

    reason: Sealed[Reason]
    by: UUID
    due_at: datetime | None = None
