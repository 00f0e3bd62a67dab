"""Children found by name: a projection of the log that opens names through a door it is given, and keeps tokens.

It follows the log in a thread of its own, its position in the transaction of what it keeps. It is disposable: made
anew from the log where it was made with another key, by other rules, or of another log. A child whose identity was
erased is taken out, and does not come back when it is made anew: nothing opens it any more.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import TypeAlias
from uuid import UUID

import msgspec
import structlog

from app.background import Notes
from app.event_store.faults import EventUnreadable, LogBusy, StoreRefused, TokenRefused
from app.names.faults import NotForgotten, RebuildUnderWay
from app.names.features import CLOSE, SAME, Asked, kept_of, kept_of_contacts
from app.names.known import Door, Told, contacts_of, opened, told_of
from app.names.store import NEXT, Folded, NameStore, Writer
from app.names.tokens import NameKey
from domain import prevention_case
from domain.child_events import ChildRegistered, ContactsCorrected, IdentityCorrected, IdentityErased
from domain.errors import LogFull
from domain.event import Event, Recorded
from domain.log import EventLog, Unreadable
from domain.personal import ChildIdentity
from domain.prevention_case_events import CaseClosed, CaseOpened, CaseReopened, TransferAccepted
from domain.prevention_case_state import OPEN
from projections.errors import TRANSIENT
from projections.folding import anchor

SCHEME = 3  # of what is kept of a name: a change of features, sounds, forms or the list of given names raises it
BATCH_EVENTS = 500
ROWS_MAX = 2_000  # read for one search
IDLE_SECONDS = 0.25
BACK_OFF_SECONDS = 1.0
OVERWRITE_SECONDS = 5.0  # how long forgetting waits for readers to leave the write-ahead log

PASSING: tuple[type[Exception], ...] = (*TRANSIENT, LogBusy, LogFull, NotForgotten, RebuildUnderWay)  # succeeds later
# What of one child cannot be read, or is sealed under a key that was altered.
UNOPENED: tuple[type[Exception], ...] = (TokenRefused, StoreRefused, msgspec.DecodeError, EventUnreadable)

Entry: TypeAlias = Recorded | Unreadable


class Match(msgspec.Struct, frozen=True, kw_only=True):
    child: UUID
    match: str  # SAME | CLOSE
    agrees_in: tuple[str, ...]  # domain.vocabulary.NAME_PARTS


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The best first. `complete`: no child that matches was left out."""

    matches: tuple[Match, ...]
    complete: bool
    rows_read: int


class NameIndex:
    """Safe between threads; one server has it open."""

    def __init__(self, log: EventLog, store: NameStore, key: NameKey, door: Door) -> None:
        self.notes = Notes()
        self._log, self._store, self._key, self._door = log, store, key, door
        self._moved = threading.Condition()
        self._folding = threading.Lock()  # of the live tables
        self._making_anew = threading.Lock()  # of those beside; no other process has it open
        self._position = 0

    def run(self, stop: threading.Event) -> None:
        """Follow the log until `stop` is set; first make anew what cannot be gone on with."""
        current = False
        while not stop.is_set():
            with self.notes.waiting(PASSING, "the index of names"):
                if not current:
                    current = self.is_current() or self.rebuild(stop) is not None
                elif not self.step():
                    self._log.wait(after=self._position, timeout_seconds=IDLE_SECONDS)
            if self.notes.fault:
                stop.wait(BACK_OFF_SECONDS)

    def is_current(self) -> bool:
        """Whether it was made by these rules, with this key, of this log."""
        folded = self._store.folded()
        if (folded.scheme, folded.key_check) != (SCHEME, self._key.check()):
            return False
        if folded.anchor != self._anchor_at(folded.position):
            return False
        self._reach(folded.position)
        return True

    def step(self) -> int:
        """Fold the next events. Returns how many there were."""
        with self._folding:
            batch = self._log.read(after=self._store.folded().position, limit=BATCH_EVENTS)
            if batch:
                with self._store.writing() as writer:
                    self._fold(writer, batch)
                    writer.reach(self._folded(batch[-1]))
        if batch:
            self._reach(batch[-1].position)
        return len(batch)

    def rebuild(self, stop: threading.Event | None = None) -> int | None:
        """Make it anew beside the live one, then swap. Returns how many events were read; None where `stop` was set.

        Raises RebuildUnderWay: somebody is at it; what they make is left alone.
        """
        if not self._making_anew.acquire(blocking=False):
            raise RebuildUnderWay
        try:
            return self._made_anew(stop or threading.Event())
        finally:
            self._making_anew.release()

    def _made_anew(self, stop: threading.Event) -> int | None:
        with self._store.writing(NEXT) as writer:
            writer.empty()
        read, last = self._fold_beside(None, stop, posting=False)
        for _ in self._store.post(NEXT):
            if stop.is_set():
                return None
        more, last = self._fold_beside(last, stop, posting=True)  # what came meanwhile
        if stop.is_set():
            return None
        with self._folding, self._store.writing(NEXT) as writer:  # nothing comes in between now
            batch = self._batch_after(last)
            self._fold(writer, batch)
            last = batch[-1] if batch else last
            writer.swap()
            writer.reach(self._folded(last))
        self._overwrite()
        self._reach(0 if last is None else last.position)
        return read + more + len(batch)

    def wait(self, position: int, timeout_seconds: float) -> bool:
        """Sleep until it includes the position (True) or the time is over (False)."""
        with self._moved:
            return self._moved.wait_for(lambda: self._position >= position, timeout_seconds)

    def search(self, unit: UUID, asked: Asked) -> Found:
        """The children that a unit works with and that match, the surest and fullest match first."""
        tokens = {self._key.token(unit, feature): wanted for feature, wanted in asked.items()}
        rows: list[tuple[int, UUID]] = []
        read = 0
        for grade in (SAME, CLOSE):  # where there are too many, those that are sure are among those that are read
            of_grade = [token for token, wanted in tokens.items() if wanted[0] == grade]
            found, more = self._store.found(of_grade, rows_max=ROWS_MAX - len(rows))
            rows, read = [*rows, *found], read + more
            if read > ROWS_MAX:
                break
        parts: dict[UUID, dict[str, str]] = defaultdict(dict)  # of each child: how like each part is at best
        for token, child in rows:
            grade, agrees_in = tokens[token]
            for part in agrees_in:
                parts[child][part] = SAME if grade == SAME else parts[child].get(part, grade)
        matches = [
            Match(
                child=child,
                match=CLOSE if CLOSE in alike.values() else SAME,
                agrees_in=tuple(sorted(alike)),
            )
            for child, alike in parts.items()
        ]
        matches.sort(key=lambda each: (each.match != SAME, -len(each.agrees_in), each.child))
        return Found(matches=tuple(matches), complete=read <= ROWS_MAX, rows_read=read)

    def forget(self, child: UUID) -> None:
        """Take a child out, also of the write-ahead log. Raises NotForgotten: a reader was in the way; call again."""
        with self._folding, self._store.writing() as writer:
            writer.forget(child)
        self._overwrite()

    def close(self) -> None:
        self._store.close()

    def _overwrite(self) -> None:
        deadline = time.monotonic() + OVERWRITE_SECONDS
        while not self._store.overwrite():
            if time.monotonic() > deadline:
                raise NotForgotten("a reader of the index of names was in the way for too long; try again")
            time.sleep(0.01)

    def _fold_beside(self, last: Entry | None, stop: threading.Event, *, posting: bool) -> tuple[int, Entry | None]:
        """Fold whole batches into the tables that are made beside, until fewer events are left or `stop` is set.
        Returns how many events there were, and the last one.
        """
        read = 0
        while not stop.is_set():
            batch = self._batch_after(last)
            if len(batch) < BATCH_EVENTS:
                break
            with self._store.writing(NEXT, posting=posting) as writer:
                self._fold(writer, batch)
            read, last = read + len(batch), batch[-1]
        return read, last

    def _batch_after(self, last: Entry | None) -> Sequence[Entry]:
        return self._log.read(after=0 if last is None else last.position, limit=BATCH_EVENTS)

    def _fold(self, writer: Writer, batch: Sequence[Entry]) -> None:
        for entry in batch:
            if isinstance(entry, Unreadable):
                if entry.topic in (ChildRegistered.TOPIC, IdentityCorrected.TOPIC):
                    self._skip(entry.stream, entry.fault)
            elif isinstance(entry.event, ChildRegistered | IdentityCorrected):
                self._take(writer, entry.stream, entry.event)
            elif isinstance(entry.event, ContactsCorrected):
                self._reached_otherwise(writer, entry.stream)
            elif isinstance(entry.event, IdentityErased):
                writer.forget(entry.stream)
            elif isinstance(entry.event, CaseOpened | TransferAccepted | CaseClosed | CaseReopened):
                self._worked_with(writer, entry.stream, entry.event)

    def _worked_with(self, writer: Writer, case: UUID, event: Event) -> None:
        """A unit has begun to work with a child in a case, or has ended it: who finds the child by name follows.

        The log may be ahead: what is taken from it then is taken once more when its event is folded.
        """
        try:
            state = prevention_case.DECIDER.fold(self._log.events(case))
            assert state is not None, "it was opened"
            writer.note_case(case, state.child)
            told = told_of(self._log, state.child)
        except EventUnreadable as fault:
            self._skip(case, str(fault))
            return
        if not told:  # the child has no profile so far
            return
        keeps = state.unit == self._unit_of(state.child, told[0])
        if not keeps or isinstance(event, TransferAccepted):
            self._take(writer, state.child, told[-1])

    def _reached_otherwise(self, writer: Writer, child: UUID) -> None:
        try:
            told = told_of(self._log, child)
        except EventUnreadable as fault:
            self._skip(child, str(fault))
        else:
            self._take(writer, child, told[-1])

    def _take(self, writer: Writer, child: UUID, event: Told) -> None:
        try:
            identity, units = opened(self._door, event.identity, ChildIdentity), self._units_of(writer, child, event)
        except UNOPENED as fault:
            self._skip(child, str(fault))
            return
        if identity is None:
            writer.forget(child)
        else:
            writer.put(child, self._key.kept(units, (*kept_of(identity), *self._numbers_of(child))))

    def _numbers_of(self, child: UUID) -> Collection[str]:
        """None where they cannot be read: the child is to be found by name all the same."""
        try:
            contacts = contacts_of(self._log, self._door, child)
        except UNOPENED as fault:
            self._skip(child, str(fault))
            return ()
        return () if contacts is None else kept_of_contacts(contacts)

    def _units_of(self, writer: Writer, child: UUID, event: Told) -> set[UUID]:
        """The unit that keeps the profile, and those that have an open case of the child."""
        units = {self._unit_of(child, event)}
        for case in writer.cases_of(child):
            state = prevention_case.DECIDER.fold(self._log.events(case))
            if state is not None and state.phase == OPEN:
                units.add(state.unit)
        return units

    def _unit_of(self, child: UUID, event: Told) -> UUID:
        first = event if isinstance(event, ChildRegistered) else self._log.events(child, until_version=1)[0]
        assert isinstance(first, ChildRegistered)
        return first.unit

    def _skip(self, child: UUID, fault: str) -> None:
        """One that cannot be read is not found by name; who looks at the background sees which."""
        self.notes.skipped = {**self.notes.skipped, str(child): fault}
        structlog.get_logger().error("child not found by name", child=str(child), fault=fault)

    def _folded(self, last: Entry | None) -> Folded:
        position, at = (0, "") if last is None else (last.position, anchor(last))
        return Folded(SCHEME, self._key.check(), position, at)

    def _anchor_at(self, position: int) -> str:
        found = self._log.read(after=position - 1, limit=1, until=position) if position else ()
        return anchor(found[0]) if found else ""

    def _reach(self, position: int) -> None:
        with self._moved:
            self._position = position
            self._moved.notify_all()
