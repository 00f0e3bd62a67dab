"""The subjects' keys: durable before what they seal, and destroyed without a trace."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from uuid import UUID, uuid4

import pytest

from app.event_store import keys as keys_module
from app.event_store import sqlite_file
from app.event_store.faults import ErasureIncomplete, StoreRefused, SubjectErased
from domain.errors import VersionConflict
from domain.personal import Reason
from domain.sealed import Token
from tests.app.event_store.samples import Noted, Store, change, counted, meta, noted
from tests.waiting import wait_until

A, B = UUID(int=0xA), UUID(int=0xB)


def token_at(store: Store, stream: UUID, version: int) -> Token:
    event = store.log.events(stream)[version - 1]
    assert isinstance(event, Noted)
    assert event.note.token is not None
    return event.note.token


def wrapped_key(store: Store, subject: UUID) -> bytes:
    (row,) = store.keys._database.rows("SELECT wrapped FROM subject_keys WHERE subject = ?", (subject.bytes,))
    assert isinstance(row[0], bytes)
    return row[0]


class TestOpening:
    def test_the_vault_opens_what_the_log_sealed(self, store: Store) -> None:
        store.log.append([change(A, 0, noted("Слово"))], meta())
        assert store.vault.open(token_at(store, A, 1), Reason) == Reason("Слово")

    def test_it_opens_in_another_process_with_the_same_root_key(self, store: Store) -> None:
        store.log.append([change(A, 0, noted("Слово"))], meta())
        again = Store(store.folder)
        assert again.vault.open(token_at(again, A, 1), Reason) == Reason("Слово")
        again.close()

    def test_one_subject_has_one_key_however_often_it_is_sealed_for(self, store: Store) -> None:
        subject = uuid4()
        events = tuple(noted(str(n), subject=subject, more=("x", "y")) for n in range(5))
        store.log.append([change(A, 0, *events)], meta())
        assert store.keys._database.rows("SELECT count(*) FROM subject_keys") == [(1,)]

    def test_threads_that_seal_for_a_new_subject_at_once_agree_on_its_key(self, store: Store) -> None:
        subject = uuid4()
        streams = [uuid4() for _ in range(16)]
        with ThreadPoolExecutor(8) as threads:
            list(
                threads.map(
                    lambda stream: store.log.append([change(stream, 0, noted("x", subject=subject))], meta()), streams
                )
            )
        assert [store.vault.open(token_at(store, stream, 1), Reason) for stream in streams] == [Reason("x")] * 16

    def test_wrapped_keys_cannot_change_places(self, store: Store) -> None:
        one, other = uuid4(), uuid4()
        store.log.append([change(A, 0, noted("one", subject=one), noted("other", subject=other))], meta())
        with closing(sqlite3.connect(store.keys_path, isolation_level=None)) as intruder:
            intruder.execute(
                "UPDATE subject_keys SET wrapped = ? WHERE subject = ?", (wrapped_key(store, other), one.bytes)
            )
        with pytest.raises(StoreRefused, match=f"wrapped key of {one} was altered"):
            store.vault.open(token_at(store, A, 1), Reason)


class TestMaking:
    def test_a_key_is_durable_before_the_event_that_needs_it(self, store: Store) -> None:
        """The transaction of the log finds the keys committed already: a refused append leaves them behind."""
        subject = uuid4()
        store.log.append([change(A, 0, *counted(1))], meta())
        with pytest.raises(VersionConflict):
            store.log.append([change(A, 0, noted("x", subject=subject))], meta())
        with closing(sqlite3.connect(store.keys_path)) as another_process:
            found = another_process.execute("SELECT count(*) FROM subject_keys WHERE subject = ?", (subject.bytes,))
            assert found.fetchone() == (1,)

    def test_no_key_is_made_in_a_block_that_fails(self, store: Store) -> None:
        subject, erased = uuid4(), uuid4()
        store.vault.erase(erased)
        events = noted("x", subject=subject), noted("y", subject=erased)
        with pytest.raises(SubjectErased):
            store.log.append([change(A, 0, *events)], meta())
        assert store.keys.key(subject) is None

    def test_a_command_that_was_seen_makes_no_key(self, store: Store) -> None:
        envelope = meta()
        store.log.append([change(A, 0, noted("x"))], envelope)
        store.log.append([change(A, 0, noted("x"))], envelope)
        assert store.keys._database.rows("SELECT count(*) FROM subject_keys") == [(1,)]


class TestErasing:
    def test_what_was_sealed_opens_no_more_and_the_rest_does(self, store: Store) -> None:
        erased, kept = uuid4(), uuid4()
        store.log.append([change(A, 0, noted("gone", subject=erased), noted("kept", subject=kept))], meta())
        store.vault.erase(erased)
        assert store.vault.open(token_at(store, A, 1), Reason) is None
        assert store.vault.open(token_at(store, A, 2), Reason) == Reason("kept")
        assert store.log.head() == 2, "that something happened stays"

    def test_the_key_is_nowhere_in_the_files(self, store: Store) -> None:
        subjects = [uuid4() for _ in range(50)]
        store.log.append([change(A, 0, *(noted("x", subject=subject) for subject in subjects))], meta())
        wrapped = {subject: wrapped_key(store, subject) for subject in subjects}

        def found_in_files(key: bytes) -> bool:
            return any(key in path.read_bytes() for path in store.folder.iterdir())

        assert all(found_in_files(key) for key in wrapped.values())
        for subject in subjects[::2]:
            store.vault.erase(subject)
        assert [found_in_files(wrapped[subject]) for subject in subjects] == [False, True] * 25

    def test_nothing_new_is_sealed_for_the_erased(self, store: Store) -> None:
        subject = uuid4()
        store.log.append([change(A, 0, noted("x", subject=subject))], meta())
        store.vault.erase(subject)
        with pytest.raises(SubjectErased, match="use a new subject"):
            store.log.append([change(A, 1, noted("y", subject=subject))], meta())
        assert store.log.head() == 1

    def test_nor_by_who_shares_the_commit_of_the_erasure(self, store: Store) -> None:
        erased, inside = uuid4(), threading.Event()
        store.log.append([change(A, 0, noted("x", subject=erased))], meta())

        def erase() -> None:
            with store.keys._database.transaction() as writer:
                writer.execute("UPDATE subject_keys SET wrapped = NULL WHERE subject = ?", (erased.bytes,))
                inside.set()
                wait_until(lambda: len(store.keys._database._queue) == 1)

        with ThreadPoolExecutor(1) as thread:
            erasing = thread.submit(erase)
            assert inside.wait(10)
            with pytest.raises(SubjectErased):
                store.log.append([change(A, 1, noted("makes a key"), noted("y", subject=erased))], meta())
            erasing.result()
        assert store.log.head() == 1

    def test_also_for_a_subject_that_had_no_key_yet(self, store: Store) -> None:
        subject = uuid4()
        store.vault.erase(subject)
        with pytest.raises(SubjectErased):
            store.log.append([change(A, 0, noted("x", subject=subject))], meta())

    def test_a_retry_of_what_was_done_before_the_erasure_has_its_receipt(self, store: Store) -> None:
        subject, envelope = uuid4(), meta()
        receipt = store.log.append([change(A, 0, noted("x", subject=subject))], envelope)
        store.vault.erase(subject)
        assert store.log.append([change(A, 0, noted("x", subject=subject))], envelope) == receipt

    def test_another_process_sees_it_at_once(self, store: Store) -> None:
        subject = uuid4()
        store.log.append([change(A, 0, noted("x", subject=subject))], meta())
        other = Store(store.folder)
        assert other.vault.open(token_at(other, A, 1), Reason) == Reason("x")
        store.vault.erase(subject)
        assert other.vault.open(token_at(other, A, 1), Reason) is None
        other.close()

    def test_erasing_twice_is_erasing(self, store: Store) -> None:
        subject = uuid4()
        store.log.append([change(A, 0, noted("x", subject=subject))], meta())
        store.vault.erase(subject)
        store.vault.erase(subject)
        assert store.vault.open(token_at(store, A, 1), Reason) is None

    def test_several_go_at_once(self, store: Store) -> None:
        subjects = [uuid4() for _ in range(3)]
        for stream, subject in zip((A, uuid4(), uuid4()), subjects, strict=True):
            store.log.append([change(stream, 0, noted("x", subject=subject))], meta())
        wrapped = [wrapped_key(store, subject) for subject in subjects]
        store.vault.erase(*subjects[:2])
        assert [store.vault.has_key(subject) for subject in subjects] == [False, False, True]
        files = [path.read_bytes() for path in store.folder.iterdir()]
        assert [any(key in content for content in files) for key in wrapped] == [False, False, True]

    def test_a_key_that_was_altered_is_there_to_be_destroyed_like_any_other(self, store: Store) -> None:
        subject = uuid4()
        store.log.append([change(A, 0, noted("x", subject=subject))], meta())
        with closing(sqlite3.connect(store.keys_path, isolation_level=None)) as intruder:
            intruder.execute("UPDATE subject_keys SET wrapped = x'00' WHERE subject = ?", (subject.bytes,))
        with pytest.raises(StoreRefused, match=f"wrapped key of {subject} was altered"):
            store.vault.open(token_at(store, A, 1), Reason)
        assert store.vault.has_key(subject)
        store.vault.erase(subject)
        assert not store.vault.has_key(subject)

    def test_a_reader_in_the_way_is_named_and_erasing_again_completes_it(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(keys_module, "ERASURE_SECONDS", 0.05)
        monkeypatch.setattr(sqlite_file, "BUSY_TIMEOUT_MS", 20)
        subject = uuid4()
        impatient = Store(store.folder)
        impatient.log.append([change(A, 0, noted("x", subject=subject))], meta())
        wrapped = wrapped_key(impatient, subject)
        with closing(sqlite3.connect(store.keys_path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM subject_keys").fetchone()
            with pytest.raises(ErasureIncomplete, match="erase it again"):
                impatient.vault.erase(subject)
            assert impatient.vault.open(token_at(impatient, A, 1), Reason) is None
            reader.execute("ROLLBACK")
        impatient.vault.erase(subject)
        assert not any(wrapped in path.read_bytes() for path in store.folder.iterdir())
        impatient.close()
