"""The views as they were at any position or instant, the same every time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Invalid
from domain.event import Recorded
from projections import replay
from projections.database import open_views
from projections.folding import fold
from projections.projector import Projector
from projections.replay import views_at
from projections.view import live
from projections.views import VIEWS
from tests.fakes_log import MemoryEventLog
from tests.projections.folding_tools import TornLog, digests, moves, random_moves
from tests.projections.histories import START, STEP, Moves, write


@settings(max_examples=15, deadline=None)
@given(history=moves, part=st.floats(0, 1))
def test_replay_to_any_position_gives_the_live_views_of_that_moment(history: Moves, part: float) -> None:
    log = MemoryEventLog()
    database = open_views(None, VIEWS)
    projector = Projector(log, database)
    stop_after = int(part * len(history))
    district = write(log, history[:stop_after])
    projector.catch_up()
    position, then = log.head(), digests(database)
    write(log, history[stop_after:], district)
    projector.catch_up()
    with views_at(log, position=position) as past:
        assert past.position() == position
        assert digests(past) == then
    database.close()


def test_two_replays_are_identical_whatever_their_batches(
    log: MemoryEventLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(log, random_moves(200))
    position = log.head() // 2
    found = []
    for batch_events, path in ((1_000, None), (7, tmp_path / "past.db"), (position, None)):
        monkeypatch.setattr(replay, "BATCH_EVENTS", batch_events)
        with views_at(log, position=position, path=path) as past:
            found.append(digests(past))
    assert found[0] == found[1] == found[2]
    with views_at(log, position=position + 1) as other:
        assert digests(other) != found[0]


def test_replay_to_an_instant_ends_with_the_last_event_that_is_not_later(log: MemoryEventLog) -> None:
    write(log, random_moves(200))
    rows = log.read(limit=10_000)
    for row in (rows[0], rows[70], rows[-1]):
        until = row.meta.recorded_at
        last = max(other.position for other in rows if other.meta.recorded_at <= until)
        with views_at(log, until=until) as past, views_at(log, position=last) as expected:
            assert past.position() == last
            assert digests(past) == digests(expected)
    with views_at(log, until=START) as nothing, views_at(log, position=0) as empty:
        assert digests(nothing) == digests(empty)
    with views_at(log, until=rows[-1].meta.recorded_at + timedelta(days=400)) as now:
        assert now.position() == log.head()


class JumpingClock(MemoryEventLog):
    """A log whose clock was set on or back at these positions."""

    def __init__(self, jumps: dict[int, timedelta]) -> None:
        super().__init__()
        self._jumps = jumps

    def read(self, *, after: int = 0, limit: int = 500, until: int | None = None) -> Sequence[Recorded]:
        return [self._jumped(row) for row in super().read(after=after, limit=limit, until=until)]

    def _jumped(self, row: Recorded) -> Recorded:
        off = sum((jump for at, jump in self._jumps.items() if at <= row.position), timedelta())
        meta = msgspec.structs.replace(row.meta, recorded_at=row.meta.recorded_at + off)
        return msgspec.structs.replace(row, meta=meta)


@settings(max_examples=25, deadline=None)
@given(jumps=st.dictionaries(st.integers(1, 99), st.integers(-90, 90), max_size=4), part=st.floats(0, 1))
def test_replay_to_an_instant_keeps_what_was_recorded_until_then_though_the_clock_jumped(
    jumps: dict[int, int], part: float
) -> None:
    """Each stream up to its first later event, wherever these stand in the log."""
    log = JumpingClock({at: steps * STEP for at, steps in jumps.items()})
    write(log, random_moves(100))
    rows = log.read(limit=10_000)
    until = START + part * len(rows) * STEP
    later = {row.stream: row.position for row in reversed(rows) if row.meta.recorded_at > until}
    kept = [row for row in rows if row.position < later.get(row.stream, log.head() + 1)]
    expected = open_views(None, VIEWS)
    with expected.writing() as connection:
        fold(connection, [live(view) for view in VIEWS], kept)
    with views_at(log, until=until) as past:
        assert digests(past) == digests(expected)
        assert past.position() == (kept[-1].position if kept else 0)
    expected.close()


def test_a_clock_that_was_fast_once_hides_nothing_that_came_after() -> None:
    jumping = JumpingClock({30: timedelta(days=9_000), 31: -timedelta(days=9_000)})
    write(jumping, random_moves(100))
    with views_at(jumping, until=START + timedelta(days=400)) as past:
        assert past.position() == jumping.head()


def test_replay_takes_an_instant_of_any_timezone(log: MemoryEventLog) -> None:
    from zoneinfo import ZoneInfo

    write(log, random_moves(50))
    until = START + 20 * STEP
    with views_at(log, until=until) as utc, views_at(log, until=until.astimezone(ZoneInfo("Europe/Kyiv"))) as kyiv:
        assert utc.position() == kyiv.position()


def test_replay_parks_what_does_not_decode() -> None:
    log = TornLog()
    write(log, random_moves(60))
    log.torn[5] = "rumour.spread"
    with views_at(log, position=60) as past:
        assert past.position() == 60


@pytest.mark.parametrize("position", [-1, 10_000])
def test_replay_to_no_position_of_the_log_is_refused(log: MemoryEventLog, position: int) -> None:
    write(log, random_moves(20))
    with pytest.raises(Invalid, match=f"position: {position} is not within 0 to {log.head()}"):
        views_at(log, position=position).__enter__()


def test_replay_until_a_time_without_timezone_is_refused(log: MemoryEventLog) -> None:
    with pytest.raises(Invalid, match="until: it has no timezone"):
        views_at(log, until=datetime(2026, 9, 1, tzinfo=UTC).replace(tzinfo=None)).__enter__()


def test_replay_needs_either_position_or_instant(log: MemoryEventLog) -> None:
    with pytest.raises(ValueError, match="either"):
        views_at(log).__enter__()
    with pytest.raises(ValueError, match="either"):
        views_at(log, position=0, until=START).__enter__()
