"""Territorial communities over HTTP: registered, with dated claims of how many live there, and the project joined.

Their list is open to everybody: whoever turns to the police finds their community without signing in.
"""

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
from app.call import Call, now
from app.communities import relations
from app.communities.keeping import NewCommunity, register
from domain.checks import existing
from domain.communities import community
from domain.communities.community import JoinProject, StatePopulation
from domain.vocabulary import REGIONS
from projections.communities import places

Doc = msgspec.Meta


class RegisterCommunity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[str, Doc(examples=["Боярська громада"])]
    region: Annotated[str, Doc(examples=["UA-32"])]
    unit: Annotated[UUID | None, Doc(description="of community police, that serves it; left out, the caller's own")] = (
        None
    )
    code: Annotated[str, Doc(examples=["UA32140010000000001"], description="KATOTTG")] = ""


class NewPopulation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a source says, as of a day. It is held as a claim, beside those before it."""

    population: Annotated[int, Doc(examples=[61000])]
    as_of: Annotated[datetime, Doc(examples=["2022-01-01T00:00:00+02:00"])]
    source: Annotated[str, Doc(examples=["Держстат, чисельність наявного населення"])]


class Joining(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    joined_at: Annotated[datetime, Doc(examples=["2026-09-01T00:00:00+03:00"])]


class CommunityAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A community, and everything that was said of how many live there, in the order in which it went on record."""

    community: places.ShownCommunity
    populations: tuple[places.Population, ...]


@post("/communities", sync_to_thread=True)
def register_community(request: Asked, house: House, data: JSONBody[RegisterCommunity]) -> Response[Done]:
    """Take a community on record. A region has one of a name."""
    call = call_of(request, house, data)
    unit = data.unit or call.principal.unit
    new = NewCommunity(name=data.name, region=data.region, code=data.code, unit=unit)
    receipt, key = register(house, call, new)
    return done(receipt, key, created=True)


@get("/communities", sync_to_thread=True, public=True)
def list_communities(
    house: House,
    region: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[places.PublicCommunity]:
    """Communities by name, for everybody: no token is needed."""
    only = wanted("region", region, REGIONS)
    with house.views.reading() as views:
        return page_of(places.community_page(views, region=only, cursor=cursor, limit=limit))


@get("/communities/{key:uuid}", sync_to_thread=True)
def read_community(request: Asked, house: House, key: FromPath[UUID]) -> Response[CommunityAnswer]:
    """One community with what was said of its population."""
    call = call_of(request, house)
    state = house.desk.load(community.DECIDER, key).state
    house.desk.require(call, Operation.COMMUNITY_READ, relations.community(key, state))
    with house.views.reading() as views:
        found = existing("community", key, places.community(views, key))
        populations = places.populations_of(views, key)
    return versioned(CommunityAnswer(community=found, populations=populations), found.version)


@post("/communities/{key:uuid}/population", status_code=200, sync_to_thread=True)
def state_population(
    request: Asked, house: House, key: FromPath[UUID], data: JSONBody[NewPopulation]
) -> Response[Done]:
    """Put on record what a source says of how many people live there, and as of which day."""
    call = call_of(request, house, data)
    command = StatePopulation(
        community=key,
        population=data.population,
        as_of=data.as_of,
        source=data.source,
        by=call.principal.account,
        at=now(),
    )
    return _change(house, call, Operation.COMMUNITY_STATE_POPULATION, command)


@post("/communities/{key:uuid}/join", status_code=200, sync_to_thread=True)
def join_project(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Joining]) -> Response[Done]:
    """Say since when it takes part in the project."""
    call = call_of(request, house, data)
    command = JoinProject(community=key, joined_at=data.joined_at, by=call.principal.account, at=now())
    return _change(house, call, Operation.COMMUNITY_JOIN, command)


def _change(house: House, call: Call, operation: Operation, command: StatePopulation | JoinProject) -> Response[Done]:
    key = command.community
    receipt = house.desk.perform(
        call, operation, community.DECIDER, key, command, lambda state: relations.community(key, state)
    )
    return done(receipt, key)


ROUTES = (register_community, list_communities, read_community, state_population, join_project)
