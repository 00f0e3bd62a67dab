"""The views as they were: the projector's fold, stopped at any position or instant."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec
from sqlalchemy import Connection, select

from domain.errors import Invalid
from domain.event import Recorded
from domain.log import EventLog
from projections.database import ViewsDatabase, move_position, open_views
from projections.folding import Entry, anchor, fold
from projections.view import View, live
from projections.views import VIEWS

BATCH_EVENTS = 1_000


@contextmanager
def views_at(
    log: EventLog,
    *,
    position: int | None = None,
    until: datetime | None = None,
    views: Sequence[View] = VIEWS,
    path: Path | None = None,
) -> Iterator[ViewsDatabase]:
    """The views with the events up to a position, or with those that `Until` keeps.

    They are folded anew into memory (then for one thread at a time), or into the new file `path`.

    Raises:
        Invalid: `position` is not one of the log, or `until` has no timezone.
    """
    if (position is None) == (until is None):
        raise ValueError("views_at takes either position or until")
    head = log.head()
    if position is not None and not 0 <= position <= head:
        raise Invalid("position", f"{position} is not within 0 to {head}", "give a position of the log")
    if until is not None and until.tzinfo is None:
        raise Invalid("until", "it has no timezone", "add one, such as Z or +03:00")
    database = open_views(path, views)
    try:
        _fold_until(log, database, head if position is None else position, until)
        yield database
    finally:
        database.close()


def view_digest(connection: Connection, view: View) -> str:
    """SHA-256 (hex) over all rows of a view's tables: equal for equal views, on every database."""
    digest = hashlib.sha256()
    for table in view.tables:
        digest.update(f"{table.name}\n".encode())
        for row in connection.execute(select(table).order_by(*table.primary_key)):
            digest.update(msgspec.msgpack.encode(tuple(row)))
    return digest.hexdigest()


class Until:
    """Which events were recorded until an instant, asked in order of position.

    Each event's own time counts, not its place: a clock that was set back must not hide what was recorded after it.
    But no event is kept without those before it in its stream. A row that cannot be read goes with the one before it.
    """

    def __init__(self, until: datetime) -> None:
        self._until = until
        self._is_then = True
        self._left_out: set[UUID] = set()  # streams

    def is_then(self, entry: Entry) -> bool:
        """By its own time alone."""
        if isinstance(entry, Recorded):
            self._is_then = entry.meta.recorded_at <= self._until
        return self._is_then

    def keeps(self, entry: Entry) -> bool:
        if not self.is_then(entry):
            self._left_out.add(entry.stream)
        return entry.stream not in self._left_out


def _fold_until(log: EventLog, database: ViewsDatabase, position: int, until: datetime | None) -> None:
    copies = [live(view) for view in database.views]
    cut = None if until is None else Until(until)
    after = 0
    while after < position:
        batch = log.read(after=after, limit=BATCH_EVENTS, until=position)
        kept = batch if cut is None else [entry for entry in batch if cut.keeps(entry)]
        if kept:
            with database.writing() as connection:
                fold(connection, copies, kept)
                move_position(connection, kept[-1].position, anchor(kept[-1]))
        after = batch[-1].position
