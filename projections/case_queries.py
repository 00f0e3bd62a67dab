"""What is asked of the board of prevention cases. In two depths: that a case exists, and what is in it.

Whoever may only know that a case exists gets its summary; a list that is narrowed or ordered by what is in cases would
tell them more, so that such filters go with the condition of those who may read (`only`, given by the caller).
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Connection, func, select

from domain.child_state import ERASED
from domain.prevention_case_state import OPEN
from projections.case_board import attachments, cases, contacts, measures
from projections.child_profiles import profiles
from projections.child_timeline import profiles_of
from projections.organisation import unit_name_of, username_of
from projections.paging import Page, every, one, page, rows_of


class CaseSummary(msgspec.Struct, frozen=True, kw_only=True):
    """That it exists: all that a colleague of the unit needs, so that nobody opens a second one."""

    case: UUID
    pseudonym: str
    ground: str  # domain.case_words.GROUNDS
    state: str  # domain.prevention_case_state.PHASES
    unit: UUID
    unit_name: str | None = None
    opened_at: datetime


class CaseContent(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in it, without a word that somebody wrote."""

    case: UUID
    child: UUID
    officer: UUID | None
    officer_username: str | None = None
    incident: UUID | None
    reported_at: datetime | None
    opened_by: UUID
    term_ends: datetime
    risk: str | None
    review_by: datetime | None
    plan: UUID | None
    plan_state: str | None
    plan_by: UUID | None
    offered_unit: UUID | None
    offered_unit_name: str | None = None
    offered_at: datetime | None
    answer_by: datetime | None
    contacted_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    sealed_at: datetime | None
    changed_at: datetime
    version: int


class BoardCase(CaseContent, frozen=True, kw_only=True):
    """The whole row, for `app` to cut to what its reader may see."""

    pseudonym: str
    ground: str
    state: str
    unit: UUID
    unit_name: str | None = None
    opened_at: datetime


class CaseMeasure(msgspec.Struct, frozen=True, kw_only=True):
    measure: UUID
    kind: str
    due_at: datetime
    state: str  # case_board.SCHEDULED, COMPLETED or DROPPED
    result: str | None
    ended_at: datetime | None
    scheduled_at: datetime


class CaseContact(msgspec.Struct, frozen=True, kw_only=True):
    version: int  # of the event: what was said stands there
    contact: UUID
    kind: str
    occurred_at: datetime
    noted_at: datetime
    noted_by: UUID


class CaseAttachment(msgspec.Struct, frozen=True, kw_only=True):
    attachment: UUID
    media_type: str
    size_bytes: int
    added_at: datetime
    added_by: UUID
    removed_at: datetime | None


def case_page(
    connection: Connection,
    *,
    only: ColumnElement[bool] | None = None,
    state: str | None = OPEN,
    ground: str | None = None,
    pseudonym: str | None = None,
    officer: UUID | None = None,
    unassigned: bool | None = None,
    risk: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[BoardCase]:
    """Cases, the last opened first. Every filter that is given must hold; `state=None` shows all.

    `only` is what the reader may see, as a condition on the columns of `cases`.
    """
    query = rows_of(BoardCase, cases, **_names())
    equal = {"state": state, "ground": ground, "pseudonym": pseudonym, "officer": officer, "risk": risk}
    for name, wanted in equal.items():
        if wanted is not None:
            query = query.where(cases.c[name] == wanted)
    if unassigned is not None:
        query = query.where(cases.c.officer.is_(None) if unassigned else cases.c.officer.is_not(None))
    if only is not None:
        query = query.where(only)
    order = (cases.c.opened_at, cases.c.case)
    return page(connection, BoardCase, query, order, cursor=cursor, limit=limit, newest_first=True)


def board_case(connection: Connection, key: UUID) -> BoardCase | None:
    return one(connection, BoardCase, rows_of(BoardCase, cases, **_names()).where(cases.c.case == key))


def measures_of(connection: Connection, key: UUID) -> tuple[CaseMeasure, ...]:
    query = rows_of(CaseMeasure, measures).where(measures.c.case == key)
    return every(connection, CaseMeasure, query.order_by(measures.c.due_at, measures.c.measure))


def contact_page(connection: Connection, key: UUID, *, cursor: str | None = None, limit: int = 50) -> Page[CaseContact]:
    """The contacts of a case, the last noted first."""
    query = rows_of(CaseContact, contacts).where(contacts.c.case == key)
    order = (contacts.c.version,)
    return page(connection, CaseContact, query, order, cursor=cursor, limit=limit, newest_first=True)


def attachments_of(connection: Connection, key: UUID) -> tuple[CaseAttachment, ...]:
    query = rows_of(CaseAttachment, attachments).where(attachments.c.case == key)
    return every(connection, CaseAttachment, query.order_by(attachments.c.added_at, attachments.c.attachment))


class GoneAttachment(NamedTuple):
    attachment: UUID
    case: UUID
    child: UUID


def gone_attachments(connection: Connection, child: UUID | None = None) -> tuple[GoneAttachment, ...]:
    """What may not lie on the disk any more: it was removed, or the case's child was erased; of all cases, or of those
    of one child. A proposal: the record decides.
    """
    erased = select(profiles.c.child).where(profiles.c.phase == ERASED)
    query = select(attachments.c.attachment, cases.c.case, cases.c.child)
    query = query.join_from(attachments, cases, cases.c.case == attachments.c.case)
    query = query.where(attachments.c.removed_at.is_not(None) | cases.c.child.in_(erased))
    if child is not None:
        query = query.where(cases.c.child == child)
    return tuple(GoneAttachment(*row) for row in connection.execute(query.order_by(attachments.c.attachment)))


def case_units_of(connection: Connection, child: UUID) -> tuple[UUID, ...]:
    """The units that have an open case of a child."""
    query = select(cases.c.unit).where(cases.c.child == child, cases.c.state == OPEN)
    return tuple(connection.execute(query).scalars())


def open_case_on(connection: Connection, child: UUID, unit: UUID, ground: str) -> UUID | None:
    """The unit's open case of a child on a ground, where it has one: also of a profile that was merged into it."""
    of_child = cases.c.child.in_(profiles_of(connection, child))
    query = select(cases.c.case).where(of_child, cases.c.unit == unit, cases.c.state == OPEN)
    return connection.execute(query.where(cases.c.ground == ground).order_by(cases.c.case).limit(1)).scalars().first()


def worked_with_by(unit: UUID) -> ColumnElement[bool]:
    """Of a child's profile: whether the unit has an open case of the child."""
    return profiles.c.child.in_(select(cases.c.child).where(cases.c.unit == unit, cases.c.state == OPEN))


def open_cases_of(connection: Connection, officer: UUID) -> tuple[UUID, ...]:
    """The open cases in an officer's charge."""
    query = select(cases.c.case).where(cases.c.officer == officer, cases.c.state == OPEN).order_by(cases.c.case)
    return tuple(connection.execute(query).scalars())


def open_cases_by_officer(connection: Connection, unit: UUID) -> dict[UUID, int]:
    """How many open cases of the unit each officer has who has any."""
    query = select(cases.c.officer, func.count().label("cases")).where(
        cases.c.unit == unit, cases.c.state == OPEN, cases.c.officer.is_not(None)
    )
    return {row.officer: row.cases for row in connection.execute(query.group_by(cases.c.officer))}


def _names() -> dict[str, ColumnElement[str]]:
    return {
        "unit_name": unit_name_of(cases.c.unit),
        "officer_username": username_of(cases.c.officer),
        "offered_unit_name": unit_name_of(cases.c.offered_unit),
    }
