"""Since when each camera has video analytics of its own, or has them no more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Boolean, Column, ColumnElement, Connection, Integer, MetaData, Table, Uuid, select

from domain.camera import CameraRegistered
from domain.camera_network.analytics import AnalyticsDeclared
from domain.event import Recorded
from projections.cameras import cameras
from projections.columns import Instant
from projections.paging import every, rows_of
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
declarations = Table(
    "camera_analytics",
    metadata,
    Column("camera", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("analytics", Boolean, nullable=False),
    Column("from_at", Instant, nullable=False),
)


class Declaration(msgspec.Struct, frozen=True, kw_only=True):
    version: int  # of the event that said so
    analytics: bool
    from_at: datetime


def declarations_of(connection: Connection, camera: UUID) -> tuple[Declaration, ...]:
    """In order; the first is what was said when it was registered."""
    query = rows_of(Declaration, declarations).where(declarations.c.camera == camera)
    return every(connection, Declaration, query.order_by(declarations.c.version))


def had_analytics(end: datetime) -> ColumnElement[bool]:
    """Of a camera, as a condition on `cameras`: what was declared last for a time before `end`."""
    return (
        select(declarations.c.analytics)
        .where(declarations.c.camera == cameras.c.camera, declarations.c.from_at < end)
        .order_by(declarations.c.version.desc())
        .limit(1)
        .scalar_subquery()
    )


def _registered(rows: Rows, at: Recorded, event: CameraRegistered) -> None:
    _declare(rows, at, event.analytics, event.installed_at)


def _declared(rows: Rows, at: Recorded, event: AnalyticsDeclared) -> None:
    _declare(rows, at, event.analytics, event.from_at)


def _declare(rows: Rows, at: Recorded, analytics: bool, from_at: datetime) -> None:
    rows.put(declarations, camera=at.stream, version=at.version, analytics=analytics, from_at=from_at)


VIEW = View(
    name="camera_analytics",
    version=1,
    metadata=metadata,
    folds={CameraRegistered: _registered, AnalyticsDeclared: _declared},
)
