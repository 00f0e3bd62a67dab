"""The database of the views: opened, versioned, read in snapshots, written by one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    bindparam,
    delete,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.exc import DatabaseError

from projections.columns import Position
from projections.dialect import sqlite_engine, upsert
from projections.errors import NewerDatabase, ViewsUnusable
from projections.view import Copy, View, live

SCHEMA_VERSION = 1

registry = MetaData()
projection = Table(  # one row: how far all live views are folded
    "projection",
    registry,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("schema_version", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("anchor", String(64), nullable=False),  # the event at that position: of this log, or of another?
)
copies = Table(  # the tables of each view, live and being rebuilt beside
    "copies",
    registry,
    Column("label", String(80), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("tables", Text, nullable=False),  # their names, parted by blanks
    Column("token", String(32), nullable=False),  # of the rebuild that may write them; empty: the projector
)
dead_letters = Table(
    "dead_letters",
    registry,
    Column("label", String(80), primary_key=True),
    Column("position", Position, primary_key=True),
    Column("stream", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("topic", Text, nullable=False),
    Column("fault", Text, nullable=False),
    UniqueConstraint("stream", "label", "position"),
)

# Made once: SQLAlchemy finds what it compiled by the statement, and these are sent with every batch.
_POSITION = select(projection.c.position).with_for_update()
_VERSIONS = select(copies.c.label, copies.c.version)
_MOVE = update(projection).values(position=bindparam("position"), anchor=bindparam("anchor"))


class ViewsDatabase:
    """An open database with the tables of the given views."""

    def __init__(self, engine: Engine, views: Sequence[View]) -> None:
        self._engine = engine
        self._writer = engine.execution_options(immediate=True)
        self.views = tuple(views)
        try:
            with self.writing() as connection:
                _prepare(connection, self.views)
        except BaseException:
            engine.dispose()
            raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One snapshot: whatever is written or swapped meanwhile, these reads see the views of one position."""
        with self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is the only writing one from its first moment; rolled back on any error.

        Raises:
            sqlalchemy.exc.OperationalError: another writer held the database for dialect.LOCK_WAIT_SECONDS.
        """
        with self._writer.begin() as connection:
            yield connection

    def position(self) -> int:
        """The last position of the log that all live views include."""
        with self.reading() as connection:
            return position_of(connection)

    def view(self, name: str) -> View | None:
        return next((view for view in self.views if view.name == name), None)

    def close(self) -> None:
        self._engine.dispose()


def open_views(path: Path | None, views: Sequence[View]) -> ViewsDatabase:
    """The views' database in a file, made where it is absent; in memory where `path` is None.

    Raises:
        NewerDatabase: a newer program wrote it.
        ViewsUnusable: it is no database, or cannot be written.
    """
    try:
        return ViewsDatabase(sqlite_engine(path), views)
    except DatabaseError as fault:
        raise ViewsUnusable(path, str(fault.orig)) from fault


def position_of(connection: Connection) -> int:
    return int(connection.execute(_POSITION).scalar_one())


def anchor_of(connection: Connection) -> str:
    return str(connection.execute(select(projection.c.anchor)).scalar_one())


def move_position(connection: Connection, position: int, anchor: str) -> None:
    connection.execute(_MOVE, {"position": position, "anchor": anchor})


def versions_of(connection: Connection) -> dict[str, int]:
    """The version of the tables of each view, by label; 0 where they are of another history."""
    return {row.label: row.version for row in connection.execute(_VERSIONS)}


def set_copy(connection: Connection, copy: Copy, version: int, token: str = "") -> None:
    """Put on record which tables a copy has, of which version, and who may write them."""
    names = " ".join(table.name for table in copy.tables.values())
    row = {"label": copy.label, "version": version, "tables": names, "token": token}
    connection.execute(upsert(copies), row)


def drop_copy(connection: Connection, label: str) -> None:
    """Drop its tables, also those that only an older version had, and its dead letters."""
    names = connection.execute(select(copies.c.tables).where(copies.c.label == label)).scalar_one_or_none()
    for name in (names or "").split():
        Table(name, MetaData()).drop(connection, checkfirst=True)
    connection.execute(delete(copies).where(copies.c.label == label))
    connection.execute(delete(dead_letters).where(dead_letters.c.label == label))


def disown(connection: Connection) -> None:
    """The views are of another history than the log: all are stale."""
    connection.execute(update(copies).values(version=0, token=""))
    connection.execute(delete(dead_letters))


def _prepare(connection: Connection, views: Sequence[View]) -> None:
    if not inspect(connection).has_table(projection.name):
        registry.create_all(connection)
        connection.execute(insert(projection).values(id=1, schema_version=SCHEMA_VERSION, position=0, anchor=""))
    found = connection.execute(select(projection.c.schema_version)).scalar_one()
    if found > SCHEMA_VERSION:
        raise NewerDatabase("the views' database", found, SCHEMA_VERSION)
    versions = versions_of(connection)
    for view in views:
        if versions.get(view.name, 0) > view.version:
            raise NewerDatabase(f"the view {view.name}", versions[view.name], view.version)
        if view.name not in versions:
            view.metadata.create_all(connection)
            # A view that is new to a database with a past is stale until it is rebuilt.
            set_copy(connection, live(view), view.version if position_of(connection) == 0 else 0)
