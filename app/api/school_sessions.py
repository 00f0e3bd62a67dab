"""Sessions in schools over HTTP: recorded, withdrawn, the calendar, and how many people they reached."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.access.operations import Operation
from app.api.answers import Done, Page, done, page_of, wanted
from app.api.calls import Asked, House, call_of
from app.api.incident_counts import months_between
from app.api.languages import label_of, language_of
from app.call import now
from app.lists import condition, school_columns
from app.schools.registering import change_school
from domain import vocabulary
from domain.checks import one_of, utc
from domain.schools.school import AUDIENCE_MIN, HoldSession, WithdrawSession
from domain.schools.school_events import AudienceGroup
from projections.schools import sessions

Doc = msgspec.Meta


class Group(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    age_group: Annotated[str, Doc(examples=["upper-school"], description="a code of GET /words: lists.age_groups")]
    count: int


class NewSession(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Held by the caller. Who was there is counted, and nowhere listed."""

    subject: Annotated[
        str, Doc(examples=["whom-to-turn-to"], description="a code of GET /words: lists.session_subjects")
    ]
    audience: Annotated[str, Doc(examples=["pupils"], description="a code of GET /words: lists.audiences")]
    groups: Annotated[list[Group], Doc(examples=[[{"age_group": "upper-school", "count": 24}]])]
    held_at: Annotated[datetime, Doc(examples=["2026-11-20T10:00:00+02:00"])]


class SessionCountsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing is left out: no session has an audience under `audience_min`."""

    place: str
    months: tuple[str, ...]
    audience_min: int
    items: tuple[sessions.SessionCount, ...]


@post("/schools/{key:uuid}/sessions", sync_to_thread=True)
def hold_session(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[NewSession]) -> Response[Done]:
    """Put a session on record that the caller held with pupils, teachers or parents."""
    call = call_of(request, house, data)
    session = call.new_key()
    command = HoldSession(
        school=key,
        session=session,
        subject=data.subject,
        audience=data.audience,
        groups=tuple(AudienceGroup(age_group=each.age_group, count=each.count) for each in data.groups),
        held_at=data.held_at,
        by=call.principal.account,
        at=now(),
    )
    return done(change_school(house, call, Operation.SCHOOL_HOLD_SESSION, command), session, created=True)


@post("/schools/{key:uuid}/sessions/{session:uuid}/withdraw", status_code=200, sync_to_thread=True)
def withdraw_session(request: Asked, house: House, key: FromPath[UUID], session: FromPath[UUID]) -> Response[Done]:
    """It was recorded by mistake: it counts no more."""
    call = call_of(request, house)
    command = WithdrawSession(school=key, session=session, by=call.principal.account)
    return done(change_school(house, call, Operation.SCHOOL_HOLD_SESSION, command), session)


@get("/schools/sessions", sync_to_thread=True)
def list_sessions(
    request: Asked,
    house: House,
    school: FromQuery[UUID | None] = None,
    community: FromQuery[UUID | None] = None,
    region: FromQuery[str | None] = None,
    from_at: FromQuery[datetime | None] = None,
    to_at: FromQuery[datetime | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[sessions.ShownSession]:
    """The calendar of sessions in the schools that the caller may read, by when they were held."""
    call = call_of(request, house)
    house.desk.require(call, Operation.SCHOOL_LIST)
    only = condition(house, call, Operation.SCHOOL_LIST, school_columns())
    with house.views.reading() as views:
        page = sessions.session_page(
            views,
            only=only,
            school=school,
            community=community,
            region=wanted("region", region, vocabulary.REGIONS),
            from_at=None if from_at is None else utc("from_at", from_at),
            to_at=None if to_at is None else utc("to_at", to_at),
            cursor=cursor,
            limit=limit,
        )
    return page_of(page)


@get("/counts/sessions", sync_to_thread=True)
def count_sessions(
    request: Asked,
    house: House,
    place: FromQuery[str] = sessions.REGION,
    from_month: FromQuery[str | None] = None,
    to_month: FromQuery[str | None] = None,
) -> SessionCountsAnswer:
    """Sessions, and whom they reached, by region, community or school (`place`) and month of Kyiv's clocks; of the last
    twelve months, unless others are named. Somebody who came twice counts twice.
    """
    house.desk.require(call_of(request, house), Operation.SCHOOL_COUNT_SESSIONS)
    one_of("place", place, sessions.PLACES)
    months = months_between(from_month, to_month)
    with house.views.reading() as views:
        counted = sessions.counts(views, place, months)
    items = tuple(_named(request, each) if place == sessions.REGION else each for each in counted)
    return SessionCountsAnswer(place=place, months=months, audience_min=AUDIENCE_MIN, items=items)


def _named(request: Asked, count: sessions.SessionCount) -> sessions.SessionCount:
    label = label_of(vocabulary.REGIONS[count.place], language_of(request))
    return msgspec.structs.replace(count, name=label)


ROUTES = (hold_session, withdraw_session, list_sessions, count_sessions)
