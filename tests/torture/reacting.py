"""`python -m tests.torture.reacting FOLDER WAY POINT COUNT`: a process manager that follows a log until it is killed.

It answers every note of the log with one step in a stream that all share: whatever is done twice, or not at all, shows
there. At POINT (`appending`, `saving`, `saved`, or `never`) of its COUNT-th reaction it kills itself (SIGKILL). WAY is
`right`, or a planted fault: `position first` saves the position before it appends, `new ids` gives every delivery a
command id of its own. It prints `begun` when it is about to open the log.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4, uuid5

import msgspec

from app import processes
from app.process_positions import Positions
from app.processes import Processes
from domain.event import Event, Meta, Recorded
from domain.log import Change, Receipt
from domain.personal import Reason
from domain.sealed import Sealed
from tests.torture.writing import NAMESPACE, Noted, Stepped, Store, envelope, say

ANSWERS = uuid5(NAMESPACE, "answers")
APPENDING, SAVING, SAVED, NEVER = POINTS = ("appending", "saving", "saved", "never")
RIGHT, POSITION_FIRST, NEW_IDS = WAYS = ("right", "position first", "new ids")


@dataclass(frozen=True)
class Answering:
    store: Store
    name: str = "answering"
    events: frozenset[type[Event]] = frozenset({Noted})
    answers_history: bool = True

    def changes(self, caused: Recorded) -> Sequence[Change]:
        version = len(self.store.log.events(ANSWERS))
        return (Change(ANSWERS, version, (Stepped(number=caused.position),)),)


class CaughtUp:
    """Views that are always up to the log: this process reads none."""

    def wait_whole(self, position: int, timeout_seconds: float) -> bool:
        return True


class Death:
    def __init__(self, point: str, count: int) -> None:
        self.point, self.left = point, count

    def at(self, point: str) -> None:
        if point == self.point:
            self.left -= 1
            if not self.left:
                os.kill(os.getpid(), signal.SIGKILL)


class DyingPositions(Positions):
    def __init__(self, path: Path, death: Death) -> None:
        super().__init__(path)
        self.death = death

    def save(self, process: str, position: int, anchor: str, *, parked: str | None = None) -> None:
        self.death.at(SAVING)
        super().save(process, position, anchor, parked=parked)
        self.death.at(SAVED)


class DyingLog:
    """The log of a store, whose appends are a place to die at; with a fault planted, where one is."""

    def __init__(self, store: Store, death: Death, before: Callable[[], None], *, new_ids: bool) -> None:
        self._log, self._death, self._before, self._new_ids = store.log, death, before, new_ids

    def __getattr__(self, name: str) -> object:
        return getattr(self._log, name)

    def append(self, changes: Sequence[Change], meta: Meta, *, command_digest: bytes = b"") -> Receipt:
        self._before()
        self._death.at(APPENDING)
        if self._new_ids:
            meta = msgspec.structs.replace(meta, command_id=uuid4())
        return self._log.append(changes, meta, command_digest=command_digest)


def follow(folder: Path, way: str, point: str, count: int) -> Processes:
    """The process manager over the folder's log."""
    store, death = Store(folder), Death(point, count)
    positions = DyingPositions(folder / "processes.db", death)
    answering = Answering(store)

    def save_first() -> None:
        if way == POSITION_FIRST:
            at, _ = positions.of(answering.name) or (0, "")
            pending = next(row for row in store.log.read(after=at) if type(row.event) in answering.events)
            Positions.save(positions, answering.name, pending.position, f"{pending.stream}:{pending.version}")

    log = DyingLog(store, death, save_first, new_ids=way == NEW_IDS)
    return Processes(log, CaughtUp(), positions, (answering,))  # type: ignore[arg-type]


def answered(store: Store) -> list[int]:
    """The positions of the notes that were answered, in the order of the answers."""
    return [event.number for event in store.log.events(ANSWERS) if isinstance(event, Stepped)]


def asked(store: Store) -> list[int]:
    rows = store.log.read(limit=10**6)
    return [row.position for row in rows if isinstance(row, Recorded) and isinstance(row.event, Noted)]


def note(store: Store, stream: UUID, count: int) -> None:
    """So many notes more, one an append."""
    for _ in range(count):
        version = len(store.log.events(stream))
        meta = msgspec.structs.replace(envelope(0, 0), command_id=uuid4())
        store.log.append([Change(stream, version, (Noted(note=Sealed(stream, Reason(str(version)))),))], meta)


if __name__ == "__main__":
    processes.IDLE_SECONDS = 0.01
    say("begun")
    follow(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])).run(threading.Event())
