"""Prevention cases, as random casework drives them, and what always holds of them."""

from __future__ import annotations

from random import Random
from typing import Any
from uuid import UUID

from domain import case_words, prevention_case
from domain import prevention_case_commands as cases
from domain import prevention_case_events as facts
from domain.event import Recorded
from domain.ids import child_pseudonym, officer_id
from domain.officer import CertificationLapsed
from domain.personal import FileName
from domain.prevention_case_state import CLOSED, KIND, OPEN, SEALED
from domain.processes import reassigning
from domain.sealed import Sealed
from tests.domain.casework import Casework
from tests.domain.casework_parts.officer import certified
from tests.domain.casework_parts.part import ACTORS, OFFICERS, UNITS, Actor, Decided, Makes, Part, Process


def _assignee(work: Casework, chance: Random, unit: UUID) -> dict[str, Any]:
    """Mostly a certified officer of the unit, where there is one; what is said of them is true."""
    fit = [actor for actor in OFFICERS if actor.unit == unit and certified(work, actor.account)]
    chosen = chance.choice(fit if fit and chance.random() < 0.9 else list(OFFICERS))
    return {
        "officer": chosen.account,
        "assignee_unit": chosen.unit,
        "assignee_certified": certified(work, chosen.account),
    }


def _open(work: Casework, chance: Random, actor: Actor, key: UUID, state: Any) -> cases.OpenCase:
    child, incidents = work.person(chance), work.streams["incident"]
    return cases.OpenCase(
        case=key,
        child=child,
        pseudonym=child_pseudonym(child),
        ground=work.code(chance, case_words.GROUNDS),
        unit=actor.unit,
        unit_kind="juvenile-prevention" if chance.random() < 0.97 else None,
        term_ends=work.later(chance),
        reason=work.reason(chance),
        incident=chance.choice(incidents) if incidents and chance.random() < 0.5 else None,
        reported_at=work.earlier(chance) if chance.random() < 0.5 else None,
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


MAKES: Makes = {
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
        narrative=work.words(chance),
        at=work.now,
    ),
    cases.ProposePlan: lambda work, chance, actor, key, state: cases.ProposePlan(
        case=key, plan=work.new("plan"), by=actor.account, narrative=work.words(chance)
    ),
    cases.ApprovePlan: lambda work, chance, actor, key, state: cases.ApprovePlan(
        case=key, plan=_plan(state, work), by=actor.account
    ),
    cases.RejectPlan: lambda work, chance, actor, key, state: cases.RejectPlan(
        case=key, plan=_plan(state, work), by=actor.account, reason=work.reason(chance)
    ),
    cases.ScheduleMeasure: lambda work, chance, actor, key, state: cases.ScheduleMeasure(
        case=key,
        measure=work.new("measure"),
        kind=work.code(chance, case_words.MEASURE_KINDS),
        due_at=work.later(chance),
        narrative=work.words(chance),
        at=work.now,
    ),
    cases.CompleteMeasure: lambda work, chance, actor, key, state: cases.CompleteMeasure(
        case=key,
        measure=_measure(state, work, chance),
        result=work.code(chance, case_words.MEASURE_RESULTS),
        ended_at=work.earlier(chance),
        narrative=work.words(chance),
        at=work.now,
    ),
    cases.NoteContact: lambda work, chance, actor, key, state: cases.NoteContact(
        case=key,
        contact=work.new("contact"),
        kind=work.code(chance, case_words.CONTACT_KINDS),
        occurred_at=work.earlier(chance),
        narrative=work.words(chance),
        at=work.now,
    ),
    cases.ExtendTerm: lambda work, chance, actor, key, state: cases.ExtendTerm(
        case=key, term_ends=work.later(chance, days=365), reason=work.reason(chance), at=work.now
    ),
    cases.OfferTransfer: lambda work, chance, actor, key, state: cases.OfferTransfer(
        case=key,
        to_unit=UNITS[0] if _unit_of(state, actor) == UNITS[1] else UNITS[1],
        to_unit_kind="juvenile-prevention",
        answer_by=work.later(chance),
        reason=work.reason(chance),
        at=work.now,
    ),
    cases.AcceptTransfer: lambda work, chance, actor, key, state: cases.AcceptTransfer(
        case=key, by_unit=_offered_unit(state, actor), **_assignee(work, chance, _offered_unit(state, actor))
    ),
    cases.DeclineTransfer: lambda work, chance, actor, key, state: cases.DeclineTransfer(
        case=key, by_unit=_offered_unit(state, actor), reason=work.reason(chance)
    ),
    cases.CloseCase: lambda work, chance, actor, key, state: cases.CloseCase(
        case=key, outcome=work.code(chance, case_words.OUTCOMES), reason=work.reason(chance)
    ),
    cases.ReopenCase: lambda work, chance, actor, key, state: cases.ReopenCase(
        case=key, term_ends=work.later(chance), reason=work.reason(chance), at=work.now
    ),
    cases.SealCase: lambda work, chance, actor, key, state: cases.SealCase(case=key, reason=work.reason(chance)),
    cases.AddAttachment: lambda work, chance, actor, key, state: cases.AddAttachment(
        case=key,
        attachment=work.new("attachment"),
        media_type=work.code(chance, case_words.MEDIA_TYPES),
        size_bytes=chance.randrange(0, 99_999),
        sealed_sha256=f"{chance.getrandbits(256):064x}",
        name=Sealed(key, FileName("характеристика.pdf")),
    ),
    cases.RemoveAttachment: lambda work, chance, actor, key, state: cases.RemoveAttachment(
        case=key, attachment=_attachment(state, work, chance), reason=work.reason(chance)
    ),
}


def _reassigned(work: Casework, lapsed: CertificationLapsed) -> tuple[Decided, ...]:
    """The open cases of an officer whose certification lapsed go to the certified colleagues of the unit."""
    open_cases = {key: work.live[key] for key in work.streams[KIND] if work.live[key].phase == OPEN}
    colleagues = {
        actor.account: sum(case.officer == actor.account for case in open_cases.values())
        for actor in OFFICERS
        if actor.unit == lapsed.unit and certified(work, actor.account)
    }
    commands = reassigning.react(
        lapsed,
        certified_again=certified(work, lapsed.account),
        cases=[key for key, case in open_cases.items() if case.officer == lapsed.account],
        colleagues=colleagues,
    )
    return tuple(work.decided(KIND, command.case, command) for command in commands)


AFTER_CLOSING = (facts.CaseReopened, facts.CaseSealed)


def _fits(work: Casework, key: UUID, state: Any) -> tuple[type, ...]:
    if state.phase != OPEN:
        return (cases.ReopenCase, cases.SealCase) if state.phase == CLOSED else ()
    answered = (*(cases.AcceptTransfer,) * 3, *(cases.DeclineTransfer,) * 2)
    decided = (*(cases.ApprovePlan,) * 3, *(cases.RejectPlan,) * 2)
    return (
        *(cases.AssessRisk, cases.ScheduleMeasure, cases.NoteContact, cases.ExtendTerm, cases.AddAttachment),
        *(cases.AssignCase, cases.CloseCase),
        *(cases.AssignCase if state.officer is None else cases.ReassignCase,) * 3,
        *(answered if state.offered_unit is not None else (cases.OfferTransfer,) * 2),
        *(decided if state.plan is not None and state.plan.phase == "proposed" else (cases.ProposePlan,) * 2),
        *((cases.CompleteMeasure,) * 2 if any(not each.completed for each in state.measures) else ()),
        *((cases.RemoveAttachment,) * 2 if state.attachments else ()),
    )


def _holds(work: Casework, key: UUID, state: Any, history: list[Recorded]) -> None:
    assert state.phase == _phase_of(history)
    assert state.offered_unit == _offered(history)
    assert state.attachments == _attached(history)
    if state.officer is not None:
        in_charge = work.live[officer_id(state.officer)]
        assert in_charge.certified_until is not None, "in charge of a case without a certification"
        assert in_charge.unit == state.unit, "in charge of another unit's case"
    proposed_by, done = None, set[UUID]()
    for recorded in history:
        match recorded.event:
            case facts.PlanProposed(by=by):
                proposed_by = by
            case facts.PlanApproved(by=by) | facts.PlanRejected(by=by):
                assert by != proposed_by, "who proposed a plan decided on it"
            case facts.RiskAssessed(protective_factors=factors, by=by):
                assert factors, "a risk without what protects the child"
                assert by in {actor.account for actor in ACTORS}, "a risk that no person entered"
            case facts.MeasureCompleted(measure=measure):
                assert measure not in done, "a measure was completed twice"
                done.add(measure)


def _offered(history: list[Recorded]) -> UUID | None:
    """The unit that is asked to take the case over, and did not answer."""
    offered = None
    for recorded in history:
        match recorded.event:
            case facts.TransferOffered(to_unit=to_unit):
                assert offered is None, "offered to two units"
                offered = to_unit
            case facts.TransferAccepted(unit=unit):
                assert unit == offered, "taken over by a unit that it was not offered to"
                offered = None
            case facts.TransferDeclined() | facts.CaseClosed():
                offered = None
    return offered


def _attached(history: list[Recorded]) -> tuple[UUID, ...]:
    had, attached = set[UUID](), list[UUID]()
    for recorded in history:
        match recorded.event:
            case facts.AttachmentAdded(attachment=attachment):
                assert attachment not in had, "an attachment's id was used twice"
                had.add(attachment)
                attached.append(attachment)
            case facts.AttachmentRemoved(attachment=attachment):
                attached.remove(attachment)
    return tuple(attached)


def _phase_of(history: list[Recorded]) -> str:
    phase = OPEN
    for recorded in history:
        assert phase != SEALED, "a sealed case took something"
        assert phase == OPEN or isinstance(recorded.event, AFTER_CLOSING), "a closed case took something"
        match recorded.event:
            case facts.CaseOpened(ground=ground):
                assert ground in case_words.GROUNDS
            case facts.CaseClosed():
                phase = CLOSED
            case facts.CaseReopened():
                phase = OPEN
            case facts.CaseSealed():
                phase = SEALED
    return phase


PART = Part(
    prevention_case.DECIDER,
    (cases.OpenCase,),
    MAKES,
    _holds,
    _fits,
    processes=(Process("reassigning", CertificationLapsed, _reassigned),),
    weight=4,
)
