"""One search in the footage: what was asked under which authority, what was found, and what people made of it.

A search that was refused is on record too. Attaching a hit concerns the incident as well: `domain/hit_attachment.py`.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain import checks, vocabulary
from domain.decider import Decider
from domain.errors import AlreadyExists, Invalid, NotFound, WrongState
from domain.event import Event
from domain.personal import Reason, SearchQuery
from domain.sealed import Sealed
from domain.search_coverage import SearchCoverage
from domain.search_draw import CAMERAS_MAX
from domain.search_query import QUERY_CHARACTERS_MAX, check_box, check_limit, check_query
from domain.strength import strongest


class FoundMoment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Similar appearance, not identity: a lead until a person reviewed it."""

    rank: int  # from 1
    camera: UUID
    from_at: datetime
    to_at: datetime
    best_at: datetime  # within the times searched, as from and to are
    uncertainty_seconds: float  # the true times lie within ± this
    footage_sha256: str
    row: int  # of the best frame in the index
    score: float  # cosine, higher is closer
    box: tuple[int, int, int, int]  # in the best frame: left, top, width, height in pixels
    pictured: bool = True  # whether its picture was made at `best_at`; else before or after the times searched
    row_kind: str = ""  # "frame": the whole picture, "crop": a part of it; "" in searches of before it was kept
    percentile: float | None = None  # of 100 pictures without what was asked for, so many score less
    strength: str = ""  # vocabulary.STRENGTHS; "" where nothing was calibrated


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
    calibration: str = ""  # digest of the null distribution that the percentiles are of
    strength: str = ""  # of the strongest moment; "none" is an answer: nothing stands out from chance
    child_image: bool = False  # the query was a picture that shows a child


class SearchRefused(Event, frozen=True, kw_only=True):
    TOPIC = "search.refused"

    authorisation: UUID | None = None
    searcher: UUID
    searcher_unit: UUID
    code: str  # of the refusal that the searcher got
    cameras: tuple[UUID, ...]  # the first of those asked for
    cameras_left_out: int = 0  # and how many more were
    from_at: datetime
    to_at: datetime
    query: Sealed[SearchQuery]
    kind: str
    child_image: bool = False


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


class RunSearch(msgspec.Struct, frozen=True, kw_only=True):
    """A search that was allowed and has answered: recorded before anybody sees the answer."""

    search: UUID
    authorisation: UUID
    searcher: UUID
    searcher_unit: UUID
    cameras: tuple[UUID, ...]
    from_at: datetime
    to_at: datetime
    query: Sealed[SearchQuery]
    kind: str
    unknown_words_count: int = 0
    generation: str
    limit: int
    moments: tuple[FoundMoment, ...]
    coverage: SearchCoverage
    calibration: str = ""
    child_image: bool = False


class RefuseSearch(msgspec.Struct, frozen=True, kw_only=True):
    search: UUID
    authorisation: UUID | None = None
    searcher: UUID
    searcher_unit: UUID
    code: str
    cameras: tuple[UUID, ...]
    from_at: datetime
    to_at: datetime
    query: Sealed[SearchQuery]
    kind: str
    child_image: bool = False


class ReviewHit(msgspec.Struct, frozen=True, kw_only=True):
    search: UUID
    rank: int
    verdict: str
    by: UUID
    note: Sealed[Reason] | None = None


FootageSearchCommand: TypeAlias = RunSearch | RefuseSearch | ReviewHit


class FootageSearch(msgspec.Struct, frozen=True):
    searcher: UUID
    searcher_unit: UUID
    authorisation: UUID | None
    refused: bool
    moments: tuple[FoundMoment, ...] = ()
    verdicts: tuple[str, ...] = ()  # the last one of each moment, "" before its first review
    attached: tuple[tuple[int, UUID], ...] = ()  # rank and incident


def decide_run(state: FootageSearch | None, command: RunSearch) -> tuple[Event, ...]:
    """Nothing outside what was allowed is ever recorded as found, whatever the index answered."""
    if state is not None:
        raise AlreadyExists("search", command.search)
    check_query(command.query.fresh_value(), command.kind, child_image=command.child_image)
    from_at, to_at = checks.span("from_at", command.from_at, "to_at", command.to_at)
    limit = check_limit(command.limit)
    _found_within_scope(command)
    return (
        SearchRun(
            authorisation=command.authorisation,
            searcher=command.searcher,
            searcher_unit=command.searcher_unit,
            cameras=checks.unique("cameras", command.cameras, least=1, most=CAMERAS_MAX),
            from_at=from_at,
            to_at=to_at,
            query=command.query,
            kind=command.kind,
            unknown_words_count=checks.whole(
                "unknown_words_count", command.unknown_words_count, least=0, most=QUERY_CHARACTERS_MAX
            ),
            generation=checks.line("generation", command.generation),
            limit=limit,
            moments=command.moments,
            coverage=command.coverage,
            calibration=command.calibration,
            strength=_strength(command),
            child_image=command.child_image,
        ),
    )


def decide_refuse(state: FootageSearch | None, command: RefuseSearch) -> tuple[Event, ...]:
    """Whatever cameras and years were asked for: what could not be recorded would be a way round the record."""
    if state is not None:
        raise AlreadyExists("search", command.search)
    check_query(command.query.fresh_value(), command.kind, child_image=command.child_image)
    from_at, to_at = checks.in_order("from_at", command.from_at, "to_at", command.to_at)
    cameras = tuple(dict.fromkeys(command.cameras))
    return (
        SearchRefused(
            authorisation=command.authorisation,
            searcher=command.searcher,
            searcher_unit=command.searcher_unit,
            code=checks.line("code", command.code),
            cameras=cameras[:CAMERAS_MAX],
            cameras_left_out=len(cameras[CAMERAS_MAX:]),
            from_at=from_at,
            to_at=to_at,
            query=command.query,
            kind=command.kind,
            child_image=command.child_image,
        ),
    )


def decide_review(state: FootageSearch | None, command: ReviewHit) -> tuple[Event, ...]:
    """Every review is kept; the last one counts."""
    hit_of(state, command.search, command.rank)
    verdict = checks.one_of("verdict", command.verdict, vocabulary.VERDICTS)
    note = None if command.note is None else checks.reason("note", command.note)
    return (HitReviewed(rank=command.rank, verdict=verdict, by=command.by, note=note),)


def evolve_run(state: None, event: SearchRun) -> FootageSearch:
    return FootageSearch(
        searcher=event.searcher,
        searcher_unit=event.searcher_unit,
        authorisation=event.authorisation,
        refused=False,
        moments=event.moments,
        verdicts=("",) * len(event.moments),
    )


def evolve_refused(state: None, event: SearchRefused) -> FootageSearch:
    return FootageSearch(
        searcher=event.searcher,
        searcher_unit=event.searcher_unit,
        authorisation=event.authorisation,
        refused=True,
    )


def evolve_reviewed(state: FootageSearch, event: HitReviewed) -> FootageSearch:
    place = event.rank - 1
    return replace(state, verdicts=(*state.verdicts[:place], event.verdict, *state.verdicts[place + 1 :]))


def evolve_attached(state: FootageSearch, event: HitAttached) -> FootageSearch:
    return replace(state, attached=(*state.attached, (event.rank, event.incident)))


DECIDER: Decider[FootageSearchCommand, FootageSearch] = Decider(
    kind="search",
    decides={RunSearch: decide_run, RefuseSearch: decide_refuse, ReviewHit: decide_review},
    evolves={
        SearchRun: evolve_run,
        SearchRefused: evolve_refused,
        HitReviewed: evolve_reviewed,
        HitAttached: evolve_attached,
    },
)


def hit_of(state: FootageSearch | None, key: UUID, rank: int) -> FoundMoment:
    """One of the moments that the search found. Raises NotFound and WrongState."""
    search = checks.existing("search", key, state)
    if search.refused:
        raise WrongState("search", key, "refused", "it has no hits")
    if not 1 <= rank <= len(search.moments):
        raise NotFound("hit", f"{rank} of search {key}")
    return search.moments[rank - 1]


def _strength(command: RunSearch) -> str:
    """A calibrated search that found nothing at all is no match either."""
    if not command.calibration:
        return ""
    for moment in command.moments:
        checks.one_of("strength", moment.strength, vocabulary.STRENGTHS)
    return strongest(("none", *(moment.strength for moment in command.moments)))


def _found_within_scope(command: RunSearch) -> None:
    if len(command.moments) > command.limit:
        raise Invalid("moments", f"are {len(command.moments)}", f"at most {command.limit} were asked for")
    for rank, moment in enumerate(command.moments, start=1):
        if moment.rank != rank:
            raise Invalid("moments", f"rank {moment.rank} stands at place {rank}", "rank them from 1 without gaps")
        if moment.camera not in command.cameras or not command.from_at <= moment.best_at < command.to_at:
            raise Invalid("moments", f"hit {rank} is outside the scope", "this is a fault of the index: report it")
        if moment.from_at < command.from_at or command.to_at < moment.to_at:
            raise Invalid("moments", f"hit {rank} goes beyond the scope", "this is a fault of the index: report it")
        if not moment.from_at <= moment.best_at <= moment.to_at:
            raise Invalid("moments", f"hit {rank} has its best frame outside itself", "give from ≤ best ≤ to")
        check_box("moments", moment.box)
