"""Concerns from schools over HTTP: raised in a school's words, and heard of again as a category of outcome alone."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app import relations
from app.access.operations import Operation
from app.api.answers import Done, Page, done_with
from app.api.calls import Asked, House, call_of
from app.call import now
from app.lists import concern_columns, condition
from app.schools.raising import raise_from_school
from domain import concern
from domain.checks import existing
from domain.schools.school import outcome_of
from projections import concerns

Doc = msgspec.Meta


class SchoolConcern(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """About one child, who is described and cannot be named by what is on record."""

    kind: Annotated[str, Doc(examples=["missing-school"], description="a code of GET /words: lists.concern_kinds")]
    narrative: Annotated[str, Doc(examples=["Учень 6-Б третій тиждень не приходить, батьки не відповідають."])]


class RaisedFromSchool(Done, frozen=True, kw_only=True):
    expires_at: datetime


class ConcernOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """That it is there, and what came of it: neither what was found, nor which help was offered, nor to whom."""

    concern: UUID
    outcome: Annotated[str, Doc(description="a code of GET /words: lists.concern_outcomes")]
    raised_at: datetime
    expires_at: datetime


@post("/school-concerns", sync_to_thread=True)
def post_school_concern(request: Asked, house: House, data: JSONBody[SchoolConcern]) -> Response[RaisedFromSchool]:
    """Say from a school that a child is in trouble. The unit of juvenile prevention that works with the school looks
    into it.
    """
    call = call_of(request, house, data)
    receipt, key, raised = raise_from_school(house, call, data.kind, data.narrative)
    return done_with(RaisedFromSchool, receipt, key, created=True, expires_at=raised.expires_at)


@get("/school-concerns", sync_to_thread=True)
def list_school_concerns(
    request: Asked, house: House, cursor: FromQuery[str | None] = None, limit: FromQuery[int] = 50
) -> Page[ConcernOutcome]:
    """What came of the concerns that the caller raised from a school, until they expire; the first to end is first."""
    call, at = call_of(request, house), now()
    house.desk.require(call, Operation.CONCERN_LIST_OUTCOMES)
    only = condition(house, call, Operation.CONCERN_LIST_OUTCOMES, concern_columns(at))
    with house.views.reading() as views:
        page = concerns.concern_page(views, at, only=only, cursor=cursor, limit=limit)
    return Page([_outcome(each) for each in page.items], page.next_cursor)


@get("/school-concerns/{key:uuid}", sync_to_thread=True)
def read_school_concern(request: Asked, house: House, key: FromPath[UUID]) -> ConcernOutcome:
    """What came of one of them."""
    call, at = call_of(request, house), now()
    state = house.desk.load(concern.DECIDER, key).state
    house.desk.require(call, Operation.CONCERN_READ_OUTCOME, relations.concern(key, state, at))
    with house.views.reading() as views:
        return _outcome(existing("concern", key, concerns.concern(views, key, at)))


def _outcome(shown: concerns.ShownConcern) -> ConcernOutcome:
    return ConcernOutcome(
        concern=shown.concern,
        outcome=outcome_of(shown.state),
        raised_at=shown.raised_at,
        expires_at=shown.expires_at,
    )


ROUTES = (post_school_concern, list_school_concerns, read_school_concern)
