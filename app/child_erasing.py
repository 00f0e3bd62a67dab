"""Carrying out that a child's identity is erased: what two people agreed to, and what a crash left undone.

From the moment it is on record nobody opens it. Here its keys are destroyed, and those of every sealed record that
names the child, so that what is kept of it anywhere cannot be read again; the files of its cases are taken off the
disk; the index of names forgets it; and a certificate says so. What is written later and names the child goes the same
way, some minutes after. Backups are not reached: they hold the keys that they were made with.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from app.background import Bell, Notes
from app.clockwork import system_meta
from app.event_store.faults import ErasureIncomplete, EventUnreadable, LogBusy
from app.event_store.vault import Vault
from app.names.faults import NotForgotten
from app.names.index import NameIndex
from domain import child
from domain.child_erasure import RecordChildDestruction, decide_destroyed
from domain.errors import DomainError, LogFull
from domain.log import Change, EventLog
from projections.database import ViewsDatabase
from projections.errors import TRANSIENT
from projections.sealed_records import not_destroyed

TICK_SECONDS = 600.0


@dataclass(frozen=True)
class ChildErasures:
    log: EventLog
    views: ViewsDatabase
    vault: Vault
    names: NameIndex
    take_files_off: Callable[[UUID], None]  # the disk: those of a child's cases that nobody can open any more
    notes: Notes = field(default_factory=Notes)
    _bell: Bell = field(default_factory=Bell)

    def run(self, stop: threading.Event) -> None:
        """Look now and then, and when `wake` is called, until `stop` is set."""
        while not stop.is_set():
            with self.notes.waiting(TRANSIENT, "the erasure of children"):
                self.tick()
            self._bell.rest(stop, TICK_SECONDS)

    def wake(self) -> None:
        """Somebody agreed to an erasure: do not let it wait."""
        self._bell.ring()

    def tick(self) -> int:
        """Erase what is to be erased. Returns how many certificates were written.

        Raises OSError, sqlite3.OperationalError, sqlalchemy.exc.OperationalError: a disk or database is busy or away.
        """
        with self.views.reading() as views:
            due = not_destroyed(views)
        skipped: dict[str, str] = {}
        done = 0
        for key, records in due.items():
            try:
                done += self._erase(key, records)
            except (ErasureIncomplete, NotForgotten, EventUnreadable, LogBusy, LogFull, DomainError) as fault:
                skipped[str(key)] = str(fault)  # the next tick tries again
                structlog.get_logger().warning("child not erased yet", child=str(key), fault=str(fault))
        self.notes.skipped = skipped
        return done

    def _erase(self, key: UUID, records: tuple[UUID, ...]) -> bool:
        """Whether it was erased, the log itself tells: the views may be of a newer one than was put back."""
        events = self.log.events(key)
        command = RecordChildDestruction(child=key, records=len(records))
        decided = decide_destroyed(child.DECIDER.fold(events), command)
        if decided:
            self.vault.erase(key, *records)
            self.take_files_off(key)
            self.names.forget(key)
            self.log.append([Change(key, len(events), decided)], system_meta("destruction"))
        return bool(decided)
