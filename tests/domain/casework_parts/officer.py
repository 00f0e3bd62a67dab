"""Officers of juvenile prevention, as random casework drives them, and what always holds of them."""

from __future__ import annotations

from random import Random
from uuid import UUID

from domain import officer, officer_words
from domain.event import Recorded
from domain.ids import officer_id
from tests.domain.casework import Casework
from tests.domain.casework_parts.part import OFFICERS, Actor, Makes, Part


def certified(work: Casework, account: UUID) -> bool:
    return officer.is_certified(work.live.get(officer_id(account)), work.now)


def _candidate(work: Casework, chance: Random) -> UUID:
    return officer_id(chance.choice(OFFICERS).account)


def _whose(key: UUID) -> Actor:
    return next(actor for actor in OFFICERS if officer_id(actor.account) == key)


def _roles(chance: Random) -> frozenset[str]:
    return frozenset({officer.OFFICER_ROLE}) if chance.random() < 0.95 else frozenset()


MAKES: Makes = {
    officer.SelectCandidate: lambda work, chance, actor, key, state: officer.SelectCandidate(
        account=_whose(key).account, unit=_whose(key).unit, roles=_roles(chance), by=actor.account
    ),
    officer.CompleteTraining: lambda work, chance, actor, key, state: officer.CompleteTraining(
        account=_whose(key).account,
        course=officer.REQUIRED_COURSE if chance.random() < 0.7 else work.code(chance, officer_words.COURSES),
        completed_at=work.earlier(chance),
        by=actor.account,
        at=work.now,
    ),
    officer.CertifyOfficer: lambda work, chance, actor, key, state: officer.CertifyOfficer(
        account=_whose(key).account, until=work.later(chance), roles=_roles(chance), by=actor.account, at=work.now
    ),
    officer.LapseCertification: lambda work, chance, actor, key, state: officer.LapseCertification(
        account=_whose(key).account, cause=work.code(chance, officer_words.LAPSE_CAUSES), at=work.now
    ),
    officer.WithdrawCertification: lambda work, chance, actor, key, state: officer.WithdrawCertification(
        account=_whose(key).account, reason=work.reason(chance, key), by=actor.account, at=work.now
    ),
}


def _holds(work: Casework, key: UUID, state: officer.Officer, history: list[Recorded]) -> None:
    assert (state.phase == officer.CERTIFIED) == (state.certified_until is not None)
    trained = False
    for recorded in history:
        match recorded.event:
            case officer.TrainingCompleted(course=course, by=by):
                trained = trained or course == officer.REQUIRED_COURSE
                assert by != state.account
            case officer.OfficerCertified(by=by, until=until):
                assert trained, "certified without the required course since the last lapse"
                assert by != state.account
                assert until > recorded.meta.recorded_at
            case officer.CertificationLapsed():
                trained = False


def _fits(work: Casework, key: UUID, state: officer.Officer) -> tuple[type, ...]:
    phase = officer.phase_at(state, work.now)
    if phase == officer.LAPSED and state.phase == officer.CERTIFIED:
        return (officer.LapseCertification,)
    return {
        officer.CANDIDATE: (officer.CompleteTraining,),
        officer.TRAINED: (officer.CertifyOfficer,),
        officer.CERTIFIED: (*(officer.CompleteTraining,) * 4, officer.CertifyOfficer, officer.WithdrawCertification),
        officer.LAPSED: (officer.CompleteTraining,),
    }[phase]


PART = Part(officer.DECIDER, (officer.SelectCandidate,), MAKES, _holds, _fits, key=_candidate, new_share=0.15, weight=2)
