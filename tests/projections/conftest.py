"""A log in memory, and the views' database in a file of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from projections.database import ViewsDatabase, open_views
from projections.projector import Projector
from projections.views import VIEWS
from tests.fakes_log import MemoryEventLog


@pytest.fixture
def log() -> MemoryEventLog:
    return MemoryEventLog()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[ViewsDatabase]:
    opened = open_views(tmp_path / "views.db", VIEWS)
    yield opened
    opened.close()


@pytest.fixture
def projector(log: MemoryEventLog, database: ViewsDatabase) -> Projector:
    return Projector(log, database)
