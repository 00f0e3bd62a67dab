"""A consistent copy of the log and its keys, taken while they are being written."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from app.event_store.durable import sync_folder
from app.event_store.faults import StoreRefused


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
        faults = [row[0] for row in copy.execute("PRAGMA quick_check")]
    if faults != ["ok"]:
        raise StoreRefused(partial, f"the copy is not sound: {faults[0]}", "check the disk, then copy again")
    return partial.replace(folder / source.name)
