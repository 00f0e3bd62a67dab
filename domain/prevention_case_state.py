"""What a prevention case is after each of its events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain import checks
from domain import prevention_case_events as facts
from domain.errors import WrongState

OPEN, CLOSED, SEALED = "open", "closed", "sealed"
PHASES = (OPEN, CLOSED, SEALED)

KIND = "prevention-case"
PROPOSED, APPROVED, REJECTED = "proposed", "approved", "rejected"


class Plan(msgspec.Struct, frozen=True):
    key: UUID
    proposed_by: UUID
    phase: str = PROPOSED


class Measure(msgspec.Struct, frozen=True):
    key: UUID
    due_at: datetime
    completed: bool = False


class PreventionCase(msgspec.Struct, frozen=True, kw_only=True):
    child: UUID
    ground: str
    unit: UUID
    term_ends: datetime
    phase: str = OPEN
    officer: UUID | None = None
    risk: str | None = None
    plan: Plan | None = None  # the last one proposed
    measures: tuple[Measure, ...] = ()
    contacts: int = 0
    offered_unit: UUID | None = None  # that a transfer was offered to, and that did not answer yet
    attachments: tuple[UUID, ...] = ()
    removed: tuple[UUID, ...] = ()  # attachments that are gone: their ids are not used again


def opened(state: None, event: facts.CaseOpened) -> PreventionCase:
    return PreventionCase(child=event.child, ground=event.ground, unit=event.unit, term_ends=event.term_ends)


def assigned(state: PreventionCase, event: facts.CaseAssigned) -> PreventionCase:
    return replace(state, officer=event.officer)


def reassigned(state: PreventionCase, event: facts.CaseReassigned) -> PreventionCase:
    return replace(state, officer=event.to)


def risk_assessed(state: PreventionCase, event: facts.RiskAssessed) -> PreventionCase:
    return replace(state, risk=event.level)


def plan_proposed(state: PreventionCase, event: facts.PlanProposed) -> PreventionCase:
    return replace(state, plan=Plan(event.plan, event.by))


def plan_approved(state: PreventionCase, event: facts.PlanApproved) -> PreventionCase:
    return replace(state, plan=None if state.plan is None else replace(state.plan, phase=APPROVED))


def plan_rejected(state: PreventionCase, event: facts.PlanRejected) -> PreventionCase:
    return replace(state, plan=None if state.plan is None else replace(state.plan, phase=REJECTED))


def measure_scheduled(state: PreventionCase, event: facts.MeasureScheduled) -> PreventionCase:
    return replace(state, measures=(*state.measures, Measure(event.measure, event.due_at)))


def measure_completed(state: PreventionCase, event: facts.MeasureCompleted) -> PreventionCase:
    return replace(
        state,
        measures=tuple(replace(each, completed=True) if each.key == event.measure else each for each in state.measures),
    )


def contact_noted(state: PreventionCase, event: facts.ContactNoted) -> PreventionCase:
    return replace(state, contacts=state.contacts + 1)


def term_extended(state: PreventionCase, event: facts.TermExtended) -> PreventionCase:
    return replace(state, term_ends=event.term_ends)


def transfer_offered(state: PreventionCase, event: facts.TransferOffered) -> PreventionCase:
    return replace(state, offered_unit=event.to_unit)


def transfer_accepted(state: PreventionCase, event: facts.TransferAccepted) -> PreventionCase:
    return replace(state, unit=event.unit, officer=event.officer, offered_unit=None)


def transfer_declined(state: PreventionCase, event: facts.TransferDeclined) -> PreventionCase:
    return replace(state, offered_unit=None)


def closed(state: PreventionCase, event: facts.CaseClosed) -> PreventionCase:
    waits = state.plan is not None and state.plan.phase == PROPOSED
    return replace(
        state,
        phase=CLOSED,
        officer=None,
        offered_unit=None,
        plan=None if waits else state.plan,
        measures=tuple(each for each in state.measures if each.completed),
    )


def reopened(state: PreventionCase, event: facts.CaseReopened) -> PreventionCase:
    return replace(state, phase=OPEN, term_ends=event.term_ends)


def sealed(state: PreventionCase, event: facts.CaseSealed) -> PreventionCase:
    return replace(state, phase=SEALED)


def attachment_added(state: PreventionCase, event: facts.AttachmentAdded) -> PreventionCase:
    return replace(state, attachments=(*state.attachments, event.attachment))


def attachment_removed(state: PreventionCase, event: facts.AttachmentRemoved) -> PreventionCase:
    left = tuple(each for each in state.attachments if each != event.attachment)
    return replace(state, attachments=left, removed=(*state.removed, event.attachment))


EVOLVES: Mapping[type[Any], Callable[[Any, Any], PreventionCase]] = MappingProxyType(
    {
        facts.CaseOpened: opened,
        facts.CaseAssigned: assigned,
        facts.CaseReassigned: reassigned,
        facts.RiskAssessed: risk_assessed,
        facts.PlanProposed: plan_proposed,
        facts.PlanApproved: plan_approved,
        facts.PlanRejected: plan_rejected,
        facts.MeasureScheduled: measure_scheduled,
        facts.MeasureCompleted: measure_completed,
        facts.ContactNoted: contact_noted,
        facts.TermExtended: term_extended,
        facts.TransferOffered: transfer_offered,
        facts.TransferAccepted: transfer_accepted,
        facts.TransferDeclined: transfer_declined,
        facts.CaseClosed: closed,
        facts.CaseReopened: reopened,
        facts.CaseSealed: sealed,
        facts.AttachmentAdded: attachment_added,
        facts.AttachmentRemoved: attachment_removed,
    }
)


def still_open(state: PreventionCase | None, key: UUID) -> PreventionCase:
    """The case, where it takes work. Raises NotFound, WrongState."""
    case = checks.existing(KIND, key, state)
    if case.phase == CLOSED:
        raise WrongState(KIND, key, CLOSED, "reopen it, or leave it")
    not_sealed(case, key)
    return case


def not_sealed(case: PreventionCase, key: UUID) -> None:
    """Raises WrongState."""
    if case.phase == SEALED:
        raise WrongState(KIND, key, SEALED, "nothing is added to it any more; open another one")
