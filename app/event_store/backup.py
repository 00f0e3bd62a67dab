"""A consistent copy of the log and its keys, taken while they are being written."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeVar, cast
from uuid import UUID

import msgspec
from eventsourcing.persistence import MapperDeserialisationError

from app.event_store.durable import sync_folder
from app.event_store.faults import StoreRefused
from app.event_store.mapper import EventMapper
from app.event_store.soundness import fault_of
from app.event_store.upcasts import UPCASTS, steps_to_present
from domain.event import TOPICS, Event
from domain.log import Unreadable

Kind = TypeVar("Kind", bound=Event)


def back_up(log: Path, keys: Path, folder: Path) -> int:
    """Copy both databases, durably, into `folder`; to restore, put the copies in the places of the originals.

    The log is copied first: a key is durable before the event that needs it, so a later copy of the keys holds the
    key of every event in the earlier copy of the log, except those erased meanwhile. The root key is not copied:
    a backup that holds it would disclose everything. An erasure does not reach into backups: let those with keys
    expire.

    Returns:
        The position of the last event in the copy.

    Raises:
        StoreRefused: a database is missing, the folder holds a copy already, or the copy is not sound.
    """
    for path in (log, keys):
        if not path.is_file():
            raise StoreRefused(path, "it is missing", "name the data directory of a deployment")
        if (folder / path.name).exists():
            raise StoreRefused(folder / path.name, "it exists already", "name a new folder for each backup")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    copy = _copied(log, folder)
    _copied(keys, folder)
    sync_folder(folder)
    with closing(sqlite3.connect(copy)) as connection:
        return int(connection.execute("SELECT coalesce(max(rowid), 0) FROM stored_events").fetchone()[0])


def events_in(log: Path, kind: type[Kind]) -> Iterator[Kind | Unreadable]:
    """Every event of one kind in a copied log, in order; what is sealed in them stays sealed, so no key is needed."""
    topics = [kind.TOPIC, *(old for old in UPCASTS if _present(old) == kind.TOPIC)]
    mapper = EventMapper(None)
    with closing(sqlite3.connect(f"{log.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute(
            "SELECT rowid, originator_id, originator_version, topic, state FROM stored_events"
            " WHERE topic IN (SELECT value FROM json_each(?)) ORDER BY rowid",
            (msgspec.json.encode(topics).decode(),),
        )
        for position, stream, version, topic, state in rows:
            try:
                of = UUID(stream)
            except ValueError:
                yield Unreadable(position, UUID(int=0), version, topic, f"its stream {stream!r} is not a UUID")
                continue
            try:
                yield cast(Kind, mapper.event(of, version, topic, state))
            except MapperDeserialisationError as fault:
                yield Unreadable(position, of, version, topic, str(fault))


def streams_of(log: Path, topics: Sequence[str]) -> frozenset[str]:
    """The streams that hold an event of one of these topics, in hex, as they stand: one that is damaged is nobody's."""
    with closing(sqlite3.connect(f"{log.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        query = "SELECT originator_id FROM stored_events WHERE topic IN (SELECT value FROM json_each(?))"
        rows = connection.execute(query, (msgspec.json.encode(list(topics)).decode(),))
        return frozenset(stream for (stream,) in rows)


def subjects_erased(keys: Path) -> frozenset[UUID]:
    """Whose keys were destroyed. What is not there any more is told without the root key."""
    with closing(sqlite3.connect(f"{keys.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT subject FROM subject_keys WHERE wrapped IS NULL")
        return frozenset(UUID(bytes=subject) for (subject,) in rows)


def version_in(log: Path, stream: UUID) -> int:
    """The last version of a stream in a copied log, 0 where it is not there."""
    with closing(sqlite3.connect(f"{log.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        query = "SELECT coalesce(max(originator_version), 0) FROM stored_events WHERE originator_id = ?"
        return int(connection.execute(query, (stream.hex,)).fetchone()[0])


def _present(topic: str) -> str:
    return steps_to_present(topic, TOPICS, UPCASTS)[-1].to_topic


def _copied(source: Path, folder: Path) -> Path:
    """One transaction's view of the whole file: SQLite's backup in a single step lets writers go on beside it."""
    partial = folder / f"{source.name}.partial"
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True)) as original,
        closing(sqlite3.connect(partial)) as copy,
    ):
        original.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it; opening it switches back
    if fault := fault_of(partial):
        raise StoreRefused(partial, f"the copy is not sound: {fault}", "check the disk, then copy again")
    return partial.replace(folder / source.name)
