"""Opening a SQLite file so that what it acknowledges is durable: pragmas are set, then asserted."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from app.event_store.durable import sync_folder
from app.event_store.faults import LogBusy, NewerSchema, StoreRefused
from domain.errors import LogFull

BUSY_TIMEOUT_MS = 5_000
BEGIN_ATTEMPTS = 3  # each waits the busy time-out
JOURNAL_BYTES_MAX = 64 * 1024 * 1024  # the write-ahead log shrinks to this after a long reader kept it growing

Synchronous = Literal["FULL", "NORMAL"]
_NO_SPACE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE)  # RLIMIT_FSIZE: the second
_SYNCHRONOUS_LEVEL = {"NORMAL": 1, "FULL": 2}


@dataclass(frozen=True)
class Schema:
    """What a database is and which version of it this program writes."""

    application_id: int  # four letters in SQLite's file header, so that no file is taken for another
    version: int  # PRAGMA user_version
    statements: tuple[str, ...]


@dataclass(frozen=True)
class SqliteFile:
    """How one database is opened, by every thread and process alike.

    `synchronous="NORMAL"` loses acknowledged writes at a power cut: it is there as the control of that experiment.
    """

    path: Path
    schema: Schema
    synchronous: Synchronous = "FULL"
    secure_delete: bool = False
    pages_max: int | None = None  # of 4 KiB; None: as large as the disk

    def check(self, *, create: bool) -> None:
        """Make sure that this program understands the database; make it first where `create` allows it.

        Raises:
            StoreRefused: missing, another kind of file, or one that cannot be opened.
            NewerSchema: written by a newer version.
        """
        if not self.path.exists():
            if not create:
                raise StoreRefused(self.path, "it is missing", "restore it from a backup")
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))  # SQLite gives -wal and -shm the same mode
            sync_folder(self.path.parent)
        try:
            with closing(self._open()) as connection:  # untouched until we know what it is
                if self._is_current(connection):
                    return
                if not create:
                    raise StoreRefused(self.path, "it is empty", "restore it from a backup")
                self._set_pragmas(connection)
                self._create(connection)
        except sqlite3.DatabaseError as error:
            raise StoreRefused(self.path, str(error), "put the right file in its place, or free its disk") from error

    def connect(self) -> sqlite3.Connection:
        """A connection in autocommit mode, which any thread may use, one at a time."""
        connection = self._open()
        try:
            self._set_pragmas(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode=rw",  # never makes the file: a missing log is a fault
            uri=True,
            timeout=BUSY_TIMEOUT_MS / 1_000,
            isolation_level=None,
            check_same_thread=False,
        )

    def _set_pragmas(self, connection: sqlite3.Connection) -> None:
        journal = _switch_to_wal(connection)
        connection.execute(f"PRAGMA synchronous = {self.synchronous}")
        connection.execute(f"PRAGMA journal_size_limit = {JOURNAL_BYTES_MAX}")
        connection.execute("PRAGMA recursive_triggers = ON")  # so that REPLACE is refused as the DELETE that it is
        if self.secure_delete:
            connection.execute("PRAGMA secure_delete = ON")
        if self.pages_max is not None:
            connection.execute(f"PRAGMA max_page_count = {self.pages_max}")
        level = connection.execute("PRAGMA synchronous").fetchone()[0]
        erases = bool(connection.execute("PRAGMA secure_delete").fetchone()[0])
        if journal != "wal" or level != _SYNCHRONOUS_LEVEL[self.synchronous] or erases < self.secure_delete:
            raise StoreRefused(
                self.path,
                f"SQLite took journal_mode={journal}, synchronous={level}, secure_delete={erases}",
                "keep the data directory on a local disk: network file systems do not take a write-ahead log",
            )

    def _is_current(self, connection: sqlite3.Connection) -> bool:
        application_id = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        empty = connection.execute("SELECT NOT EXISTS (SELECT * FROM sqlite_master)").fetchone()[0]
        if empty and not application_id and not version:
            return False
        if application_id != self.schema.application_id:
            raise StoreRefused(self.path, "this is another kind of database", "put the right file in its place")
        if version > self.schema.version:
            raise NewerSchema(self.path, version, self.schema.version)
        if version < self.schema.version:
            raise StoreRefused(self.path, f"its schema is version {version}", "run `oberih migrate` first")
        return True

    def _create(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        try:
            if not self._is_current(connection):  # another process may have been faster
                for statement in self.schema.statements:
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {self.schema.application_id}")
                connection.execute(f"PRAGMA user_version = {self.schema.version}")
            connection.execute("COMMIT")
        except BaseException:
            connection.rollback()
            raise


def _switch_to_wal(connection: sqlite3.Connection) -> str:
    """The journal mode after asking for WAL. Two processes that open a new file at once both ask, and SQLite does
    not let the later one wait: it is asked again."""
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1_000
    while True:
        try:
            return str(connection.execute("PRAGMA journal_mode = WAL").fetchone()[0])
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


class Database:
    """One open SQLite file, for any number of threads: readers side by side, one writer at a time."""

    def __init__(self, file: SqliteFile, *, create: bool = False) -> None:
        """Raises StoreRefused as `SqliteFile.check` does."""
        file.check(create=create)
        self.file = file
        self._free: list[sqlite3.Connection] = []
        self._writing = threading.Lock()
        self._closed = threading.Event()

    @contextmanager
    def borrow(self) -> Iterator[sqlite3.Connection]:
        """A connection for this thread alone, in autocommit mode."""
        if self._closed.is_set():
            raise StoreRefused(self.file.path, "it was closed", "open the store again")
        try:
            connection = self._free.pop()
        except IndexError:
            connection = self.file.connect()
        try:
            yield connection
        finally:
            if self._closed.is_set():
                connection.close()
            else:
                self._free.append(connection)

    def rows(self, statement: str, parameters: Sequence[object] = ()) -> list[Any]:
        """All rows, as tuples."""
        with self.borrow() as connection:
            return connection.execute(statement, parameters).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The one write transaction: begun immediately, durable when the block ends, undone where it raises.

        Raises:
            LogBusy: others wrote for longer than this waits.
            domain.errors.LogFull: no space; nothing of the block was written.
        """
        if not self._writing.acquire(timeout=BUSY_TIMEOUT_MS * BEGIN_ATTEMPTS / 1_000):
            raise LogBusy(BUSY_TIMEOUT_MS * BEGIN_ATTEMPTS / 1_000)
        try:
            with self.borrow() as connection:
                _begin(connection)
                try:
                    yield connection
                    connection.execute("COMMIT")
                except BaseException:
                    connection.rollback()
                    raise
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode in _NO_SPACE:
                raise LogFull(f"{self.file.path.name}: {error} ({error.sqlite_errorname})") from error
            raise
        finally:
            self._writing.release()

    def close(self) -> None:
        self._closed.set()
        while self._free:
            self._free.pop().close()


def _begin(connection: sqlite3.Connection) -> None:
    for _ in range(BEGIN_ATTEMPTS):
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
        else:
            return
    raise LogBusy(BUSY_TIMEOUT_MS * BEGIN_ATTEMPTS / 1_000)
