"""The policies do what the table says, in every cell; and a table with a gap is refused."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

import pytest

from app.access.gate import Gate
from app.access.list_shows import LIST_SHOWS
from app.access.operations import Operation
from app.access.policy import KNOW
from app.access.resources import (
    PROPOSED,
    Incident,
    System,
    Thing,
)
from domain.vocabulary import ROLES
from tests.app.access import truth_table
from tests.app.access.truth_table import ALLOW, HIDDEN, TABLE, Cell, Faults


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate.load()


@pytest.fixture(scope="module")
def table() -> dict[Cell, truth_table.Expectation]:
    return truth_table.read()


def test_every_cell(gate: Gate, table: dict[Cell, truth_table.Expectation]) -> None:
    wrong = [
        f"line {expectation.line}: {cell}: {got} instead of {expectation.expected}"
        for cell, expectation in table.items()
        if (got := truth_table.verdict(gate, cell)) != expectation.expected
    ]
    assert not wrong, "\n".join(wrong)


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_table_without_one_of_its_rows_is_refused(table: dict[Cell, truth_table.Expectation]) -> None:
    whole = rows()
    assert {expectation.line for expectation in table.values()} == set(range(2, len(whole) + 2))  # no row is idle
    for place in (0, 1, len(whole) // 2, len(whole) - 1):
        with pytest.raises(Faults, match="no row answers"):
            truth_table.spread(whole[:place] + whole[place + 1 :])


def test_an_operation_that_only_the_suspended_row_covers_is_a_fault() -> None:
    kept = [row for row in rows() if "replay.read" not in row["operations"]]
    with pytest.raises(Faults, match=r"no row names replay\.read"):
        truth_table.spread(kept)


class Burn(str):
    """An operation that somebody added, and nobody thought of who may do it."""

    on = Incident


class WithBurning:
    """Every operation there is, and that one."""

    def __iter__(self) -> Iterator[Operation | Burn]:
        yield from Operation
        yield Burn("incident.burn")

    def __call__(self, name: str) -> Operation:
        return Operation(name)


def test_an_operation_that_is_added_without_rows_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(truth_table, "Operation", WithBurning())
    with pytest.raises(Faults) as fault:
        truth_table.read()
    told = str(fault.value).splitlines()
    assert told[0] == "no row names incident.burn"
    cells = len(truth_table.ROLE_SETS) * len(truth_table.RELATIONS[Incident]) * len(Incident.STATES)
    assert len(told) == 1 + cells
    assert all("incident.burn" in line for line in told)


@pytest.mark.parametrize(
    ("column", "value"),
    [("operations", "incident.burn"), ("roles", "*"), ("roles", "investigater"), ("relations", "neighbour"),
     ("states", "lost"), ("expected", "perhaps"), ("why", "")],
)  # fmt: skip
def test_a_word_that_means_nothing_is_a_fault(column: str, value: str) -> None:
    with pytest.raises(Faults, match="line 3"):
        truth_table.spread([{**row, column: value} if place == 1 else row for place, row in enumerate(rows())])


def test_two_answers_to_one_cell_are_a_fault() -> None:
    with pytest.raises(Faults, match="already"):
        truth_table.spread([*rows(), rows()[-1]])


def test_suspended_accounts_are_denied_everything(table: dict[Cell, truth_table.Expectation]) -> None:
    assert {expectation.expected for cell, expectation in table.items() if cell.suspended} == {HIDDEN}


def test_an_auditor_changes_nothing_and_opens_nothing(gate: Gate, table: dict[Cell, truth_table.Expectation]) -> None:
    changing = actions_in(gate, "change") | actions_in(gate, "disclose")
    allowed = {cell.operation for cell, answer in table.items() if "auditor" in cell.roles and answer.expected == ALLOW}
    assert changing & allowed == set()
    assert Operation.REPLAY_READ in allowed


def test_an_administrator_reads_no_case_content(gate: Gate, table: dict[Cell, truth_table.Expectation]) -> None:
    allowed = {
        cell.operation for cell, answer in table.items() if "administrator" in cell.roles and answer.expected == ALLOW
    }
    assert actions_in(gate, "case") & allowed == set()
    assert Operation.ROLE_GIVE in allowed


def actions_in(gate: Gate, group: str) -> set[str]:
    declarations = re.findall(r"action ([^;]*?)\s+in \[([^\]]*)\]", gate.policy.schema_text)
    return {
        name for names, groups in declarations if f'"{group}"' in groups for name in re.findall(r'"([^"]+)"', names)
    }


def test_the_schema_declares_the_closed_lists_and_nothing_else(gate: Gate) -> None:
    text = re.sub(r"//.*", "", gate.policy.schema_text)
    declared = {name for names in re.findall(r"action ([^;]*?)\s+(?:in \[|appliesTo)", text)
                for name in re.findall(r'"([^"]+)"', names)}  # fmt: skip
    assert declared == {*Operation, KNOW}
    assert actions_in(gate, "change") >= {operation for operation in Operation if operation.endswith((".give", ".run"))}
    assert enum_in(gate, "Role") == set(ROLES)
    for kind in {operation.on for operation in Operation if operation.on.STATES}:
        assert enum_in(gate, f"{kind.KIND}State") == {PROPOSED, *kind.STATES}


def enum_in(gate: Gate, name: str) -> set[str]:
    found = re.search(rf"entity {name} enum \[([^\]]*)\]", gate.policy.schema_text)
    assert found is not None
    return set(re.findall(r'"([^"]+)"', found[1]))


def test_lists_show_a_kind_of_thing() -> None:
    shown: set[type[Thing]] = {operation.on for operation in LIST_SHOWS.values()}
    assert System not in shown
    assert all(listed.on is System for listed in LIST_SHOWS)
