"""The event log in one SQLite file, through eventsourcing's `Application`. It implements `domain.log.EventLog`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, cast
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import EventStore, InfrastructureFactory, MapperDeserialisationError, Recording
from eventsourcing.sqlite import SQLiteFactory
from eventsourcing.utils import Environment, EnvType

from app.event_store.database import Database
from app.event_store.faults import EventUnreadable
from app.event_store.mapper import EventMapper
from app.event_store.recorder import LOG_SCHEMA, Append, LogRecorder, receipt_of
from app.event_store.sqlite_file import SqliteFile, Synchronous
from app.event_store.vault import Vault
from app.event_store.wakeup import Wakeup
from domain.event import Event, Meta, Recorded, StreamId
from domain.log import Change, Receipt, Unreadable

STREAM_ROWS = 2_000  # read at once: no connection is held while a caller folds
_LAST_VERSION = 2**63 - 1

_stream_id = lru_cache(maxsize=4_096)(UUID)  # of 32 hex digits: rows of one stream come close together


class SqliteEventLog:
    """The whole history in one file. Safe between threads; several processes may append to one file."""

    def __init__(
        self,
        path: Path,
        vault: Vault,
        *,
        create: bool = False,
        synchronous: Synchronous = "FULL",
        pages_max: int | None = None,
        mapper: EventMapper | None = None,
    ) -> None:
        """Open the log.

        Args:
            create: make it where it does not exist; without it, a missing log is a fault, never a new beginning.
            synchronous: "NORMAL" loses acknowledged events at a power cut; only that experiment's control uses it.
            pages_max: the most pages of 4 KiB that the file may take; an append beyond them is refused with LogFull.
            mapper: another registry of events than the domain's.

        Raises:
            StoreRefused: the file is not a log of a version that this program knows.
        """
        self._database = Database(
            SqliteFile(path, LOG_SCHEMA, synchronous=synchronous, pages_max=pages_max), create=create
        )
        self._mapper = mapper or EventMapper(vault)
        self._application = RecordApplication(self._database, self._mapper)
        self._wakeup = Wakeup(self._database.file.connect)

    def append(self, changes: Sequence[Change], meta: Meta, *, command_digest: bytes = b"") -> Receipt:
        meta.require_whole()
        receipt = self.receipt(meta.command_id, command_digest=command_digest)
        if receipt is None:
            append = Append(changes, meta, command_digest)
            self._application.save(cast(Any, append), append=append)
            receipt = append.receipt
            assert receipt is not None  # the transaction set it
            self._wakeup.appended(receipt.last_position)
        return receipt

    def receipt(self, command_id: UUID, *, command_digest: bytes = b"") -> Receipt | None:
        with self._database.borrow() as connection:
            return receipt_of(connection, command_id, command_digest)

    def stream(
        self, stream: StreamId, *, after_version: int = 0, until_version: int | None = None
    ) -> Iterator[Recorded]:
        for position, version, topic, state in self._rows_of(stream, after_version, until_version):
            try:
                yield self._mapper.recorded(position, stream, version, topic, state)
            except MapperDeserialisationError as error:
                raise EventUnreadable(Unreadable(position, stream, version, topic, str(error))) from error

    def events(self, stream: StreamId, *, after_version: int = 0, until_version: int | None = None) -> Sequence[Event]:
        events: list[Event] = []
        for position, version, topic, state in self._rows_of(stream, after_version, until_version):
            try:
                events.append(self._mapper.event(stream, version, topic, state))
            except MapperDeserialisationError as error:
                raise EventUnreadable(Unreadable(position, stream, version, topic, str(error))) from error
        return events

    def read(self, *, after: int = 0, limit: int = 500, until: int | None = None) -> Sequence[Recorded | Unreadable]:
        rows = self._database.rows(
            "SELECT rowid, originator_id, originator_version, topic, state FROM stored_events"
            " WHERE rowid > ? AND rowid <= ? ORDER BY rowid LIMIT ?",
            (after, _LAST_VERSION if until is None else until, limit),
        )
        return [self._read(*row) for row in rows]

    def head(self) -> int:
        return int(self._database.rows("SELECT coalesce(max(rowid), 0) FROM stored_events")[0][0])

    def wait(self, *, after: int, timeout_seconds: float) -> bool:
        return self._wakeup.wait(after, timeout_seconds)

    def close(self) -> None:
        """Close the file; those who wait return at once."""
        self._wakeup.close()
        self._application.close()
        self._database.close()

    def __enter__(self) -> SqliteEventLog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _rows_of(self, stream: StreamId, after: int, until: int | None) -> Iterator[tuple[int, int, str, bytes]]:
        while True:
            rows = self._database.rows(
                "SELECT rowid, originator_version, topic, state FROM stored_events WHERE originator_id = ?"
                " AND originator_version > ? AND originator_version <= ? ORDER BY originator_version LIMIT ?",
                (stream.hex, after, _LAST_VERSION if until is None else until, STREAM_ROWS),
            )
            for row in rows:
                after += 1
                if row[1] != after:  # the events after it mean nothing without it: a revocation may be what is gone
                    raise EventUnreadable(Unreadable(row[0] - 1, stream, after, "", "it is gone from the log"))
                yield row
            if len(rows) < STREAM_ROWS:
                return

    def _read(self, position: int, stream_hex: str, version: int, topic: str, state: bytes) -> Recorded | Unreadable:
        try:
            stream = _stream_id(stream_hex)
        except ValueError:
            return Unreadable(position, UUID(int=0), version, topic, f"its stream {stream_hex!r} is not a UUID")
        try:
            return self._mapper.recorded(position, stream, version, topic, state)
        except MapperDeserialisationError as error:
            return Unreadable(position, stream, version, topic, str(error))


class SealingEventStore(EventStore[UUID]):
    """Maps all events of a save at once, so that their subjects' new keys are durable before the transaction."""

    mapper: EventMapper

    def put(self, domain_events: Sequence[Any], **kwargs: Any) -> list[Recording[UUID]]:
        self.recorder.insert_events(self.mapper.to_stored_events(domain_events), **kwargs)
        return []  # what was recorded is in the receipt


class RecordApplication(Application[UUID]):
    """eventsourcing's application over our parts. Nothing in it is chosen by an environment variable or a topic."""

    name = "record"

    def __init__(self, database: Database, mapper: EventMapper) -> None:
        self._database = database
        self._own_mapper = mapper
        super().__init__()

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        return Environment(name, {SQLiteFactory.SQLITE_DBNAME: str(self._database.file.path)})

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        return SQLiteFactory(env)

    def construct_mapper(self) -> EventMapper:
        return self._own_mapper

    def construct_recorder(self) -> LogRecorder:
        return LogRecorder(self._database)

    def construct_event_store(self) -> SealingEventStore:
        return SealingEventStore(self.mapper, self.recorder)
