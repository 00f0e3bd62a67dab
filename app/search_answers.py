"""The answer to a search, made of the record: what was found, where and when, and how much was looked at."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from app import relations
from app.access.operations import Operation
from app.call import Call
from app.composition import Services
from app.coverage import statement
from domain import authorisation, footage_search
from domain.authorisation_events import SearchDrawn
from domain.authorisation_state import Authorisation
from domain.footage_search import FoundMoment, SearchCoverage, SearchRun
from domain.kyiv_time import shown
from domain.personal import SearchQuery
from projections import cameras


class FoundAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Similar appearance, not identity: a lead until a person reviewed it."""

    rank: int
    camera: UUID
    camera_name: str
    best_at: datetime
    from_at: datetime
    to_at: datetime
    uncertainty_seconds: float  # the true times lie within ± this
    shown: str  # the best frame's time as Kyiv's clocks showed it
    box: tuple[int, int, int, int]  # in the best frame: left, top, width, height in pixels
    score: float  # cosine, higher is closer
    footage_sha256: str
    thumbnail: str


class CoverageAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`statement` is what a person reads; the intervals are what it rests on."""

    complete: bool
    statement: str
    detail: SearchCoverage
    generation: str


class SearchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    authorisation: UUID
    kind: str
    text: str | None  # null where the reader may not open it
    minus: tuple[str, ...]
    unknown_words: tuple[str, ...]  # that the model does not know, and took no account of
    cameras: tuple[UUID, ...]
    from_at: datetime
    to_at: datetime
    exact: bool
    coverage: CoverageAnswer
    moments: tuple[FoundAnswer, ...]
    quota_left: int  # after this search


def answer_of(house: Services, call: Call, search: UUID) -> SearchAnswer:
    """Raises `searching.AlreadyRefused` where it was refused."""
    run = house.searching.recorded(search)
    with house.views.reading() as views:
        names = {key: found.name for key, found in cameras.cameras_named(views, run.cameras).items()}
    history = house.log.events(run.authorisation)
    authority = authorisation.DECIDER.fold(history)
    assert authority is not None  # no search is on record without one
    number = next(each.number for each in history if isinstance(each, SearchDrawn) and each.search == search)
    query = _words(house, call, search, run, authority)
    return SearchAnswer(
        id=search,
        authorisation=run.authorisation,
        kind=run.kind,
        text=None if query is None else query.text,
        minus=() if query is None else query.minus,
        unknown_words=() if query is None else query.unknown_words,
        cameras=run.cameras,
        from_at=run.from_at,
        to_at=run.to_at,
        exact=True,
        coverage=CoverageAnswer(
            complete=run.coverage.complete,
            statement=statement(run.coverage, names),
            detail=run.coverage,
            generation=run.generation,
        ),
        moments=tuple(_found(search, moment, names.get(moment.camera, "")) for moment in run.moments),
        quota_left=authority.quota - number,
    )


def _words(house: Services, call: Call, search: UUID, run: SearchRun, authority: Authorisation) -> SearchQuery | None:
    """The searcher's own words are no disclosure to them; anybody else's reading of them is."""
    if run.searcher == call.principal.account:
        assert run.query.token is not None  # it comes from the log
        return house.vault.open(run.query.token, SearchQuery)
    asked_of = relations.search(search, house.desk.load(footage_search.DECIDER, search).state, authority)
    if not house.desk.allows(call, Operation.SEARCH_READ_QUERY, asked_of):
        return None
    return house.disclosures.open(call, Operation.SEARCH_READ_QUERY, search, run.query, SearchQuery)


def _found(search: UUID, moment: FoundMoment, name: str) -> FoundAnswer:
    return FoundAnswer(
        rank=moment.rank,
        camera=moment.camera,
        camera_name=name,
        best_at=moment.best_at,
        from_at=moment.from_at,
        to_at=moment.to_at,
        uncertainty_seconds=moment.uncertainty_seconds,
        shown=shown(moment.best_at),
        box=moment.box,
        score=moment.score,
        footage_sha256=moment.footage_sha256,
        thumbnail=f"/searches/{search}/hits/{moment.rank}/thumbnail",
    )
