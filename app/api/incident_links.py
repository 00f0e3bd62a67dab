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
from app.api.answers import Done, Page, done, page_of
from app.api.calls import Asked, House, call_of
from app.api.cameras import camera_key
from app.api.incidents import change
from app.desk import expect
from app.lists import condition, incident_columns
from domain import camera, incident
from domain.log import Change
from domain.personal import Reason
from domain.sealed import Sealed
from projections import losses

Doc = msgspec.Meta


class UnlinkChild(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    role: Annotated[str, Doc(examples=["offender"], description="the role in which it was linked by mistake")]
    reason: Annotated[str, Doc(examples=["Переплутано з однокласником"])]


class LinkCamera(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    camera: Annotated[str, Doc(examples=["KYIV-014"], description="id or code")]


@post("/incidents/{key:uuid}/children/{child:uuid}/unlink", status_code=200, sync_to_thread=True)
def unlink_child(
    request: Asked, house: House, key: FromPath[UUID], child: FromPath[UUID], data: JSONBody[UnlinkChild]
) -> Response[Done]:
    """Take back that a child had this role in it; that it was said stays on record."""
    call = call_of(request, house, data)
    command = incident.UnlinkChild(incident=key, child=child, role=data.role, reason=Sealed(key, Reason(data.reason)))
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

    return done(house.desk.commit(call, decide), key)


@post("/incidents/{key:uuid}/cameras/{name:str}/unlink", status_code=200, sync_to_thread=True)
def unlink_camera(request: Asked, house: House, key: FromPath[UUID], name: FromPath[str]) -> Response[Done]:
    """Take back that a camera may have seen something."""
    call = call_of(request, house)
    command = incident.UnlinkCamera(incident=key, camera=camera_key(name))
    return change(house, call, Operation.INCIDENT_LINK_CAMERA, command)


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


ROUTES = (unlink_child, link_camera, unlink_camera, losses_of_incident, list_losses)
