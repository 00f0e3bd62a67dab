from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.event_store.samples import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path)
    yield store
    store.close()
