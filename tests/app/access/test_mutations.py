"""A fault planted in the policies is caught: refused at the start, or seen by the truth table."""

from __future__ import annotations

from itertools import chain

import pytest

from app.access.gate import Gate
from app.access.policy import parse
from tests.app.access import mutations, truth_table
from tests.app.access.mutations import PLANTED, Mutation
from tests.app.access.truth_table import Cell, Expectation

STRIDE = 97  # through the table, so that a fault in any part of it is met soon
ONE_IN = 3  # of the faults; `python -m tests.benchmarks.bench_access --table` plants all of them


@pytest.fixture(scope="module")
def house() -> Gate:
    return Gate.load()


@pytest.fixture(scope="module")
def table() -> dict[Cell, Expectation]:
    return truth_table.read()


def caught_by(house: Gate, table: dict[Cell, Expectation], mutation: Mutation) -> str | None:
    """What the first cell says that answers otherwise than the table; None where the fault survives."""
    text = house.policy.policies_text
    faulty = Gate(parse(mutation.apply(text), house.policy.schema_text))
    touched = mutations.touched(mutation, text)
    cells = list(table.items())
    for cell, expectation in chain.from_iterable(cells[start::STRIDE] for start in range(STRIDE)):
        if cell.operation in touched and (got := truth_table.verdict(faulty, cell)) != expectation.expected:
            return f"{cell}: {got} instead of {expectation.expected}"
    return None


@pytest.mark.parametrize("mutation", PLANTED[::ONE_IN], ids=lambda mutation: f"{mutation.of}: {mutation.old[:40]!r}")
def test_a_planted_fault_is_caught_by_the_table(
    house: Gate, table: dict[Cell, Expectation], mutation: Mutation
) -> None:
    assert caught_by(house, table, mutation), "the fault survives: the table lacks a case"
