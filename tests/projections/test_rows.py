"""Changes of rows gathered and written at once leave what the same changes leave one by one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Engine, Integer, MetaData, Table, select
from sqlalchemy.exc import IntegrityError

from projections.dialect import sqlite_engine
from projections.errors import RowMissing
from projections.rows import Rows

metadata = MetaData()
things = Table(
    "things",
    metadata,
    Column("left", Integer, primary_key=True),
    Column("right", Integer, primary_key=True),
    Column("a", Integer),
    Column("b", Integer),
    Column("c", Integer, nullable=False),
)
pairs = Table(
    "pairs",
    metadata,
    Column("left", Integer, primary_key=True),
    Column("right", Integer, primary_key=True),
)
TABLES = {things: things, pairs: pairs}


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = sqlite_engine(None)
    with made.begin() as connection:
        metadata.create_all(connection)
    yield made
    made.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        yield connection


def stored(connection: Connection) -> list[tuple[int | None, ...]]:
    return [tuple(row) for row in connection.execute(select(things).order_by(things.c.left, things.c.right))]


changes = st.lists(
    st.tuples(
        st.sampled_from(["put", "change a", "change b", "change both", "read and add"]),
        st.integers(0, 1),
        st.integers(0, 1),
        st.integers(0, 9),
    ),
    max_size=25,
)


def apply(rows: Rows, known: set[tuple[int, int]], change: tuple[str, int, int, int]) -> None:
    what, left, right, value = change
    if what == "put" or (left, right) not in known:
        known.add((left, right))
        rows.put(things, left=left, right=right, a=value, c=value)
    elif what == "change a":
        rows.change(things, left, right, a=value)
    elif what == "change b":
        rows.change(things, left, right, b=value)
    elif what == "change both":
        rows.change(things, left, right, a=value, b=value)
    else:
        rows.change(things, left, right, c=rows.read(things, left, right)["c"] + 1)


@settings(max_examples=60, deadline=None)
@given(todo=changes, cuts=st.lists(st.integers(1, 6), min_size=25, max_size=25))
def test_batches_leave_what_single_changes_leave(todo: list[tuple[str, int, int, int]], cuts: list[int]) -> None:
    outcomes = []
    for sizes in (cuts, [1] * 25):
        engine = sqlite_engine(None)
        with engine.begin() as connection:
            metadata.create_all(connection)
            known: set[tuple[int, int]] = set()
            left = list(todo)
            for size in sizes:
                rows = Rows(connection, TABLES)
                for change in left[:size]:
                    apply(rows, known, change)
                rows.write()
                left = left[size:]
            outcomes.append(stored(connection))
        engine.dispose()
    assert outcomes[0] == outcomes[1]


def test_put_replaces_the_whole_row(connection: Connection) -> None:
    rows = Rows(connection, TABLES)
    rows.put(things, left=1, right=1, a=1, b=1, c=1)
    rows.write()
    rows.put(things, left=1, right=1, c=2)
    rows.write()
    assert stored(connection) == [(1, 1, None, None, 2)]


def test_one_statement_a_table_and_set_of_columns(connection: Connection) -> None:
    rows = Rows(connection, TABLES)
    for number in range(50):
        rows.put(things, left=number, right=0, c=0)
        rows.change(things, number, 0, a=number)
    rows.write()
    for number in range(50):
        rows.change(things, number, 0, b=number)
        if number % 2:
            rows.change(things, number, 0, a=0)
    sent = [(str(statement).split()[0], len(values)) for statement, values, _ in rows.statements()]
    assert sent == [("UPDATE", 25), ("UPDATE", 25)]


def test_change_of_a_row_that_is_not_there_is_refused(connection: Connection) -> None:
    rows = Rows(connection, TABLES)
    rows.put(things, left=1, right=1, c=1)
    rows.write()
    rows.change(things, 1, 1, a=1)
    rows.change(things, 1, 2, a=1)
    with pytest.raises(RowMissing, match="things: 2 rows were to change, 1 are there"):
        rows.write()


def test_read_of_a_row_that_is_not_there_is_refused(connection: Connection) -> None:
    with pytest.raises(RowMissing):
        Rows(connection, TABLES).read(things, 1, 1)


def test_read_sees_what_is_stored_with_what_is_not_written_yet(connection: Connection) -> None:
    rows = Rows(connection, TABLES)
    rows.put(things, left=1, right=1, a=1, c=1)
    assert rows.read(things, 1, 1)["a"] == 1
    rows.write()
    rows.change(things, 1, 1, b=5)
    assert rows.read(things, 1, 1) == {"left": 1, "right": 1, "a": 1, "b": 5, "c": 1}


def test_what_the_table_does_not_allow_is_refused(connection: Connection) -> None:
    rows = Rows(connection, TABLES)
    rows.put(things, left=1, right=1, a=1)
    with pytest.raises(IntegrityError, match="NOT NULL"):
        rows.write()


def test_a_row_that_is_all_key_is_put_as_often_as_one_likes(connection: Connection) -> None:
    for _ in range(2):
        rows = Rows(connection, TABLES)
        rows.put(pairs, left=1, right=2)
        rows.write()
    assert connection.execute(select(pairs)).all() == [(1, 2)]
