"""What was said of footage whose clock was corrected afterwards, in the time that it has now.

The record keeps what was said; beside it stands what is known since. Nobody who reads an old answer goes to the wrong
hour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from domain.footage_search import SearchRun
from domain.kyiv_time import shown
from projections.clock_queries import Correction, corrected_after, corrected_since, corrections_of
from projections.incident_timeline import TimelineEntry
from projections.ledger_queries import positions_of

LINKED = "incident.footage-linked"


class CorrectedHit(msgspec.Struct, frozen=True, kw_only=True):
    """When the hit of this rank really was."""

    rank: int
    from_at: datetime
    to_at: datetime
    best_at: datetime
    shown: str  # best_at on Kyiv's clocks


class ClockChange(msgspec.Struct, frozen=True, kw_only=True):
    """Footage had [was_from_at, was_to_at) when it was spoken of, and has [from_at, to_at) since."""

    statement: str
    footage_sha256: str
    camera: UUID
    corrected_at: datetime
    corrected_by: UUID
    corrected_by_username: str | None
    shift_seconds: float
    was_from_at: datetime
    was_to_at: datetime
    from_at: datetime
    to_at: datetime
    uncertainty_seconds: float
    anchor_source: str


class SearchClockChange(ClockChange, frozen=True, kw_only=True):
    """Without hits: what was searched of this camera was another time than was said then."""

    hits: tuple[CorrectedHit, ...]


class LinkClockChange(ClockChange, frozen=True, kw_only=True):
    """The linked stretch in the time that it has now."""

    linked_from_at: datetime
    linked_to_at: datetime


def of_search(views: Connection, run: SearchRun, position: int) -> tuple[SearchClockChange, ...]:
    """Of footage that had or has a part of what was searched: by camera and time, as the views know it."""
    found = corrected_since(views, position, run.cameras, run.from_at, run.to_at)
    return tuple(_of_search(run, each) for each in sorted(found, key=lambda one: (one.camera, one.was_from)))


def of_links(views: Connection, entries: Sequence[TimelineEntry]) -> tuple[LinkClockChange | None, ...]:
    """Of each entry that links footage; None for any other event, and where the clock is as it was. A hit was attached
    with the time that it had when the search was run.
    """
    links = {entry.position: entry.read_facts() for entry in entries if entry.topic == LINKED}
    found = corrections_of(views, {facts["footage_sha256"] for facts in links.values()}) if links else {}
    made = {UUID(facts["search"]) for facts in links.values() if facts.get("search") is not None}
    positions = positions_of(views, made) if found and made else {}
    return tuple(
        _of_link(links[entry.position], found, positions, entry.position) if entry.position in links else None
        for entry in entries
    )


def _of_link(
    facts: dict[str, Any], corrections: Mapping[str, Sequence[Correction]], positions: Mapping[UUID, int], position: int
) -> LinkClockChange | None:
    search = facts.get("search")
    since = position if search is None else positions.get(UUID(search), position)
    found = corrected_after(corrections.get(facts["footage_sha256"], ()), since)
    if found is None or not found.shift:
        return None
    start, end = (datetime.fromisoformat(facts[name]) + found.shift for name in ("from_at", "to_at"))
    return LinkClockChange(**_facts(found, ()), linked_from_at=start, linked_to_at=end)


def of_clip(views: Connection, sha256: str, position: int) -> ClockChange | None:
    """Of a clip that was cut out of this footage at a position of the log."""
    found = corrected_after(corrections_of(views, (sha256,)).get(sha256, ()), position)
    return None if found is None else ClockChange(**_facts(found, ()))


def _of_search(run: SearchRun, found: Correction) -> SearchClockChange:
    hits = tuple(
        CorrectedHit(
            rank=moment.rank,
            from_at=moment.from_at + found.shift,
            to_at=moment.to_at + found.shift,
            best_at=moment.best_at + found.shift,
            shown=shown(moment.best_at + found.shift),
        )
        for moment in run.moments
        if moment.footage_sha256 == found.sha256
    )
    return SearchClockChange(**_facts(found, [hit.rank for hit in hits]), hits=hits)


def _facts(found: Correction, ranks: Sequence[int]) -> dict[str, Any]:
    return {
        "statement": _statement(found, ranks),
        "footage_sha256": found.sha256,
        "camera": found.camera,
        "corrected_at": found.at,
        "corrected_by": found.by,
        "corrected_by_username": found.by_username,
        "shift_seconds": found.shift.total_seconds(),
        "was_from_at": found.was_from,
        "was_to_at": found.was_to,
        "from_at": found.from_at,
        "to_at": found.to_at,
        "uncertainty_seconds": found.uncertainty_seconds,
        "anchor_source": found.anchor_source,
    }


def _statement(found: Correction, ranks: Sequence[int]) -> str:
    of = f"; hit{'s' * (len(ranks) > 1)} {', '.join(map(str, ranks))} with it" if ranks else ""
    corrected = f"the clock of footage {found.sha256[:12]}… was corrected on {shown(found.at)}"
    since, sure = shown(found.from_at), f"± {found.uncertainty_seconds:g} s"
    if not found.shift:  # to and fro, or only how sure it is
        return f"{corrected}: as was said, it was taken from {since} on ({sure})"
    return (
        f"{corrected}: it was taken from {since} on, not from {shown(found.was_from)} "
        f"({found.shift.total_seconds():+.1f} s, {sure}){of}"
    )
