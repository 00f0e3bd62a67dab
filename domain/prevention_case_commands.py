"""What may be asked of a prevention case. What another aggregate knows (who is certified, where somebody serves)
comes in with the command, read when it is decided.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec

from domain.personal import FileName, Narrative, Reason
from domain.sealed import Sealed


class OpenCase(msgspec.Struct, frozen=True, kw_only=True):
    case: UUID
    child: UUID
    pseudonym: str
    ground: str
    unit: UUID
    unit_kind: str | None  # vocabulary.UNIT_KINDS; None: there is no such unit
    term_ends: datetime
    reason: Sealed[Reason]
    incident: UUID | None = None
    reported_at: datetime | None = None
    at: datetime


class AssignCase(msgspec.Struct, frozen=True, kw_only=True):
    case: UUID
    officer: UUID
    assignee_unit: UUID | None  # where the officer serves as a juvenile officer; None: nowhere
    assignee_certified: bool


class ReassignCase(msgspec.Struct, frozen=True, kw_only=True):
    """Asked by the system when the certification of `from_officer` lapsed."""

    case: UUID
    from_officer: UUID
    to: UUID | None = None  # None: nobody certified is in the unit
    assignee_unit: UUID | None = None  # of `to`
    assignee_certified: bool = False  # is `to`


class AssessRisk(msgspec.Struct, frozen=True, kw_only=True):
    case: UUID
    level: str
    protective_factors: tuple[str, ...]
    by: UUID
    review_by: datetime
    narrative: Sealed[Narrative]
    at: datetime


class ProposePlan(msgspec.Struct, frozen=True, kw_only=True):
    case: UUID
    plan: UUID
    by: UUID
    narrative: Sealed[Narrative]


class ApprovePlan(msgspec.Struct, frozen=True, kw_only=True):
    case: UUID
    plan: UUID
    by: UUID


class RejectPlan(msgspec.Struct, frozen=True, kw_only=True):
    case: UUID
    plan: UUID
    by: UUID
    reason: Sealed[Reason]


class ScheduleMeasure(msgspec.Struct, frozen=True, kw_only=True):
    case: UUID
    measure: UUID
    kind: str
    due_at: datetime
    narrative: Sealed[Narrative]
    at: datetime


class CompleteMeasure(msgspec.Struct, frozen=True, kw_only=True):
    case: UUID
    measure: UUID
    result: str
    ended_at: datetime
    narrative: Sealed[Narrative]
    at: datetime


class NoteContact(msgspec.Struct, frozen=True, kw_only=True):
    case: UUID
    contact: UUID
    kind: str
    occurred_at: datetime
    narrative: Sealed[Narrative]
    at: datetime


class ExtendTerm(msgspec.Struct, frozen=True, kw_only=True):
    case: UUID
    term_ends: datetime
    reason: Sealed[Reason]
    at: datetime


class OfferTransfer(msgspec.Struct, frozen=True, kw_only=True):
    case: UUID
    to_unit: UUID
    to_unit_kind: str | None  # vocabulary.UNIT_KINDS; None: there is no such unit
    answer_by: datetime
    reason: Sealed[Reason]
    at: datetime


class AcceptTransfer(msgspec.Struct, frozen=True, kw_only=True):
    case: UUID
    by_unit: UUID
    officer: UUID
    assignee_unit: UUID | None
    assignee_certified: bool


class DeclineTransfer(msgspec.Struct, frozen=True, kw_only=True):
    case: UUID
    by_unit: UUID
    reason: Sealed[Reason]


class CloseCase(msgspec.Struct, frozen=True, kw_only=True):
    case: UUID
    outcome: str
    reason: Sealed[Reason]


class ReopenCase(msgspec.Struct, frozen=True, kw_only=True):
    case: UUID
    term_ends: datetime
    reason: Sealed[Reason]
    at: datetime


class SealCase(msgspec.Struct, frozen=True, kw_only=True):
    case: UUID
    reason: Sealed[Reason]


class AddAttachment(msgspec.Struct, frozen=True, kw_only=True):
    case: UUID
    attachment: UUID
    media_type: str
    size_bytes: int
    sealed_sha256: str
    name: Sealed[FileName]


class RemoveAttachment(msgspec.Struct, frozen=True, kw_only=True):
    case: UUID
    attachment: UUID
    reason: Sealed[Reason]


PreventionCaseCommand: TypeAlias = (
    OpenCase
    | AssignCase
    | ReassignCase
    | AssessRisk
    | ProposePlan
    | ApprovePlan
    | RejectPlan
    | ScheduleMeasure
    | CompleteMeasure
    | NoteContact
    | ExtendTerm
    | OfferTransfer
    | AcceptTransfer
    | DeclineTransfer
    | CloseCase
    | ReopenCase
    | SealCase
    | AddAttachment
    | RemoveAttachment
)
