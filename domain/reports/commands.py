"""What may be asked of a resident's report. Times come with the command; what else it rests on, too."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec

from domain.personal import Narrative, Place, Reason, ReporterContact
from domain.reports.events import Photo
from domain.sealed import Sealed


class Destination(msgspec.Struct, frozen=True, kw_only=True):
    """A community as it is on record, and the unit of community police that answers it."""

    region: str
    community: UUID
    unit: UUID


class SubmitReport(msgspec.Struct, frozen=True, kw_only=True):
    """Its stream is `ids.report_id(reporter)`: a token is good for one report, so that no two are known to be of one
    person.
    """

    report: UUID
    reporter: UUID
    category: str
    to: Destination
    narrative: Sealed[Narrative]
    place: Sealed[Place] | None = None
    contact: Sealed[ReporterContact] | None = None
    photos: tuple[Photo, ...] = ()
    danger_minutes: int
    at: datetime


class AcknowledgeReport(msgspec.Struct, frozen=True, kw_only=True):
    report: UUID
    by: UUID


class TriageReport(msgspec.Struct, frozen=True, kw_only=True):
    report: UUID
    priority: str
    names: tuple[UUID, ...] = ()
    by: UUID
    danger_minutes: int
    at: datetime


class EscalateReport(msgspec.Struct, frozen=True, kw_only=True):
    report: UUID
    at: datetime


class MarkDuplicate(msgspec.Struct, frozen=True, kw_only=True):
    report: UUID
    of: UUID
    of_phase: str  # what the other report is now; empty where there is none
    of_danger: bool = False  # whether somebody weighed the other one as danger
    by: UUID


class UndoDuplicate(msgspec.Struct, frozen=True, kw_only=True):
    report: UUID
    reason: Sealed[Reason]
    by: UUID


class RedactReport(msgspec.Struct, frozen=True, kw_only=True):
    """Without a narrative, what everybody could read is taken back."""

    report: UUID
    narrative: Sealed[Narrative] | None
    attested: bool  # by `by`: it names no child, and nobody else
    names_child: bool  # a child on record is called as somebody in it is
    by: UUID


class RedirectReport(msgspec.Struct, frozen=True, kw_only=True):
    """To another community, or to a body outside: one of them."""

    report: UUID
    to: Destination | None = None
    body: str = ""
    reason: Sealed[Reason]
    by: UUID
    danger_minutes: int
    at: datetime


class ConvertReport(msgspec.Struct, frozen=True, kw_only=True):
    """The incident is recorded in the same step."""

    report: UUID
    incident: UUID
    record: UUID  # of the incident's narrative and place
    by: UUID


class UpdateReporter(msgspec.Struct, frozen=True, kw_only=True):
    report: UUID
    narrative: Sealed[Narrative]
    names_child: bool  # whoever holds the token reads it
    by: UUID


class FollowUpReport(msgspec.Struct, frozen=True, kw_only=True):
    report: UUID
    narrative: Sealed[Narrative]


class ForgetContact(msgspec.Struct, frozen=True, kw_only=True):
    """The key of the contact is destroyed before."""

    report: UUID


class CloseReport(msgspec.Struct, frozen=True, kw_only=True):
    report: UUID
    outcome: str
    reason: Sealed[Reason]
    names_child: bool  # the reason, which whoever reported reads
    by: UUID
    at: datetime


class ReopenReport(msgspec.Struct, frozen=True, kw_only=True):
    """By the police at any time; by whoever reported within some days of its end."""

    report: UUID
    reason: Sealed[Reason]
    by: UUID
    voided: bool = False  # the incident that it became: then by the police alone
    within_days: int
    danger_minutes: int
    at: datetime


ReportCommand: TypeAlias = (
    SubmitReport
    | AcknowledgeReport
    | TriageReport
    | EscalateReport
    | MarkDuplicate
    | UndoDuplicate
    | RedactReport
    | RedirectReport
    | ConvertReport
    | UpdateReporter
    | FollowUpReport
    | ForgetContact
    | CloseReport
    | ReopenReport
)
