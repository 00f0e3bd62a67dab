"""What of the shelf is not indexed yet: how much of it waits, is worked on, or was given up."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, Connection, func, select, type_coerce

from domain.footage_state import ARCHIVED, CLAIMED, FAILED, GIVEN_UP, REJECTED
from projections.cameras import camera_name_of
from projections.footage_shelf import footage
from projections.paging import every, rows_of

OPEN = (ARCHIVED, CLAIMED, FAILED)  # a worker has it, or will take it
NOT_INDEXED = (*OPEN, GIVEN_UP, REJECTED)
BEGUN_MAX = 500  # far more than there are workers


class Amount(msgspec.Struct, frozen=True):
    """So much footage, and how long it lasts altogether."""

    footages: int = 0
    seconds: float = 0.0


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """Footage that a worker has claimed, or had."""

    sha256: str
    camera: UUID
    camera_name: str | None
    from_at: datetime
    to_at: datetime
    state: str
    attempts: int
    worker: str | None  # of the last claim
    lease_until: datetime | None


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """Footage by what people and files call it."""

    footage: UUID
    sha256: str
    camera_name: str | None


def amounts(connection: Connection) -> dict[str, Amount]:
    """How much is in each of the states NOT_INDEXED."""
    lasts_us = type_coerce(footage.c.to_at, BigInteger) - type_coerce(footage.c.from_at, BigInteger)
    query = (
        select(footage.c.state, func.count(), func.sum(lasts_us))
        .where(footage.c.state.in_(NOT_INDEXED))
        .group_by(footage.c.state)
    )
    found = {state: Amount(count, int(lasts) / 1e6) for state, count, lasts in connection.execute(query)}
    return {state: found.get(state, Amount()) for state in NOT_INDEXED}


def begun(connection: Connection) -> tuple[Begun, ...]:
    """Open footage that was claimed once and never indexed yet, or is claimed now: some of its units may be there.

    Footage that is to be indexed anew begins from nothing.
    """
    query = (
        rows_of(Begun, footage, camera_name=camera_name_of(footage.c.camera))
        .where(footage.c.waiting, footage.c.fence > 0)
        .where((footage.c.state == CLAIMED) | footage.c.indexed_at.is_(None))
        .order_by(footage.c.archived_position)
        .limit(BEGUN_MAX)
    )
    return every(connection, Begun, query)


def known(connection: Connection, keys: Collection[UUID]) -> dict[UUID, Known]:
    """Those of the footages that are on the shelf."""
    query = rows_of(Known, footage, camera_name=camera_name_of(footage.c.camera)).where(footage.c.footage.in_(keys))
    return {one.footage: one for one in every(connection, Known, query)}
