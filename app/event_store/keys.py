"""The subjects' keys, apart from the record: destroying one makes what was sealed under it unreadable for ever."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag

from app.event_store.database import Database
from app.event_store.faults import ErasureIncomplete, StoreRefused, SubjectErased, WrongRootKey
from app.event_store.root_key import KEY_BYTES, RootKey
from app.event_store.sqlite_file import Schema, SqliteFile

ERASURE_SECONDS = 5.0  # how long an erasure waits for readers to leave the write-ahead log

_CHECK = b"oberih keys"  # wrapped like a key, under no subject: it opens with the right root key alone
_CHECK_SUBJECT = UUID(int=0)
_SCHEMA = Schema(
    application_id=int.from_bytes(b"OBKY"),
    version=1,
    statements=(
        "CREATE TABLE root_check (one INTEGER PRIMARY KEY CHECK (one = 1), wrapped BLOB NOT NULL) STRICT",
        # wrapped: nonce and AES-GCM of the key under the root key; NULL once the key was destroyed
        "CREATE TABLE subject_keys (subject BLOB PRIMARY KEY, wrapped BLOB) STRICT, WITHOUT ROWID",
    ),
)


class KeyStore:
    """AES-256 keys of subjects in a SQLite file, wrapped with the root key. Safe between threads and processes."""

    def __init__(self, path: Path, root_key_path: Path, *, create: bool = False) -> None:
        """Open the store; `create` makes it where it does not exist.

        Raises:
            StoreRefused: a file is not what it should be; WrongRootKey and NewerSchema say so more closely.
        """
        self._root = RootKey.read(root_key_path)
        self._database = Database(SqliteFile(path, _SCHEMA, secure_delete=True), create=create)
        try:
            self._check_root_key(root_key_path)
        except BaseException:
            self.close()
            raise

    def key(self, subject: UUID) -> bytes | None:
        """The subject's key; None where it was destroyed or never made.

        It is read anew each time: a key kept in memory would outlive its erasure by another process.

        Raises:
            StoreRefused: the wrapped key was altered.
        """
        wrapped = self._wrapped(subject)
        return None if wrapped is None else self._unwrapped(wrapped, subject)

    def has(self, subject: UUID) -> bool:
        """Whether there is a key to destroy; one that was altered, too."""
        return self._wrapped(subject) is not None

    @contextmanager
    def sealing(self) -> Iterator[Callable[[UUID], bytes]]:
        """A function from a subject to its key, made where there is none.

        Keys made in the block are durable when it ends, none where it raises; the write lock is taken by the first.

        Raises:
            SubjectErased: a key was asked for whose subject was erased.
            domain.errors.LogFull: the disk is full.
        """
        known: dict[UUID, bytes] = {}
        writer: sqlite3.Connection | None = None
        with ExitStack() as block:

            def key(subject: UUID) -> bytes:
                nonlocal writer
                if subject not in known:
                    # who writes reads there, too: an erasure may be in the same commit, which no other connection sees
                    found = None if writer is not None else self.key(subject)
                    if found is None:
                        writer = writer or block.enter_context(self._database.transaction())
                        found = self._made(subject, writer)
                    known[subject] = found
                return known[subject]

            yield key

    def erase(self, *subjects: UUID) -> None:
        """Destroy the subjects' keys, in the database and in its write-ahead log; they are never made again.

        Raises:
            ErasureIncomplete: a reader was in the way for too long; call again.
        """
        with self._database.transaction() as writer:
            writer.executemany(
                "INSERT INTO subject_keys VALUES (?, NULL) ON CONFLICT (subject) DO UPDATE SET wrapped = NULL",
                [(subject.bytes,) for subject in subjects],
            )
        deadline = time.monotonic() + ERASURE_SECONDS
        while self._database.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]:
            if time.monotonic() > deadline:
                raise ErasureIncomplete(*subjects)
            time.sleep(0.01)

    def close(self) -> None:
        self._database.close()

    def _made(self, subject: UUID, writer: sqlite3.Connection) -> bytes:
        found = writer.execute("SELECT wrapped FROM subject_keys WHERE subject = ?", (subject.bytes,)).fetchone()
        if found is not None:  # another process was faster, or the subject was erased
            if found[0] is None:
                raise SubjectErased(subject)
            return self._unwrapped(found[0], subject)
        key = os.urandom(KEY_BYTES)
        writer.execute("INSERT INTO subject_keys VALUES (?, ?)", (subject.bytes, self._root.wrap(key, subject)))
        return key

    def _wrapped(self, subject: UUID) -> bytes | None:
        found = self._database.rows("SELECT wrapped FROM subject_keys WHERE subject = ?", (subject.bytes,))
        wrapped: bytes | None = found[0][0] if found else None
        return wrapped

    def _unwrapped(self, wrapped: bytes, subject: UUID) -> bytes:
        try:
            return self._root.unwrap(wrapped, subject)
        except (InvalidTag, ValueError):  # the second: too short to be one
            raise StoreRefused(
                self._database.file.path, f"the wrapped key of {subject} was altered", "restore it from a backup"
            ) from None

    def _check_root_key(self, root_key_path: Path) -> None:
        stored = self._database.rows("SELECT wrapped FROM root_check")
        if not stored:
            with self._database.transaction() as writer:
                writer.execute(
                    "INSERT OR IGNORE INTO root_check VALUES (1, ?)", (self._root.wrap(_CHECK, _CHECK_SUBJECT),)
                )
            stored = self._database.rows("SELECT wrapped FROM root_check")
        try:
            self._root.unwrap(stored[0][0], _CHECK_SUBJECT)
        except InvalidTag:
            raise WrongRootKey(root_key_path, self._database.file.path) from None
