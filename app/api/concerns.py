"""Concerns over HTTP: raised, read, reviewed, answered with help, dismissed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app import relations
from app.access.operations import Operation
from app.api.answers import Done, Page, done, done_with, page_of, versioned, wanted
from app.api.calls import Asked, House, call_of
from app.api.officers import until
from app.call import Call, now
from app.concerns import NewConcern, raise_concern
from app.lists import concern_columns, condition
from app.unerased import unerased
from domain import concern, concern_words
from domain.checks import existing
from domain.concern import DismissConcern, OfferHelp, ReviewConcern
from domain.personal import Narrative, Reason
from domain.sealed import Sealed
from projections import concerns

Doc = msgspec.Meta


class RaiseConcern(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """About a child whom the caller may read of, by id, pseudonym or both; without either, one who is new here."""

    kind: Annotated[str, Doc(examples=["missing-school"], description="a code of GET /words: lists.concern_kinds")]
    narrative: Annotated[str, Doc(examples=["Третій тиждень не ходить до школи, ночує у під’їзді."])]
    unit: Annotated[
        UUID | None, Doc(description="of juvenile prevention, that is to look into it; left out, the caller's own")
    ] = None
    child: UUID | None = None
    pseudonym: Annotated[str | None, Doc(examples=["CH-4F2A"])] = None
    names: Annotated[list[UUID], Doc(description="children whom the narrative names")] = []


class Review(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    finding: Annotated[str, Doc(examples=["help-needed"])]
    reason: Annotated[str, Doc(examples=["Розмова з класною керівницею підтвердила"])]


class Help(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: Annotated[str, Doc(examples=["psychologist"])]
    reason: Annotated[str, Doc(examples=["Домовлено про зустріч зі шкільною психологинею"])]


class Dismissal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    cause: Annotated[str, Doc(examples=["not-confirmed"])]
    reason: Annotated[str, Doc(examples=["Дитина хворіла, довідка є"])]


class Raised(Done, frozen=True, kw_only=True):
    """`child` and `pseudonym` are those that the concern is about: made here, where the child is new."""

    child: UUID
    pseudonym: str
    expires_at: datetime


class ConcernAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A concern as it stands. Its narrative is opened by a request of its own, which goes on record."""

    concern: concerns.ShownConcern
    help: tuple[concerns.HelpOffer, ...]


class NarrativeAnswer(msgspec.Struct, frozen=True):
    text: str | None  # null once it was erased


@post("/concerns", sync_to_thread=True)
def post_concern(request: Asked, house: House, data: JSONBody[RaiseConcern]) -> Response[Raised]:
    """Say that a child is in trouble. It is looked into by a second person, and ends by itself after some weeks."""
    call = call_of(request, house, data)
    new = NewConcern(
        kind=data.kind,
        narrative=data.narrative,
        unit=data.unit or call.principal.unit,
        child=data.child,
        pseudonym=data.pseudonym,
        names=tuple(data.names),
    )
    receipt, key, raised = raise_concern(house, call, new)
    return done_with(
        Raised,
        receipt,
        key,
        created=True,
        child=raised.child,
        pseudonym=raised.pseudonym,
        expires_at=raised.expires_at,
    )


@get("/concerns", sync_to_thread=True)
def list_concerns(
    request: Asked,
    house: House,
    unit: FromQuery[UUID | None] = None,
    child: FromQuery[UUID | None] = None,
    school: FromQuery[UUID | None] = None,
    kind: FromQuery[str | None] = None,
    concern_state: FromQuery[str | None] = None,
    expires_within_days: FromQuery[int | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[concerns.ShownConcern]:
    """The concerns that the caller may read, those that end soonest first; `expires_within_days` shows those that
    are still to be answered and end soon.
    """
    call, at = call_of(request, house), now()
    house.desk.require(call, Operation.CONCERN_LIST)
    only = condition(house, call, Operation.CONCERN_LIST, concern_columns(at))
    with house.views.reading() as views:
        page = concerns.concern_page(
            views,
            at,
            only=only,
            unit=unit,
            child=child,
            school=school,
            kind=wanted("kind", kind, concern_words.CONCERN_KINDS),
            state=wanted("concern_state", concern_state, concern.PHASES),
            expires_before=until(at, "expires_within_days", expires_within_days),
            cursor=cursor,
            limit=limit,
        )
    return page_of(page)


@get("/concerns/{key:uuid}", sync_to_thread=True)
def read_concern(request: Asked, house: House, key: FromPath[UUID]) -> Response[ConcernAnswer]:
    """One concern with the help that was offered. That it was read, by anybody but who raised it, goes on record
    before it is answered.
    """
    call, at = call_of(request, house), now()
    state = house.desk.load(concern.DECIDER, key).state
    house.desk.require(call, Operation.CONCERN_READ, relations.concern(key, state, at))
    house.disclosures.consult(call, Operation.CONCERN_READ, key)
    with house.views.reading() as views:
        found = existing("concern", key, concerns.concern(views, key, at))
        help_offered = () if found.state == concern.EXPIRED else concerns.help_offered(views, key)
        return versioned(ConcernAnswer(concern=found, help=help_offered), found.version)


@get("/concerns/{key:uuid}/narrative", sync_to_thread=True)
def read_concern_narrative(request: Asked, house: House, key: FromPath[UUID]) -> NarrativeAnswer:
    """What was seen, in the raiser's words. Opening it goes on record before it is answered."""
    call = call_of(request, house)
    state = house.desk.load(concern.DECIDER, key).state
    house.desk.require(call, Operation.CONCERN_READ_NARRATIVE, relations.concern(key, state, now()))
    raised = house.log.events(key, until_version=1)[0]
    assert isinstance(raised, concern.ConcernRaised)
    narrative = house.disclosures.open(call, Operation.CONCERN_READ_NARRATIVE, key, raised.narrative, Narrative)
    return NarrativeAnswer(None if narrative is None else narrative.text)


@post("/concerns/{key:uuid}/review", status_code=200, sync_to_thread=True)
def review_concern(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Review]) -> Response[Done]:
    """Look into it, as a second person, and say what was found."""
    call = call_of(request, house, data)
    reason, by = Sealed(call.new_record(), Reason(data.reason)), call.principal.account
    command = ReviewConcern(concern=key, finding=data.finding, reason=reason, by=by, at=now())
    return _answer(house, call, Operation.CONCERN_REVIEW, command)


@post("/concerns/{key:uuid}/help", status_code=200, sync_to_thread=True)
def offer_help(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Help]) -> Response[Done]:
    """Put on record which help was offered; more may follow."""
    call = call_of(request, house, data)
    reason, by = Sealed(call.new_record(), Reason(data.reason)), call.principal.account
    return _answer(
        house,
        call,
        Operation.CONCERN_OFFER_HELP,
        OfferHelp(concern=key, kind=data.kind, reason=reason, by=by, at=now()),
    )


@post("/concerns/{key:uuid}/dismiss", status_code=200, sync_to_thread=True)
def dismiss_concern(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Dismissal]) -> Response[Done]:
    """End it, where a review found no help to be needed."""
    call = call_of(request, house, data)
    reason, by = Sealed(call.new_record(), Reason(data.reason)), call.principal.account
    command = DismissConcern(concern=key, cause=data.cause, reason=reason, by=by, at=now())
    return _answer(house, call, Operation.CONCERN_DISMISS, command)


def _answer(
    house: House, call: Call, operation: Operation, command: ReviewConcern | OfferHelp | DismissConcern
) -> Response[Done]:
    key, at = command.concern, command.at
    receipt = house.desk.perform(
        call,
        operation,
        concern.DECIDER,
        key,
        command,
        lambda state: relations.concern(key, state, at),
        lambda state: unerased(house.desk, (existing("concern", key, state).child,)),
    )
    return done(receipt, key)


ROUTES = (
    post_concern,
    list_concerns,
    read_concern,
    read_concern_narrative,
    review_concern,
    offer_help,
    dismiss_concern,
)
