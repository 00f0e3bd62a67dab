"""How much of what a search asked for was looked at, and why the rest was not: part of every search's record."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec


class CameraInterval(msgspec.Struct, frozen=True, kw_only=True):
    camera: UUID
    from_at: datetime
    to_at: datetime


class DestroyedInterval(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """[from_at, to_at) of a footage that was erased by order, or of all in a row that a camera's retention took. The
    certificate of the first is found by its digest, `at` is when the last was destroyed."""

    camera: UUID
    from_at: datetime
    to_at: datetime
    footage_sha256: str
    at: datetime
    by: str  # "retention" or "order"
    order: str = ""
    footages: int = 1


class UnsureClock(msgspec.Struct, frozen=True, kw_only=True):
    """Footage of this camera reaches the ends of what was asked only by a clock that is no surer than this."""

    camera: UUID
    uncertainty_seconds: float


class SearchCoverage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How much of what was asked was really looked at: "nothing found" elsewhere means nothing.

    `searched` is what the index itself looked at. Why the rest was not is told by the views: where `views_behind`
    counts events, these may not have told everything yet.
    """

    complete: bool
    scope_seconds: float  # cameras × window
    searched_seconds: float  # of it, indexed and available
    rows_in_scope: int
    unavailable_segments: tuple[str, ...] = ()
    searched: tuple[CameraInterval, ...] = ()  # what was looked at; a second between two files parts nothing
    unindexed: tuple[CameraInterval, ...] = ()  # archived, and not indexed when the search was run
    gaps: tuple[CameraInterval, ...] = ()  # archived, and without usable frames
    outages: tuple[CameraInterval, ...] = ()  # reported outages within the scope
    views_behind: int = 0  # events that the views had not seen
    dropped: int = 0  # moments found in footage that the record does not know so: left out
    cut_off: tuple[CameraInterval, ...] = ()  # announced by a file that ends before it
    destroyed: tuple[DestroyedInterval, ...] = ()
    unsure_clocks: tuple[UnsureClock, ...] = ()
