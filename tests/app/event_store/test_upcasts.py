"""Old shapes are brought to the present on read; what is stored stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest

from app.event_store.mapper import EventMapper
from app.event_store.sqlite_log import SqliteEventLog
from app.event_store.upcasts import UPCASTS, Upcast, steps_to_present
from domain.event import TOPICS, Event, Recorded
from domain.log import Unreadable
from domain.personal import Reason
from domain.sealed import Sealed
from tests.app.event_store.samples import SAMPLES, Noted, Store, change, counted, meta, noted

A = UUID(int=0xA)


class OldNoted(Event, frozen=True, kw_only=True):
    """How a note looked two shapes ago. It has no TOPIC of its own: it was retired from the registry."""

    headline: str
    note: Sealed[Reason]


OldNoted.TOPIC = "test.noted:1"


def headline_to_heading(fields: dict[str, Any]) -> dict[str, Any]:
    return {"heading": fields["headline"], "note": fields["note"]}


def heading_to_title(fields: dict[str, Any]) -> dict[str, Any]:
    return {"title": fields["heading"], "note": fields["note"]}


CHAIN = {
    "test.noted:1": Upcast("test.noted:2", headline_to_heading),
    "test.noted:2": Upcast("test.noted", heading_to_title),
}


@pytest.fixture
def old_store(store: Store) -> Store:
    """Its log holds one note of two shapes ago, and one event of today."""
    mapper = EventMapper(store.vault, topics={"test.noted:1": OldNoted})
    with SqliteEventLog(store.log_path, store.vault, mapper=mapper) as log:
        log.append([change(A, 0, OldNoted(headline="plain", note=noted("told long ago").note))], meta())
    store.log.append([change(A, 1, *counted(2))], meta())
    return store


@contextmanager
def reading(store: Store, upcasts: Mapping[str, Upcast]) -> Iterator[SqliteEventLog]:
    with SqliteEventLog(
        store.log_path, store.vault, mapper=EventMapper(store.vault, topics=SAMPLES, upcasts=upcasts)
    ) as log:
        yield log


def test_a_retired_shape_is_read_as_the_present_one_and_its_sealed_part_still_opens(old_store: Store) -> None:
    with reading(old_store, CHAIN) as log:
        row, _ = log.read()
        assert isinstance(row, Recorded)
        assert isinstance(row.event, Noted)
        assert row.event.title == "plain"
        assert row.event.note.token is not None
        assert row.event.note.token.topic == "test.noted:1", "it stays bound to the topic it was sealed under"
        assert old_store.vault.open(row.event.note.token, Reason) == Reason("told long ago")
        assert log.events(A)[0] == row.event


def test_without_its_upcast_it_is_unreadable_and_the_rest_is_not(old_store: Store) -> None:
    with reading(old_store, {}) as log:
        bad, good = log.read()
    assert isinstance(bad, Unreadable)
    assert bad.topic == "test.noted:1"
    assert isinstance(good, Recorded)


def test_an_upcast_that_fails_is_a_fault_of_its_row(old_store: Store) -> None:
    with reading(old_store, {"test.noted:1": Upcast("test.noted", heading_to_title)}) as log:
        bad, good = log.read()
    assert isinstance(bad, Unreadable)
    assert bad.fault == "KeyError: 'heading'"
    assert isinstance(good, Recorded)


def test_steps_that_go_round_in_a_circle_are_refused() -> None:
    circle = {"a": Upcast("b", dict), "b": Upcast("a", dict)}
    with pytest.raises(LookupError, match=r"topic '[ab]'"):
        steps_to_present("a", {}, circle)


def test_every_upcast_of_ours_leads_to_an_event_and_none_starts_at_one() -> None:
    for topic in UPCASTS:
        assert topic not in TOPICS, f"{topic} is both retired and in use"
        assert steps_to_present(topic, TOPICS, UPCASTS)
