"""A clock that is far ahead of what people did is not gone by, until an administrator does something."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from app import clock_watch
from app.clock_watch import ClockAhead, ClockWatch
from domain.account import PasswordChanged
from domain.event import Event, Meta
from domain.ids import SYSTEM_ACTOR
from domain.log import Change
from domain.sign_in import SignedIn
from tests.fakes_log import MemoryEventLog

BEGAN = datetime(2026, 11, 20, 12, tzinfo=UTC)
YEARS_AHEAD = BEGAN + timedelta(days=1_000)


class Office:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.log, self.at = MemoryEventLog(), BEGAN
        self.watch = ClockWatch(self.log, days=30)
        monkeypatch.setattr(clock_watch, "now", lambda: self.at)

    def does(self, role: str, event: Event | None = None) -> None:
        actor = SYSTEM_ACTOR if role == "system" else uuid4()
        meta = Meta(
            actor=actor, role=role, purpose="work", command_id=uuid4(), correlation_id=uuid4(), recorded_at=self.at
        )
        self.log.append([Change(uuid4(), 0, (event or PasswordChanged(credential=uuid4()),))], meta)

    def waits(self) -> bool:
        """Told alike by who watched all the time, and by who has just started."""
        told = {_waits(watch) for watch in (self.watch, ClockWatch(self.log, days=30))}
        assert len(told) == 1
        return told.pop()


def _waits(watch: ClockWatch) -> bool:
    try:
        watch.require()
    except ClockAhead:
        return True
    return False


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    return Office(monkeypatch)


def test_who_did_nothing_yet_has_nothing_to_lose(office: Office) -> None:
    office.does("system")
    office.at = YEARS_AHEAD
    assert not office.waits()


def test_a_quiet_month_is_gone_by_and_more_is_not(office: Office) -> None:
    office.does("administrator")
    office.at += timedelta(days=30)
    assert not office.waits()
    office.at += timedelta(seconds=1)
    with pytest.raises(ClockAhead, match="more than 30 days beyond what people last did, at 2026-11-20T12:00:00Z"):
        office.watch.require()


@pytest.mark.parametrize("ends", ["administrator", "administrator+supervisor"])
def test_an_administrator_alone_ends_it(office: Office, ends: str) -> None:
    office.does("administrator")
    office.does("officer")
    office.at = YEARS_AHEAD
    assert office.waits()
    for role, event in (("system", None), ("officer", None), ("administrator", SignedIn(account=uuid4()))):
        office.does(role, event)
        assert office.waits(), role
    office.does(ends)
    assert not office.waits()


def test_a_clock_that_was_set_right_is_gone_by_once_an_administrator_did_something(office: Office) -> None:
    office.does("officer")
    office.at = YEARS_AHEAD
    office.does("officer")
    office.at = BEGAN + timedelta(hours=1)
    office.does("officer")
    assert office.waits()
    office.does("administrator")
    assert not office.waits()


def test_it_looks_back_however_much_the_system_did(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_watch, "BATCH_EVENTS", 2)
    office.does("administrator")
    office.at += timedelta(days=29)
    for _ in range(5):
        office.does("system")
    office.does("officer")
    office.at += timedelta(days=2)
    assert not office.waits()
    office.at += timedelta(days=29)
    office.does("system")
    with pytest.raises(ClockAhead):
        ClockWatch(office.log, days=30).require()
