"""What the clock brings about: what ended by itself when its time was over is put on record as ended.

Each clock is a command with a time: an authorisation or a concern expires, a certification lapses. It ended already,
before that is said; this only says so to whoever reads the record, and to the processes that follow from it. What
cannot be read is passed over, and shown as such; a database that is busy is asked again at the next tick.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import structlog
from sqlalchemy import Connection

from app.background import Notes
from app.call import now
from app.clock_watch import ClockAhead, unwatched
from app.event_store.faults import EventUnreadable
from domain import authorisation, concern, officer
from domain.authorisation import ExpireAuthorisation
from domain.concern import ExpireConcern
from domain.decider import Decider
from domain.errors import DomainError
from domain.event import Meta
from domain.ids import SYSTEM_ACTOR, officer_id
from domain.initiatives import initiative
from domain.initiatives.initiative import LapseCommitments, RemindOfCommitments
from domain.log import Change, EventLog
from domain.officer import LapseCertification
from domain.reports import report
from domain.reports.commands import EscalateReport
from domain.sharing import agreement, consent
from domain.sharing.agreement import ExpireAgreement
from domain.sharing.consent import ExpireConsent
from projections import authorisation_queries, concerns, officers
from projections.database import ViewsDatabase
from projections.errors import TRANSIENT
from projections.initiatives import commitments
from projections.reports import board as report_board
from projections.sharing import agreements, consents

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
class Clock:
    """Something that ends by itself: which ones have, unsaid, and the command that says so."""

    decider: Decider[Any, Any]
    due: Callable[[Connection, datetime], Sequence[UUID]]
    command: Callable[[UUID, datetime], object]
    stream: Callable[[UUID], UUID] = lambda key: key


CLOCKS = (
    Clock(
        authorisation.DECIDER,
        authorisation_queries.expired_unsaid,
        lambda key, at: ExpireAuthorisation(authorisation=key, at=at),
    ),
    Clock(concern.DECIDER, concerns.expired_unsaid, lambda key, at: ExpireConcern(concern=key, at=at)),
    *(
        Clock(
            officer.DECIDER,
            partial(officers.lapsed_unsaid, service=service),
            lambda key, at: LapseCertification(account=key, at=at),
            stream=partial(officer_id, service=service),
        )
        for service in officer.ROLE_OF
    ),
    Clock(
        initiative.DECIDER,
        commitments.to_be_reminded,
        lambda key, at: RemindOfCommitments(initiative=key, at=at),
    ),
    Clock(
        initiative.DECIDER,
        commitments.lapsed_unsaid,
        lambda key, at: LapseCommitments(initiative=key, at=at),
    ),
    Clock(agreement.DECIDER, agreements.expired_unsaid, lambda key, at: ExpireAgreement(agreement=key, at=at)),
    Clock(consent.DECIDER, consents.expired_unsaid, lambda key, at: ExpireConsent(consent=key, at=at)),
    Clock(report.DECIDER, report_board.overdue, lambda key, at: EscalateReport(report=key, at=at)),
)


@dataclass(frozen=True)
class Clockwork:
    log: EventLog
    views: ViewsDatabase
    notes: Notes = field(default_factory=Notes)
    watched: Callable[[], None] = unwatched  # raises ClockAhead

    def run(self, stop: threading.Event) -> None:
        """Tick until `stop` is set."""
        while not stop.wait(TICK_SECONDS):
            with self.notes.waiting((*TRANSIENT, ClockAhead), "the clockwork"):
                self.watched()
                self.tick()

    def tick(self) -> int:
        """Record every end that is due. Returns how many were recorded.

        Raises:
            sqlite3.OperationalError, sqlalchemy.exc.OperationalError: a database is busy, full or away.
        """
        at = now()
        with self.views.reading() as views:
            due = [(clock, key) for clock in CLOCKS for key in clock.due(views, at)]
        recorded, skipped = 0, dict[str, str]()
        for clock, key in due:
            try:
                recorded += self._end(clock, key, at)
            except EventUnreadable as fault:
                skipped[str(key)] = str(fault)
                if str(key) not in self.notes.skipped:  # said once, shown as long as it lasts
                    kind = clock.decider.kind
                    structlog.get_logger().error("expiry skipped", kind=kind, key=str(key), fault=str(fault))
        self.notes.skipped = skipped
        return recorded

    def _end(self, clock: Clock, key: UUID, at: datetime) -> bool:
        stream = clock.stream(key)
        events = self.log.events(stream)
        try:
            decided = clock.decider.decide(clock.decider.fold(events), clock.command(key, at))
            self.log.append([Change(stream, len(events), decided)], system_meta("expiry"))
        except DomainError as refusal:  # it changed meanwhile, or the disk is full: the next tick sees
            kind = clock.decider.kind
            structlog.get_logger().info("expiry not recorded", kind=kind, key=str(key), code=refusal.code)
            return False
        return bool(decided)
