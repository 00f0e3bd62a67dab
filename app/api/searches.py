"""Searches over HTTP: run under an authorisation, answered from the record, reviewed by people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import Response as Raw

from app import relations, search_answers
from app.access.operations import Operation
from app.api.answers import Done, Page, done, page_of
from app.api.calls import Asked, House, call_of
from app.api.cameras import camera_key, named
from app.call import Call
from app.desk import expect, expect_nothing
from app.instants import asked_about
from app.lists import condition, search_columns
from app.question import Question
from app.search_answers import ReadSearch, SearchAnswer, answer_of
from domain import authorisation, footage_search, incident
from domain.errors import Invalid
from domain.footage_search import ReviewHit, hit_of
from domain.hit_attachment import AttachHit, decide_attach
from domain.log import Change
from domain.personal import Reason
from domain.sealed import Sealed
from domain.search_refusals import OutsideCameras
from projections import ledger_queries

Doc = msgspec.Meta


class Ask(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """By words or by picture. Cameras and times left out mean all that the authorisation covers."""

    authorisation: UUID | None = None
    text: Annotated[str, Doc(examples=["людина в червоній куртці"])] = ""
    image: Annotated[bytes, Doc(description="JPEG, PNG or WebP, in base64")] = b""
    box: Annotated[
        tuple[int, int, int, int] | None, Doc(description="part of the picture: left, top, width, height in pixels")
    ] = None
    minus: Annotated[list[str], Doc(examples=[["чорна куртка"]], description="what it must not look like")] = []
    child_image: Annotated[
        bool,
        Doc(description="the picture shows a child: needs an authorisation for it, and a box drawn round the child"),
    ] = False
    cameras: Annotated[list[str], Doc(examples=[["KYIV-014"]])] = []
    from_at: datetime | None = None
    to_at: datetime | None = None
    limit: Annotated[int, Doc(examples=[10], description="moments")] = 10


class Review(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    verdict: Annotated[str, Doc(examples=["relevant"], description="relevant, not-relevant or unsure")]
    note: Annotated[str, Doc(examples=["Той самий рюкзак"])] = ""


class Attach(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    incident: Annotated[UUID, Doc(examples=["7c1f6f0e-2b1a-4c53-9a51-3f0a8e2d4b60"])]


class LedgerAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the search ledger: who searched, when, under what, how much was found and reviewed."""

    search: UUID
    at: datetime
    searcher: UUID
    searcher_username: str | None
    searcher_unit: UUID
    searcher_unit_name: str | None
    purpose: str
    authorisation: UUID | None
    cameras: tuple[UUID, ...]
    camera_names: tuple[str, ...] = ()
    from_at: datetime
    to_at: datetime
    kind: str
    child_image: bool  # a picture that shows a child, as the searcher said
    refused_code: str | None
    moments_count: int
    reviewed_count: int
    relevant_count: int
    attached_count: int
    version: int


@post("/searches", sync_to_thread=True)
def run_search(request: Asked, house: House, data: JSONBody[Ask]) -> Response[SearchAnswer]:
    """Search. The authorisation is checked, the quota drawn and the search on record before anything is answered.

    It makes something new: an If-Match is refused.
    """
    call = call_of(request, house, data)
    expect_nothing(call)
    bytes_max = house.deployment.settings.query_image_bytes_max
    if len(data.image) > bytes_max:
        raise Invalid("image", f"has {len(data.image)} bytes", f"send a picture of at most {bytes_max}")
    question = Question(
        authorisation=data.authorisation,
        text=data.text,
        image=data.image,
        box=data.box,
        minus=tuple(data.minus),
        child_image=data.child_image,
        cameras=tuple(camera_key(name) for name in data.cameras),
        from_at=asked_about("from_at", data.from_at),
        to_at=asked_about("to_at", data.to_at),
        limit=data.limit,
    )
    try:
        search = house.searching.run(call, question)
    except OutsideCameras as refusal:
        raise refusal.named({camera_key(name): name for name in data.cameras}) from None
    _require(house, call, Operation.SEARCH_READ, search)  # a retry answers who may read it now, not who might once
    return Response(answer_of(house, call, search), status_code=201)


@get("/searches", sync_to_thread=True)
def list_searches(
    request: Asked,
    house: House,
    authorisation: FromQuery[UUID | None] = None,
    refused: FromQuery[bool | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[LedgerAnswer]:
    """The search ledger: the searches that the caller may read, the latest first, refused ones too."""
    call = call_of(request, house)
    house.desk.require(call, Operation.SEARCH_LIST)
    only = condition(house, call, Operation.SEARCH_LIST, search_columns())
    with house.views.reading() as views:
        page = ledger_queries.ledger_page(
            views, only=only, authorisation=authorisation, refused=refused, cursor=cursor, limit=limit
        )
        return named(views, page_of(page, LedgerAnswer), lambda line: line.cameras)


def _require(house: House, call: Call, operation: Operation, key: UUID) -> footage_search.FootageSearch | None:
    state = house.desk.load(footage_search.DECIDER, key).state
    under = None if state is None or state.authorisation is None else state.authorisation
    authority = None if under is None else house.desk.load(authorisation.DECIDER, under).state
    house.desk.require(call, operation, relations.search(key, state, authority))
    return state


@get("/searches/{key:uuid}", sync_to_thread=True)
def read_search(request: Asked, house: House, key: FromPath[UUID]) -> ReadSearch:
    """A search as it was answered, from the record, and what people made of its hits. Its words and the reviewers'
    notes are opened for those who may read them, on record; and so is that it was read, by anybody but the searcher.
    """
    call = call_of(request, house)
    _require(house, call, Operation.SEARCH_READ, key)
    return search_answers.read_search(house, call, key)


@get("/searches/{key:uuid}/hits/{rank:int}/thumbnail", media_type="image/jpeg", sync_to_thread=True)
def read_thumbnail(request: Asked, house: House, key: FromPath[UUID], rank: FromPath[int]) -> Raw[bytes]:
    """The picture of a hit, faces filled. That it was seen goes on record first."""
    call = call_of(request, house)
    hit = hit_of(_require(house, call, Operation.SEARCH_THUMBNAIL, key), key, rank)
    house.disclosures.record(call, Operation.SEARCH_THUMBNAIL, key)
    picture = house.searching.picture(key, hit)
    return Raw(picture, media_type="image/jpeg")


@post("/searches/{key:uuid}/hits/{rank:int}/review", status_code=200, sync_to_thread=True)
def review_hit(
    request: Asked, house: House, key: FromPath[UUID], rank: FromPath[int], data: JSONBody[Review]
) -> Response[Done]:
    """Say what a person saw in it. The last review counts, every one is kept."""
    call = call_of(request, house, data)
    note = Sealed(key, Reason(data.note)) if data.note else None
    command = ReviewHit(search=key, rank=rank, verdict=data.verdict, by=call.principal.account, note=note)

    def decide() -> Sequence[Change]:
        _require(house, call, Operation.SEARCH_REVIEW_HIT, key)
        loaded = house.desk.load(footage_search.DECIDER, key)
        expect(call, loaded)
        return (Change(key, loaded.version, footage_search.DECIDER.decide(loaded.state, command)),)

    return done(house.desk.commit(call, Operation.SEARCH_REVIEW_HIT, decide), key)


@post("/searches/{key:uuid}/hits/{rank:int}/attach", status_code=200, sync_to_thread=True)
def attach_hit(
    request: Asked, house: House, key: FromPath[UUID], rank: FromPath[int], data: JSONBody[Attach]
) -> Response[Done]:
    """Make a hit that was reviewed as relevant part of an incident: both records change together."""
    call = call_of(request, house, data)
    command = AttachHit(search=key, rank=rank, incident=data.incident, by=call.principal.account)

    def decide() -> Sequence[Change]:
        _require(house, call, Operation.SEARCH_ATTACH_HIT, key)
        search = house.desk.load(footage_search.DECIDER, key)
        expect(call, search)
        of = house.desk.load(incident.DECIDER, data.incident)
        house.desk.require(call, Operation.INCIDENT_LINK_FOOTAGE, relations.incident(data.incident, of.state))
        of_search, of_incident = decide_attach(search.state, of.state, command)
        return Change(key, search.version, of_search), Change(data.incident, of.version, of_incident)

    return done(house.desk.commit(call, Operation.SEARCH_ATTACH_HIT, decide), key)


ROUTES = (run_search, list_searches, read_search, read_thumbnail, review_hit, attach_hit)
