"""What concerns footage and its camera at once: archiving it, and rejecting it.

Both deciders are given what is `taken` on the days of the camera that the footage touches, and give the events of the
footage's stream, of its camera's, and of each of these days' streams, which are appended together or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from domain import checks, footage, vocabulary
from domain.camera import Camera, FootageReceived, FootageReleased, slack
from domain.camera_day import TimeFreed, TimeTaken
from domain.errors import Invalid
from domain.event import Event
from domain.footage_events import FootageArchived, FootageRejected
from domain.footage_refusals import FootageArchivedOtherwise, FootageOverlap, OutsideCameraLife
from domain.footage_state import REJECTED, Footage, refuse_gone
from domain.keeping_events import FootageReindexed
from domain.personal import FileName
from domain.sealed import Sealed

DURATION_SECONDS_MIN, DURATION_SECONDS_MAX = 0.001, 7 * 86_400.0
UNCERTAINTY_SECONDS_MAX = 3_600.0
SIZE_BYTES_MAX = 1 << 44  # 16 TiB: more than a usual file system's largest file
FILE_NAME_CHARACTERS_MAX = 255


class ArchiveFootage(msgspec.Struct, frozen=True, kw_only=True):
    """Its stream is `ids.footage_id(sha256)`: archiving the same bytes twice is one footage."""

    sha256: str
    size_bytes: int
    camera: UUID
    recorded_at: datetime  # of the first frame
    uncertainty_seconds: float
    anchor_source: str
    duration_seconds: float
    codec: str
    container: str
    width: int
    height: int
    name: Sealed[FileName]
    at: datetime
    cut_off_seconds: float = 0.0


class AnnounceFootage(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of footage before anybody has seen the file."""

    camera: UUID
    recorded_at: datetime
    uncertainty_seconds: float
    anchor_source: str
    name: FileName
    at: datetime


class RejectFootage(msgspec.Struct, frozen=True, kw_only=True):
    sha256: str
    fence: int
    reason_code: str
    detail: str


def check_announced(of_camera: Camera | None, announced: AnnounceFootage) -> None:
    """Refuses what `decide_archive` would refuse whatever the file holds. An overlap is none of that: the same file may
    be on the shelf already.
    """
    known_camera = checks.existing("camera", announced.camera, of_camera)
    recorded_at, uncertainty_seconds = _anchored(announced, announced.name)
    within_life(known_camera, recorded_at, recorded_at, slack(uncertainty_seconds))


def span_of(command: ArchiveFootage) -> tuple[datetime, datetime]:
    """[from, to) of the footage in UTC. Raises Invalid where it cannot be archived, whatever else there is."""
    archived = _archived(command)
    return archived.recorded_at, archived.recorded_at + timedelta(seconds=archived.duration_seconds)


def decide_archive(
    state: Footage | None, of_camera: Camera | None, command: ArchiveFootage, taken: Sequence[TimeTaken] = ()
) -> tuple[tuple[Event, ...], tuple[Event, ...]]:
    """The events of the footage's stream and of its days', to be appended while its camera stays as it is.

    The same bytes of the same camera and time change nothing, unless they were rejected: then they are tried anew, and
    take their time again. Of another camera or time they are refused. Footage lies within its camera's life, and
    overlaps no other of it by more than clocks may be off.
    """
    archived = _archived(command)
    known_camera = checks.existing("camera", command.camera, of_camera)
    if state is not None:
        refuse_gone(state, command.sha256)
        if (state.camera, state.recorded_at) != (archived.camera, archived.recorded_at):
            raise FootageArchivedOtherwise(command.sha256, state.camera, state.recorded_at)
        if state.phase != REJECTED:
            return (), ()
    stands = state or archived
    received = TimeTaken(
        footage_sha256=archived.sha256,
        from_at=stands.recorded_at,
        to_at=stands.recorded_at + timedelta(seconds=stands.duration_seconds),
        uncertainty_seconds=stands.uncertainty_seconds,
    )
    within_life(known_camera, received.from_at, received.to_at, slack(received.uncertainty_seconds))
    overlaps_none((*known_camera.received, *taken), received)
    return (FootageReindexed(reason_code="archived-again") if state else archived,), (received,)


def decide_reject(
    state: Footage | None, of_camera: Camera | None, command: RejectFootage, taken: Sequence[TimeTaken] = ()
) -> tuple[tuple[Event, ...], tuple[Event, ...], tuple[Event, ...]]:
    """The events of the footage's stream, of its camera's and of its days': a better copy may take the rejected one's
    time.
    """
    held = footage.held(state, command.sha256, command.fence)
    rejected = FootageRejected(
        reason_code=footage.reason_code(command.reason_code), detail=footage.detail_of(command.detail)
    )
    known_camera = checks.existing("camera", held.camera, of_camera)
    return (rejected,), *time_given_up(known_camera, taken, command.sha256)


def time_given_up(
    camera: Camera, taken: Iterable[FootageReceived | TimeTaken], sha256: str
) -> tuple[tuple[Event, ...], tuple[Event, ...]]:
    """The events of the camera's stream and of its days' by which footage gives its time up to another."""
    return (
        (FootageReleased(footage_sha256=sha256),) if _is_in(camera.received, sha256) else (),
        (TimeFreed(footage_sha256=sha256),) if _is_in(taken, sha256) else (),
    )


def _archived(command: ArchiveFootage) -> FootageArchived:
    duration_seconds = checks.number(
        "duration_seconds", command.duration_seconds, least=DURATION_SECONDS_MIN, most=DURATION_SECONDS_MAX
    )
    recorded_at, uncertainty_seconds = _anchored(command, command.name.fresh_value())
    if recorded_at + timedelta(seconds=duration_seconds) > command.at + checks.CLOCK_TOLERANCE:
        raise Invalid("recorded_at", "the footage would end in the future", "check date, hour and time zone")
    return FootageArchived(
        sha256=checks.sha256("sha256", command.sha256),
        size_bytes=checks.whole("size_bytes", command.size_bytes, least=1, most=SIZE_BYTES_MAX),
        camera=command.camera,
        recorded_at=recorded_at,
        uncertainty_seconds=uncertainty_seconds,
        anchor_source=command.anchor_source,
        duration_seconds=duration_seconds,
        codec=footage.technical_word("codec", command.codec),
        container=footage.technical_word("container", command.container),
        width=checks.whole("width", command.width, least=1, most=footage.SIDE_PIXELS_MAX),
        height=checks.whole("height", command.height, least=1, most=footage.SIDE_PIXELS_MAX),
        name=command.name,
        cut_off_seconds=footage.cut_off("cut_off_seconds", command.cut_off_seconds),
    )


def _anchored(said: AnnounceFootage | ArchiveFootage, name: FileName) -> tuple[datetime, float]:
    """When its first frame was taken, in UTC, and to within how many seconds."""
    recorded_at = checks.past("recorded_at", said.recorded_at, said.at)
    checks.one_of("anchor_source", said.anchor_source, vocabulary.ANCHOR_SOURCES)
    checks.line("name", name.name, characters_max=FILE_NAME_CHARACTERS_MAX)
    return recorded_at, checks.number(
        "uncertainty_seconds", said.uncertainty_seconds, least=0, most=UNCERTAINTY_SECONDS_MAX
    )


def within_life(camera: Camera, from_at: datetime, to_at: datetime, allowed: timedelta) -> None:
    """Raises OutsideCameraLife: the camera did not stand then."""
    if from_at < camera.installed_at - allowed:
        raise OutsideCameraLife("recorded_at", from_at, camera.installed_at, camera.decommissioned_at)
    if camera.decommissioned_at is not None and to_at > camera.decommissioned_at + allowed:
        raise OutsideCameraLife("recorded_at", to_at, camera.installed_at, camera.decommissioned_at)


def _is_in(received: Iterable[FootageReceived | TimeTaken], sha256: str) -> bool:
    return any(one.footage_sha256 == sha256 for one in received)


def overlaps_none(others: Iterable[FootageReceived | TimeTaken], received: TimeTaken) -> None:
    """Raises FootageOverlap: another footage shows that time, by more than clocks may be off."""
    for other in others:
        overlap = min(other.to_at, received.to_at) - max(other.from_at, received.from_at)
        if overlap > slack(received.uncertainty_seconds + other.uncertainty_seconds):
            raise FootageOverlap(other.footage_sha256, other.from_at, other.to_at, overlap.total_seconds())
