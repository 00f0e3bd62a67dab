"""Views with faults, logs with faults, and the digests that tell whether two databases hold the same."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import hypothesis.strategies as st
import msgspec

from domain.event import Recorded
from domain.log import Unreadable
from projections.database import ViewsDatabase
from projections.replay import view_digest
from projections.rows import Rows
from projections.view import View
from projections.views import VIEWS
from tests.fakes_log import MemoryEventLog

moves = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), min_size=1, max_size=70)


def random_moves(count: int, seed: int = 1) -> list[tuple[int, int]]:
    rng = random.Random(seed)
    return [(rng.randrange(200), rng.randrange(10_000)) for _ in range(count)]


def digests(database: ViewsDatabase) -> dict[str, str]:
    with database.reading() as connection:
        return {view.name: view_digest(connection, view) for view in database.views}


def with_hook(view: View, hook: Callable[[Recorded], None]) -> View:
    """The view, whose every fold is preceded by a call of `hook`."""

    def hooked(fold: Callable[[Rows, Recorded, Any], None]) -> Callable[[Rows, Recorded, Any], None]:
        def call(rows: Rows, at: Recorded, event: Any) -> None:
            hook(at)
            fold(rows, at, event)

        return call

    return msgspec.structs.replace(view, folds={kind: hooked(fold) for kind, fold in view.folds.items()})


def views_with(name: str, hook: Callable[[Recorded], None]) -> tuple[View, ...]:
    return tuple(with_hook(view, hook) if view.name == name else view for view in VIEWS)


class Poisoned:
    """Raises at these positions, until it is cured."""

    def __init__(self, *positions: int) -> None:
        self.positions = set(positions)

    def __call__(self, at: Recorded) -> None:
        if at.position in self.positions:
            raise ValueError(f"cannot take position {at.position}")


class TornLog(MemoryEventLog):
    """A log in which some rows do not decode."""

    def __init__(self) -> None:
        super().__init__()
        self.torn: dict[int, str] = {}  # position to the topic that its row claims

    def read(self, *, after: int = 0, limit: int = 500, until: int | None = None) -> Sequence[Any]:
        return [
            Unreadable(row.position, row.stream, row.version, self.torn[row.position], "bytes are not what they were")
            if row.position in self.torn
            else row
            for row in super().read(after=after, limit=limit, until=until)
        ]
