"""What searches look with: one model and the generation of vectors that it made, never one without the other.

Whoever looks holds one `Sight` for as long as it takes. A switch puts another in its place between two lookings; the
one before is closed when the last who holds it lets go, and only then its generation may go off the disk.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.calibrating import Calibrations
from app.querying import Queries
from gpu_jobs.encoders import Precision
from search_index.footage_index import FootageIndex


@dataclass(frozen=True, eq=False)
class Sight:
    """Changes never."""

    index: FootageIndex
    queries: Queries
    calibrations: Calibrations
    precision: Precision

    @property
    def generation(self) -> str:
        return self.index.generation


class InForce:
    """The sight that answers now. Threads share it."""

    def __init__(self, sight: Sight) -> None:
        self._lock = threading.Lock()
        self._now = sight
        self._holders: dict[Sight, int] = {sight: 0}  # those before it, too, as long as somebody holds them

    @property
    def now(self) -> Sight:
        """For one question of it; whoever asks several holds it."""
        return self._now

    @property
    def index(self) -> FootageIndex:
        return self._now.index

    @contextmanager
    def held(self) -> Iterator[Sight]:
        """The sight of this moment, which stays open meanwhile."""
        with self._lock:
            sight = self._now
            self._holders[sight] += 1
        try:
            yield sight
        finally:
            with self._lock:
                self._holders[sight] -= 1
            self._close_left()

    def swap(self, sight: Sight) -> None:
        """From the next looking on."""
        with self._lock:
            self._holders[sight] = 0
            self._now = sight
        self._close_left()

    def is_read(self, generation: str) -> bool:
        """Whether somebody still looks with it."""
        with self._lock:
            return any(sight.generation == generation for sight in self._holders)

    def close(self) -> None:
        with self._lock:
            sights, self._holders = list(self._holders), {self._now: 0}
        for sight in sights:
            sight.index.close()

    def _close_left(self) -> None:
        with self._lock:
            left = [sight for sight, holders in self._holders.items() if not holders and sight is not self._now]
            for sight in left:
                del self._holders[sight]
        for sight in left:
            sight.index.close()
