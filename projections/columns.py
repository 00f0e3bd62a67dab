"""Column types, the same on every database.

Instants are stored as integer microseconds of UTC since 1970: exact, ordered and comparable everywhere. In Python
they are timezone-aware datetimes. Sealed values are stored as tokens, and nothing else ever is.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import msgspec
from sqlalchemy import BigInteger, Dialect, Integer, LargeBinary
from sqlalchemy.types import TypeDecorator

from domain.sealed import Sealed, Token

T = TypeVar("T")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# A place in the log. On SQLite, INTEGER (not BIGINT) is the table's own key: rows are appended, not searched for.
Position = BigInteger().with_variant(Integer(), "sqlite")


def microseconds(at: datetime) -> int:
    """Whole microseconds since 1970. Raises TypeError on a datetime without a timezone."""
    since = at - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def instant(at_us: int) -> datetime:
    return EPOCH + timedelta(microseconds=at_us)


class Instant(TypeDecorator[datetime]):
    """A point in time, UTC, to the microsecond."""

    impl = BigInteger
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], int | None]:
        return lambda at: None if at is None else microseconds(at)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[int | None], datetime | None]:
        return lambda at_us: None if at_us is None else instant(at_us)


class Packed(TypeDecorator[Any]):
    """A value of the given type as msgpack: what is read whole or not at all."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind
        self._encode = msgspec.msgpack.Encoder(uuid_format="bytes").encode
        self._decode = msgspec.msgpack.Decoder(kind).decode

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], bytes | None]:
        encode = self._encode
        return lambda value: None if value is None else encode(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[bytes | None], Any]:
        decode = self._decode
        return lambda stored: None if stored is None else decode(stored)


def token_of(sealed: Sealed[T]) -> Token:
    """The token to keep. Raises ValueError on a fresh value: no plain value ever reaches a view."""
    if sealed.token is None:
        raise ValueError("a fresh sealed value cannot be kept in a view: fold only events that came from the log")
    return sealed.token


def optional_token(sealed: Sealed[T] | None) -> Token | None:
    return None if sealed is None else token_of(sealed)
