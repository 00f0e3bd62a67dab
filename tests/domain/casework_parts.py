"""The aggregates of casework as `tests.domain.casework` drives them: how commands are made up, what always holds."""

from __future__ import annotations

from random import Random
from typing import Any
from uuid import UUID

from domain import case_words, concern, concern_words, officer, officer_words, prevention_case
from domain import prevention_case_commands as cases
from domain import prevention_case_events as case_facts
from domain.event import Recorded
from domain.ids import child_pseudonym, officer_id
from domain.personal import FileName
from domain.prevention_case_state import CLOSED, OPEN, SEALED
from domain.sealed import Sealed
from tests.domain.casework import ACTORS, OFFICERS, UNITS, Actor, Casework, Part

# ---------------------------------------------------------------------- officers


def _candidate(work: Casework, chance: Random) -> UUID:
    return officer_id(chance.choice(OFFICERS).account)


def _whose(key: UUID) -> Actor:
    return next(actor for actor in OFFICERS if officer_id(actor.account) == key)


def _roles(chance: Random) -> frozenset[str]:
    return frozenset({officer.OFFICER_ROLE}) if chance.random() < 0.95 else frozenset()


OFFICER_MAKES = {
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


def _officer_holds(work: Casework, key: UUID, state: officer.Officer, history: list[Recorded]) -> None:
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


def _officer_fits(work: Casework, state: officer.Officer) -> tuple[type, ...]:
    phase = officer.phase_at(state, work.now)
    if phase == officer.LAPSED and state.phase == officer.CERTIFIED:
        return (officer.LapseCertification,)
    return {
        officer.CANDIDATE: (officer.CompleteTraining,),
        officer.TRAINED: (officer.CertifyOfficer,),
        officer.CERTIFIED: (*(officer.CompleteTraining,) * 4, officer.CertifyOfficer, officer.WithdrawCertification),
        officer.LAPSED: (officer.CompleteTraining,),
    }[phase]


# ---------------------------------------------------------------------- concerns


def _child(chance: Random) -> UUID:
    return UUID(int=31 + chance.randrange(8))


def _raise(work: Casework, chance: Random, actor: Actor, key: UUID, state: Any) -> concern.RaiseConcern:
    child = _child(chance)
    return concern.RaiseConcern(
        concern=key,
        child=child,
        pseudonym=child_pseudonym(child) if chance.random() < 0.98 else "Марійка",
        kind=work.code(chance, concern_words.CONCERN_KINDS),
        unit=actor.unit,
        unit_kind="juvenile-prevention" if chance.random() < 0.97 else "",
        by=actor.account,
        narrative=work.words(chance, key),
        names=(child,),
        days=chance.choice((0, 30, 90, 90)),
        at=work.now,
    )


CONCERN_MAKES = {
    concern.RaiseConcern: _raise,
    concern.ReviewConcern: lambda work, chance, actor, key, state: concern.ReviewConcern(
        concern=key,
        finding=work.code(chance, concern_words.CONCERN_FINDINGS),
        reason=work.reason(chance, key),
        by=actor.account,
        at=work.now,
    ),
    concern.OfferHelp: lambda work, chance, actor, key, state: concern.OfferHelp(
        concern=key,
        kind=work.code(chance, concern_words.HELP_KINDS),
        reason=work.reason(chance, key),
        by=actor.account,
        at=work.now,
    ),
    concern.DismissConcern: lambda work, chance, actor, key, state: concern.DismissConcern(
        concern=key,
        cause=work.code(chance, concern_words.CONCERN_DISMISSALS),
        reason=work.reason(chance, key),
        by=actor.account,
        at=work.now,
    ),
    concern.ExpireConcern: lambda work, chance, actor, key, state: concern.ExpireConcern(concern=key, at=work.now),
}


def _concern_holds(work: Casework, key: UUID, state: concern.Concern, history: list[Recorded]) -> None:
    raised = history[0].event
    assert isinstance(raised, concern.ConcernRaised)
    assert state.expires_at == raised.expires_at
    finding = ""
    for number, recorded in enumerate(history[1:], start=2):
        match recorded.event:
            case concern.ConcernReviewed(by=by, finding=found):
                assert by != raised.by, "who raised it reviewed it"
                finding = found
            case concern.HelpOffered():
                assert finding == concern.HELP_NEEDED
            case concern.ConcernDismissed():
                assert finding not in ("", concern.HELP_NEEDED)
                assert all(isinstance(later.event, concern.ConcernExpired) for later in history[number:])
            case concern.ConcernExpired():
                assert recorded is history[-1], "what has expired takes nothing"
                assert recorded.meta.recorded_at >= raised.expires_at
                continue
        assert recorded.meta.recorded_at < raised.expires_at, "taken after its time"


def _concern_fits(work: Casework, state: concern.Concern) -> tuple[type, ...]:
    phase = concern.phase_at(state, work.now)
    if phase == concern.EXPIRED and state.phase != concern.EXPIRED:
        return (concern.ExpireConcern,)
    if phase == concern.REVIEWED:
        needed = state.finding == concern.HELP_NEEDED
        return (concern.ReviewConcern, concern.OfferHelp if needed else concern.DismissConcern)
    return {concern.RAISED: (concern.ReviewConcern,), concern.HELP_OFFERED: (concern.OfferHelp,)}.get(phase, ())


# ---------------------------------------------------------------------- prevention cases


def _certified(work: Casework, account: UUID) -> bool:
    return officer.is_certified(work.live.get(officer_id(account)), work.now)


def _assignee(work: Casework, chance: Random, unit: UUID) -> dict[str, Any]:
    """Mostly a certified officer of the unit, where there is one; what is said of them is true."""
    fit = [actor for actor in OFFICERS if actor.unit == unit and _certified(work, actor.account)]
    chosen = chance.choice(fit if fit and chance.random() < 0.9 else list(OFFICERS))
    return {
        "officer": chosen.account,
        "assignee_unit": chosen.unit,
        "assignee_certified": _certified(work, chosen.account),
    }


def _open(work: Casework, chance: Random, actor: Actor, key: UUID, state: Any) -> cases.OpenCase:
    child = _child(chance)
    return cases.OpenCase(
        case=key,
        child=child,
        pseudonym=child_pseudonym(child),
        ground=work.code(chance, case_words.GROUNDS),
        unit=actor.unit,
        unit_kind="juvenile-prevention" if chance.random() < 0.97 else None,
        term_ends=work.later(chance),
        reason=work.reason(chance, key),
        at=work.now,
    )


def _unit_of(state: Any, actor: Actor) -> UUID:
    return actor.unit if state is None else state.unit


def _reassign(work: Casework, chance: Random, actor: Actor, key: UUID, state: Any) -> cases.ReassignCase:
    """As the process does: from who is in charge to a colleague, or to nobody."""
    whom = _assignee(work, chance, _unit_of(state, actor))
    to = whom.pop("officer") if chance.random() < 0.7 else None
    in_charge = None if state is None else state.officer
    return cases.ReassignCase(
        case=key,
        from_officer=in_charge or OFFICERS[0].account,
        to=to,
        assignee_unit=whom["assignee_unit"] if to else None,
        assignee_certified=whom["assignee_certified"] if to else False,
    )


def _plan(state: Any, work: Casework) -> UUID:
    return state.plan.key if state is not None and state.plan is not None else work.new("plan")


def _measure(state: Any, work: Casework, chance: Random) -> UUID:
    return chance.choice(state.measures).key if state is not None and state.measures else work.new("measure")


def _attachment(state: Any, work: Casework, chance: Random) -> UUID:
    return chance.choice(state.attachments) if state is not None and state.attachments else work.new("attachment")


def _offered_unit(state: Any, actor: Actor) -> UUID:
    return state.offered_unit if state is not None and state.offered_unit is not None else actor.unit


CASE_MAKES = {
    cases.OpenCase: _open,
    cases.AssignCase: lambda work, chance, actor, key, state: cases.AssignCase(
        case=key, **_assignee(work, chance, _unit_of(state, actor))
    ),
    cases.ReassignCase: _reassign,
    cases.AssessRisk: lambda work, chance, actor, key, state: cases.AssessRisk(
        case=key,
        level=work.code(chance, case_words.RISK_LEVELS),
        protective_factors=tuple(
            chance.sample(sorted(case_words.PROTECTIVE_FACTORS), k=chance.choice((0, 1, 1, 2, 3)))
        ),
        by=actor.account,
        review_by=work.later(chance),
        narrative=work.words(chance, key),
        at=work.now,
    ),
    cases.ProposePlan: lambda work, chance, actor, key, state: cases.ProposePlan(
        case=key, plan=work.new("plan"), by=actor.account, narrative=work.words(chance, key)
    ),
    cases.ApprovePlan: lambda work, chance, actor, key, state: cases.ApprovePlan(
        case=key, plan=_plan(state, work), by=actor.account
    ),
    cases.RejectPlan: lambda work, chance, actor, key, state: cases.RejectPlan(
        case=key, plan=_plan(state, work), by=actor.account, reason=work.reason(chance, key)
    ),
    cases.ScheduleMeasure: lambda work, chance, actor, key, state: cases.ScheduleMeasure(
        case=key,
        measure=work.new("measure"),
        kind=work.code(chance, case_words.MEASURE_KINDS),
        due_at=work.later(chance),
        narrative=work.words(chance, key),
        at=work.now,
    ),
    cases.CompleteMeasure: lambda work, chance, actor, key, state: cases.CompleteMeasure(
        case=key,
        measure=_measure(state, work, chance),
        result=work.code(chance, case_words.MEASURE_RESULTS),
        ended_at=work.earlier(chance),
        narrative=work.words(chance, key),
        at=work.now,
    ),
    cases.NoteContact: lambda work, chance, actor, key, state: cases.NoteContact(
        case=key,
        contact=work.new("contact"),
        kind=work.code(chance, case_words.CONTACT_KINDS),
        occurred_at=work.earlier(chance),
        narrative=work.words(chance, key),
        at=work.now,
    ),
    cases.ExtendTerm: lambda work, chance, actor, key, state: cases.ExtendTerm(
        case=key, term_ends=work.later(chance, days=365), reason=work.reason(chance, key), at=work.now
    ),
    cases.OfferTransfer: lambda work, chance, actor, key, state: cases.OfferTransfer(
        case=key,
        to_unit=UNITS[0] if _unit_of(state, actor) == UNITS[1] else UNITS[1],
        to_unit_kind="juvenile-prevention",
        answer_by=work.later(chance),
        reason=work.reason(chance, key),
        at=work.now,
    ),
    cases.AcceptTransfer: lambda work, chance, actor, key, state: cases.AcceptTransfer(
        case=key, by_unit=_offered_unit(state, actor), **_assignee(work, chance, _offered_unit(state, actor))
    ),
    cases.DeclineTransfer: lambda work, chance, actor, key, state: cases.DeclineTransfer(
        case=key, by_unit=_offered_unit(state, actor), reason=work.reason(chance, key)
    ),
    cases.CloseCase: lambda work, chance, actor, key, state: cases.CloseCase(
        case=key, outcome=work.code(chance, case_words.OUTCOMES), reason=work.reason(chance, key)
    ),
    cases.ReopenCase: lambda work, chance, actor, key, state: cases.ReopenCase(
        case=key, term_ends=work.later(chance), reason=work.reason(chance, key), at=work.now
    ),
    cases.SealCase: lambda work, chance, actor, key, state: cases.SealCase(case=key, reason=work.reason(chance, key)),
    cases.AddAttachment: lambda work, chance, actor, key, state: cases.AddAttachment(
        case=key,
        attachment=work.new("attachment"),
        media_type=work.code(chance, case_words.MEDIA_TYPES),
        size_bytes=chance.randrange(0, 99_999),
        sealed_sha256=f"{chance.getrandbits(256):064x}",
        name=Sealed(key, FileName("характеристика.pdf")),
    ),
    cases.RemoveAttachment: lambda work, chance, actor, key, state: cases.RemoveAttachment(
        case=key, attachment=_attachment(state, work, chance), reason=work.reason(chance, key)
    ),
}


AFTER_CLOSING = (case_facts.CaseReopened, case_facts.CaseSealed)


def _case_fits(work: Casework, state: Any) -> tuple[type, ...]:
    if state.phase != OPEN:
        return (cases.ReopenCase, cases.SealCase) if state.phase == CLOSED else ()
    answered = (cases.AcceptTransfer, cases.DeclineTransfer, cases.AcceptTransfer)
    decided = (cases.ApprovePlan, cases.RejectPlan)
    return (
        *(cases.AssessRisk, cases.ScheduleMeasure, cases.NoteContact, cases.ExtendTerm, cases.AddAttachment),
        *(cases.AssignCase, cases.CloseCase),
        *(cases.AssignCase if state.officer is None else cases.ReassignCase,) * 3,
        *(answered if state.offered_unit is not None else (cases.OfferTransfer,)),
        *(decided if state.plan is not None and state.plan.phase == "proposed" else (cases.ProposePlan,)),
        *((cases.CompleteMeasure,) if any(not each.completed for each in state.measures) else ()),
        *((cases.RemoveAttachment,) if state.attachments else ()),
    )


def _case_holds(work: Casework, key: UUID, state: Any, history: list[Recorded]) -> None:
    assert state.phase == _phase_of(history)
    proposed_by = None
    for recorded in history:
        match recorded.event:
            case case_facts.PlanProposed(by=by):
                proposed_by = by
            case case_facts.PlanApproved(by=by) | case_facts.PlanRejected(by=by):
                assert by != proposed_by, "who proposed a plan decided on it"
            case case_facts.RiskAssessed(protective_factors=factors, by=by):
                assert factors, "a risk without what protects the child"
                assert by in {actor.account for actor in ACTORS}, "a risk that no person entered"
    last = history[-1]
    if (
        isinstance(last.event, case_facts.CaseAssigned | case_facts.TransferAccepted | case_facts.CaseReassigned)
        and state.officer is not None
        and last.meta.recorded_at == work.now
    ):
        assert _certified(work, state.officer), "in charge without a certification"


def _phase_of(history: list[Recorded]) -> str:
    phase = OPEN
    for recorded in history:
        assert phase != SEALED, "a sealed case took something"
        assert phase == OPEN or isinstance(recorded.event, AFTER_CLOSING), "a closed case took something"
        match recorded.event:
            case case_facts.CaseOpened(ground=ground):
                assert ground in case_words.GROUNDS
            case case_facts.CaseClosed():
                phase = CLOSED
            case case_facts.CaseReopened():
                phase = OPEN
            case case_facts.CaseSealed():
                phase = SEALED
    return phase


PARTS: tuple[Part, ...] = (
    Part(
        officer.DECIDER, frozenset({officer.SelectCandidate}), OFFICER_MAKES, _officer_holds, _officer_fits, _candidate
    ),
    Part(concern.DECIDER, frozenset({concern.RaiseConcern}), CONCERN_MAKES, _concern_holds, _concern_fits),
    Part(prevention_case.DECIDER, frozenset({cases.OpenCase}), CASE_MAKES, _case_holds, _case_fits, weight=2),
)
"""Every aggregate of casework that is driven: another one is another `Part` here."""
