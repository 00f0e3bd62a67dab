"""Footage whose clock was corrected: the time that it had, and the time that it got. The shelf shows only the last."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import BigInteger, Column, Float, Integer, MetaData, String, Table, UniqueConstraint, Uuid

from domain.event import Recorded
from domain.footage_events import FootageArchived
from domain.keeping_events import ClockCorrected
from projections.columns import Instant
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
filmed = Table(
    "filmed",
    metadata,
    Column("footage", Uuid, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("camera", Uuid, nullable=False),
    Column("from_at", Instant, nullable=False),
    Column("to_at", Instant, nullable=False),
)
corrections = Table(
    "clock_corrections",
    metadata,
    Column("footage", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", Uuid, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("camera", Uuid, nullable=False),
    Column("was_from", Instant, nullable=False),
    Column("was_to", Instant, nullable=False),
    Column("from_at", Instant, nullable=False),
    Column("to_at", Instant, nullable=False),
    Column("uncertainty_seconds", Float(53), nullable=False),
    Column("anchor_source", String(32), nullable=False),
    UniqueConstraint("camera", "position", "footage"),
    UniqueConstraint("sha256", "position"),
)


def _archived(rows: Rows, at: Recorded, event: FootageArchived) -> None:
    rows.put(
        filmed,
        footage=at.stream,
        sha256=event.sha256,
        camera=event.camera,
        from_at=event.recorded_at,
        to_at=event.recorded_at + timedelta(seconds=event.duration_seconds),
    )


def _corrected(rows: Rows, at: Recorded, event: ClockCorrected) -> None:
    was = rows.read(filmed, at.stream)
    to_at = event.recorded_at + (was["to_at"] - was["from_at"])
    rows.put(
        corrections,
        footage=at.stream,
        version=at.version,
        position=at.position,
        at=at.meta.recorded_at,
        by=at.meta.actor,
        sha256=was["sha256"],
        camera=was["camera"],
        was_from=was["from_at"],
        was_to=was["to_at"],
        from_at=event.recorded_at,
        to_at=to_at,
        uncertainty_seconds=event.uncertainty_seconds,
        anchor_source=event.anchor_source,
    )
    rows.change(filmed, at.stream, from_at=event.recorded_at, to_at=to_at)


VIEW = View(
    name="clock-corrections",
    version=1,
    metadata=metadata,
    folds={FootageArchived: _archived, ClockCorrected: _corrected},
)
