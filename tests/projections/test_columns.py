"""Values come back from the database as they went in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, insert, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from domain.personal import Reason
from domain.sealed import Sealed, Token
from projections.columns import Instant, Packed, instant, microseconds, optional_token, token_of
from projections.database import registry
from projections.dialect import sqlite_engine, upsert
from projections.views import VIEWS

instants = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001


@given(instants, st.integers(-14 * 60, 14 * 60))
def test_instants_are_exact_in_every_timezone(at: datetime, offset_minutes: int) -> None:
    elsewhere = at.astimezone(timezone(timedelta(minutes=offset_minutes)))
    assert instant(microseconds(elsewhere)) == at
    assert instant(microseconds(at)).tzinfo is UTC


@given(instants, instants)
def test_instants_keep_their_order(one: datetime, other: datetime) -> None:
    assert (one < other) == (microseconds(one) < microseconds(other))


def test_instant_without_timezone_is_refused() -> None:
    with pytest.raises(TypeError):
        microseconds(datetime(2026, 9, 1))  # noqa: DTZ001


def test_stored_and_read_again() -> None:
    metadata = MetaData()
    table = Table(
        "values",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("at", Instant),
        Column("token", Packed(Token)),
        Column("keys", Packed(tuple[UUID, ...])),
    )
    token = Token(uuid4(), uuid4(), 3, "incident.recorded", 0, b"\x00\xff")
    row = {"id": 1, "at": datetime(2026, 9, 1, 6, 0, 0, 1, UTC), "token": token, "keys": (uuid4(), uuid4())}
    engine = sqlite_engine(None)
    with engine.begin() as connection:
        metadata.create_all(connection)
        connection.execute(insert(table), row)
        connection.execute(insert(table), {"id": 2})
        rows = connection.execute(select(table).order_by(table.c.id)).mappings().all()
        raw = connection.exec_driver_sql('SELECT at FROM "values"').scalars().all()
        later = connection.execute(select(table.c.id).where(table.c.at >= row["at"])).scalars().all()
    engine.dispose()
    assert dict(rows[0]) == row
    assert dict(rows[1]) == {"id": 2, "at": None, "token": None, "keys": None}
    assert raw == [1_788_242_400_000_001, None]
    assert later == [1]


def test_fresh_sealed_value_never_reaches_a_view() -> None:
    fresh = Sealed(uuid4(), Reason("secret"))
    with pytest.raises(ValueError, match="fresh sealed value") as refused:
        token_of(fresh)
    assert "secret" not in str(refused.value)
    assert optional_token(None) is None


def test_every_statement_and_table_is_understood_by_postgresql() -> None:
    """PostgreSQL joins later with the same code: nothing here may be SQLite's own."""
    dialect = postgresql.dialect()
    for table in (*registry.sorted_tables, *(table for view in VIEWS for table in view.tables)):
        ddl = str(CreateTable(table).compile(dialect=dialect))
        assert "BLOB" not in ddl
        assert ddl.count("BIGINT") >= sum(isinstance(column.type, Instant) for column in table.c)
        statement = upsert(table).compile(dialect=dialect)
        assert "ON CONFLICT" in str(statement)
        assert set(statement.params) == set(table.c.keys())
        assert not table.indexes, "a named index could not stand beside itself during a rebuild"


def test_tables_of_views_have_names_of_their_own() -> None:
    names = [table.name for view in VIEWS for table in view.tables] + [table.name for table in registry.sorted_tables]
    assert len(names) == len(set(names))
