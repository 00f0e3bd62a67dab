"""What an incident is linked to over HTTP, and links that are taken back: children, cameras, prevention cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app import relations
from app.access.operations import Operation
from app.api.answers import Done, Page, done, page_of, versioned
from app.api.calls import Asked, House, call_of
from app.api.cameras import camera_key
from app.api.incidents import change
from app.call import Call
from app.desk import Loaded, expect
from app.lists import condition, incident_columns
from domain import camera, incident, involvement, prevention_case
from domain.ids import involvement_id
from domain.involvement import decide_link_to
from domain.log import Change
from domain.personal import Reason
from domain.sealed import Sealed
from projections import losses
from projections.involvement import InvolvedCase, cases_of

Doc = msgspec.Meta


class UnlinkChild(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    role: Annotated[str, Doc(examples=["offender"], description="the role in which it was linked by mistake")]
    reason: Annotated[str, Doc(examples=["Переплутано з однокласником"])]


class LinkCamera(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    camera: Annotated[str, Doc(examples=["KYIV-014"], description="id or code")]


class LinkCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    case: Annotated[UUID, Doc(examples=["7c1f6f0e-2b1a-4c53-9a51-3f0a8e2d4b60"])]


@post("/incidents/{key:uuid}/children/{child:uuid}/unlink", status_code=200, sync_to_thread=True)
def unlink_child(
    request: Asked, house: House, key: FromPath[UUID], child: FromPath[UUID], data: JSONBody[UnlinkChild]
) -> Response[Done]:
    """Take back that a child had this role in it; that it was said stays on record."""
    call = call_of(request, house, data)
    reason = Sealed(call.new_record(), Reason(data.reason))
    command = incident.UnlinkChild(incident=key, child=child, role=data.role, reason=reason)
    return change(house, call, Operation.INCIDENT_UNLINK_CHILD, command)


@post("/incidents/{key:uuid}/cameras", status_code=200, sync_to_thread=True)
def link_camera(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[LinkCamera]) -> Response[Done]:
    """Link a camera that may have seen something, whether or not there is footage of it."""
    call, seen_by = call_of(request, house, data), camera_key(data.camera)
    command = incident.LinkCamera(incident=key, camera=seen_by)

    def decide() -> Sequence[Change]:
        loaded = house.desk.load(incident.DECIDER, key)
        house.desk.require(call, Operation.INCIDENT_LINK_CAMERA, relations.incident(key, loaded.state))
        expect(call, loaded)
        state = house.desk.load(camera.DECIDER, seen_by).state
        house.desk.require(call, Operation.CAMERA_READ, relations.camera(data.camera, state))
        return (Change(key, loaded.version, incident.DECIDER.decide(loaded.state, command)),)

    return done(house.desk.commit(call, Operation.INCIDENT_LINK_CAMERA, decide), key)


@post("/incidents/{key:uuid}/cameras/{name:str}/unlink", status_code=200, sync_to_thread=True)
def unlink_camera(request: Asked, house: House, key: FromPath[UUID], name: FromPath[str]) -> Response[Done]:
    """Take back that a camera may have seen something."""
    call = call_of(request, house)
    command = incident.UnlinkCamera(incident=key, camera=camera_key(name))
    return change(house, call, Operation.INCIDENT_LINK_CAMERA, command)


@post("/incidents/{key:uuid}/cases", status_code=200, sync_to_thread=True)
def link_case(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[LinkCase]) -> Response[Done]:
    """Say that the incident has to do with a prevention case, of which the caller may know."""
    call = call_of(request, house, data)

    def decide() -> Sequence[Change]:
        of, linked = _involved(house, call, Operation.INCIDENT_LINK_CASE, key)
        expect(call, linked)
        case = house.desk.load(prevention_case.DECIDER, data.case).state
        house.desk.require(call, Operation.CASE_SEE, relations.prevention_case(data.case, case))
        events = decide_link_to(linked.state, of.state, involvement.LinkCase(incident=key, case=data.case))
        # The incident is named unchanged: whoever voids it meanwhile makes this decide anew.
        return Change(linked.stream, linked.version, events), Change(key, of.version, ())

    return done(house.desk.commit(call, Operation.INCIDENT_LINK_CASE, decide), key)


@post("/incidents/{key:uuid}/cases/{case:uuid}/unlink", status_code=200, sync_to_thread=True)
def unlink_case(request: Asked, house: House, key: FromPath[UUID], case: FromPath[UUID]) -> Response[Done]:
    """Take back that it has to do with the case."""
    call = call_of(request, house)
    command = involvement.UnlinkCase(incident=key, case=case)

    def decide() -> Sequence[Change]:
        _, linked = _involved(house, call, Operation.INCIDENT_LINK_CASE, key)
        expect(call, linked)
        return (Change(linked.stream, linked.version, involvement.DECIDER.decide(linked.state, command)),)

    return done(house.desk.commit(call, Operation.INCIDENT_LINK_CASE, decide), key)


@get("/incidents/{key:uuid}/cases", sync_to_thread=True)
def cases_of_incident(request: Asked, house: House, key: FromPath[UUID]) -> Response[Page[InvolvedCase]]:
    """The prevention cases that it has to do with, of those that the caller may know of."""
    call = call_of(request, house)
    _, linked = _involved(house, call, Operation.INCIDENT_READ_CASES, key)
    house.disclosures.consult(call, Operation.INCIDENT_READ_CASES, key)
    with house.views.reading() as views:
        found = cases_of(views, key)
    known = [each for each in found if _may_know(house, call, each.case)]
    return versioned(Page(known), linked.version)


def _involved(
    house: House, call: Call, operation: Operation, key: UUID
) -> tuple[Loaded[incident.Incident], Loaded[involvement.Involvement]]:
    of = house.desk.load(incident.DECIDER, key)
    house.desk.require(call, operation, relations.incident(key, of.state))
    return of, house.desk.load(involvement.DECIDER, involvement_id(key))


def _may_know(house: House, call: Call, case: UUID) -> bool:
    state = house.desk.load(prevention_case.DECIDER, case).state
    return house.desk.allows(call, Operation.CASE_SEE, relations.prevention_case(case, state))


@get("/incidents/{key:uuid}/losses", sync_to_thread=True)
def losses_of_incident(
    request: Asked, house: House, key: FromPath[UUID], cursor: FromQuery[str | None] = None, limit: FromQuery[int] = 50
) -> Page[losses.Loss]:
    """Footage of what is held for this incident that was gone before it was held."""
    call = call_of(request, house)
    state = house.desk.load(incident.DECIDER, key).state
    house.desk.require(call, Operation.INCIDENT_READ, relations.incident(key, state))
    with house.views.reading() as views:
        return page_of(losses.loss_page(views, incident=key, cursor=cursor, limit=limit))


@get("/losses", sync_to_thread=True)
def list_losses(
    request: Asked, house: House, cursor: FromQuery[str | None] = None, limit: FromQuery[int] = 50
) -> Page[losses.Loss]:
    """What no hold could prevent, in the incidents that the caller may read: those of the latest hold first."""
    call = call_of(request, house)
    house.desk.require(call, Operation.INCIDENT_LIST)
    only = condition(house, call, Operation.INCIDENT_LIST, incident_columns())
    with house.views.reading() as views:
        return page_of(losses.loss_page(views, only=only, cursor=cursor, limit=limit))


ROUTES = (
    *(unlink_child, link_camera, unlink_camera, link_case, unlink_case, cases_of_incident),
    *(losses_of_incident, list_losses),
)
