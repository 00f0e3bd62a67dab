"""Agencies over HTTP: registered, listed, read, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.access.operations import Operation
from app.api.answers import Done, Page, done, page_of, versioned, wanted
from app.api.calls import Asked, House, call_of
from app.api.people import Reasoned
from app.desk import expect
from app.sharing import relations
from domain import vocabulary
from domain.checks import existing
from domain.ids import agency_id
from domain.log import Change
from domain.personal import Reason
from domain.sealed import Sealed
from domain.sharing import agency, words
from domain.sharing.agency import RegisterAgency, WithdrawAgency
from projections.sharing import agencies

Doc = msgspec.Meta


class NewAgency(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Its people get accounts in the unit, which is of the kind agency and of no other agency."""

    name: Annotated[str, Doc(examples=["Служба у справах дітей Подільського району"])]
    kind: Annotated[str, Doc(examples=["children-service"], description="a code of GET /words: lists.agency_kinds")]
    region: Annotated[str, Doc(examples=["UA-30"])]
    unit: Annotated[UUID, Doc(examples=["7c1f6f0e-2b1a-4c53-9a51-3f0a8e2d4b60"])]


@post("/agencies", sync_to_thread=True)
def register_agency(request: Asked, house: House, data: JSONBody[NewAgency]) -> Response[Done]:
    """Register an agency that takes part. Nothing is shared with it by that."""
    call, key = call_of(request, house, data), agency_id(data.unit)

    def decide() -> Sequence[Change]:
        house.desk.require(call, Operation.AGENCY_REGISTER)
        loaded = house.desk.load(agency.DECIDER, key)
        expect(call, loaded)
        command = RegisterAgency(
            agency=key,
            name=data.name,
            kind=data.kind,
            region=data.region,
            unit=data.unit,
            unit_kind=relations.unit_kind(house.desk, data.unit),
            by=call.principal.account,
        )
        return (Change(key, loaded.version, agency.DECIDER.decide(loaded.state, command)),)

    return done(house.desk.commit(call, Operation.AGENCY_REGISTER, decide), key, created=True)


@get("/agencies", sync_to_thread=True)
def list_agencies(
    request: Asked,
    house: House,
    region: FromQuery[str | None] = None,
    kind: FromQuery[str | None] = None,
    agency_state: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[agencies.ShownAgency]:
    """The agencies that take part, and those that did, by name."""
    house.desk.require(call_of(request, house), Operation.AGENCY_LIST)
    with house.views.reading() as views:
        page = agencies.agency_page(
            views,
            region=wanted("region", region, vocabulary.REGIONS),
            kind=wanted("kind", kind, words.AGENCY_KINDS),
            state=wanted("agency_state", agency_state, agencies.STATES),
            cursor=cursor,
            limit=limit,
        )
    return page_of(page)


@get("/agencies/{key:uuid}", sync_to_thread=True)
def read_agency(request: Asked, house: House, key: FromPath[UUID]) -> Response[agencies.ShownAgency]:
    """One agency."""
    call = call_of(request, house)
    state = house.desk.load(agency.DECIDER, key).state
    house.desk.require(call, Operation.AGENCY_READ, relations.of_agency(key, state))
    with house.views.reading() as views:
        found = existing("agency", key, agencies.agency(views, key))
    return versioned(found, found.version)


@post("/agencies/{key:uuid}/withdraw", status_code=200, sync_to_thread=True)
def withdraw_agency(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Reasoned]) -> Response[Done]:
    """End its part in the space. All that is open to it is taken back."""
    call = call_of(request, house, data)
    command = WithdrawAgency(
        agency=key, reason=Sealed(call.new_record(), Reason(data.reason)), by=call.principal.account
    )
    receipt = house.desk.perform(
        call,
        Operation.AGENCY_WITHDRAW,
        agency.DECIDER,
        key,
        command,
        lambda state: relations.of_agency(key, state),
    )
    return done(receipt, key)


ROUTES = (register_agency, list_agencies, read_agency, withdraw_agency)
