"""The views as they were: the projector's fold, stopped at any position or instant."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

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
    """The views with the events up to a position, or with those before the first one recorded after `until`.

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


def _fold_until(log: EventLog, database: ViewsDatabase, position: int, until: datetime | None) -> None:
    copies = [live(view) for view in database.views]
    after = 0
    while after < position:
        batch = log.read(after=after, limit=BATCH_EVENTS, until=position)
        kept = batch if until is None else _before(batch, until)
        if kept:
            with database.writing() as connection:
                fold(connection, copies, kept)
                move_position(connection, kept[-1].position, anchor(kept[-1]))
        if len(kept) < BATCH_EVENTS:
            return
        after = kept[-1].position


def _before(batch: Sequence[Entry], until: datetime) -> Sequence[Entry]:
    for count, entry in enumerate(batch):
        if isinstance(entry, Recorded) and entry.meta.recorded_at > until:
            return batch[:count]
    return batch
