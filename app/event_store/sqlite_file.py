"""Opening a SQLite file so that what it acknowledges is durable: pragmas are set, then asserted."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections import deque
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
BLOCKS_MAX = 32  # that are made durable by one commit
LEFT_SECONDS = 0.05  # after which a commit that was left to another block is looked after
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
    cache_kib: int = 2_000  # of each connection, where it is needed

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
        connection.execute(f"PRAGMA cache_size = {-self.cache_kib}")
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


class _Shared:
    """A transaction of several blocks, one after another, that one commit makes durable."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.blocks = 0  # that are whole and wait for the commit
        self.settled = threading.Event()
        self.fault: BaseException | None = None  # why nothing of it stands


class Database:
    """One open SQLite file, for any number of threads: readers side by side, one writer at a time."""

    def __init__(self, file: SqliteFile, *, create: bool = False) -> None:
        """Raises StoreRefused as `SqliteFile.check` does."""
        file.check(create=create)
        self.file = file
        self._free: list[sqlite3.Connection] = []
        self._writing = threading.Lock()
        self._queue: deque[None] = deque()  # one for each thread that waits to write
        self._shared: _Shared | None = None  # touched by who holds `_writing`
        self._closed = threading.Event()

    @contextmanager
    def borrow(self) -> Iterator[sqlite3.Connection]:
        """A connection for this thread alone, in autocommit mode."""
        connection = self._borrowed()
        try:
            yield connection
        finally:
            self._give_back(connection)

    def rows(self, statement: str, parameters: Sequence[object] = ()) -> list[Any]:
        """All rows, as tuples."""
        with self.borrow() as connection:
            return connection.execute(statement, parameters).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The one write transaction: begun immediately, durable when the block ends, undone where it raises.

        Blocks of threads that wait for one another share a commit, and with it the wait for the disk: each sees what
        the blocks before it wrote, one that raises is undone alone, and none ends before all of them are durable.

        Raises:
            LogBusy: others wrote for longer than this waits.
            domain.errors.LogFull: no space; nothing of the block was written.
        """
        shared: _Shared | None = None
        self._take_turn()
        try:
            try:
                shared = self._shared = self._shared or self._begun()
                with _undone_alone(shared):
                    yield shared.connection
                shared.blocks += 1
            finally:
                self._leave(shared)
            if shared.fault is not None:
                raise shared.fault
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode in _NO_SPACE:
                raise LogFull(f"{self.file.path.name}: {error} ({error.sqlite_errorname})") from error
            raise

    def _take_turn(self) -> None:
        self._queue.append(None)
        try:
            if not self._writing.acquire(timeout=BUSY_TIMEOUT_MS * BEGIN_ATTEMPTS / 1_000):
                raise LogBusy(BUSY_TIMEOUT_MS * BEGIN_ATTEMPTS / 1_000)
        finally:
            self._queue.pop()

    def _borrowed(self) -> sqlite3.Connection:
        if self._closed.is_set():
            raise StoreRefused(self.file.path, "it was closed", "open the store again")
        try:
            return self._free.pop()
        except IndexError:
            return self.file.connect()

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if self._closed.is_set():
            connection.close()
        else:
            self._free.append(connection)

    def _begun(self) -> _Shared:
        connection = self._borrowed()
        try:
            _begin(connection)
        except BaseException:
            self._give_back(connection)
            raise
        return _Shared(connection)

    def _leave(self, shared: _Shared | None) -> None:
        """Leave the commit to who waits to write, else commit. Returns once the transaction is over."""
        try:
            if shared is not None and (shared.fault or not self._queue or shared.blocks == BLOCKS_MAX):
                self._settle(shared)
        finally:
            self._writing.release()
        while shared is not None and not shared.settled.wait(LEFT_SECONDS):
            if self._writing.acquire(blocking=False):  # who waited gave up
                try:
                    if not shared.settled.is_set():
                        self._settle(shared)
                finally:
                    self._writing.release()

    def _settle(self, shared: _Shared) -> None:
        """Commit what is whole. Where that fails nothing of it stands, and each of its blocks raises why."""
        try:
            if shared.fault is None:
                shared.connection.execute("COMMIT")
        except BaseException as fault:
            shared.fault = fault
            raise
        finally:
            self._shared = None
            try:
                shared.connection.rollback()  # nothing is left to undo where it was committed
            finally:
                self._give_back(shared.connection)
                shared.settled.set()

    def close(self) -> None:
        self._closed.set()
        while self._free:
            self._free.pop().close()


@contextmanager
def _undone_alone(shared: _Shared) -> Iterator[None]:
    """A part of the transaction: where it raises, the parts before it stay."""
    execute = shared.connection.execute
    execute("SAVEPOINT block")
    try:
        yield
        execute("RELEASE block")
    except BaseException as fault:
        try:
            execute("ROLLBACK TO block")
            execute("RELEASE block")
        except sqlite3.Error as gone:  # SQLite gave up the whole transaction, as it does where a disk is full
            shared.fault = fault if isinstance(fault, sqlite3.Error) else gone
        raise


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
