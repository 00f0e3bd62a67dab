"""Officers of a service over HTTP: selected, trained, certified; who is, until when, and in which unit.

The service is juvenile prevention where none is named; who serves in both has a way of their own in each.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app import relations
from app.access.operations import Operation
from app.api.answers import Done, Page, done, page_of, versioned, wanted
from app.api.calls import Asked, House, call_of
from app.api.people import Reasoned
from app.call import Call, now
from app.desk import expect
from app.lists import condition, officer_columns
from domain import account, officer
from domain.checks import existing, one_of, whole
from domain.ids import officer_id
from domain.log import Change
from domain.officer import JUVENILE, PHASES, CertifyOfficer, CompleteTraining, SelectCandidate, WithdrawCertification
from domain.officer_words import SERVICES
from domain.personal import Reason
from domain.sealed import Sealed
from projections import officers

Doc = msgspec.Meta

WITHIN_DAYS_MAX = 366


class NewCandidate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody in service, of the caller's unit, with the role that the service needs."""

    account: Annotated[UUID, Doc(examples=["7c1f6f0e-2b1a-4c53-9a51-3f0a8e2d4b60"])]
    service: Annotated[
        str, Doc(examples=["juvenile-prevention"], description="a code of GET /words: lists.services")
    ] = JUVENILE


class NewTraining(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    course: Annotated[str, Doc(examples=["juvenile-prevention"], description="a code of GET /words: lists.courses")]
    completed_at: Annotated[datetime, Doc(examples=["2026-10-30T17:00:00+02:00"])]


class NewCertification(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    until: Annotated[datetime, Doc(examples=["2028-10-30T17:00:00+02:00"])]


class OfficerAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's way to certification, and every course they completed."""

    officer: officers.ShownOfficer
    trainings: tuple[officers.Training, ...]


@post("/officers", sync_to_thread=True)
def select_candidate(request: Asked, house: House, data: JSONBody[NewCandidate]) -> Response[Done]:
    """Select somebody for a service; they serve in their account's unit."""
    call, key = call_of(request, house, data), data.account

    def decide() -> Sequence[Change]:
        holder = house.desk.load(account.DECIDER, key).state
        house.desk.require(call, Operation.ACCOUNT_READ, relations.account(key, holder))
        unit = existing("account", key, holder).unit
        house.desk.require(call, Operation.OFFICER_SELECT, relations.proposed_officer(key, unit))
        loaded = house.desk.load(officer.DECIDER, officer_id(key, data.service))
        expect(call, loaded)
        roles, guards = house.people.guarded_roles(key)
        command = SelectCandidate(account=key, unit=unit, service=data.service, roles=roles, by=call.principal.account)
        return Change(loaded.stream, loaded.version, officer.DECIDER.decide(loaded.state, command)), *guards

    return done(house.desk.commit(call, Operation.OFFICER_SELECT, decide), key, created=True)


@get("/officers", sync_to_thread=True)
def list_officers(
    request: Asked,
    house: House,
    unit: FromQuery[UUID | None] = None,
    service: FromQuery[str | None] = None,
    officer_state: FromQuery[str | None] = None,
    lapses_within_days: FromQuery[int | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[officers.ShownOfficer]:
    """The officers that the caller may read, the first selected first; `lapses_within_days` shows those whose
    certification is over soon.
    """
    call, at = call_of(request, house), now()
    house.desk.require(call, Operation.OFFICER_LIST)
    only = condition(house, call, Operation.OFFICER_LIST, officer_columns())
    with house.views.reading() as views:
        page = officers.officer_page(
            views,
            at,
            only=only,
            unit=unit,
            service=wanted("service", service, SERVICES),
            state=wanted("officer_state", officer_state, PHASES),
            lapses_before=until(at, "lapses_within_days", lapses_within_days),
            cursor=cursor,
            limit=limit,
        )
    return page_of(page)


@get("/officers/pipeline", sync_to_thread=True)
def read_pipeline(request: Asked, house: House, service: FromQuery[str | None] = None) -> list[officers.UnitPipeline]:
    """How many officers of each unit are selected, trained, certified and lapsed for a service, of those the caller may
    read.
    """
    call = call_of(request, house)
    house.desk.require(call, Operation.OFFICER_LIST)
    only = condition(house, call, Operation.OFFICER_LIST, officer_columns())
    with house.views.reading() as views:
        of = wanted("service", service, SERVICES)
        return list(officers.pipeline(views, now(), service=of, only=only))


@get("/officers/{key:uuid}", sync_to_thread=True)
def read_officer(
    request: Asked, house: House, key: FromPath[UUID], service: FromQuery[str] = JUVENILE
) -> Response[OfficerAnswer]:
    """One officer of a service, by their account."""
    call, of = call_of(request, house), _service(service)
    state = house.desk.load(officer.DECIDER, officer_id(key, of)).state
    house.desk.require(call, Operation.OFFICER_READ, relations.officer(key, state))
    with house.views.reading() as views:
        found = existing("officer", key, officers.officer(views, key, now(), service=of))
        return versioned(
            OfficerAnswer(officer=found, trainings=officers.trainings_of(views, found.officer)), found.version
        )


@post("/officers/{key:uuid}/trainings", status_code=200, sync_to_thread=True)
def record_training(
    request: Asked, house: House, key: FromPath[UUID], data: JSONBody[NewTraining], service: FromQuery[str] = JUVENILE
) -> Response[Done]:
    """Attest that they completed a course."""
    call = call_of(request, house, data)
    command = CompleteTraining(
        account=key, course=data.course, completed_at=data.completed_at, by=call.principal.account, at=now()
    )
    return _change(house, call, Operation.OFFICER_RECORD_TRAINING, command, service)


@post("/officers/{key:uuid}/certify", status_code=200, sync_to_thread=True)
def certify_officer(
    request: Asked,
    house: House,
    key: FromPath[UUID],
    data: JSONBody[NewCertification],
    service: FromQuery[str] = JUVENILE,
) -> Response[Done]:
    """Certify somebody who was trained, or prolong a certification that stands."""
    call, stream = call_of(request, house, data), officer_id(key, _service(service))

    def decide() -> Sequence[Change]:
        loaded = house.desk.load(officer.DECIDER, stream)
        house.desk.require(call, Operation.OFFICER_CERTIFY, relations.officer(key, loaded.state))
        expect(call, loaded)
        roles, guards = house.people.guarded_roles(key)
        command = CertifyOfficer(account=key, until=data.until, roles=roles, by=call.principal.account, at=now())
        return Change(loaded.stream, loaded.version, officer.DECIDER.decide(loaded.state, command)), *guards

    return done(house.desk.commit(call, Operation.OFFICER_CERTIFY, decide), key)


@post("/officers/{key:uuid}/withdraw", status_code=200, sync_to_thread=True)
def withdraw_certification(
    request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Reasoned], service: FromQuery[str] = JUVENILE
) -> Response[Done]:
    """End a certification before its time; the officer's open cases go to a colleague, and a post ends."""
    call = call_of(request, house, data)
    reason = Sealed(officer_id(key, _service(service)), Reason(data.reason))
    command = WithdrawCertification(account=key, reason=reason, by=call.principal.account, at=now())
    return _change(house, call, Operation.OFFICER_WITHDRAW, command, service)


def _change(
    house: House, call: Call, operation: Operation, command: CompleteTraining | WithdrawCertification, service: str
) -> Response[Done]:
    key, stream = command.account, officer_id(command.account, _service(service))
    receipt = house.desk.perform(
        call, operation, officer.DECIDER, stream, command, lambda state: relations.officer(key, state)
    )
    return done(receipt, key)


def _service(named: str) -> str:
    """Raises Invalid."""
    return one_of("service", named, SERVICES)


def until(at: datetime, field: str, days: int | None) -> datetime | None:
    """So many days from now; None where it was not asked for. Raises Invalid."""
    return None if days is None else at + timedelta(days=whole(field, days, least=0, most=WITHIN_DAYS_MAX))


ROUTES = (
    select_candidate,
    list_officers,
    read_pipeline,
    read_officer,
    record_training,
    certify_officer,
    withdraw_certification,
)
