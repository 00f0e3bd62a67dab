"""What the clock brings about: an authorisation whose time is over is put on record as expired.

It ended by itself already; this only says so to whoever reads the record. One that cannot be read is passed over, and
shown as such; a database that is busy is asked again at the next tick.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import structlog

from app.background import Notes
from app.call import now
from app.event_store.faults import EventUnreadable
from domain import authorisation
from domain.authorisation import ExpireAuthorisation
from domain.errors import DomainError
from domain.event import Meta
from domain.ids import SYSTEM_ACTOR
from domain.log import Change, EventLog
from projections.authorisation_queries import expired_unsaid
from projections.database import ViewsDatabase
from projections.errors import TRANSIENT

TICK_SECONDS = 20.0


def system_meta(purpose: str) -> Meta:
    """The envelope of what the system does by itself, where no person acts."""
    return Meta(
        actor=SYSTEM_ACTOR,
        role="system",
        purpose=purpose,
        command_id=uuid4(),
        correlation_id=uuid4(),
        recorded_at=now(),
    )


@dataclass(frozen=True)
class Clockwork:
    log: EventLog
    views: ViewsDatabase
    notes: Notes = field(default_factory=Notes)

    def run(self, stop: threading.Event) -> None:
        """Tick until `stop` is set."""
        while not stop.wait(TICK_SECONDS):
            try:
                self.tick()
                self.notes.fault = None
            except TRANSIENT as fault:
                self.notes.fault = f"{type(fault).__name__}: {fault}"
                structlog.get_logger().warning("the clockwork waits", fault=self.notes.fault)

    def tick(self) -> int:
        """Record every expiry that is due. Returns how many were recorded.

        Raises:
            sqlite3.OperationalError, sqlalchemy.exc.OperationalError: a database is busy, full or away.
        """
        with self.views.reading() as views:
            due = expired_unsaid(views, now())
        recorded, skipped = 0, dict[str, str]()
        for key in due:
            try:
                recorded += self._expire(key)
            except EventUnreadable as fault:
                skipped[str(key)] = str(fault)
                if str(key) not in self.notes.skipped:  # said once, shown as long as it lasts
                    structlog.get_logger().error("expiry skipped", authorisation=str(key), fault=str(fault))
        self.notes.skipped = skipped
        return recorded

    def _expire(self, key: UUID) -> bool:
        events = self.log.events(key)
        command = ExpireAuthorisation(authorisation=key, at=now())
        try:
            decided = authorisation.DECIDER.decide(authorisation.DECIDER.fold(events), command)
            self.log.append([Change(key, len(events), decided)], system_meta("expiry"))
        except DomainError as refusal:  # it changed meanwhile, or the disk is full: the next tick sees
            structlog.get_logger().info("expiry not recorded", authorisation=str(key), code=refusal.code)
            return False
        return bool(decided)
