"""Who wrote reads it back: the answer to a command waits for the views, which are folded in another thread."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest

from app.access.gate import Gate, Principal
from app.access.operations import Operation
from app.call import Call
from app.desk import VIEWS_WAIT_SECONDS, Desk, Loaded, expect
from domain.errors import VersionConflict
from domain.log import Change
from domain.unit import UnitCreated
from projections.database import open_views
from projections.projector import Projector
from projections.views import VIEWS
from tests.domain.examples import OLENA, UNIT
from tests.fakes_log import MemoryEventLog

CREATED = UnitCreated(name="Подільське управління", region="UA-30", kind="duty")


class Waited(Projector):
    """A projector that nobody runs, and what it was asked to wait for."""

    def __init__(self, log: MemoryEventLog) -> None:
        super().__init__(log, open_views(None, VIEWS))
        self.waits: list[tuple[int, float]] = []

    def wait(self, position: int, timeout_seconds: float) -> bool:
        self.waits.append((position, timeout_seconds))
        return super().wait(position, 0)


@pytest.fixture
def log() -> MemoryEventLog:
    return MemoryEventLog()


def call(expected_version: int | None = None) -> Call:
    return Call(
        principal=Principal(account=OLENA, roles=frozenset(), unit=UNIT),
        purpose="test",
        command_id=uuid4(),
        digest=b"",
        correlation_id=uuid4(),
        expected_version=expected_version,
    )


def created(unit: UUID, version: int = 0) -> Sequence[Change]:
    return (Change(unit, version, (CREATED,)),)


def test_a_command_waits_for_the_views_and_its_receipt_stands_without_them(log: MemoryEventLog) -> None:
    projector = Waited(log)
    desk = Desk(log, Gate.load(), projector)
    for number in (1, 2):
        receipt = desk.commit(call(), Operation.UNIT_CREATE, lambda: created(uuid4()))
        assert receipt.last_position == log.head() == number
        assert projector.waits[-1] == (number, VIEWS_WAIT_SECONDS)
    assert desk.caught_up() == 2
    assert projector.waits[-1] == (2, VIEWS_WAIT_SECONDS)
    assert len(projector.waits) == 3


def test_a_retried_command_waits_for_nothing_and_is_not_decided_anew(log: MemoryEventLog) -> None:
    projector, asked = Waited(log), call()
    desk = Desk(log, Gate.load(), projector)
    first = desk.commit(asked, Operation.UNIT_CREATE, lambda: created(uuid4()))

    def never() -> Sequence[Change]:
        raise AssertionError("it was decided anew")

    assert desk.commit(asked, Operation.UNIT_CREATE, never) == first
    assert len(projector.waits) == 1


@pytest.mark.parametrize("expected_version", [None, 0])
def test_somebody_faster_means_deciding_anew_unless_it_is_at_another_version_than_expected(
    log: MemoryEventLog, expected_version: int | None
) -> None:
    desk, unit = Desk(log, Gate.load(), Waited(log)), uuid4()
    asked, seen = call(expected_version), []

    def decide() -> Sequence[Change]:
        seen.append(len(log.events(unit)))
        expect(asked, Loaded(unit, None, seen[-1]))
        if len(seen) == 1:  # between reading and appending, somebody else appends
            log.append(created(unit), call().meta(Operation.UNIT_CREATE))
        return created(unit, seen[-1])

    if expected_version is None:
        desk.commit(asked, Operation.UNIT_CREATE, decide)
        assert (seen, len(log.events(unit))) == ([0, 1], 2)
    else:
        with pytest.raises(VersionConflict) as conflict:
            desk.commit(asked, Operation.UNIT_CREATE, decide)
        assert (conflict.value.stream, conflict.value.current) == (unit, 1)
        assert (seen, len(log.events(unit))) == ([0, 1], 1)


def test_what_a_decision_rests_on_may_change_whatever_version_was_expected(log: MemoryEventLog) -> None:
    desk, unit, guard = Desk(log, Gate.load(), Waited(log)), uuid4(), uuid4()
    asked, seen = call(expected_version=0), []

    def decide() -> Sequence[Change]:
        seen.append(len(log.events(guard)))
        expect(asked, Loaded(unit, None, len(log.events(unit))))
        if len(seen) == 1:
            log.append(created(guard), call().meta(Operation.UNIT_CREATE))
        return *created(unit), Change(guard, seen[-1], ())

    desk.commit(asked, Operation.UNIT_CREATE, decide)
    assert (seen, len(log.events(unit))) == ([0, 1], 1)
