"""Reports as they stand, for those who answer them. The number of who reported is there for the conditions of lists,
and is shown to nobody.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Float,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    and_,
    exists,
    or_,
    select,
)

from domain.event import Recorded
from domain.reports import events as facts
from domain.reports import state as phases
from projections.columns import Instant
from projections.organisation import unit_name_of, units
from projections.paging import Page, one, page, rows_of
from projections.reports.follow_ups import unheard_of
from projections.rows import Rows
from projections.view import View

DUTY = "duty"  # of the kinds of units: that are called in where nobody acted in time

metadata = MetaData()
reports = Table(
    "reports",
    metadata,
    Column("report", Uuid, primary_key=True),
    Column("reporter", Uuid, nullable=False),  # for the conditions of lists alone
    Column("anonymous", Boolean, nullable=False),
    Column("category", String(32), nullable=False),
    Column("region", String(16), nullable=False),
    Column("community", Uuid, nullable=False),
    Column("unit", Uuid, nullable=False),
    Column("state", String(16), nullable=False),
    Column("before", String(16)),
    Column("priority", String(16)),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("photos", Integer, nullable=False),
    Column("submitted_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("escalated_at", Instant),
    Column("duplicate_of", Uuid),
    Column("incident", Uuid),
    Column("body", String(32)),
    Column("outcome", String(32)),
    Column("ended_at", Instant),
    Column("heard_at", Instant, nullable=False),  # when its reporter last said something
    Column("published", Boolean, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("submitted_at", "report"),
    UniqueConstraint("community", "submitted_at", "report"),
    UniqueConstraint("unit", "submitted_at", "report"),
    UniqueConstraint("region", "submitted_at", "report"),
    UniqueConstraint("state", "due_at", "report"),
    UniqueConstraint("latitude", "longitude", "report"),
)


class ShownReport(msgspec.Struct, frozen=True, kw_only=True):
    report: UUID
    anonymous: bool  # nothing is kept, or nothing any more, of how whoever reported is reached
    category: str
    region: str
    community: UUID
    unit: UUID
    unit_name: str | None
    state: str  # domain.reports.words.REPORT_PHASES
    priority: str | None
    latitude: float | None  # to about a kilometre
    longitude: float | None
    photos: int
    submitted_at: datetime
    due_at: datetime | None  # until when the clock runs
    escalated_at: datetime | None
    duplicate_of: UUID | None
    incident: UUID | None
    body: str | None
    outcome: str | None
    ended_at: datetime | None
    heard_at: datetime
    unheard: int  # what its reporter added that nobody has read
    published: bool
    changed_at: datetime
    version: int


def report_page(
    connection: Connection,
    *,
    only: ColumnElement[bool] | None = None,
    community: UUID | None = None,
    category: str | None = None,
    state: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ShownReport]:
    """The latest first. `only` is what the reader may see, as a condition on the columns of `reports`."""
    query = _shown()
    for column, wanted in {"community": community, "category": category, "state": state}.items():
        if wanted is not None:
            query = query.where(reports.c[column] == wanted)
    if only is not None:
        query = query.where(only)
    order = (reports.c.submitted_at, reports.c.report)
    return page(connection, ShownReport, query, order, cursor=cursor, limit=limit, newest_first=True)


def report(connection: Connection, key: UUID) -> ShownReport | None:
    return one(connection, ShownReport, _shown().where(reports.c.report == key))


def escalated_to(unit: UUID) -> ColumnElement[bool]:
    """Whether a report was escalated to this unit: the duty desks of its region are called in."""
    desk = units.alias()
    is_desk = exists().where(desk.c.unit == unit, desk.c.kind == DUTY, desk.c.region == reports.c.region)
    return and_(reports.c.escalated_at.is_not(None), is_desk)


def duty_desks(connection: Connection, region: str) -> frozenset[UUID]:
    query = select(units.c.unit).where(units.c.kind == DUTY, units.c.region == region)
    return frozenset(connection.execute(query).scalars())


def overdue(connection: Connection, at: datetime, *, limit: int = 100) -> tuple[UUID, ...]:
    """Those on which nobody acted in time, without an event that says so."""
    query = (
        select(reports.c.report)
        .where(reports.c.state.in_(phases.WATCHED), reports.c.due_at <= at)
        .order_by(reports.c.due_at, reports.c.report)
        .limit(limit)
    )
    return tuple(connection.execute(query).scalars())


def near(
    connection: Connection, key: UUID, *, days: int, degrees: float, only: ColumnElement[bool], limit: int
) -> tuple[UUID, ...]:
    """Other reports of about that place and time that the reader may see, the nearest in time first; of the same
    community, where one of them says no position.
    """
    mine = connection.execute(select(reports).where(reports.c.report == key)).mappings().one_or_none()
    if mine is None:
        return ()
    place: ColumnElement[bool] = reports.c.community == mine["community"]
    if mine["latitude"] is not None:
        around = and_(
            reports.c.latitude.between(mine["latitude"] - degrees, mine["latitude"] + degrees),
            reports.c.longitude.between(mine["longitude"] - 2 * degrees, mine["longitude"] + 2 * degrees),
        )
        place = or_(around, and_(place, reports.c.latitude.is_(None)))
    at, apart = mine["submitted_at"], timedelta(days=days)
    query = select(reports.c.report, reports.c.submitted_at).where(
        reports.c.report != key,
        reports.c.submitted_at.between(at - apart, at + apart),
        reports.c.state != phases.DUPLICATE,
        place,
        only,
    )
    found = [(abs(row.submitted_at - at), row.report) for row in connection.execute(query)]
    return tuple(report for _, report in sorted(found)[:limit])


def duplicates_of(connection: Connection, key: UUID) -> tuple[UUID, ...]:
    query = select(reports.c.report).where(reports.c.duplicate_of == key, reports.c.state == phases.DUPLICATE)
    return tuple(connection.execute(query.order_by(reports.c.report)).scalars())


def _shown() -> Select[Any]:
    return rows_of(ShownReport, reports, unit_name=unit_name_of(reports.c.unit), unheard=unheard_of(reports.c.report))


def _submitted(rows: Rows, at: Recorded, event: facts.ReportSubmitted) -> None:
    rows.put(
        reports,
        report=at.stream,
        reporter=event.reporter,
        anonymous=event.anonymous,
        category=event.category,
        region=event.region,
        community=event.community,
        unit=event.unit,
        state=phases.SUBMITTED,
        latitude=event.latitude,
        longitude=event.longitude,
        photos=len(event.photos),
        submitted_at=at.meta.recorded_at,
        due_at=event.due_at,
        heard_at=at.meta.recorded_at,
        published=False,
        changed_at=at.meta.recorded_at,
        version=at.version,
    )


def _acknowledged(rows: Rows, at: Recorded, event: facts.ReportAcknowledged) -> None:
    _change(rows, at, state=phases.ACKNOWLEDGED, due_at=None)


def _triaged(rows: Rows, at: Recorded, event: facts.ReportTriaged) -> None:
    _change(rows, at, state=phases.TRIAGED, priority=event.priority, due_at=event.due_at)


def _escalated(rows: Rows, at: Recorded, event: facts.ReportEscalated) -> None:
    _change(rows, at, escalated_at=at.meta.recorded_at, due_at=None)


def _marked_duplicate(rows: Rows, at: Recorded, event: facts.ReportMarkedDuplicate) -> None:
    before = rows.read(reports, at.stream)["state"]
    _change(rows, at, state=phases.DUPLICATE, before=before, duplicate_of=event.of)


def _duplicate_undone(rows: Rows, at: Recorded, event: facts.ReportDuplicateUndone) -> None:
    _change(rows, at, state=rows.read(reports, at.stream)["before"], before=None, duplicate_of=None)


def _redacted(rows: Rows, at: Recorded, event: facts.ReportRedacted) -> None:
    _change(rows, at, published=event.narrative is not None)


def _redirected(rows: Rows, at: Recorded, event: facts.ReportRedirected) -> None:
    there = {"region": event.region, "community": event.community, "unit": event.unit, "due_at": event.due_at}
    if event.body:
        _change(rows, at, state=phases.REDIRECTED, body=event.body, ended_at=event.at, **there)
    else:
        _change(rows, at, state=phases.SUBMITTED, escalated_at=None, **there)


def _converted(rows: Rows, at: Recorded, event: facts.ReportConverted) -> None:
    _change(rows, at, state=phases.CONVERTED, incident=event.incident, due_at=None)


def _updated(rows: Rows, at: Recorded, event: facts.ReporterUpdated) -> None:
    _change(rows, at)


def _followed_up(rows: Rows, at: Recorded, event: facts.ReportFollowedUp) -> None:
    _change(rows, at, heard_at=at.meta.recorded_at)


def _contact_forgotten(rows: Rows, at: Recorded, event: facts.ReporterContactForgotten) -> None:
    _change(rows, at, anonymous=True)


def _closed(rows: Rows, at: Recorded, event: facts.ReportClosed) -> None:
    _change(rows, at, state=phases.CLOSED, outcome=event.outcome, ended_at=event.at, due_at=None)


def _reopened(rows: Rows, at: Recorded, event: facts.ReportReopened) -> None:
    nothing = dict.fromkeys(("escalated_at", "body", "outcome", "ended_at", "incident"))
    _change(rows, at, state=phases.SUBMITTED, due_at=event.due_at, **nothing)


def _change(rows: Rows, at: Recorded, **values: object) -> None:
    rows.change(reports, at.stream, changed_at=at.meta.recorded_at, version=at.version, **values)


VIEW = View(
    name="reports",
    version=1,
    metadata=metadata,
    folds={
        facts.ReportSubmitted: _submitted,
        facts.ReportAcknowledged: _acknowledged,
        facts.ReportTriaged: _triaged,
        facts.ReportEscalated: _escalated,
        facts.ReportMarkedDuplicate: _marked_duplicate,
        facts.ReportDuplicateUndone: _duplicate_undone,
        facts.ReportRedacted: _redacted,
        facts.ReportRedirected: _redirected,
        facts.ReportConverted: _converted,
        facts.ReporterUpdated: _updated,
        facts.ReportFollowedUp: _followed_up,
        facts.ReporterContactForgotten: _contact_forgotten,
        facts.ReportClosed: _closed,
        facts.ReportReopened: _reopened,
    },
)
