"""Whether the files of the record are whole, as far as SQLite and the count of its rows can tell."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR)
# Positions are given out one after another, and what is undone gives back its own: so none is ever without a row.
_COUNTS = (
    "SELECT count(*), max(coalesce(max(rowid), 0), coalesce((SELECT max(seq) FROM sqlite_sequence), 0))"
    " FROM stored_events"
)


def faults_of(log: Path, keys: Path) -> dict[str, str]:
    """By the file's name what is wrong with it; empty where nothing is. Reads all of both (a log of a million events
    takes seconds), each over a connection of its own, beside those who write.

    Raises OperationalError where a file cannot be read now.
    """
    found = {log.name: fault_of(log) or gaps_of(log), keys.name: fault_of(keys)}
    return {name: fault for name, fault in found.items() if fault}


def fault_of(path: Path) -> str:
    """What SQLite finds wrong with a file, "" where nothing. Raises OperationalError where it cannot be read now."""
    try:
        with closing(_open(path)) as connection:
            # not quick_check: it does not ask whether every row is in the index that streams are found by
            found = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as fault:
        if fault.sqlite_errorcode & 0xFF not in _DAMAGE:
            raise
        return str(fault)
    return "" if found == "ok" else found


def gaps_of(log: Path) -> str:
    """How many events are gone from a log; "" where none is."""
    with closing(_open(log)) as connection:
        rows, given_out = connection.execute(_COUNTS).fetchone()
    return "" if rows == given_out else f"of {given_out} events that were recorded {rows} are there"


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
