"""The registers of cameras that were taken in at once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, UniqueConstraint, Uuid

from domain.camera_network.camera_import import CamerasImported
from domain.event import Recorded
from projections.columns import Instant
from projections.organisation import username_of
from projections.paging import Page, page, rows_of
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
imports = Table(
    "camera_imports",
    metadata,
    Column("camera_import", Uuid, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("registered", Integer, nullable=False),
    Column("already", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("by", Uuid, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("at", "camera_import"),
)


class RecordedImport(msgspec.Struct, frozen=True, kw_only=True):
    camera_import: UUID
    sha256: str  # of the file
    rows: int
    registered: int
    already: int  # were on record just so
    refused: int  # and left out
    by: UUID
    by_username: str | None
    at: datetime


def import_page(connection: Connection, *, cursor: str | None = None, limit: int = 50) -> Page[RecordedImport]:
    """The last ones first."""
    query = rows_of(RecordedImport, imports, by_username=username_of(imports.c.by))
    order = (imports.c.at, imports.c.camera_import)
    return page(connection, RecordedImport, query, order, cursor=cursor, limit=limit, newest_first=True)


def _completed(rows: Rows, at: Recorded, event: CamerasImported) -> None:
    rows.put(
        imports,
        camera_import=at.stream,
        sha256=event.sha256,
        rows=event.rows,
        registered=event.registered,
        already=event.already,
        refused=event.refused,
        by=event.by,
        at=at.meta.recorded_at,
    )


VIEW = View(name="camera_imports", version=1, metadata=metadata, folds={CamerasImported: _completed})
