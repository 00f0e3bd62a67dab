"""The CCTV network over HTTP: which cameras are nearest, how long they worked, what is covered, what they can do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app import relations
from app.access.operations import Operation
from app.api.answers import Done, Page, page_of, wanted
from app.api.calls import Asked, House, call_of
from app.api.cameras import camera_key, change
from app.call import now
from domain import camera, position
from domain.camera_network.analytics import DeclareAnalytics
from domain.checks import span, utc, whole
from domain.errors import Invalid
from domain.vocabulary import REGIONS
from projections import cameras
from projections.camera_network import analytics, coverage, places, uptime

Doc = msgspec.Meta
NEAREST_MAX = 200
WINDOW = timedelta(days=30)  # where nobody says another
WINDOW_DAYS_MAX = 3_660


class Declaration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    analytics: Annotated[bool, Doc(examples=[True], description="can recognise cars or persons by itself")]
    from_at: Annotated[datetime, Doc(examples=["2026-11-20T12:40:00+02:00"])]


class NearCamera(msgspec.Struct, frozen=True, kw_only=True):
    camera: UUID
    name: str
    region: str
    community: str
    owner: str
    place: str
    place_kind: str
    latitude: float
    longitude: float
    analytics: bool
    state: str
    metres: float  # along the great circle


class NearCameras(msgspec.Struct, frozen=True, kw_only=True):
    """The nearest first; of two at one distance, the one with the lesser id."""

    items: tuple[NearCamera, ...]


class NetworkUptime(msgspec.Struct, frozen=True, kw_only=True):
    """Of [from_at, to_at): what nobody reported as an outage counts as worked."""

    from_at: datetime
    to_at: datetime
    regions: tuple[uptime.RegionUptime, ...]


class Declarations(msgspec.Struct, frozen=True, kw_only=True):
    items: tuple[analytics.Declaration, ...]


@get("/cameras/nearest", sync_to_thread=True)
def nearest_cameras(
    request: Asked,
    house: House,
    latitude: FromQuery[float],
    longitude: FromQuery[float],
    limit: FromQuery[int] = 20,
) -> NearCameras:
    """The cameras that stand nearest to a point (WGS 84, degrees): none that is decommissioned, or whose place is not
    known.
    """
    call = call_of(request, house)
    house.desk.require(call, Operation.CAMERA_LIST)
    there = position.position(latitude, longitude)
    assert there[0] is not None
    assert there[1] is not None
    whole("limit", limit, least=1, most=NEAREST_MAX)
    with house.views.reading() as views:
        near = places.nearest(views, there[0], there[1], limit=limit)
        known = cameras.cameras_named(views, [each.camera for each in near])
    told = [{**msgspec.structs.asdict(known[each.camera]), "metres": each.metres} for each in near]
    return NearCameras(items=tuple(msgspec.convert(each, NearCamera) for each in told))


@get("/cameras/uptime", sync_to_thread=True)
def list_uptime(
    request: Asked,
    house: House,
    from_at: FromQuery[datetime | None] = None,
    to_at: FromQuery[datetime | None] = None,
    region: FromQuery[str | None] = None,
    community: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[uptime.CameraUptime]:
    """Cameras by region and name, with the share of their time in the window (of the last 30 days, where none is
    given) in which they were not out.
    """
    call = call_of(request, house)
    house.desk.require(call, Operation.CAMERA_LIST)
    window = _window(from_at, to_at)
    only = wanted("region", region, REGIONS)
    with house.views.reading() as views:
        return page_of(uptime.uptime_page(views, *window, region=only, community=community, cursor=cursor, limit=limit))


@get("/network/uptime", sync_to_thread=True)
def network_uptime(
    request: Asked,
    house: House,
    from_at: FromQuery[datetime | None] = None,
    to_at: FromQuery[datetime | None] = None,
) -> NetworkUptime:
    """Regions with the uptime of all their cameras together, in the window or in the last 30 days."""
    call = call_of(request, house)
    house.desk.require(call, Operation.NETWORK_READ)
    since, until = _window(from_at, to_at)
    with house.views.reading() as views:
        return NetworkUptime(from_at=since, to_at=until, regions=uptime.uptime_by_region(views, since, until))


@get("/network/coverage", sync_to_thread=True)
def network_coverage(
    request: Asked,
    house: House,
    region: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[coverage.CommunityCoverage]:
    """Communities with their cameras: how many there are, are out, have analytics, and stand where is known."""
    call = call_of(request, house)
    house.desk.require(call, Operation.NETWORK_READ)
    only = wanted("region", region, REGIONS)
    with house.views.reading() as views:
        return page_of(coverage.coverage_page(views, region=only, cursor=cursor, limit=limit))


@post("/cameras/{name:str}/analytics", status_code=200, sync_to_thread=True)
def declare_analytics(request: Asked, house: House, name: FromPath[str], data: JSONBody[Declaration]) -> Response[Done]:
    """Say that it recognises cars or persons by itself from then on, or does so no more."""
    call = call_of(request, house, data)
    command = DeclareAnalytics(camera=camera_key(name), analytics=data.analytics, from_at=data.from_at, at=now())
    return change(house, call, Operation.CAMERA_DECLARE_ANALYTICS, name, command)


@get("/cameras/{name:str}/analytics", sync_to_thread=True)
def list_declarations(request: Asked, house: House, name: FromPath[str]) -> Declarations:
    """What was said of its analytics, since when."""
    call, key = call_of(request, house), camera_key(name)
    known = relations.camera(name, house.desk.load(camera.DECIDER, key).state)
    house.desk.require(call, Operation.CAMERA_READ, known)
    with house.views.reading() as views:
        return Declarations(items=analytics.declarations_of(views, key))


def _window(from_at: datetime | None, to_at: datetime | None) -> tuple[datetime, datetime]:
    """What did not happen yet is in no window. Raises Invalid."""
    at = now()
    until = at if to_at is None else utc("to_at", to_at)
    since, until = span("from_at", until - WINDOW if from_at is None else from_at, "to_at", until)
    if since >= at:
        raise Invalid("from_at", "is in the future", "give a time that is over")
    if until - since > timedelta(days=WINDOW_DAYS_MAX):
        raise Invalid("from_at", f"is more than {WINDOW_DAYS_MAX} days before to_at", "ask for a shorter time")
    return since, min(until, at)


ROUTES = (
    nearest_cameras,
    list_uptime,
    network_uptime,
    network_coverage,
    declare_analytics,
    list_declarations,
)
