"""Threads that wait for one another to write share a commit: what is durable, what is undone, and who is told."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest

from app.event_store import database as shared
from app.event_store.database import Database
from app.event_store.sqlite_file import Schema, SqliteFile
from domain.errors import LogFull
from tests.waiting import wait_until

SCHEMA = Schema(1, 1, ("CREATE TABLE notes (note INTEGER PRIMARY KEY, text BLOB NOT NULL) STRICT",))
WAITERS = 8
WAIT_SECONDS = 10.0


class Refused(Exception):
    """A block's own."""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(SqliteFile(tmp_path / "notes.db", SCHEMA), create=True)
    with opened.borrow():  # the last connection that is closed takes the write-ahead log with it
        yield opened
    opened.close()


def note(database: Database, number: int, *, refused: bool = False, size: int = 10) -> None:
    with database.transaction() as connection:
        connection.execute("INSERT INTO notes VALUES (?, ?)", (number, bytes(size)))
        if refused:
            raise Refused


def notes(database: Database) -> list[int]:
    """As another connection sees them."""
    return [number for (number,) in database.rows("SELECT note FROM notes ORDER BY note")]


def commits(database: Database) -> int:
    """How many commits are in the write-ahead log: frames that say how large the database is after them."""
    wal = database.file.path.with_name(f"{database.file.path.name}-wal").read_bytes()
    frame = 24 + int.from_bytes(wal[8:12])
    salts = wal[16:24]
    heads = [wal[at : at + 24] for at in range(32, len(wal), frame)]
    return sum(head[4:8] != bytes(4) for head in heads if head[8:16] == salts)


def together(database: Database, *blocks: Callable[[], None]) -> list[BaseException | None]:
    """All of them behind a writer who lets nobody in until all wait. Returns what each raised."""
    inside, all_wait = threading.Event(), threading.Event()

    def first() -> None:
        with database.transaction():
            inside.set()
            assert all_wait.wait(WAIT_SECONDS)

    with ThreadPoolExecutor(len(blocks) + 1) as pool:
        opening = pool.submit(first)
        assert inside.wait(WAIT_SECONDS)
        waiting = [pool.submit(block) for block in blocks]
        wait_until(lambda: len(database._queue) == len(blocks))
        all_wait.set()
        opening.exception()
        return [each.exception() for each in waiting]


def test_those_who_wait_are_made_durable_by_one_commit(database: Database) -> None:
    before = commits(database)
    faults = together(database, *(lambda number=number: note(database, number) for number in range(WAITERS)))
    assert faults == [None] * WAITERS
    assert notes(database) == list(range(WAITERS))
    assert commits(database) == before + 1


def test_one_that_raises_is_undone_alone_and_told_when_the_others_are_durable(database: Database) -> None:
    seen: list[list[int]] = []

    def refused() -> None:
        try:
            note(database, 99, refused=True)
        finally:
            seen.append(notes(database))

    faults = together(database, lambda: note(database, 1), refused, lambda: note(database, 2))
    assert [type(fault) for fault in faults] == [type(None), Refused, type(None)]
    assert notes(database) == [1, 2]
    assert seen == [[1, 2]], "what it may have been refused for can be read once it knows of it"


def test_a_commit_that_is_left_to_somebody_who_gives_up_is_made_all_the_same(database: Database) -> None:
    database._queue.append(None)  # one who waits, and never comes
    note(database, 1)
    assert notes(database) == [1]


def test_no_more_than_so_many_share_one(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "BLOCKS_MAX", 3)
    before = commits(database)
    together(database, *(lambda number=number: note(database, number) for number in range(WAITERS)))
    assert notes(database) == list(range(WAITERS))
    assert commits(database) >= before + 3


def test_where_the_disk_is_full_nobody_is_told_that_it_is_written(tmp_path: Path) -> None:
    database = Database(SqliteFile(tmp_path / "notes.db", SCHEMA, pages_max=64), create=True)
    blocks = [lambda n=number: note(database, n, size=60_000) for number in range(WAITERS)]
    faults = together(database, *blocks)
    assert notes(database) == [number for number, fault in enumerate(faults) if fault is None]
    assert any(isinstance(fault, LogFull) for fault in faults)
    assert all(fault is None or isinstance(fault, LogFull) for fault in faults)
    note(database, 100)
    assert notes(database)[-1] == 100
    database.close()


def test_a_commit_that_fails_is_told_to_all_who_shared_it(database: Database) -> None:
    class Torn(Exception):
        pass

    def tearing() -> None:
        with database.transaction() as connection:
            connection.execute("INSERT INTO notes VALUES (50, x'00')")
            connection.execute("ROLLBACK")  # as SQLite does by itself where a write fails
            raise Torn

    faults = together(database, lambda: note(database, 1), tearing, lambda: note(database, 2))
    standing = notes(database)
    assert [fault is None for fault in faults] == [1 in standing, False, 2 in standing]
    assert {type(fault) for fault in faults} <= {type(None), sqlite3.OperationalError}
    assert faults[1] is not None
    assert type(faults[1].__cause__) is Torn, "its own fault is told, too"
    assert 50 not in standing


def test_one_that_was_refused_for_what_does_not_stand_is_told_that_it_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "LEFT_SECONDS", WAIT_SECONDS)
    database = Database(SqliteFile(tmp_path / "notes.db", SCHEMA, pages_max=64), create=True)
    entered = [threading.Event() for _ in range(2)]
    seen: list[tuple[int]] = []

    def in_turn(number: int) -> None:
        """Stays till the next one waits, which the commit is left to."""
        with database.transaction() as connection:
            seen.extend(connection.execute("SELECT note FROM notes").fetchall())
            if not seen:
                connection.execute("INSERT INTO notes VALUES (1, x'00')")
            entered[number].set()
            wait_until(lambda: len(database._queue) == 1)
            if seen:
                raise Refused

    with ThreadPoolExecutor(3) as pool:
        blocks = []
        for number in range(2):
            blocks.append(pool.submit(in_turn, number))
            assert entered[number].wait(WAIT_SECONDS)
        blocks.append(pool.submit(note, database, 3, size=1_000_000))
        faults = [block.exception() for block in blocks]
    assert seen == [(1,)]
    assert notes(database) == []
    assert [type(fault) for fault in faults] == [LogFull] * 3
    causes = [fault.__cause__.__cause__ for fault in faults if fault is not None and fault.__cause__ is not None]
    assert [type(cause) for cause in causes] == [type(None), Refused, type(None)]
    database.close()


def test_whoever_is_let_go_reads_it_back_however_many_write_and_fail(database: Database) -> None:
    def work(lane: int) -> set[int]:
        chance, kept = Random(lane), set()
        for number in range(lane * 1_000, lane * 1_000 + 100):
            refused = chance.random() < 0.3
            try:
                note(database, number, refused=refused)
                kept.add(number)
            except Refused:
                assert refused
            assert (number in notes(database)) == (not refused)
        return kept

    with ThreadPoolExecutor(WAITERS) as pool:
        kept = set().union(*pool.map(work, range(WAITERS)))
    assert notes(database) == sorted(kept)
