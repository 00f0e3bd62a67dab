"""What a report is after each of its events."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.reports.events import (
    ReportAcknowledged,
    ReportClosed,
    ReportConverted,
    ReportDuplicateUndone,
    ReporterContactForgotten,
    ReporterUpdated,
    ReportEscalated,
    ReportFollowedUp,
    ReportMarkedDuplicate,
    ReportRedacted,
    ReportRedirected,
    ReportReopened,
    ReportSubmitted,
    ReportTriaged,
)
from domain.reports.words import DANGER, DANGEROUS

SUBMITTED, ACKNOWLEDGED, TRIAGED = "submitted", "acknowledged", "triaged"
DUPLICATE, REDIRECTED, CONVERTED, CLOSED = "duplicate", "redirected", "converted", "closed"
PHASES = (SUBMITTED, ACKNOWLEDGED, TRIAGED, DUPLICATE, REDIRECTED, CONVERTED, CLOSED)
OPEN = (SUBMITTED, ACKNOWLEDGED, TRIAGED)  # that the police still have to do with
WATCHED = (SUBMITTED, TRIAGED)  # in which a clock runs: until it was read, or until something came of it


class Report(msgspec.Struct, frozen=True):
    reporter: UUID
    category: str
    region: str
    community: UUID
    unit: UUID
    due_at: datetime | None = None
    phase: str = SUBMITTED
    before: str = SUBMITTED  # of a duplicate: what it was
    priority: str = ""
    names: tuple[UUID, ...] = ()
    photos: tuple[UUID, ...] = ()
    named: bool = False  # whoever reported said how they are reached
    escalated: bool = False
    published: bool = False
    incident: UUID | None = None  # that it became
    ended_at: datetime | None = None
    updates: int = 0
    follow_ups: int = 0

    @property
    def watched_until(self) -> datetime | None:
        """When the duty desks are called in, unless somebody acts."""
        return self.due_at if self.phase in WATCHED else None

    @property
    def dangerous(self) -> bool:
        """As it was weighed last; as it was reported, where nobody has weighed it; and while a clock runs."""
        said = self.priority == DANGER if self.priority else self.category in DANGEROUS
        return said or self.watched_until is not None


def submitted(state: None, event: ReportSubmitted) -> Report:
    return Report(
        reporter=event.reporter,
        category=event.category,
        region=event.region,
        community=event.community,
        unit=event.unit,
        due_at=event.due_at,
        photos=tuple(each.photo for each in event.photos),
        named=event.contact is not None,
    )


def acknowledged(state: Report, event: ReportAcknowledged) -> Report:
    return replace(state, phase=ACKNOWLEDGED, due_at=None)


def triaged(state: Report, event: ReportTriaged) -> Report:
    return replace(state, phase=TRIAGED, priority=event.priority, names=event.names, due_at=event.due_at)


def escalated(state: Report, event: ReportEscalated) -> Report:
    return replace(state, escalated=True, due_at=None)


def marked_duplicate(state: Report, event: ReportMarkedDuplicate) -> Report:
    """Its clock stands still, and goes on from where it was if that is undone."""
    return replace(state, phase=DUPLICATE, before=state.phase)


def duplicate_undone(state: Report, event: ReportDuplicateUndone) -> Report:
    return replace(state, phase=state.before)


def redacted(state: Report, event: ReportRedacted) -> Report:
    return replace(state, published=event.narrative is not None)


def redirected(state: Report, event: ReportRedirected) -> Report:
    """In another community it is new; at a body outside it ends for the police."""
    there = replace(state, region=event.region, community=event.community, unit=event.unit)
    if event.body:
        return replace(there, phase=REDIRECTED, ended_at=event.at)
    return replace(there, phase=SUBMITTED, escalated=False, due_at=event.due_at)


def converted(state: Report, event: ReportConverted) -> Report:
    return replace(state, phase=CONVERTED, incident=event.incident)


def updated(state: Report, event: ReporterUpdated) -> Report:
    return replace(state, updates=state.updates + 1)


def followed_up(state: Report, event: ReportFollowedUp) -> Report:
    return replace(state, follow_ups=state.follow_ups + 1)


def contact_forgotten(state: Report, event: ReporterContactForgotten) -> Report:
    return replace(state, named=False)


def closed(state: Report, event: ReportClosed) -> Report:
    return replace(state, phase=CLOSED, ended_at=event.at)


def reopened(state: Report, event: ReportReopened) -> Report:
    anew = replace(state, phase=SUBMITTED, incident=None, ended_at=None)
    return replace(anew, escalated=False, due_at=event.due_at)
