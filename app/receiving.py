"""A file on its way in: hashed while it is written, beside the event loop, with an eye on the disk."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import shutil
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, ParamSpec, TypeVar
from uuid import uuid4

import msgspec

from app.deployment import Deployment
from domain.errors import DomainError, LogFull

BLOCK_BYTES = 1 << 20
WRITERS_MAX = 4  # threads that write at once, for all uploads together

P = ParamSpec("P")
T = TypeVar("T")


class UploadTooLarge(DomainError):
    code = "upload-too-large"

    def __init__(self, bytes_max: int) -> None:
        super().__init__(f"file: more than {bytes_max} bytes; cut it into shorter files", bytes_max=bytes_max)


class DiskReserved(DomainError):
    """What is left of the disk is kept for the record, the index and the views."""

    code = "disk-reserved"

    def __init__(self, free_bytes: int, reserve_bytes: int) -> None:
        super().__init__(
            f"file: the disk would be left with less than the {reserve_bytes} bytes that are kept free on it "
            f"({free_bytes} are free now); nothing was archived: make room on it, then send the file again",
            free_bytes=free_bytes,
            reserve_bytes=reserve_bytes,
        )


class Received(msgspec.Struct, frozen=True):
    """A file that came in whole: where it lies, and what it is."""

    path: Path
    sha256: str
    size_bytes: int


class Receiving:
    """Takes uploads of one deployment, any number at once. Each has one block in hand: none runs ahead of the disk."""

    def __init__(self, deployment: Deployment, writers: Executor) -> None:
        self._deployment = deployment
        self._writers = writers

    def check(self, announced_bytes: int) -> None:
        """Before a byte is received: is it too much for the settings, or for the disk? 0 where nobody said how much.

        Raises:
            UploadTooLarge, DiskReserved: as `receive`.
        """
        self.check_size(announced_bytes)
        self.check_room(announced_bytes)

    def check_size(self, size_bytes: int) -> None:
        bytes_max = self._deployment.settings.upload_bytes_max
        if size_bytes > bytes_max:
            raise UploadTooLarge(bytes_max)

    def check_room(self, more_bytes: int) -> None:
        free_bytes = shutil.disk_usage(self._deployment.incoming).free
        reserve_bytes = self._deployment.settings.reserve_bytes
        if free_bytes - more_bytes < reserve_bytes:
            raise DiskReserved(free_bytes, reserve_bytes)

    async def receive(self, chunks: AsyncIterator[bytes]) -> Received:
        """Write what comes to the disk. Nothing is left where it fails.

        Raises:
            UploadTooLarge: more than the deployment's settings allow.
            DiskReserved: the disk has no more room than the settings keep free.
            domain.errors.LogFull: the disk is full.
        """
        incoming = _Incoming(self._deployment.incoming / uuid4().hex, self)
        try:
            block = bytearray()
            async for chunk in chunks:
                block += chunk
                while len(block) >= BLOCK_BYTES:
                    await self._apart(incoming.write, bytes(block[:BLOCK_BYTES]))
                    del block[:BLOCK_BYTES]
            return await self._apart(incoming.finish, bytes(block))
        except BaseException:
            await asyncio.shield(self._apart(incoming.drop))
            raise

    def _apart(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> Awaitable[T]:
        """In a thread. What has begun there is done, also when nobody waits for it any more."""
        return asyncio.wrap_future(self._writers.submit(work, *arguments, **named))


class _Incoming:
    """The file. Written by one thread at a time: one that is dropped may still be in the middle of a block."""

    def __init__(self, path: Path, receiving: Receiving) -> None:
        self._path, self._receiving = path, receiving
        self._digest, self._size = hashlib.sha256(), 0
        self._file: BinaryIO | None = None
        self._alone = threading.Lock()

    def write(self, block: bytes) -> None:
        with self._alone, full_disk_refused():
            self._size += len(block)
            self._receiving.check_size(self._size)
            self._receiving.check_room(len(block))
            if self._file is None:
                self._file = self._path.open("xb")
            self._digest.update(block)
            self._file.write(block)

    def finish(self, rest: bytes) -> Received:
        self.write(rest)
        with self._alone, full_disk_refused():
            assert self._file is not None
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        return Received(self._path, self._digest.hexdigest(), self._size)

    def drop(self) -> None:
        with self._alone:
            if self._file is not None:
                with suppress(OSError):  # a full disk refuses what is still in the buffer: it is thrown away anyway
                    self._file.close()
            self._path.unlink(missing_ok=True)


@contextmanager
def full_disk_refused() -> Iterator[None]:
    """Raises domain.errors.LogFull for the errors of a disk that is full."""
    try:
        yield
    except OSError as fault:
        if fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise LogFull(fault.strerror or "no space") from fault
        raise
