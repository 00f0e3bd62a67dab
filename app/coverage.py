"""How much of what was asked was really looked at, for the record and in words. "No hit" elsewhere means nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from app.instants import from_us, to_us
from domain.kyiv_time import KYIV, shown
from domain.search_coverage import CameraInterval, DestroyedInterval, SearchCoverage
from domain.search_draw import DrawSearch
from projections import shelf_queries
from projections.database import position_of
from search_index.answer import Coverage
from search_index.scope import Interval, Scope

UNSEARCHED_SECONDS_MAX = 1.0  # a camera counts as wholly searched where less than this is missing


def scope_of(cameras: Collection[UUID], from_at: datetime, to_at: datetime) -> Scope:
    """The one place where an authorisation's cameras and times become what the index may see."""
    return Scope(frozenset(map(str, cameras)), (Interval(to_us(from_at), to_us(to_at)),))


def coverage_of(views: Connection, ask: DrawSearch, index: Coverage, *, head: int, dropped: int) -> SearchCoverage:
    """The index says what it searched; the shelf says why the rest was not there.

    `head` is the log's last position before the index was asked; `dropped` moments were found and left out.
    """
    searched = [
        CameraInterval(camera=UUID(camera), from_at=from_us(part.from_us), to_at=from_us(part.to_us))
        for camera, parts in sorted(index.searched.items())
        for part in parts
    ]
    window = ask.to_at - ask.from_at
    by_camera = {camera: _seconds(part for part in searched if part.camera == camera) for camera in ask.cameras}
    shelf = shelf_queries.coverage(views, ask.cameras, ask.from_at, ask.to_at)
    missing = max(window.total_seconds() - seconds for seconds in by_camera.values())
    return SearchCoverage(
        complete=not index.unavailable_segments and not dropped and missing <= UNSEARCHED_SECONDS_MAX,
        scope_seconds=window.total_seconds() * len(ask.cameras),
        searched_seconds=sum(by_camera.values()),
        rows_in_scope=index.rows_in_scope,
        unavailable_segments=index.unavailable_segments,
        searched=tuple(searched),
        unindexed=_intervals(shelf, "unindexed"),
        gaps=_intervals(shelf, "gaps"),
        outages=_intervals(shelf, "outages"),
        views_behind=max(0, head - position_of(views)),
        dropped=dropped,
        cut_off=_intervals(shelf, "cut_off"),
        destroyed=tuple(_gone(each.camera, gone) for each in shelf for gone in each.gone),
    )


def _gone(camera: UUID, gone: shelf_queries.Gone) -> DestroyedInterval:
    return DestroyedInterval(
        camera=camera,
        from_at=gone.from_at,
        to_at=gone.to_at,
        footage_sha256=gone.sha256,
        at=gone.at,
        by=gone.by,
        order=gone.order or "",
    )


def statement(coverage: SearchCoverage, names: Mapping[UUID, str]) -> str:
    """What a person reads under every answer, hits or none."""
    if coverage.complete:
        return "complete: all of these cameras and times was searched"
    searched, asked = _length(coverage.searched_seconds), _length(coverage.scope_seconds)
    parts = [f"partial: {searched} of the {asked} of these cameras and times was searched"]
    if coverage.unavailable_segments:
        parts.append(f"segments of the index that are unavailable: {len(coverage.unavailable_segments)}")
    if coverage.dropped:
        parts.append(f"{coverage.dropped} found in footage that the record does not know so, and left out")
    seen = {part.camera for part in coverage.searched} | {part.camera for part in coverage.destroyed}
    silent = sorted(name for camera, name in names.items() if camera not in seen)
    if silent:
        parts.append(f"nothing of {', '.join(silent)} is indexed in this time")
    for word, intervals in (("was out", coverage.outages), ("is not indexed yet", coverage.unindexed)):
        parts += [f"{names.get(each.camera, each.camera)} {word} {_span(each)}" for each in intervals]
    parts += [f"{names.get(each.camera, each.camera)} has no usable picture {_span(each)}" for each in coverage.gaps]
    parts += [
        f"{names.get(each.camera, each.camera)} has a file that announces {_span(each)} too, and ends before: "
        "it was cut off or damaged"
        for each in coverage.cut_off
    ]
    parts += [_destroyed(each, names) for each in coverage.destroyed]
    if coverage.views_behind:
        parts.append(f"{coverage.views_behind} events were not yet taken into this account of why: ask again")
    return "; ".join(parts)


def _destroyed(each: DestroyedInterval, names: Mapping[UUID, str]) -> str:
    why = "its retention was over" if each.by == "retention" else f"by order {each.order}"
    return (
        f"{names.get(each.camera, each.camera)} {_span(each)} was destroyed on {shown(each.at)}: {why} "
        f"(certificate of footage {each.footage_sha256[:12]}…)"
    )


def _length(seconds: float) -> str:
    """How long, in the unit that people would use: "6 min", "52 h"."""
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def _span(interval: CameraInterval | DestroyedInterval) -> str:
    start, end = interval.from_at.astimezone(KYIV), interval.to_at.astimezone(KYIV)
    return (
        f"{start:%d.%m %H:%M:%S}–{end:%H:%M:%S}"
        if start.date() == end.date()
        else f"{start:%d.%m %H:%M}–{end:%d.%m %H:%M}"
    )


def _seconds(parts: Iterable[CameraInterval]) -> float:
    """Of the union: overlapping parts count once."""
    total, reached = timedelta(), datetime.min.replace(tzinfo=KYIV)
    for part in sorted(parts, key=lambda each: each.from_at):
        start = max(part.from_at, reached)
        if part.to_at > start:
            total += part.to_at - start
            reached = part.to_at
    return total.total_seconds()


def _intervals(shelf: Iterable[shelf_queries.CameraCoverage], kind: str) -> tuple[CameraInterval, ...]:
    return tuple(
        CameraInterval(camera=each.camera, from_at=span.from_at, to_at=span.to_at)
        for each in shelf
        for span in getattr(each, kind)
    )
