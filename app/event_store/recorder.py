"""The stored events in SQLite: eventsourcing's recorder, with positions that are never reused and one transaction
for all that must be durable together."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteCursor, SQLiteDatastore

from app.event_store.database import Database
from app.event_store.sqlite_file import Schema
from domain.errors import CommandIdReused, VersionConflict
from domain.event import Meta, Recorded
from domain.log import Change, Receipt, StreamVersion

_UNCHANGEABLE = "the record is never changed"

LOG_SCHEMA = Schema(
    application_id=int.from_bytes(b"OBLG"),
    version=1,
    statements=(
        # AUTOINCREMENT: the position of a deleted tail is not given out again; the column must be named rowid
        "CREATE TABLE stored_events (rowid INTEGER PRIMARY KEY AUTOINCREMENT, originator_id TEXT NOT NULL,"
        " originator_version INTEGER NOT NULL, topic TEXT NOT NULL, state BLOB NOT NULL,"
        " UNIQUE (originator_id, originator_version)) STRICT",
        "CREATE TABLE command_receipts (command_id BLOB PRIMARY KEY, digest BLOB NOT NULL, receipt BLOB NOT NULL)"
        " STRICT, WITHOUT ROWID",
        *(
            f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{_UNCHANGEABLE}'); END"
            for table in ("stored_events", "command_receipts")
            for verb in ("UPDATE", "DELETE")
        ),
    ),
)


@dataclass
class Append:
    """One command's changes on their way into the log; what `Application.save` collects the events from.

    `receipt` is set when the transaction is over.
    """

    changes: Sequence[Change]
    meta: Meta
    command_digest: bytes
    receipt: Receipt | None = None

    @property
    def id(self) -> UUID:
        return self.meta.command_id

    def collect_events(self) -> Sequence[Recorded]:
        """The new events in their places, those of one stream twice changed following one another."""
        return [
            Recorded(0, change.stream, version, self.meta, event)
            for change in self.changes
            for version, event in enumerate(change.events, change.expected_version + 1)
        ]


class LogDatastore(SQLiteDatastore):
    """eventsourcing's way to transactions, over our connections: begun immediately, synchronous=FULL asserted.

    The stock pool under it opens nothing: it begins deferred, and its readers wait behind queued writers.
    """

    def __init__(self, database: Database) -> None:
        super().__init__(str(database.file.path))
        self.database = database

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        with (
            self.database.transaction() if commit else self.database.borrow() as connection,
            closing(connection.cursor()) as cursor,
        ):
            cursor.row_factory = sqlite3.Row
            yield SQLiteCursor(cursor)


class LogRecorder(SQLiteApplicationRecorder):
    """Inserts the events of an `Append` with all that belongs to them."""

    datastore: LogDatastore

    def __init__(self, database: Database) -> None:
        super().__init__(LogDatastore(database))
        self.insert_events_statement = (
            "INSERT INTO stored_events (originator_id, originator_version, topic, state) VALUES (?, ?, ?, ?)"
        )

    def create_table(self) -> None:
        """The schema is made, and its version checked, when the file is opened."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """The one transaction: everything that a command makes durable is written here or not at all.

        Raises:
            VersionConflict, CommandIdReused, LogFull, LogBusy: nothing was written.
        """
        append: Append = kwargs["append"]
        with self.datastore.database.transaction() as connection:
            append.receipt = receipt_of(connection, append.meta.command_id, append.command_digest)
            if append.receipt is None:  # else another process was faster with the same command
                versions = _check_versions(connection, append.changes)
                last_position = self._insert(connection, stored_events)
                # the transparency log's leaves (decision 13) stand here: after the positions, before the receipt
                append.receipt = _receipt(append, versions, last_position, len(stored_events))
                _insert_receipt(connection, append)
        return None

    def _insert(self, connection: sqlite3.Connection, stored_events: Sequence[StoredEvent]) -> int:
        """The position of the last event; those before it precede it without gaps. 0 where there is none."""
        if not stored_events:
            return 0
        connection.executemany(
            self.insert_events_statement,
            [(_hex(s.originator_id), s.originator_version, s.topic, s.state) for s in stored_events],
        )
        return int(connection.execute("SELECT last_insert_rowid()").fetchone()[0])


def _hex(stream: UUID | str) -> str:
    return stream.hex if isinstance(stream, UUID) else stream


def receipt_of(connection: sqlite3.Connection, command_id: UUID, digest: bytes) -> Receipt | None:
    """The receipt of a command seen before. Raises CommandIdReused where it was another command."""
    row = connection.execute(
        "SELECT digest, receipt FROM command_receipts WHERE command_id = ?", (command_id.bytes,)
    ).fetchone()
    if row is None:
        return None
    if row[0] != digest:
        raise CommandIdReused(command_id)
    return msgspec.msgpack.decode(row[1], type=Receipt)


def _check_versions(connection: sqlite3.Connection, changes: Sequence[Change]) -> tuple[StreamVersion, ...]:
    """Each stream's version after its change. Raises VersionConflict where it is not at the expected one now."""
    now_at: dict[UUID, int] = {}
    versions: list[StreamVersion] = []
    for change in changes:
        current = now_at.get(change.stream)
        if current is None:
            current = connection.execute(
                "SELECT coalesce(max(originator_version), 0) FROM stored_events WHERE originator_id = ?",
                (change.stream.hex,),
            ).fetchone()[0]
        if current != change.expected_version:
            raise VersionConflict(change.stream, change.expected_version, current)
        now_at[change.stream] = current + len(change.events)
        versions.append(StreamVersion(change.stream, now_at[change.stream]))
    return tuple(versions)


def _receipt(append: Append, versions: tuple[StreamVersion, ...], last_position: int, events_count: int) -> Receipt:
    return Receipt(
        command_id=append.meta.command_id,
        streams=versions,
        first_position=last_position - events_count + 1 if events_count else 0,
        last_position=last_position,
        recorded_at=append.meta.recorded_at,
    )


def _insert_receipt(connection: sqlite3.Connection, append: Append) -> None:
    connection.execute(
        "INSERT INTO command_receipts VALUES (?, ?, ?)",
        (append.meta.command_id.bytes, append.command_digest, msgspec.msgpack.encode(append.receipt)),
    )
