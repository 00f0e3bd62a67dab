"""Whether what ends by itself may end by this clock: one wrong reading must not end every authorisation and consent and
destroy footage for good.

The record says when people last did something. Where the clock is far beyond that, or jumped so far between two things
that people did, it may be wrong: whoever destroys or ends by time waits until an administrator did something. A house
that was left alone for so long waits as well. What the system does by itself proves nothing: it would go by the clock.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from app.call import now
from app.deployment import Deployment
from domain.disclosure import Disclosed
from domain.event import Recorded
from domain.ids import SYSTEM_ACTOR
from domain.log import EventLog, Unreadable
from domain.role_grant import ADMINISTRATOR
from domain.sign_in import SignedIn

BATCH_EVENTS = 1_000


class ClockAhead(Exception):
    """The clock is not gone by."""

    def __init__(self, last: datetime, days: int) -> None:
        super().__init__(
            f"the clock went more than {days} days beyond what people last did, at {last:%Y-%m-%dT%H:%M:%SZ}; set it "
            "right, and let an administrator do something on record, such as change their password"
        )


class ClockWatch:
    """One for each thread: it remembers how far it read the log."""

    def __init__(self, log: EventLog, days: int) -> None:
        self._log, self._days, self._limit = log, days, timedelta(days=days)
        self._position: int | None = None
        self._last: datetime | None = None  # when people last did something
        self._jumped_from: datetime | None = None  # and no administrator did anything since

    def require(self) -> None:
        """Raises ClockAhead."""
        if self._position is None:
            self._position = self._last_word()
        while batch := self._log.read(after=self._position, limit=BATCH_EVENTS):
            for entry in batch:
                if isinstance(entry, Recorded) and entry.meta.actor != SYSTEM_ACTOR:
                    self._take(entry)
            self._position = batch[-1].position
        since = self._jumped_from
        if since is None and self._last is not None and now() - self._last > self._limit:
            since = self._last
        if since is not None:
            raise ClockAhead(since, self._days)

    def _take(self, entry: Recorded) -> None:
        at = entry.meta.recorded_at
        if _by_an_administrator(entry):
            self._jumped_from = None
        elif self._last is not None and at - self._last > self._limit:
            self._jumped_from = self._jumped_from or self._last
        self._last = at

    def _last_word(self) -> int:
        """The position before the last thing that an administrator did; 0 where none did anything."""
        until = self._log.head()
        while until > 0:
            block = self._log.read(after=max(0, until - BATCH_EVENTS), limit=BATCH_EVENTS, until=until)
            for entry in reversed(block):
                if _by_an_administrator(entry):
                    return entry.position - 1
            until -= BATCH_EVENTS
        return 0


def _by_an_administrator(entry: Recorded | Unreadable) -> bool:
    """To sign in and to look is not enough: whoever finds out why something waits does so."""
    if isinstance(entry, Unreadable) or isinstance(entry.event, SignedIn | Disclosed):
        return False
    return ADMINISTRATOR in entry.meta.role.split("+")


def unwatched() -> None:
    """Any clock is gone by."""


def watching(place: Deployment, log: EventLog) -> Callable[[], None]:
    """What raises ClockAhead, for one thread. Nothing in an example is of anybody, and its year may be any."""
    return unwatched if place.settings.example else ClockWatch(log, place.settings.clock_ahead_days).require
