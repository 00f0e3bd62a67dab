"""Several processes, one log."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path
from uuid import uuid5

import pytest

from app.event_store import wakeup
from domain.event import Recorded
from tests.app.event_store.samples import Store, change, counted, meta
from tests.app.event_store.writer import SHARED
from tests.waiting import SECONDS_MAX

pytestmark = pytest.mark.usefixtures("patient")


def start(folder: Path, name: str, count: int = 1) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "tests.app.event_store.writer", str(folder), name, str(count)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def output(process: subprocess.Popen[str]) -> str:
    printed, faults = process.communicate(timeout=SECONDS_MAX)
    assert process.returncode == 0, faults
    return printed


def test_processes_that_open_a_new_log_at_once_and_append_to_one_stream(tmp_path: Path) -> None:
    store = Store(tmp_path / "prepared")  # its root key is shared: making one is `oberih init`'s, once
    store.close()
    for path in (store.log_path, store.keys_path):
        path.unlink()
    writers = [start(store.folder, name, 25) for name in ("a", "b", "c")]
    positions = sorted(int(line) for writer in writers for line in output(writer).split())
    assert positions == list(range(2, 151, 2))

    store = Store(store.folder)
    rows = store.log.read()
    assert [row.position for row in rows] == list(range(1, 151))
    assert all(isinstance(row, Recorded) for row in rows)
    assert [row.version for row in rows if row.stream == SHARED] == list(range(1, 76))
    for name in ("a", "b", "c"):
        assert [row.version for row in rows if row.stream == uuid5(SHARED, name)] == list(range(1, 26))
    store.close()


def test_one_command_sent_by_several_processes_at_once_is_done_once(store: Store) -> None:
    writers = [start(store.folder, "once") for _ in range(3)]
    assert len({output(writer) for writer in writers}) == 1
    assert store.log.head() == 1


def test_an_append_of_another_process_wakes_who_waits(store: Store) -> None:
    store.log.append([change(uuid5(SHARED, "first"), 0, *counted(1))], meta())
    assert not store.log.wait(after=1, timeout_seconds=0.01)
    writer = start(store.folder, "other")
    assert store.log.wait(after=2, timeout_seconds=SECONDS_MAX)
    assert store.log.head() == 3
    output(writer)
    assert not store.log.wait(after=3, timeout_seconds=0.15)


def test_this_process_is_woken_without_a_poll(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wakeup, "POLL_SECONDS", SECONDS_MAX)
    answers: list[bool] = []
    waiting = threading.Thread(target=lambda: answers.append(store.log.wait(after=0, timeout_seconds=SECONDS_MAX)))
    waiting.start()
    time.sleep(0.1)
    store.log.append([change(SHARED, 0, *counted(1))], meta())
    waiting.join(timeout=SECONDS_MAX)
    assert answers == [True]


def test_closing_wakes_who_waits(store: Store) -> None:
    answers: list[bool] = []
    waiting = threading.Thread(target=lambda: answers.append(store.log.wait(after=0, timeout_seconds=SECONDS_MAX)))
    waiting.start()
    store.close()
    waiting.join(timeout=SECONDS_MAX)
    assert answers == [False]
