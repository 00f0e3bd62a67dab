"""Events into views: the one fold that the projector, the rebuild and the replay share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeAlias
from uuid import UUID

import msgspec
from sqlalchemy import Connection, func, insert, select

from domain.event import TOPICS, Event, Recorded
from domain.log import Unreadable
from projections.database import dead_letters
from projections.errors import TRANSIENT, Poison
from projections.rows import Rows
from projections.view import Copy, kind_of

Entry: TypeAlias = Recorded | Unreadable

_PARKED = select(dead_letters.c.label, dead_letters.c.stream, func.min(dead_letters.c.position)).group_by(
    dead_letters.c.label, dead_letters.c.stream
)


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """An event that a view has not taken: the one at fault, or a later one of its stream."""

    label: str  # of the view
    position: int
    stream: UUID
    version: int
    topic: str
    fault: str


def fold(connection: Connection, copies: Sequence[Copy], batch: Sequence[Entry]) -> None:
    """Fold a batch into every copy. What a copy cannot take is parked with its stream, in that copy only.

    Raises:
        sqlalchemy.exc.OperationalError: the database, not an event, is at fault: nothing of the batch may be kept.
    """
    parked = _parked_streams(connection)
    for copy, mine in _shared_out(copies, batch):
        _fold_copy(connection, copy, mine, parked[copy.label])


def fold_strictly(connection: Connection, copy: Copy, entries: Sequence[Entry]) -> None:
    """Fold all entries. Raises Poison where one cannot be: the transaction, or savepoint, must then be given up."""
    rows = Rows(connection, copy.tables)
    for entry in entries:
        if isinstance(entry, Unreadable):
            raise Poison(copy.label, entry.position, f"unreadable: {entry.fault}")
        change = copy.view.folds.get(type(entry.event))
        if change is None:
            continue
        try:
            change(rows, entry, entry.event)
        except TRANSIENT:
            raise
        except Exception as fault:
            raise Poison(copy.label, entry.position, fault) from fault
    try:
        rows.write()
    except TRANSIENT:
        raise
    except Exception as fault:
        raise Poison(copy.label, entries[-1].position, fault) from fault


def letters_of(connection: Connection, labels: Iterable[str], *, stream: UUID | None = None) -> Sequence[DeadLetter]:
    """The parked events of these copies, in order of position: all, or those of one stream."""
    query = select(dead_letters).where(dead_letters.c.label.in_(list(labels)))
    if stream is not None:
        query = query.where(dead_letters.c.stream == stream)
    query = query.order_by(dead_letters.c.position, dead_letters.c.label)
    return [DeadLetter(**row) for row in connection.execute(query).mappings()]


def anchor(entry: Entry) -> str:
    """What tells this event from the one that stands at its position in another log."""
    return f"{entry.stream}:{entry.version}"


def _shared_out(copies: Sequence[Copy], batch: Sequence[Entry]) -> Iterable[tuple[Copy, list[Entry]]]:
    """What of the batch each copy is concerned with."""
    shares: dict[Copy, list[Entry]] = defaultdict(list)
    takers: dict[type[Event], list[list[Entry]]] = defaultdict(list)
    for copy in copies:
        for kind in copy.view.folds:
            takers[kind].append(shares[copy])
    for entry in batch:
        if isinstance(entry, Recorded):
            for share in takers.get(type(entry.event), ()):
                share.append(entry)
        else:
            for copy in copies:
                if _may_concern(copy, entry):
                    shares[copy].append(entry)
    return [(copy, share) for copy, share in shares.items() if share]


def _may_concern(copy: Copy, entry: Unreadable) -> bool:
    kind = kind_of(entry.topic)
    # What is of no kind that this program knows might concern any view: all of them show that it is missing.
    return kind in copy.view.kinds or kind not in {kind_of(topic) for topic in TOPICS}


def _fold_copy(connection: Connection, copy: Copy, batch: Sequence[Entry], parked: dict[UUID, int]) -> None:
    free, waiting = list(batch), []
    if parked:
        free = [entry for entry in batch if entry.stream not in parked]
        waiting = [entry for entry in batch if entry.stream in parked]
    try:
        if free:
            with _savepoint(connection):
                fold_strictly(connection, copy, free)
    except Poison:
        waiting += _fold_singly(connection, copy, free, parked)
    for entry in waiting:
        _park(connection, copy, entry, f"waits for position {parked[entry.stream]} of its stream")


def _fold_singly(
    connection: Connection, copy: Copy, batch: Sequence[Entry], parked: dict[UUID, int]
) -> Iterator[Entry]:
    """The slow way, where something in the batch is poison: yields what waits for a stream that got parked."""
    for entry in batch:
        if entry.stream in parked:
            yield entry
            continue
        try:
            with _savepoint(connection):
                fold_strictly(connection, copy, [entry])
        except Poison as poison:
            _park(connection, copy, entry, poison.fault)
            parked[entry.stream] = entry.position


@contextmanager
def _savepoint(connection: Connection) -> Iterator[None]:
    """Undone by poison alone: at a fault of its own, such as a full disk, SQLite gives up the whole transaction."""
    savepoint = connection.begin_nested()
    try:
        yield
    except Poison:
        savepoint.rollback()
        raise
    savepoint.commit()


def _park(connection: Connection, copy: Copy, entry: Entry, fault: str) -> None:
    topic = entry.topic if isinstance(entry, Unreadable) else entry.event.TOPIC
    letter = DeadLetter(
        label=copy.label,
        position=entry.position,
        stream=entry.stream,
        version=entry.version,
        topic=topic,
        fault=fault,
    )
    connection.execute(insert(dead_letters).values(msgspec.structs.asdict(letter)))


def _parked_streams(connection: Connection) -> Mapping[str, dict[UUID, int]]:
    """By label: the parked streams, each with the first position that is parked of it."""
    parked: dict[str, dict[UUID, int]] = defaultdict(dict)
    for label, stream, position in connection.execute(_PARKED):
        parked[label][stream] = position
    return parked
