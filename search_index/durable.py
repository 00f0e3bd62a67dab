"""Files that are whole or absent after a crash: written aside, fsynced, renamed, and the folder fsynced."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec


class FileRecord(msgspec.Struct, frozen=True):
    sha256: str
    bytes: int


def write_file(path: Path, chunks: Iterable[bytes | memoryview]) -> FileRecord:
    """Write a new file and make its content durable (its name is durable once the folder is synced)."""
    digest = hashlib.sha256()
    with path.open("xb", buffering=1 << 20) as file:
        for chunk in chunks:
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
        return FileRecord(digest.hexdigest(), file.tell())


def record_of(path: Path) -> FileRecord:
    """Digest and size of a file as it is read now."""
    with path.open("rb") as file:
        return FileRecord(hashlib.file_digest(file, "sha256").hexdigest(), file.tell())


def sync(path: Path) -> None:
    """Make the content of a file, or the names in a folder, durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def publish(aside: Path, final: Path) -> None:
    """Give a finished file or folder its name: from here on it is there whole."""
    sync(aside)
    aside.rename(final)
    sync(final.parent)


def copy_folder(source: Path, target: Path) -> None:
    """A durable copy of a folder of files (its own name is durable once its parent is synced)."""
    target.mkdir()
    for file in source.iterdir():
        shutil.copyfile(file, target / file.name)
        sync(target / file.name)
    sync(target)


@contextmanager
def exclusive(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold the lock file, across processes and threads. Yields whether it is held (always, where `wait`)."""
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
