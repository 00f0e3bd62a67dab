"""Files as they are sent: block by block, of their own type, and closed whatever becomes of the connection."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any, BinaryIO

from litestar.background_tasks import BackgroundTask
from litestar.concurrency import sync_to_thread
from litestar.response import Stream


class FileStream(Stream):
    """Of the type that its file has: the framework would send the route's one type instead."""

    def __init__(self, sending: Sending, *, media_type: str, headers: dict[str, str], status_code: int = 200) -> None:
        closing = BackgroundTask(sync_to_thread, sending.close)
        super().__init__(sending, background=closing, media_type=media_type, headers=headers, status_code=status_code)

    def to_asgi_response(self, *given: Any, **named: Any) -> Any:
        return super().to_asgi_response(*given, **{**named, "media_type": self.media_type})


class Sending:
    """The blocks of a file, which is closed at its end, or when nobody listens any more: whichever comes first, and
    never under a read. `blocks` are read from `file`.
    """

    def __init__(self, file: BinaryIO, blocks: Iterator[bytes]) -> None:
        self._file, self._blocks, self._alone = file, blocks, threading.Lock()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        with self._alone:
            block = b"" if self._file.closed else next(self._blocks, b"")
            if not block:
                self._file.close()
                raise StopIteration
            return block

    def close(self) -> None:
        with self._alone:
            self._file.close()
