"""The answer to a search, made of the record: what was found, where and when, and how much was looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import asdict

from app import clock_changes, relations
from app.access.operations import Operation
from app.call import Call
from app.clock_changes import SearchClockChange
from app.composition import Services
from app.coverage import statement
from app.matching import MatchAnswer, Words, match_of, words_of
from app.searching import AlreadyRefused
from domain import account, authorisation, footage_search, unit
from domain.authorisation_events import AuthorisationRequested, SearchDrawn
from domain.checks import existing
from domain.errors import WrongState
from domain.event import Event
from domain.footage_search import FoundMoment, SearchRun
from domain.kyiv_time import shown
from domain.personal import Reason, SearchQuery
from domain.search_coverage import SearchCoverage
from projections import cameras, ledger_queries
from projections.ledger_queries import LedgerHit


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
    row_kind: str | None  # frame: the whole picture; crop: a part; null in searches of before it was kept
    percentile: float | None  # of 100 pictures without what was asked for, so many score less; null as above
    strength: str | None  # none, weak, fair or strong: how far it stands out from what chance brings
    strength_words: Words | None
    footage_sha256: str
    thumbnail: str | None  # null where the picture was made outside the times searched: it is not shown


class CoverageAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`statement` is what a person reads; the intervals are what it rests on."""

    complete: bool
    statement: str
    detail: SearchCoverage
    generation: str


class ReadAs(msgspec.Struct, frozen=True):
    """A misspelt word, or one in the letters of another alphabet."""

    typed: str
    read: str


class SearchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    searched_at: datetime
    searcher: UUID
    searcher_username: str
    searcher_unit: UUID
    searcher_unit_name: str
    authorisation: UUID
    authorisation_reference: str | None  # the document's number; null where the reader may not read the authorisation
    kind: str
    text: str | None  # null where the reader may not open it
    image_sha256: str | None  # of the picture that was looked for, as it was sent
    minus: tuple[str, ...]
    unknown_words: tuple[str, ...]  # that were not looked for, or only guessed: unknown, or not to be there
    read_as: tuple[ReadAs, ...]  # words that were taken for others, and for which
    widened_words: tuple[str, ...]  # that were taken in a wider sense: "woman" for any adult
    cameras: tuple[UUID, ...]
    camera_names: tuple[str, ...]
    from_at: datetime
    to_at: datetime
    exact: bool
    match: MatchAnswer | None  # what the search comes to; null in searches of before calibration
    coverage: CoverageAnswer
    moments: tuple[FoundAnswer, ...]
    quota_left: int  # after this search


class HitReviewed(msgspec.Struct, frozen=True, kw_only=True):
    """What people made of a hit: the last review counts, and only a relevant one is attached."""

    rank: int
    verdict: str
    reviewed_by: UUID
    reviewed_by_username: str | None
    reviewed_at: datetime
    note: str | None  # null where there is none, it was erased, or the reader may not open it
    incident: UUID | None  # that it was attached to
    attached_by: UUID | None
    attached_by_username: str | None
    attached_at: datetime | None


class ReadSearch(SearchAnswer, frozen=True, kw_only=True):
    """A search as it was answered, and what became of its hits and is known of their times since."""

    reviews: tuple[HitReviewed, ...]
    clock_changes: tuple[SearchClockChange, ...]


def read_search(house: Services, call: Call, search: UUID) -> ReadSearch:
    """On record, by anybody but the searcher. Raises domain.errors.WrongState where it was refused: no results."""
    try:
        house.searching.recorded(search)
    except AlreadyRefused as refusal:
        mend = "it has no hits; the list of refused searches says whose it was, when, and under what"
        words = f"refused ({refusal.code})"
        raise WrongState("search", search, "refused", mend, words=words, refused_code=refusal.code) from None
    house.disclosures.consult(call, Operation.SEARCH_READ, search)
    answer = answer_of(house, call, search)
    house.desk.caught_up()
    run = next(iter(house.log.stream(search, until_version=1)))
    assert isinstance(run.event, SearchRun)
    with house.views.reading() as views:
        hits = [hit for hit in ledger_queries.hits_of(views, search) if hit.verdict is not None]
        changes = clock_changes.of_search(views, run.event, run.position)
    notes = _notes(house, call, answer, hits)
    reviews = tuple(msgspec.convert({**asdict(hit), "note": notes.get(hit.rank)}, HitReviewed) for hit in hits)
    return ReadSearch(**asdict(answer), reviews=reviews, clock_changes=changes)


def answer_of(house: Services, call: Call, search: UUID) -> SearchAnswer:
    """Raises `searching.AlreadyRefused` where it was refused."""
    run = house.searching.recorded(search)
    with house.views.reading() as views:
        names = cameras.camera_names(views, run.cameras)
    history = house.log.events(run.authorisation)
    authority = authorisation.DECIDER.fold(history)
    assert authority is not None  # no search is on record without one
    number = next(each.number for each in history if isinstance(each, SearchDrawn) and each.search == search)
    query = _words(house, call, search, run)
    return SearchAnswer(
        id=search,
        searched_at=next(iter(house.log.stream(search, until_version=1))).meta.recorded_at,
        searcher=run.searcher,
        searcher_username=_username(house, run.searcher),
        searcher_unit=run.searcher_unit,
        searcher_unit_name=_unit_name(house, run.searcher_unit),
        authorisation=run.authorisation,
        authorisation_reference=_reference(house, call, run.authorisation, history),
        kind=run.kind,
        text=None if query is None else query.text,
        image_sha256=None if query is None else query.image_sha256 or None,
        minus=() if query is None else query.minus,
        unknown_words=() if query is None else query.unknown_words,
        read_as=() if query is None else tuple(ReadAs(*each) for each in query.read_as),
        widened_words=() if query is None else query.widened_words,
        cameras=run.cameras,
        camera_names=tuple(names.get(key, str(key)) for key in run.cameras),
        from_at=run.from_at,
        to_at=run.to_at,
        exact=True,
        match=match_of(run),
        coverage=_coverage(run, names),
        moments=tuple(_found(search, moment, names.get(moment.camera, "")) for moment in run.moments),
        quota_left=authority.quota - number,
    )


def _coverage(run: SearchRun, names: Mapping[UUID, str]) -> CoverageAnswer:
    return CoverageAnswer(
        complete=run.coverage.complete,
        statement=statement(run.coverage, names),
        detail=run.coverage,
        generation=run.generation,
    )


def _reference(house: Services, call: Call, key: UUID, history: Sequence[Event]) -> str | None:
    """The number of the document, for who may read the authorisation."""
    requested, state = history[0], authorisation.DECIDER.fold(history)
    assert isinstance(requested, AuthorisationRequested)
    may_read = house.desk.allows(call, Operation.AUTHORISATION_READ, relations.authorisation(key, state))
    return requested.reference if may_read else None


def _username(house: Services, key: UUID) -> str:
    return existing("account", key, house.desk.load(account.DECIDER, key).state).username


def _unit_name(house: Services, key: UUID) -> str:
    return existing("unit", key, house.desk.load(unit.DECIDER, key).state).name


def _words(house: Services, call: Call, search: UUID, run: SearchRun) -> SearchQuery | None:
    """The searcher's own words are no disclosure to them; anybody else's reading of them is."""
    if run.searcher == call.principal.account:
        return house.disclosures.open_addressed(run.query, SearchQuery)
    if not _may_open(house, call, search, run.authorisation):
        return None
    return house.disclosures.open(call, Operation.SEARCH_READ_QUERY, search, run.query, SearchQuery)


def _notes(house: Services, call: Call, answer: SearchAnswer, hits: Sequence[LedgerHit]) -> dict[int, str]:
    """The reviewers' notes by rank. One's own are no disclosure."""
    noted = [(hit, hit.note) for hit in hits if hit.note is not None]
    if not noted or not _may_open(house, call, answer.id, answer.authorisation):
        return {}
    if any(hit.reviewed_by != call.principal.account for hit, _ in noted):
        house.disclosures.record(call, Operation.SEARCH_READ_QUERY, answer.id)
    opened = ((hit.rank, house.disclosures.open_addressed(note, Reason)) for hit, note in noted)
    return {rank: note.text for rank, note in opened if note is not None}


def _may_open(house: Services, call: Call, search: UUID, under: UUID) -> bool:
    authority = house.desk.load(authorisation.DECIDER, under).state
    asked_of = relations.search(search, house.desk.load(footage_search.DECIDER, search).state, authority)
    return house.desk.allows(call, Operation.SEARCH_READ_QUERY, asked_of)


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
        row_kind=moment.row_kind or None,
        percentile=moment.percentile,
        strength=moment.strength or None,
        strength_words=words_of(moment.strength),
        footage_sha256=moment.footage_sha256,
        thumbnail=f"/searches/{search}/hits/{moment.rank}/thumbnail" if moment.pictured else None,
    )
