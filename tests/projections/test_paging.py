"""Pages hold every row once, in order, also while rows arrive."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, ColumnElement, Connection, Integer, MetaData, Table, Uuid, insert

from domain.errors import Invalid
from projections.columns import Instant
from projections.dialect import sqlite_engine
from projections.paging import LIMIT_MAX, Page, page, rows_of

metadata = MetaData()
things = Table(
    "things",
    metadata,
    Column("at", Instant),
    Column("number", Integer),
    Column("thing", Uuid, primary_key=True),
)


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    number: int
    thing: UUID


def row(minute: int, number: int) -> dict[str, object]:
    return {"at": datetime(2026, 9, 1, tzinfo=UTC) + timedelta(minutes=minute), "number": 1, "thing": UUID(int=number)}


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = sqlite_engine(None)
    with engine.begin() as connection:
        metadata.create_all(connection)
        yield connection
    engine.dispose()


def one_page(connection: Connection, cursor: str | None, limit: int, newest_first: bool = False) -> Page[Thing]:
    order = (things.c.at, things.c.number, things.c.thing)
    query = rows_of(Thing, things)
    return page(connection, Thing, query, order, cursor=cursor, limit=limit, newest_first=newest_first)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 3), max_size=20), st.integers(1, 7), st.booleans())
def test_pages_hold_every_row_once_in_order(minutes: list[int], limit: int, newest_first: bool) -> None:
    engine = sqlite_engine(None)
    with engine.begin() as connection:
        metadata.create_all(connection)
        if minutes:
            connection.execute(insert(things), [row(minute, number) for number, minute in enumerate(minutes)])
        found: list[Thing] = []
        cursor: str | None = None
        while True:
            got = one_page(connection, cursor, limit, newest_first)
            found += got.items
            assert len(got.items) <= limit
            cursor = got.next_cursor
            if cursor is None:
                break
    engine.dispose()
    expected = sorted(((thing.at, thing.thing) for thing in found), reverse=newest_first)
    assert [(thing.at, thing.thing) for thing in found] == expected
    assert sorted(thing.thing.int for thing in found) == list(range(len(minutes)))


def test_rows_that_arrive_in_front_do_not_shift_the_next_page(connection: Connection) -> None:
    connection.execute(insert(things), [row(minute, minute) for minute in range(4)])
    first = one_page(connection, None, 2, newest_first=True)
    connection.execute(insert(things), [row(minute, minute) for minute in range(10, 15)])
    second = one_page(connection, first.next_cursor, 2, newest_first=True)
    assert [thing.thing.int for thing in (*first.items, *second.items)] == [3, 2, 1, 0]
    assert second.next_cursor is None


@pytest.mark.parametrize(
    "place",
    [
        ("2026-09-01T00:00:00", 1, str(UUID(int=1))),
        ("2026-09-01T00:00:00Z", 2**64 - 1, str(UUID(int=1))),
        ("2026-09-01T00:00:00Z", 1, 1),
        ("2026-09-01T00:00:00Z", 1),
    ],
)
def test_a_place_that_no_row_has_is_refused_also_under_the_list_s_own_sign(
    connection: Connection, place: tuple[object, ...]
) -> None:
    connection.execute(insert(things), [row(each, each) for each in range(3)])
    given = one_page(connection, None, 1).next_cursor
    assert given is not None
    sign, *true = msgspec.msgpack.decode(base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)))
    assert one_page(connection, packed(sign, *true), 1).items
    with pytest.raises(Invalid, match="cursor: it is none of ours"):
        one_page(connection, packed(sign, *place), 1)


def test_a_cursor_is_of_one_list_with_its_filters(connection: Connection) -> None:
    connection.execute(insert(things), [row(each, each) for each in range(6)])
    order = (things.c.at, things.c.number, things.c.thing)
    some = {"one": UUID(int=1), "other": UUID(int=2)}

    def asked(cursor: str | None, *wheres: ColumnElement[bool]) -> Page[Thing]:
        return page(connection, Thing, rows_of(Thing, things).where(*wheres), order, cursor=cursor, limit=1)

    filters: list[tuple[ColumnElement[bool], ...]] = [
        (),
        (things.c.number == 1,),
        (things.c.number < 7,),
        (things.c.number < 8,),
        (things.c.thing != some["one"],),
        (things.c.thing != some["other"],),
        (things.c.number.in_([1, 2]),),
    ]
    cursors = [asked(None, *each).next_cursor for each in filters]
    for place, cursor in enumerate(cursors):
        for other, wheres in enumerate(filters):
            if place == other:
                asked(cursor, *wheres)
                continue
            with pytest.raises(Invalid, match="cursor: is of another list, or of other filters"):
                asked(cursor, *wheres)
    again = things.c.number.in_([2, 1])
    assert asked(cursors[-1], again).items, "in whatever order the members of a set come"
    due = [row(99, 1)["at"], row(100, 1)["at"]]
    of_due = asked(None, things.c.at < due[0]).next_cursor
    assert asked(of_due, things.c.at < due[1]).items, "what is due by now goes on while time does"


@pytest.mark.parametrize("limit", [0, -1, LIMIT_MAX + 1])
def test_limit_is_bounded(connection: Connection, limit: int) -> None:
    with pytest.raises(Invalid, match=f"limit: {limit} is not within 1 to {LIMIT_MAX}"):
        one_page(connection, None, limit)


def packed(*values: object) -> str:
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(values)).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "?",
        "A",
        "кома",
        "AAAA",
        packed(1, 2),
        packed("2026-09-01T00:00:00Z"),
        packed("x", str(UUID(int=1))),
        "=" * 99,
    ],
)
def test_cursor_of_another_making_is_refused(connection: Connection, cursor: str) -> None:
    with pytest.raises(Invalid, match="cursor: it is none of ours"):
        one_page(connection, cursor, 10)
