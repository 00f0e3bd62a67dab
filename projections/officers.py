"""Officers of a service: who was selected, trained and certified, until when, and in which unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    case,
    func,
    select,
)

from domain import officer as facts
from domain.event import Recorded
from projections.columns import Instant
from projections.organisation import unit_name_of, username_of
from projections.paging import Page, every, one, page, rows_of
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
officers = Table(
    "officers",
    metadata,
    Column("officer", Uuid, primary_key=True),
    Column("account", Uuid, nullable=False),
    Column("service", String(32), nullable=False),
    Column("unit", Uuid, nullable=False),
    Column("state", String(16), nullable=False),
    Column("selected_at", Instant, nullable=False),
    Column("certified_at", Instant),
    Column("certified_until", Instant),
    Column("lapsed_at", Instant),
    Column("lapse_cause", String(32)),
    Column("version", Integer, nullable=False),
    UniqueConstraint("account", "service"),
    UniqueConstraint("selected_at", "officer"),
    UniqueConstraint("unit", "selected_at", "officer"),
)
trainings = Table(
    "trainings",
    metadata,
    Column("officer", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("course", String(64), nullable=False),
    Column("completed_at", Instant, nullable=False),
    Column("by", Uuid, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)


class ShownOfficer(msgspec.Struct, frozen=True, kw_only=True):
    officer: UUID  # the stream
    account: UUID
    service: str  # domain.officer_words.SERVICES
    username: str | None
    unit: UUID
    unit_name: str | None
    state: str  # at the asked time: domain.officer_words.OFFICER_PHASES
    selected_at: datetime
    certified_at: datetime | None
    certified_until: datetime | None
    lapsed_at: datetime | None
    lapse_cause: str | None  # domain.officer_words.LAPSE_CAUSES
    version: int


class Training(msgspec.Struct, frozen=True, kw_only=True):
    version: int  # of the event
    course: str  # domain.officer_words.COURSES
    completed_at: datetime
    by: UUID
    by_username: str | None
    recorded_at: datetime


class UnitPipeline(msgspec.Struct, frozen=True, kw_only=True):
    """How many officers of a unit are how far, for one service."""

    unit: UUID
    service: str
    unit_name: str | None
    candidates: int
    trained: int
    certified: int
    lapsed: int


def officer_page(
    connection: Connection,
    at: datetime,
    *,
    only: ColumnElement[bool] | None = None,
    unit: UUID | None = None,
    service: str | None = None,
    state: str | None = None,
    lapses_before: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ShownOfficer]:
    """Officers as they stand at the time `at`, the first selected first. Every filter that is given must hold.

    `only` is what the reader may see, as a condition on the columns of `officers` and `state_at`.
    """
    query = _shown(at)
    if unit is not None:
        query = query.where(officers.c.unit == unit)
    if service is not None:
        query = query.where(officers.c.service == service)
    if state is not None:
        query = query.where(state_at(at) == state)
    if lapses_before is not None:
        query = query.where(state_at(at) == facts.CERTIFIED, officers.c.certified_until < lapses_before)
    if only is not None:
        query = query.where(only)
    order = (officers.c.selected_at, officers.c.officer)
    return page(connection, ShownOfficer, query, order, cursor=cursor, limit=limit)


def officer(
    connection: Connection, account: UUID, at: datetime, *, service: str = facts.JUVENILE
) -> ShownOfficer | None:
    mine = (officers.c.account == account, officers.c.service == service)
    return one(connection, ShownOfficer, _shown(at).where(*mine))


def trainings_of(connection: Connection, officer: UUID) -> tuple[Training, ...]:
    """All there ever were, in the order in which they went on record."""
    query = rows_of(Training, trainings, by_username=username_of(trainings.c.by))
    return every(connection, Training, query.where(trainings.c.officer == officer).order_by(trainings.c.version))


def pipeline(
    connection: Connection,
    at: datetime,
    *,
    service: str | None = None,
    only: ColumnElement[bool] | None = None,
) -> tuple[UnitPipeline, ...]:
    """Each unit's officers of each service by how far they are, by the unit's id; `only` as of `officer_page`."""
    counts = {name: func.count(case((state_at(at) == phase, 1))).label(name) for name, phase in PHASE_OF.items()}
    named = unit_name_of(officers.c.unit).label("unit_name")
    each = (officers.c.unit, officers.c.service)
    query = select(*each, named, *counts.values()).group_by(*each).order_by(*each)
    if service is not None:
        query = query.where(officers.c.service == service)
    return every(connection, UnitPipeline, query if only is None else query.where(only))


def certified_in(connection: Connection, unit: UUID, at: datetime) -> Sequence[UUID]:
    """The accounts of a unit's officers of juvenile prevention who are certified at the time `at`, by id."""
    juvenile = officers.c.service == facts.JUVENILE
    query = select(officers.c.account).where(officers.c.unit == unit, juvenile, state_at(at) == facts.CERTIFIED)
    return connection.execute(query.order_by(officers.c.account)).scalars().all()


def lapsed_unsaid(
    connection: Connection, at: datetime, *, service: str = facts.JUVENILE, limit: int = 100
) -> tuple[UUID, ...]:
    """The accounts whose certification for a service is over, without an event that says so: what the clockwork has to
    record.
    """
    query = (
        select(officers.c.account)
        .where(officers.c.service == service, officers.c.state == facts.CERTIFIED, officers.c.certified_until <= at)
        .order_by(officers.c.certified_until, officers.c.officer)
        .limit(limit)
    )
    return tuple(connection.execute(query).scalars())


def state_at(at: datetime) -> ColumnElement[str]:
    """Time ends a certification by itself; the event that says so comes a little later."""
    over = (officers.c.state == facts.CERTIFIED) & (officers.c.certified_until <= at)
    return case((over, facts.LAPSED), else_=officers.c.state)


PHASE_OF = {
    "candidates": facts.CANDIDATE,
    "trained": facts.TRAINED,
    "certified": facts.CERTIFIED,
    "lapsed": facts.LAPSED,
}


def _shown(at: datetime) -> Select[Any]:
    return rows_of(
        ShownOfficer,
        officers,
        username=username_of(officers.c.account),
        unit_name=unit_name_of(officers.c.unit),
        state=state_at(at),
    )


def _selected(rows: Rows, at: Recorded, event: facts.CandidateSelected) -> None:
    rows.put(
        officers,
        officer=at.stream,
        account=event.account,
        service=event.service,
        unit=event.unit,
        state=facts.CANDIDATE,
        selected_at=at.meta.recorded_at,
        version=at.version,
    )


def _trained(rows: Rows, at: Recorded, event: facts.TrainingCompleted) -> None:
    rows.put(
        trainings,
        officer=at.stream,
        version=at.version,
        course=event.course,
        completed_at=event.completed_at,
        by=event.by,
        recorded_at=at.meta.recorded_at,
    )
    of = rows.read(officers, at.stream)
    before = of["state"]
    qualifies = event.course == facts.COURSE_OF[of["service"]] and before != facts.CERTIFIED
    rows.change(officers, at.stream, state=facts.TRAINED if qualifies else before, version=at.version)


def _certified(rows: Rows, at: Recorded, event: facts.OfficerCertified) -> None:
    rows.change(
        officers,
        at.stream,
        state=facts.CERTIFIED,
        certified_at=at.meta.recorded_at,
        certified_until=event.until,
        lapsed_at=None,
        lapse_cause=None,
        version=at.version,
    )


def _lapsed(rows: Rows, at: Recorded, event: facts.CertificationLapsed) -> None:
    rows.change(
        officers, at.stream, state=facts.LAPSED, lapsed_at=event.at, lapse_cause=event.cause, version=at.version
    )


VIEW = View(
    name="officers",
    version=2,
    metadata=metadata,
    folds={
        facts.CandidateSelected: _selected,
        facts.TrainingCompleted: _trained,
        facts.OfficerCertified: _certified,
        facts.CertificationLapsed: _lapsed,
    },
)
