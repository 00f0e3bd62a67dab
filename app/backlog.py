"""How much footage is not indexed yet, how far what is under way has come, and when all of it will be done.

The shelf says what waits, the index what was committed: right with any number of workers, and after any restart.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from app.call import now
from app.in_force import InForce
from app.instants import from_us, to_us
from domain.footage_state import ARCHIVED, CLAIMED, FAILED, GIVEN_UP, REJECTED
from projections.backlog_queries import OPEN, Amount, Begun, amounts, begun
from projections.database import ViewsDatabase
from search_index.entries import FootagePace

RATE_MINUTES = 10
FRESH_SECONDS = 1.0  # so long an answer is given again: many who watch ask as one
READS_SHARE = 10.0  # of ten seconds one at most is spent on reading it
ENDS_WITHIN = timedelta(days=3650)  # later is as good as never


class UnderWay(msgspec.Struct, frozen=True, kw_only=True):
    """Footage that a worker has, or that waits for one to go on with it."""

    sha256: str
    camera: UUID
    camera_name: str | None
    state: str
    worker: str | None  # that claimed it last
    attempts: int
    lease_until: datetime | None
    lapsed: bool  # its worker has not been heard of for as long as its lease: another will take it
    done_seconds: float
    total_seconds: float
    rows: int
    rate: float | None
    ends_at: datetime | None


class Backlog(msgspec.Struct, frozen=True, kw_only=True):
    """What is not indexed. `rate` is footage time per time, of what all workers committed in the last `rate_minutes`;
    without one, when it ends is unknown.
    """

    at: datetime
    waiting: Amount
    claimed: Amount
    failed: Amount  # waits for its next attempt
    given_up: Amount  # its attempts are spent: an administrator has it tried again
    rejected: Amount
    left_seconds: float  # of footage that is still to be looked at
    rate: float | None
    rate_minutes: int
    ends_at: datetime | None
    under_way: list[UnderWay]

    @property
    def is_empty(self) -> bool:
        return not any(amount.footages for amount in (self.waiting, self.claimed, self.failed))


@dataclass
class Backlogs:
    """Reads the backlog of an open house, for any number of threads."""

    views: ViewsDatabase
    in_force: InForce
    _alone: threading.Lock = field(default_factory=threading.Lock)
    _last: tuple[float, Backlog] | None = None  # and until when it is given

    def latest(self) -> Backlog:
        """At most FRESH_SECONDS old; older where it takes long to read, so that reading it is a small share of all."""
        last = self._last
        if not self._alone.acquire(blocking=last is None):
            assert last
            return last[1]  # somebody is reading it: nobody else waits for that
        try:
            began = time.monotonic()
            if self._last is None or began >= self._last[0]:
                backlog = self.fresh()
                ended = time.monotonic()
                self._last = ended + max(FRESH_SECONDS, READS_SHARE * (ended - began)), backlog
            return self._last[1]
        finally:
            self._alone.release()

    def fresh(self) -> Backlog:
        return self.read(now())

    def read(self, at: datetime) -> Backlog:
        with self.views.reading() as views:
            of, started = amounts(views), begun(views)
        since_us = to_us(at - timedelta(minutes=RATE_MINUTES))
        with self.in_force.held() as sight:
            pace = sight.index.pace([one.sha256 for one in started], since_us=since_us)
        under_way = [_under_way(one, pace.of.get(one.sha256), at) for one in started]
        left_seconds = sum(of[state].seconds for state in OPEN) - sum(one.done_seconds for one in under_way)
        rate = pace.recent.rate(to_us(at)) if pace.recent else None
        return Backlog(
            at=at,
            waiting=of[ARCHIVED],
            claimed=of[CLAIMED],
            failed=of[FAILED],
            given_up=of[GIVEN_UP],
            rejected=of[REJECTED],
            left_seconds=max(0.0, left_seconds),
            rate=rate,
            rate_minutes=RATE_MINUTES,
            ends_at=_end(at, left_seconds, rate),
            under_way=[one for one in under_way if one.state == CLAIMED or one.done_seconds],
        )


def _under_way(one: Begun, pace: FootagePace | None, at: datetime) -> UnderWay:
    total = one.to_at - one.from_at
    done = timedelta() if pace is None else min(max(timedelta(), from_us(pace.reached_us) - one.from_at), total)
    is_claimed = one.state == CLAIMED
    lapsed = is_claimed and one.lease_until is not None and one.lease_until <= at
    recent = pace.recent if pace and is_claimed and not lapsed else None
    rate = recent.rate(to_us(at)) if recent else None
    return UnderWay(
        sha256=one.sha256,
        camera=one.camera,
        camera_name=one.camera_name,
        state=one.state,
        worker=one.worker,
        attempts=one.attempts,
        lease_until=one.lease_until,
        lapsed=lapsed,
        done_seconds=done.total_seconds(),
        total_seconds=total.total_seconds(),
        rows=pace.rows if pace else 0,
        rate=rate,
        ends_at=_end(at, (total - done).total_seconds(), rate),
    )


def _end(at: datetime, left_seconds: float, rate: float | None) -> datetime | None:
    if not rate or left_seconds <= 0:
        return None
    seconds = left_seconds / rate
    return at + timedelta(seconds=seconds) if seconds <= ENDS_WITHIN.total_seconds() else None
