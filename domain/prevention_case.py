"""A prevention case: one child, one ground, a term, and the police officer who works with the child meanwhile.

Only a certified officer of the case's unit is in charge; whoever proposed a plan does not approve it; a risk is judged
by a person, who names what protects the child as well; a closed case is only reopened or sealed, and a sealed one
takes nothing. What is done within it (measures, contacts, transfers, attachments) is `domain/prevention_case_work.py`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from domain import case_words, checks
from domain import prevention_case_commands as commands
from domain import prevention_case_events as facts
from domain import prevention_case_work as work
from domain.decider import Decider
from domain.errors import AlreadyExists, DomainError, Invalid, WrongState
from domain.event import Event
from domain.incident import PSEUDONYM
from domain.prevention_case_state import (
    EVOLVES,
    KIND,
    OPEN,
    PROPOSED,
    Plan,
    PreventionCase,
    not_sealed,
    still_open,
)

TERM_MAX = timedelta(days=366)  # from now: of a term, and until a review; which terms the law knows, counsel checks


class ApproverIsProposer(DomainError):
    code = "approver-is-proposer"

    def __init__(self) -> None:
        super().__init__("a plan is decided on by somebody else than who proposed it; ask another supervisor")


def decide_open(state: PreventionCase | None, command: commands.OpenCase) -> tuple[Event, ...]:
    if state is not None:
        raise AlreadyExists(KIND, command.case)
    if command.unit_kind != work.UNIT_KIND:
        raise Invalid("unit", f"{command.unit} is no unit of juvenile prevention", "leave it to one; see GET /units")
    reported_at = command.reported_at
    return (
        facts.CaseOpened(
            child=command.child,
            pseudonym=checks.pattern(
                "pseudonym", command.pseudonym, PSEUDONYM, "write CH- and 4 to 12 capital letters or digits"
            ),
            ground=checks.one_of("ground", command.ground, case_words.GROUNDS),
            unit=command.unit,
            term_ends=ahead("term_ends", command.term_ends, command.at),
            reason=checks.reason("reason", command.reason),
            incident=command.incident,
            reported_at=None if reported_at is None else checks.past("reported_at", reported_at, command.at),
        ),
    )


def decide_assign(state: PreventionCase | None, command: commands.AssignCase) -> tuple[Event, ...]:
    """To the officer who has it already, it changes nothing."""
    case = still_open(state, command.case)
    work.check_assignee(case.unit, command.officer, command.assignee_unit, certified=command.assignee_certified)
    if command.officer == case.officer:
        return ()
    return (facts.CaseAssigned(officer=command.officer),)


def decide_reassign(state: PreventionCase | None, command: commands.ReassignCase) -> tuple[Event, ...]:
    """Nothing, where the case is not in that officer's charge any more, or takes no work: it may be asked twice."""
    case = checks.existing(KIND, command.case, state)
    if case.phase != OPEN or case.officer != command.from_officer:
        return ()
    if command.to is not None:
        work.check_assignee(
            case.unit, command.to, command.assignee_unit, certified=command.assignee_certified, field="to"
        )
        if command.to == command.from_officer:
            raise Invalid("to", "is the officer whose certification lapsed", "name another, or nobody")
    return (facts.CaseReassigned(from_officer=command.from_officer, to=command.to),)


def decide_assess(state: PreventionCase | None, command: commands.AssessRisk) -> tuple[Event, ...]:
    still_open(state, command.case)
    factors = checks.unique(
        "protective_factors", command.protective_factors, least=1, most=len(case_words.PROTECTIVE_FACTORS)
    )
    for factor in factors:
        checks.one_of("protective_factors", factor, case_words.PROTECTIVE_FACTORS)
    return (
        facts.RiskAssessed(
            level=checks.one_of("level", command.level, case_words.RISK_LEVELS),
            protective_factors=factors,
            by=command.by,
            review_by=ahead("review_by", command.review_by, command.at),
            narrative=work.written(command.narrative),
        ),
    )


def decide_propose(state: PreventionCase | None, command: commands.ProposePlan) -> tuple[Event, ...]:
    case = still_open(state, command.case)
    if case.plan is not None and case.plan.phase == PROPOSED:
        raise WrongState(KIND, command.case, "plan-proposed", "wait until it is decided on", words="waiting for a plan")
    if case.plan is not None and case.plan.key == command.plan:
        raise AlreadyExists("plan", command.plan)
    return (facts.PlanProposed(plan=command.plan, by=command.by, narrative=work.written(command.narrative)),)


def decide_approve(state: PreventionCase | None, command: commands.ApprovePlan) -> tuple[Event, ...]:
    _waiting(still_open(state, command.case), command.case, command.plan, command.by)
    return (facts.PlanApproved(plan=command.plan, by=command.by),)


def decide_reject(state: PreventionCase | None, command: commands.RejectPlan) -> tuple[Event, ...]:
    _waiting(still_open(state, command.case), command.case, command.plan, command.by)
    return (facts.PlanRejected(plan=command.plan, by=command.by, reason=checks.reason("reason", command.reason)),)


def decide_extend(state: PreventionCase | None, command: commands.ExtendTerm) -> tuple[Event, ...]:
    case = still_open(state, command.case)
    term_ends = ahead("term_ends", command.term_ends, command.at)
    if term_ends <= case.term_ends:
        raise Invalid("term_ends", "is not after the term that the case has", "give a later time, or close the case")
    return (facts.TermExtended(term_ends=term_ends, reason=checks.reason("reason", command.reason)),)


def decide_close(state: PreventionCase | None, command: commands.CloseCase) -> tuple[Event, ...]:
    still_open(state, command.case)
    return (
        facts.CaseClosed(
            outcome=checks.one_of("outcome", command.outcome, case_words.OUTCOMES),
            reason=checks.reason("reason", command.reason),
        ),
    )


def decide_reopen(state: PreventionCase | None, command: commands.ReopenCase) -> tuple[Event, ...]:
    _closed(state, command.case)
    return (
        facts.CaseReopened(
            term_ends=ahead("term_ends", command.term_ends, command.at),
            reason=checks.reason("reason", command.reason),
        ),
    )


def decide_seal(state: PreventionCase | None, command: commands.SealCase) -> tuple[Event, ...]:
    _closed(state, command.case)
    return (facts.CaseSealed(reason=checks.reason("reason", command.reason)),)


def ahead(field: str, value: datetime, at: datetime) -> datetime:
    """An instant in UTC after the command's, within TERM_MAX of it. Raises Invalid."""
    instant = checks.utc(field, value)
    if instant <= at:
        raise Invalid(field, "is not in the future", "give a later time")
    if instant > at + TERM_MAX:
        raise Invalid(field, f"is more than {TERM_MAX.days} days ahead", "give an earlier time; it can be extended")
    return instant


def _waiting(case: PreventionCase, key: UUID, plan: UUID, by: UUID) -> Plan:
    """The plan, where it waits for this person's decision. Raises WrongState, Invalid, ApproverIsProposer."""
    waiting = case.plan
    if waiting is None or waiting.phase != PROPOSED:
        raise WrongState(KIND, key, "without-plan", "there is nothing to decide on", words="waiting for no decision")
    if waiting.key != plan:
        raise Invalid("plan", f"{plan} is not the one that waits", f"decide on {waiting.key}")
    if waiting.proposed_by == by:
        raise ApproverIsProposer
    return waiting


def _closed(state: PreventionCase | None, key: UUID) -> None:
    case = checks.existing(KIND, key, state)
    not_sealed(case, key)
    if case.phase == OPEN:
        raise WrongState(KIND, key, OPEN, "close it first")


DECIDER: Decider[commands.PreventionCaseCommand, PreventionCase] = Decider(
    kind=KIND,
    decides={
        commands.OpenCase: decide_open,
        commands.AssignCase: decide_assign,
        commands.ReassignCase: decide_reassign,
        commands.AssessRisk: decide_assess,
        commands.ProposePlan: decide_propose,
        commands.ApprovePlan: decide_approve,
        commands.RejectPlan: decide_reject,
        commands.ExtendTerm: decide_extend,
        commands.CloseCase: decide_close,
        commands.ReopenCase: decide_reopen,
        commands.SealCase: decide_seal,
        **work.DECIDES,
    },
    evolves=EVOLVES,
)
