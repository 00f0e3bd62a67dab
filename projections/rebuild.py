"""A view folded anew beside the live one, then put in its place in one transaction.

Readers and the projector go on throughout. A rebuild that is cancelled, killed or refused leaves the live view as it
was; what a killed one left lying is dropped by the next.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event
from uuid import uuid4

import msgspec
from sqlalchemy import Connection, delete, select, update

from domain.log import EventLog
from projections.database import (
    ViewsDatabase,
    copies,
    dead_letters,
    drop_copy,
    position_of,
    set_copy,
    versions_of,
)
from projections.dialect import rename_table
from projections.errors import RebuildCancelled, RebuildRefused, RebuildSuperseded
from projections.folding import Entry, fold, letters_of
from projections.view import View, beside, live


class Rebuilt(msgspec.Struct, frozen=True, kw_only=True):
    """A view that was rebuilt: at this position it took the live one's place."""

    name: str
    version: int
    position: int
    events: int  # of the log that were read for it
    parked: int  # streams


class Rebuild:
    """One rebuild of one view."""

    def __init__(self, log: EventLog, database: ViewsDatabase, view: View, *, batch_events: int) -> None:
        self._log = log
        self._database = database
        self._view = view
        self._batch_events = batch_events
        self._copy = beside(view)
        self._token = uuid4().hex
        self._position = 0
        self._events = 0

    def run(self, stop: Event, progress: Callable[[int, int], None]) -> Rebuilt:
        """Fold all events up to the live view's position, then swap. `progress` gets (position, live position).

        Raises:
            RebuildCancelled: `stop` was set.
            RebuildSuperseded: another rebuild of this view was begun meanwhile.
            RebuildRefused: the rebuilt view parks a stream that the live one shows.
        """
        with self._database.writing() as connection:
            drop_copy(connection, self._copy.label)
            self._copy.metadata.create_all(connection)
            set_copy(connection, self._copy, self._view.version, self._token)
        try:
            while True:
                if stop.is_set():
                    raise RebuildCancelled(self._view.name, self._position)
                rebuilt = self._advance(progress)
                if rebuilt is not None:
                    return rebuilt
        except BaseException:
            self._give_up()
            raise

    def _advance(self, progress: Callable[[int, int], None]) -> Rebuilt | None:
        """One batch more; the swap, where that was the last one."""
        goal = self._database.position()
        batch = self._log.read(after=self._position, limit=self._batch_events, until=goal)
        progress(batch[-1].position if batch else self._position, goal)
        with self._database.writing() as connection:
            self._check_token(connection)
            self._fold(connection, batch)
            if len(batch) == self._batch_events:
                return None
            # Little is left. Nothing can come in between now: this transaction is the only writing one.
            live_position = position_of(connection)
            rest = self._log.read(after=self._position, limit=self._batch_events, until=live_position)
            self._fold(connection, rest)
            if len(rest) == self._batch_events:
                return None
            return self._swap(connection, live_position)

    def _fold(self, connection: Connection, batch: Sequence[Entry]) -> None:
        if batch:
            fold(connection, [self._copy], batch)
            self._position = batch[-1].position
            self._events += len(batch)

    def _swap(self, connection: Connection, live_position: int) -> Rebuilt:
        name, label = self._view.name, self._copy.label
        parked = self._check_parked(connection)
        drop_copy(connection, name)
        for table, twin in self._copy.tables.items():
            rename_table(connection, twin.name, table.name)
        connection.execute(update(dead_letters).where(dead_letters.c.label == label).values(label=name))
        connection.execute(delete(copies).where(copies.c.label == label))
        set_copy(connection, live(self._view), self._view.version)
        return Rebuilt(
            name=name, version=self._view.version, position=live_position, events=self._events, parked=parked
        )

    def _check_parked(self, connection: Connection) -> int:
        """How many streams are parked. A stale live view shows nothing that could be lost."""
        parked = {letter.stream for letter in letters_of(connection, [self._copy.label])}
        before = {letter.stream for letter in letters_of(connection, [self._view.name])}
        if parked - before and versions_of(connection)[self._view.name] == self._view.version:
            raise RebuildRefused(self._view.name, tuple(sorted(parked - before)))
        return len(parked)

    def _check_token(self, connection: Connection) -> None:
        query = select(copies.c.token).where(copies.c.label == self._copy.label)
        if connection.execute(query).scalar_one_or_none() != self._token:
            raise RebuildSuperseded(self._view.name)

    def _give_up(self) -> None:
        with self._database.writing() as connection:
            try:
                self._check_token(connection)
            except RebuildSuperseded:
                return  # the tables are another rebuild's now
            drop_copy(connection, self._copy.label)
