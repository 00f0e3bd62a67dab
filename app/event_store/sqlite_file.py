"""Opening a SQLite file so that what it acknowledges is durable: pragmas are set, then asserted."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.event_store.durable import sync_folder
from app.event_store.faults import NewerSchema, StoreRefused

BUSY_TIMEOUT_MS = 5_000
JOURNAL_BYTES_MAX = 64 * 1024 * 1024  # the write-ahead log shrinks to this after a long reader kept it growing

# One statement sees one state of the file: another process may be making it between two.
_WHAT_IT_IS = (
    "SELECT application_id, user_version, NOT EXISTS (SELECT * FROM sqlite_master)"
    " FROM pragma_application_id, pragma_user_version"
)

Synchronous = Literal["FULL", "NORMAL"]
_SYNCHRONOUS_LEVEL = {"NORMAL": 1, "FULL": 2}


@dataclass(frozen=True)
class Schema:
    """What a database is and which version of it this program writes."""

    application_id: int  # four letters in SQLite's file header, so that no file is taken for another
    version: int  # PRAGMA user_version
    statements: tuple[str, ...]
    mend: str = "put the right file in its place"  # where it cannot be opened


MADE_ANEW = "move it away: it is made anew from the log"  # the mend of a file that may be lost


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
            raise StoreRefused(self.path, str(error), f"free its disk, or {self.schema.mend}") from error

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
        application_id, version, empty = connection.execute(_WHAT_IT_IS).fetchone()
        if empty and not application_id and not version:
            return False
        if application_id != self.schema.application_id:
            raise StoreRefused(self.path, "this is another kind of database", self.schema.mend)
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
