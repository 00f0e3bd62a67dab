"""What is to be done in prevention cases, and until when: reviews, measures, terms, offers, plans, assignments.

Nothing is recorded when a time passes: what is overdue is so by the clock, the moment that somebody asks.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, literal, null, select, union_all

from domain.prevention_case_state import OPEN, PROPOSED
from projections.case_board import SCHEDULED, cases, measures
from projections.organisation import username_of
from projections.paging import Page, page, rows_of

TASKS = REVIEW, MEASURE, TERM, OFFER, PLAN, ASSIGNMENT = "review", "measure", "term", "offer", "plan", "assignment"


class Task(msgspec.Struct, frozen=True, kw_only=True):
    task: str  # TASKS
    case: UUID
    pseudonym: str
    unit: UUID
    officer: UUID | None
    officer_username: str | None = None
    item: UUID  # the measure or the plan; else the case
    due_at: datetime  # of a plan and an assignment: since when it waits
    measure_kind: str | None


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A case that another unit would take over. Why is read with the offer itself."""

    case: UUID
    pseudonym: str
    ground: str
    unit: UUID
    offered_unit: UUID
    offered_at: datetime
    answer_by: datetime


def task_page(
    connection: Connection,
    *,
    only: ColumnElement[bool] | None = None,
    officer: UUID | None = None,
    task: str | None = None,
    due_before: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Task]:
    """What is to be done in open cases, the soonest first. Every filter that is given must hold.

    `only` is what the reader may read, as a condition on the columns of `cases`.
    """
    found = union_all(*(_narrowed(each, only, officer) for each in _tasks(task))).subquery()
    query = rows_of(Task, found, officer_username=username_of(found.c.officer))
    if due_before is not None:
        query = query.where(found.c.due_at < due_before)
    order: Any = (found.c.due_at, found.c.case, found.c.task, found.c.item)
    return page(connection, Task, query, order, cursor=cursor, limit=limit)


def offer_page(
    connection: Connection, *, only: ColumnElement[bool], cursor: str | None = None, limit: int = 50
) -> Page[Offer]:
    """The offers of transfers that wait for an answer, the soonest due first."""
    query = rows_of(Offer, cases).where(cases.c.offered_unit.is_not(None), only)
    return page(connection, Offer, query, (cases.c.answer_by, cases.c.case), cursor=cursor, limit=limit)


def _narrowed(query: Select[Any], only: ColumnElement[bool] | None, officer: UUID | None) -> Select[Any]:
    query = query.where(cases.c.state == OPEN)
    if officer is not None:
        query = query.where(cases.c.officer == officer)
    return query if only is None else query.where(only)


def _tasks(task: str | None) -> list[Select[Any]]:
    made = {
        REVIEW: _of_case(REVIEW, cases.c.case, cases.c.review_by).where(cases.c.review_by.is_not(None)),
        MEASURE: _of_case(MEASURE, measures.c.measure, measures.c.due_at, measures.c.kind)
        .join(measures, measures.c.case == cases.c.case)
        .where(measures.c.state == SCHEDULED),
        TERM: _of_case(TERM, cases.c.case, cases.c.term_ends),
        OFFER: _of_case(OFFER, cases.c.case, cases.c.answer_by).where(cases.c.offered_unit.is_not(None)),
        PLAN: _of_case(PLAN, cases.c.plan, cases.c.plan_at).where(cases.c.plan_state == PROPOSED),
        ASSIGNMENT: _of_case(ASSIGNMENT, cases.c.case, cases.c.unassigned_at).where(cases.c.officer.is_(None)),
    }
    return list(made.values()) if task is None else [made[task]]


def _of_case(
    task: str, item: ColumnElement[Any], due_at: ColumnElement[Any], kind: ColumnElement[Any] | None = None
) -> Select[Any]:
    return select(
        literal(task).label("task"),
        cases.c.case,
        cases.c.pseudonym,
        cases.c.unit,
        cases.c.officer,
        item.label("item"),
        due_at.label("due_at"),
        (null() if kind is None else kind).label("measure_kind"),
    ).select_from(cases)
