"""What happens to an initiative. Its commitments are public, and nothing in them is about a person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.event import Event
from domain.personal import Narrative
from domain.sealed import Sealed


class InitiativeLaunched(Event, frozen=True, kw_only=True):
    TOPIC = "initiative.launched"

    title: str
    community: UUID
    region: str  # vocabulary.REGIONS: the community's
    unit: UUID  # of community police, that serves the community
    by: UUID


class IssueRaised(Event, frozen=True, kw_only=True):
    """By a meeting of residents: who said so is in no event."""

    TOPIC = "initiative.issue-raised"

    issue: UUID
    category: str  # words.ISSUE_CATEGORIES
    met_at: datetime
    narrative: Sealed[Narrative]
    by: UUID  # who put it on record


class CommitmentMade(Event, frozen=True, kw_only=True):
    TOPIC = "initiative.commitment-made"

    commitment: UUID
    issue: UUID | None = None  # that it answers
    body: str  # the public body that commits itself
    what: str
    made_at: datetime
    due_at: datetime
    remind_at: datetime
    by: UUID


class CommitmentReminded(Event, frozen=True, kw_only=True):
    """Its time is nearly over."""

    TOPIC = "initiative.commitment-reminded"

    commitment: UUID
    due_at: datetime


class CommitmentKept(Event, frozen=True, kw_only=True):
    """In time or late: `kept_at` says it."""

    TOPIC = "initiative.commitment-kept"

    commitment: UUID
    kept_at: datetime
    by: UUID


class CommitmentMissed(Event, frozen=True, kw_only=True):
    TOPIC = "initiative.commitment-missed"

    commitment: UUID
    at: datetime  # when it lapsed, or was given up
    by: UUID | None = None  # None: its time was over
