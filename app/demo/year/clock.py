"""The year's clock: it stands still between two happenings and never goes back. The only one that a process is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from app.clock import told_by

REQUEST = timedelta(seconds=1)  # that every request takes, so that no two are recorded at one instant


class YearClock:
    def __init__(self, begins: datetime) -> None:
        self._at = begins

    def __call__(self) -> datetime:
        return self._at

    def reach(self, at: datetime) -> None:
        """Go on to that instant, where it is to come."""
        self._at = max(self._at, at)

    def pass_request(self) -> None:
        self._at += REQUEST


@contextmanager
def simulated(begins: datetime) -> Iterator[YearClock]:
    """While held, all of this process goes by the year's clock. Raises DeploymentFault as `app.clock.told_by` does."""
    clock = YearClock(begins)
    with told_by(clock):
        yield clock
