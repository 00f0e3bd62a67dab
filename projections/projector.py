"""Keeps the live views up to the log, whatever happens.

Events are folded in batches, and the position is saved in the same transaction: each event is in the views once, also
after a crash and with several projectors at work. An event that a view cannot take parks its stream, in that view
only. A database that is busy or full is waited for.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import Connection, delete

from domain.errors import NotFound
from domain.log import EventLog
from projections.database import (
    ViewsDatabase,
    anchor_of,
    dead_letters,
    disown,
    move_position,
    position_of,
    versions_of,
)
from projections.errors import TRANSIENT, Poison, RebuildCancelled, RebuildSuperseded, RetryFailed
from projections.folding import DeadLetter, anchor, fold, fold_strictly, letters_of
from projections.rebuild import Rebuild, Rebuilt
from projections.status import RETRYING, STOPPED, Status, Trouble, status_of
from projections.view import Copy, live

BATCH_EVENTS = 2_000
IDLE_SECONDS = 0.25  # how long a stopped loop may go on sleeping
BACK_OFF_SECONDS_MIN, BACK_OFF_SECONDS_MAX = 0.05, 10.0
POLL_SECONDS = 0.05

logger = logging.getLogger(__name__)


class Projector:
    """One projector of all views of a database. Its methods may be called from any thread."""

    def __init__(
        self,
        log: EventLog,
        database: ViewsDatabase,
        *,
        batch_events: int = BATCH_EVENTS,
        transient: tuple[type[Exception], ...] = (),
    ) -> None:
        """`transient`: errors of this log that pass by themselves, beside those of `errors.TRANSIENT`."""
        self._log = log
        self._database = database
        self._batch_events = batch_events
        self._transient = (*TRANSIENT, *transient)
        self._copies = {view.name: live(view) for view in database.views}
        self._position = self._adopt()
        self._moved = threading.Condition()
        self._rebuilding: set[str] = set()
        self._trouble: Trouble | None = None

    def run(self, stop: threading.Event) -> None:
        """Follow the log until `stop` is set. Stale views are rebuilt first."""
        delay_seconds, fresh = BACK_OFF_SECONDS_MIN, False
        while not stop.is_set():
            try:
                fresh = fresh or self._rebuild_stale(stop)
                if not self.step():
                    self._log.wait(after=self._position, timeout_seconds=IDLE_SECONDS)
                self._trouble, delay_seconds = None, BACK_OFF_SECONDS_MIN
            except self._transient as fault:
                self._trouble = Trouble(RETRYING, f"{type(fault).__name__}: {fault}")
                logger.warning("the projector waits %.2f s: %s", delay_seconds, self._trouble.fault)
                stop.wait(delay_seconds)
                delay_seconds = min(2 * delay_seconds, BACK_OFF_SECONDS_MAX)
            except BaseException as fault:
                self._trouble = Trouble(STOPPED, f"{type(fault).__name__}: {fault}")
                raise

    def step(self) -> int:
        """Fold the next batch. Returns how many events it had; 0 when the views are up to the log.

        Raises:
            sqlalchemy.exc.OperationalError: the database was busy or full; nothing changed, step again.
        """
        position = self._position
        batch = self._log.read(after=position, limit=self._batch_events)
        if not batch:
            return 0
        with self._database.writing() as connection:
            stored = position_of(connection)
            if stored == position:  # else another projector was here: go on from where it came
                fold(connection, self._current(connection), batch)
                stored = batch[-1].position
                move_position(connection, stored, anchor(batch[-1]))
        self._reach(stored)
        return len(batch)

    def catch_up(self) -> int:
        """Step until the views are up to the log. Returns their position."""
        while self.step():
            pass
        return self._position

    def wait(self, position: int, timeout_seconds: float) -> bool:
        """Sleep until the live views include the position (True) or the time is over (False): to read what one wrote.

        A parked event counts as included: it is among the dead letters.
        """
        deadline = time.monotonic() + timeout_seconds
        while True:
            with self._moved:
                left_seconds = deadline - time.monotonic()
                if self._moved.wait_for(lambda: self._position >= position, max(0, min(left_seconds, POLL_SECONDS))):
                    return True
            if self._database.position() >= position:  # another process folded it
                return True
            if left_seconds <= 0:
                return False

    def wait_whole(self, position: int, timeout_seconds: float) -> bool:
        """As `wait`, and no view is stale: for who acts on what the views do not have. A stale view is of another
        program or log, or has nothing yet, wherever the position is.
        """
        return self.wait(position, timeout_seconds) and not self.stale()

    def status(self) -> tuple[Status, ...]:
        """Each view's health, in the order of the views."""
        return status_of(self._log, self._database, frozenset(self._rebuilding), self._trouble)

    def parked(self, stream: UUID | None = None) -> Sequence[DeadLetter]:
        """The events that views have not taken, in order of position: all, or those of one stream."""
        with self._database.reading() as connection:
            return letters_of(connection, labels=self._copies, stream=stream)

    def retry(self, stream: UUID) -> int:
        """Fold a stream's parked events in order, in every view where they are parked: all of them or none.

        Returns how many there were.

        Raises:
            NotFound: nothing of this stream is parked.
            RetryFailed: one of them still cannot be folded; everything stays as it was.
        """
        with self._database.writing() as connection:
            letters = letters_of(connection, labels=self._copies, stream=stream)
            if not letters:
                raise NotFound("parked stream", stream)
            for letter in letters:
                self._retry(connection, letter)
            mine = dead_letters.c.label.in_(list(self._copies))
            connection.execute(delete(dead_letters).where(dead_letters.c.stream == stream, mine))
        return len(letters)

    def rebuild(
        self,
        name: str,
        *,
        stop: threading.Event | None = None,
        progress: Callable[[int, int], None] = lambda position, goal: None,
    ) -> Rebuilt:
        """Fold a view anew beside the live one, then swap. Raises NotFound, and what `Rebuild.run` raises."""
        copy = self._copies.get(name)
        if copy is None:
            raise NotFound("view", name)
        rebuild = Rebuild(self._log, self._database, copy.view, batch_events=self._batch_events)
        self._rebuilding.add(name)
        try:
            return rebuild.run(stop or threading.Event(), progress)
        finally:
            self._rebuilding.discard(name)

    def stale(self) -> tuple[str, ...]:
        """Views that are not folded by this program's functions from this log, and must be rebuilt."""
        with self._database.reading() as connection:
            current = {copy.view.name for copy in self._current(connection)}
        return tuple(name for name in self._copies if name not in current)

    def _rebuild_stale(self, stop: threading.Event) -> bool:
        """Whether no view is stale any more."""
        for name in self.stale():
            logger.info("the view %s is stale and is folded anew", name)
            try:
                self.rebuild(name, stop=stop)
            except (RebuildCancelled, RebuildSuperseded) as interrupted:
                logger.info("%s", interrupted)
                return False
        return True

    def _adopt(self) -> int:
        """The position of the live views. Where the log is another one than they were folded from (an older backup
        was put back), they are declared stale at its head.
        """
        with self._database.writing() as connection:
            position = position_of(connection)
            if position == 0 or self._anchor_at(position) == anchor_of(connection):
                return position
            head = self._log.head()
            logger.warning("the views at position %d are of another log than this, of %d events", position, head)
            disown(connection)
            move_position(connection, head, self._anchor_at(head))
            return head

    def _anchor_at(self, position: int) -> str:
        found = self._log.read(after=position - 1, limit=1, until=position) if position else ()
        return anchor(found[0]) if found else ""

    def _current(self, connection: Connection) -> list[Copy]:
        versions = versions_of(connection)
        return [copy for copy in self._copies.values() if versions[copy.label] == copy.view.version]

    def _retry(self, connection: Connection, letter: DeadLetter) -> None:
        found = self._log.read(after=letter.position - 1, limit=1, until=letter.position)
        try:
            fold_strictly(connection, self._copies[letter.label], found)
        except Poison as poison:
            raise RetryFailed(letter.stream, letter.label, letter.position, poison.fault) from poison

    def _reach(self, position: int) -> None:
        with self._moved:
            self._position = position
            self._moved.notify_all()
