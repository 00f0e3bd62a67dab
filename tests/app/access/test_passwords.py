"""Passwords: kept as hashes in a file of their own, guessed slowly, and silent about who has an account."""

from __future__ import annotations

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from argon2 import Parameters, PasswordHasher

from app.access.passwords import (
    BUCKETS,
    FORGET_SECONDS,
    FREE_FAILURES,
    LENGTH_MAX,
    WAIT_SECONDS_MAX,
    CredentialsFault,
    Passwords,
    TooManyAttempts,
)
from domain.errors import Invalid

GOOD = "білий фургон біля школи"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.seconds = 1_700_000_000.0

    def __call__(self) -> float:
        return self.seconds


class CountingHasher(PasswordHasher):
    """Counts how often a password is compared with a hash: the work that an asker could measure."""

    comparisons = 0

    def verify(self, stored: str, password: str) -> bool:  # type: ignore[override]
        self.comparisons += 1
        return super().verify(stored, password)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def passwords(tmp_path: Path, clock: Clock) -> Passwords:
    return Passwords(tmp_path / "credentials.db", hasher=CHEAP, now=clock)


def test_the_right_password_and_no_other(passwords: Passwords) -> None:
    account = uuid4()
    passwords.set(account, GOOD)
    assert passwords.verify(account, GOOD)
    assert not passwords.verify(account, GOOD + ".")
    assert not passwords.verify(uuid4(), GOOD)


def test_the_default_is_argon2id_of_rfc_9106(
    tmp_path: Path, real_cost: Parameters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.access.passwords.COST", real_cost)
    passwords, account = Passwords(tmp_path / "credentials.db"), uuid4()
    passwords.set(account, GOOD)
    with sqlite3.connect(tmp_path / "credentials.db") as database:
        (stored,) = database.execute("SELECT hash FROM credential").fetchone()
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.verify(account, GOOD)


def test_a_new_password_ends_the_old_one_and_leaves_nothing_of_it(passwords: Passwords, tmp_path: Path) -> None:
    account = uuid4()
    passwords.set(account, GOOD)
    with sqlite3.connect(tmp_path / "credentials.db") as database:
        (old,) = database.execute("SELECT hash FROM credential").fetchone()
    passwords.set(account, "another good password")
    assert not passwords.verify(account, GOOD)
    assert passwords.verify(account, "another good password")
    everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert old.encode() not in everything
    assert b"another good password" not in everything


def test_it_outlives_a_restart_and_is_for_its_owner_alone(passwords: Passwords, tmp_path: Path) -> None:
    account = uuid4()
    passwords.set(account, GOOD)
    assert Passwords(tmp_path / "credentials.db", hasher=CHEAP).verify(account, GOOD)
    assert stat.S_IMODE((tmp_path / "credentials.db").stat().st_mode) == 0o600


@pytest.mark.parametrize("password", ["", "short", "x" * 11, "x" * (LENGTH_MAX + 1), "\ud800" * 20])
def test_a_password_that_cannot_be_accepted(passwords: Passwords, password: str) -> None:
    account = uuid4()
    with pytest.raises(Invalid, match="password"):
        passwords.set(account, password)
    assert not passwords.verify(account, password)


def test_one_password_however_its_letters_are_composed(passwords: Passwords) -> None:
    account = uuid4()
    passwords.set(account, "мій їжак у гайку")
    assert passwords.verify(account, "мі\u0438\u0306 \u0456\u0308жак у га\u0438\u0306ку")


def test_nobody_costs_as_much_as_somebody(tmp_path: Path, clock: Clock) -> None:
    hasher = CountingHasher(time_cost=1, memory_cost=8, parallelism=1)
    passwords, account = Passwords(tmp_path / "credentials.db", hasher=hasher, now=clock), uuid4()
    passwords.set(account, GOOD)
    for asked, password in [
        (account, "a wrong password"),
        (uuid4(), "a wrong password"),
        (uuid4(), GOOD),
        (account, "x" * 10_000),
    ]:
        before = hasher.comparisons
        assert not passwords.verify(asked, password)
        assert hasher.comparisons == before + 1


def test_weaker_hashes_are_made_anew_at_the_next_login(passwords: Passwords, tmp_path: Path, clock: Clock) -> None:
    account = uuid4()
    passwords.set(account, GOOD)
    stronger = Passwords(
        tmp_path / "credentials.db", hasher=PasswordHasher(time_cost=2, memory_cost=16, parallelism=1), now=clock
    )
    assert stronger.verify(account, GOOD)
    with sqlite3.connect(tmp_path / "credentials.db") as database:
        (stored,) = database.execute("SELECT hash FROM credential").fetchone()
    assert "m=16,t=2" in stored
    assert stronger.verify(account, GOOD)


def test_a_repeated_command_changes_no_password(passwords: Passwords) -> None:
    account, credential = uuid4(), uuid4()
    passwords.prepare(account, credential, GOOD)
    passwords.prepare(account, credential, "another good password")
    assert passwords.verify(account, GOOD, credential)
    assert not passwords.verify(account, "another good password", credential)
    with pytest.raises(Invalid):
        passwords.prepare(uuid4(), credential, "short")


def test_a_prepared_password_counts_once_the_record_names_it(passwords: Passwords, tmp_path: Path) -> None:
    account, old, new = uuid4(), uuid4(), uuid4()
    passwords.set(account, GOOD, old)
    passwords.prepare(account, new, "another good password")
    assert passwords.verify(account, GOOD, old)
    assert not passwords.verify(account, "another good password", old)
    assert passwords.verify(account, "another good password", new)
    assert not passwords.verify(account, GOOD, new)
    passwords.settle(account, new)
    with sqlite3.connect(tmp_path / "credentials.db") as database:
        assert database.execute("SELECT name FROM credential").fetchall() == [(new.bytes,)]


def test_a_prepared_password_that_was_refused_leaves_the_old_one(passwords: Passwords) -> None:
    account, old, new = uuid4(), uuid4(), uuid4()
    passwords.set(account, GOOD, old)
    passwords.prepare(account, new, "another good password")
    passwords.discard(account, new)
    assert passwords.verify(account, GOOD, old)
    assert not passwords.verify(account, "another good password", new)


def test_an_older_log_or_file_that_was_put_back_locks_nobody_out(passwords: Passwords) -> None:
    account, known, prepared = uuid4(), uuid4(), uuid4()
    passwords.set(account, GOOD, known)
    passwords.prepare(account, prepared, "another good password")
    assert passwords.verify(account, GOOD, uuid4())
    assert not passwords.verify(account, "another good password", uuid4())


def test_a_file_of_version_1_keeps_its_passwords(tmp_path: Path) -> None:
    path, account = tmp_path / "credentials.db", uuid4()
    with sqlite3.connect(path) as database:
        database.executescript("""
            CREATE TABLE credential (account BLOB PRIMARY KEY, hash TEXT NOT NULL) STRICT, WITHOUT ROWID;
            CREATE TABLE failure (bucket INTEGER PRIMARY KEY, failures INTEGER NOT NULL, last_at REAL NOT NULL) STRICT;
            PRAGMA user_version = 1;
        """)
        database.execute("INSERT INTO credential VALUES (?, ?)", (account.bytes, CHEAP.hash(GOOD)))
        database.execute("INSERT INTO failure VALUES (?, 3, 1.0)", (account.int % BUCKETS,))
    path.chmod(0o600)
    for _ in range(2):
        assert Passwords(path, hasher=CHEAP).verify(account, GOOD)
    Passwords(path, hasher=CHEAP).set(account, "another good password", uuid4())
    assert not Passwords(path, hasher=CHEAP).verify(account, GOOD)


@pytest.mark.parametrize("exists", [True, False])
def test_failures_make_the_next_attempt_wait(passwords: Passwords, clock: Clock, exists: bool) -> None:
    account = uuid4()
    if exists:
        passwords.set(account, GOOD)
    for _ in range(FREE_FAILURES):
        assert not passwords.verify(account, "a wrong password")
    waits = []
    for _ in range(12):
        with pytest.raises(TooManyAttempts) as early:
            passwords.verify(account, GOOD)
        assert early.value.first
        with pytest.raises(TooManyAttempts) as again:
            passwords.verify(account, GOOD)
        assert not again.value.first  # however many come in this wait: one is put on record
        waits.append(early.value.retry_after_seconds)
        clock.seconds += waits[-1]
        assert not passwords.verify(account, "a wrong password")
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, WAIT_SECONDS_MAX, WAIT_SECONDS_MAX]
    clock.seconds += WAIT_SECONDS_MAX
    assert passwords.verify(account, GOOD) == exists
    if exists:
        assert not passwords.verify(account, "a wrong password")  # a success starts the count anew


def test_failures_are_remembered_through_a_restart_and_forgotten_after_a_day(
    passwords: Passwords, tmp_path: Path, clock: Clock
) -> None:
    account = uuid4()
    passwords.set(account, GOOD)
    for _ in range(FREE_FAILURES):
        passwords.verify(account, "a wrong password")
    again = Passwords(tmp_path / "credentials.db", hasher=CHEAP, now=clock)
    with pytest.raises(TooManyAttempts):
        again.verify(account, GOOD)
    clock.seconds += FORGET_SECONDS + 1
    for _ in range(FREE_FAILURES):
        assert not again.verify(account, "a wrong password")


def test_a_clock_that_was_set_back_makes_nobody_wait_longer(passwords: Passwords, clock: Clock) -> None:
    account = uuid4()
    passwords.set(account, GOOD)
    for _ in range(FREE_FAILURES):
        passwords.verify(account, "a wrong password")
    clock.seconds -= 10 * FORGET_SECONDS
    with pytest.raises(TooManyAttempts) as early:
        passwords.verify(account, GOOD)
    assert early.value.retry_after_seconds == 1


def test_a_new_password_ends_the_wait(passwords: Passwords) -> None:
    account = uuid4()
    for _ in range(FREE_FAILURES):
        passwords.verify(account, "a wrong password")
    passwords.set(account, GOOD)
    assert passwords.verify(account, GOOD)


def test_guesses_at_the_same_moment_are_all_counted(passwords: Passwords) -> None:
    account = uuid4()
    passwords.set(account, GOOD)

    def guess(number: int) -> str:
        try:
            return str(passwords.verify(account, f"guess number {number}"))
        except TooManyAttempts:
            return "too many"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(40)))
    assert answers.count("False") == FREE_FAILURES
    assert answers.count("too many") == 40 - FREE_FAILURES


def test_guesses_at_many_accounts_fill_a_bounded_table(passwords: Passwords, tmp_path: Path) -> None:
    first = UUID(int=7)
    for number in range(3):
        passwords.verify(UUID(int=7 + number * BUCKETS), "a wrong password")
    passwords.verify(UUID(int=first.int + 1), "a wrong password")
    with sqlite3.connect(tmp_path / "credentials.db") as database:
        assert database.execute("SELECT bucket, failures FROM failure").fetchall() == [(7, 3), (8, 1)]


def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "credentials.db"
    Passwords(path, hasher=CHEAP)
    path.chmod(0o644)
    with pytest.raises(CredentialsFault, match=r"0644.*chmod 600"):
        Passwords(path, hasher=CHEAP)
    path.chmod(0o600)
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 3")
    with pytest.raises(CredentialsFault, match="version 3"):
        Passwords(path, hasher=CHEAP)
    path.write_bytes(b"not a database at all, but long enough to look at" * 100)
    with pytest.raises(CredentialsFault, match="credentials"):
        Passwords(path, hasher=CHEAP)


def test_a_damaged_hash_lets_nobody_in(passwords: Passwords, tmp_path: Path) -> None:
    account = uuid4()
    passwords.set(account, GOOD)
    with sqlite3.connect(tmp_path / "credentials.db") as database:
        database.execute("UPDATE credential SET hash = 'plain'")
    with pytest.raises(CredentialsFault, match="anew"):
        passwords.verify(account, GOOD)
