"""What is done with a prevention case, over HTTP: every command to one that exists."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, post
from litestar.params import FromPath, JSONBody

from app import cases
from app.access.operations import Operation
from app.api.answers import Done, done
from app.api.calls import Asked, House, call_of
from app.api.cases import list_contacts
from app.call import Call, now
from domain import prevention_case_commands as commands
from domain.personal import Narrative, Reason
from domain.sealed import Sealed

Doc = msgspec.Meta


class Charge(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    officer: Annotated[UUID, Doc(examples=["7c1f6f0e-2b1a-4c53-9a51-3f0a8e2d4b60"], description="an account")]


class Because(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Annotated[str, Doc(examples=["Родина переїхала до іншої області"])]


class Assessment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The caller's own judgement; what protects the child belongs to it."""

    level: Annotated[str, Doc(examples=["medium"], description="a code of GET /words")]
    protective_factors: Annotated[list[str], Doc(examples=[["trusted-adult", "attends-school"]])]
    review_by: Annotated[datetime, Doc(examples=["2026-12-20T12:00:00+02:00"], description="when it is judged anew")]
    narrative: Annotated[str, Doc(examples=["Бабуся поруч, школу відвідує."])]


class NewPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    narrative: Annotated[str, Doc(examples=["Гурток, щотижневі бесіди, зустріч із батьками."])]


class NewMeasure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: Annotated[str, Doc(examples=["home-visit"], description="a code of GET /words")]
    due_at: Annotated[datetime, Doc(examples=["2026-12-01T16:00:00+02:00"])]
    narrative: Annotated[str, Doc(examples=["Відвідати вдома разом із психологом."])]


class MeasureEnd(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    result: Annotated[str, Doc(examples=["done"], description="a code of GET /words")]
    ended_at: Annotated[datetime, Doc(examples=["2026-11-20T16:00:00+02:00"])]
    narrative: Annotated[str, Doc(examples=["Відвідали; домовилися про гурток."])]


class NewContact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: Annotated[str, Doc(examples=["telephone"], description="a code of GET /words")]
    occurred_at: Annotated[datetime, Doc(examples=["2026-11-20T16:00:00+02:00"])]
    narrative: Annotated[str, Doc(examples=["Мати просить допомогти з гуртком."])]


class NewTerm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    term_ends: Annotated[datetime, Doc(examples=["2027-05-20T00:00:00+03:00"])]
    reason: Annotated[str, Doc(examples=["План ще не виконано"])]


class NewOffer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    to_unit: Annotated[UUID, Doc(examples=["7c1f6f0e-2b1a-4c53-9a51-3f0a8e2d4b60"])]
    answer_by: Annotated[datetime, Doc(examples=["2026-12-05T12:00:00+02:00"])]
    reason: Annotated[str, Doc(examples=["Родина переїхала до їхнього району"])]


class Ending(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    outcome: Annotated[str, Doc(examples=["goals-met"], description="a code of GET /words")]
    reason: Annotated[str, Doc(examples=["План виконано"])]


def asked(house: House, call: Call, operation: Operation, command: commands.PreventionCaseCommand) -> Response[Done]:
    """One command to a case that exists."""
    return done(cases.work(house, call, operation, command), command.case)


def _said(call: Call, text: str) -> Sealed[Narrative]:
    return Sealed(call.new_record(), Narrative(text))


def _why(call: Call, text: str) -> Sealed[Reason]:
    return Sealed(call.new_record(), Reason(text))


@post("/cases/{key:uuid}/assign", status_code=200, sync_to_thread=True)
def assign_case(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Charge]) -> Response[Done]:
    """Put it in the charge of a certified juvenile officer of its unit."""
    return done(cases.assign(house, call_of(request, house, data), key, data.officer), key)


@post("/cases/{key:uuid}/risk", status_code=200, sync_to_thread=True)
def assess_risk(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Assessment]) -> Response[Done]:
    """Say how high the risk is, in one's own judgement, what protects the child, and when to judge anew."""
    call = call_of(request, house, data)
    command = commands.AssessRisk(
        case=key,
        level=data.level,
        protective_factors=tuple(data.protective_factors),
        by=call.principal.account,
        review_by=data.review_by,
        narrative=_said(call, data.narrative),
        at=now(),
    )
    return asked(house, call, Operation.CASE_ASSESS_RISK, command)


@post("/cases/{key:uuid}/plans", status_code=200, sync_to_thread=True)
def propose_plan(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[NewPlan]) -> Response[Done]:
    """Propose what is to be done. Somebody else decides on it; `GET /cases/{key}` names the plan."""
    call = call_of(request, house, data)
    said = _said(call, data.narrative)
    command = commands.ProposePlan(case=key, plan=call.new_key(), by=call.principal.account, narrative=said)
    return asked(house, call, Operation.CASE_PROPOSE_PLAN, command)


@post("/cases/{key:uuid}/plans/{plan:uuid}/approve", status_code=200, sync_to_thread=True)
def approve_plan(request: Asked, house: House, key: FromPath[UUID], plan: FromPath[UUID]) -> Response[Done]:
    """Approve a plan that somebody else proposed."""
    call = call_of(request, house)
    command = commands.ApprovePlan(case=key, plan=plan, by=call.principal.account)
    return asked(house, call, Operation.CASE_DECIDE_PLAN, command)


@post("/cases/{key:uuid}/plans/{plan:uuid}/reject", status_code=200, sync_to_thread=True)
def reject_plan(
    request: Asked, house: House, key: FromPath[UUID], plan: FromPath[UUID], data: JSONBody[Because]
) -> Response[Done]:
    """Reject a plan that somebody else proposed."""
    call = call_of(request, house, data)
    command = commands.RejectPlan(case=key, plan=plan, by=call.principal.account, reason=_why(call, data.reason))
    return asked(house, call, Operation.CASE_DECIDE_PLAN, command)


@post("/cases/{key:uuid}/measures", status_code=200, sync_to_thread=True)
def schedule_measure(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[NewMeasure]) -> Response[Done]:
    """Arrange something for a day. `GET /cases/{key}` names the measure."""
    call = call_of(request, house, data)
    command = commands.ScheduleMeasure(
        case=key,
        measure=call.new_key(),
        kind=data.kind,
        due_at=data.due_at,
        narrative=_said(call, data.narrative),
        at=now(),
    )
    return asked(house, call, Operation.CASE_SCHEDULE_MEASURE, command)


@post("/cases/{key:uuid}/measures/{measure:uuid}/complete", status_code=200, sync_to_thread=True)
def complete_measure(
    request: Asked, house: House, key: FromPath[UUID], measure: FromPath[UUID], data: JSONBody[MeasureEnd]
) -> Response[Done]:
    """Say what became of a measure."""
    call = call_of(request, house, data)
    command = commands.CompleteMeasure(
        case=key,
        measure=measure,
        result=data.result,
        ended_at=data.ended_at,
        narrative=_said(call, data.narrative),
        at=now(),
    )
    return asked(house, call, Operation.CASE_COMPLETE_MEASURE, command)


@post("/cases/{key:uuid}/contacts", status_code=200, sync_to_thread=True)
def note_contact(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[NewContact]) -> Response[Done]:
    """Note a talk, a visit or a message."""
    call = call_of(request, house, data)
    command = commands.NoteContact(
        case=key,
        contact=call.new_key(),
        kind=data.kind,
        occurred_at=data.occurred_at,
        narrative=_said(call, data.narrative),
        at=now(),
    )
    return asked(house, call, Operation.CASE_NOTE_CONTACT, command)


@post("/cases/{key:uuid}/extend", status_code=200, sync_to_thread=True)
def extend_term(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[NewTerm]) -> Response[Done]:
    """Give it a later term."""
    call = call_of(request, house, data)
    command = commands.ExtendTerm(case=key, term_ends=data.term_ends, reason=_why(call, data.reason), at=now())
    return asked(house, call, Operation.CASE_EXTEND_TERM, command)


@post("/cases/{key:uuid}/transfer", status_code=200, sync_to_thread=True)
def offer_transfer(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[NewOffer]) -> Response[Done]:
    """Offer it to another unit of juvenile prevention, which has it only once it accepts."""
    call = call_of(request, house, data)
    command = commands.OfferTransfer(
        case=key,
        to_unit=data.to_unit,
        to_unit_kind=None,
        answer_by=data.answer_by,
        reason=_why(call, data.reason),
        at=now(),
    )
    return done(cases.offer(house, call, command), key)


@post("/cases/{key:uuid}/transfer/accept", status_code=200, sync_to_thread=True)
def accept_transfer(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Charge]) -> Response[Done]:
    """Take it over for the caller's unit, into the charge of a certified officer there."""
    return done(cases.accept(house, call_of(request, house, data), key, data.officer), key)


@post("/cases/{key:uuid}/transfer/decline", status_code=200, sync_to_thread=True)
def decline_transfer(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Because]) -> Response[Done]:
    """Decline it, for the unit that it was offered to; or take the offer back, for the one that has it."""
    call = call_of(request, house, data)
    command = commands.DeclineTransfer(case=key, by_unit=call.principal.unit, reason=_why(call, data.reason))
    return asked(house, call, Operation.CASE_DECLINE_TRANSFER, command)


@post("/cases/{key:uuid}/close", status_code=200, sync_to_thread=True)
def close_case(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Ending]) -> Response[Done]:
    """End it, with an outcome. What is under way ends with it."""
    call = call_of(request, house, data)
    command = commands.CloseCase(case=key, outcome=data.outcome, reason=_why(call, data.reason))
    return asked(house, call, Operation.CASE_CLOSE, command)


@post("/cases/{key:uuid}/reopen", status_code=200, sync_to_thread=True)
def reopen_case(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[NewTerm]) -> Response[Done]:
    """Take it up again, with a new term. Nobody is in charge until somebody is assigned anew."""
    call = call_of(request, house, data)
    command = commands.ReopenCase(case=key, term_ends=data.term_ends, reason=_why(call, data.reason), at=now())
    return asked(house, call, Operation.CASE_REOPEN, command)


@post("/cases/{key:uuid}/seal", status_code=200, sync_to_thread=True)
def seal_case(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Because]) -> Response[Done]:
    """Seal it for good: it takes nothing more, and nobody opens what was written in it."""
    call = call_of(request, house, data)
    return asked(house, call, Operation.CASE_SEAL, commands.SealCase(case=key, reason=_why(call, data.reason)))


ROUTES = (
    *(assign_case, assess_risk, propose_plan, approve_plan, reject_plan, schedule_measure, complete_measure),
    *(note_contact, extend_term, offer_transfer, accept_transfer, decline_transfer, close_case, reopen_case),
    *(seal_case, list_contacts),  # whose path a command shares
)
