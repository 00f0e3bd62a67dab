"""What no hold could prevent: footage of what is held for an incident that was gone before the hold was placed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, and_, select

from projections.cameras import camera_name_of
from projections.footage_shelf import footage
from projections.incident_board import incidents
from projections.keeping import held_cameras, holds, may_show
from projections.paging import Page, page


class Loss(msgspec.Struct, frozen=True, kw_only=True):
    """Footage of a held camera and time that was gone before the hold; from and to are all of that footage."""

    placed_at: datetime  # of the hold
    hold: UUID
    incident: UUID
    sha256: str
    camera: UUID
    camera_name: str | None
    from_at: datetime
    to_at: datetime
    gone_at: datetime
    gone_by: str  # footage_shelf.RETENTION or ORDER


def loss_page(
    connection: Connection,
    *,
    only: ColumnElement[bool] | None = None,
    incident: UUID | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Loss]:
    """Losses, those of the latest hold first.

    `only` is what the reader may see, as a condition on the columns of `incidents`.
    """
    query = _lost()
    if only is not None:
        query = query.where(only)
    if incident is not None:
        query = query.where(holds.c.incident == incident)
    order = (holds.c.placed_at, holds.c.hold, footage.c.sha256)
    return page(connection, Loss, query, order, cursor=cursor, limit=limit, newest_first=True)


def _lost() -> Select[Any]:
    of = {"placed_at": holds, "hold": holds, "incident": holds}
    columns = [
        camera_name_of(footage.c.camera).label(name) if name == "camera_name" else of.get(name, footage).c[name]
        for name in Loss.__struct_fields__
    ]
    overlapping = and_(
        footage.c.camera == held_cameras.c.camera,
        may_show(held_cameras.c.from_at, held_cameras.c.to_at),
        footage.c.gone_at.is_not(None),
        footage.c.gone_at <= holds.c.placed_at,
    )
    joined = (
        holds.join(held_cameras, held_cameras.c.hold == holds.c.hold)
        .join(incidents, incidents.c.incident == holds.c.incident)
        .join(footage, overlapping)
    )
    return select(*columns).select_from(joined)
