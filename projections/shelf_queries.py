"""What is asked of the footage shelf: its list, the next footage to index, and how much of a window was indexed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Column, ColumnElement, Connection, Select, func, or_, select

from domain.footage import CLOCKS_APART_SECONDS_MAX, CUT_OFF_SECONDS_MAX, LEASE_SECONDS_MAX, REST_SECONDS_MAX
from domain.footage_of_camera import DURATION_SECONDS_MAX
from domain.footage_state import DESTROYED, GONE, INDEXED, REJECTED
from domain.sealed import Token
from projections.cameras import camera_name_of, outages_of
from projections.footage_shelf import Gaps, footage
from projections.paging import Page, every, one, page, rows_of

ERASURES = PENDING, CARRIED_OUT = "pending", "carried-out"


class ShelfFootage(msgspec.Struct, frozen=True, kw_only=True):
    footage: UUID
    sha256: str
    camera: UUID
    camera_name: str | None = None
    from_at: datetime
    to_at: datetime
    uncertainty_seconds: float
    anchor_source: str
    size_bytes: int
    codec: str
    container: str
    width: int
    height: int
    name: Token
    archived_at: datetime
    state: str  # domain.footage_state.PHASES
    attempts: int
    worker: str | None  # of the last claim
    lease_until: datetime | None
    retry_at: datetime | None  # after a failed attempt: when the next may begin
    reason_code: str | None  # of the last rejection or failure
    detail: str | None
    generation: str | None
    pipeline: str | None
    units: int | None
    rows: int | None
    frames_sampled: int | None
    indexed_from: datetime | None  # what the index covers: [indexed_from, indexed_to) without the gaps
    indexed_to: datetime | None
    gaps: Gaps | None
    indexed_at: datetime | None
    erasure_order: str | None  # asked for and not decided on, or carried out
    erasure_by: UUID | None
    announced_to: datetime  # where the file says that it ends: later than `to_at` where it was cut off
    gone_by: str | None  # footage_shelf.RETENTION or ORDER
    gone_at: datetime | None
    destroyed_at: datetime | None
    damage: str | None  # what the scrub found wrong with the original
    version: int


class Claimable(msgspec.Struct, frozen=True, kw_only=True):
    """Footage that a worker may try to claim: another may be quicker."""

    footage: UUID
    sha256: str
    camera: UUID
    from_at: datetime
    uncertainty_seconds: float
    version: int


class Span(msgspec.Struct, frozen=True, order=True):
    """[from_at, to_at)"""

    from_at: datetime
    to_at: datetime


class Gone(msgspec.Struct, frozen=True, kw_only=True):
    """What was on the shelf and is not any more: [from_at, to_at) of one footage."""

    sha256: str
    from_at: datetime
    to_at: datetime
    at: datetime
    by: str  # footage_shelf.RETENTION or ORDER
    order: str | None


class _Shelved(msgspec.Struct, frozen=True, kw_only=True):
    """What coverage needs to know of a footage: a window may have tens of thousands."""

    sha256: str
    camera: UUID
    from_at: datetime
    to_at: datetime
    uncertainty_seconds: float
    state: str
    indexed_from: datetime | None
    indexed_to: datetime | None
    gaps: Gaps | None
    erasure_order: str | None
    announced_to: datetime
    gone_by: str | None
    gone_at: datetime | None
    destroyed_at: datetime | None


class CameraCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one camera's time within a window. What is in none of these was never archived, or unusable."""

    camera: UUID
    indexed: tuple[Span, ...]  # looked at
    gaps: tuple[Span, ...]  # archived and indexed, but without usable frames
    unindexed: tuple[Span, ...]  # archived, and not (yet) indexed: waiting, under way, or given up
    outages: tuple[Span, ...]  # reported
    cut_off: tuple[Span, ...] = ()  # announced by a file that ends before, and shown by no other
    gone: tuple[Gone, ...] = ()  # purged or erased
    uncertainty_seconds: float = 0.0  # the largest of what may by it lie on both sides of an end of the window


def shelf_page(
    connection: Connection,
    *,
    camera: UUID | None = None,
    state: str | None = None,
    from_at: datetime | None = None,
    to_at: datetime | None = None,
    erasure: str | None = None,
    damaged: bool | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ShelfFootage]:
    """Footage that touches [from_at, to_at), the latest first. Every filter that is given must hold."""
    query = _shelf()
    if camera is not None:
        query = query.where(footage.c.camera == camera)
    if state is not None:
        query = query.where(footage.c.state == state)
    if from_at is not None:
        query = query.where(*_ends_after(from_at))
    if to_at is not None:
        query = query.where(footage.c.from_at < to_at)
    if erasure is not None:
        gone = footage.c.state.in_((GONE, DESTROYED))
        query = query.where(footage.c.erasure_order.is_not(None), gone if erasure == CARRIED_OUT else ~gone)
    if damaged is not None:
        query = query.where(footage.c.damage.is_not(None) if damaged else footage.c.damage.is_(None))
    order = (footage.c.from_at, footage.c.footage)
    return page(connection, ShelfFootage, query, order, cursor=cursor, limit=limit, newest_first=True)


def shelf_footage(connection: Connection, sha256: str) -> ShelfFootage | None:
    return one(connection, ShelfFootage, _shelf().where(footage.c.sha256 == sha256))


def damaged(connection: Connection) -> int:
    """How many originals the last scrub found damaged."""
    return int(connection.execute(select(func.count()).where(footage.c.damage.is_not(None))).scalar_one())


def next_claimable(
    connection: Connection, at: datetime, *, limit: int = 1, without: Collection[UUID] = ()
) -> tuple[Claimable, ...]:
    """What `domain.footage.claimable` allows at this time, longest archived first; none of `without`."""
    query = (
        rows_of(Claimable, footage)
        .where(footage.c.waiting, _is_over(footage.c.lease_until, at, LEASE_SECONDS_MAX))
        .where(_is_over(footage.c.retry_at, at, REST_SECONDS_MAX))
        .where(footage.c.footage.not_in(without))
        .order_by(footage.c.archived_position)
        .limit(limit)
    )
    return every(connection, Claimable, query)


def _is_over(until: Column[datetime], at: datetime, seconds_max: float) -> ColumnElement[bool]:
    beyond = at + timedelta(seconds=seconds_max + CLOCKS_APART_SECONDS_MAX)
    return or_(until.is_(None), until <= at, until > beyond)


def coverage(
    connection: Connection, cameras: Collection[UUID], from_at: datetime, to_at: datetime
) -> tuple[CameraCoverage, ...]:
    """For each camera in the given order: its indexed, gappy, unindexed, reported-out, cut-off and destroyed times in
    [from_at, to_at)."""
    query = rows_of(_Shelved, footage).where(
        footage.c.camera.in_(cameras),
        footage.c.from_at < to_at,
        footage.c.announced_to > from_at,
        footage.c.from_at > from_at - timedelta(seconds=DURATION_SECONDS_MAX + CUT_OFF_SECONDS_MAX),
        footage.c.state != REJECTED,
    )
    window = Span(from_at, to_at)
    found: dict[UUID, dict[str, list[Span]]] = {
        camera: {"indexed": [], "gaps": [], "unindexed": [], "outages": [], "cut_off": []} for camera in cameras
    }
    gone: dict[UUID, list[_Shelved]] = {camera: [] for camera in cameras}
    unsure = dict.fromkeys(cameras, 0.0)
    for item in every(connection, _Shelved, query.order_by(footage.c.camera, footage.c.from_at)):
        spans = found[item.camera]
        if item.state in (GONE, DESTROYED):
            gone[item.camera].append(item)
            continue
        allowed = timedelta(seconds=item.uncertainty_seconds)
        if item.from_at - allowed < from_at or to_at < item.to_at + allowed:
            unsure[item.camera] = max(unsure[item.camera], item.uncertainty_seconds)
        spans["cut_off"].append(Span(item.to_at, item.announced_to))
        if item.state == INDEXED and item.indexed_from is not None and item.indexed_to is not None:
            gaps = sorted(Span(*gap) for gap in item.gaps or ())
            spans["gaps"] += gaps
            spans["indexed"] += without(Span(item.indexed_from, item.indexed_to), gaps)
        else:
            spans["unindexed"].append(Span(item.from_at, item.to_at))
    for outage in outages_of(connection, cameras, from_at=from_at, to_at=to_at):
        found[outage.camera]["outages"].append(Span(outage.from_at, outage.to_at or to_at))
    return tuple(_covered(camera, spans, gone[camera], unsure[camera], window) for camera, spans in found.items())


def _covered(
    camera: UUID, spans: dict[str, list[Span]], gone: list[_Shelved], unsure: float, window: Span
) -> CameraCoverage:
    """What other footage shows is neither cut off nor destroyed."""
    held = joined(spans["indexed"] + spans["gaps"] + spans["unindexed"])
    spans["cut_off"] = [part for span in spans["cut_off"] for part in without(span, overlapping(span, held))]
    return CameraCoverage(
        camera=camera,
        uncertainty_seconds=unsure,
        gone=tuple(each for item in gone for each in _gone(item, held, window)),
        **{name: clipped(each, window) for name, each in spans.items()},
    )


def _gone(item: _Shelved, held: list[Span], window: Span) -> Iterator[Gone]:
    assert item.gone_at is not None
    assert item.gone_by is not None
    span = Span(item.from_at, item.to_at)
    for part in clipped(without(span, overlapping(span, held)), window):
        yield Gone(
            sha256=item.sha256,
            from_at=part.from_at,
            to_at=part.to_at,
            at=item.destroyed_at or item.gone_at,
            by=item.gone_by,
            order=item.erasure_order,
        )


def _shelf() -> Select[Any]:
    return rows_of(ShelfFootage, footage, camera_name=camera_name_of(footage.c.camera))


def _ends_after(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """That it ends later, and so begins not much earlier: years of older footage need not be looked through."""
    return footage.c.to_at > at, footage.c.from_at > at - timedelta(seconds=DURATION_SECONDS_MAX)


def without(span: Span, gaps: list[Span]) -> list[Span]:
    """The parts of a span outside of the gaps, which are in order of time."""
    parts, start = [], span.from_at
    for gap in gaps:
        if gap.from_at > start:
            parts.append(Span(start, min(gap.from_at, span.to_at)))
        start = max(start, gap.to_at)
    return [*parts, Span(start, span.to_at)]


def joined(spans: list[Span]) -> list[Span]:
    """The same times in order, none of them twice."""
    parts: list[Span] = []
    for span in sorted(spans):
        if parts and span.from_at <= parts[-1].to_at:
            parts[-1] = Span(parts[-1].from_at, max(parts[-1].to_at, span.to_at))
        else:
            parts.append(span)
    return parts


def overlapping(span: Span, held: list[Span]) -> list[Span]:
    """Those of joined spans that have a part of this one: a camera's month has tens of thousands."""
    first = bisect_right(held, span.from_at, key=lambda each: each.to_at)
    return held[first : bisect_left(held, span.to_at, lo=first, key=lambda each: each.from_at)]


def clipped(spans: list[Span], window: Span) -> tuple[Span, ...]:
    """What of the spans lies in the window; empty ones fall away."""
    inside = (Span(max(span.from_at, window.from_at), min(span.to_at, window.to_at)) for span in spans)
    return tuple(span for span in inside if span.from_at < span.to_at)
