"""Police stations of communities over HTTP: opened, closed, and which were open at a date."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.access.operations import Operation
from app.api.answers import Done, Page, done, page_of, versioned, wanted
from app.api.calls import Asked, House, call_of
from app.call import now
from app.communities import relations
from app.communities.keeping import NewStation, open_station
from domain.checks import existing, past
from domain.communities import station
from domain.communities.station import PHASES, CloseStation
from projections.communities import places

Doc = msgspec.Meta


class OpenStation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    community: Annotated[UUID, Doc(examples=["7c1f6f0e-2b1a-4c53-9a51-3f0a8e2d4b60"])]
    name: Annotated[str, Doc(examples=["Поліцейська станція, Боярка"])]
    place: Annotated[str, Doc(examples=["Боярка, вул. Білогородська, 13"], description="its public address")]
    latitude: Annotated[float, Doc(examples=[50.32])]
    longitude: Annotated[float, Doc(examples=[30.29])]
    opened_at: Annotated[datetime, Doc(examples=["2026-09-01T09:00:00+03:00"])]


class Closing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    closed_at: Annotated[datetime, Doc(examples=["2026-11-01T18:00:00+02:00"])]
    cause: Annotated[str, Doc(examples=["moved"], description="a code of GET /words: lists.station_closings")]


@post("/stations", sync_to_thread=True)
def post_station(request: Asked, house: House, data: JSONBody[OpenStation]) -> Response[Done]:
    """Say that a community has a station, and since when."""
    call = call_of(request, house, data)
    new = NewStation(
        community=data.community,
        name=data.name,
        place=data.place,
        latitude=data.latitude,
        longitude=data.longitude,
        opened_at=data.opened_at,
    )
    receipt, key = open_station(house, call, new)
    return done(receipt, key, created=True)


@get("/stations", sync_to_thread=True)
def list_stations(
    request: Asked,
    house: House,
    community: FromQuery[UUID | None] = None,
    station_state: FromQuery[str | None] = None,
    at: FromQuery[datetime | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[places.ShownStation]:
    """Stations that were opened by a date, today where none is given, as they stood then."""
    house.desk.require(call_of(request, house), Operation.STATION_LIST)
    asked = now()
    when = asked if at is None else past("at", at, asked)
    with house.views.reading() as views:
        page = places.station_page(
            views,
            when,
            community=community,
            state=wanted("station_state", station_state, PHASES),
            cursor=cursor,
            limit=limit,
        )
    return page_of(page)


@get("/stations/{key:uuid}", sync_to_thread=True)
def read_station(request: Asked, house: House, key: FromPath[UUID]) -> Response[places.ShownStation]:
    """One station as it stands."""
    house.desk.require(call_of(request, house), Operation.STATION_LIST)
    with house.views.reading() as views:
        found = existing("station", key, places.station(views, key, now()))
    return versioned(found, found.version)


@post("/stations/{key:uuid}/close", status_code=200, sync_to_thread=True)
def close_station(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Closing]) -> Response[Done]:
    """Say that it is no more, since when, and why."""
    call = call_of(request, house, data)
    command = CloseStation(station=key, closed_at=data.closed_at, cause=data.cause, by=call.principal.account, at=now())
    receipt = house.desk.perform(
        call,
        Operation.STATION_CLOSE,
        station.DECIDER,
        key,
        command,
        lambda state: relations.station(house.desk, key, state),
    )
    return done(receipt, key)


ROUTES = (post_station, list_stations, read_station, close_station)
