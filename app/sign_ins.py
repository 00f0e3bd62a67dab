"""Signing in is on record before a token is given out; where it cannot be recorded, nobody is signed in.

What was refused is recorded a moment later, by a thread beside the requests: the record keeps refusals of accounts
that exist and of no others, and writing it before the answer would tell by the clock which ones those are. How many
there can be is bounded by the throttle of `app.access.passwords`: a wait is put on record once, however many attempts
come in it.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from uuid import UUID, uuid4

import structlog

from app.access.gate import Principal
from app.background import Notes
from app.call import now
from app.clockwork import system_meta
from app.event_store.faults import LogBusy
from domain.errors import LogFull
from domain.event import Event, Meta
from domain.log import Change, EventLog
from domain.sign_in import SignedIn, SignInRefused
from domain.vocabulary import SIGN_IN_REFUSALS
from projections.errors import TRANSIENT

PURPOSE = "sign-in"
POLL_SECONDS, RETRY_SECONDS = 0.1, 5.0
WAITS: tuple[type[Exception], ...] = (*TRANSIENT, LogFull, LogBusy)


@dataclass(frozen=True)
class SignIns:
    log: EventLog
    notes: Notes = field(default_factory=Notes)
    _waiting: SimpleQueue[tuple[Event, Meta]] = field(default_factory=SimpleQueue)

    def opened(self, principal: Principal, *, initial: bool, correlation_id: UUID) -> None:
        """Raises domain.errors.LogFull where it cannot be recorded: give no token then."""
        meta = Meta(
            actor=principal.account,
            role="+".join(sorted(principal.roles)) or "none",
            purpose=PURPOSE,
            command_id=uuid4(),
            correlation_id=correlation_id,
            recorded_at=now(),
        )
        self.log.append(_alone(SignedIn(account=principal.account, initial=initial)), meta)

    def refused(self, account: UUID, code: str) -> None:
        """To be recorded soon, in order. The account exists."""
        if code not in SIGN_IN_REFUSALS:
            raise ValueError(f"{code} is none of domain.vocabulary.SIGN_IN_REFUSALS")
        self._waiting.put((SignInRefused(account=account, code=code), system_meta(PURPOSE)))

    def run(self, stop: threading.Event) -> None:
        """Record what was refused, until `stop` is set and nothing waits."""
        while not (stop.is_set() and self._waiting.empty()):
            try:
                event, meta = self._waiting.get(timeout=POLL_SECONDS)
            except Empty:
                continue
            self._record(event, meta, stop)

    def _record(self, event: Event, meta: Meta, stop: threading.Event) -> None:
        """Until the log takes it again; the same command id, so that it is done once."""
        while True:
            try:
                self.log.append(_alone(event, meta.command_id), meta)
                self.notes.fault = None
                return
            except WAITS as fault:
                self.notes.fault = f"{type(fault).__name__}: {fault}"
                if stop.wait(RETRY_SECONDS):
                    structlog.get_logger().error("refused sign-in not recorded", fault=self.notes.fault)
                    return


def _alone(event: Event, stream: UUID | None = None) -> Sequence[Change]:
    """A stream of its own: who signs in never waits for anybody else."""
    return (Change(stream or uuid4(), 0, (event,)),)
