"""What the clock brings about: an authorisation whose time is over is put on record as expired.

It ended by itself already; this only says so to whoever reads the record.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from uuid import UUID, uuid4

import structlog

from app.call import now
from domain import authorisation
from domain.authorisation import ExpireAuthorisation
from domain.errors import DomainError
from domain.event import Meta
from domain.ids import SYSTEM_ACTOR
from domain.log import Change, EventLog
from projections.authorisation_queries import expired_unsaid
from projections.database import ViewsDatabase

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

    def run(self, stop: threading.Event) -> None:
        """Tick until `stop` is set."""
        while not stop.wait(TICK_SECONDS):
            self.tick()

    def tick(self) -> int:
        """Record every expiry that is due. Returns how many were recorded."""
        with self.views.reading() as views:
            due = expired_unsaid(views, now())
        return sum(self._expire(key) for key in due)

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
