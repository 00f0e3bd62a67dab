"""What is done in a case conference, over HTTP: every command to one that exists."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, post
from litestar.params import FromPath, JSONBody

from app import conferences as road
from app.access.operations import Operation
from app.api.answers import Done, done, done_with
from app.api.calls import Asked, House, call_of
from app.api.conference_bodies import (
    Admission,
    Cancellation,
    Decision,
    Exclusion,
    Meeting,
    NewTask,
    Settlement,
    TaskReport,
)
from app.call import Call, now
from domain.personal import Narrative, Reason
from domain.sealed import Sealed
from domain.sharing import conference
from domain.sharing.agreed_plan import CancelConference, SettlePlan


class TaskTaken(Done, frozen=True, kw_only=True):
    task: UUID


@post("/conferences/{key:uuid}/schedule", status_code=200, sync_to_thread=True)
def schedule_conference(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Meeting]) -> Response[Done]:
    """Say when it meets; one that was only suggested is called by that."""
    call = call_of(request, house, data)
    command = conference.ScheduleConference(conference=key, meets_at=data.meets_at, by=call.principal.account, at=now())
    return _led(house, call, command)


@post("/conferences/{key:uuid}/agencies", status_code=200, sync_to_thread=True)
def admit_agency(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Admission]) -> Response[Done]:
    """Admit an agency: from now on its people read the plan."""
    call = call_of(request, house, data)
    return done(road.admit(house, call, key, data.agency, data.agreement, data.consent), key)


@post("/conferences/{key:uuid}/exclude", status_code=200, sync_to_thread=True)
def exclude_agency(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Exclusion]) -> Response[Done]:
    """From now on its people read nothing of it."""
    call = call_of(request, house, data)
    command = conference.ExcludeAgency(conference=key, agency=data.agency, cause=data.cause, by=call.principal.account)
    return done(road.work(house, call, Operation.CONFERENCE_LEAD, key, lambda _: (command, ())), key)


@post("/conferences/{key:uuid}/decisions", status_code=200, sync_to_thread=True)
def record_decision(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Decision]) -> Response[Done]:
    """Put on record what was decided."""
    call = call_of(request, house, data)
    command = conference.RecordDecision(
        conference=key, narrative=_said(call, data.narrative), by=call.principal.account
    )
    return _led(house, call, command)


@post("/conferences/{key:uuid}/tasks", status_code=200, sync_to_thread=True)
def agree_task(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[NewTask]) -> Response[TaskTaken]:
    """Add a task to the plan. Agencies that had agreed to the plan agree anew."""
    call = call_of(request, house, data)
    command = conference.AgreeTask(
        conference=key,
        task=call.new_key(),
        agency=data.agency,
        service=data.service,
        due_at=data.due_at,
        narrative=_said(call, data.narrative),
        by=call.principal.account,
        at=now(),
    )
    receipt = road.work(house, call, Operation.CONFERENCE_LEAD, key, road.writing(house, command))
    return done_with(TaskTaken, receipt, key, task=command.task)


@post("/conferences/{key:uuid}/tasks/{task:uuid}/drop", status_code=200, sync_to_thread=True)
def drop_task(request: Asked, house: House, key: FromPath[UUID], task: FromPath[UUID]) -> Response[Done]:
    """Take a task out of the plan, before that is agreed on. Agencies that had agreed to the plan agree anew."""
    call = call_of(request, house)
    return _led(house, call, conference.DropTask(conference=key, task=task, by=call.principal.account))


@post("/conferences/{key:uuid}/agree", status_code=200, sync_to_thread=True)
def agree_to_plan(request: Asked, house: House, key: FromPath[UUID]) -> Response[Done]:
    """Say yes to the plan as it is, for one's agency."""
    call = call_of(request, house)
    command = conference.AgreeToPlan(conference=key, by_unit=call.principal.unit, by=call.principal.account)
    return done(road.work(house, call, Operation.CONFERENCE_AGREE, key, road.writing(house, command)), key)


@post("/conferences/{key:uuid}/settle", status_code=200, sync_to_thread=True)
def settle_plan(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Settlement]) -> Response[Done]:
    """End it in the child's one agreed plan. A plan that is in force is named, and superseded."""
    call = call_of(request, house, data)
    command = SettlePlan(conference=key, supersedes=tuple(data.supersedes), by=call.principal.account)
    return done(road.settle(house, call, command), key)


@post("/conferences/{key:uuid}/tasks/{task:uuid}/done", status_code=200, sync_to_thread=True)
def do_task(
    request: Asked, house: House, key: FromPath[UUID], task: FromPath[UUID], data: JSONBody[TaskReport]
) -> Response[Done]:
    """Put on record that a task of the agreed plan was done, for one's agency or for the police."""
    call = call_of(request, house, data)
    command = conference.DoTask(
        conference=key,
        task=task,
        by_unit=call.principal.unit,
        done_at=data.done_at,
        narrative=_said(call, data.narrative),
        by=call.principal.account,
        at=now(),
    )
    return done(road.work(house, call, Operation.CONFERENCE_DO_TASK, key, road.writing(house, command)), key)


@post("/conferences/{key:uuid}/cancel", status_code=200, sync_to_thread=True)
def cancel_conference(
    request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Cancellation]
) -> Response[Done]:
    """End it without a plan."""
    call = call_of(request, house, data)
    command = CancelConference(
        conference=key,
        cause=data.cause,
        by=call.principal.account,
        reason=Sealed(call.new_record(), Reason(data.reason)),
    )
    return done(road.cancel(house, call, command), key)


def _led(house: House, call: Call, command: conference.ConferenceCommand) -> Response[Done]:
    making = road.writing(house, command)
    key = command.conference
    return done(road.work(house, call, Operation.CONFERENCE_LEAD, key, making), key)


def _said(call: Call, text: str) -> Sealed[Narrative]:
    return Sealed(call.new_record(), Narrative(text))


ROUTES = (
    schedule_conference,
    admit_agency,
    exclude_agency,
    record_decision,
    agree_task,
    drop_task,
    agree_to_plan,
    settle_plan,
    do_task,
    cancel_conference,
)
