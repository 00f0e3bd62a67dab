"""Destroying what was written in concerns whose time is over: what a crash left undone, too.

From the moment a concern expires the gate lets nobody at its words. Here the keys of all its sealed records are
destroyed, some minutes after the clock has put its end on record, and a certificate names these records. The keys go
first: a crash before the certificate means that they are destroyed once more, which changes nothing. Backups are not
reached: they hold the keys that they were made with.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import msgspec
import structlog

from app.background import Notes
from app.clock_watch import ClockAhead, unwatched
from app.clockwork import system_meta
from app.event_store.faults import ErasureIncomplete, EventUnreadable, LogBusy
from app.event_store.vault import Vault
from domain import concern
from domain.concern import RecordWordsDestruction
from domain.errors import DomainError, LogFull
from domain.event import Event
from domain.log import Change, EventLog
from domain.sealed import Sealed
from projections.concerns import words_not_destroyed
from projections.database import ViewsDatabase
from projections.errors import TRANSIENT

TICK_SECONDS = 600.0
CONCERNS_AT_ONCE = 500


@dataclass(frozen=True)
class ExpiredConcerns:
    log: EventLog
    views: ViewsDatabase
    vault: Vault
    notes: Notes = field(default_factory=Notes)
    watched: Callable[[], None] = unwatched  # raises ClockAhead

    def run(self, stop: threading.Event) -> None:
        """Look now and then, until `stop` is set."""
        while not stop.is_set():
            with self.notes.waiting((*TRANSIENT, ClockAhead), "the forgetting of expired concerns"):
                self.watched()
                self.tick()
            stop.wait(TICK_SECONDS)

    def tick(self) -> int:
        """Destroy what is due. Returns how many certificates were written.

        Raises OSError, sqlite3.OperationalError, sqlalchemy.exc.OperationalError: a disk or database is busy or away.
        """
        with self.views.reading() as views:
            due = words_not_destroyed(views, limit=CONCERNS_AT_ONCE)
        skipped: dict[str, str] = {}
        done = 0
        for key in due:
            try:
                done += self._forget(key)
            except (ErasureIncomplete, EventUnreadable, LogBusy, LogFull, DomainError) as fault:
                skipped[str(key)] = str(fault)  # the next tick tries again
                structlog.get_logger().warning(
                    "words of a concern not destroyed yet", concern=str(key), fault=str(fault)
                )
        self.notes.skipped = skipped
        return done

    def _forget(self, key: UUID) -> bool:
        """Which records there are, and whether it expired, the log itself tells: the views may lack an event."""
        events = self.log.events(key)
        command = RecordWordsDestruction(concern=key, records=_records(events))
        decided = concern.DECIDER.decide(concern.DECIDER.fold(events), command)
        if decided:
            self.vault.erase(*command.records)
            self.log.append([Change(key, len(events), decided)], system_meta("destruction"))
        return bool(decided)


def _records(events: Sequence[Event]) -> tuple[UUID, ...]:
    """The subjects of all that is sealed in them; of older events it is the concern itself."""
    parts = (part for event in events for part in msgspec.structs.astuple(event) if isinstance(part, Sealed))
    return tuple(dict.fromkeys(part.subject for part in parts))
