from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.event_store import sqlite_file
from tests.app.event_store.samples import Store
from tests.waiting import SECONDS_MAX


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for its turn to write gives up no sooner than the tests do: a machine that stood still for a while is
    no fault of the log's."""
    monkeypatch.setattr(sqlite_file, "BUSY_TIMEOUT_MS", int(SECONDS_MAX * 1_000))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path)
    yield store
    store.close()
