"""Between events and stored rows: msgpack `[meta, event]`, decoded by topic from the closed registry alone.

A sealed part is stored as `[subject, part, ciphertext]`; the rest of its coordinates are those of its row.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from types import GenericAlias
from typing import Any, TypeAlias, get_origin
from uuid import UUID

import msgspec
from eventsourcing.persistence import JSONTranscoder, Mapper, MapperDeserialisationError, Notification, StoredEvent

from app.event_store.upcasts import UPCASTS, Upcast, steps_to_present
from app.event_store.vault import Sealer, Vault
from domain.event import TOPICS, Event, Meta, Recorded
from domain.sealed import Sealed, Token

_subject = lru_cache(maxsize=4_096)(lambda subject_bytes: UUID(bytes=subject_bytes))  # most streams have few
_ENCODER = msgspec.msgpack.Encoder(uuid_format="bytes")

Decode: TypeAlias = Callable[[bytes], tuple[Any, Any]]


class _Place(threading.local):
    """Where the row stands that this thread is mapping: msgspec's hooks are given values only."""

    row: tuple[UUID, int, str]  # stream, version, topic
    parts: Iterator[int]
    sealer: Sealer


class EventMapper(Mapper[UUID]):
    """Maps `Recorded` (its position is the log's affair) to `StoredEvent` and back. Safe between threads."""

    def __init__(
        self,
        vault: Vault | None,
        topics: Mapping[str, type[Event]] = TOPICS,
        upcasts: Mapping[str, Upcast] = UPCASTS,
    ) -> None:
        """Without a vault it maps back only."""
        super().__init__(JSONTranscoder())  # required, never used
        self._vault = vault
        self._topics = topics
        self._upcasts = upcasts
        self._place = _Place()
        self._encoder = msgspec.msgpack.Encoder(enc_hook=self._seal, uuid_format="bytes")
        self._rows: dict[str, Decode] = {}  # topic -> decode (meta, event)
        self._events: dict[str, Decode] = {}  # topic -> decode (_, event): folding needs no meta

    def to_stored_events(self, rows: Sequence[Recorded]) -> list[StoredEvent]:
        """Rows ready to be inserted; the keys that they need are durable.

        Raises:
            TypeError: an event has no topic in the registry, or carries what cannot be stored.
            ValueError: a sealed value came from the log and cannot be stored a second time.
            SubjectErased, domain.errors.LogFull: as `Vault.sealing`.
        """
        if self._vault is None:
            raise ValueError("a mapper without a vault cannot store events; give it one")
        with self._vault.sealing() as self._place.sealer:
            packed: dict[int, msgspec.Raw] = {}  # rows of one command share their meta
            return [self._stored(row, packed) for row in rows]

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        return self.to_stored_events((domain_event,))[0]

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """A `Recorded`. Raises as `recorded` does."""
        position = stored_event.id if isinstance(stored_event, Notification) else 0
        stream = stored_event.originator_id
        assert isinstance(stream, UUID)
        return self.recorded(position, stream, stored_event.originator_version, stored_event.topic, stored_event.state)

    def recorded(self, position: int, stream: UUID, version: int, topic: str, state: bytes) -> Recorded:
        """The event of a row with its envelope.

        Raises:
            MapperDeserialisationError: the topic is unknown, or the bytes are not what it promises.
        """
        meta, event = self._decoded(stream, version, topic, state, Meta, self._rows)
        return Recorded(position, stream, version, meta, event)

    def event(self, stream: UUID, version: int, topic: str, state: bytes) -> Event:
        """The event of a row, its envelope skipped. Raises as `recorded` does."""
        event: Event = self._decoded(stream, version, topic, state, msgspec.Raw, self._events)[1]
        return event

    def _decoded(
        self, stream: UUID, version: int, topic: str, state: bytes, envelope: Any, known: dict[str, Decode]
    ) -> tuple[Any, Any]:
        self._place.row = (stream, version, topic)
        try:
            decode = known.get(topic) or self._learnt(topic, envelope, known)
            return decode(state)
        except Exception as error:  # upcasts are code of any kind: whatever fails in one is a fault of its row
            raise MapperDeserialisationError(f"{type(error).__name__}: {error}") from error

    def _stored(self, row: Recorded, packed: dict[int, msgspec.Raw]) -> StoredEvent:
        kind = type(row.event)
        if self._topics.get(kind.TOPIC) is not kind:
            raise TypeError(f"{kind.__name__} has no topic in the registry: give it a TOPIC of its own")
        meta = packed.get(id(row.meta))
        if meta is None:
            meta = packed[id(row.meta)] = self._packed(row.meta)
        place = self._place
        place.row, place.parts = (row.stream, row.version, kind.TOPIC), itertools.count()
        return StoredEvent(row.stream, row.version, kind.TOPIC, self._encoder.encode((meta, row.event)))

    def _packed(self, meta: Meta) -> msgspec.Raw:
        if meta.recorded_at.tzinfo is None:
            raise ValueError(f"recorded_at {meta.recorded_at} has no time zone; give an instant in UTC")
        return msgspec.Raw(self._encoder.encode(meta))

    def _seal(self, value: Any) -> Any:
        if not isinstance(value, Sealed):
            raise TypeError(f"an event cannot carry a {type(value).__name__}")
        place = self._place
        token = place.sealer.seal(value, *place.row, next(place.parts))
        return (token.subject, token.part, token.ciphertext)

    def _unseal(self, kind: Any, stored: Any) -> Any:
        if get_origin(kind) is not Sealed:
            raise TypeError(f"an event cannot carry a {kind}")
        subject_bytes, part, ciphertext = stored
        subject = _subject(subject_bytes)
        return Sealed(subject, token=Token(subject, *self._place.row, part, ciphertext))

    def _learnt(self, topic: str, envelope: Any, known: dict[str, Decode]) -> Decode:
        """How to decode a topic, found once; only retired topics pay for their upcasts."""
        steps = steps_to_present(topic, self._topics, self._upcasts)
        kind = self._topics[steps[-1].to_topic if steps else topic]
        decode = msgspec.msgpack.Decoder(GenericAlias(tuple, (envelope, kind)), dec_hook=self._unseal).decode
        known[topic] = partial(_upcast, steps, decode) if steps else decode
        return known[topic]


def _upcast(steps: Sequence[Upcast], decode: Callable[[bytes], Any], state: bytes) -> Any:
    meta, fields = msgspec.msgpack.decode(state)
    for step in steps:
        fields = step.change(fields)
    return decode(_ENCODER.encode((meta, fields)))
