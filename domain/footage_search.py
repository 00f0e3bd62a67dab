"""One search in the footage: what was asked under which authority, what was found, and what people made of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from domain.event import Event
from domain.personal import Reason, SearchQuery
from domain.sealed import Sealed


class FoundMoment(msgspec.Struct, frozen=True, kw_only=True):
    """Similar appearance, not identity: a lead until a person reviewed it."""

    rank: int  # from 1
    camera: UUID
    from_at: datetime
    to_at: datetime
    best_at: datetime
    uncertainty_seconds: float  # the true times lie within ± this
    footage_sha256: str
    row: int  # of the best frame in the index
    score: float  # cosine, higher is closer
    box: tuple[int, int, int, int]  # in the best frame: left, top, width, height in pixels


class CameraInterval(msgspec.Struct, frozen=True, kw_only=True):
    camera: UUID
    from_at: datetime
    to_at: datetime


class SearchCoverage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How much of what was asked was really looked at: "nothing found" elsewhere means nothing."""

    complete: bool
    scope_seconds: float  # cameras × window
    searched_seconds: float  # of it, indexed and available
    rows_in_scope: int
    unavailable_segments: tuple[str, ...] = ()
    outages: tuple[CameraInterval, ...] = ()  # reported outages within the scope


class SearchRun(Event, frozen=True, kw_only=True):
    TOPIC = "search.run"

    authorisation: UUID
    searcher: UUID
    searcher_unit: UUID
    cameras: tuple[UUID, ...]
    from_at: datetime
    to_at: datetime
    query: Sealed[SearchQuery]
    kind: str  # vocabulary.QUERY_KINDS
    unknown_words_count: int
    generation: str  # digest of the encoder's manifest
    limit: int
    moments: tuple[FoundMoment, ...]
    coverage: SearchCoverage


class SearchRefused(Event, frozen=True, kw_only=True):
    TOPIC = "search.refused"

    authorisation: UUID | None = None
    searcher: UUID
    searcher_unit: UUID
    code: str  # of the refusal that the searcher got
    cameras: tuple[UUID, ...]
    from_at: datetime
    to_at: datetime
    query: Sealed[SearchQuery]
    kind: str


class HitReviewed(Event, frozen=True, kw_only=True):
    TOPIC = "search.hit-reviewed"

    rank: int
    verdict: str  # vocabulary.VERDICTS
    by: UUID
    note: Sealed[Reason] | None = None


class HitAttached(Event, frozen=True, kw_only=True):
    """A hit that was reviewed as relevant became part of an incident, which got `FootageLinked` with it."""

    TOPIC = "search.hit-attached"

    rank: int
    incident: UUID
    by: UUID
