"""The connection to the index's own database: its schema, and what a change or a reading of several steps is."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from search_index.errors import CatalogueDamaged, CatalogueTooNew

_LOCK_SECONDS = 120.0
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_SCHEMA = (
    """
CREATE TABLE generations (digest TEXT PRIMARY KEY, manifest BLOB NOT NULL) STRICT;
CREATE TABLE counter (next_row INTEGER NOT NULL) STRICT;
INSERT INTO counter VALUES (1);
CREATE TABLE footages (
    footage TEXT PRIMARY KEY, fence INTEGER NOT NULL, removed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE segments (
    name TEXT PRIMARY KEY, generation TEXT NOT NULL REFERENCES generations, day INTEGER NOT NULL,
    rows INTEGER NOT NULL, bytes INTEGER NOT NULL, digest TEXT NOT NULL, fault TEXT
) STRICT;
CREATE TABLE units (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    footage TEXT NOT NULL REFERENCES footages, generation TEXT NOT NULL REFERENCES generations,
    number INTEGER NOT NULL, camera TEXT NOT NULL, pipeline TEXT NOT NULL, fence INTEGER NOT NULL,
    from_us INTEGER NOT NULL, to_us INTEGER NOT NULL, covered BLOB NOT NULL,
    first_row INTEGER NOT NULL, rows INTEGER NOT NULL, segment TEXT REFERENCES segments,
    UNIQUE (footage, generation, number)
) STRICT;
CREATE INDEX units_by_row ON units (first_row);
CREATE INDEX units_by_segment ON units (segment);
CREATE TABLE tombstones (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, row INTEGER NOT NULL UNIQUE, off_disk INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX tombstones_on_disk ON tombstones (row) WHERE NOT off_disk;
""",
    """
ALTER TABLE units ADD COLUMN committed_us INTEGER;
CREATE INDEX units_by_commit ON units (committed_us);
CREATE TABLE pipelines (digest TEXT PRIMARY KEY, document BLOB NOT NULL) STRICT;
""",
    """
ALTER TABLE generations ADD COLUMN closed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE generations ADD COLUMN removed BLOB;
ALTER TABLE footages ADD COLUMN rows_removed INTEGER NOT NULL DEFAULT 0;
CREATE TABLE remakes (
    footage TEXT NOT NULL REFERENCES footages, generation TEXT NOT NULL REFERENCES generations,
    tries INTEGER NOT NULL, units INTEGER NOT NULL, tried_us INTEGER NOT NULL,
    fault TEXT, done INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (footage, generation)
) STRICT;
""",
)  # each brings a catalogue from the version before it to its own, the first an empty one
SCHEMA_VERSION = len(_SCHEMA)


class Database:
    """One connection to the catalogue of an index. Safe to share among threads."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, timeout=_LOCK_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            self._migrate()
        except sqlite3.DatabaseError as fault:
            self._db.close()
            if fault.sqlite_errorcode & 0xFF in _DAMAGE:
                raise CatalogueDamaged(path, str(fault)) from fault
            raise
        except BaseException:
            self._db.close()
            raise

    def _migrate(self) -> None:
        self._refuse_newer()
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA foreign_keys = ON")
        if self._schema_version() < SCHEMA_VERSION:
            with self.change():
                self._refuse_newer()  # a newer program may have been first
                for step in _SCHEMA[self._schema_version() :]:
                    for statement in step.split(";\n"):
                        self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def _schema_version(self) -> int:
        return int(self._db.execute("PRAGMA user_version").fetchone()[0])

    def _refuse_newer(self) -> None:
        if (found := self._schema_version()) > SCHEMA_VERSION:
            raise CatalogueTooNew(found, SCHEMA_VERSION)

    @contextmanager
    def change(self) -> Iterator[None]:
        """All or nothing: the write lock of all processes, then commit, or rollback where anything is raised."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Several reads of one state; within a `change`, of what it has come to."""
        with self._lock:
            if self._db.in_transaction:
                yield
                return
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                self._db.execute("COMMIT")

    def version(self) -> int:
        """Changes whenever another connection, of this process or another, has committed a change."""
        with self._lock:
            return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def check(self) -> str | None:
        """What SQLite finds wrong with the file, None where nothing."""
        with self._lock:
            try:
                found = str(self._db.execute("PRAGMA integrity_check(1)").fetchone()[0])
                strays = self._db.execute("PRAGMA foreign_key_check").fetchone() if found == "ok" else None
            except sqlite3.DatabaseError as fault:
                if fault.sqlite_errorcode & 0xFF not in _DAMAGE:
                    raise
                return str(fault)
        if strays:
            return f"an entry of {strays[0]} names one of {strays[2]} that is not there"
        return None if found == "ok" else found

    def copy_to(self, path: Path) -> None:
        """A consistent copy, while others read and write."""
        copy = sqlite3.connect(path)
        try:
            with self._lock:
                self._db.backup(copy)
        finally:
            copy.close()

    def close(self) -> None:
        with self._lock:
            self._db.close()
