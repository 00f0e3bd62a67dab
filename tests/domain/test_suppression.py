"""No count under five can be told from what is shown: every table of small size is tried, and held against all others
that would have been shown the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, product

import pytest

from domain.suppression import SMALL, Column, PublishedTable, ShownTotal, publish, suppressed

Counts = tuple[int, ...]


def told_apart(tables: Iterable[tuple[Counts, object, list[int]]]) -> Iterator[tuple[object, int]]:
    """What was shown, and the place of a count that was left out of it and has one possible value only.

    A reader who knows the rule knows which tables lead to what they see: those, and no others.
    """
    possible: dict[object, list[Counts]] = defaultdict(list)
    left_out: dict[object, list[int]] = {}
    for counts, shown, places in tables:
        possible[shown].append(counts)
        left_out[shown] = places
    for shown, places in left_out.items():
        for place in places:
            if len({counts[place] for counts in possible[shown]}) == 1:
                yield shown, place


def places_without(cells: Iterable[int | None]) -> list[int]:
    return [place for place, cell in enumerate(cells) if cell is None]


@pytest.mark.parametrize(("rows", "highest"), [(1, 12), (2, 12), (3, 11), (4, 8)])
def test_in_one_column_of_any_counts_none_that_is_left_out_is_determined(rows: int, highest: int) -> None:
    columns = [(counts, suppressed(counts)) for counts in product(range(highest + 1), repeat=rows)]
    found = told_apart((counts, column, places_without(column.cells)) for counts, column in columns)
    assert list(found) == []


def test_every_count_that_is_left_out_could_be_small_and_could_be_not() -> None:
    """The argument itself: whatever two counts are left out of a column may be exchanged."""
    for counts in product(range(8), repeat=4):
        column = suppressed(counts)
        hidden = places_without(column.cells)
        for one, other in combinations(hidden, 2):
            exchanged = list(counts)
            exchanged[one], exchanged[other] = counts[other], counts[one]
            assert suppressed(exchanged) == column, counts
        if column.total is not None and hidden:
            assert {counts[place] < SMALL for place in hidden} == {True, False}, counts


def table(counts: Counts, rows: int, months: int) -> PublishedTable:
    names = [f"R{number}" for number in range(rows)]
    labels = [f"M{number}" for number in range(months)]
    cells = {(names[place // months], labels[place % months]): count for place, count in enumerate(counts)}
    return publish(names, labels, cells, suppress=True)


def test_in_a_whole_table_with_all_its_totals_none_is_determined() -> None:
    """Two regions and two months, every count from 0 to 8: 6,561 tables, each against all others."""
    whole = [(counts, table(counts, 2, 2)) for counts in product(range(9), repeat=4)]
    shown = ((counts, each, places_without(cell for row in each.cells for cell in row)) for counts, each in whole)
    assert list(told_apart(shown)) == []


def test_a_rule_that_only_leaves_small_counts_out_is_caught() -> None:
    """The fault planted: without the second count, the total gives the first one away."""

    def naive(counts: Counts) -> Column:
        return Column(tuple(None if count < SMALL else count for count in counts), sum(counts))

    columns = [(counts, naive(counts)) for counts in product(range(10), repeat=3)]
    found = list(told_apart((counts, column, places_without(column.cells)) for counts, column in columns))
    assert found


@pytest.mark.parametrize(
    ("counts", "cells", "total"),
    [
        ((7, 9, 30), (7, 9, 30), 46),  # nothing is small
        ((7, 2, 30), (None, None, 30), 39),  # 2 is small, 7 is the smallest that is not
        ((7, 2, 7), (None, None, None), 16),  # with all that equal it
        ((0, 9, 30), (None, None, 30), 39),  # none is a small count, too
        ((4, 0, 1), (None, None, None), None),  # nothing would hide them
        ((5,), (5,), 5),
        ((4,), (None,), None),
        ((), (), None),
    ],
)
def test_what_is_shown(counts: Counts, cells: tuple[int | None, ...], total: int | None) -> None:
    assert suppressed(counts) == Column(cells, total)


def test_totals_of_rows_are_of_what_is_shown_and_say_what_is_left_out() -> None:
    shown = publish(["A", "B"], ["1", "2", "3"], {("A", "1"): 6, ("A", "2"): 9, ("B", "1"): 8, ("B", "2"): 2},
                    suppress=True)  # fmt: skip
    assert shown.cells == ((6, None, None), (8, None, None))
    assert shown.column_totals == (14, 11, None)
    assert shown.row_totals == (ShownTotal(6, 2), ShownTotal(8, 2))
    assert shown.total == ShownTotal(25, 1)


def test_nothing_is_left_out_for_those_who_read_the_incidents() -> None:
    shown = publish(["A", "B"], ["1"], {("A", "1"): 1}, suppress=False)
    assert (shown.cells, shown.column_totals, shown.total) == (((1,), (0,)), (1,), ShownTotal(1, 0))
