"""Programmes of the regions over HTTP: adopted, what they paid for, and their goals against what happened."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app import relations
from app.access.operations import Operation
from app.api.answers import Done, Page, done, page_of, versioned, wanted
from app.api.calls import Asked, House, call_of
from app.api.cameras import camera_key
from app.call import Call, now
from app.camera_network.funding import fund_cameras
from domain.camera_network import programme
from domain.checks import existing
from domain.ids import programme_id
from domain.vocabulary import REGIONS
from projections.camera_network import goals, programmes

Doc = msgspec.Meta


class Goal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many of them are there in the region by that time."""

    kind: Annotated[str, Doc(examples=["cameras"], description="a code of GET /words: lists.goal_kinds")]
    target: Annotated[int, Doc(examples=[5000])]
    by: Annotated[datetime, Doc(examples=["2026-12-31T23:59:59+02:00"])]


class AdoptProgramme(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[str, Doc(examples=["Безпечна громада на 2025–2027 роки"])]
    region: Annotated[str, Doc(examples=["UA-32"], description="ISO 3166-2:UA")]
    from_at: Annotated[datetime, Doc(examples=["2025-01-01T00:00:00+02:00"])]
    to_at: Annotated[datetime, Doc(examples=["2027-12-31T23:59:59+02:00"])]
    funder: Annotated[str, Doc(examples=["Київська обласна рада"])]
    goals: Annotated[
        list[Goal], Doc(examples=[[{"kind": "cameras", "target": 5000, "by": "2026-12-31T23:59:59+02:00"}]])
    ]


class Fund(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    cameras: Annotated[list[str], Doc(examples=[["KYIV-014"]], description="by code or id, of the programme's region")]
    amount_kopecks: Annotated[int, Doc(examples=[125_000_00])]
    funder: Annotated[str, Doc(examples=["Бучанська громада"])]


class ProgrammeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`goals` are counted now, of the whole region, whoever paid; a kind that is not counted here says so."""

    programme: programmes.Programme
    goals: tuple[goals.GoalStanding, ...]
    fundings: tuple[programmes.Funding, ...]


@post("/programmes", sync_to_thread=True)
def adopt_programme(request: Asked, house: House, data: JSONBody[AdoptProgramme]) -> Response[Done]:
    """Put a programme on record. Its region and name are its identity: adopted twice, it is refused."""
    call = call_of(request, house, data)
    key = programme_id(data.region, data.name)
    command = programme.AdoptProgramme(
        programme=key,
        name=data.name,
        region=data.region,
        from_at=data.from_at,
        to_at=data.to_at,
        funder=data.funder,
        goals=tuple(programme.Goal(kind=each.kind, target=each.target, by=each.by) for each in data.goals),
        by=call.principal.account,
    )
    receipt = house.desk.perform(
        call, Operation.PROGRAMME_ADOPT, programme.DECIDER, key, command, lambda _: relations.SYSTEM
    )
    return done(receipt, key, created=True)


@get("/programmes", sync_to_thread=True)
def list_programmes(
    request: Asked,
    house: House,
    region: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[programmes.Programme]:
    """Programmes by region and name, with how much they paid for."""
    call = call_of(request, house)
    house.desk.require(call, Operation.PROGRAMME_LIST)
    with house.views.reading() as views:
        only = wanted("region", region, REGIONS)
        return page_of(programmes.programme_page(views, region=only, cursor=cursor, limit=limit))


@get("/programmes/{key:uuid}", sync_to_thread=True)
def read_programme(request: Asked, house: House, key: FromPath[UUID]) -> Response[ProgrammeAnswer]:
    """One programme: its goals against what happened, and its fundings."""
    call = call_of(request, house)
    _readable(house, call, key)
    with house.views.reading() as views:
        found = existing("programme", key, programmes.programme(views, key))
        standings = goals.standings(views, found.region, found.from_at, found.goals, now())
        answer = ProgrammeAnswer(programme=found, goals=standings, fundings=programmes.fundings_of(views, key))
        return versioned(answer, found.version)


@get("/programmes/{key:uuid}/cameras", sync_to_thread=True)
def list_funded_cameras(
    request: Asked,
    house: House,
    key: FromPath[UUID],
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[programmes.FundedCamera]:
    """The cameras that it paid for, and what became of each."""
    call = call_of(request, house)
    _readable(house, call, key)
    house.desk.require(call, Operation.CAMERA_LIST)
    with house.views.reading() as views:
        return page_of(programmes.funded_page(views, key, cursor=cursor, limit=limit))


@post("/programmes/{key:uuid}/fundings", status_code=200, sync_to_thread=True)
def fund(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Fund]) -> Response[Done]:
    """Put on record that it paid for cameras; several may pay for one."""
    call = call_of(request, house, data)
    named = [(camera_key(name), name) for name in data.cameras]
    receipt = fund_cameras(house.desk, call, key, named=named, amount_kopecks=data.amount_kopecks, funder=data.funder)
    return done(receipt, key)


@post("/programmes/{key:uuid}/fundings/{number:int}/withdraw", status_code=200, sync_to_thread=True)
def withdraw_funding(request: Asked, house: House, key: FromPath[UUID], number: FromPath[int]) -> Response[Done]:
    """Withdraw what was recorded in error. That it was stays on record."""
    call = call_of(request, house)
    command = programme.WithdrawFunding(programme=key, number=number, by=call.principal.account)
    receipt = house.desk.perform(
        call,
        Operation.PROGRAMME_FUND,
        programme.DECIDER,
        key,
        command,
        lambda state: relations.programme(key, state),
    )
    return done(receipt, key)


def _readable(house: House, call: Call, key: UUID) -> None:
    state = house.desk.load(programme.DECIDER, key).state
    house.desk.require(call, Operation.PROGRAMME_READ, relations.programme(key, state))


ROUTES = (
    adopt_programme,
    list_programmes,
    read_programme,
    list_funded_cameras,
    fund,
    withdraw_funding,
)
