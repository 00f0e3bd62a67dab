"""Lists by pages: a cursor is the place after the last row in a unique order, so that nothing is skipped or repeated
while new rows arrive. It is of one list, with its subject and filters, and refused by every other; times alone are not
held against it, since a list may be of what is due by now.
"""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from types import GenericAlias
from typing import Any, Generic, TypeVar, get_type_hints

import msgspec
from sqlalchemy import Column, ColumnElement, Connection, FromClause, Select, literal, select, tuple_

from domain.errors import Invalid

T = TypeVar("T", bound=msgspec.Struct)

LIMIT_MAX = 200
OF_LIST_BYTES = 6


class Page(msgspec.Struct, Generic[T], frozen=True):
    """Some rows of a list. `next_cursor` asks for those that follow; None at the end."""

    items: tuple[T, ...]
    next_cursor: str | None


def rows_of(kind: type[T], source: FromClause, /, **computed: ColumnElement[Any]) -> Select[Any]:
    """SELECT what the Struct's fields name: columns of `source`, or the expressions given by field."""
    columns = [computed[name].label(name) if name in computed else source.c[name] for name in kind.__struct_fields__]
    return select(*columns).select_from(source)


def every(connection: Connection, kind: type[T], query: Select[Any]) -> tuple[T, ...]:
    return tuple(kind(**row) for row in connection.execute(query).mappings())


def one(connection: Connection, kind: type[T], query: Select[Any]) -> T | None:
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else kind(**row)


def page(
    connection: Connection,
    kind: type[T],
    query: Select[Any],
    order: Sequence[Column[Any]],
    *,
    cursor: str | None,
    limit: int,
    newest_first: bool = False,
) -> Page[T]:
    """One page of a query, by columns that are unique together, not null, and fields of the Struct.

    Raises:
        Invalid: `limit` is not within 1 to LIMIT_MAX, or `cursor` is none that an earlier page of this list gave.
    """
    if not {column.key for column in order} <= set(kind.__struct_fields__):
        raise TypeError(f"{kind.__name__} lacks a column by which its pages are ordered")
    if not 1 <= limit <= LIMIT_MAX:
        mend = "ask for at least one" if limit < 1 else "ask for more by further pages"
        raise Invalid("limit", f"{limit} is not within 1 to {LIMIT_MAX}", mend)
    of_list = functools.partial(_of_list, connection, query, order)
    if cursor is not None:
        read = _read(cursor, kind, order, of_list)
        place = tuple_(*(literal(value, column.type) for value, column in zip(read, order, strict=True)))
        query = query.where(tuple_(*order) < place if newest_first else tuple_(*order) > place)
    query = query.order_by(*(column.desc() if newest_first else column.asc() for column in order))
    found = every(connection, kind, query.limit(limit + 1))
    items = found[:limit]
    return Page(items, _cursor_after(items[-1], order, of_list()) if len(found) > limit else None)


def _of_list(connection: Connection, query: Select[Any], order: Sequence[Column[Any]]) -> bytes:
    """Tells one list from another, by the question and its values: in a cursor it says nothing of them."""
    compiled = query.order_by(*order).compile(dialect=connection.dialect)
    values = [_told(value) for _, value in sorted(compiled.params.items()) if not isinstance(value, datetime)]
    return hashlib.blake2b(repr((str(compiled), values)).encode(), digest_size=OF_LIST_BYTES).digest()


def _told(value: object) -> str:
    """The members of IN in an order of their own: they come from sets."""
    return str(sorted(map(str, value))) if isinstance(value, list | tuple | set | frozenset) else str(value)


def _cursor_after(item: msgspec.Struct, order: Sequence[Column[Any]], of_list: bytes) -> str:
    place = msgspec.msgpack.encode([of_list, *(getattr(item, column.key) for column in order)])
    return base64.urlsafe_b64encode(place).decode().rstrip("=")


def _read(
    cursor: str, kind: type[msgspec.Struct], order: Sequence[Column[Any]], of_list: Callable[[], bytes]
) -> tuple[Any, ...]:
    hints = get_type_hints(kind)
    types: Any = GenericAlias(tuple, (bytes, *(hints[column.key] for column in order)))
    try:
        place = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        given, *read = msgspec.msgpack.decode(place, type=types)
        if not all(map(_can_be_bound, read)):
            raise ValueError("a value that no row has")
    except (binascii.Error, ValueError, msgspec.MsgspecError) as fault:
        raise Invalid("cursor", "it is none of ours", "take it unchanged from the page before") from fault
    if given != of_list():
        raise Invalid("cursor", "is of another list, or of other filters", "ask as for the page before, or begin anew")
    return tuple(read)


def _can_be_bound(value: object) -> bool:
    if isinstance(value, datetime):
        return value.tzinfo is not None
    return not isinstance(value, int) or abs(value) < 2**63
