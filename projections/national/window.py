"""Months on Kyiv's clocks, and what stood at the end of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, FromClause, and_, case, func, or_, select

from domain.kyiv_time import KYIV

Counts = Mapping[tuple[str, str], int]  # by (region, month)


class Window(msgspec.Struct, frozen=True):
    months: tuple[str, ...]  # as in 2026-11
    at: datetime  # the month that is not over yet ends now

    def ends(self) -> Iterator[tuple[str, datetime]]:
        """Each month with the instant at which what stands is counted."""
        for month in self.months:
            year, number = int(month[:4]), int(month[5:])
            after = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=KYIV).astimezone(UTC)
            yield month, min(after, self.at)


def stood(
    connection: Connection,
    window: Window,
    *,
    source: FromClause,
    region: ColumnElement[str],
    from_at: ColumnElement[Any],
    to_at: ColumnElement[Any] | None = None,
    that: Callable[[datetime], ColumnElement[bool]] | None = None,
) -> Counts:
    """How many rows of the source stood at the end of each month: begun, and not ended by then, `that` being so then. A
    region of which there is no row at all has no counts: nothing is on record of it, which is not to say that there is
    none.
    """
    stands: dict[str, ColumnElement[bool]] = {}
    for month, end in window.ends():
        so = [from_at < end]
        so += [] if to_at is None else [or_(to_at.is_(None), to_at >= end)]
        stands[month] = and_(*so, *([] if that is None else [that(end)]))
    counts = [func.sum(case((condition, 1), else_=0)).label(month) for month, condition in stands.items()]
    query = select(region.label("region"), *counts).select_from(source).group_by(region)
    return {(row["region"], month): int(row[month]) for row in connection.execute(query).mappings() for month in stands}
