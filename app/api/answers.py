"""The shapes that all routes answer with."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Generic, TypeVar, overload
from uuid import UUID

import msgspec
from litestar import Response
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from domain.checks import one_of
from domain.log import Receipt
from projections import paging

Item = TypeVar("Item")
Row = TypeVar("Row", bound=msgspec.Struct)
Shown = TypeVar("Shown", bound=msgspec.Struct)


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """A command was taken. `version` is the thing's new version: send it as If-Match with the next command to it."""

    id: str
    version: int
    position: int  # of its last event in the log; 0 where it changed nothing
    command_id: UUID
    recorded_at: datetime


Told = TypeVar("Told", bound=Done)


class Page(msgspec.Struct, Generic[Item], frozen=True):
    """One page of a list. `next` is the cursor of the following page, null on the last."""

    items: list[Item]
    next: str | None = None


@overload
def page_of(page: paging.Page[Row]) -> Page[Row]: ...
@overload
def page_of(page: paging.Page[Row], kind: type[Shown]) -> Page[Shown]: ...
def page_of(page: paging.Page[Any], kind: type[Any] | None = None) -> Page[Any]:
    """A page of a view as it is answered; with `kind`, only the fields that it names."""
    rows = page.items if kind is None else (msgspec.convert(row, kind, from_attributes=True) for row in page.items)
    return Page(list(rows), page.next_cursor)


def wanted(field: str, value: str | None, known: Collection[str]) -> str | None:
    """What a list is narrowed to. A word that nothing can match is a slip, and no reason to show an empty list.

    Raises domain.errors.Invalid, naming those that there are.
    """
    return None if value is None else one_of(field, value, known)


def done(receipt: Receipt, thing: object, *, created: bool = False) -> Response[Done]:
    """The receipt of a command to `thing`, whose stream is the first that the command changed."""
    return done_with(Done, receipt, thing, created=created)


def done_with(
    kind: type[Told], receipt: Receipt, thing: object, *, created: bool = False, **more: object
) -> Response[Told]:
    """As `done`, with the fields that `kind` has beside a receipt's."""
    version = receipt.streams[0].version if receipt.streams else 0
    told = kind(
        id=str(thing),
        version=version,
        position=receipt.last_position,
        command_id=receipt.command_id,
        recorded_at=receipt.recorded_at,
        **more,
    )
    status_code = HTTP_201_CREATED if created else HTTP_200_OK
    return Response(told, status_code=status_code, headers={"ETag": f'"{version}"'})


def versioned(item: Item, version: int) -> Response[Item]:
    """One thing with its version as ETag."""
    return Response(item, headers={"ETag": f'"{version}"'})
