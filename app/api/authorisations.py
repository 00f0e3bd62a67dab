"""Authorisations over HTTP: requested by one person, approved by another of another unit, used up or ended."""

from __future__ import annotations

from collections.abc import Sequence
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
from app.api.cameras import camera_key, named
from app.call import Call, now
from app.desk import Loaded, expect
from app.lists import authorisation_columns, condition
from domain import authorisation, camera, incident
from domain.authorisation_events import AuthorisationRequested
from domain.authorisation_ground import decide_request_for
from domain.authorisation_state import PHASES
from domain.checks import existing
from domain.log import Change
from domain.personal import Reason
from domain.sealed import Sealed
from projections import authorisation_queries

Doc = msgspec.Meta


class RequestAuthorisation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Exactly one of `incident` and `case` is named; the incident stands. Cameras by id or code."""

    legal_basis: Annotated[str, Doc(examples=["investigator-ruling"])]
    reference: Annotated[str, Doc(examples=["760/1234/26"], description="number of the document")]
    incident: UUID | None = None
    case: Annotated[
        str | None, Doc(examples=["12026100070001234"], description="its number, as in 12026100070001234")
    ] = None
    cameras: Annotated[list[str], Doc(examples=[["KYIV-014", "KYIV-015"]])]
    window_from: Annotated[datetime, Doc(examples=["2026-11-20T12:00:00+02:00"])]
    window_to: Annotated[datetime, Doc(examples=["2026-11-20T14:00:00+02:00"])]
    quota: Annotated[int, Doc(examples=[20], description="searches")]
    purpose: Annotated[str, Doc(examples=["Встановити, куди пішли підлітки з рюкзаком"])]
    valid_hours: Annotated[int, Doc(examples=[72], description="from its approval")]
    child_image: Annotated[
        bool,
        Doc(description="a picture of the child may be the query: for the incident of a missing child, within hours"),
    ] = False


class Reasoned(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Annotated[str, Doc(examples=["Вікно ширше, ніж потрібно для розшуку"])]


class AuthorisationAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What may be searched under it. Its purpose is sealed, and opened by GET …/purpose."""

    authorisation: UUID
    state: str
    requester: UUID
    requester_username: str | None
    requester_unit: UUID
    requester_unit_name: str | None
    legal_basis: str
    reference: str
    incident: UUID | None
    case_id: UUID | None  # of a request from before cases had numbers
    case_number: str | None
    cameras: tuple[UUID, ...]
    camera_names: tuple[str, ...] = ()
    window_from: datetime
    window_to: datetime
    quota: int
    used: int  # searches drawn from the quota
    valid_hours: int
    child_image: bool  # a picture of the missing child may be the query
    requested_at: datetime
    approver: UUID | None
    approver_username: str | None
    approver_unit: UUID | None
    approver_unit_name: str | None
    expires_at: datetime | None
    version: int


class PurposeAnswer(msgspec.Struct, frozen=True):
    text: str | None  # null once it was erased


@post("/authorisations", sync_to_thread=True)
def request_authorisation(request: Asked, house: House, data: JSONBody[RequestAuthorisation]) -> Response[Done]:
    """Ask for the authority to search. Somebody of another unit decides."""
    call = call_of(request, house, data)
    key, principal = call.new_key(), call.principal
    command = authorisation.RequestAuthorisation(
        authorisation=key,
        requester=principal.account,
        requester_unit=principal.unit,
        legal_basis=data.legal_basis,
        reference=data.reference,
        incident=data.incident,
        case_number=data.case,
        cameras=tuple(camera_key(name) for name in data.cameras),
        window_from=data.window_from,
        window_to=data.window_to,
        quota=data.quota,
        purpose=Sealed(key, Reason(data.purpose)),
        valid_hours=data.valid_hours,
        child_image=data.child_image,
        child_image_hours_max=house.deployment.settings.child_image_hours_max,
        at=now(),
    )
    proposed = relations.proposed_authorisation(key, principal.account, principal.unit)

    def decide() -> Sequence[Change]:
        house.desk.require(call, Operation.AUTHORISATION_REQUEST, proposed)
        ground = _ground(house, call, data)
        loaded = house.desk.load(authorisation.DECIDER, key)
        expect(call, loaded)
        decided = decide_request_for(loaded.state, None if ground is None else ground.state, command)
        # The incident is named unchanged: whoever voids it meanwhile makes this decide anew.
        of_incident = () if ground is None else (Change(ground.stream, ground.version, ()),)
        return Change(key, loaded.version, decided), *of_incident

    return done(house.desk.commit(call, Operation.AUTHORISATION_REQUEST, decide), key, created=True)


def _ground(house: House, call: Call, data: JSONBody[RequestAuthorisation]) -> Loaded[incident.Incident] | None:
    """The incident that is named, where one is. It and the cameras must be such as the caller may read."""
    for name in data.cameras:
        state = house.desk.load(camera.DECIDER, camera_key(name)).state
        house.desk.require(call, Operation.CAMERA_READ, relations.camera(name, state))
    if data.incident is None:
        return None
    loaded = house.desk.load(incident.DECIDER, data.incident)
    house.desk.require(call, Operation.INCIDENT_READ, relations.incident(data.incident, loaded.state))
    return loaded


@get("/authorisations", sync_to_thread=True)
def list_authorisations(
    request: Asked,
    house: House,
    authorisation_state: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[AuthorisationAnswer]:
    """The authorisations that the caller may read, the latest first."""
    call = call_of(request, house)
    house.desk.require(call, Operation.AUTHORISATION_LIST)
    at = now()
    only = condition(house, call, Operation.AUTHORISATION_LIST, authorisation_columns(at))
    with house.views.reading() as views:
        page = authorisation_queries.authorisation_page(
            views,
            at,
            only=only,
            state=wanted("authorisation_state", authorisation_state, PHASES),
            cursor=cursor,
            limit=limit,
        )
        return named(views, page_of(page, AuthorisationAnswer), lambda each: each.cameras)


@get("/authorisations/{key:uuid}", sync_to_thread=True)
def read_authorisation(request: Asked, house: House, key: FromPath[UUID]) -> Response[AuthorisationAnswer]:
    """One authorisation, and how much of its quota is used."""
    call = call_of(request, house)
    _require(house, call, Operation.AUTHORISATION_READ, key)
    with house.views.reading() as views:
        found = existing("authorisation", key, authorisation_queries.authorisation(views, key, now()))
        page = Page([msgspec.convert(found, AuthorisationAnswer, from_attributes=True)])
        (answer,) = named(views, page, lambda each: each.cameras).items
    return versioned(answer, found.version)


@get("/authorisations/{key:uuid}/purpose", sync_to_thread=True)
def read_purpose(request: Asked, house: House, key: FromPath[UUID]) -> PurposeAnswer:
    """What it is for, in the requester's words. Opening it goes on record before it is answered."""
    call = call_of(request, house)
    operation = Operation.AUTHORISATION_READ_PURPOSE
    _require(house, call, operation, key)
    requested = house.log.events(key, until_version=1)[0]
    assert isinstance(requested, AuthorisationRequested)
    purpose = house.disclosures.open(call, operation, key, requested.purpose, Reason)
    return PurposeAnswer(None if purpose is None else purpose.text)


def _require(house: House, call: Call, operation: Operation, key: UUID) -> None:
    state = house.desk.load(authorisation.DECIDER, key).state
    house.desk.require(call, operation, relations.authorisation(key, state))


@post("/authorisations/{key:uuid}/withdraw", status_code=200, sync_to_thread=True)
def withdraw_authorisation(
    request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Reasoned]
) -> Response[Done]:
    """Take back one's own request before anybody decided on it, with a reason."""
    call = call_of(request, house, data)
    command = authorisation.WithdrawAuthorisation(
        authorisation=key, by=call.principal.account, reason=Sealed(call.new_record(), Reason(data.reason))
    )
    return _end(house, call, Operation.AUTHORISATION_WITHDRAW, key, command)


@post("/authorisations/{key:uuid}/approve", status_code=200, sync_to_thread=True)
def approve_authorisation(request: Asked, house: House, key: FromPath[UUID]) -> Response[Done]:
    """Approve it, as a supervisor of another unit. An attempt at one's own is refused, and on record."""
    call = call_of(request, house)
    return done(house.approvals.approve(call, key), key)


@post("/authorisations/{key:uuid}/refuse", status_code=200, sync_to_thread=True)
def refuse_authorisation(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Reasoned]) -> Response[Done]:
    """Refuse it, with a reason."""
    call = call_of(request, house, data)
    command = authorisation.RefuseAuthorisation(
        authorisation=key, by=call.principal.account, reason=Sealed(call.new_record(), Reason(data.reason))
    )
    return _end(house, call, Operation.AUTHORISATION_REFUSE, key, command)


@post("/authorisations/{key:uuid}/revoke", status_code=200, sync_to_thread=True)
def revoke_authorisation(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Reasoned]) -> Response[Done]:
    """End it before its time, with a reason."""
    call = call_of(request, house, data)
    command = authorisation.RevokeAuthorisation(
        authorisation=key, by=call.principal.account, reason=Sealed(call.new_record(), Reason(data.reason))
    )
    return _end(house, call, Operation.AUTHORISATION_REVOKE, key, command)


def _end(
    house: House, call: Call, operation: Operation, key: UUID, command: authorisation.AuthorisationCommand
) -> Response[Done]:
    receipt = house.desk.perform(
        call, operation, authorisation.DECIDER, key, command, lambda state: relations.authorisation(key, state)
    )
    return done(receipt, key)


ROUTES = (
    request_authorisation,
    list_authorisations,
    read_authorisation,
    read_purpose,
    withdraw_authorisation,
    approve_authorisation,
    refuse_authorisation,
    revoke_authorisation,
)
