"""Each event is in the views once, whatever happens on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

import projections.projector
from domain.event import Recorded
from projections.database import ViewsDatabase, open_views
from projections.projector import Projector
from projections.status import BEHIND, LIVE, RETRYING, STOPPED
from projections.views import VIEWS
from tests.conftest import ROOT
from tests.fakes_log import MemoryEventLog
from tests.projections.folding_tools import digests, moves, random_moves, with_hook
from tests.projections.histories import Moves, write


def folded(history: Moves, batch_events: int) -> dict[str, str]:
    log = MemoryEventLog()
    write(log, history)
    database = open_views(None, VIEWS)
    assert Projector(log, database, batch_events=batch_events).catch_up() == log.head()
    found = digests(database)
    database.close()
    return found


class Crash(BaseException):
    """The process is gone: nothing catches this."""


@settings(max_examples=25, deadline=None)
@given(history=moves, batch_events=st.integers(2, 50))
def test_batches_and_single_events_give_equal_views(history: Moves, batch_events: int) -> None:
    assert folded(history, batch_events) == folded(history, 1)


@settings(max_examples=25, deadline=None)
@given(history=moves, batch_events=st.integers(1, 20), crash_at=st.integers(1, 80))
def test_crash_between_any_two_events_leaves_each_in_the_views_once(
    history: Moves, batch_events: int, crash_at: int
) -> None:
    calls = 0

    def crash_once(_: Recorded) -> None:
        nonlocal calls
        calls += 1
        if calls == crash_at:
            raise Crash

    log = MemoryEventLog()
    write(log, history)
    database = open_views(None, [with_hook(view, crash_once) for view in VIEWS])
    for _ in range(2):
        try:
            Projector(log, database, batch_events=batch_events).catch_up()
        except Crash:
            continue
    assert digests(database) == folded(history, 7)
    database.close()


def test_crash_after_the_commit_is_not_folded_again(
    log: MemoryEventLog, database: ViewsDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = random_moves(120)
    write(log, history)

    def gone(*_: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(Projector, "_reach", gone)
        with pytest.raises(Crash):
            Projector(log, database, batch_events=40).step()
    assert database.position() == 40
    Projector(log, database, batch_events=40).catch_up()
    assert digests(database) == folded(history, 7)


def test_killed_process_leaves_views_that_go_on(tmp_path: Path) -> None:
    """kill -9 at random moments, five times, then to the end: equal to a fold without a kill."""
    program = (
        "import sys; from pathlib import Path; from tests.fakes_log import MemoryEventLog\n"
        "from tests.projections.histories import write; from tests.projections.folding_tools import random_moves\n"
        "from projections.database import open_views; from projections.projector import Projector\n"
        "from projections.views import VIEWS\n"
        "log = MemoryEventLog(); write(log, random_moves(600))\n"
        "projector = Projector(log, open_views(Path(sys.argv[1]), VIEWS), batch_events=3)\n"
        "print('ready', flush=True)\n"
        "while projector.step(): print(projector.status()[0].position, flush=True)\n"
        "print('done', flush=True)\n"
    )
    path = tmp_path / "views.db"
    positions = []
    for kill_after in (1, 7, 20, 33, 50):
        process = subprocess.Popen(
            [sys.executable, "-c", program, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        with process.stdout as lines:
            assert lines.readline() == "ready\n"
            for _ in range(kill_after):
                lines.readline()
            os.kill(process.pid, signal.SIGKILL)
            process.wait(60)
        reopened = open_views(path, VIEWS)
        positions.append(reopened.position())
        reopened.close()
    assert positions == sorted(positions)
    assert positions[-1] >= 3 * (1 + 7 + 20 + 33 + 50)
    log = MemoryEventLog()
    write(log, random_moves(600))
    assert positions[-1] < log.head(), "the last kill must come before the end"
    database = open_views(path, VIEWS)
    Projector(log, database).catch_up()
    assert digests(database) == folded(random_moves(600), 50)
    database.close()


def test_several_projectors_fold_each_event_once(tmp_path: Path, log: MemoryEventLog) -> None:
    history = random_moves(400)
    write(log, history)
    databases = [open_views(tmp_path / "views.db", VIEWS) for _ in range(3)]
    projectors = [Projector(log, database, batch_events=5) for database in databases]
    threads = [threading.Thread(target=projector.catch_up) for projector in projectors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert all(database.position() == log.head() for database in databases)
    assert digests(databases[0]) == folded(history, 9)
    for database in databases:
        database.close()


def test_wait_returns_once_the_position_is_in_the_views(log: MemoryEventLog, projector: Projector) -> None:
    write(log, random_moves(30))
    assert not projector.wait(1, 0.01)
    stop = threading.Event()
    runner = threading.Thread(target=projector.run, args=(stop,))
    runner.start()
    try:
        assert projector.wait(log.head(), 60)
    finally:
        stop.set()
        runner.join(60)
    assert not runner.is_alive()
    assert not projector.wait(log.head() + 1, 0.01)


def test_wait_sees_what_another_process_folded(tmp_path: Path, log: MemoryEventLog) -> None:
    write(log, random_moves(30))
    mine, others = (open_views(tmp_path / "views.db", VIEWS) for _ in range(2))
    waiting = Projector(log, mine)
    Projector(log, others).catch_up()
    assert waiting.wait(log.head(), 60)
    mine.close()
    others.close()


def test_run_follows_the_log_as_it_grows(log: MemoryEventLog, projector: Projector) -> None:
    stop = threading.Event()
    runner = threading.Thread(target=projector.run, args=(stop,))
    runner.start()
    try:
        district = write(log, random_moves(10))
        for number in range(5):
            write(log, random_moves(4, seed=number), district)
            assert projector.wait(log.head(), 60)
            assert {status.lag for status in projector.status()} == {0}
    finally:
        stop.set()
        runner.join(60)
    assert not runner.is_alive()


def test_status_tells_lag_and_state(log: MemoryEventLog, projector: Projector) -> None:
    write(log, random_moves(50))
    before = projector.status()
    assert [status.name for status in before] == [view.name for view in VIEWS]
    assert {(status.position, status.head, status.lag, status.state) for status in before} == {
        (0, log.head(), log.head(), BEHIND)
    }
    projector.catch_up()
    assert {(status.lag, status.state, status.parked) for status in projector.status()} == {(0, LIVE, 0)}


def test_busy_database_is_waited_for_and_parks_nothing(
    log: MemoryEventLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.dialect.LOCK_WAIT_SECONDS", 0.05)
    write(log, random_moves(40))
    database, other = (open_views(tmp_path / "views.db", VIEWS) for _ in range(2))
    projector = Projector(log, database)
    stop = threading.Event()
    with other.writing() as holder:  # another process writes, for longer than the lock is waited for
        holder.execute(text("SELECT 1"))
        with pytest.raises(OperationalError, match="locked"):
            projector.step()
        runner = threading.Thread(target=projector.run, args=(stop,))
        runner.start()
        deadline = time.monotonic() + 60
        while {status.state for status in projector.status()} != {RETRYING} and time.monotonic() < deadline:
            time.sleep(0.01)
        assert {status.state for status in projector.status()} == {RETRYING}
        assert "locked" in str(projector.status()[0].fault)
    try:
        assert projector.wait(log.head(), 60)
    finally:
        stop.set()
        runner.join(60)
    assert projector.parked() == []
    assert {status.state for status in projector.status()} == {LIVE}
    database.close()
    other.close()


def test_full_disk_parks_nothing_and_nothing_is_lost(log: MemoryEventLog, database: ViewsDatabase) -> None:
    write(log, random_moves(600))
    projector = Projector(log, database, batch_events=50)
    with database.writing() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count = {pages + 20}"))
    with pytest.raises(OperationalError, match="full"):
        projector.catch_up()
    stopped_at = database.position()
    assert 0 < stopped_at < log.head()
    with pytest.raises(OperationalError, match="full"):
        projector.step()
    assert database.position() == stopped_at
    assert projector.parked() == []
    with database.writing() as connection:
        connection.execute(text("PRAGMA max_page_count = 1000000"))
    projector.catch_up()
    assert digests(database) == folded(random_moves(600), 50)


def test_database_fault_within_a_fold_parks_nothing(log: MemoryEventLog) -> None:
    """A fold that reads a row may find the database away: that is no fault of the event."""
    faults = [OperationalError("SELECT", {}, Exception("disk I/O error"))]

    def away_once(_: Recorded) -> None:
        if faults:
            raise faults.pop()

    write(log, random_moves(60))
    database = open_views(None, [with_hook(view, away_once) for view in VIEWS])
    projector = Projector(log, database)
    with pytest.raises(OperationalError):
        projector.step()
    projector.catch_up()
    assert projector.parked() == []
    assert digests(database) == folded(random_moves(60), 50)
    database.close()


class AwayLog(MemoryEventLog):
    """A log that is away now and then."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[Exception] = []

    def read(self, **arguments: Any) -> Any:
        if self.faults:
            raise self.faults.pop()
        return super().read(**arguments)


class LogAway(Exception):
    pass


def test_log_that_is_away_is_waited_for(database: ViewsDatabase) -> None:
    log = AwayLog()
    projector = Projector(log, database, transient=(LogAway,))
    write(log, random_moves(20))
    log.faults = [OSError("disk away"), LogAway("restarting")]
    stop = threading.Event()
    runner = threading.Thread(target=projector.run, args=(stop,))
    runner.start()
    try:
        assert projector.wait(log.head(), 60)
    finally:
        stop.set()
        runner.join(60)
    assert log.faults == []


def test_fault_that_is_not_transient_stops_the_loop_and_is_told(database: ViewsDatabase) -> None:
    log = AwayLog()
    projector = Projector(log, database)
    write(log, random_moves(20))
    log.faults = [LogAway("for good")]
    with pytest.raises(LogAway):
        projector.run(threading.Event())
    assert {(status.state, status.fault) for status in projector.status()} == {(STOPPED, "LogAway: for good")}


def test_back_off_grows_to_its_limit(
    database: ViewsDatabase, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(projections.projector, "BACK_OFF_SECONDS_MIN", 0.001)
    monkeypatch.setattr(projections.projector, "BACK_OFF_SECONDS_MAX", 0.004)
    log = AwayLog()
    projector = Projector(log, database)
    write(log, random_moves(5))
    log.faults = [OSError("away")] * 5
    stop = threading.Event()
    runner = threading.Thread(target=projector.run, args=(stop,))
    runner.start()
    try:
        assert projector.wait(log.head(), 60)
    finally:
        stop.set()
        runner.join(60)
    waited = [record.args[0] for record in caplog.records if "waits" in record.msg and isinstance(record.args, tuple)]
    assert waited == [0.001, 0.002, 0.004, 0.004, 0.004]
