"""An officer of a service, juvenile prevention or community police: selected, trained, certified for a time, lapsed.

Cases are assigned, and communities entrusted, to certified officers only. Who serves in both has a stream for each. A
certification ends by itself when its time is over; the event says so to whoever reads the record, and lets what hangs
on it find somebody else. Who lapsed trains anew.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TypeAlias
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain import checks, officer_words
from domain.decider import Decider
from domain.errors import DomainError, Invalid, WrongState
from domain.event import Event
from domain.personal import Reason
from domain.sealed import Sealed

OFFICER_ROLE = "juvenile-officer"  # that whoever is certified for juvenile prevention holds
REQUIRED_COURSE = "juvenile-prevention"
JUVENILE, COMMUNITY = "juvenile-prevention", "community-police"  # of officer_words.SERVICES
ROLE_OF = MappingProxyType({JUVENILE: OFFICER_ROLE, COMMUNITY: "community-officer"})
COURSE_OF = MappingProxyType({JUVENILE: REQUIRED_COURSE, COMMUNITY: "community-policing"})
CERTIFIED_DAYS_MAX = 5 * 366
COURSES_MAX = 100

CANDIDATE, TRAINED, CERTIFIED, LAPSED = "candidate", "trained", "certified", "lapsed"
PHASES = (CANDIDATE, TRAINED, CERTIFIED, LAPSED)

TIME_OVER, WITHDRAWN = "time-over", "withdrawn"  # of officer_words.LAPSE_CAUSES; the others are of the account itself
OF_ITSELF = tuple(cause for cause in officer_words.LAPSE_CAUSES if cause != WITHDRAWN)


class OwnCertification(DomainError):
    """Nobody says of themselves that they are fit for it."""

    code = "own-certification"

    def __init__(self, deed: str) -> None:
        super().__init__(f"nobody {deed} themselves; ask another supervisor of the unit")


class CandidateSelected(Event, frozen=True, kw_only=True):
    TOPIC = "officer.candidate-selected"

    account: UUID
    unit: UUID  # where they are to serve
    by: UUID
    service: str = JUVENILE  # officer_words.SERVICES


class TrainingCompleted(Event, frozen=True, kw_only=True):
    TOPIC = "officer.training-completed"

    course: str  # officer_words.COURSES
    completed_at: datetime
    by: UUID  # who says so


class OfficerCertified(Event, frozen=True, kw_only=True):
    """For the first time, or again: the later end counts."""

    TOPIC = "officer.certified"

    until: datetime
    by: UUID


class CertificationLapsed(Event, frozen=True, kw_only=True):
    TOPIC = "officer.certification-lapsed"

    account: UUID
    unit: UUID
    cause: str  # officer_words.LAPSE_CAUSES
    at: datetime
    by: UUID | None = None  # who withdrew it, where somebody did
    service: str = JUVENILE
    reason: Sealed[Reason] | None = None  # of withdrawing it


class SelectCandidate(msgspec.Struct, frozen=True, kw_only=True):
    """Its stream is `ids.officer_id(account, service)`."""

    account: UUID
    unit: UUID
    roles: frozenset[str]  # that the account holds; none where there is no such account, or it is suspended
    by: UUID
    service: str = JUVENILE


class CompleteTraining(msgspec.Struct, frozen=True, kw_only=True):
    account: UUID
    course: str
    completed_at: datetime
    by: UUID
    at: datetime


class CertifyOfficer(msgspec.Struct, frozen=True, kw_only=True):
    account: UUID
    until: datetime
    roles: frozenset[str]  # that the account holds now
    by: UUID
    at: datetime


class LapseCertification(msgspec.Struct, frozen=True, kw_only=True):
    """By the clock, or because the account may not serve any more."""

    account: UUID
    service: str = JUVENILE  # whose stream it is for
    cause: str = TIME_OVER
    at: datetime


class WithdrawCertification(msgspec.Struct, frozen=True, kw_only=True):
    account: UUID
    reason: Sealed[Reason]
    by: UUID
    at: datetime


OfficerCommand: TypeAlias = (
    SelectCandidate | CompleteTraining | CertifyOfficer | LapseCertification | WithdrawCertification
)


class Officer(msgspec.Struct, frozen=True):
    account: UUID
    unit: UUID
    service: str = JUVENILE
    phase: str = CANDIDATE
    courses: tuple[TrainingCompleted, ...] = ()  # since selection, or since the last certification lapsed
    certified_until: datetime | None = None  # while certified


def is_certified(state: Officer | None, at: datetime) -> bool:
    """Whether a case may be assigned to them at that time, whatever the record says of it yet."""
    return state is not None and state.certified_until is not None and at < state.certified_until


def qualified_at(state: Officer | None, at: datetime) -> datetime | None:
    """Since when they have had the course that their certification rests on; None where they are not certified `at`
    that time. Before it nobody could have served, also where a service is entered later than it began.
    """
    if state is None or not is_certified(state, at):
        return None
    needed = COURSE_OF[state.service]
    return min((done.completed_at for done in state.courses if done.course == needed), default=None)


def phase_at(officer: Officer, at: datetime) -> str:
    """What they are at that time: a certification whose time is over has lapsed, also before that is on record."""
    over = officer.certified_until is not None and officer.certified_until <= at
    return LAPSED if over else officer.phase


def decide_select(state: Officer | None, command: SelectCandidate) -> tuple[Event, ...]:
    if command.by == command.account:
        raise OwnCertification("selects")
    if state is not None:
        raise WrongState("officer", command.account, state.phase, "go on from there")
    service = checks.one_of("service", command.service, officer_words.SERVICES)
    _serves(command.account, command.roles, service)
    return (CandidateSelected(account=command.account, unit=command.unit, by=command.by, service=service),)


def decide_complete_training(state: Officer | None, command: CompleteTraining) -> tuple[Event, ...]:
    """The same course of the same day twice changes nothing."""
    officer = checks.existing("officer", command.account, state)
    if command.by == command.account:
        raise OwnCertification("attests a training of")
    course = checks.one_of("course", command.course, officer_words.COURSES)
    completed_at = checks.past("completed_at", command.completed_at, command.at)
    if any((done.course, done.completed_at) == (course, completed_at) for done in officer.courses):
        return ()
    if len(officer.courses) >= COURSES_MAX:
        raise Invalid("course", f"{COURSES_MAX} courses stand on record already", "record only what counts")
    return (TrainingCompleted(course=course, completed_at=completed_at, by=command.by),)


def decide_certify(state: Officer | None, command: CertifyOfficer) -> tuple[Event, ...]:
    """Of somebody trained; or of somebody certified, for longer than before."""
    officer = checks.existing("officer", command.account, state)
    if command.by == command.account:
        raise OwnCertification("certifies")
    phase = phase_at(officer, command.at)
    if phase not in (TRAINED, CERTIFIED):
        raise WrongState("officer", command.account, phase, f"record the course {COURSE_OF[officer.service]} first")
    _serves(command.account, command.roles, officer.service)
    until = checks.utc("until", command.until)
    if until <= command.at:
        raise Invalid("until", "is over already", "give a day that is to come")
    if until - command.at > timedelta(days=CERTIFIED_DAYS_MAX):
        raise Invalid("until", f"is more than {CERTIFIED_DAYS_MAX} days away", "certify for a shorter time")
    if officer.certified_until is not None and until <= officer.certified_until:
        raise Invalid("until", "is not after the end that stands already", "give a later day, or withdraw it")
    return (OfficerCertified(until=until, by=command.by),)


def decide_lapse(state: Officer | None, command: LapseCertification) -> tuple[Event, ...]:
    """Nothing where no certification stands: it lapsed already, or the account never had one."""
    if state is None or state.certified_until is None:
        return ()
    cause = checks.one_of("cause", command.cause, OF_ITSELF)
    if cause == TIME_OVER and command.at < state.certified_until:
        raise Invalid("at", "its time is not over", "withdraw it, where it must end before")
    at = min(command.at, state.certified_until)
    return (CertificationLapsed(account=state.account, unit=state.unit, cause=cause, at=at, service=state.service),)


def decide_withdraw(state: Officer | None, command: WithdrawCertification) -> tuple[Event, ...]:
    officer = checks.existing("officer", command.account, state)
    if command.by == command.account:
        raise OwnCertification("withdraws a certification of")
    if officer.certified_until is None:
        raise WrongState("officer", command.account, officer.phase, "only a certification that stands is withdrawn")
    return (
        CertificationLapsed(
            account=officer.account,
            unit=officer.unit,
            cause=WITHDRAWN,
            at=min(command.at, officer.certified_until),
            by=command.by,
            service=officer.service,
            reason=checks.reason("reason", command.reason),
        ),
    )


def evolve_selected(state: None, event: CandidateSelected) -> Officer:
    return Officer(account=event.account, unit=event.unit, service=event.service)


def evolve_trained(state: Officer, event: TrainingCompleted) -> Officer:
    """Who is certified stays so, and whoever lapsed is trained anew."""
    qualifies = event.course == COURSE_OF[state.service] and state.phase != CERTIFIED
    return replace(state, courses=(*state.courses, event), phase=TRAINED if qualifies else state.phase)


def evolve_certified(state: Officer, event: OfficerCertified) -> Officer:
    return replace(state, phase=CERTIFIED, certified_until=event.until)


def evolve_lapsed(state: Officer, event: CertificationLapsed) -> Officer:
    return replace(state, phase=LAPSED, certified_until=None, courses=())


DECIDER: Decider[OfficerCommand, Officer] = Decider(
    kind="officer",
    decides={
        SelectCandidate: decide_select,
        CompleteTraining: decide_complete_training,
        CertifyOfficer: decide_certify,
        LapseCertification: decide_lapse,
        WithdrawCertification: decide_withdraw,
    },
    evolves={
        CandidateSelected: evolve_selected,
        TrainingCompleted: evolve_trained,
        OfficerCertified: evolve_certified,
        CertificationLapsed: evolve_lapsed,
    },
)


def _serves(account: UUID, roles: frozenset[str], service: str) -> None:
    if ROLE_OF[service] not in roles:
        raise Invalid("account", f"{account} is no {ROLE_OF[service]} in service", "name somebody who is one")
