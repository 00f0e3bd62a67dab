"""Case conferences as they stand: who is invited and admitted, which tasks were agreed on, whose plan is in force.

What was decided, and what a task is in words, is sealed and not here at all: it is opened from the log.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, MetaData, String, Table, UniqueConstraint, Uuid

from domain.event import Recorded
from domain.sharing import conference_events as facts
from domain.sharing.agreed_plan import PlanningEnded, PlanningOpened, PlanPutInForce, PlanSuperseded
from domain.sharing.conference_state import AGREED, CALLED, CANCELLED, SUGGESTED
from projections.columns import Instant
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
conferences = Table(
    "conferences",
    metadata,
    Column("conference", Uuid, primary_key=True),
    Column("child", Uuid, nullable=False),
    Column("pseudonym", String(16), nullable=False),
    Column("case", Uuid, nullable=False),
    Column("shared_by", Uuid, nullable=False),  # the unit that had the case when it was called
    Column("state", String(16), nullable=False),
    Column("called_by", Uuid, nullable=False),
    Column("called_at", Instant, nullable=False),
    Column("meets_at", Instant),
    Column("decisions", Integer, nullable=False),
    Column("plan_version", Integer, nullable=False),  # of the last change of its tasks: every yes before is void
    Column("agreed_at", Instant),
    Column("cancelled", String(32)),
    Column("changed_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("called_at", "conference"),
    UniqueConstraint("case", "called_at", "conference"),
    UniqueConstraint("child", "conference"),
)
agencies = Table(
    "conference_agencies",
    metadata,
    Column("conference", Uuid, primary_key=True),
    Column("agency", Uuid, primary_key=True),
    Column("unit", Uuid, nullable=False),
    Column("invited", Boolean, nullable=False),
    Column("admitted", Boolean, nullable=False),
    Column("excluded", String(32)),
    Column("agreement", Uuid),
    Column("consent", Uuid),
    Column("agreed_version", Integer),  # of the conference, when it said yes to the plan
    UniqueConstraint("unit", "conference", "agency"),
    UniqueConstraint("consent", "conference", "agency"),
    UniqueConstraint("agreement", "conference", "agency"),
)
tasks = Table(
    "conference_tasks",
    metadata,
    Column("conference", Uuid, primary_key=True),
    Column("task", Uuid, primary_key=True),
    Column("agency", Uuid),
    Column("service", String(32), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("dropped", Boolean, nullable=False),
    Column("done_at", Instant),
    Column("done_by", Uuid),
    Column("version", Integer, nullable=False),
    UniqueConstraint("due_at", "conference", "task"),
)
plans = Table(
    "agreed_plans",
    metadata,
    Column("stream", Uuid, primary_key=True),  # ids.agreed_plan_id of the child
    Column("under_way", Uuid),  # a conference
    Column("in_force", Uuid),  # the conference that the plan comes from
    UniqueConstraint("in_force", "stream"),
)


def _called(rows: Rows, at: Recorded, event: facts.ConferenceCalled) -> None:
    rows.put(
        conferences,
        conference=at.stream,
        child=event.child,
        pseudonym=event.pseudonym,
        case=event.case,
        shared_by=event.unit,
        state=SUGGESTED if event.meets_at is None else CALLED,
        called_by=event.by,
        called_at=at.meta.recorded_at,
        meets_at=event.meets_at,
        decisions=0,
        plan_version=at.version,
        changed_at=at.meta.recorded_at,
        version=at.version,
    )
    for each in event.invited:
        rows.put(agencies, conference=at.stream, agency=each.agency, unit=each.unit, invited=True, admitted=False)


def _scheduled(rows: Rows, at: Recorded, event: facts.ConferenceScheduled) -> None:
    _change(rows, at, state=CALLED, meets_at=event.meets_at)


def _admitted(rows: Rows, at: Recorded, event: facts.AgencyAdmitted) -> None:
    rows.put(
        agencies,
        conference=at.stream,
        agency=event.agency,
        unit=event.agency_unit,
        invited=True,
        admitted=True,
        agreement=event.agreement,
        consent=event.consent,
    )
    _change(rows, at)


def _excluded(rows: Rows, at: Recorded, event: facts.AgencyExcluded) -> None:
    gone = {"invited": False, "admitted": False, "excluded": event.cause, "agreed_version": None}
    rows.change(agencies, at.stream, event.agency, **gone)
    _change(rows, at)


def _decided(rows: Rows, at: Recorded, event: facts.DecisionRecorded) -> None:
    _change(rows, at, decisions=rows.read(conferences, at.stream)["decisions"] + 1)


def _task_agreed(rows: Rows, at: Recorded, event: facts.TaskAgreed) -> None:
    rows.put(
        tasks,
        conference=at.stream,
        task=event.task,
        agency=event.agency,
        service=event.service,
        due_at=event.due_at,
        dropped=False,
        version=at.version,
    )
    _change(rows, at, plan_version=at.version)


def _task_dropped(rows: Rows, at: Recorded, event: facts.TaskDropped) -> None:
    rows.change(tasks, at.stream, event.task, dropped=True, version=at.version)
    _change(rows, at, plan_version=at.version)


def _agency_agreed(rows: Rows, at: Recorded, event: facts.AgencyAgreed) -> None:
    rows.change(agencies, at.stream, event.agency, agreed_version=at.version)
    _change(rows, at)


def _plan_agreed(rows: Rows, at: Recorded, event: facts.PlanAgreed) -> None:
    _change(rows, at, state=AGREED, agreed_at=at.meta.recorded_at)


def _task_done(rows: Rows, at: Recorded, event: facts.TaskDone) -> None:
    rows.change(tasks, at.stream, event.task, done_at=event.done_at, done_by=event.by, version=at.version)
    _change(rows, at)


def _cancelled(rows: Rows, at: Recorded, event: facts.ConferenceCancelled) -> None:
    _change(rows, at, state=CANCELLED, cancelled=event.cause)


def _change(rows: Rows, at: Recorded, **values: object) -> None:
    rows.change(conferences, at.stream, changed_at=at.meta.recorded_at, version=at.version, **values)


def _planning_opened(rows: Rows, at: Recorded, event: PlanningOpened) -> None:
    _of_child(rows, at, under_way=event.conference)


def _planning_ended(rows: Rows, at: Recorded, event: PlanningEnded) -> None:
    _of_child(rows, at, under_way=None)


def _in_force(rows: Rows, at: Recorded, event: PlanPutInForce) -> None:
    """Whatever conference of the child is under way still is another one."""
    under_way = None if at.version == 1 else rows.read(plans, at.stream)["under_way"]
    _of_child(rows, at, in_force=event.conference, under_way=None if under_way == event.conference else under_way)


def _superseded(rows: Rows, at: Recorded, event: PlanSuperseded) -> None:
    _of_child(rows, at, in_force=None)


def _of_child(rows: Rows, at: Recorded, **values: object) -> None:
    if at.version == 1:
        rows.put(plans, stream=at.stream, **values)
    else:
        rows.change(plans, at.stream, **values)


VIEW = View(
    name="conferences",
    version=1,
    metadata=metadata,
    folds={
        facts.ConferenceCalled: _called,
        facts.ConferenceScheduled: _scheduled,
        facts.AgencyAdmitted: _admitted,
        facts.AgencyExcluded: _excluded,
        facts.DecisionRecorded: _decided,
        facts.TaskAgreed: _task_agreed,
        facts.TaskDropped: _task_dropped,
        facts.AgencyAgreed: _agency_agreed,
        facts.PlanAgreed: _plan_agreed,
        facts.TaskDone: _task_done,
        facts.ConferenceCancelled: _cancelled,
        PlanningOpened: _planning_opened,
        PlanningEnded: _planning_ended,
        PlanPutInForce: _in_force,
        PlanSuperseded: _superseded,
    },
)
