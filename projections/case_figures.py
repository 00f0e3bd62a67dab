"""Figures of prevention cases: who has how many, and how long it takes from a report to a case and to its end.

They are of cases and officers, never of a child; no figure here is made of a risk that somebody judged.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Connection, Select, case, func, select, type_coerce

from domain.prevention_case_state import OPEN
from projections.case_board import cases
from projections.columns import microseconds
from projections.organisation import unit_name_of, username_of

HOUR_US = 3_600_000_000
TAIL = 0.9


class Caseload(msgspec.Struct, frozen=True, kw_only=True):
    """Of one officer in one unit; without officer, of the cases that nobody is in charge of."""

    unit: UUID
    unit_name: str | None
    officer: UUID | None
    officer_username: str | None
    open_cases: int
    term_over: int
    review_over: int
    never_assessed: int


class Duration(msgspec.Struct, frozen=True, kw_only=True):
    """Of how many cases, and the hours that half and nine tenths of them took at most; null where there is none."""

    cases: int
    median_hours: float | None
    tail_hours: float | None


def caseload(connection: Connection, at: datetime, *, only: ColumnElement[bool] | None = None) -> tuple[Caseload, ...]:
    """Open cases by unit and officer, as the clock stands at `at`."""
    query = select(
        cases.c.unit,
        unit_name_of(cases.c.unit).label("unit_name"),
        cases.c.officer,
        username_of(cases.c.officer).label("officer_username"),
        func.count().label("open_cases"),
        _counted(cases.c.term_ends < at).label("term_over"),
        _counted(cases.c.review_by < at).label("review_over"),
        _counted(cases.c.risk.is_(None)).label("never_assessed"),
    ).where(cases.c.state == OPEN)
    if only is not None:
        query = query.where(only)
    found = connection.execute(query.group_by(cases.c.unit, cases.c.officer)).mappings()
    return tuple(
        sorted(
            (Caseload(**row) for row in found),
            key=lambda row: (str(row.unit), row.officer is not None, str(row.officer)),
        )
    )


def report_to_open(
    connection: Connection, from_at: datetime, to_at: datetime, *, only: ColumnElement[bool] | None = None
) -> Duration:
    """From when it came to the police until the case was opened, of cases opened in the time; those of which the first
    is not known are left out."""
    took = _microseconds(cases.c.opened_at) - _microseconds(cases.c.reported_at)
    return _duration(connection, _between(cases.c.opened_at, cases.c.reported_at, from_at, to_at, only), took)


def open_to_close(
    connection: Connection, from_at: datetime, to_at: datetime, *, only: ColumnElement[bool] | None = None
) -> Duration:
    """From the opening until the closing, of cases that were closed in the time and stand closed."""
    took = _microseconds(cases.c.closed_at) - _microseconds(cases.c.opened_at)
    return _duration(connection, _between(cases.c.closed_at, cases.c.closed_at, from_at, to_at, only), took)


def _counted(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((condition, 1), else_=0))


def _microseconds(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return type_coerce(column, BigInteger)


def _between(
    counted_by: ColumnElement[Any],
    known: ColumnElement[Any],
    from_at: datetime,
    to_at: datetime,
    only: ColumnElement[bool] | None,
) -> Select[Any]:
    at = _microseconds(counted_by)
    query = select().where(known.is_not(None), at >= microseconds(from_at), at < microseconds(to_at))
    return query if only is None else query.where(only)


def _duration(connection: Connection, query: Select[Any], took: ColumnElement[Any]) -> Duration:
    """Two single rows of the order: nothing is computed that no case is."""
    count = connection.execute(query.add_columns(func.count()).select_from(cases)).scalar_one()

    def hours(share: float) -> float | None:
        if not count:
            return None
        place = max(0, -int(-share * count // 1) - 1)  # the nearest rank
        ordered = query.add_columns(took).select_from(cases).order_by(took, cases.c.case)
        return round(float(connection.execute(ordered.limit(1).offset(place)).scalar_one()) / HOUR_US, 2)

    return Duration(cases=count, median_hours=hours(0.5), tail_hours=hours(TAIL))
