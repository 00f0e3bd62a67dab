"""An EventLog in memory, for the tests of other rooms. It is held by the same contract suite as the real one."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar, get_origin
from uuid import UUID

import msgspec

from domain.errors import CommandIdReused, VersionConflict
from domain.event import Event, Meta, Recorded, StreamId
from domain.log import Change, Receipt, StreamVersion
from domain.sealed import Sealed, Token

T = TypeVar("T")


class MemoryEventLog:
    """Keeps what was appended as the real log gives it back: sealed values come as tokens.

    A token's `ciphertext` is the plain value as msgpack here, so that `open_token` needs no keys.
    """

    def __init__(self) -> None:
        self._rows: list[Recorded] = []
        self._streams: dict[StreamId, list[Recorded]] = defaultdict(list)
        self._receipts: dict[UUID, tuple[bytes, Receipt]] = {}
        self._moved = threading.Condition()

    def append(self, changes: Sequence[Change], meta: Meta, *, command_digest: bytes = b"") -> Receipt:
        meta.require_whole()
        with self._moved:
            seen = self._seen(meta.command_id, command_digest)
            if seen is not None:
                return seen
            rows, versions = self._rows_of(changes, meta)
            for row in rows:
                self._rows.append(row)
                self._streams[row.stream].append(row)
            receipt = Receipt(
                command_id=meta.command_id,
                streams=versions,
                first_position=rows[0].position if rows else 0,
                last_position=rows[-1].position if rows else 0,
                recorded_at=meta.recorded_at,
            )
            self._receipts[meta.command_id] = (command_digest, receipt)
            self._moved.notify_all()
            return receipt

    def receipt(self, command_id: UUID, *, command_digest: bytes = b"") -> Receipt | None:
        with self._moved:
            return self._seen(command_id, command_digest)

    def stream(
        self, stream: StreamId, *, after_version: int = 0, until_version: int | None = None
    ) -> Iterator[Recorded]:
        with self._moved:
            rows = list(self._streams.get(stream, ()))
        return iter(rows[after_version:until_version])

    def events(self, stream: StreamId, *, after_version: int = 0, until_version: int | None = None) -> Sequence[Event]:
        return [row.event for row in self.stream(stream, after_version=after_version, until_version=until_version)]

    def read(self, *, after: int = 0, limit: int = 500, until: int | None = None) -> Sequence[Recorded]:
        with self._moved:
            return self._rows[after:until][:limit]

    def head(self) -> int:
        with self._moved:
            return len(self._rows)

    def wait(self, *, after: int, timeout_seconds: float) -> bool:
        with self._moved:
            return self._moved.wait_for(lambda: len(self._rows) > after, timeout_seconds)

    def _seen(self, command_id: UUID, digest: bytes) -> Receipt | None:
        first_digest, receipt = self._receipts.get(command_id, (digest, None))
        if first_digest != digest:
            raise CommandIdReused(command_id)
        return receipt

    def _rows_of(self, changes: Sequence[Change], meta: Meta) -> tuple[list[Recorded], tuple[StreamVersion, ...]]:
        rows: list[Recorded] = []
        versions: list[StreamVersion] = []
        now_at: dict[StreamId, int] = {}
        for change in changes:
            current = now_at.get(change.stream, len(self._streams.get(change.stream, ())))
            if current != change.expected_version:
                raise VersionConflict(change.stream, change.expected_version, current)
            for version, event in enumerate(change.events, current + 1):
                position = len(self._rows) + len(rows) + 1
                rows.append(Recorded(position, change.stream, version, meta, as_stored(event, change.stream, version)))
            now_at[change.stream] = current + len(change.events)
            versions.append(StreamVersion(change.stream, now_at[change.stream]))
        return rows, tuple(versions)


def as_stored(event: Event, stream: StreamId, version: int) -> Event:
    """The event as a log gives it back: its sealed parts are tokens, without encryption."""
    parts = iter(range(1_000))

    def seal(value: Any) -> Any:
        if not isinstance(value, Sealed):
            raise NotImplementedError(f"an event cannot carry a {type(value).__name__}")
        return [value.subject, next(parts), msgspec.msgpack.encode(value.fresh_value())]

    def unseal(kind: Any, stored: Any) -> Any:
        if get_origin(kind) is not Sealed:
            raise NotImplementedError(f"an event cannot carry a {kind}")
        subject, part, ciphertext = UUID(stored[0]), stored[1], stored[2]
        return Sealed(subject, token=Token(subject, stream, version, event.TOPIC, part, ciphertext))

    packed = msgspec.msgpack.encode(event, enc_hook=seal)
    return msgspec.msgpack.decode(packed, type=type(event), dec_hook=unseal)


def open_token(token: Token | None, kind: type[T]) -> T:
    """The value of a token made by `as_stored`."""
    if token is None:
        raise ValueError("a fresh Sealed has no token; read the event back from the log")
    return msgspec.msgpack.decode(token.ciphertext, type=kind)
