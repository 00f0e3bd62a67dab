"""What goes wrong with the library's defaults, tried on our log (research: 14 traps). Altered rows are made by SQL."""

from __future__ import annotations

import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import pytest

from app.event_store import sqlite_file, sqlite_log
from app.event_store.backup import back_up
from app.event_store.faults import EventUnreadable, LogBusy, StoreRefused, TokenRefused
from app.event_store.mapper import EventMapper
from app.event_store.soundness import faults_of
from app.event_store.sqlite_log import SqliteEventLog
from domain.event import Event, Recorded
from domain.log import Unreadable
from domain.personal import Reason
from domain.sealed import Sealed, Token
from tests.app.event_store.samples import Counted, Noted, Store, change, counted, meta, noted

A, B = UUID(int=0xA), UUID(int=0xB)
TRIGGERS = ("stored_events_update", "stored_events_delete", "command_receipts_update", "command_receipts_delete")


@pytest.fixture
def intruder(store: Store) -> Iterator[sqlite3.Connection]:
    """Someone with the file, SQL and the will to drop triggers."""
    with closing(sqlite3.connect(store.log_path, isolation_level=None)) as connection:
        for trigger in TRIGGERS:
            connection.execute(f"DROP TRIGGER {trigger}")
        yield connection


def token_of(event: Event) -> Token:
    assert isinstance(event, Noted)
    assert event.note.token is not None
    return event.note.token


def flip_in_index(path: Path, entry: bytes) -> None:
    """One bit of the stream's id in one entry."""
    content = bytearray(path.read_bytes())
    assert content.count(entry) == 1
    content[content.find(entry) + 31] ^= 2
    path.write_bytes(content)


class TestRowsThatAreNotOurs:
    @pytest.mark.parametrize("topic", ["antigravity:geohash", "os:system", "this", "domain.event:Event", ""])
    def test_a_topic_never_chooses_what_is_imported(
        self, store: Store, intruder: sqlite3.Connection, topic: str
    ) -> None:
        store.log.append([change(A, 0, *counted(1))], meta())
        intruder.execute("UPDATE stored_events SET topic = ?", (topic,))
        (row,) = store.log.read()
        assert isinstance(row, Unreadable)
        assert (row.position, row.stream, row.version, row.topic) == (1, A, 1, topic)
        assert "not in the registry" in row.fault
        assert "antigravity" not in sys.modules
        assert "this" not in sys.modules

    @pytest.mark.parametrize(
        "spoil",
        [
            "state = x'00'",
            "state = x''",
            "state = x'92c0c0'",
            "topic = 'nobody.knows'",
            "topic = 'test.noted'",
            "originator_id = 'not a uuid'",
            "state = substr(state, 1, length(state) - 1)",
        ],
    )
    def test_one_bad_row_never_hides_the_rest(self, store: Store, intruder: sqlite3.Connection, spoil: str) -> None:
        store.log.append([change(A, 0, *counted(1, 2, 3))], meta())
        intruder.execute(f"UPDATE stored_events SET {spoil} WHERE rowid = 2")
        before, bad, after = store.log.read()
        assert isinstance(before, Recorded)
        assert isinstance(after, Recorded)
        assert isinstance(bad, Unreadable)
        assert (bad.position, bad.version) == (2, 2)
        assert bad.fault

    @pytest.mark.parametrize("events", [5, 6, 7])
    def test_a_stream_is_read_in_parts_without_gaps(
        self, store: Store, monkeypatch: pytest.MonkeyPatch, events: int
    ) -> None:
        monkeypatch.setattr(sqlite_log, "STREAM_ROWS", 3)
        store.log.append([change(A, 0, *counted(*range(events)))], meta())
        assert store.log.events(A) == list(counted(*range(events)))
        assert [row.version for row in store.log.stream(A, after_version=1)] == list(range(2, events + 1))

    def test_a_stream_is_not_folded_over_a_bad_row(self, store: Store, intruder: sqlite3.Connection) -> None:
        store.log.append([change(A, 0, *counted(1, 2, 3))], meta())
        intruder.execute("UPDATE stored_events SET state = x'00' WHERE rowid = 2")
        with pytest.raises(EventUnreadable, match="event 2 of stream"):
            store.log.events(A)
        with pytest.raises(EventUnreadable, match="position 2"):
            list(store.log.stream(A))
        assert store.log.events(A, until_version=1) == [Counted(number=1)]


class TestSwappedCiphertexts:
    """The library's cipher opens another row's ciphertext without a word."""

    def test_of_two_rows(self, store: Store, intruder: sqlite3.Connection) -> None:
        subject = uuid4()
        store.log.append([change(A, 0, noted("first", subject=subject), noted("second", subject=subject))], meta())
        first, second = intruder.execute("SELECT state FROM stored_events ORDER BY rowid").fetchall()
        intruder.execute("UPDATE stored_events SET state = ? WHERE rowid = 1", second)
        intruder.execute("UPDATE stored_events SET state = ? WHERE rowid = 2", first)
        for event in store.log.events(A):
            with pytest.raises(TokenRefused, match="the record was altered"):
                store.vault.open(token_of(event), Reason)

    def test_of_two_streams(self, store: Store, intruder: sqlite3.Connection) -> None:
        subject = uuid4()
        store.log.append([change(A, 0, noted("a", subject=subject)), change(B, 0, noted("b", subject=subject))], meta())
        for rowid, stream in ((1, "x"), (2, A.hex), (1, B.hex)):
            intruder.execute("UPDATE stored_events SET originator_id = ? WHERE rowid = ?", (stream, rowid))
        for event in (*store.log.events(A), *store.log.events(B)):
            with pytest.raises(TokenRefused):
                store.vault.open(token_of(event), Reason)

    @pytest.mark.parametrize("field", ["subject", "stream", "version", "topic", "part", "ciphertext"])
    def test_every_coordinate_is_bound(self, store: Store, field: str) -> None:
        one, other = uuid4(), uuid4()
        store.log.append([change(A, 0, noted("one", subject=one), noted("other", subject=other))], meta())
        token = token_of(store.log.events(A)[0])
        assert store.vault.open(token, Reason) == Reason("one")
        wrong: dict[str, object] = {
            "subject": other,
            "stream": B,
            "version": 2,
            "topic": "test.counted",
            "part": 1,
            "ciphertext": token.ciphertext[:-1] + bytes([token.ciphertext[-1] ^ 1]),
        }
        altered = {name: getattr(token, name) for name in token.__struct_fields__} | {field: wrong[field]}
        with pytest.raises(TokenRefused):
            store.vault.open(Token(**altered), Reason)
        with pytest.raises(TokenRefused):
            store.vault.open(Token(**altered | {"ciphertext": b""}), Reason)


class TestHistory:
    def test_the_position_of_a_deleted_tail_is_not_given_out_again(
        self, store: Store, intruder: sqlite3.Connection
    ) -> None:
        store.log.append([change(A, 0, *counted(1, 2, 3))], meta())
        intruder.execute("DELETE FROM stored_events WHERE rowid = 3")
        receipt = store.log.append([change(A, 2, *counted(4))], meta())
        assert receipt.first_position == 4

    @pytest.mark.parametrize(("row", "left"), [(2, 3), (4, 3)])
    def test_a_row_that_is_gone_is_told(self, store: Store, intruder: sqlite3.Connection, row: int, left: int) -> None:
        store.log.append([change(A, 0, *counted(1, 2, 3)), change(B, 0, *counted(4))], meta())
        with pytest.raises(TypeError):
            store.log.append([change(A, 3, *counted(5)), change(B, 1, Event())], meta())  # leaves no gap
        assert faults_of(store.log_path, store.keys_path) == {}
        intruder.execute("DELETE FROM stored_events WHERE rowid = ?", (row,))
        fault = f"of 4 events that were recorded {left} are there"
        assert faults_of(store.log_path, store.keys_path) == {"log.db": fault}

    def test_a_stream_is_not_folded_without_an_event_that_is_gone(
        self, store: Store, intruder: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sqlite_log, "STREAM_ROWS", 2)
        store.log.append([change(A, 0, *counted(1, 2, 3, 4, 5))], meta())
        intruder.execute("DELETE FROM stored_events WHERE rowid = 3")
        with pytest.raises(EventUnreadable, match=r"event 3 of stream .* is gone from the log"):
            store.log.events(A)
        with pytest.raises(EventUnreadable, match="event 3 of stream"):
            list(store.log.stream(A, after_version=2))
        assert store.log.events(A, until_version=2) == list(counted(1, 2))
        assert store.log.events(A, after_version=3) == list(counted(4, 5))

    def test_a_flipped_bit_in_what_streams_are_found_by_is_told(self, store: Store, tmp_path: Path) -> None:
        store.log.append([change(A, 0, *counted(1, 2, 3))], meta())
        store.close()
        flip_in_index(store.log_path, A.hex.encode() + bytes([3, 3]))
        again = Store(store.folder)
        assert len(again.log.events(A)) == 2, "nothing tells at once"
        again.close()
        assert faults_of(store.log_path, store.keys_path).keys() == {"log.db"}
        with pytest.raises(StoreRefused, match="not sound"):
            back_up(store.log_path, store.keys_path, tmp_path / "copy")

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE stored_events SET topic = 'test.noted'",
            "DELETE FROM stored_events",
            "REPLACE INTO stored_events SELECT * FROM stored_events",
            "UPDATE command_receipts SET digest = x'00'",
            "DELETE FROM command_receipts",
        ],
    )
    def test_nothing_is_changed_or_deleted(self, store: Store, statement: str) -> None:
        envelope = meta()
        receipt = store.log.append([change(A, 0, *counted(1))], envelope)
        with store.log._database.borrow() as connection, pytest.raises(sqlite3.IntegrityError, match="never changed"):
            connection.execute(statement)
        assert store.log.events(A) == [Counted(number=1)]
        assert store.log.receipt(envelope.command_id) == receipt


class TestSettings:
    def test_every_connection_writes_ahead_and_waits_for_the_disk(self, store: Store) -> None:
        for database in (store.log._database, store.keys._database):
            with database.borrow() as one, database.borrow() as other:
                for connection in (one, other):
                    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
                    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)

    def test_a_file_system_that_does_not_give_what_was_asked_for_is_refused(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sqlite_file._SYNCHRONOUS_LEVEL, "FULL", 3)
        with pytest.raises(StoreRefused, match=r"synchronous=2.*on a local disk"):
            store.log._database.file.connect()

    def test_the_library_itself_reads_what_we_wrote(self, store: Store) -> None:
        store.log.append([change(A, 0, *counted(1, 2)), change(B, 0, *counted(3))], meta())
        application = store.log._application
        rows = application.repository.get(A, projector_func=lambda _none, events: list(events))  # type: ignore
        assert [row.event for row in rows] == store.log.events(A)
        assert [note.id for note in application.notification_log.select(2, 2)] == [2, 3]
        assert application.recorder.max_notification_id() == 3

    def test_no_environment_variable_chooses_a_part(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in {
            "PERSISTENCE_MODULE": "antigravity",
            "MAPPER_TOPIC": "antigravity:x",
            "CIPHER_TOPIC": "antigravity:x",
            "COMPRESSOR_TOPIC": "antigravity:x",
            "RECORD_APPLICATION_RECORDER_TOPIC": "antigravity:x",
            "IS_SNAPSHOTTING_ENABLED": "y",
            "SQLITE_DBNAME": ":memory:",
        }.items():
            monkeypatch.setenv(name, value)
        store = Store(tmp_path)
        store.log.append([change(A, 0, *counted(1))], meta())
        store.close()
        again = Store(tmp_path)
        assert again.log.events(A) == [Counted(number=1)]
        again.close()

    def test_a_writer_waits_for_another_process_instead_of_failing_at_once(self, store: Store) -> None:
        with closing(sqlite3.connect(store.log_path, isolation_level=None, check_same_thread=False)) as other:
            other.execute("BEGIN IMMEDIATE")
            appended: list[int] = []
            writer = threading.Thread(
                target=lambda: appended.append(store.log.append([change(A, 0, *counted(1))], meta()).last_position)
            )
            writer.start()
            time.sleep(0.2)
            assert appended == []
            other.execute("COMMIT")
            writer.join(timeout=60)
        assert appended == [1]

    def test_a_writer_does_not_wait_for_ever(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sqlite_file, "BUSY_TIMEOUT_MS", 20)
        store = Store(tmp_path)
        with closing(sqlite3.connect(store.log_path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            envelope = meta()
            with pytest.raises(LogBusy, match="repeat the command"):
                store.log.append([change(A, 0, *counted(1))], envelope)
            other.execute("ROLLBACK")
        assert store.log.receipt(envelope.command_id) is None
        store.log.append([change(A, 0, *counted(1))], envelope)
        store.close()

    def test_readers_are_not_kept_waiting_by_a_writer(self, store: Store) -> None:
        store.log.append([change(A, 0, *counted(1))], meta())
        with closing(sqlite3.connect(store.log_path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert store.log.head() == 1
            assert store.log.events(A) == [Counted(number=1)]
            other.execute("ROLLBACK")


class TestUnknownEvents:
    def test_an_event_without_a_topic_is_refused_before_anything_is_written(self, store: Store) -> None:
        class Nameless(Event, frozen=True):
            pass

        with pytest.raises(TypeError, match="Nameless has no topic"):
            store.log.append([change(A, 0, *counted(1), Nameless())], meta())
        assert store.log.head() == 0

    def test_a_value_that_cannot_be_stored_is_named(self, store: Store) -> None:
        class Odd(Event, frozen=True):
            value: object

        Odd.TOPIC = "test.odd"
        mapper = EventMapper(store.vault, topics={"test.odd": Odd})
        with (
            SqliteEventLog(store.log_path, store.vault, mapper=mapper) as log,
            pytest.raises(TypeError, match="cannot carry a TestUnknownEvents"),
        ):
            log.append([change(A, 0, Odd(self))], meta())
        assert store.log.head() == 0

    def test_an_envelope_without_a_time_zone_is_refused(self, store: Store) -> None:
        naive = msgspec.structs.replace(meta(), recorded_at=datetime(2026, 11, 20, 12))  # noqa: DTZ001
        with pytest.raises(ValueError, match="has no time zone; give an instant in UTC"):
            store.log.append([change(A, 0, *counted(1))], naive)
        assert store.log.receipt(naive.command_id) is None

    def test_personal_data_never_stands_in_the_log_in_the_clear(self, store: Store) -> None:
        words = "Марія Коваленко бачила все"
        store.log.append([change(A, 0, noted(words, more=("second secret",)))], meta())
        store.close()
        for path in store.folder.iterdir():
            content = path.read_bytes()
            assert words.encode() not in content, path
            assert b"second secret" not in content, path
        assert words not in repr(Sealed(uuid4(), Reason(words)))
