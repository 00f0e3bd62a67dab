"""An initiative of a community: issues that residents raise, and commitments of public bodies, kept or missed.

The clock reminds of a commitment before its day; after it, it is missed, said or not, or kept late: both are told.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain import checks
from domain.decider import Decider
from domain.errors import AlreadyExists, Invalid, WrongState
from domain.event import Event
from domain.incident import NARRATIVE_CHARACTERS_MAX
from domain.initiatives import words
from domain.initiatives.initiative_events import (
    CommitmentKept,
    CommitmentMade,
    CommitmentMissed,
    CommitmentReminded,
    InitiativeLaunched,
    IssueRaised,
)
from domain.personal import Narrative
from domain.public_words import ChildNamed
from domain.sealed import Sealed

COMMITMENT_DAYS_MAX = 5 * 366
REMINDER_DAYS_MAX = 90
ISSUES_MAX = COMMITMENTS_MAX = 500

OPEN, KEPT, KEPT_LATE, MISSED = "open", "kept", "kept-late", "missed"


class LaunchInitiative(msgspec.Struct, frozen=True, kw_only=True):
    initiative: UUID
    title: str
    names_child: bool  # the title, whom it must not name
    community: UUID
    region: str  # of the community; empty where there is no such community
    unit: UUID
    by: UUID


class RaiseIssue(msgspec.Struct, frozen=True, kw_only=True):
    initiative: UUID
    issue: UUID
    category: str
    met_at: datetime
    narrative: Sealed[Narrative]
    by: UUID
    at: datetime


class MakeCommitment(msgspec.Struct, frozen=True, kw_only=True):
    initiative: UUID
    commitment: UUID
    issue: UUID | None = None
    body: str
    what: str
    names_child: bool  # body or what
    due_at: datetime
    reminder_days: int  # before it is due
    by: UUID
    at: datetime


class KeepCommitment(msgspec.Struct, frozen=True, kw_only=True):
    initiative: UUID
    commitment: UUID
    kept_at: datetime
    by: UUID
    at: datetime


class MissCommitment(msgspec.Struct, frozen=True, kw_only=True):
    """Said by a person: it will not be kept, and nobody need wait for its day."""

    initiative: UUID
    commitment: UUID
    by: UUID
    at: datetime


class RemindOfCommitments(msgspec.Struct, frozen=True, kw_only=True):
    initiative: UUID
    at: datetime


class LapseCommitments(msgspec.Struct, frozen=True, kw_only=True):
    initiative: UUID
    at: datetime


InitiativeCommand: TypeAlias = (
    LaunchInitiative
    | RaiseIssue
    | MakeCommitment
    | KeepCommitment
    | MissCommitment
    | RemindOfCommitments
    | LapseCommitments
)


class Commitment(msgspec.Struct, frozen=True):
    made_at: datetime
    due_at: datetime
    remind_at: datetime
    phase: str = OPEN
    reminded: bool = False


class Initiative(msgspec.Struct, frozen=True):
    community: UUID
    unit: UUID
    issues: frozenset[UUID] = frozenset()
    commitments: tuple[tuple[UUID, Commitment], ...] = ()

    def commitment(self, key: UUID) -> Commitment:
        """Raises Invalid."""
        found = next((each for known, each in self.commitments if known == key), None)
        if found is None:
            raise Invalid("commitment", f"{key} is no commitment of the initiative", "take one of its commitments")
        return found


def phase_at(commitment: Commitment, at: datetime) -> str:
    """What it is at that time: one whose day is over is missed, also before that is on record."""
    return MISSED if commitment.phase == OPEN and commitment.due_at <= at else commitment.phase


def decide_launch(state: Initiative | None, command: LaunchInitiative) -> tuple[Event, ...]:
    if state is not None:
        raise AlreadyExists("initiative", command.initiative)
    if not command.region:
        raise Invalid("community", f"there is no community {command.community}", "register the community first")
    if command.names_child:
        raise ChildNamed
    return (
        InitiativeLaunched(
            title=checks.name("title", command.title),
            community=command.community,
            region=command.region,
            unit=command.unit,
            by=command.by,
        ),
    )


def decide_raise_issue(state: Initiative | None, command: RaiseIssue) -> tuple[Event, ...]:
    initiative = checks.existing("initiative", command.initiative, state)
    if command.issue in initiative.issues:
        raise AlreadyExists("issue", command.issue)
    _room("issues", len(initiative.issues), ISSUES_MAX)
    checks.text("narrative", command.narrative.fresh_value().text, characters_max=NARRATIVE_CHARACTERS_MAX)
    return (
        IssueRaised(
            issue=command.issue,
            category=checks.one_of("category", command.category, words.ISSUE_CATEGORIES),
            met_at=checks.past("met_at", command.met_at, command.at),
            narrative=command.narrative,
            by=command.by,
        ),
    )


def decide_make_commitment(state: Initiative | None, command: MakeCommitment) -> tuple[Event, ...]:
    initiative = checks.existing("initiative", command.initiative, state)
    if any(known == command.commitment for known, _ in initiative.commitments):
        raise AlreadyExists("commitment", command.commitment)
    _room("commitments", len(initiative.commitments), COMMITMENTS_MAX)
    if command.issue is not None and command.issue not in initiative.issues:
        raise Invalid("issue", f"{command.issue} is no issue of the initiative", "take one of its issues, or none")
    if command.names_child:
        raise ChildNamed
    due_at = checks.utc("due_at", command.due_at)
    if not command.at < due_at <= command.at + timedelta(days=COMMITMENT_DAYS_MAX):
        mend = f"give a time within {COMMITMENT_DAYS_MAX} days"
        raise Invalid("due_at", "is past, or too far ahead", mend)
    days = checks.whole("reminder_days", command.reminder_days, least=1, most=REMINDER_DAYS_MAX)
    return (
        CommitmentMade(
            commitment=command.commitment,
            issue=command.issue,
            body=checks.name("body", command.body),
            what=checks.name("what", command.what),
            made_at=checks.utc("at", command.at),
            due_at=due_at,
            remind_at=due_at - timedelta(days=days),
            by=command.by,
        ),
    )


def decide_keep(state: Initiative | None, command: KeepCommitment) -> tuple[Event, ...]:
    """Also of one that was missed: it was kept late, or in time and put on record late."""
    initiative = checks.existing("initiative", command.initiative, state)
    commitment = initiative.commitment(command.commitment)
    if commitment.phase in (KEPT, KEPT_LATE):
        raise WrongState("commitment", command.commitment, commitment.phase, "nothing is left to do")
    kept_at = checks.past("kept_at", command.kept_at, command.at)
    if kept_at < commitment.made_at:
        raise Invalid("kept_at", "lies before the commitment was made", "give a later time")
    return (CommitmentKept(commitment=command.commitment, kept_at=kept_at, by=command.by),)


def decide_miss(state: Initiative | None, command: MissCommitment) -> tuple[Event, ...]:
    initiative = checks.existing("initiative", command.initiative, state)
    phase = phase_at(initiative.commitment(command.commitment), command.at)
    if phase != OPEN:
        raise WrongState("commitment", command.commitment, phase, "nothing is left to do")
    return (CommitmentMissed(commitment=command.commitment, at=checks.utc("at", command.at), by=command.by),)


def decide_remind(state: Initiative | None, command: RemindOfCommitments) -> tuple[Event, ...]:
    """Of each that is due soon, once; one whose day is over is missed instead."""
    initiative = checks.existing("initiative", command.initiative, state)
    return tuple(
        CommitmentReminded(commitment=key, due_at=each.due_at)
        for key, each in initiative.commitments
        if each.phase == OPEN and not each.reminded and each.remind_at <= command.at < each.due_at
    )


def decide_lapse(state: Initiative | None, command: LapseCommitments) -> tuple[Event, ...]:
    """Says of each that is over what the clock has done already."""
    initiative = checks.existing("initiative", command.initiative, state)
    return tuple(
        CommitmentMissed(commitment=key, at=each.due_at)
        for key, each in initiative.commitments
        if each.phase == OPEN and each.due_at <= command.at
    )


def _room(what: str, count: int, most: int) -> None:
    if count >= most:
        raise Invalid(what, f"has {count} entries", "launch another initiative")


def evolve_launched(state: None, event: InitiativeLaunched) -> Initiative:
    return Initiative(community=event.community, unit=event.unit)


def evolve_issue_raised(state: Initiative, event: IssueRaised) -> Initiative:
    return replace(state, issues=state.issues | {event.issue})


def evolve_commitment_made(state: Initiative, event: CommitmentMade) -> Initiative:
    made = Commitment(made_at=event.made_at, due_at=event.due_at, remind_at=event.remind_at)
    return replace(state, commitments=(*state.commitments, (event.commitment, made)))


def evolve_reminded(state: Initiative, event: CommitmentReminded) -> Initiative:
    return _changed(state, event.commitment, reminded=True)


def evolve_kept(state: Initiative, event: CommitmentKept) -> Initiative:
    (due_at,) = (each.due_at for key, each in state.commitments if key == event.commitment)
    return _changed(state, event.commitment, phase=KEPT if event.kept_at <= due_at else KEPT_LATE)


def evolve_missed(state: Initiative, event: CommitmentMissed) -> Initiative:
    return _changed(state, event.commitment, phase=MISSED)


def _changed(state: Initiative, key: UUID, **values: object) -> Initiative:
    def each() -> Iterator[tuple[UUID, Commitment]]:
        for known, commitment in state.commitments:
            yield known, replace(commitment, **values) if known == key else commitment

    return replace(state, commitments=tuple(each()))


DECIDER: Decider[InitiativeCommand, Initiative] = Decider(
    kind="initiative",
    decides={
        LaunchInitiative: decide_launch,
        RaiseIssue: decide_raise_issue,
        MakeCommitment: decide_make_commitment,
        KeepCommitment: decide_keep,
        MissCommitment: decide_miss,
        RemindOfCommitments: decide_remind,
        LapseCommitments: decide_lapse,
    },
    evolves={
        InitiativeLaunched: evolve_launched,
        IssueRaised: evolve_issue_raised,
        CommitmentMade: evolve_commitment_made,
        CommitmentReminded: evolve_reminded,
        CommitmentKept: evolve_kept,
        CommitmentMissed: evolve_missed,
    },
)
