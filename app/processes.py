"""Gives every process the events it reacts to, in order, and carries out what it makes of each: once, whatever crashes.

What an event leads to is one append to the log, under a command id that follows from process and event; its receipt
stands in the same transaction. So an event that comes again (the position is saved later, and may be lost) finds the
receipt, and nothing is done twice; and one whose append never came finds none, and it is done. An event that a process
cannot answer, be it refused or the process at fault, is parked, shown, and tried again from time to time, while those
after it and the other processes go on.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID, uuid5

import structlog

from app.background import Notes
from app.call import now
from app.event_store.faults import EventUnreadable, LogBusy
from app.process_positions import Positions
from domain.errors import DomainError, LogFull, VersionConflict
from domain.event import TOPICS, Event, Meta, Recorded
from domain.ids import SYSTEM_ACTOR
from domain.log import Change, EventLog, Unreadable
from projections.errors import TRANSIENT
from projections.folding import anchor

REACTIONS = UUID("9b0d3f0a-52c8-4a58-8a5e-1f7c9f0a6d21")  # the namespace of command ids made of an event; permanent
BATCH_EVENTS = 1_000
DECISIONS_MAX = 20  # decided anew when others were faster, this often, before it is parked
IDLE_SECONDS, RETRY_SECONDS = 0.25, 60.0
BACK_OFF_SECONDS = 1.0
VIEWS_WAIT_SECONDS = 5.0
FAULT_CHARACTERS_MAX = 500


class ViewsBehind(Exception):
    """The views do not include the event yet; they will."""


class NotAnswered(Exception):
    """One event that a process cannot answer, and why. It is parked."""


WAITING: tuple[type[Exception], ...] = (*TRANSIENT, LogBusy, LogFull, ViewsBehind)


class Process(Protocol):
    """One process: which events it reacts to, and what each leads to."""

    @property
    def name(self) -> str: ...  # permanent: receipts hang on it

    @property
    def events(self) -> frozenset[type[Event]]: ...

    @property
    def answers_history(self) -> bool: ...  # also what happened before it first ran; no, where it came to logs at work

    def changes(self, caused: Recorded) -> Sequence[Change]:
        """What the event leads to, decided on the present state; none where nothing is left to do.

        Raises one of WAITING to be asked again; whatever else it raises parks the event.
        """
        ...


class Views(Protocol):
    def wait_whole(self, position: int, timeout_seconds: float) -> bool: ...  # all of them are of this log


@dataclass(frozen=True)
class Processes:
    log: EventLog
    views: Views  # what the processes read
    positions: Positions
    processes: tuple[Process, ...]
    clock: Callable[[], datetime] = now
    notes: Notes = field(default_factory=Notes)
    _at: dict[str, int] = field(default_factory=dict)  # how far each is, unsaved where nothing concerned it

    def run(self, stop: threading.Event) -> None:
        """Follow the log until `stop` is set."""
        waited = RETRY_SECONDS
        while not stop.is_set():
            with self.notes.waiting(WAITING, "what follows by itself"):
                if waited >= RETRY_SECONDS:
                    self.retry()
                    waited = 0.0
                if not self.step():
                    self.log.wait(
                        after=min(self._position(each) for each in self.processes), timeout_seconds=IDLE_SECONDS
                    )
                    waited += IDLE_SECONDS
            if self.notes.fault:
                stop.wait(BACK_OFF_SECONDS)

    def step(self) -> int:
        """Go through the next events. Returns how many there were; 0 when every process is up to the log.

        Raises one of WAITING: a database is busy, full or away, or the views are behind; step again.
        """
        return sum(self._follow(process) for process in self.processes)

    def retry(self) -> None:
        """Try again what was parked. Raises as `step` does."""
        skipped: dict[str, str] = {}
        for process in self.processes:
            for position in self.positions.parked(process.name):
                entry = self._parked_at(process, position)
                fault = None if entry is None else self._attempt(process, entry)
                if fault is None:
                    self.positions.unpark(process.name, position)
                else:
                    skipped[f"{process.name}:{position}"] = fault
        self.notes.skipped = skipped

    def _follow(self, process: Process) -> int:
        batch = self.log.read(after=self._position(process), limit=BATCH_EVENTS)
        for entry in batch:
            if _may_concern(process, entry):
                fault = self._attempt(process, entry)
                self.positions.save(process.name, entry.position, anchor(entry), parked=fault)
                if fault is not None:
                    self.notes.skipped = {**self.notes.skipped, f"{process.name}:{entry.position}": fault}
            self._at[process.name] = entry.position
        if len(batch) == BATCH_EVENTS:  # a long way of what does not concern it is not gone again
            self.positions.save(process.name, batch[-1].position, anchor(batch[-1]))
        return len(batch)

    def _parked_at(self, process: Process, position: int) -> Recorded | Unreadable | None:
        """The event that is parked there; None where the log is another now: nothing there concerns the process, or it
        is still to come to it.
        """
        if position > self._position(process):
            return None
        found = self.log.read(after=position - 1, limit=1, until=position)
        return found[0] if found and _may_concern(process, found[0]) else None

    def _attempt(self, process: Process, entry: Recorded | Unreadable) -> str | None:
        """Why the event could not be answered; None where it was. Raises one of WAITING."""
        try:
            if isinstance(entry, Unreadable):
                raise NotAnswered(f"unreadable: {entry.fault}")
            self._deliver(process, entry)
        except NotAnswered as parked:
            fault = str(parked)[:FAULT_CHARACTERS_MAX]
            structlog.get_logger().error(
                "event not answered",
                process=process.name,
                position=entry.position,
                fault=fault,
                exc_info=parked.__cause__,
            )
            return fault
        return None

    def _deliver(self, process: Process, caused: Recorded) -> None:
        """Raises NotAnswered, or one of WAITING."""
        command_id = reaction_id(process.name, caused)
        if self.log.receipt(command_id) is not None:
            return
        if not self.views.wait_whole(caused.position, timeout_seconds=VIEWS_WAIT_SECONDS):
            raise ViewsBehind(f"the views do not include position {caused.position} yet, or are being folded anew")
        try:
            self._answer(process, caused, command_id)
        except WAITING:
            raise
        except (DomainError, EventUnreadable) as refusal:
            raise NotAnswered(str(refusal)) from refusal
        except Exception as fault:
            raise NotAnswered(f"{type(fault).__name__}: {fault}") from fault

    def _answer(self, process: Process, caused: Recorded, command_id: UUID) -> None:
        """Decide and append until nobody was faster."""
        for left in reversed(range(DECISIONS_MAX)):
            meta = Meta(
                actor=SYSTEM_ACTOR,
                role="system",
                purpose=caused.meta.purpose or process.name,  # older events may say none
                command_id=command_id,
                correlation_id=caused.meta.correlation_id,
                causation=f"{caused.stream}:{caused.version}",
                recorded_at=self.clock(),
            )
            try:
                self.log.append(process.changes(caused), meta)
                return
            except VersionConflict:
                if not left:
                    raise

    def begin(self) -> None:
        """Find where each is, before anything more happens: what does from then on, is theirs."""
        for process in self.processes:
            self._position(process)

    def _position(self, process: Process) -> int:
        """Where it is; where it begins, where nothing was saved, or what is of another log than this."""
        if process.name not in self._at:
            saved = self.positions.of(process.name)
            at = saved[0] if saved is not None and self._stands(*saved) else None
            begins = 0 if process.answers_history else self._begins(process, at)
            self._at[process.name] = begins if at is None else at
        return self._at[process.name]

    def _stands(self, position: int, known: str) -> bool:
        found = self.log.read(after=position - 1, limit=1, until=position) if position else ()
        return anchor(found[0]) == known if found else not position

    def _begins(self, process: Process, at: int | None) -> int:
        """The position after which it answers. The log keeps it, so that it is in every backup: a receipt of no events
        says it, as the id of a stream that is not there. A log from before that was kept has none yet.
        """
        command_id = begins_id(process.name)
        receipt = self.log.receipt(command_id)
        if receipt is None:
            parked = self.positions.parked(process.name)
            begins = self._beginning(process) if at is None else min([at, *(position - 1 for position in parked)])
            meta = Meta(
                actor=SYSTEM_ACTOR,
                role="system",
                purpose=process.name,
                command_id=command_id,
                correlation_id=command_id,
                recorded_at=self.clock(),
            )
            receipt = self.log.append([Change(UUID(int=begins), 0, ())], meta)
        return receipt.streams[0].stream.int

    def _beginning(self, process: Process) -> int:
        """The position before the first event that it answered. It answered none yet: the last that there is, for what
        stands before it first ran is none of its.
        """
        begins = 0
        while batch := self.log.read(after=begins, limit=BATCH_EVENTS):
            for entry in batch:
                if _may_concern(process, entry) and self._has_answered(process, entry):
                    return begins
                begins = entry.position
        return begins

    def _has_answered(self, process: Process, entry: Recorded | Unreadable) -> bool:
        return isinstance(entry, Recorded) and self.log.receipt(reaction_id(process.name, entry)) is not None


def _may_concern(process: Process, entry: Recorded | Unreadable) -> bool:
    """A row that cannot be read concerns it where its topic does, or where nobody knows that."""
    if isinstance(entry, Unreadable):
        return entry.topic not in TOPICS or TOPICS[entry.topic] in process.events
    return type(entry.event) in process.events


def begins_id(process: str) -> UUID:
    """The command id of the receipt that says where a process begins."""
    return uuid5(REACTIONS, f"{process}:begins")


def reaction_id(process: str, caused: Recorded) -> UUID:
    """The command id of what an event leads to in a process: the same whenever and however often it is delivered."""
    return uuid5(REACTIONS, f"{process}:{caused.stream}:{caused.version}")
