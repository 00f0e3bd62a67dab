"""What a file system needs to be told, so that a power cut loses nothing."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

CHUNK_BYTES = 1 << 20


def sync_folder(folder: Path) -> None:
    """Make names that were made or renamed in the folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Make a folder durable with everything in it."""
    for inside, _, files in os.walk(folder):
        for name in files:
            with (Path(inside) / name).open("rb") as file:
                os.fsync(file.fileno())
        sync_folder(Path(inside))


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, hex. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy_digested(source: BinaryIO, target: Path) -> tuple[str, str]:
    """Copy what can be read of `source` into a new file. Returns the SHA-256 of it, and why reading ended early.

    Raises:
        OSError: the target cannot be written.
    """
    digest = hashlib.sha256()
    with target.open("xb") as file:
        while True:
            try:
                chunk = source.read(CHUNK_BYTES)
            except OSError as fault:  # a bad block of the original: the target is not at fault
                return digest.hexdigest(), f"it cannot be read beyond byte {file.tell()}: {fault.strerror}"
            if not chunk:
                return digest.hexdigest(), ""
            digest.update(chunk)
            file.write(chunk)
