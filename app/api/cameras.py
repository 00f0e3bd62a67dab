"""Cameras over HTTP: the register, outages, and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeVar
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody
from sqlalchemy import Connection

from app import relations
from app.access.operations import Operation
from app.api.answers import Done, Page, done, page_of, versioned, wanted
from app.api.calls import Asked, House, call_of
from app.call import Call, now
from app.camera_days import CameraDays
from app.desk import expect
from app.looking import Looking, looking
from domain import camera
from domain.camera_indexing import ConfigureIndexing, IndexingConfigured
from domain.checks import existing, utc
from domain.errors import Invalid
from domain.ids import camera_id
from domain.log import Change
from domain.vocabulary import REGIONS
from projections import cameras, keeping

Doc = msgspec.Meta
DAY = timedelta(days=1)
Naming = TypeVar("Naming", bound=msgspec.Struct)  # an answer with `cameras` and `camera_names`


class RegisterCamera(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """None in toilets, changing rooms or showers: such a place is refused."""

    name: Annotated[str, Doc(examples=["KYIV-014"], description="the code that people write; taken once")]
    region: Annotated[str, Doc(examples=["UA-30"], description="ISO 3166-2:UA")]
    community: Annotated[str, Doc(examples=["Подільська"])]
    owner: Annotated[str, Doc(examples=["КП «Безпечне місто»"])]
    place: Annotated[str, Doc(examples=["Ліцей № 7, головні ворота"])]
    place_kind: Annotated[str, Doc(examples=["school-gate"])]
    latitude: float | None = None
    longitude: float | None = None
    analytics: Annotated[bool, Doc(description="can recognise cars or persons by itself")] = False
    installed_at: Annotated[datetime, Doc(examples=["2024-09-01T00:00:00+03:00"])]


class Outage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    from_at: Annotated[datetime, Doc(examples=["2026-11-20T12:40:00+02:00"])]


class AtTime(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    at: Annotated[datetime, Doc(examples=["2026-11-20T12:40:00+02:00"])]


class Indexing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is left out stays as it is."""

    frames_per_second: Annotated[float | None, Doc(examples=[2.0], description="looked at")] = None
    heartbeat_seconds: Annotated[int | None, Doc(examples=[10], description="between pictures of a still scene")] = None
    tiles_across: Annotated[int | None, Doc(examples=[3], description="parts of a still scene; 0 for none")] = None
    masked_heads: Annotated[
        str | None, Doc(examples=["upright"], description="faces: those that are found; upright: heads of figures too")
    ] = None
    merge_repeats: Annotated[bool | None, Doc(description="what looks the same again is kept as one interval")] = None
    detect_things: Annotated[
        bool | None, Doc(description="whether the deployment's detector looks for things that stand still")
    ] = None
    defaults: Annotated[bool, Doc(description="first forget what was chosen before")] = False


class OwnRetention(msgspec.Struct, frozen=True, kw_only=True):
    days: int
    effective_at: datetime  # nothing goes by it before
    basis: str
    set_at: datetime


class CameraAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`indexing` is what holds for footage that is indexed from now on; `camera` has what was chosen for it.
    `kept_days`: how long its footage is kept, by its own retention or else the deployment's; null is for good.
    """

    camera: cameras.Camera
    indexing: Looking
    kept_days: int | None
    retention: OwnRetention | None
    outages: tuple[cameras.Outage, ...]


def camera_key(text: str) -> UUID:
    """A camera is named by its id or by its code."""
    try:
        return UUID(text)
    except ValueError:
        return camera_id(text)


def named(views: Connection, page: Page[Naming], of: Callable[[Naming], tuple[UUID, ...]]) -> Page[Naming]:
    """The page with the codes of the cameras that its items name, all asked for at once. A camera that was never
    registered keeps its id.
    """
    names = cameras.camera_names(views, {key for item in page.items for key in of(item)})
    items = [
        msgspec.structs.replace(item, camera_names=tuple(names.get(key, str(key)) for key in of(item)))
        for item in page.items
    ]
    return Page(items, page.next)


def change(house: House, call: Call, operation: Operation, name: str, command: Any) -> Response[Done]:
    """One command to a camera that exists, named as the caller named it."""
    key: UUID = command.camera
    receipt = house.desk.perform(
        call, operation, camera.DECIDER, key, command, lambda state: relations.camera(name, state)
    )
    return done(receipt, key)


@post("/cameras", sync_to_thread=True)
def register_camera(request: Asked, house: House, data: JSONBody[RegisterCamera]) -> Response[Done]:
    """Register a camera. Its name is its identity: registered twice, it is refused."""
    call = call_of(request, house, data)
    key = camera_id(data.name)
    command = camera.RegisterCamera(**msgspec.structs.asdict(data), at=now())
    receipt = house.desk.perform(
        call, Operation.CAMERA_REGISTER, camera.DECIDER, key, command, lambda _: relations.SYSTEM
    )
    return done(receipt, key, created=True)


@get("/cameras", sync_to_thread=True)
def list_cameras(
    request: Asked,
    house: House,
    region: FromQuery[str | None] = None,
    community: FromQuery[str | None] = None,
    camera_state: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[cameras.Camera]:
    """Cameras by region and name."""
    call = call_of(request, house)
    house.desk.require(call, Operation.CAMERA_LIST)
    with house.views.reading() as views:
        return page_of(
            cameras.camera_page(
                views,
                region=wanted("region", region, REGIONS),
                community=community,
                state=wanted("camera_state", camera_state, cameras.STATES),
                cursor=cursor,
                limit=limit,
            )
        )


@get("/cameras/{name:str}", sync_to_thread=True)
def read_camera(request: Asked, house: House, name: FromPath[str]) -> Response[CameraAnswer]:
    """One camera, by id or code, with its outages and how long its footage is kept."""
    call = call_of(request, house)
    key = camera_key(name)
    house.desk.require(call, Operation.CAMERA_READ, relations.camera(name, house.desk.load(camera.DECIDER, key).state))
    with house.views.reading() as views:
        found = existing("camera", name, cameras.camera(views, key))
        chosen = {name: getattr(found, name) for name in IndexingConfigured.__struct_fields__}
        own = keeping.retention_of(views, key)
        answer = CameraAnswer(
            camera=found,
            indexing=looking(house.deployment.settings, IndexingConfigured(**chosen)),
            kept_days=own.days if own else house.deployment.settings.retention_days,
            retention=None if own is None else msgspec.convert(own, OwnRetention, from_attributes=True),
            outages=cameras.outages_of(views, [key]),
        )
        return versioned(answer, found.version)


@post("/cameras/{name:str}/outages", status_code=200, sync_to_thread=True)
def report_outage(request: Asked, house: House, name: FromPath[str], data: JSONBody[Outage]) -> Response[Done]:
    """Report that it stopped: searches will say so."""
    call = call_of(request, house, data)
    command = camera.ReportOutage(camera=camera_key(name), from_at=data.from_at, at=now())
    return change(house, call, Operation.CAMERA_REPORT_OUTAGE, name, command)


@post("/cameras/{name:str}/restore", status_code=200, sync_to_thread=True)
def restore_camera(request: Asked, house: House, name: FromPath[str], data: JSONBody[AtTime]) -> Response[Done]:
    """End the outage."""
    call = call_of(request, house, data)
    command = camera.RestoreCamera(camera=camera_key(name), restored_at=data.at, at=now())
    return change(house, call, Operation.CAMERA_RESTORE, name, command)


@post("/cameras/{name:str}/decommission", status_code=200, sync_to_thread=True)
def decommission_camera(request: Asked, house: House, name: FromPath[str], data: JSONBody[AtTime]) -> Response[Done]:
    """It records no more. What it recorded stays."""
    call = call_of(request, house, data)
    key, at = camera_key(name), utc("decommissioned_at", data.at)
    command = camera.DecommissionCamera(camera=key, decommissioned_at=at, at=now())

    def decide() -> Sequence[Change]:
        loaded = house.desk.load(camera.DECIDER, key)
        house.desk.require(call, Operation.CAMERA_DECOMMISSION, relations.camera(name, loaded.state))
        expect(call, loaded)
        days = CameraDays.between(house.log, key, at, now() + DAY)
        decided = camera.DECIDER.decide(loaded.state, msgspec.structs.replace(command, taken=days.taken))
        return Change(key, loaded.version, decided), *days.changes()

    return done(house.desk.commit(call, Operation.CAMERA_DECOMMISSION, decide), key)


@post("/cameras/{name:str}/indexing", status_code=200, sync_to_thread=True)
def configure_indexing(request: Asked, house: House, name: FromPath[str], data: JSONBody[Indexing]) -> Response[Done]:
    """How its footage is looked at from now on. What is indexed stays as it is until it is indexed anew."""
    call = call_of(request, house, data)
    command = ConfigureIndexing(camera=camera_key(name), **msgspec.structs.asdict(data))
    if data.detect_things and house.deployment.settings.detector is None:
        known = relations.camera(name, house.desk.load(camera.DECIDER, command.camera).state)
        house.desk.require(call, Operation.CAMERA_CONFIGURE, known)
        raise Invalid("detect_things", "this deployment has no detector", "name one in its oberih.json")
    return change(house, call, Operation.CAMERA_CONFIGURE, name, command)


ROUTES = (
    *(register_camera, list_cameras, read_camera, report_outage, restore_camera, decommission_camera),
    configure_indexing,
)
