"""A concern: somebody sees a child in trouble before anything happened. It leads to an offer of help, or to nothing.

A person raises it, another one reviews it, and it ends by itself after some weeks, answered or not: nobody is kept on a
list, and nobody can read any more what was written. It weighs nothing: no command of a case, an authorisation or a
search has a place where a concern could be named.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain import checks, concern_words
from domain.decider import Decider
from domain.errors import AlreadyExists, DomainError, Invalid, WrongState
from domain.event import Event
from domain.incident import NAMES_MAX, NARRATIVE_CHARACTERS_MAX, PSEUDONYM
from domain.personal import Narrative, Reason
from domain.sealed import Sealed

DAYS_MAX = 366
HELP_OFFERS_MAX = 50
UNIT_KIND = "juvenile-prevention"  # of the units that look into concerns
HELP_NEEDED = "help-needed"  # of concern_words.CONCERN_FINDINGS

RAISED, REVIEWED, HELP_OFFERED, DISMISSED, EXPIRED = "raised", "reviewed", "help-offered", "dismissed", "expired"
PHASES = (RAISED, REVIEWED, HELP_OFFERED, DISMISSED, EXPIRED)
OPEN = (RAISED, REVIEWED, HELP_OFFERED)  # that somebody still has to do with


class ReviewerIsRaiser(DomainError):
    """A second person looks at it."""

    code = "reviewer-is-raiser"

    def __init__(self) -> None:
        super().__init__("nobody reviews a concern that they raised; ask a colleague or the supervisor of its unit")


class ConcernRaised(Event, frozen=True, kw_only=True):
    TOPIC = "concern.raised"

    child: UUID  # the pseudonym's id
    pseudonym: str
    kind: str  # concern_words.CONCERN_KINDS
    unit: UUID  # that looks into it
    by: UUID
    narrative: Sealed[Narrative]
    names: tuple[UUID, ...] = ()  # whom the narrative names, too: erasing one, or the child, takes every word of it
    school: UUID | None = None  # from which it was raised
    expires_at: datetime


class ConcernReviewed(Event, frozen=True, kw_only=True):
    TOPIC = "concern.reviewed"

    finding: str  # concern_words.CONCERN_FINDINGS
    by: UUID
    reason: Sealed[Reason]


class HelpOffered(Event, frozen=True, kw_only=True):
    TOPIC = "concern.help-offered"

    kind: str  # concern_words.HELP_KINDS
    by: UUID
    reason: Sealed[Reason]  # what was offered to whom, and why


class ConcernDismissed(Event, frozen=True, kw_only=True):
    TOPIC = "concern.dismissed"

    cause: str  # concern_words.CONCERN_DISMISSALS
    by: UUID
    reason: Sealed[Reason]


class ConcernExpired(Event, frozen=True, kw_only=True):
    TOPIC = "concern.expired"

    at: datetime


class WordsDestroyed(Event, frozen=True, kw_only=True):
    """The certificate: nothing opens what was written in it any more. Backups are not reached."""

    TOPIC = "concern.words-destroyed"

    records: tuple[UUID, ...]  # whose keys were destroyed; in a later one, those that no earlier names


class RaiseConcern(msgspec.Struct, frozen=True, kw_only=True):
    concern: UUID
    child: UUID
    pseudonym: str
    kind: str
    unit: UUID
    unit_kind: str  # vocabulary.UNIT_KINDS; empty where there is no such unit
    by: UUID
    narrative: Sealed[Narrative]
    names: tuple[UUID, ...] = ()
    school: UUID | None = None
    days: int  # until it expires
    at: datetime


class ReviewConcern(msgspec.Struct, frozen=True, kw_only=True):
    concern: UUID
    finding: str
    reason: Sealed[Reason]
    by: UUID
    at: datetime


class OfferHelp(msgspec.Struct, frozen=True, kw_only=True):
    concern: UUID
    kind: str
    reason: Sealed[Reason]
    by: UUID
    at: datetime


class DismissConcern(msgspec.Struct, frozen=True, kw_only=True):
    concern: UUID
    cause: str
    reason: Sealed[Reason]
    by: UUID
    at: datetime


class ExpireConcern(msgspec.Struct, frozen=True, kw_only=True):
    concern: UUID
    at: datetime


class RecordWordsDestruction(msgspec.Struct, frozen=True, kw_only=True):
    concern: UUID
    records: tuple[UUID, ...]  # that hold its words: all there ever were


ConcernCommand: TypeAlias = (
    RaiseConcern | ReviewConcern | OfferHelp | DismissConcern | ExpireConcern | RecordWordsDestruction
)


class Concern(msgspec.Struct, frozen=True):
    child: UUID
    pseudonym: str
    unit: UUID
    raiser: UUID
    expires_at: datetime
    phase: str = RAISED
    finding: str = ""  # of the last review
    offers: int = 0
    destroyed: frozenset[UUID] = frozenset()  # records


def phase_at(concern: Concern, at: datetime) -> str:
    """What it is at that time: one whose time is over has expired, also before that is on record."""
    return EXPIRED if concern.expires_at <= at else concern.phase


def decide_raise(state: Concern | None, command: RaiseConcern) -> tuple[Event, ...]:
    if state is not None:
        raise AlreadyExists("concern", command.concern)
    if command.unit_kind != UNIT_KIND:
        raise Invalid("unit", f"{command.unit} is no unit of {UNIT_KIND}", "name one of GET /units")
    checks.text("narrative", command.narrative.fresh_value().text, characters_max=NARRATIVE_CHARACTERS_MAX)
    days = checks.whole("days", command.days, least=1, most=DAYS_MAX)
    return (
        ConcernRaised(
            child=command.child,
            pseudonym=checks.pattern(
                "pseudonym", command.pseudonym, PSEUDONYM, "write CH- and 4 to 12 capital letters or digits"
            ),
            kind=checks.one_of("kind", command.kind, concern_words.CONCERN_KINDS),
            unit=command.unit,
            by=command.by,
            narrative=command.narrative,
            names=checks.unique("names", command.names, least=0, most=NAMES_MAX),
            school=command.school,
            expires_at=checks.utc("at", command.at) + timedelta(days=days),
        ),
    )


def decide_review(state: Concern | None, command: ReviewConcern) -> tuple[Event, ...]:
    """By somebody else than its raiser. It may be reviewed again until help is offered."""
    concern = _in_phase(state, command.concern, command.at, RAISED, REVIEWED)
    if command.by == concern.raiser:
        raise ReviewerIsRaiser
    finding = checks.one_of("finding", command.finding, concern_words.CONCERN_FINDINGS)
    return (ConcernReviewed(finding=finding, by=command.by, reason=checks.reason("reason", command.reason)),)


def decide_offer_help(state: Concern | None, command: OfferHelp) -> tuple[Event, ...]:
    """Help of several kinds may be offered, one after the other."""
    concern = _in_phase(state, command.concern, command.at, REVIEWED, HELP_OFFERED)
    if concern.finding != HELP_NEEDED:
        mend = f"review it again, and find {HELP_NEEDED}"
        words = f"reviewed: {concern.finding}"
        raise WrongState("concern", command.concern, concern.phase, mend, words=words, finding=concern.finding)
    if concern.offers >= HELP_OFFERS_MAX:
        raise Invalid("kind", f"help was offered {HELP_OFFERS_MAX} times", "record no more than what counts")
    kind = checks.one_of("kind", command.kind, concern_words.HELP_KINDS)
    return (HelpOffered(kind=kind, by=command.by, reason=checks.reason("reason", command.reason)),)


def decide_dismiss(state: Concern | None, command: DismissConcern) -> tuple[Event, ...]:
    """After a review that found no help to be needed."""
    concern = _in_phase(state, command.concern, command.at, REVIEWED)
    if concern.finding == HELP_NEEDED:
        mend, words = "offer help, or review it again", f"reviewed: {HELP_NEEDED}"
        raise WrongState("concern", command.concern, concern.phase, mend, words=words, finding=HELP_NEEDED)
    cause = checks.one_of("cause", command.cause, concern_words.CONCERN_DISMISSALS)
    return (ConcernDismissed(cause=cause, by=command.by, reason=checks.reason("reason", command.reason)),)


def decide_expire(state: Concern | None, command: ExpireConcern) -> tuple[Event, ...]:
    """Only says what the clock has done already, also of one that was dismissed; nothing where that was said."""
    concern = checks.existing("concern", command.concern, state)
    if concern.phase == EXPIRED:
        return ()
    if command.at < concern.expires_at:
        raise Invalid("at", "its time is not over", "dismiss it, where there is nothing to do")
    return (ConcernExpired(at=concern.expires_at),)


def decide_words_destroyed(state: Concern | None, command: RecordWordsDestruction) -> tuple[Event, ...]:
    """Once, and once more for what no earlier certificate names."""
    concern = checks.existing("concern", command.concern, state)
    if concern.phase != EXPIRED:
        raise WrongState("concern", command.concern, concern.phase, f"this needs one that is {EXPIRED}")
    further = tuple(record for record in dict.fromkeys(command.records) if record not in concern.destroyed)
    return (WordsDestroyed(records=further),) if further else ()


def evolve_raised(state: None, event: ConcernRaised) -> Concern:
    return Concern(
        child=event.child, pseudonym=event.pseudonym, unit=event.unit, raiser=event.by, expires_at=event.expires_at
    )


def evolve_reviewed(state: Concern, event: ConcernReviewed) -> Concern:
    return replace(state, phase=REVIEWED, finding=event.finding)


def evolve_help_offered(state: Concern, event: HelpOffered) -> Concern:
    return replace(state, phase=HELP_OFFERED, offers=state.offers + 1)


def evolve_dismissed(state: Concern, event: ConcernDismissed) -> Concern:
    return replace(state, phase=DISMISSED)


def evolve_expired(state: Concern, event: ConcernExpired) -> Concern:
    return replace(state, phase=EXPIRED)


def evolve_words_destroyed(state: Concern, event: WordsDestroyed) -> Concern:
    return replace(state, destroyed=state.destroyed.union(event.records))


DECIDER: Decider[ConcernCommand, Concern] = Decider(
    kind="concern",
    decides={
        RaiseConcern: decide_raise,
        ReviewConcern: decide_review,
        OfferHelp: decide_offer_help,
        DismissConcern: decide_dismiss,
        ExpireConcern: decide_expire,
        RecordWordsDestruction: decide_words_destroyed,
    },
    evolves={
        ConcernRaised: evolve_raised,
        ConcernReviewed: evolve_reviewed,
        HelpOffered: evolve_help_offered,
        ConcernDismissed: evolve_dismissed,
        ConcernExpired: evolve_expired,
        WordsDestroyed: evolve_words_destroyed,
    },
)


def _in_phase(state: Concern | None, key: UUID, at: datetime, *phases: str) -> Concern:
    concern = checks.existing("concern", key, state)
    phase = phase_at(concern, at)
    if phase not in phases:
        needs = f"this needs one that is {' or '.join(phases)}"
        raise WrongState("concern", key, phase, needs if phase in OPEN else "raise another where there is reason to")
    return concern
