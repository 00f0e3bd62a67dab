"""Passwords: argon2id hashes in a file of their own, apart from the record, which never learns of them.

Each hash lies under a name, its credential. The record says which credential an account signs in with: so a new hash
is stored first, the event that names it commits it, and only then is the old one removed. A crash in between leaves
the account with the password that the record speaks of, never with none.

An account that does not exist costs its asker as much time as one that does, and is throttled like one.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_urlsafe
from uuid import UUID

from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from domain.account import UNNAMED
from domain.errors import DomainError, Invalid

LENGTH_MIN = 12
LENGTH_MAX = 200
FREE_FAILURES = 5  # before the first wait, which is of one second and doubles with each failure
WAIT_SECONDS_MAX = 900
FORGET_SECONDS = 86_400  # a day without an attempt
BUCKETS = 2**20  # accounts share a count of failures where their ids agree in 20 bits: it bounds the table
COST = profiles.RFC_9106_LOW_MEMORY  # argon2id: 3 passes over 64 MiB in 4 lanes
HASHES_AT_ONCE = 4  # each takes these 64 MiB
VERSION = 2

_CREDENTIAL = """
    CREATE TABLE credential (
        place INTEGER PRIMARY KEY, account BLOB NOT NULL, name BLOB NOT NULL, hash TEXT NOT NULL, UNIQUE (account, name)
    ) STRICT
"""
_STEPS: tuple[tuple[str, ...], ...] = (  # from nothing to version 1 to 2
    (
        "CREATE TABLE credential (account BLOB PRIMARY KEY, hash TEXT NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE TABLE failure (bucket INTEGER PRIMARY KEY, failures INTEGER NOT NULL, last_at REAL NOT NULL) STRICT",
    ),
    (
        "ALTER TABLE credential RENAME TO credential_1",
        _CREDENTIAL,
        "INSERT INTO credential (account, name, hash) SELECT account, zeroblob(16), hash FROM credential_1",
        "DROP TABLE credential_1",
        "ALTER TABLE failure ADD COLUMN told INTEGER NOT NULL DEFAULT 0",  # that the account waits now was said once
    ),
)


class TooManyAttempts(DomainError):
    """The password was not looked at. `first`: of this wait, so that a flood of attempts is put on record once."""

    code = "too-many-attempts"

    def __init__(self, retry_after_seconds: int, *, first: bool = False) -> None:
        super().__init__(
            f"too many failed attempts; try again in {retry_after_seconds} s", retry_after_seconds=retry_after_seconds
        )
        self.retry_after_seconds = retry_after_seconds
        self.first = first


class PasswordMustBeChanged(DomainError):
    """The holder of an initial password may do one thing."""

    code = "password-must-be-changed"

    def __init__(self) -> None:
        super().__init__(
            "your password was chosen by somebody else; choose your own before anything else: "
            "oberih password, or POST /me/password"
        )


class CredentialsFault(DomainError):
    """The file of credentials cannot be used as it is."""

    code = "credentials-fault"


class Passwords:
    """The file of credentials. Safe to share between threads and processes."""

    def __init__(
        self, path: Path, *, hasher: PasswordHasher | None = None, now: Callable[[], float] = time.time
    ) -> None:
        """Open the file, or make it (0600). `now` is seconds since the epoch.

        Raises:
            CredentialsFault: it is open to others, of a newer version, or no file of credentials.
        """
        self._path = path
        self._hasher = hasher or PasswordHasher.from_parameters(COST)
        self._now = now
        self._slots = threading.BoundedSemaphore(HASHES_AT_ONCE)
        self._nobody = self._hasher.hash(token_urlsafe())
        _claim(path)
        self._prepare()

    def set(self, account: UUID, password: str, credential: UUID = UNNAMED) -> None:
        """Give the account this password and no other, at once. Raises Invalid."""
        check_password(password)
        self.discard(account, credential)
        self.prepare(account, credential, password)
        self.settle(account, credential)

    def prepare(self, account: UUID, credential: UUID, password: str) -> None:
        """Store a password beside the present one. Where it is there already nothing is changed, so that a repeated
        command is harmless. Raises Invalid.
        """
        prepared = check_password(password)
        with self._slots:
            new = self._hasher.hash(prepared)
        with self._transaction() as database:
            database.execute(
                "INSERT OR IGNORE INTO credential (account, name, hash) VALUES (?, ?, ?)",
                (account.bytes, credential.bytes, new),
            )

    def settle(self, account: UUID, credential: UUID) -> None:
        """The record names this credential now: remove the others, and forget the account's failures."""
        with self._transaction() as database:
            database.execute(
                "DELETE FROM credential WHERE account = ? AND name != ?", (account.bytes, credential.bytes)
            )
            _forget(database, account)

    def discard(self, account: UUID, credential: UUID) -> None:
        """The record never named it."""
        with self._transaction() as database:
            database.execute("DELETE FROM credential WHERE account = ? AND name = ?", (account.bytes, credential.bytes))

    def verify(self, account: UUID, password: str, credential: UUID = UNNAMED) -> bool:
        """Whether this is the account's password, under the credential that the record names, or under the oldest
        that there is where that one is missing: when an older log or an older file of credentials was put back.
        False also where there is no such account.

        Raises:
            TooManyAttempts: the account must wait; the password was not looked at.
        """
        with self._transaction() as database:
            early = _count(database, account, self._now())  # as a failure: many guesses at once are all counted
            row = database.execute(
                "SELECT hash FROM credential WHERE account = ? ORDER BY name = ? DESC, place LIMIT 1",
                (account.bytes, credential.bytes),
            ).fetchone()
        if early is not None:
            raise early
        prepared = _prepared(password)
        stored = str(row[0]) if row and prepared is not None else self._nobody
        with self._slots:
            matches = self._matches(stored, prepared or "")
        if not matches or stored is self._nobody:
            return False
        self._succeed(account, stored, prepared or "")
        return True

    def _matches(self, stored: str, prepared: str) -> bool:
        try:
            return self._hasher.verify(stored, prepared)
        except VerifyMismatchError:
            return False
        except InvalidHashError as fault:
            raise CredentialsFault("a stored password is damaged; set that account's password anew") from fault

    def _succeed(self, account: UUID, stored: str, prepared: str) -> None:
        new = None
        if self._hasher.check_needs_rehash(stored):
            with self._slots:
                new = self._hasher.hash(prepared)
        with self._transaction() as database:
            _forget(database, account)
            if new:  # not where the password was changed meanwhile
                database.execute(
                    "UPDATE credential SET hash = ? WHERE account = ? AND hash = ?", (new, account.bytes, stored)
                )

    def _prepare(self) -> None:
        try:
            with self._transaction() as database:
                version = database.execute("PRAGMA user_version").fetchone()[0]
                if version > VERSION:
                    raise CredentialsFault(
                        f"{self._path.name} has version {version}, this program knows {VERSION}; use the newer program"
                    )
                for step in _STEPS[version:]:
                    for statement in step:
                        database.execute(statement)
                database.execute(f"PRAGMA user_version = {VERSION}")
        except sqlite3.DatabaseError as fault:
            raise CredentialsFault(f"{self._path.name}: {fault}; restore it from a backup") from fault

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """One write transaction on a connection of its own: opening one takes a hundredth of what a hash takes."""
        database = sqlite3.connect(self._path, timeout=10, isolation_level=None)
        try:
            database.execute("PRAGMA synchronous = FULL")
            database.execute("PRAGMA secure_delete = ON")  # an old hash leaves nothing behind
            database.execute("BEGIN IMMEDIATE")
            yield database
            database.execute("COMMIT")
        finally:
            database.close()  # rolls back what was not committed


def check_password(password: str, field: str = "password") -> str:
    """The password as it is hashed. Raises Invalid where it is too short, too long or not text."""
    prepared = _prepared(password)
    if prepared is None:
        raise Invalid(field, f"is longer than {LENGTH_MAX} characters or not text", "choose a shorter one")
    if len(prepared) < LENGTH_MIN:
        raise Invalid(field, f"has {len(prepared)} characters", f"use at least {LENGTH_MIN}")
    return prepared


def _prepared(password: str) -> str | None:
    """One form for what looks the same (й typed as one or as two code points); None where it is no password."""
    if len(password) > LENGTH_MAX or any("\ud800" <= character <= "\udfff" for character in password):
        return None
    return unicodedata.normalize("NFKC", password)


def _claim(path: Path) -> None:
    """Make the file for its owner alone, or see that it is."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise CredentialsFault(f"{path.name} is open to others ({mode:04o}); run: chmod 600 {path}") from None


def _bucket(account: UUID) -> int:
    return account.int % BUCKETS


def _forget(database: sqlite3.Connection, account: UUID) -> None:
    database.execute("DELETE FROM failure WHERE bucket = ?", (_bucket(account),))


def _count(database: sqlite3.Connection, account: UUID, now: float) -> TooManyAttempts | None:
    """One more attempt; or why it comes too early, which is not counted and marked as said."""
    row = database.execute("SELECT failures, last_at, told FROM failure WHERE bucket = ?", (_bucket(account),))
    failures, last_at, told = row.fetchone() or (0, now, 0)
    if now - last_at > FORGET_SECONDS:
        failures = 0
    if failures >= FREE_FAILURES:
        wait = min(2 ** min(failures - FREE_FAILURES, 10), WAIT_SECONDS_MAX)
        left = min(last_at, now) + wait - now  # a clock that was set back makes nobody wait longer
        if left > 0:
            if not told:
                database.execute("UPDATE failure SET told = 1 WHERE bucket = ?", (_bucket(account),))
            return TooManyAttempts(max(1, round(left)), first=not told)
    database.execute("INSERT OR REPLACE INTO failure VALUES (?, ?, ?, 0)", (_bucket(account), failures + 1, now))
    return None
