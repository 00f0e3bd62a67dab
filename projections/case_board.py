"""The board of prevention cases: what stands of each, its measures, its contacts and its attachments.

What people wrote is sealed and not here at all: it is opened from the log. Names of files are kept as tokens.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Column, Integer, MetaData, String, Table, UniqueConstraint, Uuid

from domain import prevention_case_events as facts
from domain.event import Recorded
from domain.prevention_case_state import APPROVED, CLOSED, OPEN, PROPOSED, REJECTED, SEALED
from domain.sealed import Token
from projections.columns import Instant, Packed, token_of
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
cases = Table(
    "prevention_cases",
    metadata,
    Column("case", Uuid, primary_key=True),
    Column("child", Uuid, nullable=False),
    Column("pseudonym", String(16), nullable=False),
    Column("ground", String(64), nullable=False),
    Column("unit", Uuid, nullable=False),
    Column("officer", Uuid),
    Column("unassigned_at", Instant),  # since when it is open and in nobody's charge
    Column("state", String(16), nullable=False),
    Column("incident", Uuid),
    Column("reported_at", Instant),
    Column("opened_at", Instant, nullable=False),
    Column("opened_by", Uuid, nullable=False),
    Column("term_ends", Instant, nullable=False),
    Column("risk", String(16)),
    Column("review_by", Instant),
    Column("plan", Uuid),
    Column("plan_state", String(16)),
    Column("plan_by", Uuid),
    Column("plan_at", Instant),
    Column("offered_unit", Uuid),
    Column("offered_at", Instant),
    Column("answer_by", Instant),
    Column("pending", Packed(tuple[UUID, ...]), nullable=False),  # measures that are scheduled and not completed
    Column("contacted_at", Instant),
    Column("closed_at", Instant),
    Column("outcome", String(64)),
    Column("sealed_at", Instant),
    Column("changed_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("opened_at", "case"),
    UniqueConstraint("unit", "opened_at", "case"),
    UniqueConstraint("officer", "opened_at", "case"),
    UniqueConstraint("child", "case"),
    UniqueConstraint("pseudonym", "opened_at", "case"),
    UniqueConstraint("offered_unit", "case"),
)
measures = Table(
    "case_measures",
    metadata,
    Column("case", Uuid, primary_key=True),
    Column("measure", Uuid, primary_key=True),
    Column("kind", String(64), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    Column("result", String(32)),
    Column("ended_at", Instant),
    Column("scheduled_at", Instant, nullable=False),
)
contacts = Table(
    "case_contacts",
    metadata,
    Column("case", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("contact", Uuid, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("occurred_at", Instant, nullable=False),
    Column("noted_at", Instant, nullable=False),
    Column("noted_by", Uuid, nullable=False),
)
attachments = Table(
    "case_attachments",
    metadata,
    Column("case", Uuid, primary_key=True),
    Column("attachment", Uuid, primary_key=True),
    Column("media_type", String(64), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("name", Packed(Token), nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("added_by", Uuid, nullable=False),
    Column("removed_at", Instant),
)

SCHEDULED, COMPLETED, DROPPED = "scheduled", "completed", "dropped"


def _opened(rows: Rows, at: Recorded, event: facts.CaseOpened) -> None:
    rows.put(
        cases,
        case=at.stream,
        child=event.child,
        pseudonym=event.pseudonym,
        ground=event.ground,
        unit=event.unit,
        unassigned_at=at.meta.recorded_at,
        state=OPEN,
        incident=event.incident,
        reported_at=event.reported_at,
        opened_at=at.meta.recorded_at,
        opened_by=at.meta.actor,
        term_ends=event.term_ends,
        pending=(),
        changed_at=at.meta.recorded_at,
        version=at.version,
    )


def _changed(rows: Rows, at: Recorded, **values: object) -> None:
    rows.change(cases, at.stream, changed_at=at.meta.recorded_at, version=at.version, **values)


def _assigned(rows: Rows, at: Recorded, event: facts.CaseAssigned) -> None:
    _changed(rows, at, officer=event.officer, unassigned_at=None)


def _reassigned(rows: Rows, at: Recorded, event: facts.CaseReassigned) -> None:
    _changed(rows, at, officer=event.to, unassigned_at=at.meta.recorded_at if event.to is None else None)


def _assessed(rows: Rows, at: Recorded, event: facts.RiskAssessed) -> None:
    _changed(rows, at, risk=event.level, review_by=event.review_by)


def _proposed(rows: Rows, at: Recorded, event: facts.PlanProposed) -> None:
    _changed(rows, at, plan=event.plan, plan_state=PROPOSED, plan_by=event.by, plan_at=at.meta.recorded_at)


def _approved(rows: Rows, at: Recorded, event: facts.PlanApproved) -> None:
    _changed(rows, at, plan_state=APPROVED)


def _rejected(rows: Rows, at: Recorded, event: facts.PlanRejected) -> None:
    _changed(rows, at, plan_state=REJECTED)


def _pending(rows: Rows, at: Recorded) -> tuple[UUID, ...]:
    found: tuple[UUID, ...] = rows.read(cases, at.stream)["pending"]
    return found


def _scheduled(rows: Rows, at: Recorded, event: facts.MeasureScheduled) -> None:
    rows.put(
        measures,
        case=at.stream,
        measure=event.measure,
        kind=event.kind,
        due_at=event.due_at,
        state=SCHEDULED,
        scheduled_at=at.meta.recorded_at,
    )
    _changed(rows, at, pending=(*_pending(rows, at), event.measure))


def _completed(rows: Rows, at: Recorded, event: facts.MeasureCompleted) -> None:
    rows.change(measures, at.stream, event.measure, state=COMPLETED, result=event.result, ended_at=event.ended_at)
    _changed(rows, at, pending=tuple(each for each in _pending(rows, at) if each != event.measure))


def _contacted(rows: Rows, at: Recorded, event: facts.ContactNoted) -> None:
    rows.put(
        contacts,
        case=at.stream,
        version=at.version,
        contact=event.contact,
        kind=event.kind,
        occurred_at=event.occurred_at,
        noted_at=at.meta.recorded_at,
        noted_by=at.meta.actor,
    )
    known = rows.read(cases, at.stream)["contacted_at"]
    _changed(rows, at, contacted_at=event.occurred_at if known is None else max(known, event.occurred_at))


def _extended(rows: Rows, at: Recorded, event: facts.TermExtended) -> None:
    _changed(rows, at, term_ends=event.term_ends)


def _offered(rows: Rows, at: Recorded, event: facts.TransferOffered) -> None:
    _changed(rows, at, offered_unit=event.to_unit, offered_at=at.meta.recorded_at, answer_by=event.answer_by)


def _accepted(rows: Rows, at: Recorded, event: facts.TransferAccepted) -> None:
    no_offer = dict.fromkeys(("offered_unit", "offered_at", "answer_by"))
    _changed(rows, at, unit=event.unit, officer=event.officer, unassigned_at=None, **no_offer)


def _declined(rows: Rows, at: Recorded, event: facts.TransferDeclined) -> None:
    _changed(rows, at, offered_unit=None, offered_at=None, answer_by=None)


def _closed(rows: Rows, at: Recorded, event: facts.CaseClosed) -> None:
    """With it ends what was under way."""
    before = rows.read(cases, at.stream)
    for measure in before["pending"]:
        rows.change(measures, at.stream, measure, state=DROPPED)
    no_plan = dict.fromkeys(("plan", "plan_state", "plan_by", "plan_at"))
    _changed(
        rows,
        at,
        state=CLOSED,
        officer=None,
        unassigned_at=None,
        closed_at=at.meta.recorded_at,
        outcome=event.outcome,
        pending=(),
        offered_unit=None,
        offered_at=None,
        answer_by=None,
        **(no_plan if before["plan_state"] == PROPOSED else {}),
    )


def _reopened(rows: Rows, at: Recorded, event: facts.CaseReopened) -> None:
    anew = {"state": OPEN, "term_ends": event.term_ends, "unassigned_at": at.meta.recorded_at}
    _changed(rows, at, closed_at=None, outcome=None, **anew)


def _sealed(rows: Rows, at: Recorded, event: facts.CaseSealed) -> None:
    _changed(rows, at, state=SEALED, sealed_at=at.meta.recorded_at)


def _attached(rows: Rows, at: Recorded, event: facts.AttachmentAdded) -> None:
    rows.put(
        attachments,
        case=at.stream,
        attachment=event.attachment,
        media_type=event.media_type,
        size_bytes=event.size_bytes,
        name=token_of(event.name),
        added_at=at.meta.recorded_at,
        added_by=at.meta.actor,
    )
    _changed(rows, at)


def _removed(rows: Rows, at: Recorded, event: facts.AttachmentRemoved) -> None:
    rows.change(attachments, at.stream, event.attachment, removed_at=at.meta.recorded_at)
    _changed(rows, at)


VIEW = View(
    name="case-board",
    version=3,
    metadata=metadata,
    folds={
        facts.CaseOpened: _opened,
        facts.CaseAssigned: _assigned,
        facts.CaseReassigned: _reassigned,
        facts.RiskAssessed: _assessed,
        facts.PlanProposed: _proposed,
        facts.PlanApproved: _approved,
        facts.PlanRejected: _rejected,
        facts.MeasureScheduled: _scheduled,
        facts.MeasureCompleted: _completed,
        facts.ContactNoted: _contacted,
        facts.TermExtended: _extended,
        facts.TransferOffered: _offered,
        facts.TransferAccepted: _accepted,
        facts.TransferDeclined: _declined,
        facts.CaseClosed: _closed,
        facts.CaseReopened: _reopened,
        facts.CaseSealed: _sealed,
        facts.AttachmentAdded: _attached,
        facts.AttachmentRemoved: _removed,
    },
)
