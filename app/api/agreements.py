"""Sharing agreements over HTTP: proposed by one person, signed by another, narrowed, suspended, ended."""

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
from app.api.people import Reasoned
from app.call import now
from app.lists import agreement_columns, condition
from app.sharing import agreements as road
from app.sharing import relations
from domain.checks import existing
from domain.personal import Reason
from domain.sealed import Sealed
from domain.sharing import agreement
from domain.sharing.agreement import (
    AddPurpose,
    EndAgreement,
    NarrowFields,
    ProposePurpose,
    ResumeAgreement,
    SignAgreement,
    SuspendAgreement,
)
from domain.sharing.agreement_state import KIND, PHASES
from projections.sharing import agreements, shares

Doc = msgspec.Meta


class NewAgreement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Between the caller's own unit, and others where there are, and agencies. It stands once it was signed."""

    units: Annotated[list[UUID] | None, Doc(description="of the police; left out, the caller's own")] = None
    agencies: Annotated[list[UUID], Doc(examples=[["7c1f6f0e-2b1a-4c53-9a51-3f0a8e2d4b60"]])]
    purposes: Annotated[list[str], Doc(examples=[["social-support"]], description="lists.sharing_purposes")]
    fields: Annotated[list[str], Doc(examples=[["identity", "help-needed"]], description="lists.shared_fields")]
    from_at: Annotated[datetime, Doc(examples=["2026-12-01T00:00:00+02:00"])]
    until: Annotated[datetime, Doc(examples=["2028-12-01T00:00:00+02:00"])]


class NewPurpose(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    purpose: Annotated[str, Doc(examples=["shelter"], description="a code of GET /words: lists.sharing_purposes")]


class FieldsLeft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    fields: Annotated[list[str], Doc(examples=[["help-needed"]], description="that are left of those agreed on")]


@post("/agreements", sync_to_thread=True)
def propose_agreement(request: Asked, house: House, data: JSONBody[NewAgreement]) -> Response[Done]:
    """Propose what is to be shared with whom, for what. A data protection officer signs it."""
    call = call_of(request, house, data)
    new = road.NewAgreement(
        units=(call.principal.unit,) if data.units is None else tuple(data.units),
        agencies=tuple(data.agencies),
        purposes=tuple(data.purposes),
        fields=tuple(data.fields),
        from_at=data.from_at,
        until=data.until,
    )
    receipt, key = road.propose(house, call, new)
    return done(receipt, key, created=True)


@get("/agreements", sync_to_thread=True)
def list_agreements(
    request: Asked,
    house: House,
    agency: FromQuery[UUID | None] = None,
    agreement_state: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[agreements.ShownAgreement]:
    """The agreements that the caller may read, those that end soonest first."""
    call, at = call_of(request, house), now()
    house.desk.require(call, Operation.AGREEMENT_LIST)
    only = condition(house, call, Operation.AGREEMENT_LIST, agreement_columns())
    state = wanted("agreement_state", agreement_state, PHASES)
    with house.views.reading() as views:
        page = agreements.agreement_page(views, at, only=only, agency=agency, state=state, cursor=cursor, limit=limit)
    return page_of(page)


@get("/agreements/ledger", sync_to_thread=True)
def read_ledger(request: Asked, house: House) -> list[shares.LedgerLine]:
    """How often which field went to which agency under which agreement, and how often it is open to it now."""
    call = call_of(request, house)
    house.desk.require(call, Operation.AGREEMENT_LEDGER)
    only = condition(house, call, Operation.AGREEMENT_LEDGER, agreement_columns())
    with house.views.reading() as views:
        return list(shares.ledger(views, only=only))


@get("/agreements/{key:uuid}", sync_to_thread=True)
def read_agreement(request: Asked, house: House, key: FromPath[UUID]) -> Response[agreements.ShownAgreement]:
    """One agreement as it stands."""
    call = call_of(request, house)
    state = house.desk.load(agreement.DECIDER, key).state
    house.desk.require(call, Operation.AGREEMENT_READ, relations.of_agreement(house.desk, key, state))
    with house.views.reading() as views:
        found = existing(KIND, key, agreements.agreement(views, key, now()))
    return versioned(found, found.version)


@post("/agreements/{key:uuid}/sign", status_code=200, sync_to_thread=True)
def sign_agreement(request: Asked, house: House, key: FromPath[UUID]) -> Response[Done]:
    """Sign it, as a data protection officer who did not propose it. From now on something may be shared under it."""
    call = call_of(request, house)
    command = SignAgreement(agreement=key, by=call.principal.account, at=now())
    return done(road.change(house, call, Operation.AGREEMENT_SIGN, command), key)


@post("/agreements/{key:uuid}/purposes", status_code=200, sync_to_thread=True)
def propose_purpose(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[NewPurpose]) -> Response[Done]:
    """Propose to share for a further purpose, too. It counts once it was signed."""
    call = call_of(request, house, data)
    command = ProposePurpose(agreement=key, purpose=data.purpose, by=call.principal.account, at=now())
    return done(road.change(house, call, Operation.AGREEMENT_WIDEN, command), key)


@post("/agreements/{key:uuid}/purposes/sign", status_code=200, sync_to_thread=True)
def sign_purpose(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[NewPurpose]) -> Response[Done]:
    """Sign a purpose that somebody else proposed."""
    call = call_of(request, house, data)
    command = AddPurpose(agreement=key, purpose=data.purpose, by=call.principal.account, at=now())
    return done(road.change(house, call, Operation.AGREEMENT_SIGN, command), key)


@post("/agreements/{key:uuid}/fields", status_code=200, sync_to_thread=True)
def narrow_fields(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[FieldsLeft]) -> Response[Done]:
    """Leave fewer fields to be shared. What tells one that is left out is taken back."""
    call = call_of(request, house, data)
    command = NarrowFields(agreement=key, fields=tuple(data.fields), by=call.principal.account, at=now())
    return done(road.change(house, call, Operation.AGREEMENT_NARROW, command), key)


@post("/agreements/{key:uuid}/suspend", status_code=200, sync_to_thread=True)
def suspend_agreement(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Reasoned]) -> Response[Done]:
    """Let nothing be shared under it until it is resumed. All that rests on it is taken back, and stays so."""
    call = call_of(request, house, data)
    reason = Sealed(call.new_record(), Reason(data.reason))
    command = SuspendAgreement(agreement=key, reason=reason, by=call.principal.account, at=now())
    return done(road.change(house, call, Operation.AGREEMENT_SUSPEND, command), key)


@post("/agreements/{key:uuid}/resume", status_code=200, sync_to_thread=True)
def resume_agreement(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Reasoned]) -> Response[Done]:
    """Let something be shared under it again."""
    call = call_of(request, house, data)
    reason = Sealed(call.new_record(), Reason(data.reason))
    command = ResumeAgreement(agreement=key, reason=reason, by=call.principal.account, at=now())
    return done(road.change(house, call, Operation.AGREEMENT_SUSPEND, command), key)


@post("/agreements/{key:uuid}/end", status_code=200, sync_to_thread=True)
def end_agreement(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Reasoned]) -> Response[Done]:
    """End it, signed or not. All that rests on it is taken back."""
    call = call_of(request, house, data)
    reason = Sealed(call.new_record(), Reason(data.reason))
    command = EndAgreement(agreement=key, reason=reason, by=call.principal.account, at=now())
    return done(road.change(house, call, Operation.AGREEMENT_END, command), key)


ROUTES = (
    *(propose_agreement, list_agreements, read_ledger, read_agreement, sign_agreement, propose_purpose, sign_purpose),
    *(narrow_fields, suspend_agreement, resume_agreement, end_agreement),
)
