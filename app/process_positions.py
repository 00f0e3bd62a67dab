"""How far each process is in the log, and what it could not carry out: a small database of its own.

It may be lost, or be older than the log: what was carried out is known from the log's receipts, and is not done again.
"""

from __future__ import annotations

from pathlib import Path

from app.event_store.database import Database
from app.event_store.sqlite_file import MADE_ANEW, Schema, SqliteFile

SCHEMA = Schema(
    application_id=int.from_bytes(b"OBPR"),
    version=1,
    statements=(
        "CREATE TABLE positions (process TEXT PRIMARY KEY, position INTEGER NOT NULL, anchor TEXT NOT NULL) STRICT",
        "CREATE TABLE parked (process TEXT NOT NULL, position INTEGER NOT NULL, fault TEXT NOT NULL,"
        " PRIMARY KEY (process, position)) STRICT",
    ),
    mend=MADE_ANEW,
)


class Positions:
    """Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        """Raises StoreRefused where the file is another kind of database."""
        self._database = Database(SqliteFile(path, SCHEMA), create=True)

    def of(self, process: str) -> tuple[int, str] | None:
        """The position up to which it is done, and which event stands there; None where nothing was saved."""
        rows = self._database.rows("SELECT position, anchor FROM positions WHERE process = ?", (process,))
        return (int(rows[0][0]), str(rows[0][1])) if rows else None

    def save(self, process: str, position: int, anchor: str, *, parked: str | None = None) -> None:
        """It is done up to the position; `parked`: except with the event there, and why."""
        with self._database.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO positions VALUES (?, ?, ?)", (process, position, anchor))
            if parked is not None:
                connection.execute("INSERT OR REPLACE INTO parked VALUES (?, ?, ?)", (process, position, parked))

    def parked(self, process: str) -> dict[int, str]:
        """By position: why it was not carried out."""
        rows = self._database.rows("SELECT position, fault FROM parked WHERE process = ? ORDER BY position", (process,))
        return dict(rows)

    def unpark(self, process: str, position: int) -> None:
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM parked WHERE process = ? AND position = ?", (process, position))

    def close(self) -> None:
        self._database.close()
