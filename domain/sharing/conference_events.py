"""What happens to a case conference. What is said in it is sealed, each time as a record of its own, and the child's:
erasing the child takes all of it.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from domain.event import Event
from domain.personal import Narrative, Reason
from domain.sealed import Sealed


class Invited(msgspec.Struct, frozen=True, kw_only=True):
    agency: UUID
    unit: UUID  # where the agency's people serve


class ConferenceCalled(Event, frozen=True, kw_only=True):
    """Without `meets_at` it is no more than suggested: somebody sets a time, or cancels it."""

    TOPIC = "conference.called"

    child: UUID
    pseudonym: str
    profile: UUID  # that stands for the child, where its own was merged into another one; else the child
    case: UUID  # the prevention case that it is called from
    unit: UUID  # that has the case, and shares
    invited: tuple[Invited, ...]
    meets_at: datetime | None = None
    by: UUID


class ConferenceScheduled(Event, frozen=True, kw_only=True):
    TOPIC = "conference.scheduled"

    meets_at: datetime
    by: UUID


class AgencyAdmitted(Event, frozen=True, kw_only=True):
    """From now on it is told what is planned, as far as the agreement and the consent go."""

    TOPIC = "conference.agency-admitted"

    agency: UUID
    agency_unit: UUID
    purpose: str
    fields: tuple[str, ...]
    agreement: UUID
    consent: UUID
    unit: UUID | None = None  # that has the case then, and shares; None: the one that had it when it was called
    by: UUID


class AgencyExcluded(Event, frozen=True, kw_only=True):
    """From now on it is told nothing more."""

    TOPIC = "conference.agency-excluded"

    agency: UUID
    cause: str  # referral_words.EXCLUSION_CAUSES
    by: UUID


class DecisionRecorded(Event, frozen=True, kw_only=True):
    TOPIC = "conference.decision-recorded"

    by: UUID
    narrative: Sealed[Narrative]


class TaskAgreed(Event, frozen=True, kw_only=True):
    """Part of the plan that the conference is to end in. Whoever had agreed to the plan agrees anew."""

    TOPIC = "conference.task-agreed"

    task: UUID
    agency: UUID | None = None  # None: the police do it
    service: str  # referral_words.SERVICE_KINDS
    due_at: datetime
    by: UUID
    narrative: Sealed[Narrative]


class TaskDropped(Event, frozen=True, kw_only=True):
    TOPIC = "conference.task-dropped"

    task: UUID
    by: UUID


class AgencyAgreed(Event, frozen=True, kw_only=True):
    """To the plan as it is now."""

    TOPIC = "conference.agency-agreed"

    agency: UUID
    by: UUID


class PlanAgreed(Event, frozen=True, kw_only=True):
    """The end of the conference. Its tasks are the child's one agreed plan."""

    TOPIC = "conference.plan-agreed"

    supersedes: tuple[UUID, ...] = ()  # conferences whose plan this one takes the place of
    by: UUID


class TaskDone(Event, frozen=True, kw_only=True):
    TOPIC = "conference.task-done"

    task: UUID
    done_at: datetime
    by: UUID
    narrative: Sealed[Narrative]


class ConferenceCancelled(Event, frozen=True, kw_only=True):
    TOPIC = "conference.cancelled"

    cause: str  # referral_words.CANCELLATION_CAUSES
    by: UUID
    reason: Sealed[Reason]
