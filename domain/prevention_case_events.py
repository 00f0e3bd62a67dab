"""What happens to a prevention case. It is about one child, and so is every word of it: erasing the child takes
them all.

Each reason and narrative is sealed as a record of its own, so that the case goes on after that and is closed as any
other; what is written in it then goes, too. Files and their names are sealed under the case, which takes none once its
key is destroyed. Older events have their words sealed under the case as well. Whoever does what the rules set apart
(`by`) stands in the event, since they are compared.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.event import Event
from domain.personal import FileName, Narrative, Reason
from domain.sealed import Sealed


class CaseOpened(Event, frozen=True, kw_only=True):
    TOPIC = "prevention-case.opened"

    child: UUID
    pseudonym: str
    ground: str  # case_words.GROUNDS
    unit: UUID
    term_ends: datetime
    reason: Sealed[Reason]  # what is known that makes the ground hold
    incident: UUID | None = None  # that it was opened for
    reported_at: datetime | None = None  # when that came to the police, where it is known


class CaseAssigned(Event, frozen=True, kw_only=True):
    TOPIC = "prevention-case.assigned"

    officer: UUID


class CaseReassigned(Event, frozen=True, kw_only=True):
    """The certification of `from_officer` lapsed. Without `to`, nobody certified is in the unit: it has no officer."""

    TOPIC = "prevention-case.reassigned"

    from_officer: UUID
    to: UUID | None = None


class RiskAssessed(Event, frozen=True, kw_only=True):
    """A person's judgement, beside what protects the child. No programme ever makes this event by itself."""

    TOPIC = "prevention-case.risk-assessed"

    level: str  # case_words.RISK_LEVELS
    protective_factors: tuple[str, ...]  # case_words.PROTECTIVE_FACTORS
    by: UUID
    review_by: datetime
    narrative: Sealed[Narrative]


class PlanProposed(Event, frozen=True, kw_only=True):
    TOPIC = "prevention-case.plan-proposed"

    plan: UUID
    by: UUID
    narrative: Sealed[Narrative]


class PlanApproved(Event, frozen=True, kw_only=True):
    TOPIC = "prevention-case.plan-approved"

    plan: UUID
    by: UUID


class PlanRejected(Event, frozen=True, kw_only=True):
    TOPIC = "prevention-case.plan-rejected"

    plan: UUID
    by: UUID
    reason: Sealed[Reason]


class MeasureScheduled(Event, frozen=True, kw_only=True):
    TOPIC = "prevention-case.measure-scheduled"

    measure: UUID
    kind: str  # case_words.MEASURE_KINDS
    due_at: datetime
    narrative: Sealed[Narrative]


class MeasureCompleted(Event, frozen=True, kw_only=True):
    TOPIC = "prevention-case.measure-completed"

    measure: UUID
    result: str  # case_words.MEASURE_RESULTS
    ended_at: datetime
    narrative: Sealed[Narrative]


class ContactNoted(Event, frozen=True, kw_only=True):
    TOPIC = "prevention-case.contact-noted"

    contact: UUID
    kind: str  # case_words.CONTACT_KINDS
    occurred_at: datetime
    narrative: Sealed[Narrative]


class TermExtended(Event, frozen=True, kw_only=True):
    TOPIC = "prevention-case.term-extended"

    term_ends: datetime
    reason: Sealed[Reason]


class TransferOffered(Event, frozen=True, kw_only=True):
    """To another unit, which takes it over only once it accepts."""

    TOPIC = "prevention-case.transfer-offered"

    to_unit: UUID
    answer_by: datetime
    reason: Sealed[Reason]


class TransferAccepted(Event, frozen=True, kw_only=True):
    """The case is the other unit's from here on, in the charge of `officer`."""

    TOPIC = "prevention-case.transfer-accepted"

    unit: UUID
    officer: UUID


class TransferDeclined(Event, frozen=True, kw_only=True):
    """By the unit that it was offered to, or taken back by the one that offered it."""

    TOPIC = "prevention-case.transfer-declined"

    by_unit: UUID
    reason: Sealed[Reason]


class CaseClosed(Event, frozen=True, kw_only=True):
    """What was under way (a plan that waits, an offer, measures not done) ends with it, and nobody is in charge any
    more: whoever was reads it no longer, so that no certification has to be watched for it.
    """

    TOPIC = "prevention-case.closed"

    outcome: str  # case_words.OUTCOMES
    reason: Sealed[Reason]


class CaseReopened(Event, frozen=True, kw_only=True):
    """With a new term, and nobody in charge: who was before is not by that certified now."""

    TOPIC = "prevention-case.reopened"

    term_ends: datetime
    reason: Sealed[Reason]


class CaseSealed(Event, frozen=True, kw_only=True):
    """For good. It takes nothing more, and nobody opens what was written in it."""

    TOPIC = "prevention-case.sealed"

    reason: Sealed[Reason]


class AttachmentAdded(Event, frozen=True, kw_only=True):
    """`sealed_sha256` is the digest of the file as it lies on the disk: it tells damage, and nothing of the content."""

    TOPIC = "prevention-case.attachment-added"

    attachment: UUID
    media_type: str  # case_words.MEDIA_TYPES, as its bytes say
    size_bytes: int
    sealed_sha256: str
    name: Sealed[FileName]


class AttachmentRemoved(Event, frozen=True, kw_only=True):
    TOPIC = "prevention-case.attachment-removed"

    attachment: UUID
    reason: Sealed[Reason]
