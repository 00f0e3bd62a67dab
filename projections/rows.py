"""Changes of rows, gathered over many events and written at once.

Several changes of one row become one, so that a batch costs one statement a table and set of columns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeAlias

import msgspec
from sqlalchemy import ColumnElement, Connection, Executable, Select, Table, and_, bindparam, select, update
from sqlalchemy.sql.dml import Update

from projections.dialect import upsert
from projections.errors import RowMissing

Key: TypeAlias = tuple[Any, ...]


class _Change(msgspec.Struct):
    whole: bool  # every column is given: the row need not be there
    values: dict[str, Any]


class Rows:
    """The rows that one batch of events makes and changes in one view.

    `tables` leads from a view's own table to the one that is written.
    """

    def __init__(self, connection: Connection, tables: Mapping[Table, Table]) -> None:
        self._connection = connection
        self._tables = tables
        self._changes: dict[Table, dict[Key, _Change]] = defaultdict(dict)

    def put(self, table: Table, **row: Any) -> None:
        """Make the row of this key, or replace it whole. Columns that are not named become null."""
        key_names, blank = _shape(table)
        self._changes[table][tuple(row[name] for name in key_names)] = _Change(True, {**blank, **row})

    def change(self, table: Table, *key: Any, **values: Any) -> None:
        """Change some columns of the row with this primary key.

        Raises RowMissing, at the latest when the batch is written, where there is no such row.
        """
        changes = self._changes[table]
        change = changes.get(key)
        if change is None:
            changes[key] = _Change(False, values)
        else:
            change.values.update(values)

    def read(self, table: Table, *key: Any) -> dict[str, Any]:
        """The row as the events so far leave it. Costs a query where the batch has not made it itself."""
        change = self._changes[table].get(key)
        if change is not None and change.whole:
            return change.values
        found = self._connection.execute(_find(self._tables[table]), _key_values(table, key)).mappings().one_or_none()
        if found is None:
            raise RowMissing(table.name, 1, 0)
        return {**found, **({} if change is None else change.values)}

    def write(self) -> None:
        """Send everything to the database, one statement a table and set of columns."""
        for statement, rows, expected in self.statements():
            found = self._connection.execute(statement, rows).rowcount
            if expected is not None and found != len(rows):
                raise RowMissing(expected.name, len(rows), found)

    def statements(self) -> Iterator[tuple[Executable, list[dict[str, Any]], Table | None]]:
        """What `write` executes, and with which rows; the table, where every one of them must be there already."""
        for table, changes in self._changes.items():
            target = self._tables[table]
            whole = [change.values for change in changes.values() if change.whole]
            if whole:
                yield upsert(target), whole, None
            for columns, parts in _parts(table, changes).items():
                yield _update(target, columns), parts, table
        self._changes.clear()


def _parts(table: Table, changes: Mapping[Key, _Change]) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    """Changes of existing rows, by the columns that they change."""
    parts: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for key, change in changes.items():
        if not change.whole:
            parts[tuple(sorted(change.values))].append({**change.values, **_key_values(table, key)})
    return parts


@cache
def _shape(table: Table) -> tuple[tuple[str, ...], dict[str, None]]:
    """The names of the key's columns, and an empty row."""
    return tuple(column.name for column in table.primary_key), dict.fromkeys(table.c.keys())


@cache
def _update(table: Table, columns: tuple[str, ...]) -> Update:
    return update(table).where(_has_key(table)).values({name: bindparam(name) for name in columns})


@cache
def _find(table: Table) -> Select[Any]:
    return select(table).where(_has_key(table))


def _has_key(table: Table) -> ColumnElement[bool]:
    return and_(*(column == bindparam(f"key_{column.name}") for column in table.primary_key))


def _key_values(table: Table, key: Key) -> dict[str, Any]:
    return {f"key_{name}": value for name, value in zip(_shape(table)[0], key, strict=True)}
