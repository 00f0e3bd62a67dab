"""A case conference: those who help a child agree on one plan, instead of each following their own.

The police call it from a prevention case. An agency is admitted where an agreement and a consent let the plan be shared
with it. The conference ends in a plan of one task or more, to which every admitted agency has said yes as it is: a task
that comes or goes takes every yes back. That a child has one conference at a time and one plan in force is the child's
own record's to say (`domain/sharing/agreed_plan.py`), which is where a conference is called, settled and cancelled.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec

from domain import checks
from domain.decider import Decider
from domain.errors import AlreadyExists, Invalid, WrongState
from domain.event import Event
from domain.incident import NARRATIVE_CHARACTERS_MAX
from domain.kyiv_time import shown
from domain.personal import Narrative
from domain.prevention_case import ahead
from domain.sealed import Sealed
from domain.sharing import referral_words
from domain.sharing.conference_events import (
    AgencyAdmitted,
    AgencyAgreed,
    AgencyExcluded,
    ConferenceScheduled,
    DecisionRecorded,
    TaskAgreed,
    TaskDone,
    TaskDropped,
)
from domain.sharing.conference_state import AGREED, CALLED, EVOLVES, KIND, SUGGESTED, Conference, Task, in_phase
from domain.sharing.refusals import require_shareable, require_told

PURPOSE, FIELDS = "joint-planning", ("plan",)  # for which an agency is admitted, and what it is told
AGENCIES_MAX, TASKS_MAX, DECISIONS_MAX = 20, 100, 200


class ScheduleConference(msgspec.Struct, frozen=True, kw_only=True):
    conference: UUID
    meets_at: datetime
    by: UUID
    at: datetime


class AdmitAgency(msgspec.Struct, frozen=True, kw_only=True):
    """`agreed` and `consented`: what the records of the agreement and the consent say of PURPOSE and FIELDS, of what is
    shared by `unit`, which has the case now.
    """

    conference: UUID
    agency: UUID
    agency_unit: UUID | None  # None: there is no such agency that takes part
    agreement: UUID
    consent: UUID
    agreed: bool
    consented: bool
    unit: UUID
    by: UUID


class ExcludeAgency(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing, where it is neither invited nor admitted: it may be asked twice."""

    conference: UUID
    agency: UUID
    cause: str
    by: UUID


class TellingCommand(msgspec.Struct, frozen=True, kw_only=True):
    """Something is told to the admitted agencies, or done by one. `ended`: those of which the agreement or the consent
    says now that the plan may be shared with them no more, whether or not they were excluded yet.
    """

    ended: frozenset[UUID]


class RecordDecision(TellingCommand, frozen=True, kw_only=True):
    conference: UUID
    narrative: Sealed[Narrative]
    by: UUID


class AgreeTask(TellingCommand, frozen=True, kw_only=True):
    conference: UUID
    task: UUID
    agency: UUID | None
    service: str
    due_at: datetime
    narrative: Sealed[Narrative]
    by: UUID
    at: datetime


class DropTask(msgspec.Struct, frozen=True, kw_only=True):
    conference: UUID
    task: UUID
    by: UUID


class AgreeToPlan(TellingCommand, frozen=True, kw_only=True):
    """By somebody who serves in `by_unit`."""

    conference: UUID
    by_unit: UUID
    by: UUID


class DoTask(TellingCommand, frozen=True, kw_only=True):
    """By somebody who serves in `by_unit`: that of the task's agency, or one of the police. `agreed_at`: when the task
    was put on record; None: there is no such task.
    """

    conference: UUID
    task: UUID
    by_unit: UUID
    agreed_at: datetime | None
    done_at: datetime
    narrative: Sealed[Narrative]
    by: UUID
    at: datetime


ConferenceCommand: TypeAlias = (
    ScheduleConference | AdmitAgency | ExcludeAgency | RecordDecision | AgreeTask | DropTask | AgreeToPlan | DoTask
)


def decide_schedule(state: Conference | None, command: ScheduleConference) -> tuple[Event, ...]:
    """Also of one that was only suggested; and again, to another time."""
    conference = in_phase(state, command.conference, SUGGESTED, CALLED)
    meets_at = ahead("meets_at", command.meets_at, command.at)
    if meets_at == conference.meets_at:
        return ()
    return (ConferenceScheduled(meets_at=meets_at, by=command.by),)


def decide_admit(state: Conference | None, command: AdmitAgency) -> tuple[Event, ...]:
    """Also one that was not invited."""
    conference = in_phase(state, command.conference, CALLED)
    if conference.admission(command.agency) is not None:
        raise AlreadyExists("admission", command.agency)
    if command.agency_unit is None:
        raise Invalid("agency", f"{command.agency} is no agency that takes part", "name one of GET /agencies")
    if len(conference.admitted) >= AGENCIES_MAX:
        raise Invalid("agency", f"{AGENCIES_MAX} agencies are admitted", "admit no more than have something to do")
    require_shareable(agreed=command.agreed, consented=command.consented)
    return (
        AgencyAdmitted(
            agency=command.agency,
            agency_unit=command.agency_unit,
            purpose=PURPOSE,
            fields=FIELDS,
            agreement=command.agreement,
            consent=command.consent,
            unit=command.unit,
            by=command.by,
        ),
    )


def decide_exclude(state: Conference | None, command: ExcludeAgency) -> tuple[Event, ...]:
    conference = checks.existing(KIND, command.conference, state)
    cause = checks.one_of("cause", command.cause, referral_words.EXCLUSION_CAUSES)
    invited = {each.agency for each in conference.invited}
    if conference.admission(command.agency) is None and command.agency not in invited:
        return ()
    return (AgencyExcluded(agency=command.agency, cause=cause, by=command.by),)


def decide_record(state: Conference | None, command: RecordDecision) -> tuple[Event, ...]:
    conference = in_phase(state, command.conference, CALLED)
    require_told(command.ended)
    if conference.decisions >= DECISIONS_MAX:
        raise Invalid("narrative", f"{DECISIONS_MAX} decisions are recorded", "record no more than what counts")
    return (DecisionRecorded(by=command.by, narrative=_said(command.narrative)),)


def decide_agree_task(state: Conference | None, command: AgreeTask) -> tuple[Event, ...]:
    """Of an agency that is admitted, or of the police."""
    conference = in_phase(state, command.conference, CALLED)
    require_told(command.ended)
    if conference.task(command.task) is not None or command.task in conference.dropped:
        raise AlreadyExists("task", command.task)
    if command.agency is not None and conference.admission(command.agency) is None:
        raise Invalid("agency", f"{command.agency} is not admitted", "admit it first, or name another one")
    if len(conference.tasks) >= TASKS_MAX:
        raise Invalid("task", f"{TASKS_MAX} tasks are agreed on", "agree on no more than what can be done")
    return (
        TaskAgreed(
            task=command.task,
            agency=command.agency,
            service=checks.one_of("service", command.service, referral_words.SERVICE_KINDS),
            due_at=ahead("due_at", command.due_at, command.at),
            by=command.by,
            narrative=_said(command.narrative),
        ),
    )


def decide_drop_task(state: Conference | None, command: DropTask) -> tuple[Event, ...]:
    conference = in_phase(state, command.conference, CALLED)
    _task(conference, command.task)
    return (TaskDropped(task=command.task, by=command.by),)


def decide_agree(state: Conference | None, command: AgreeToPlan) -> tuple[Event, ...]:
    conference = in_phase(state, command.conference, CALLED)
    agency = _agency_of(conference, command.by_unit)
    if agency is None:
        raise Invalid("agency", "yours is not admitted", "ask the unit that called the conference to admit it")
    _require_own(agency, command.ended)
    if not conference.tasks:
        raise Invalid("tasks", "there are none", "agree on a task first")
    if agency in conference.agreed:
        return ()
    return (AgencyAgreed(agency=agency, by=command.by),)


def decide_do_task(state: Conference | None, command: DoTask) -> tuple[Event, ...]:
    """Once the plan is agreed on. A task of an agency that was excluded since is the police's to answer for."""
    conference = in_phase(state, command.conference, AGREED)
    task = _task(conference, command.task)
    if task.done:
        raise WrongState("task", command.task, "done", "nothing is left to do")
    agency = _agency_of(conference, command.by_unit)
    if agency is not None and agency != task.agency:
        raise Invalid("task", f"{command.task} is not your agency's", "leave it to those who took it on")
    _require_own(agency, command.ended)
    return (
        TaskDone(
            task=command.task,
            done_at=_since(checks.past("done_at", command.done_at, command.at), command.agreed_at),
            by=command.by,
            narrative=_said(command.narrative),
        ),
    )


DECIDER: Decider[ConferenceCommand, Conference] = Decider(
    kind=KIND,
    decides={
        ScheduleConference: decide_schedule,
        AdmitAgency: decide_admit,
        ExcludeAgency: decide_exclude,
        RecordDecision: decide_record,
        AgreeTask: decide_agree_task,
        DropTask: decide_drop_task,
        AgreeToPlan: decide_agree,
        DoTask: decide_do_task,
    },
    evolves=EVOLVES,
)


def _said(narrative: Sealed[Narrative]) -> Sealed[Narrative]:
    checks.text("narrative", narrative.fresh_value().text, characters_max=NARRATIVE_CHARACTERS_MAX)
    return narrative


def _require_own(agency: UUID | None, ended: Collection[UUID]) -> None:
    """That an agency may still be told what its people agree to or do. Raises Invalid."""
    if agency in ended:
        raise Invalid(
            "agency",
            "the agreement or the consent on which yours is told has ended",
            "ask the unit that called the conference to admit it anew on what stands",
        )


def _since(done_at: datetime, agreed_at: datetime | None) -> datetime:
    """In the moment in which the task was put on record, or after it. Raises Invalid."""
    if agreed_at is not None and done_at < agreed_at:
        fault = f"{shown(done_at)} is before the task was agreed on at {shown(agreed_at)}"
        raise Invalid("done_at", fault, "give the time when what was agreed on had been done")
    return done_at


def _task(conference: Conference, key: UUID) -> Task:
    return checks.existing("task", key, conference.task(key))


def _agency_of(conference: Conference, unit: UUID) -> UUID | None:
    """The admitted agency whose people serve there; None where it is none of these."""
    return next((each.agency for each in conference.admitted if each.unit == unit), None)
