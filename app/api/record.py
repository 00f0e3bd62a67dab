"""The record itself over HTTP: its events, the views of any moment, and the health of the projections."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromQuery, JSONBody, QueryParameter

from app import replaying
from app.access.operations import Operation
from app.api.answers import Page
from app.api.calls import Asked, House, call_of
from app.background import Work
from app.childhood import NAMES
from app.replaying import Entry, ViewsThen
from domain.checks import whole
from domain.disclosure import Disclosed
from domain.ids import RECORD
from projections import organisation_queries
from projections.status import Status


class Name(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(examples=["incident-board"])]


class Stream(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    stream: Annotated[UUID, msgspec.Meta(examples=["7c1f6f0e-2b1a-4c53-9a51-3f0a8e2d4b60"])]


class Parked(msgspec.Struct, frozen=True, kw_only=True):
    """An event that a view could not take. The events of its stream wait behind it, in order."""

    view: str
    stream: UUID
    position: int
    version: int
    topic: str
    fault: str


class Projections(msgspec.Struct, frozen=True, kw_only=True):
    views: tuple[Status, ...]
    parked: list[Parked]
    background: tuple[Work, ...]


class Folded(msgspec.Struct, frozen=True):
    """How many events were folded."""

    events: int


@get("/record", sync_to_thread=True)
def read_record(
    request: Asked,
    house: House,
    after: FromQuery[int] = 0,
    limit: FromQuery[int] = 100,
    position: Annotated[int | None, QueryParameter(description="the last position to show")] = None,
    until: Annotated[datetime | None, QueryParameter(description="nothing recorded later than this")] = None,
    stream: FromQuery[UUID | None] = None,
) -> Page[Entry]:
    """The events as they were recorded, in order. What is sealed stays sealed. That they were read goes on record
    before they are answered, but for a page of nothing but who read what.
    """
    call = call_of(request, house)
    house.desk.require(call, Operation.REPLAY_READ)
    whole("limit", limit, least=1, most=replaying.LIMIT_MAX)
    whole("after", after, least=0, most=1 << 53)
    if position is not None:
        whole("position", position, least=0, most=1 << 53)
    page = replaying.entries(house.log, after=after, limit=limit, position=position, until=until, stream=stream)
    if any(each.topic != Disclosed.TOPIC for each in page.entries):  # else each page would make another, without end
        house.disclosures.record(call, Operation.REPLAY_READ, stream or RECORD)
    with house.views.reading() as views:
        names = organisation_queries.usernames(views, {each.actor for each in page.entries if each.actor is not None})
    entries = [
        each if each.actor is None else msgspec.structs.replace(each, actor_username=names.get(each.actor))
        for each in page.entries
    ]
    return Page(entries, None if page.next_after is None else str(page.next_after))


@get("/record/views", sync_to_thread=True)
def read_views_then(
    request: Asked, house: House, position: FromQuery[int | None] = None, until: FromQuery[datetime | None] = None
) -> ViewsThen:
    """Every view as it was at a position or an instant, folded anew from the log; without either, as it is now.

    One at a time: 503 while somebody else's replay is under way.
    """
    house.desk.require(call_of(request, house), Operation.REPLAY_READ)
    return replaying.views_then(house.log, house.replaying, position=position, until=until)


@get("/projections", sync_to_thread=True)
def read_projections(request: Asked, house: House) -> Projections:
    """How far each view has followed the log, what is parked, and what runs in the background."""
    house.desk.require(call_of(request, house), Operation.PROJECTIONS_STATUS)
    projector = house.projector
    return Projections(
        views=projector.status(),
        parked=[msgspec.convert(letter, Parked, from_attributes=True) for letter in projector.parked()],
        background=house.background.status(),
    )


@post("/projections/rebuild", status_code=200, sync_to_thread=True)
def rebuild_view(request: Asked, house: House, data: JSONBody[Name]) -> Folded:
    """Fold a view, or the index of children's names (child-names), anew beside the live one, then swap. Readers notice
    nothing.
    """
    house.desk.require(call_of(request, house, data), Operation.PROJECTIONS_REBUILD)
    if data.name == NAMES:
        return Folded(house.childhood.names.rebuild() or 0)
    return Folded(house.projector.rebuild(data.name).events)


@post("/projections/retry", status_code=200, sync_to_thread=True)
def retry_parked(request: Asked, house: House, data: JSONBody[Stream]) -> Folded:
    """Fold a stream's parked events again, in order: all of them or none."""
    house.desk.require(call_of(request, house, data), Operation.PROJECTIONS_RETRY)
    return Folded(house.projector.retry(data.stream))


ROUTES = (read_record, read_views_then, read_projections, rebuild_view, retry_parked)
