"""The port of the event log. `app/event_store` implements it; one contract suite holds every implementation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from domain.event import Event, Meta, Recorded, StreamId


class Change(msgspec.Struct, frozen=True):
    """New events for one stream, decided on its state at `expected_version` (0: the stream does not exist yet)."""

    stream: StreamId
    expected_version: int
    events: tuple[Event, ...]


class StreamVersion(msgspec.Struct, frozen=True):
    stream: StreamId
    version: int


class Receipt(msgspec.Struct, frozen=True):
    """What a command did. The same command id is always answered with the same receipt."""

    command_id: UUID
    streams: tuple[StreamVersion, ...]  # each stream's version after the command, in the order of its changes
    first_position: int  # 0 and 0 where the command changed nothing
    last_position: int
    recorded_at: datetime


class EventLog(Protocol):
    """The whole history, in one total order."""

    def append(self, changes: Sequence[Change], meta: Meta, *, command_digest: bytes = b"") -> Receipt:
        """Append all changes or none, durably, before returning.

        A command id that was seen before changes nothing and returns its first receipt.

        Raises:
            domain.errors.VersionConflict: a stream is not at its expected version.
            domain.errors.CommandIdReused: the command id was seen before with another `command_digest`.
            domain.errors.LogFull: the disk or the database is full; nothing was appended.
            ValueError: the envelope says no actor, role or purpose.
        """
        ...

    def receipt(self, command_id: UUID, *, command_digest: bytes = b"") -> Receipt | None:
        """The receipt of a command seen before. Raises CommandIdReused as `append` does."""
        ...

    def stream(
        self, stream: StreamId, *, after_version: int = 0, until_version: int | None = None
    ) -> Iterator[Recorded]:
        """The events of one stream with their envelopes, in order of version; none where it does not exist."""
        ...

    def events(self, stream: StreamId, *, after_version: int = 0, until_version: int | None = None) -> Sequence[Event]:
        """The bare events of one stream, for folding: versions are dense, so the last one is at
        `after_version + len(events)`. Faster than `stream`, which decodes every envelope too.
        """
        ...

    def read(self, *, after: int = 0, limit: int = 500, until: int | None = None) -> Sequence[Recorded | Unreadable]:
        """Up to `limit` events with `after < position <= until`, in order of position.

        A row that cannot be decoded comes as `Unreadable` in its place: one bad row never hides the rest.
        """
        ...

    def head(self) -> int:
        """The last position of the log; 0 where it is empty."""
        ...

    def wait(self, *, after: int, timeout_seconds: float) -> bool:
        """Sleep until the log's head is beyond `after` (True) or the time is over (False).

        Woken by appends of this process at once, of other processes within a tenth of a second.
        """
        ...


class Unreadable(msgspec.Struct, frozen=True):
    """A stored row that does not decode: its place, its topic and why."""

    position: int
    stream: StreamId
    version: int
    topic: str
    fault: str
