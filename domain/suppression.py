"""Counts for those who see nothing else: no count under five can be told from what is shown.

A table is published by its columns (months), each by itself:

- A cell under `SMALL` is not shown.
- If any is not shown, neither is the smallest of those that could be, with all that equal it. So what is left out of a
  column are its smallest cells, of which one at least is small and one at least is not: whoever knows the rule, the
  column's total and every shown cell may exchange the values of any two that are left out, and would have been shown
  the same. No cell that is left out has one possible value only.
- The column's total is exact. It is left out, too, where all cells are small: nothing would hide them behind it.
- Totals of rows (regions) and of the whole table are sums of what is shown, with how many cells are left out: they tell
  nothing that the columns do not.

What it does not protect from: watching one column change from day to day, and knowing some of the incidents from
elsewhere. There is no breakdown by any other property, and must not be: two tables of the same incidents would be held
against each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

SMALL = 5


class Column(msgspec.Struct, frozen=True):
    """None: not shown."""

    cells: tuple[int | None, ...]
    total: int | None


class ShownTotal(msgspec.Struct, frozen=True):
    """The sum of what is shown, and how much is left out of it."""

    shown: int
    left_out: int


class PublishedTable(msgspec.Struct, frozen=True, kw_only=True):
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]  # by row, then by column
    column_totals: tuple[int | None, ...]
    row_totals: tuple[ShownTotal, ...]
    total: ShownTotal  # of the columns' totals


def suppressed(counts: Sequence[int]) -> Column:
    """One column as it is published."""
    small = [count for count in counts if count < SMALL]
    large = [count for count in counts if count >= SMALL]
    if not large:
        return Column((None,) * len(counts), None)
    largest_left_out = min(large) if small else -1
    return Column(tuple(None if count <= largest_left_out else count for count in counts), sum(counts))


def exact(counts: Sequence[int]) -> Column:
    """One column for those who may read the incidents that it counts."""
    return Column(tuple(counts), sum(counts))


def publish(
    rows: Sequence[str], columns: Sequence[str], counts: Mapping[tuple[str, str], int], *, suppress: bool
) -> PublishedTable:
    """The table of (row, column) to count; what is not counted is 0."""
    published = [
        (suppressed if suppress else exact)([counts.get((row, column), 0) for row in rows]) for column in columns
    ]
    cells = tuple(tuple(column.cells[place] for column in published) for place in range(len(rows)))
    totals = tuple(column.total for column in published)
    return PublishedTable(
        rows=tuple(rows),
        columns=tuple(columns),
        cells=cells,
        column_totals=totals,
        row_totals=tuple(_total(row) for row in cells),
        total=_total(totals),
    )


def _total(values: Sequence[int | None]) -> ShownTotal:
    shown = [value for value in values if value is not None]
    return ShownTotal(sum(shown), len(values) - len(shown))
