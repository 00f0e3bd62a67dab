"""When the work beside the requests is done: by threads of its own, or where its turn comes, by whoever drives it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import NamedTuple

from app.background import Background, Notes
from projections.projector import Projector


class Rhythm(NamedTuple):
    background: Callable[[], Background]
    projector: type[Projector]


class Unstarted(Background):
    """Threads that never start, but for one whose work leaves nothing in the record."""

    STARTED = frozenset({"index of names"})

    def start(self, name: str, run: Callable[[threading.Event], None], notes: Notes | None = None) -> None:
        if name in self.STARTED:
            super().start(name, run, notes)

    def end(self, *names: str) -> None:
        super().end(*(name for name in names if name in self.STARTED))


class AtOnce(Projector):
    """Folds when it is waited for, in the thread that waits: views never lag, and never by chance."""

    def wait(self, position: int, timeout_seconds: float) -> bool:
        return self.catch_up() >= position or super().wait(position, timeout_seconds)


THREADS = Rhythm(Background, Projector)
STEPPED = Rhythm(Unstarted, AtOnce)
