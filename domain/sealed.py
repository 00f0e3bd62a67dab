"""Personal data and free text, which the domain carries but cannot read.

The domain hands a value on to be sealed; the event store encrypts it under the key of its subject and binds the
token to the place where it stands. What comes back from the log is a token: opening it is a disclosure, and
belongs to `app`.
"""

from __future__ import annotations

from typing import Generic, TypeVar
from uuid import UUID

import msgspec

T = TypeVar("T")


class Token(msgspec.Struct, frozen=True):
    """A sealed value with its coordinates: all that is needed, besides the subject's key, to open it."""

    subject: UUID
    stream: UUID
    version: int
    topic: str
    part: int  # which sealed part of the event, from 0
    ciphertext: bytes


class Sealed(Generic[T]):
    """A value of one subject (a person, or a record such as a narrative).

    Fresh, it holds the value until the log seals it; read back, it holds only the token. Two fresh ones are
    equal when subject and value are, two stored ones when their tokens are.
    """

    __slots__ = ("_value", "subject", "token")

    def __init__(self, subject: UUID, value: T | None = None, *, token: Token | None = None) -> None:
        if (value is None) == (token is None):
            raise ValueError("a Sealed holds either a value or a token: give one of them")
        self.subject = subject
        self._value = value
        self.token = token

    def fresh_value(self) -> T:
        """The value, before it was sealed. Raises ValueError on one that came from the log."""
        if self._value is None:
            raise ValueError("a sealed value from the log is opened by the vault, with the reader on record")
        return self._value

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sealed):
            return NotImplemented
        return (self.subject, self._value, self.token) == (other.subject, other._value, other.token)

    def __hash__(self) -> int:
        return hash((self.subject, self.token))

    def __repr__(self) -> str:
        return f"Sealed(subject={self.subject}, {'fresh' if self.token is None else 'stored'})"  # never the value
