"""Passwords: argon2id hashes in a file of their own, apart from the record, which never learns of them.

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

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from domain.errors import DomainError, Invalid

LENGTH_MIN = 12
LENGTH_MAX = 200
FREE_FAILURES = 5  # before the first wait, which is of one second and doubles with each failure
WAIT_SECONDS_MAX = 900
FORGET_SECONDS = 86_400  # a day without an attempt
BUCKETS = 2**20  # accounts share a count of failures where their ids agree in 20 bits: it bounds the table
HASHES_AT_ONCE = 4  # each takes 64 MiB
VERSION = 1

_TABLES = """
    CREATE TABLE credential (account BLOB PRIMARY KEY, hash TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE failure (bucket INTEGER PRIMARY KEY, failures INTEGER NOT NULL, last_at REAL NOT NULL) STRICT;
"""


class TooManyAttempts(DomainError):
    """The password was not looked at."""

    code = "too-many-attempts"

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(
            f"too many failed attempts; try again in {retry_after_seconds} s", retry_after_seconds=retry_after_seconds
        )
        self.retry_after_seconds = retry_after_seconds


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
        self._hasher = hasher or PasswordHasher()  # argon2id, RFC 9106: 3 passes over 64 MiB in 4 lanes
        self._now = now
        self._slots = threading.BoundedSemaphore(HASHES_AT_ONCE)
        self._nobody = self._hasher.hash(token_urlsafe())
        _claim(path)
        self._prepare()

    def set(self, account: UUID, password: str) -> None:
        """Give the account a new password, and forget its failures. Raises Invalid."""
        prepared = check_password(password)
        with self._slots:
            new = self._hasher.hash(prepared)
        with self._transaction() as database:
            _store(database, account, new)
            _forget(database, account)

    def set_first(self, account: UUID, password: str) -> None:
        """Give a new account its password; where it has one already, change nothing: a repeated command is harmless.

        Raises Invalid.
        """
        prepared = check_password(password)
        with self._slots:
            new = self._hasher.hash(prepared)
        with self._transaction() as database:
            database.execute("INSERT OR IGNORE INTO credential VALUES (?, ?)", (account.bytes, new))

    def verify(self, account: UUID, password: str) -> bool:
        """Whether this is the account's password; False also where there is no such account.

        Raises:
            TooManyAttempts: the account must wait; the password was not looked at.
        """
        with self._transaction() as database:
            _count(database, account, self._now())  # as a failure, so that many guesses at once are all counted
            row = database.execute("SELECT hash FROM credential WHERE account = ?", (account.bytes,)).fetchone()
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
            current = database.execute("SELECT hash FROM credential WHERE account = ?", (account.bytes,)).fetchone()
            if new and current == (stored,):  # not where the password was changed meanwhile
                _store(database, account, new)

    def _prepare(self) -> None:
        try:
            with self._transaction() as database:
                version = database.execute("PRAGMA user_version").fetchone()[0]
                if version > VERSION:
                    raise CredentialsFault(
                        f"{self._path.name} has version {version}, this program knows {VERSION}; use the newer program"
                    )
                if version == 0:
                    for statement in _TABLES.split(";")[:-1]:
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


def check_password(password: str) -> str:
    """The password as it is hashed. Raises Invalid where it is too short, too long or not text."""
    prepared = _prepared(password)
    if prepared is None:
        raise Invalid("password", f"is longer than {LENGTH_MAX} characters or not text", "choose a shorter one")
    if len(prepared) < LENGTH_MIN:
        raise Invalid("password", f"has {len(prepared)} characters", f"use at least {LENGTH_MIN}")
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


def _store(database: sqlite3.Connection, account: UUID, hashed: str) -> None:
    database.execute("INSERT OR REPLACE INTO credential VALUES (?, ?)", (account.bytes, hashed))


def _bucket(account: UUID) -> int:
    return account.int % BUCKETS


def _forget(database: sqlite3.Connection, account: UUID) -> None:
    database.execute("DELETE FROM failure WHERE bucket = ?", (_bucket(account),))


def _count(database: sqlite3.Connection, account: UUID, now: float) -> None:
    """One more attempt. Raises TooManyAttempts where it comes too early, and does not count it then."""
    row = database.execute("SELECT failures, last_at FROM failure WHERE bucket = ?", (_bucket(account),)).fetchone()
    failures, last_at = row or (0, now)
    if now - last_at > FORGET_SECONDS:
        failures = 0
    if failures >= FREE_FAILURES:
        wait = min(2 ** min(failures - FREE_FAILURES, 10), WAIT_SECONDS_MAX)
        left = min(last_at, now) + wait - now  # a clock that was set back makes nobody wait longer
        if left > 0:
            raise TooManyAttempts(max(1, round(left)))
    database.execute("INSERT OR REPLACE INTO failure VALUES (?, ?, ?)", (_bucket(account), failures + 1, now))
