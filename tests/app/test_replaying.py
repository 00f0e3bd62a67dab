"""The record as it is read: by pages, by stream, by time, and replayed for one at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from app import replaying
from app.event_store.sqlite_log import SqliteEventLog
from tests.app.conftest import House
from tests.app.event_store.conftest import store  # noqa: F401 (fixture)
from tests.app.event_store.samples import Store, change, meta, noted

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Counting(SqliteEventLog):
    """Counts the rows that it decodes."""

    decoded = 0

    def _rows_of(self, stream: UUID, after: int, until: int | None) -> Iterator[tuple[int, int, str, bytes]]:
        for row in super()._rows_of(stream, after, until):
            self.decoded += 1
            yield row


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def write(store: Store, stream: UUID, *minutes: int) -> None:  # noqa: F811
    """One event for each, recorded so many minutes after noon."""
    version = len(store.log.events(stream))
    for number, minute in enumerate(minutes):
        envelope = msgspec.structs.replace(meta(), recorded_at=at(minute))
        store.log.append([change(stream, version + number, noted(f"{minute}"))], envelope)


def positions(store: Store, **asked: object) -> tuple[list[int], int | None]:  # noqa: F811
    page = replaying.entries(store.log, **{"after": 0, "limit": 100, **asked})  # type: ignore[arg-type]
    return [entry.position for entry in page.entries], page.next_after


def test_what_was_recorded_until_an_instant_is_shown_though_the_clock_was_set_back(store: Store) -> None:  # noqa: F811
    write(store, uuid4(), 0, 10, 90, 20, 95, 30)
    assert positions(store, until=at(30)) == ([1, 2, 4, 6], None)
    assert positions(store, until=at(30), limit=2) == ([1, 2], 2)
    assert positions(store, until=at(30), limit=2, after=2) == ([4, 6], 6)


def test_a_page_looks_at_a_bounded_number_of_events(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(replaying, "LOOKED_AT_MAX", 3)
    write(store, uuid4(), 0, 90, 90, 90, 90, 5)
    assert positions(store, until=at(30)) == ([1], 3)
    assert positions(store, until=at(30), after=3) == ([6], 6)
    assert positions(store, until=at(30), after=6) == ([], None)


def test_the_next_page_of_a_stream_is_read_from_where_the_last_one_ended(store: Store) -> None:  # noqa: F811
    stream, other = uuid4(), uuid4()
    for _ in range(10):
        write(store, stream, 0)
        write(store, other, 0)
    log = Counting(store.log_path, store.vault)
    store.log, mine = log, store.log
    try:
        assert positions(store, stream=stream, limit=4) == ([1, 3, 5, 7], 7)
        log.decoded = 0
        assert positions(store, stream=stream, limit=4, after=7) == ([9, 11, 13, 15], 15)
        assert log.decoded == 4
        assert positions(store, stream=stream, after=8, position=11) == ([9, 11], None), "after an event of another"
        assert positions(store, stream=stream, after=19) == ([], None)
    finally:
        store.log = mine
        log.close()


def test_an_unreadable_row_is_shown_in_its_place_in_its_stream_too(store: Store) -> None:  # noqa: F811
    stream = uuid4()
    write(store, stream, 0, 1, 2)
    with closing(sqlite3.connect(store.log_path, isolation_level=None)) as log:
        log.execute("DROP TRIGGER stored_events_update")
        log.execute("UPDATE stored_events SET state = x'00' WHERE rowid = 2")
    for asked in ({}, {"stream": stream}):
        page = replaying.entries(store.log, after=0, limit=10, **asked)  # type: ignore[arg-type]
        assert [bool(entry.fault) for entry in page.entries] == [False, True, False]


def test_what_is_gone_from_the_record_is_shown_in_its_place(store: Store) -> None:  # noqa: F811
    stream = uuid4()
    write(store, stream, 0, 1, 2, 3, 4)
    with closing(sqlite3.connect(store.log_path, isolation_level=None)) as log:
        log.execute("DROP TRIGGER stored_events_delete")
        log.execute("DELETE FROM stored_events WHERE rowid IN (2, 3)")
    for asked in ({}, {"stream": stream}):
        page = replaying.entries(store.log, after=0, limit=10, **asked)  # type: ignore[arg-type]
        assert [bool(entry.fault) for entry in page.entries] == [False, True, True, False, False]
    assert positions(store, limit=2) == ([1, 2], 2)
    assert positions(store, after=2) == ([3, 4, 5], None)


def test_the_record_is_replayed_for_one_at_a_time(house: House) -> None:
    assert house.ask("oksana", "/record/views").status_code == 200
    with house.services.replaying:
        answer = house.ask("oksana", "/record/views")
    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/replay-under-way"
    assert "ask again" in answer.json()["detail"]
    assert house.ask("oksana", "/record/views", position=-1).status_code == 422
    assert house.ask("oksana", "/record/views").status_code == 200, "a refused replay does not block the next"
