"""A camera of the CCTV network: where it looks, when it was out, and which footage of it was received.

No camera watches toilets or changing rooms. Region and owner are always known. How long its footage is kept:
`domain/keeping.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain
from typing import TypeAlias
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain import camera_indexing, checks, vocabulary
from domain.camera_day import TimeTaken
from domain.camera_indexing import ConfigureIndexing, IndexingConfigured
from domain.camera_network.analytics import Analytics, AnalyticsDeclared, DeclareAnalytics, declared
from domain.decider import Decider
from domain.errors import AlreadyExists, Invalid, PlaceForbidden, WrongState
from domain.event import Event
from domain.footage_refusals import OutsideCameraLife
from domain.kyiv_time import shown
from domain.position import position

NAME = re.compile(r"[A-Z0-9][A-Z0-9-]{1,31}")
OVERLAP_SECONDS_MAX = 2.0  # a recorder may begin a file before it has ended the last one
BLOCK_FOOTAGE_MAX = 128


class CameraRegistered(Event, frozen=True, kw_only=True):
    TOPIC = "camera.registered"

    name: str  # the code that people write, e.g. "KYIV-014"
    region: str  # vocabulary.REGIONS
    community: str
    owner: str  # the body that runs it
    place: str
    place_kind: str  # vocabulary.PLACE_KINDS
    latitude: float | None = None  # WGS 84, degrees
    longitude: float | None = None
    analytics: bool  # it has video analytics of its own
    installed_at: datetime


class OutageReported(Event, frozen=True, kw_only=True):
    TOPIC = "camera.outage-reported"

    from_at: datetime


class CameraRestored(Event, frozen=True, kw_only=True):
    TOPIC = "camera.restored"

    at: datetime


class CameraDecommissioned(Event, frozen=True, kw_only=True):
    TOPIC = "camera.decommissioned"

    at: datetime


class FootageReceived(Event, frozen=True, kw_only=True):
    """The camera's time [from_at, to_at), to within ± `uncertainty_seconds`, is taken by this footage.

    Of before the days of a camera had streams of their own (`domain/camera_day.py`): nothing records it any more.
    """

    TOPIC = "camera.footage-received"

    footage_sha256: str
    from_at: datetime
    to_at: datetime
    uncertainty_seconds: float


class FootageReleased(Event, frozen=True, kw_only=True):
    """The footage turned out unusable: its time is free for a better copy."""

    TOPIC = "camera.footage-released"

    footage_sha256: str


class RegisterCamera(msgspec.Struct, frozen=True, kw_only=True):
    """Its stream is `ids.camera_id(name)`: a name is taken once, for ever."""

    name: str
    region: str
    community: str
    owner: str
    place: str
    place_kind: str
    latitude: float | None = None
    longitude: float | None = None
    analytics: bool = False
    installed_at: datetime
    at: datetime


class ReportOutage(msgspec.Struct, frozen=True, kw_only=True):
    camera: UUID
    from_at: datetime
    at: datetime


class RestoreCamera(msgspec.Struct, frozen=True, kw_only=True):
    camera: UUID
    restored_at: datetime
    at: datetime


class DecommissionCamera(msgspec.Struct, frozen=True, kw_only=True):
    camera: UUID
    decommissioned_at: datetime
    at: datetime
    taken: tuple[TimeTaken, ...] = ()  # what the days from then on hold


CameraCommand: TypeAlias = (
    RegisterCamera | ReportOutage | RestoreCamera | DecommissionCamera | ConfigureIndexing | DeclareAnalytics
)


class Camera(msgspec.Struct, frozen=True):
    name: str
    region: str
    place_kind: str
    installed_at: datetime
    out_since: datetime | None = None
    restored_at: datetime | None = None  # the end of the last outage
    decommissioned_at: datetime | None = None
    received_in_blocks: tuple[tuple[FootageReceived, ...], ...] = ((),)  # see `evolve_received`
    indexing: IndexingConfigured = IndexingConfigured()
    analytics: Analytics = Analytics()

    @property
    def received(self) -> Iterator[FootageReceived]:
        return chain.from_iterable(self.received_in_blocks)


def decide_register(state: Camera | None, command: RegisterCamera) -> tuple[Event, ...]:
    name = checks.pattern(
        "name", command.name, NAME, "use 2 to 32 capital Latin letters, digits and dashes, such as KYIV-014"
    )
    if state is not None:
        raise AlreadyExists("camera", name)
    if command.place_kind in vocabulary.FORBIDDEN_PLACE_KINDS:
        raise PlaceForbidden(command.place_kind)
    latitude, longitude = position(command.latitude, command.longitude)
    return (
        CameraRegistered(
            name=name,
            region=checks.one_of("region", command.region, vocabulary.REGIONS),
            community=checks.line("community", command.community),
            owner=checks.line("owner", command.owner),
            place=checks.line("place", command.place),
            place_kind=checks.one_of("place_kind", command.place_kind, vocabulary.PLACE_KINDS),
            latitude=latitude,
            longitude=longitude,
            analytics=command.analytics,
            installed_at=checks.past("installed_at", command.installed_at, command.at),
        ),
    )


def decide_report_outage(state: Camera | None, command: ReportOutage) -> tuple[Event, ...]:
    """Outages follow each other: one begins when the last was over."""
    camera = _standing(state, command.camera)
    if camera.out_since is not None:
        words, since = f"out since {shown(camera.out_since)}", camera.out_since.isoformat()
        raise WrongState("camera", camera.name, "out", "report it restored first", words=words, since=since)
    from_at = checks.past("from_at", command.from_at, command.at)
    if from_at < camera.installed_at:
        raise OutsideCameraLife("from_at", from_at, camera.installed_at, None)
    if camera.restored_at is not None and from_at < camera.restored_at:
        raise Invalid("from_at", f"the last outage ended at {shown(camera.restored_at)}", "give a later time")
    return (OutageReported(from_at=from_at),)


def decide_restore(state: Camera | None, command: RestoreCamera) -> tuple[Event, ...]:
    camera = _standing(state, command.camera)
    if camera.out_since is None:
        raise WrongState("camera", camera.name, "not out", "report the outage first")
    restored_at = checks.past("restored_at", command.restored_at, command.at)
    if restored_at <= camera.out_since:
        raise Invalid("restored_at", f"the outage began at {shown(camera.out_since)}", "give a later time")
    return (CameraRestored(at=restored_at),)


def decide_decommission(state: Camera | None, command: DecommissionCamera) -> tuple[Event, ...]:
    camera = _standing(state, command.camera)
    at = checks.past("decommissioned_at", command.decommissioned_at, command.at)
    if at < camera.installed_at:
        raise OutsideCameraLife("decommissioned_at", at, camera.installed_at, None)
    received: Iterator[FootageReceived | TimeTaken] = chain(camera.received, command.taken)
    for footage in received:
        if footage.to_at > at + slack(footage.uncertainty_seconds):
            raise Invalid(
                "decommissioned_at", f"there is footage of it until {shown(footage.to_at)}", "give a later time"
            )
    return (CameraDecommissioned(at=at),)


def decide_configure(state: Camera | None, command: ConfigureIndexing) -> tuple[Event, ...]:
    """Also of a camera that is decommissioned: its footage may be indexed anew."""
    camera = checks.existing("camera", command.camera, state)
    choice = camera_indexing.chosen(camera.indexing, command)
    return () if choice == camera.indexing else (choice,)


def decide_declare(state: Camera | None, command: DeclareAnalytics) -> tuple[Event, ...]:
    camera = _standing(state, command.camera)
    return declared(camera.analytics, camera.installed_at, command)


def slack(uncertainty_seconds: float) -> timedelta:
    """How far two times may contradict each other before it is more than unsteady clocks."""
    return timedelta(seconds=OVERLAP_SECONDS_MAX + uncertainty_seconds)


def evolve_registered(state: None, event: CameraRegistered) -> Camera:
    return Camera(
        name=event.name,
        region=event.region,
        place_kind=event.place_kind,
        installed_at=event.installed_at,
        analytics=Analytics(event.analytics),
    )


def evolve_outage_reported(state: Camera, event: OutageReported) -> Camera:
    return replace(state, out_since=event.from_at)


def evolve_restored(state: Camera, event: CameraRestored) -> Camera:
    return replace(state, out_since=None, restored_at=event.at)


def evolve_decommissioned(state: Camera, event: CameraDecommissioned) -> Camera:
    return replace(state, decommissioned_at=event.at)


def evolve_configured(state: Camera, event: IndexingConfigured) -> Camera:
    return replace(state, indexing=event)


def evolve_declared(state: Camera, event: AnalyticsDeclared) -> Camera:
    return replace(state, analytics=Analytics(event.analytics, event.from_at))


def evolve_received(state: Camera, event: FootageReceived) -> Camera:
    """A camera sends footage for years: appending to a tuple of tuples does not copy all of it each time."""
    *full, last = state.received_in_blocks
    grown = (last, (event,)) if len(last) == BLOCK_FOOTAGE_MAX else ((*last, event),)
    return replace(state, received_in_blocks=(*full, *grown))


def evolve_released(state: Camera, event: FootageReleased) -> Camera:
    blocks = state.received_in_blocks
    kept = tuple(tuple(one for one in block if one.footage_sha256 != event.footage_sha256) for block in blocks)
    return replace(state, received_in_blocks=kept)


DECIDER: Decider[CameraCommand, Camera] = Decider(
    kind="camera",
    decides={
        RegisterCamera: decide_register,
        ReportOutage: decide_report_outage,
        RestoreCamera: decide_restore,
        DecommissionCamera: decide_decommission,
        ConfigureIndexing: decide_configure,
        DeclareAnalytics: decide_declare,
    },
    evolves={
        CameraRegistered: evolve_registered,
        OutageReported: evolve_outage_reported,
        CameraRestored: evolve_restored,
        CameraDecommissioned: evolve_decommissioned,
        IndexingConfigured: evolve_configured,
        AnalyticsDeclared: evolve_declared,
        FootageReceived: evolve_received,
        FootageReleased: evolve_released,
    },
)


def _standing(state: Camera | None, key: UUID) -> Camera:
    camera = checks.existing("camera", key, state)
    if camera.decommissioned_at is not None:
        raise WrongState("camera", camera.name, "decommissioned", "register its successor as a camera of its own")
    return camera
