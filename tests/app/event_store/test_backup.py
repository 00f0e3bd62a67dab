"""A copy taken while serving can be put in the place of the original, and holds the key of every event in it."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from uuid import uuid4

import pytest

from app.event_store.backup import back_up
from app.event_store.faults import StoreRefused
from domain.event import Recorded
from domain.personal import Reason
from tests.app.event_store.samples import Noted, Store, change, meta, noted


def restored(original: Store, copies: Path) -> Store:
    shutil.copy2(original.root_key_path, copies)  # it is kept apart, and comes back from there
    return Store(copies)


def opened_notes(store: Store) -> list[Reason | None]:
    notes = []
    for row in store.log.read(limit=100_000):
        assert isinstance(row, Recorded)
        assert isinstance(row.event, Noted)
        assert row.event.note.token is not None
        notes.append(store.vault.open(row.event.note.token, Reason))
    return notes


def test_a_copy_taken_under_writes_holds_the_key_of_every_event(store: Store, tmp_path: Path) -> None:
    stop, started = threading.Event(), threading.Event()

    def append_until_stopped() -> None:
        number = 0
        while not stop.is_set():
            store.log.append([change(uuid4(), 0, noted(f"note {number}"))], meta())
            number += 1
            if number == 50:
                started.set()

    writer = threading.Thread(target=append_until_stopped)
    writer.start()
    try:
        assert started.wait(timeout=60)
        positions = [back_up(store.log_path, store.keys_path, tmp_path / f"copy{n}") for n in range(5)]
    finally:
        stop.set()
        writer.join(timeout=60)
    assert positions == sorted(positions)
    for n, position in enumerate(positions):
        copy = restored(store, tmp_path / f"copy{n}")
        assert copy.log.head() == position >= 50
        assert opened_notes(copy) == [Reason(f"note {number}") for number in range(position)]
        copy.close()


def test_a_restored_log_goes_on_where_the_copy_ended(store: Store, tmp_path: Path) -> None:
    stream, envelope = uuid4(), meta()
    receipt = store.log.append([change(stream, 0, noted("one"))], envelope)
    position = back_up(store.log_path, store.keys_path, tmp_path / "copy")
    store.log.append([change(stream, 1, noted("lost with the original"))], meta())
    copy = restored(store, tmp_path / "copy")
    assert position == 1
    assert copy.log.append([change(stream, 0, noted("one"))], envelope) == receipt
    copy.log.append([change(stream, 1, noted("two"))], meta())
    assert opened_notes(copy) == [Reason("one"), Reason("two")]
    copy.close()


def test_what_was_erased_before_is_erased_in_the_copy(store: Store, tmp_path: Path) -> None:
    subject = uuid4()
    store.log.append([change(uuid4(), 0, noted("gone", subject=subject))], meta())
    store.vault.erase(subject)
    back_up(store.log_path, store.keys_path, tmp_path / "copy")
    copy = restored(store, tmp_path / "copy")
    assert opened_notes(copy) == [None]
    copy.close()


def test_the_copy_is_two_files_for_the_owner_alone_and_no_root_key(store: Store, tmp_path: Path) -> None:
    store.log.append([change(uuid4(), 0, noted("x"))], meta())
    back_up(store.log_path, store.keys_path, tmp_path / "copy")
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "copy").iterdir()}
    assert modes == {"log.db": 0o600, "keys.db": 0o600}


def test_a_copy_is_never_overwritten(store: Store, tmp_path: Path) -> None:
    back_up(store.log_path, store.keys_path, tmp_path / "copy")
    with pytest.raises(StoreRefused, match="exists already; name a new folder"):
        back_up(store.log_path, store.keys_path, tmp_path / "copy")


def test_a_copy_that_is_not_sound_is_refused(store: Store, tmp_path: Path) -> None:
    for _ in range(50):
        store.log.append([change(uuid4(), 0, noted("x" * 2_000))], meta())
    store.close()
    with store.log_path.open("r+b") as file:
        file.seek(4_096 * 2)
        file.write(b"\xff" * 4_096)
    with pytest.raises(StoreRefused, match="not sound"):
        back_up(store.log_path, store.keys_path, tmp_path / "copy")
    assert not (tmp_path / "copy" / "log.db").exists()


def test_a_missing_database_is_named(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreRefused, match=r"absent\.db: it is missing"):
        back_up(store.log_path, tmp_path / "absent.db", tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_the_last_position_of_an_empty_log_is_zero(store: Store, tmp_path: Path) -> None:
    assert back_up(store.log_path, store.keys_path, tmp_path / "copy") == 0
