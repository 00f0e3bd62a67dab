"""What of a child the index of names is made of: its identity as it was last corrected, and its contacts."""

from __future__ import annotations

from typing import Protocol, TypeAlias, TypeVar
from uuid import UUID

from domain.child_events import ChildRegistered, ContactsCorrected, IdentityCorrected
from domain.log import EventLog
from domain.personal import ChildContacts
from domain.sealed import Sealed, Token

T = TypeVar("T")
Told: TypeAlias = ChildRegistered | IdentityCorrected


class Door(Protocol):
    """Opens what is sealed of a child; None once it was erased."""

    def __call__(self, token: Token, kind: type[T]) -> T | None: ...


def opened(door: Door, sealed: Sealed[T], kind: type[T]) -> T | None:
    """Raises TokenRefused, msgspec.DecodeError."""
    assert sealed.token is not None, "it was read from the log"
    return door(sealed.token, kind)


def told_of(log: EventLog, child: UUID) -> list[Told]:
    """Raises EventUnreadable."""
    return [each for each in log.events(child) if isinstance(each, ChildRegistered | IdentityCorrected)]


def contacts_of(log: EventLog, door: Door, child: UUID) -> ChildContacts | None:
    """The last ones. Raises TokenRefused, msgspec.DecodeError, EventUnreadable."""
    told = [each.contacts for each in log.events(child) if isinstance(each, ChildRegistered | ContactsCorrected)]
    last = told[-1] if told else None
    return None if last is None else opened(door, last, ChildContacts)
