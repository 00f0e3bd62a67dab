"""All that SQLAlchemy Core does not level between SQLite and PostgreSQL."""

from __future__ import annotations

import sqlite3
import time
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, TextClause, bindparam, create_engine, event, text
from sqlalchemy.pool import StaticPool

LOCK_WAIT_SECONDS = 5.0
_PRAGMAS = ("synchronous=NORMAL", "cache_size=-65536", "temp_store=MEMORY")


@cache
def upsert(table: Table) -> TextClause:
    """INSERT that replaces the whole row of the same primary key; to be executed with many rows at once.

    SQLite and PostgreSQL take the same words; SQLAlchemy's own constructs for each are compiled at every execution.
    """
    names = [column.name for column in table.c]
    key = {column.name for column in table.primary_key}
    into, values = ", ".join(f'"{name}"' for name in names), ", ".join(f":{name}" for name in names)
    conflict = ", ".join(f'"{name}"' for name in names if name in key)
    rest = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in key)
    then = f"UPDATE SET {rest}" if rest else "NOTHING"
    # S608: all that is put together here are names of our own tables.
    words = f'INSERT INTO "{table.name}" ({into}) VALUES ({values}) ON CONFLICT ({conflict}) DO {then}'  # noqa: S608
    return text(words).bindparams(*(bindparam(column.name, type_=column.type) for column in table.c))


def sqlite_engine(path: Path | None) -> Engine:
    """An engine on a file; on memory, for one thread at a time, where `path` is None.

    A commit survives a killed process, not a power cut: what such a cut takes away is folded again from the log.
    """
    if path is None:
        memory = {"check_same_thread": False}
        engine = create_engine("sqlite://", poolclass=StaticPool, connect_args=memory, hide_parameters=True)
    else:
        # Faults are stored and logged, so they must not carry rows: hide_parameters.
        waiting = {"timeout": LOCK_WAIT_SECONDS}
        engine = create_engine(f"sqlite:///{path}", connect_args=waiting, hide_parameters=True)
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", _begun)
    return engine


def rename_table(connection: Connection, table: str, name: str) -> None:
    quote = connection.dialect.identifier_preparer.quote
    connection.exec_driver_sql(f"ALTER TABLE {quote(table)} RENAME TO {quote(name)}")


def _connected(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself: `_begun` does
    _switch_to_wal(connection)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begun(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once where another one wrote in between.
    immediate = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Of two processes that open a new file at once, SQLite lets the later one fail instead of wait."""
    deadline = time.monotonic() + LOCK_WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
