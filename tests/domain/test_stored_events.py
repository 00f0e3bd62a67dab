"""No event that was ever stored becomes unreadable: every line of stored_events.jsonl still reads as it must."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from app.event_store.mapper import EventMapper
from app.event_store.vault import Vault
from domain.event import TOPICS
from tests.domain.golden import NAMESPACE, Line, fixed_keys, lines, missing_shapes, readable

LINES = lines()


@pytest.mark.parametrize("line", LINES, ids=[f"{number}-{line.topic}" for number, line in enumerate(LINES, 1)])
def test_every_stored_event_reads_as_it_must(line: Line, tmp_path: Path) -> None:
    with fixed_keys(tmp_path, line.keys) as keys:
        vault = Vault(keys)
        row = EventMapper(vault).recorded(1, NAMESPACE, line.version, line.topic, line.state)
        assert plain(readable(row.event, vault)) == (line.event if line.now is None else line.now)
        assert plain(row.meta) == line.meta


def test_every_event_of_today_has_its_lines() -> None:
    assert [cls.TOPIC for cls in missing_shapes()] == [], "run: python -m tests.domain.golden, and commit what it adds"


def test_a_topic_whose_lines_are_there_is_in_use_or_has_an_upcast() -> None:
    for line in LINES:
        assert (line.topic in TOPICS) == (line.now is None), f"{line.topic} was retired: give its lines a `now`"


def plain(value: object) -> object:
    """As it comes out of a JSON file."""
    return msgspec.json.decode(msgspec.json.encode(value))
