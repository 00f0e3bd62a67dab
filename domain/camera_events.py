"""What happens to a camera: it stands, is out, comes back, sends footage, and goes."""

from __future__ import annotations

from datetime import datetime

from domain.event import Event


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
    """The camera's time [from_at, to_at), to within ± `uncertainty_seconds`, is taken by this footage."""

    TOPIC = "camera.footage-received"

    footage_sha256: str
    from_at: datetime
    to_at: datetime
    uncertainty_seconds: float


class FootageReleased(Event, frozen=True, kw_only=True):
    """The footage turned out unusable: its time is free for a better copy."""

    TOPIC = "camera.footage-released"

    footage_sha256: str
