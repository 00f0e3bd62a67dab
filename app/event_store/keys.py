"""The subjects' keys, apart from the record: destroying one makes what was sealed under it unreadable for ever."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag

from app.event_store.faults import ErasureIncomplete, StoreRefused, SubjectErased, WrongRootKey
from app.event_store.root_key import KEY_BYTES, RootKey
from app.event_store.sqlite_file import Readers, Schema, SqliteFile, log_full

ERASURE_SECONDS = 5.0  # how long an erasure waits for readers to leave the write-ahead log

_CHECK_SUBJECT = UUID(int=0)
_CHECK = b"oberih keys"  # wrapped like a key under no subject: opens with the right root key only
_SCHEMA = Schema(
    application_id=int.from_bytes(b"OBKY"),
    version=1,
    statements=(
        "CREATE TABLE root_check (one INTEGER PRIMARY KEY CHECK (one = 1), wrapped BLOB NOT NULL) STRICT",
        # wrapped: nonce and AES-GCM of the key under the root key; NULL once it was destroyed
        "CREATE TABLE subject_keys (subject BLOB PRIMARY KEY, wrapped BLOB) STRICT, WITHOUT ROWID",
    ),
)


class KeyStore:
    """AES-256 keys of subjects in a SQLite file, wrapped with the root key. Safe between threads and processes."""

    def __init__(self, path: Path, root_key_path: Path) -> None:
        """Open the store, making it where it does not exist.

        Raises:
            StoreRefused: a file is not what it should be; WrongRootKey and NewerSchema say so more closely.
        """
        self._file = SqliteFile(path, _SCHEMA, secure_delete=True)
        self._root = RootKey.read(root_key_path)
        self._file.create_or_check()
        self._readers = Readers(self._file)
        self._writer = self._file.connect()
        self._writing = threading.Lock()
        try:
            self._check_root_key(root_key_path)
        except BaseException:
            self.close()
            raise

    def key(self, subject: UUID) -> bytes | None:
        """The subject's key; None where it was destroyed or never made."""
        found = self._readers.rows("SELECT wrapped FROM subject_keys WHERE subject = ?", (subject.bytes,))
        return self.unwrap(found[0][0], subject) if found and found[0][0] is not None else None

    @contextmanager
    def making_keys(self) -> Iterator[NewKeys]:
        """Keys to seal with. Those made within the block are durable when it ends; none are where it raises.

        Raises:
            SubjectErased: a key was asked for whose subject was erased.
            domain.errors.LogFull: the disk is full.
        """
        keys = NewKeys(self)
        try:
            yield keys
        except BaseException:
            keys.abandon()
            raise
        keys.commit()

    def erase(self, subject: UUID) -> None:
        """Destroy the subject's key: in the database, in its write-ahead log, and for all time to come.

        Raises:
            ErasureIncomplete: a reader was in the way for too long; call again.
        """
        with self._writing:
            self._writer.execute(
                "INSERT INTO subject_keys VALUES (?, NULL) ON CONFLICT (subject) DO UPDATE SET wrapped = NULL",
                (subject.bytes,),
            )
            deadline = time.monotonic() + ERASURE_SECONDS
            while self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                if time.monotonic() > deadline:
                    raise ErasureIncomplete(subject)
                time.sleep(0.01)

    def close(self) -> None:
        self._readers.close()
        with self._writing:
            self._writer.close()

    def _check_root_key(self, root_key_path: Path) -> None:
        with self._writing:
            self._writer.execute(
                "INSERT INTO root_check SELECT 1, ? WHERE NOT EXISTS (SELECT * FROM root_check)",
                (self._root.wrap(_CHECK, _CHECK_SUBJECT),),
            )
            wrapped = self._writer.execute("SELECT wrapped FROM root_check").fetchone()[0]
        try:
            self._root.unwrap(wrapped, _CHECK_SUBJECT)
        except InvalidTag:
            raise WrongRootKey(root_key_path, self._file.path) from None

    def _unwrap(self, wrapped: bytes, subject: UUID) -> bytes:
        try:
            return self._root.unwrap(wrapped, subject)
        except InvalidTag:
            raise StoreRefused(
                self._file.path, f"the wrapped key of {subject} was altered", "restore the file from a backup"
            ) from None


class NewKeys:
    """One block of `KeyStore.making_keys`: takes the write lock only when a key is really made."""

    def __init__(self, store: KeyStore) -> None:
        self._store = store
        self._known: dict[UUID, bytes] = {}
        self._writes = False

    def key(self, subject: UUID) -> bytes:
        """The subject's key, made where there is none."""
        known = self._known.get(subject)
        if known is None:
            known = self._known[subject] = self._store.key(subject) or self._made(subject)
        return known

    def _made(self, subject: UUID) -> bytes:
        store = self._store
        try:
            if not self._writes:
                store._writing.acquire()
                self._writes = True
                store._writer.execute("BEGIN IMMEDIATE")
            found = store._writer.execute(_SELECT, (subject.bytes,)).fetchone()
