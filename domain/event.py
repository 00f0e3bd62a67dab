"""Events, the facts of the record, and the closed registry of their stored names.

An event carries only what happened. Who did it, why, when it was recorded and where it stands in its stream
is its envelope, `Recorded`. A stored row is decoded by its topic from `TOPICS` alone, so that no row ever
chooses which code is imported.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, TypeAlias
from uuid import UUID

import msgspec

StreamId: TypeAlias = UUID

TOPICS: dict[str, type[Event]] = {}


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A fact in the past tense. A subclass with a `TOPIC` is registered; topics are permanent.

    Raises:
        TypeError: at import, when two classes claim one topic.
    """

    TOPIC: ClassVar[str] = ""

    def __init_subclass__(cls, **config: Any) -> None:
        super().__init_subclass__(**config)
        topic = cls.__dict__.get("TOPIC")
        if topic:
            if topic in TOPICS:
                raise TypeError(
                    f"topic {topic!r} belongs to {TOPICS[topic].__name__}: choose another for {cls.__name__}"
                )
            TOPICS[topic] = cls


class Meta(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who, why and when: the same for all events of one command."""

    actor: UUID
    role: str
    purpose: str
    command_id: UUID
    correlation_id: UUID
    causation: str = ""  # "<stream>:<version>" of the event that led to this command, where one did
    recorded_at: datetime  # UTC, the composition's clock

    def require_whole(self) -> None:
        """Of an envelope that is about to be recorded; older ones are read as they are.

        Raises:
            ValueError: nobody, in no role or for no purpose.
        """
        for name, said in (("actor", self.actor.int), ("role", self.role), ("purpose", self.purpose)):
            if not said:
                raise ValueError(f"{name} is empty: no event without actor, role and purpose; fill it in")


class Recorded(msgspec.Struct, frozen=True):
    """An event in its place: `position` in the whole log (from 1, never reused), `version` in its stream."""

    position: int
    stream: StreamId
    version: int
    meta: Meta
    event: Event
