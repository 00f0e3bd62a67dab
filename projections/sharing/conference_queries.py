"""What is asked of the board of case conferences, and which tasks of plans in force are still to be done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, exists, func, not_, select

from domain.sharing.conference_state import AGREED, OPEN
from projections.case_board import cases
from projections.child_timeline import profiles_of
from projections.organisation import unit_name_of, username_of
from projections.paging import Page, every, one, page, rows_of
from projections.sharing.conferences import agencies, conferences, plans, tasks
from projections.sharing.referrals import region_of


class ShownConference(msgspec.Struct, frozen=True, kw_only=True):
    """The whole row, for `app` to cut to what its reader may see. `unit` and `officer` have the case now."""

    conference: UUID
    child: UUID
    pseudonym: str
    case: UUID
    unit: UUID
    unit_name: str | None
    region: str | None  # of that unit
    officer: UUID | None
    officer_username: str | None
    state: str  # domain.sharing.referral_words.CONFERENCE_PHASES
    called_by: UUID
    called_at: datetime
    meets_at: datetime | None
    decisions: int
    tasks_count: int
    tasks_done_count: int
    in_force: bool  # its plan is the child's
    agreed_at: datetime | None
    cancelled: str | None  # domain.sharing.referral_words.CANCELLATION_CAUSES
    changed_at: datetime
    version: int


class ConferenceAgency(msgspec.Struct, frozen=True, kw_only=True):
    agency: UUID
    unit: UUID
    unit_name: str | None
    invited: bool
    admitted: bool
    excluded: str | None  # domain.sharing.referral_words.EXCLUSION_CAUSES
    agreement: UUID | None
    consent: UUID | None
    agreed: bool  # to the plan as it is now


class ConferenceTask(msgspec.Struct, frozen=True, kw_only=True):
    task: UUID
    agency: UUID | None  # None: the police do it
    service: str  # domain.sharing.referral_words.SERVICE_KINDS
    due_at: datetime
    done_at: datetime | None
    done_by: UUID | None


class DueTask(msgspec.Struct, frozen=True, kw_only=True):
    """Of a plan in force, and not done."""

    conference: UUID
    task: UUID
    pseudonym: str | None  # for the police alone: an agency is told of whom, one by one, on record
    agency: UUID | None
    unit: UUID  # whose people do it
    service: str
    due_at: datetime


class Taking(msgspec.Struct, frozen=True, kw_only=True):
    """In which units the agencies serve that take part."""

    invited: frozenset[UUID]
    admitted: frozenset[UUID]


def conference_page(
    connection: Connection,
    *,
    only: ColumnElement[bool],
    child: UUID | None = None,
    case: UUID | None = None,
    state: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ShownConference]:
    """Conferences, the last called first. `only` is what the reader may see, as a condition on the columns of
    `conferences` and `cases`; `child` asks for those of its profile and of what was merged into it.
    """
    query = _shown().where(only)
    if child is not None:
        query = query.where(conferences.c.child.in_(profiles_of(connection, child)))
    for name, wanted in {"case": case, "state": state}.items():
        if wanted is not None:
            query = query.where(conferences.c[name] == wanted)
    order = (conferences.c.called_at, conferences.c.conference)
    return page(connection, ShownConference, query, order, cursor=cursor, limit=limit, newest_first=True)


def conference(connection: Connection, key: UUID) -> ShownConference | None:
    return one(connection, ShownConference, _shown().where(conferences.c.conference == key))


def agencies_of(connection: Connection, key: UUID) -> tuple[ConferenceAgency, ...]:
    """Those that are invited or admitted, and those that were excluded."""
    joined = agencies.join(conferences, conferences.c.conference == agencies.c.conference)
    agreed = func.coalesce(agencies.c.agreed_version > conferences.c.plan_version, False)
    own = {name: agencies.c[name] for name in ConferenceAgency.__struct_fields__ if name in agencies.c}
    query = rows_of(ConferenceAgency, joined, **own, unit_name=unit_name_of(agencies.c.unit), agreed=agreed)
    return every(connection, ConferenceAgency, query.where(agencies.c.conference == key).order_by(agencies.c.agency))


def tasks_of(connection: Connection, key: UUID) -> tuple[ConferenceTask, ...]:
    """Of the plan, the soonest due first."""
    query = rows_of(ConferenceTask, tasks).where(tasks.c.conference == key, not_(tasks.c.dropped))
    return every(connection, ConferenceTask, query.order_by(tasks.c.due_at, tasks.c.task))


def taking_part(connection: Connection, keys: Collection[UUID]) -> Mapping[UUID, Taking]:
    """By conference."""
    query = select(agencies.c.conference, agencies.c.unit, agencies.c.admitted)
    found: dict[UUID, list[tuple[UUID, bool]]] = defaultdict(list)
    for row in connection.execute(query.where(agencies.c.conference.in_(keys), agencies.c.invited)):
        found[row.conference].append((row.unit, row.admitted))
    return {
        key: Taking(
            invited=frozenset(unit for unit, _ in found[key]),
            admitted=frozenset(unit for unit, admitted in found[key] if admitted),
        )
        for key in keys
    }


def due_task_page(
    connection: Connection,
    *,
    only: ColumnElement[bool],
    unit: UUID | None = None,
    due_before: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[DueTask]:
    """The tasks of plans in force that are not done, the soonest due first; `unit`: whose people are to do them."""
    of = tasks.join(conferences, conferences.c.conference == tasks.c.conference).join(
        cases, cases.c.case == conferences.c.case
    )
    doing = select(agencies.c.unit).where(
        agencies.c.conference == tasks.c.conference, agencies.c.agency == tasks.c.agency
    )
    does = func.coalesce(doing.scalar_subquery(), cases.c.unit)
    own = {name: tasks.c[name] for name in ("conference", "task", "agency", "service", "due_at")}
    query = rows_of(DueTask, of, **own, pseudonym=conferences.c.pseudonym, unit=does).where(
        only, conferences.c.state == AGREED, _in_force(), not_(tasks.c.dropped), tasks.c.done_at.is_(None)
    )
    if unit is not None:
        query = query.where(does == unit)
    if due_before is not None:
        query = query.where(tasks.c.due_at < due_before)
    order = (tasks.c.due_at, tasks.c.conference, tasks.c.task)
    return page(connection, DueTask, query, order, cursor=cursor, limit=limit)


def invites(unit: UUID) -> ColumnElement[bool]:
    """Whether the conference of a row has invited the agency whose people serve in the unit."""
    return exists().where(
        agencies.c.conference == conferences.c.conference, agencies.c.unit == unit, agencies.c.invited
    )


def admits(unit: UUID) -> ColumnElement[bool]:
    """Whether that agency is admitted."""
    return exists().where(
        agencies.c.conference == conferences.c.conference, agencies.c.unit == unit, agencies.c.admitted
    )


def invited_only(connection: Connection, agency: UUID) -> tuple[UUID, ...]:
    """The conferences under way to which an agency is invited, and not admitted: nothing is shared with it there."""
    of = agencies.join(conferences, conferences.c.conference == agencies.c.conference)
    query = (
        select(agencies.c.conference)
        .select_from(of)
        .where(
            agencies.c.agency == agency, agencies.c.invited, not_(agencies.c.admitted), conferences.c.state.in_(OPEN)
        )
    )
    return tuple(connection.execute(query.order_by(agencies.c.conference)).scalars())


def under_way_of_case(connection: Connection, case: UUID) -> tuple[UUID, ...]:
    """The conferences that were called from a case, or suggested there, and have not ended."""
    query = select(conferences.c.conference).where(conferences.c.case == case, conferences.c.state.in_(OPEN))
    return tuple(connection.execute(query.order_by(conferences.c.conference)).scalars())


def agreed_of_case(connection: Connection, case: UUID) -> tuple[UUID, ...]:
    """Those in which a plan was agreed on."""
    query = select(conferences.c.conference).where(conferences.c.case == case, conferences.c.state == AGREED)
    return tuple(connection.execute(query.order_by(conferences.c.conference)).scalars())


def _in_force() -> ColumnElement[bool]:
    return exists().where(plans.c.in_force == conferences.c.conference)


def _shown() -> Select[Any]:
    joined = conferences.join(cases, cases.c.case == conferences.c.case)
    of = select(func.count()).where(tasks.c.conference == conferences.c.conference, not_(tasks.c.dropped))
    own = {name: conferences.c[name] for name in ShownConference.__struct_fields__ if name in conferences.c}
    beside = {
        "unit": cases.c.unit,
        "unit_name": unit_name_of(cases.c.unit),
        "region": region_of(cases.c.unit),
        "officer": cases.c.officer,
        "officer_username": username_of(cases.c.officer),
        "tasks_count": of.scalar_subquery(),
        "tasks_done_count": of.where(tasks.c.done_at.is_not(None)).scalar_subquery(),
        "in_force": _in_force(),
    }
    return rows_of(ShownConference, joined, **own, **beside)
