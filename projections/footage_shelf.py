"""The shelf of archived footage: what waits for a worker, what was indexed, what could not be.

It is also the queue that workers propose from; the claim event at the expected version decides.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from domain import footage_events as facts
from domain import keeping_events as kept
from domain.event import Recorded
from domain.footage_state import ARCHIVED, CLAIMED, DESTROYED, FAILED, GIVEN_UP, GONE, INDEXED, REJECTED
from domain.sealed import Token
from projections.columns import Instant, Packed, token_of
from projections.rows import Rows
from projections.view import View

Gaps = tuple[tuple[datetime, datetime], ...]
RETENTION, ORDER = "retention", "order"  # by which footage went

metadata = MetaData()
footage = Table(
    "footage",
    metadata,
    Column("footage", Uuid, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("camera", Uuid, nullable=False),
    Column("from_at", Instant, nullable=False),
    Column("to_at", Instant, nullable=False),
    Column("kept_from", Instant, nullable=False),  # the latest that it ever ended: retention counts from there
    Column("uncertainty_seconds", Float(53), nullable=False),
    Column("anchor_source", String(32), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("codec", String, nullable=False),
    Column("container", String, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("name", Packed(Token), nullable=False),
    Column("archived_at", Instant, nullable=False),
    Column("archived_position", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("waiting", Boolean, nullable=False),  # a worker may take it, now or when a lease is over
    Column("attempts", Integer, nullable=False),
    Column("worker", String),
    Column("lease_until", Instant),
    Column("retry_at", Instant),  # after a failed attempt, no worker takes it before
    Column("fence", Integer, nullable=False),
    Column("reason_code", String(64)),
    Column("detail", Text),
    Column("generation", String(128)),
    Column("pipeline", String(128)),
    Column("units", BigInteger),
    Column("rows", BigInteger),
    Column("frames_sampled", BigInteger),
    Column("indexed_from", Instant),
    Column("indexed_to", Instant),
    Column("gaps", Packed(Gaps)),
    Column("indexed_at", Instant),
    Column("erasure_order", String),  # asked for and not decided on, or carried out
    Column("erasure_by", Uuid),
    Column("announced_to", Instant, nullable=False),  # where the file says that it ends, if later than it does
    Column("gone_by", String(16)),  # RETENTION or ORDER
    Column("gone_at", Instant),
    Column("destroyed_at", Instant),
    Column("damage", String(16)),  # what the scrub found wrong with the original
    Column("version", Integer, nullable=False),
    UniqueConstraint("from_at", "footage"),
    UniqueConstraint("camera", "from_at", "footage"),
    UniqueConstraint("waiting", "archived_position"),
    UniqueConstraint("state", "from_at", "footage"),
    UniqueConstraint("sha256"),
)


def _archived(rows: Rows, at: Recorded, event: facts.FootageArchived) -> None:
    rows.put(
        footage,
        footage=at.stream,
        sha256=event.sha256,
        camera=event.camera,
        from_at=event.recorded_at,
        to_at=(ends_at := event.recorded_at + timedelta(seconds=event.duration_seconds)),
        kept_from=ends_at,
        announced_to=ends_at + timedelta(seconds=event.cut_off_seconds),
        uncertainty_seconds=event.uncertainty_seconds,
        anchor_source=event.anchor_source,
        size_bytes=event.size_bytes,
        codec=event.codec,
        container=event.container,
        width=event.width,
        height=event.height,
        name=token_of(event.name),
        archived_at=at.meta.recorded_at,
        archived_position=at.position,
        state=ARCHIVED,
        waiting=True,
        attempts=0,
        fence=0,
        version=at.version,
    )


def _claimed(rows: Rows, at: Recorded, event: facts.FootageClaimed) -> None:
    rows.change(
        footage,
        at.stream,
        state=CLAIMED,
        attempts=event.attempt,
        worker=event.worker,
        lease_until=event.lease_until,
        retry_at=None,
        fence=at.version,
        version=at.version,
    )


def _renewed(rows: Rows, at: Recorded, event: facts.ClaimRenewed) -> None:
    rows.change(footage, at.stream, lease_until=event.lease_until, version=at.version)


def _released(rows: Rows, at: Recorded, event: facts.ClaimReleased) -> None:
    rows.change(
        footage,
        at.stream,
        state=FAILED if event.attempts else ARCHIVED,
        attempts=event.attempts,
        lease_until=None,
        version=at.version,
    )


def _indexed(rows: Rows, at: Recorded, event: facts.FootageIndexed) -> None:
    if event.cut_off_seconds is not None:
        ends_at = rows.read(footage, at.stream)["to_at"]
        rows.change(footage, at.stream, announced_to=ends_at + timedelta(seconds=event.cut_off_seconds))
    rows.change(
        footage,
        at.stream,
        state=INDEXED,
        waiting=False,
        lease_until=None,
        reason_code=None,
        detail=None,
        generation=event.generation,
        pipeline=event.pipeline,
        units=event.units,
        rows=event.rows,
        frames_sampled=event.frames_sampled,
        indexed_from=event.from_at,
        indexed_to=event.to_at,
        gaps=event.gaps,
        indexed_at=at.meta.recorded_at,
        version=at.version,
    )


def _rejected(rows: Rows, at: Recorded, event: facts.FootageRejected) -> None:
    rows.change(
        footage,
        at.stream,
        state=REJECTED,
        waiting=False,
        lease_until=None,
        reason_code=event.reason_code,
        detail=event.detail,
        version=at.version,
    )


def _failed(rows: Rows, at: Recorded, event: facts.FootageFailed) -> None:
    rows.change(
        footage,
        at.stream,
        state=GIVEN_UP if event.final else FAILED,
        waiting=not event.final,
        attempts=event.attempt,
        lease_until=None,
        retry_at=event.retry_at,
        reason_code=event.reason_code,
        detail=event.detail,
        version=at.version,
    )


def _retried(rows: Rows, at: Recorded, event: facts.FootageRetried) -> None:
    rows.change(footage, at.stream, state=ARCHIVED, waiting=True, attempts=0, retry_at=None, version=at.version)


def _reindexed(rows: Rows, at: Recorded, event: kept.FootageReindexed) -> None:
    _anew(rows, at)


def _clock_corrected(rows: Rows, at: Recorded, event: kept.ClockCorrected) -> None:
    was = rows.read(footage, at.stream)
    shift = event.recorded_at - was["from_at"]
    _anew(
        rows,
        at,
        from_at=event.recorded_at,
        to_at=was["to_at"] + shift,
        kept_from=max(was["kept_from"], was["to_at"] + shift),
        announced_to=was["announced_to"] + shift,
        uncertainty_seconds=event.uncertainty_seconds,
        anchor_source=event.anchor_source,
    )


def _anew(rows: Rows, at: Recorded, **changes: Any) -> None:
    rows.change(
        footage,
        at.stream,
        state=ARCHIVED,
        waiting=True,
        attempts=0,
        lease_until=None,
        retry_at=None,
        indexed_from=None,
        indexed_to=None,
        gaps=None,
        version=at.version,
        **changes,
    )


def _erasure_requested(rows: Rows, at: Recorded, event: kept.ErasureRequested) -> None:
    rows.change(footage, at.stream, erasure_order=event.order, erasure_by=event.by, version=at.version)


def _erasure_refused(rows: Rows, at: Recorded, event: kept.ErasureRefused) -> None:
    rows.change(footage, at.stream, erasure_order=None, erasure_by=None, version=at.version)


def _gone(rows: Rows, at: Recorded, event: kept.FootagePurged | kept.FootageErased) -> None:
    by_order = isinstance(event, kept.FootageErased)
    rows.change(
        footage,
        at.stream,
        state=GONE,
        waiting=False,
        lease_until=None,
        retry_at=None,
        gone_by=ORDER if by_order else RETENTION,
        gone_at=at.meta.recorded_at,
        version=at.version,
        **({} if by_order else {"erasure_order": None, "erasure_by": None}),
    )


def _destroyed(rows: Rows, at: Recorded, event: kept.FootageDestroyed) -> None:
    rows.change(footage, at.stream, state=DESTROYED, destroyed_at=at.meta.recorded_at, version=at.version)


def _damaged(rows: Rows, at: Recorded, event: kept.OriginalDamaged) -> None:
    rows.change(footage, at.stream, damage=event.fault, version=at.version)


def _sound(rows: Rows, at: Recorded, event: kept.OriginalSound) -> None:
    rows.change(footage, at.stream, damage=None, version=at.version)


VIEW = View(
    name="footage-shelf",
    version=5,
    metadata=metadata,
    folds={
        facts.FootageArchived: _archived,
        facts.FootageClaimed: _claimed,
        facts.ClaimRenewed: _renewed,
        facts.ClaimReleased: _released,
        facts.FootageIndexed: _indexed,
        facts.FootageRejected: _rejected,
        facts.FootageFailed: _failed,
        facts.FootageRetried: _retried,
        kept.FootageReindexed: _reindexed,
        kept.ClockCorrected: _clock_corrected,
        kept.ErasureRequested: _erasure_requested,
        kept.ErasureRefused: _erasure_refused,
        kept.FootagePurged: _gone,
        kept.FootageErased: _gone,
        kept.FootageDestroyed: _destroyed,
        kept.OriginalDamaged: _damaged,
        kept.OriginalSound: _sound,
    },
)
