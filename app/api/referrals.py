"""Referrals over HTTP: sent to an agency, answered by it, ended by either side; what is shared is opened on record."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app import referrals as road
from app.access import resources
from app.access.operations import Operation
from app.api.answers import Done, Page, done, versioned, wanted
from app.api.calls import Asked, House, call_of
from app.api.case_narratives import PARTS, Written
from app.api.case_narratives import opened as words_opened
from app.api.referral_bodies import (
    Completion,
    Decline,
    Delivered,
    NewReferral,
    ReferralAnswer,
    ReferralContent,
    ReferralLine,
    ReferralSummary,
    Revocation,
    SharedAnswer,
)
from app.call import now
from app.lists import of_referrals
from domain.checks import existing
from domain.personal import Narrative, Reason
from domain.sealed import Sealed
from domain.sharing import referral, referral_words, words
from domain.sharing.referral_events import ReferralSent
from projections.sharing import referrals


@post("/referrals", sync_to_thread=True)
def send_referral(request: Asked, house: House, data: JSONBody[NewReferral]) -> Response[Done]:
    """Ask an agency for help, and share with it what the agreement and the consent allow."""
    call = call_of(request, house, data)
    new = road.NewReferral(
        case=data.case,
        agency=data.agency,
        service=data.service,
        purpose=data.purpose,
        fields=tuple(data.fields),
        agreement=data.agreement,
        consent=data.consent,
        help_needed=data.help_needed,
    )
    receipt, key = road.send(house, call, new)
    return done(receipt, key, created=True)


@get("/referrals", sync_to_thread=True)
def list_referrals(
    request: Asked,
    house: House,
    referral_state: FromQuery[str | None] = None,
    service: FromQuery[str | None] = None,
    purpose: FromQuery[str | None] = None,
    agency: FromQuery[UUID | None] = None,
    case: FromQuery[UUID | None] = None,
    child: FromQuery[UUID | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[ReferralLine]:
    """The referrals that the caller may see, the last sent first: those of their cases, or those to their agency, of
    whom it is told one by one, on record. `case` and `child` find only those that the caller may
    read, and none of these.
    """
    call = call_of(request, house)
    house.desk.require(call, Operation.REFERRAL_LIST)
    narrowed: dict[str, object | None] = {
        "state": wanted("referral_state", referral_state, referral.PHASES),
        "service": wanted("service", service, referral_words.SERVICE_KINDS),
        "purpose": wanted("purpose", purpose, words.SHARING_PURPOSES),
        "agency": agency,
        "case": case,
    }
    with house.views.reading() as views:
        page = referrals.referral_page(
            views,
            only=of_referrals(house, call, inside=(case, child) != (None, None)),
            child=child,
            narrowed={name: value for name, value in narrowed.items() if value is not None},
            cursor=cursor,
            limit=limit,
        )
    readable = house.desk.gate.visible(call.principal, Operation.REFERRAL_READ, [_resource(row) for row in page.items])
    keys = {each.key for each in readable}
    told = [_line(row, readable=row.referral in keys and row.agency_unit != call.principal.unit) for row in page.items]
    return Page(told, page.next_cursor)


@get("/referrals/{key:uuid}", sync_to_thread=True)
def read_referral(request: Asked, house: House, key: FromPath[UUID]) -> Response[ReferralAnswer]:
    """One referral, as far as the caller may read it. That it was read, by anybody but who sent it, goes on record
    before it is answered.
    """
    call = call_of(request, house)
    state = road.known(house, call, Operation.REFERRAL_SEE, key)
    readable = house.desk.allows(call, Operation.REFERRAL_READ, road.resource(house.desk, key, state))
    readable = readable and road.is_still_shared(house, call, state)
    house.disclosures.consult(call, Operation.REFERRAL_READ if readable else Operation.REFERRAL_SEE, key)
    with house.views.reading() as views:
        row = existing(referral.KIND, key, referrals.referral(views, key))
        deliveries = referrals.delivered(views, key) if readable else None
    line = _line(row, readable=readable)
    return versioned(ReferralAnswer(summary=line.summary, content=line.content, deliveries=deliveries), row.version)


@get("/referrals/{key:uuid}/shared", sync_to_thread=True)
def read_shared(request: Asked, house: House, key: FromPath[UUID]) -> SharedAnswer:
    """What is shared about the child. Opening it goes on record, with what for, before it is answered."""
    call = call_of(request, house)
    recorded = next(iter(house.log.stream(key, until_version=1)), None)
    sent, shared = road.opened(house, call, key)
    assert recorded is not None
    return SharedAnswer(fields=sent.fields, sent_at=recorded.meta.recorded_at, shared=shared)


@get("/referrals/{key:uuid}/words", sync_to_thread=True)
def read_referral_words(request: Asked, house: House, key: FromPath[UUID]) -> Page[Written]:
    """What was written of it: what was done, and why it was declined or revoked. Opening it goes on record first."""
    call = call_of(request, house)
    state = road.known(house, call, Operation.REFERRAL_READ_WORDS, key)
    road.require_open(house, call, state)
    found = [
        (recorded, part, sealed)
        for recorded in house.log.stream(key)
        if not isinstance(recorded.event, ReferralSent)
        for part in PARTS
        if isinstance(sealed := getattr(recorded.event, part, None), Sealed)
    ]
    return Page(words_opened(house, call, Operation.REFERRAL_READ_WORDS, key, found))


@post("/referrals/{key:uuid}/accept", status_code=200, sync_to_thread=True)
def accept_referral(request: Asked, house: House, key: FromPath[UUID]) -> Response[Done]:
    """Take it on, for the agency: from now on its people read whom it is about."""
    return done(road.accept(house, call_of(request, house), key), key)


@post("/referrals/{key:uuid}/decline", status_code=200, sync_to_thread=True)
def decline_referral(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Decline]) -> Response[Done]:
    """Not take it on, and say why."""
    call = call_of(request, house, data)
    command = referral.DeclineReferral(
        referral=key,
        cause=data.cause,
        reason=Sealed(call.new_record(), Reason(data.reason)),
        by=call.principal.account,
    )
    making = road.writing(house, key, command)
    return done(road.work(house, call, Operation.REFERRAL_DECLINE, key, making), key)


@post("/referrals/{key:uuid}/deliveries", status_code=200, sync_to_thread=True)
def deliver_service(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Delivered]) -> Response[Done]:
    """Put on record what the agency did; more may follow."""
    call = call_of(request, house, data)
    command = referral.DeliverService(
        referral=key,
        service=data.service,
        delivered_at=data.delivered_at,
        narrative=Sealed(call.new_record(), Narrative(data.narrative)),
        by=call.principal.account,
        at=now(),
    )
    making = road.writing(house, key, command)
    return done(road.work(house, call, Operation.REFERRAL_DELIVER, key, making), key)


@post("/referrals/{key:uuid}/complete", status_code=200, sync_to_thread=True)
def complete_referral(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Completion]) -> Response[Done]:
    """Say that it is done, and what came of it. The agency opens nothing of it any more."""
    call = call_of(request, house, data)
    command = referral.CompleteReferral(referral=key, outcome=data.outcome, by=call.principal.account)
    return done(road.work(house, call, Operation.REFERRAL_COMPLETE, key, lambda _: (command, ())), key)


@post("/referrals/{key:uuid}/revoke", status_code=200, sync_to_thread=True)
def revoke_referral(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Revocation]) -> Response[Done]:
    """Take it back. From now on the agency opens nothing of it."""
    call = call_of(request, house, data)
    command = referral.RevokeReferral(
        referral=key,
        cause=data.cause,
        by=call.principal.account,
        reason=Sealed(call.new_record(), Reason(data.reason)),
    )
    return done(road.work(house, call, Operation.REFERRAL_REVOKE, key, lambda _: (command, ())), key)


def _resource(row: referrals.ShownReferral) -> resources.Referral:
    return resources.Referral(
        key=row.referral, unit=row.unit, officer=row.officer, agency_unit=row.agency_unit, state=row.state
    )


def _line(row: referrals.ShownReferral, *, readable: bool) -> ReferralLine:
    return ReferralLine(
        summary=msgspec.convert(row, ReferralSummary, from_attributes=True),
        content=msgspec.convert(row, ReferralContent, from_attributes=True) if readable else None,
    )


ROUTES = (
    send_referral,
    list_referrals,
    read_referral,
    read_shared,
    read_referral_words,
    accept_referral,
    decline_referral,
    deliver_service,
    complete_referral,
    revoke_referral,
)
