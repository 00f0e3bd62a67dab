"""One open SQLite file for the threads of a process: who reads, who writes, whose writes one commit makes durable."""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from typing import Any

from app.event_store import sqlite_file
from app.event_store.faults import LogBusy, StoreRefused
from app.event_store.sqlite_file import SqliteFile
from domain.errors import LogFull

BEGIN_ATTEMPTS = 3  # each waits the busy time-out
BLOCKS_MAX = 32  # that are made durable by one commit
LEFT_SECONDS = 0.05  # after which a commit that was left to another block is looked after

_NO_SPACE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE)  # RLIMIT_FSIZE: the second


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
        the blocks before it wrote, one that raises is undone alone, and none ends before all of them are durable. Where
        they cannot be, each is told that, whatever else it raised.

        Raises:
            LogBusy: others wrote for longer than this waits.
            domain.errors.LogFull: no space; nothing of the block was written.
        """
        try:
            with self._block() as connection:
                yield connection
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode in _NO_SPACE:
                raise LogFull(f"{self.file.path.name}: {error} ({error.sqlite_errorname})") from error
            raise

    @contextmanager
    def _block(self) -> Iterator[sqlite3.Connection]:
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
        except Exception as own:
            if shared is None or shared.fault in (None, own):
                raise
            raise copy(shared.fault) from own  # it may have been refused for what does not stand; each has its cause
        if shared.fault is not None:
            raise shared.fault

    def _take_turn(self) -> None:
        self._queue.append(None)
        try:
            if not self._writing.acquire(timeout=sqlite_file.BUSY_TIMEOUT_MS * BEGIN_ATTEMPTS / 1_000):
                raise LogBusy(sqlite_file.BUSY_TIMEOUT_MS * BEGIN_ATTEMPTS / 1_000)
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
    raise LogBusy(sqlite_file.BUSY_TIMEOUT_MS * BEGIN_ATTEMPTS / 1_000)
