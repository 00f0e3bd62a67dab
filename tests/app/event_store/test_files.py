"""Which files are opened, and which are refused with a sentence that says how to mend it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from app.call import CommandDigests
from app.deployment import Deployment, Settings
from app.event_store.faults import NewerSchema, StoreRefused, WrongRootKey
from app.event_store.keys import KeyStore
from app.event_store.recorder import LOG_SCHEMA
from app.event_store.root_key import RootKey
from app.event_store.sqlite_file import SqliteFile
from app.event_store.sqlite_log import SqliteEventLog
from app.names.store import NameStore
from app.names.tokens import NameKey
from app.process_positions import Positions
from app.residents import ReportTokens, Residents
from app.webhooks.signing import Secrets
from tests.app.event_store.samples import Counted, Store, change, counted, meta, noted

A = UUID(int=0xA)


@pytest.fixture
def closed(tmp_path: Path) -> Store:
    store = Store(tmp_path)
    store.log.append([change(A, 0, *counted(1), noted("secret"))], meta())
    store.close()
    return store


def open_log(store: Store) -> SqliteEventLog:
    return SqliteEventLog(store.log_path, store.vault)


def open_keys(store: Store) -> KeyStore:
    return KeyStore(store.keys_path, store.root_key_path)


def test_what_was_written_is_there_after_opening_again(closed: Store) -> None:
    again = Store(closed.folder)
    assert again.log.events(A, until_version=1) == [Counted(number=1)]
    again.close()


def test_a_file_that_vanishes_while_it_is_open_is_not_made_anew(store: Store) -> None:
    store.log_path.unlink()
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        store.log._database.file.connect()
    assert not store.log_path.exists()


def test_only_the_owner_may_read_the_files(store: Store) -> None:
    store.log.append([change(A, 0, noted("secret"))], meta())
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in store.folder.iterdir()}
    assert {"log.db", "log.db-wal", "log.db-shm", "keys.db", "root.key"} <= set(modes)
    assert set(modes.values()) == {"0o600"}


@pytest.mark.parametrize("statements", range(3))
def test_a_file_that_another_process_makes_between_two_looks_at_it_is_opened(tmp_path: Path, statements: int) -> None:
    seen: list[str] = []

    class LookedAt(SqliteFile):
        def _open(self) -> sqlite3.Connection:
            connection = super()._open()
            connection.set_trace_callback(made_before)
            return connection

    def made_before(statement: str) -> None:
        if statement.startswith("--"):
            return  # a part of the one before, which holds its lock
        if len(seen) == statements:
            SqliteFile(tmp_path / "log.db", LOG_SCHEMA).check(create=True)
        seen.append(statement)

    LookedAt(tmp_path / "log.db", LOG_SCHEMA).check(create=True)
    assert len(seen) > statements
    SqliteFile(tmp_path / "log.db", LOG_SCHEMA).check(create=False)


@pytest.mark.parametrize("opening", [open_log, open_keys])
class TestRefused:
    @pytest.fixture
    def path(self, closed: Store, opening: object) -> Path:
        return closed.log_path if opening is open_log else closed.keys_path

    def test_a_newer_version(self, closed: Store, opening: type, path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA user_version = 2")
        before = path.read_bytes()
        with pytest.raises(NewerSchema, match=r"schema is version 2, .* up to 1; start the newer program"):
            opening(closed)
        assert path.read_bytes() == before

    def test_a_version_from_before_the_first(self, closed: Store, opening: type, path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA user_version = 0")
        with pytest.raises(StoreRefused, match="oberih migrate"):
            opening(closed)

    def test_a_missing_file_is_a_fault_never_a_new_beginning(self, closed: Store, opening: type, path: Path) -> None:
        path.unlink()
        with pytest.raises(StoreRefused, match="it is missing; restore it from a backup"):
            opening(closed)
        assert not path.exists()

    def test_an_empty_file(self, closed: Store, opening: type, path: Path) -> None:
        path.write_bytes(b"")
        with pytest.raises(StoreRefused, match="it is empty"):
            opening(closed)

    def test_a_file_that_is_no_database(self, closed: Store, opening: type, path: Path) -> None:
        path.write_bytes(b"not a database at all" * 100)
        with pytest.raises(StoreRefused, match="not a database"):
            opening(closed)

    def test_a_database_of_another_program_which_stays_as_it_was(
        self, closed: Store, opening: type, path: Path
    ) -> None:
        path.unlink()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE stored_events (a)")
        before = path.read_bytes()
        with pytest.raises(StoreRefused, match="another kind of database"):
            opening(closed)
        assert path.read_bytes() == before

    def test_the_other_one_of_ours(self, closed: Store, opening: type, path: Path) -> None:
        other = closed.keys_path if path == closed.log_path else closed.log_path
        path.write_bytes(other.read_bytes())
        with pytest.raises(StoreRefused, match="another kind of database"):
            opening(closed)


def test_a_damaged_file_that_may_be_lost_is_moved_away(closed: Store) -> None:
    path = closed.folder / "disposable.db"
    path.write_bytes(b"not a database at all" * 100)
    for opening in (Positions, lambda path: NameStore(path, NameKey(b"secret"))):
        with pytest.raises(StoreRefused, match="not a database; free its disk, or move it away: it is made anew"):
            opening(path)


class TestRootKey:
    def test_a_key_that_is_not_the_one(self, closed: Store, tmp_path: Path) -> None:
        other = tmp_path / "other.key"
        RootKey.create(other)
        with pytest.raises(WrongRootKey, match=r"does not open keys\.db; put back"):
            KeyStore(closed.keys_path, other)
        open_keys(closed).close()

    def test_it_is_never_overwritten(self, closed: Store) -> None:
        before = closed.root_key_path.read_bytes()
        with pytest.raises(FileExistsError):
            RootKey.create(closed.root_key_path)
        assert closed.root_key_path.read_bytes() == before

    @pytest.mark.parametrize("ending", [b"", b"\r\n", b"\n\n", b" \n"])
    def test_with_another_line_ending_all_that_is_made_of_it_is_the_same(self, closed: Store, ending: bytes) -> None:
        place = Deployment(closed.folder, Settings())
        written = place.root_key.read_bytes()
        token = ReportTokens(written).new()
        place.root_key.write_bytes(written.strip() + ending)
        open_keys(closed).close()
        assert Residents.of(place).tokens.principal(token) is not None
        assert Secrets.of(place.root_key).secret(A, 0) == Secrets(written).secret(A, 0)
        assert CommandDigests.of(place.root_key).digest("x") == CommandDigests(written).digest("x")

    def test_missing(self, closed: Store) -> None:
        closed.root_key_path.unlink()
        with pytest.raises(StoreRefused, match="the root key is missing"):
            open_keys(closed)

    def test_readable_by_others(self, closed: Store) -> None:
        closed.root_key_path.chmod(0o640)
        with pytest.raises(StoreRefused, match=r"mode 0640.*chmod 600"):
            open_keys(closed)

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"oberih-root-key-1",
            b"\xff\xfe",
            b"oberih-root-key-1 AAAA",
            b"another-mark " + b"A" * 43 + b"=",
            b"a b c",
        ],
    )
    def test_not_a_key(self, closed: Store, content: bytes) -> None:
        closed.root_key_path.write_bytes(content)
        with pytest.raises(StoreRefused, match="not a root key file"):
            open_keys(closed)


def test_a_closed_store_says_so(closed: Store) -> None:
    with pytest.raises(StoreRefused, match="it was closed"):
        closed.log.head()
