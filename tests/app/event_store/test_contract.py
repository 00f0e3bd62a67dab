"""What every `EventLog` promises. A new implementation joins by one line in IMPLEMENTATIONS."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import pytest

from domain.errors import CommandIdReused, VersionConflict
from domain.event import Recorded
from domain.log import EventLog, StreamVersion
from tests.app.event_store.samples import Counted, Noted, Store, change, counted, meta, noted
from tests.fakes_log import MemoryEventLog

A, B = UUID(int=0xA), UUID(int=0xB)


@contextmanager
def sqlite_log(folder: Path) -> Iterator[EventLog]:
    store = Store(folder)
    yield store.log
    store.close()


@contextmanager
def memory_log(_folder: Path) -> Iterator[EventLog]:
    yield MemoryEventLog()


IMPLEMENTATIONS: dict[str, Callable[[Path], object]] = {"sqlite": sqlite_log, "memory": memory_log}


@pytest.fixture(params=IMPLEMENTATIONS)
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EventLog]:
    with IMPLEMENTATIONS[request.param](tmp_path) as log:  # type: ignore[attr-defined]
        yield log


def numbers(log: EventLog, stream: UUID) -> list[int]:
    return [event.number for event in log.events(stream) if isinstance(event, Counted)]


class TestAppending:
    def test_an_empty_log_has_nothing(self, log: EventLog) -> None:
        assert log.head() == 0
        assert list(log.read()) == []
        assert list(log.stream(A)) == []
        assert list(log.events(A)) == []
        assert log.receipt(uuid4()) is None

    def test_events_come_back_in_their_places_with_their_envelope(self, log: EventLog) -> None:
        first, second = meta(), meta()
        log.append([change(A, 0, *counted(1, 2))], first)
        log.append([change(B, 0, *counted(3))], second)
        assert list(log.read()) == [
            Recorded(1, A, 1, first, Counted(number=1)),
            Recorded(2, A, 2, first, Counted(number=2)),
            Recorded(3, B, 1, second, Counted(number=3)),
        ]
        assert log.head() == 3

    @pytest.mark.parametrize(("part", "empty"), [("actor", UUID(int=0)), ("role", ""), ("purpose", "")])
    def test_nothing_is_appended_without_actor_role_and_purpose(self, log: EventLog, part: str, empty: object) -> None:
        envelope = msgspec.structs.replace(meta(), **{part: empty})
        with pytest.raises(ValueError, match=f"^{part} is empty"):
            log.append([change(A, 0, *counted(1))], envelope)
        assert log.head() == 0
        assert log.receipt(envelope.command_id) is None

    def test_the_receipt_names_versions_and_positions(self, log: EventLog) -> None:
        log.append([change(A, 0, *counted(1))], meta())
        envelope = meta()
        receipt = log.append([change(B, 0, *counted(2, 3)), change(A, 1, *counted(4))], envelope)
        assert receipt.command_id == envelope.command_id
        assert receipt.streams == (StreamVersion(B, 2), StreamVersion(A, 2))
        assert (receipt.first_position, receipt.last_position) == (2, 4)
        assert receipt.recorded_at == envelope.recorded_at

    def test_one_stream_may_be_changed_twice_in_one_append(self, log: EventLog) -> None:
        receipt = log.append([change(A, 0, *counted(1)), change(A, 1, *counted(2))], meta())
        assert numbers(log, A) == [1, 2]
        assert receipt.streams == (StreamVersion(A, 1), StreamVersion(A, 2))

    def test_instants_come_back_in_utc(self, log: EventLog) -> None:
        kyiv = datetime(2026, 7, 1, 12, 0, 0, 7, tzinfo=timezone(timedelta(hours=3)))
        log.append([change(A, 0, Counted(number=1, at=kyiv))], meta())
        (event,) = log.events(A)
        assert isinstance(event, Counted)
        assert event.at == kyiv
        assert event.at.utcoffset() == timedelta(0)


class TestExpectedVersions:
    @pytest.mark.parametrize("expected_version", [0, 1, 3, 99])
    def test_another_version_than_the_expected_one_is_a_conflict(self, log: EventLog, expected_version: int) -> None:
        log.append([change(A, 0, *counted(1, 2))], meta())
        with pytest.raises(VersionConflict) as refused:
            log.append([change(A, expected_version, *counted(3))], meta())
        assert (refused.value.stream, refused.value.expected, refused.value.current) == (A, expected_version, 2)
        assert numbers(log, A) == [1, 2]

    def test_a_stream_that_does_not_exist_is_at_version_zero(self, log: EventLog) -> None:
        with pytest.raises(VersionConflict) as refused:
            log.append([change(A, 1, *counted(1))], meta())
        assert refused.value.current == 0

    def test_one_conflict_among_several_streams_appends_nothing(self, log: EventLog) -> None:
        log.append([change(A, 0, *counted(1))], meta())
        with pytest.raises(VersionConflict):
            log.append([change(B, 0, *counted(2)), change(A, 0, *counted(3))], meta())
        assert log.head() == 1
        assert list(log.events(B)) == []

    def test_a_decision_to_change_nothing_is_checked_too(self, log: EventLog) -> None:
        log.append([change(A, 0, *counted(1))], meta())
        with pytest.raises(VersionConflict):
            log.append([change(A, 0)], meta())

    def test_a_conflict_leaves_no_receipt_so_the_command_may_be_decided_anew(self, log: EventLog) -> None:
        log.append([change(A, 0, *counted(1))], meta())
        envelope = meta()
        with pytest.raises(VersionConflict):
            log.append([change(A, 0, *counted(2))], envelope)
        assert log.receipt(envelope.command_id) is None
        log.append([change(A, 1, *counted(2))], envelope)
        assert numbers(log, A) == [1, 2]


class TestReceipts:
    def test_the_same_command_again_changes_nothing_and_has_the_same_receipt(self, log: EventLog) -> None:
        envelope = meta()
        first = log.append([change(A, 0, *counted(1))], envelope, command_digest=b"digest")
        log.append([change(A, 1, *counted(2))], meta())
        again = log.append([change(A, 0, *counted(1))], envelope, command_digest=b"digest")
        assert again == first
        assert log.receipt(envelope.command_id, command_digest=b"digest") == first
        assert numbers(log, A) == [1, 2]

    def test_the_same_id_for_another_command_is_refused(self, log: EventLog) -> None:
        envelope = meta()
        log.append([change(A, 0, *counted(1))], envelope, command_digest=b"one")
        with pytest.raises(CommandIdReused):
            log.append([change(B, 0, *counted(2))], envelope, command_digest=b"two")
        with pytest.raises(CommandIdReused):
            log.receipt(envelope.command_id, command_digest=b"two")
        assert log.head() == 1

    def test_a_command_that_changes_nothing_has_a_receipt_too(self, log: EventLog) -> None:
        log.append([change(A, 0, *counted(1))], meta())
        envelope = meta()
        receipt = log.append([change(A, 1)], envelope)
        assert receipt.streams == (StreamVersion(A, 1),)
        assert (receipt.first_position, receipt.last_position) == (0, 0)
        log.append([change(A, 1, *counted(2))], meta())
        assert log.append([change(A, 1)], envelope) == receipt
        assert log.head() == 2

    def test_a_command_without_any_stream_has_a_receipt_too(self, log: EventLog) -> None:
        envelope = meta()
        receipt = log.append([], envelope)
        assert receipt.streams == ()
        assert log.receipt(envelope.command_id) == receipt


class TestReading:
    @pytest.fixture(autouse=True)
    def ten_events(self, log: EventLog) -> None:
        for number in range(1, 11):
            stream = A if number % 2 else B
            log.append([change(stream, (number - 1) // 2, *counted(number))], meta())

    @pytest.mark.parametrize(
        ("after", "limit", "until", "positions"),
        [
            (0, 3, None, [1, 2, 3]),
            (8, 500, None, [9, 10]),
            (10, 5, None, []),
            (0, 500, 4, [1, 2, 3, 4]),
            (3, 2, 9, [4, 5]),
            (7, 500, 7, []),
            (0, 500, 0, []),
        ],
    )
    def test_pages_of_the_log(
        self, log: EventLog, after: int, limit: int, until: int | None, positions: list[int]
    ) -> None:
        assert [row.position for row in log.read(after=after, limit=limit, until=until)] == positions

    @pytest.mark.parametrize(
        ("after", "until", "versions"),
        [(0, None, [1, 2, 3, 4, 5]), (3, None, [4, 5]), (0, 2, [1, 2]), (1, 4, [2, 3, 4]), (5, None, []), (2, 2, [])],
    )
    def test_parts_of_a_stream(self, log: EventLog, after: int, until: int | None, versions: list[int]) -> None:
        rows = list(log.stream(A, after_version=after, until_version=until))
        assert [row.version for row in rows] == versions
        assert [row.event for row in rows] == list(log.events(A, after_version=after, until_version=until))


class TestSealedParts:
    def test_they_come_back_as_tokens_of_the_place_where_they_stand(self, log: EventLog) -> None:
        subject = uuid4()
        log.append([change(A, 0, *counted(1), noted("one", subject=subject, more=("two", "three")))], meta())
        (row,) = log.read(after=1)
        assert isinstance(row, Recorded)
        assert isinstance(row.event, Noted)
        tokens = [sealed.token for sealed in (row.event.note, *row.event.more)]
        assert [(t.subject, t.stream, t.version, t.topic, t.part) for t in tokens if t is not None] == [
            (subject, A, 2, "test.noted", part) for part in range(3)
        ]
        assert row.event.note.subject == subject
        assert row.event == list(log.stream(A))[1].event == log.events(A)[1]

    def test_what_came_from_the_log_is_not_stored_a_second_time(self, log: EventLog) -> None:
        log.append([change(A, 0, noted("one"))], meta())
        (event,) = log.events(A)
        with pytest.raises(ValueError, match="opened by the vault"):
            log.append([change(B, 0, event)], meta())
        assert log.head() == 1


class TestWaiting:
    def test_what_is_there_is_not_waited_for(self, log: EventLog) -> None:
        log.append([change(A, 0, *counted(1))], meta())
        assert log.wait(after=0, timeout_seconds=0)

    def test_the_time_runs_out(self, log: EventLog) -> None:
        log.append([change(A, 0, *counted(1))], meta())
        assert not log.wait(after=1, timeout_seconds=0.01)

    def test_an_append_of_another_thread_wakes_who_waits(self, log: EventLog) -> None:
        woken: list[bool] = []
        waiting = threading.Thread(target=lambda: woken.append(log.wait(after=0, timeout_seconds=60)))
        waiting.start()
        log.append([change(A, 0, *counted(1))], meta())
        waiting.join(timeout=60)
        assert woken == [True]


class TestThreads:
    def test_appends_to_one_stream_are_in_one_order_without_gaps(self, log: EventLog) -> None:
        def append_when_it_is_my_turn(number: int) -> None:
            envelope = meta()
            while True:
                try:
                    log.append([change(A, len(log.events(A)), *counted(number))], envelope)
                except VersionConflict:
                    continue
                return

        with ThreadPoolExecutor(8) as threads:
            list(threads.map(append_when_it_is_my_turn, range(40)))
        rows = list(log.stream(A))
        assert [row.version for row in rows] == list(range(1, 41))
        assert [row.position for row in rows] == list(range(1, 41))
        assert sorted(numbers(log, A)) == list(range(40))

    def test_one_command_sent_by_many_at_once_is_done_once(self, log: EventLog) -> None:
        envelope = meta()
        with ThreadPoolExecutor(8) as threads:
            receipts = list(
                threads.map(lambda _: log.append([change(A, 0, *counted(1))], envelope, command_digest=b"d"), range(24))
            )
        assert set(receipts) == {receipts[0]}
        assert log.head() == 1
