"""How much of what was asked was really looked at, for the record and in words. "No hit" elsewhere means nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import Connection

from app.instants import from_us, to_us
from domain.kyiv_time import KYIV, shown
from domain.search_coverage import CameraInterval, DestroyedInterval, SearchCoverage, UnsureClock
from domain.search_draw import DrawSearch
from projections import shelf_queries
from projections.database import position_of
from projections.footage_shelf import RETENTION
from search_index.answer import Coverage
from search_index.scope import Interval, Scope

IN_A_ROW = timedelta(seconds=1)  # recorders leave so much between two files
SENTENCES_MAX = 20  # of a kind: who reads more reads the record
UNSEARCHED_MAX = timedelta(seconds=1)  # a camera counts as wholly searched where less than this is missing
CLOCK_SECONDS_MAX = 1.0  # ±, as archiving takes it where nobody says more: such a clock is sure


def scope_of(cameras: Collection[UUID], from_at: datetime, to_at: datetime) -> Scope:
    """The one place where an authorisation's cameras and times become what the index may see."""
    return Scope(frozenset(map(str, cameras)), (Interval(to_us(from_at), to_us(to_at)),))


def coverage_of(views: Connection, ask: DrawSearch, index: Coverage, *, head: int, dropped: int) -> SearchCoverage:
    """The index says what it searched; the shelf says why the rest was not there.

    `head` is the log's last position when the index was asked; `dropped` moments were found and left out.
    """
    exact = {UUID(camera): sum(each.to_us - each.from_us for each in parts) for camera, parts in index.searched.items()}
    searched, shelf = _joined(_searched(index)), shelf_queries.coverage(views, ask.cameras, ask.from_at, ask.to_at)
    unindexed, gaps = _joined(_intervals(shelf, "unindexed")), _joined(_intervals(shelf, "gaps"))
    unsure = tuple(
        UnsureClock(camera=one.camera, uncertainty_seconds=one.uncertainty_seconds)
        for one in shelf
        if one.uncertainty_seconds > CLOCK_SECONDS_MAX
    )
    window, joined, unseen = ask.to_at - ask.from_at, _lengths(searched), _lengths((*unindexed, *gaps))

    def is_whole(camera: UUID) -> bool:
        """Between two files in a row nothing was recorded; what was, and was not looked at, is missing."""
        if window - timedelta(microseconds=exact.get(camera, 0)) <= UNSEARCHED_MAX:
            return True
        return max(window - joined[camera], unseen[camera]) <= UNSEARCHED_MAX

    return SearchCoverage(
        complete=not (index.unavailable_segments or dropped or unsure) and all(map(is_whole, ask.cameras)),
        scope_seconds=window.total_seconds() * len(ask.cameras),
        searched_seconds=sum(exact.values()) / 1_000_000,
        rows_in_scope=index.rows_in_scope,
        unavailable_segments=index.unavailable_segments,
        searched=searched,
        unindexed=unindexed,
        gaps=gaps,
        outages=tuple(_intervals(shelf, "outages")),
        views_behind=max(0, head - position_of(views)),
        dropped=dropped,
        cut_off=_joined(_intervals(shelf, "cut_off")),
        destroyed=tuple(one for each in shelf for one in in_a_row([_gone(each.camera, gone) for gone in each.gone])),
        unsure_clocks=unsure,
    )


def _searched(index: Coverage) -> Iterator[CameraInterval]:
    for camera, parts in sorted(index.searched.items()):
        key = UUID(camera)
        for each in parts:
            yield CameraInterval(camera=key, from_at=from_us(each.from_us), to_at=from_us(each.to_us))


def _intervals(shelf: Iterable[shelf_queries.CameraCoverage], kind: str) -> Iterator[CameraInterval]:
    for each in shelf:
        for span in sorted(getattr(each, kind)):
            yield CameraInterval(camera=each.camera, from_at=span.from_at, to_at=span.to_at)


def _lengths(intervals: Iterable[CameraInterval]) -> defaultdict[UUID, timedelta]:
    """Of each camera's, together."""
    found: defaultdict[UUID, timedelta] = defaultdict(timedelta)
    for each in intervals:
        found[each.camera] += each.to_at - each.from_at
    return found


def _joined(intervals: Iterable[CameraInterval]) -> tuple[CameraInterval, ...]:
    """Of cameras one after the other, each in order of time: what follows at once is one interval."""
    told: list[CameraInterval] = []
    for each in intervals:
        last = told[-1] if told else None
        if last and last.camera == each.camera and each.from_at - last.to_at <= IN_A_ROW:
            told[-1] = replace(last, to_at=max(last.to_at, each.to_at))
        else:
            told.append(each)
    return tuple(told)


def in_a_row(destroyed: list[DestroyedInterval]) -> list[DestroyedInterval]:
    """What retention took is told of a camera's files together: thousands of them are one sentence, and one entry of
    the record. What goes by order is told one by one."""
    told: list[DestroyedInterval] = []
    for each in destroyed:
        last = told[-1] if told else None
        if last and {last.by, each.by} == {RETENTION} and each.from_at - last.to_at <= IN_A_ROW:
            told[-1] = replace(
                last,
                to_at=max(last.to_at, each.to_at),
                at=max(last.at, each.at),
                footages=last.footages + (each.footage_sha256 != last.footage_sha256),
            )
        else:
            told.append(each)
    return told


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
    for sentence, intervals in (
        ("{camera} was out {span}", coverage.outages),
        ("{camera} is not indexed yet {span}", coverage.unindexed),
        ("{camera} has no usable picture {span}", coverage.gaps),
        ("{camera} has a file that announces {span} too, and ends before: it was cut off or damaged", coverage.cut_off),
    ):
        each_told = (
            sentence.format(camera=names.get(each.camera, each.camera), span=_span(each)) for each in intervals
        )
        parts += _some(each_told, len(intervals))
    parts += _some((_destroyed(each, names) for each in coverage.destroyed), len(coverage.destroyed))
    parts += _some((_unsure(each, names) for each in coverage.unsure_clocks), len(coverage.unsure_clocks))
    if coverage.views_behind:
        parts.append(f"{coverage.views_behind} events were not yet taken into this account of why: ask again")
    return "; ".join(parts)


def _some(sentences: Iterator[str], count: int) -> list[str]:
    """The first of them, and how many more the record has."""
    more = count - SENTENCES_MAX
    return [*islice(sentences, SENTENCES_MAX), *([f"and {more} more times like that"] if more > 0 else [])]


def _destroyed(each: DestroyedInterval, names: Mapping[UUID, str]) -> str:
    why = "its retention was over" if each.by == RETENTION else f"by order {each.order}"
    when = f"on {shown(each.at)}" if each.footages == 1 else f"until {shown(each.at)}, {each.footages} files"
    return (
        f"{names.get(each.camera, each.camera)} {_span(each)} was destroyed {when}: {why} "
        f"(certificate of footage {each.footage_sha256[:12]}…)"
    )


def _unsure(each: UnsureClock, names: Mapping[UUID, str]) -> str:
    return (
        f"the clock of {names.get(each.camera, each.camera)} is true to ± {each.uncertainty_seconds:g} s: what was "
        "near the ends of this time may lie outside of what was searched"
    )


def _length(seconds: float) -> str:
    """How long, in the unit that people would use: "6 min", "52 h"."""
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def _span(interval: CameraInterval | DestroyedInterval) -> str:
    start, end = interval.from_at.astimezone(KYIV), interval.to_at.astimezone(KYIV)
    if len({each.replace(fold=fold).utcoffset() for each in (start, end) for fold in (0, 1)}) > 1:
        # without its offset, a time that Kyiv's clocks show twice is two, and the span may run backwards
        return f"{start:%d.%m %H:%M:%S %Z}–{end:%d.%m %H:%M:%S %Z}"
    return (
        f"{start:%d.%m %H:%M:%S}–{end:%H:%M:%S}"
        if start.date() == end.date()
        else f"{start:%d.%m %H:%M}–{end:%d.%m %H:%M}"
    )
