"""What is asked of corrected clocks: which footage got another time after something was said of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Select, and_, or_, select

from projections.clock_corrections import corrections
from projections.organisation import username_of
from projections.paging import every, rows_of


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """Footage whose time was [was_from, was_to) and is [from_at, to_at): what was said of it before is off by `shift`.

    Of several corrections of one footage it is what they come to, told as of the last one.
    """

    sha256: str
    camera: UUID
    position: int
    at: datetime
    by: UUID
    by_username: str | None
    was_from: datetime
    was_to: datetime
    from_at: datetime
    to_at: datetime
    uncertainty_seconds: float
    anchor_source: str

    @property
    def shift(self) -> timedelta:
        return self.from_at - self.was_from


def corrected_since(
    connection: Connection, position: int, cameras: Collection[UUID], from_at: datetime, to_at: datetime
) -> tuple[Correction, ...]:
    """Of footage of these cameras that had, or has, a part of [from_at, to_at): what was corrected after a position."""
    then = and_(corrections.c.was_from < to_at, corrections.c.was_to > from_at)
    since = and_(corrections.c.from_at < to_at, corrections.c.to_at > from_at)
    after = corrections.c.position > position
    touched = select(corrections.c.sha256).where(corrections.c.camera.in_(cameras), after, or_(then, since))
    query = _corrections().where(corrections.c.sha256.in_(touched), after)
    order = (corrections.c.sha256, corrections.c.position)
    found = groupby(every(connection, Correction, query.order_by(*order)), key=lambda each: each.sha256)
    wholes = [_whole(tuple(of_one)) for _, of_one in found]
    return tuple(
        each
        for each in wholes
        if (each.was_from < to_at and each.was_to > from_at) or (each.from_at < to_at and each.to_at > from_at)
    )


def corrections_of(connection: Connection, footage: Collection[str]) -> dict[str, tuple[Correction, ...]]:
    """All corrections of each footage that had any, in their order."""
    query = _corrections().where(corrections.c.sha256.in_(footage))
    found = every(connection, Correction, query.order_by(corrections.c.sha256, corrections.c.position))
    return {sha256: tuple(of_one) for sha256, of_one in groupby(found, key=lambda each: each.sha256)}


def corrected_after(found: Sequence[Correction], position: int) -> Correction | None:
    """What the corrections of one footage after a position come to; None where there was none."""
    since = [each for each in found if each.position > position]
    return _whole(since) if since else None


def _whole(found: Sequence[Correction]) -> Correction:
    return msgspec.structs.replace(found[-1], was_from=found[0].was_from, was_to=found[0].was_to)


def _corrections() -> Select[Any]:
    return rows_of(Correction, corrections, by_username=username_of(corrections.c.by))
