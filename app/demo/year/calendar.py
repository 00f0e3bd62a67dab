"""What is to happen in the year, and when: things that happen add others that follow from them."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TypeAlias

from app.demo.year.clock import YearClock
from domain.kyiv_time import KYIV

BEGINS = datetime(2025, 9, 1, tzinfo=KYIV)
ENDS = datetime(2026, 9, 1, tzinfo=KYIV)
DAYS = (ENDS - BEGINS).days
ROUND = timedelta(days=1)  # between two rounds of what works by itself

Happening: TypeAlias = Callable[[], None]


@dataclass
class Calendar:
    clock: YearClock
    round_: timedelta = ROUND
    happened: int = 0
    _due: list[tuple[datetime, int, Happening]] = field(default_factory=list)
    _entered: int = 0

    def enter(self, at: datetime, happening: Happening) -> None:
        """What would come after the year does not happen."""
        if at < ENDS:
            heapq.heappush(self._due, (at, self._entered, happening))
            self._entered += 1

    def run(self, rounds: Happening, after_each: Happening, report: Callable[[datetime, int], None]) -> None:
        """Live the year: each happening at its time, in the order of entry where times are one; `rounds` in between."""
        next_round = BEGINS + self.round_
        while True:
            at = self._due[0][0] if self._due else ENDS
            while next_round <= at:
                self.clock.reach(next_round)
                rounds()
                report(next_round, self.happened)
                next_round += self.round_
            if not self._due:
                return
            _, _, happening = heapq.heappop(self._due)
            self.clock.reach(at)
            happening()
            self.happened += 1
            after_each()

    def some_day(self, random: Random, first_day: int = 0, last_day: int = DAYS - 1) -> datetime:
        """An instant of working hours, on one of these days of the year."""
        return self._day(random.randint(first_day, last_day), random)

    def _day(self, number: int, random: Random) -> datetime:
        return BEGINS + timedelta(
            days=number, hours=8, minutes=random.randint(0, 11 * 60), seconds=random.randint(0, 59)
        )

    def later(self, random: Random, least_days: float, most_days: float) -> datetime:
        """An instant from now."""
        return self.clock() + timedelta(seconds=round(86_400 * random.uniform(least_days, most_days)))
