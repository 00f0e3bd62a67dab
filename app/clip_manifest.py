"""What proves where a clip comes from: made of the record alone, so that it says the same whenever it is asked for; and
beside it, whether its footage got another time since."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from app import clock_changes
from app.clock_changes import ClockChange
from app.composition import Services
from domain import account, camera, unit
from domain.checks import existing
from domain.clip import ClipCut
from domain.errors import WrongState
from domain.event import Meta
from domain.kyiv_time import shown

SOUND = "none: the authority is for pictures, and voices are nobody's business here"
FACES = "not masked: it is evidence, and shows what the original shows"
BOUNDS = {
    "lossless": "begins with a keyframe and ends where the pictures can be parted: its bounds may be others",
    "exact": "the frames of the time asked for, encoded anew: the original is what they are to be compared with",
}


class LeftOut(msgspec.Struct, frozen=True):
    """Asked for and in the footage, but not in the clip: no keyframe that might leave lay before it, or the pictures
    could not be parted there."""

    from_at: datetime
    to_at: datetime


class ClipManifest(msgspec.Struct, frozen=True, kw_only=True):
    """The clip shows [from_at, to_at): its first frame was taken at from_at, its last one ends at to_at."""

    id: UUID
    sha256: str  # of the clip
    size_bytes: int
    container: str
    codec: str
    frames: int
    mode: str  # domain.vocabulary.CLIP_MODES
    mode_means: str
    footage_sha256: str  # of the original, whose bytes were read and had this digest when the clip was cut
    camera: UUID
    camera_name: str
    footage_from_at: datetime  # when the original's first frame was taken, as was known then
    uncertainty_seconds: float  # all times are true to within ± this
    asked_from_at: datetime
    asked_to_at: datetime
    from_at: datetime
    to_at: datetime
    from_shown: str  # on Kyiv's clocks
    to_shown: str
    left_out: tuple[LeftOut, ...]
    authorisation: UUID
    cut_by: UUID
    cut_by_username: str
    unit: UUID
    unit_name: str
    purpose: str
    cut_at: datetime
    software: str
    sound: str
    faces: str
    clock_change: ClockChange | None  # of its footage, since: the one thing that is not as it was


def manifest_of(house: Services, key: UUID) -> ClipManifest:
    """Raises domain.errors.WrongState where it was refused: there is no clip."""
    recorded = next(iter(house.log.stream(key, until_version=1)))
    event = recorded.event
    if not isinstance(event, ClipCut):
        raise WrongState("clip", key, "refused", "nothing was cut; the list of clips says whose it was and why")
    house.desk.caught_up()
    with house.views.reading() as views:
        clock_change = clock_changes.of_clip(views, event.footage_sha256, recorded.position)
    return _manifest(house, key, event, recorded.meta, clock_change)


def _manifest(house: Services, key: UUID, event: ClipCut, meta: Meta, clock_change: ClockChange | None) -> ClipManifest:
    load = house.desk.load
    return ClipManifest(
        id=key,
        sha256=event.sha256,
        size_bytes=event.size_bytes,
        container=event.container,
        codec=event.codec,
        frames=event.frames,
        mode=event.mode,
        mode_means=BOUNDS[event.mode],
        footage_sha256=event.footage_sha256,
        camera=event.camera,
        camera_name=existing("camera", event.camera, load(camera.DECIDER, event.camera).state).name,
        footage_from_at=event.recorded_at,
        uncertainty_seconds=event.uncertainty_seconds,
        asked_from_at=event.asked_from,
        asked_to_at=event.asked_to,
        from_at=event.from_at,
        to_at=event.to_at,
        from_shown=shown(event.from_at),
        to_shown=shown(event.to_at),
        left_out=tuple(LeftOut(start, end) for start, end in event.left_out),
        authorisation=event.authorisation,
        cut_by=event.by,
        cut_by_username=existing("account", event.by, load(account.DECIDER, event.by).state).username,
        unit=event.unit,
        unit_name=existing("unit", event.unit, load(unit.DECIDER, event.unit).state).name,
        purpose=meta.purpose,
        cut_at=meta.recorded_at,
        software=event.software,
        sound=SOUND,
        faces=FACES,
        clock_change=clock_change,
    )
