"""Consents over HTTP: what was answered, who may do without it, and everything that was made under it."""

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
from app.call import Call, now
from app.lists import condition, consent_columns
from app.sharing import consents as road
from app.sharing import relations
from domain.checks import existing
from domain.personal import PersonName, Reason
from domain.sealed import Sealed
from domain.sharing import consent
from domain.sharing.consent import (
    AuthoriseOverride,
    DenyOverride,
    GiveConsent,
    LiftOverride,
    RecordNotSought,
    RefuseConsent,
    RequestOverride,
    WithdrawConsent,
)
from domain.sharing.consent_events import ConsentGiven, ConsentRefused
from domain.sharing.consent_state import KIND, PHASES
from projections.sharing import consents, shares
from projections.sharing.shares import PartnerView, Share

Doc = msgspec.Meta


class AboutConsent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of a child whom the caller may read of, by id, pseudonym or both; their unit has an open case of it."""

    child: UUID | None = None
    pseudonym: Annotated[str | None, Doc(examples=["CH-4F2A"])] = None
    purposes: Annotated[list[str], Doc(examples=[["social-support"]], description="lists.sharing_purposes")]
    agencies: Annotated[list[UUID], Doc(examples=[["7c1f6f0e-2b1a-4c53-9a51-3f0a8e2d4b60"]])]
    fields: Annotated[list[str], Doc(examples=[["identity", "help-needed"]], description="lists.shared_fields")]


class Given(AboutConsent, frozen=True, kw_only=True, forbid_unknown_fields=True):
    giver: Annotated[str, Doc(examples=["parent"], description="a code of GET /words: lists.consent_givers")]
    giver_name: Annotated[str, Doc(examples=["Оксана Гнатюк"])]
    expires_at: Annotated[datetime, Doc(examples=["2027-06-01T00:00:00+03:00"])]


class Refused(AboutConsent, frozen=True, kw_only=True, forbid_unknown_fields=True):
    giver: Annotated[str, Doc(examples=["parent"], description="a code of GET /words: lists.consent_givers")]
    giver_name: Annotated[str, Doc(examples=["Оксана Гнатюк"])]


class NotSought(AboutConsent, frozen=True, kw_only=True, forbid_unknown_fields=True):
    cause: Annotated[str, Doc(examples=["asking-endangers-child"], description="lists.not_sought_causes")]
    reason: Annotated[str, Doc(examples=["Батько — підозрюваний"])]


class Withdrawal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    giver: Annotated[str, Doc(examples=["parent"], description="who withdraws it: lists.consent_givers")]
    reason: Annotated[str, Doc(examples=["Мати зателефонувала і відкликала згоду"])]


class Override(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    basis: Annotated[str, Doc(examples=["suspected-violence"], description="lists.override_bases")]
    days: Annotated[int, Doc(examples=[14])]
    reason: Annotated[str, Doc(examples=["Дитина не може чекати"])]


class GiverAnswer(msgspec.Struct, frozen=True):
    """Null once the child was erased, and where nobody was asked."""

    full_name: str | None


class MadeUnderIt(msgspec.Struct, frozen=True, kw_only=True):
    """One page each; `next` of each is the cursor of the following one."""

    shares: Page[Share]
    views: Page[PartnerView]


@post("/consents/given", sync_to_thread=True)
def give_consent(request: Asked, house: House, data: JSONBody[Given]) -> Response[Done]:
    """Put on record that somebody consents to something being shared. It ends by itself."""
    call = call_of(request, house, data)
    name = Sealed(call.new_record(), PersonName(data.giver_name))
    receipt, key = road.record(
        house,
        call,
        _scope(data),
        lambda about: GiveConsent(giver=data.giver, giver_name=name, expires_at=data.expires_at, **about),
    )
    return done(receipt, key, created=True)


@post("/consents/refused", sync_to_thread=True)
def refuse_consent(request: Asked, house: House, data: JSONBody[Refused]) -> Response[Done]:
    """Put on record that somebody was asked and refused. An earlier consent is withdrawn by a request of its own."""
    call = call_of(request, house, data)
    name = Sealed(call.new_record(), PersonName(data.giver_name))
    receipt, key = road.record(
        house, call, _scope(data), lambda about: RefuseConsent(giver=data.giver, giver_name=name, **about)
    )
    return done(receipt, key, created=True)


@post("/consents/not-sought", sync_to_thread=True)
def record_not_sought(request: Asked, house: House, data: JSONBody[NotSought]) -> Response[Done]:
    """Put on record that nobody was asked, and why. Nothing is shared unless two people decide to do without."""
    call = call_of(request, house, data)
    reason = Sealed(call.new_record(), Reason(data.reason))
    receipt, key = road.record(
        house, call, _scope(data), lambda about: RecordNotSought(cause=data.cause, reason=reason, **about)
    )
    return done(receipt, key, created=True)


@get("/consents", sync_to_thread=True)
def list_consents(
    request: Asked,
    house: House,
    child: FromQuery[UUID | None] = None,
    agency: FromQuery[UUID | None] = None,
    consent_state: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[consents.ShownConsent]:
    """The consents that the caller may read, the last recorded first."""
    call, at = call_of(request, house), now()
    house.desk.require(call, Operation.CONSENT_LIST)
    only = condition(house, call, Operation.CONSENT_LIST, consent_columns())
    state = wanted("consent_state", consent_state, PHASES)
    with house.views.reading() as views:
        page = consents.consent_page(
            views, at, only=only, child=child, agency=agency, state=state, cursor=cursor, limit=limit
        )
    return page_of(page)


@get("/consents/{key:uuid}", sync_to_thread=True)
def read_consent(request: Asked, house: House, key: FromPath[UUID]) -> Response[consents.ShownConsent]:
    """One consent. That it was read, by anybody but who put it on record, goes on record before it is answered."""
    call = call_of(request, house)
    _let_through(house, call, Operation.CONSENT_READ, key)
    house.disclosures.consult(call, Operation.CONSENT_READ, key)
    with house.views.reading() as views:
        found = existing(KIND, key, consents.consent(views, key, now()))
    return versioned(found, found.version)


@get("/consents/{key:uuid}/giver", sync_to_thread=True)
def read_giver(request: Asked, house: House, key: FromPath[UUID]) -> GiverAnswer:
    """Who gave or refused it, by name. Opening it goes on record before it is answered."""
    call = call_of(request, house)
    _let_through(house, call, Operation.CONSENT_READ_GIVER, key)
    begun = house.log.events(key, until_version=1)[0]
    if not isinstance(begun, ConsentGiven | ConsentRefused):
        return GiverAnswer(None)
    name = house.disclosures.open(call, Operation.CONSENT_READ_GIVER, key, begun.giver_name, PersonName)
    return GiverAnswer(None if name is None else name.full_name)


@get("/consents/{key:uuid}/made-under-it", sync_to_thread=True)
def read_made_under_it(
    request: Asked,
    house: House,
    key: FromPath[UUID],
    shares_cursor: FromQuery[str | None] = None,
    views_cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 100,
) -> MadeUnderIt:
    """Everything that rests or rested on it: what was shared with which agency, and what the agency's people looked at
    while it was shared with them. That it was read goes on record.
    """
    call = call_of(request, house)
    _let_through(house, call, Operation.CONSENT_MADE_UNDER, key)
    house.disclosures.consult(call, Operation.CONSENT_MADE_UNDER, key)
    house.desk.caught_up()
    with house.views.reading() as views:
        made = shares.share_page(views, key, cursor=shares_cursor, limit=limit)
        seen = shares.view_page(views, key, cursor=views_cursor, limit=limit)
    return MadeUnderIt(shares=page_of(made), views=page_of(seen))


@post("/consents/{key:uuid}/withdraw", status_code=200, sync_to_thread=True)
def withdraw_consent(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Withdrawal]) -> Response[Done]:
    """Put on record that it was withdrawn, for good. All that rests on it is taken back."""
    call = call_of(request, house, data)
    reason, by = Sealed(call.new_record(), Reason(data.reason)), call.principal.account
    command = WithdrawConsent(consent=key, giver=data.giver, reason=reason, by=by, at=now())
    return done(road.change(house, call, Operation.CONSENT_WITHDRAW, command), key)


@post("/consents/{key:uuid}/override", status_code=200, sync_to_thread=True)
def request_override(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Override]) -> Response[Done]:
    """Ask to do without consent, on a basis of law, for some days. A supervisor who did not ask decides."""
    call = call_of(request, house, data)
    reason, by = Sealed(call.new_record(), Reason(data.reason)), call.principal.account
    command = RequestOverride(consent=key, basis=data.basis, days=data.days, reason=reason, by=by, at=now())
    return done(road.change(house, call, Operation.CONSENT_REQUEST_OVERRIDE, command), key)


@post("/consents/{key:uuid}/override/authorise", status_code=200, sync_to_thread=True)
def authorise_override(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Reasoned]) -> Response[Done]:
    """Let what was asked for be shared without consent."""
    call = call_of(request, house, data)
    reason, by = Sealed(call.new_record(), Reason(data.reason)), call.principal.account
    command = AuthoriseOverride(consent=key, reason=reason, by=by, at=now())
    return done(road.change(house, call, Operation.CONSENT_OVERRIDE, command), key)


@post("/consents/{key:uuid}/override/deny", status_code=200, sync_to_thread=True)
def deny_override(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Reasoned]) -> Response[Done]:
    """Let nothing be shared without consent."""
    call = call_of(request, house, data)
    reason, by = Sealed(call.new_record(), Reason(data.reason)), call.principal.account
    command = DenyOverride(consent=key, reason=reason, by=by, at=now())
    return done(road.change(house, call, Operation.CONSENT_OVERRIDE, command), key)


@post("/consents/{key:uuid}/override/lift", status_code=200, sync_to_thread=True)
def lift_override(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Reasoned]) -> Response[Done]:
    """End an override before its time. All that rests on it is taken back."""
    call = call_of(request, house, data)
    reason, by = Sealed(call.new_record(), Reason(data.reason)), call.principal.account
    command = LiftOverride(consent=key, reason=reason, by=by, at=now())
    return done(road.change(house, call, Operation.CONSENT_OVERRIDE, command), key)


def _scope(data: AboutConsent) -> road.Scope:
    return road.Scope(
        child=data.child,
        pseudonym=data.pseudonym,
        purposes=tuple(data.purposes),
        agencies=tuple(data.agencies),
        fields=tuple(data.fields),
    )


def _let_through(house: House, call: Call, operation: Operation, key: UUID) -> None:
    state = house.desk.load(consent.DECIDER, key).state
    house.desk.require(call, operation, relations.of_consent(house.views, key, state))


ROUTES = (
    *(give_consent, refuse_consent, record_not_sought, list_consents, read_consent, read_giver, read_made_under_it),
    *(withdraw_consent, request_override, authorise_override, deny_override, lift_override),
)
