"""What concerns footage and its camera at once: archived of a camera that stood there then, and rejected."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st

from domain import camera, footage
from domain.camera import Camera, CameraDecommissioned, FootageReceived, FootageReleased
from domain.camera_day import TimeFreed, TimeTaken
from domain.errors import DomainError, Invalid, NotFound
from domain.event import Event
from domain.footage_events import FootageArchived, FootageClaimed, FootageRejected
from domain.footage_of_camera import ArchiveFootage, RejectFootage, decide_archive, decide_reject
from domain.footage_refusals import ClaimLost, FootageArchivedOtherwise, FootageOverlap, OutsideCameraLife
from domain.footage_state import Footage
from domain.ids import footage_id
from domain.keeping_events import FootageReindexed
from domain.personal import FileName
from domain.sealed import Sealed
from tests.domain.examples import (
    ARCHIVE,
    GATE,
    NOW,
    OTHER_SHA256,
    REGISTER,
    SHA256,
    YARD,
    archived_events,
    changed,
    hours,
)
from tests.given import folded

REGISTERED = camera.DECIDER.decide(None, REGISTER)[0]
INSTALLED = REGISTER.installed_at
START, END = ARCHIVE.recorded_at, ARCHIVE.recorded_at + timedelta(seconds=600)
TAKEN = TimeTaken(footage_sha256=SHA256, from_at=START, to_at=END, uncertainty_seconds=0.5)
RECEIVED = FootageReceived(  # how it was recorded before the days of a camera had streams of their own
    footage_sha256=SHA256, from_at=START, to_at=END, uncertainty_seconds=0.5
)
ARCHIVED = archived_events()
CLAIMED = FootageClaimed(worker="worker-1", lease_until=NOW + hours(1), attempt=1)
REJECT = RejectFootage(sha256=SHA256, fence=2, reason_code="no-video-stream", detail="0 of 2 streams are video")


def camera_after(*events: Event) -> Camera:
    state = folded(camera.DECIDER, [REGISTERED, *events])
    assert isinstance(state, Camera)
    return state


def footage_after(*events: Event) -> Footage:
    state = folded(footage.DECIDER, [*ARCHIVED, *events])
    assert isinstance(state, Footage)
    return state


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def test_archived_in_both_streams() -> None:
    assert decide_archive(None, camera_after(), ARCHIVE) == (
        (
            FootageArchived(
                sha256=SHA256,
                size_bytes=1_000_000,
                camera=GATE,
                recorded_at=START,
                uncertainty_seconds=0.5,
                anchor_source="operator",
                duration_seconds=600.0,
                codec="h264",
                container="mov,mp4,m4a,3gp,3g2,mj2",
                width=1280,
                height=720,
                name=Sealed(footage_id(SHA256), FileName("gate 14.mp4")),
            ),
        ),
        (TAKEN,),
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"size_bytes": 1, "duration_seconds": 0.001, "uncertainty_seconds": 0.0, "width": 1, "height": 1},
        {"duration_seconds": 7 * 86_400.0, "recorded_at": NOW - timedelta(days=7), "uncertainty_seconds": 3_600.0},
        {"size_bytes": 2**44, "width": 16_384, "height": 16_384},
    ],
    ids=["smallest", "longest", "largest"],
)
def test_what_is_just_archived(changes: dict[str, Any]) -> None:
    assert decide_archive(None, camera_after(), changed(ARCHIVE, **changes))[0]


def test_what_its_days_and_what_the_camera_of_before_them_hold_is_looked_at_alike() -> None:
    other = changed(ARCHIVE, sha256=OTHER_SHA256)
    for known, taken in ((camera_after(), (TAKEN,)), (camera_after(RECEIVED), ())):
        with pytest.raises(FootageOverlap, match=SHA256[:12]):
            decide_archive(None, known, other, taken)


def test_the_same_again_is_one_footage() -> None:
    again = changed(ARCHIVE, name=Sealed(footage_id(SHA256), FileName("copy.mp4")), at=NOW + hours(9))
    assert decide_archive(footage_after(), camera_after(RECEIVED), again) == ((), ())
    assert decide_archive(footage_after(), camera_after(RECEIVED, CameraDecommissioned(at=NOW)), again) == ((), ())


@pytest.mark.parametrize("changes", [{"camera": YARD}, {"recorded_at": START - hours(1)}])
def test_the_same_bytes_of_elsewhere_or_another_time_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(FootageArchivedOtherwise, match=str(GATE)):
        decide_archive(footage_after(), camera_after(), changed(ARCHIVE, **changes))


def test_an_unknown_camera_is_not_found() -> None:
    with pytest.raises(NotFound, match=str(GATE)):
        decide_archive(None, None, ARCHIVE)


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"sha256": "AB" * 32}, "sha256", "lower-case"),
        ({"size_bytes": 0}, "size_bytes", "is 0"),
        ({"size_bytes": -1}, "size_bytes", "is -1"),
        ({"duration_seconds": 0.0}, "duration_seconds", "is 0"),
        ({"duration_seconds": float("inf")}, "duration_seconds", "is inf"),
        ({"duration_seconds": 8 * 86_400.0}, "duration_seconds", "604800"),
        ({"uncertainty_seconds": -1.0}, "uncertainty_seconds", "is -1"),
        ({"uncertainty_seconds": float("nan")}, "uncertainty_seconds", "is nan"),
        ({"uncertainty_seconds": 3_601.0}, "uncertainty_seconds", "3600"),
        ({"anchor_source": "guess"}, "anchor_source", "operator"),
        ({"codec": "кодек"}, "codec", "Latin"),
        ({"codec": ""}, "codec", "Latin"),
        ({"container": "x" * 121}, "container", "120"),
        ({"width": 0}, "width", "is 0"),
        ({"height": 16_385}, "height", "16384"),
        ({"name": Sealed(GATE, FileName(""))}, "name", "empty"),
        ({"name": Sealed(GATE, FileName("x" * 256))}, "name", "256"),
        ({"recorded_at": datetime(2026, 11, 1)}, "recorded_at", "no time zone"),  # noqa: DTZ001
        ({"recorded_at": datetime(1970, 1, 1, tzinfo=UTC)}, "recorded_at", "check the year"),
        ({"recorded_at": NOW + seconds(6)}, "recorded_at", "is in the future"),
        ({"recorded_at": NOW - seconds(594)}, "recorded_at", "would end in the future"),
    ],
)
def test_what_cannot_be_archived(changes: dict[str, Any], field: str, says: str) -> None:
    with pytest.raises(Invalid, match=says) as refused:
        decide_archive(None, camera_after(), changed(ARCHIVE, **changes))
    assert refused.value.field == field


def test_its_end_may_be_ahead_by_what_clocks_differ() -> None:
    assert decide_archive(None, camera_after(), changed(ARCHIVE, recorded_at=NOW - seconds(595)))[0]


def test_not_from_before_the_camera_stood() -> None:
    """By more than 2 s and what the footage's own time may be off."""
    assert decide_archive(None, camera_after(), changed(ARCHIVE, recorded_at=INSTALLED - seconds(2.5)))[0]
    with pytest.raises(OutsideCameraLife, match="outside the camera's life"):
        decide_archive(None, camera_after(), changed(ARCHIVE, recorded_at=INSTALLED - seconds(2.6)))


def test_not_from_after_it_was_gone() -> None:
    gone = camera_after(CameraDecommissioned(at=END - seconds(2.5)))
    assert decide_archive(None, gone, ARCHIVE)[0]
    gone = camera_after(CameraDecommissioned(at=END - seconds(2.6)))
    with pytest.raises(OutsideCameraLife, match="until"):
        decide_archive(None, gone, ARCHIVE)


OTHER = changed(ARCHIVE, sha256=OTHER_SHA256)


@pytest.mark.parametrize(
    ("recorded_at", "duration_seconds"),
    [
        (END - seconds(3.1), 600.0),
        (START - seconds(600 - 3.1), 600.0),
        (START, 600.0),
        (START + seconds(100), 10.0),
        (START - seconds(100), 6_000.0),
    ],
    ids=["begins within", "ends within", "the same time", "inside", "around"],
)
def test_one_camera_cannot_have_seen_two_things_at_once(recorded_at: datetime, duration_seconds: float) -> None:
    command = changed(OTHER, recorded_at=recorded_at, duration_seconds=duration_seconds)
    with pytest.raises(FootageOverlap, match=SHA256[:12]) as refused:
        decide_archive(None, camera_after(RECEIVED), command)
    assert refused.value.fields["field"] == "recorded_at"
    assert decide_archive(None, camera_after(RECEIVED, FootageReleased(footage_sha256=SHA256)), command)[0]


def test_an_overlap_within_what_both_clocks_may_be_off_is_taken() -> None:
    """2 s, and half a second of each."""
    assert decide_archive(None, camera_after(RECEIVED), changed(OTHER, recorded_at=END - seconds(3)))[0]
    exact = changed(OTHER, uncertainty_seconds=0.0)
    assert decide_archive(None, camera_after(RECEIVED), changed(exact, recorded_at=END - seconds(2.5)))[0]
    with pytest.raises(FootageOverlap):
        decide_archive(None, camera_after(RECEIVED), changed(exact, recorded_at=END - seconds(2.6)))


clips = st.lists(
    st.tuples(st.integers(-3_000, -20), st.integers(1, 20), st.sampled_from([0.0, 0.5, 3.0])), min_size=1, max_size=12
)


@generated(clips)
def test_a_footage_is_refused_exactly_when_it_overlaps_one_that_was_taken(
    shapes: list[tuple[int, int, float]],
) -> None:
    """Starts lie close together, so that about half of the sequences contain a refusal."""
    state, taken, received = camera_after(), list[ArchiveFootage](), list[Any]()
    for number, (start, duration, uncertainty) in enumerate(shapes):
        command = changed(
            ARCHIVE,
            sha256=f"{number:064x}",
            recorded_at=NOW + seconds(start / 20),
            duration_seconds=float(min(duration, -start / 20)),
            uncertainty_seconds=uncertainty,
        )
        clash = any(overlap_seconds(command, other) > 2 + uncertainty + other.uncertainty_seconds for other in taken)
        try:
            _, events = decide_archive(None, state, command, received)
        except FootageOverlap:
            assert clash
            continue
        assert not clash
        taken.append(command)
        received += events


def overlap_seconds(one: ArchiveFootage, other: ArchiveFootage) -> float:
    """Counted in whole milliseconds, the other way round from the rule under test."""
    steps = [
        set(range(start, start + round(clip.duration_seconds * 1_000), 10))
        for clip in (one, other)
        for start in [round((clip.recorded_at - NOW).total_seconds() * 1_000) // 10 * 10]
    ]
    return len(steps[0] & steps[1]) / 100


REJECTED = FootageRejected(reason_code="no-video-stream", detail="0 of 2 streams are video")


def test_rejected_where_its_time_stands() -> None:
    freed = (TimeFreed(footage_sha256=SHA256),)
    assert decide_reject(footage_after(CLAIMED), camera_after(), REJECT, (TAKEN,)) == ((REJECTED,), (), freed)
    released = (FootageReleased(footage_sha256=SHA256),)
    assert decide_reject(footage_after(CLAIMED), camera_after(RECEIVED), REJECT) == ((REJECTED,), released, ())


def test_archived_again_it_is_tried_anew_and_takes_its_time_again() -> None:
    rejected, anew = footage_after(CLAIMED, REJECTED), FootageReindexed(reason_code="archived-again")
    assert decide_archive(rejected, camera_after(), ARCHIVE) == ((anew,), (TAKEN,))
    unsure = changed(ARCHIVE, uncertainty_seconds=0.0)
    assert decide_archive(rejected, camera_after(), unsure) == ((anew,), (TAKEN,)), "as it stands on the shelf"
    other = changed(TAKEN, footage_sha256="b" * 64)
    with pytest.raises(FootageOverlap):
        decide_archive(rejected, camera_after(), ARCHIVE, (other,))
    again = footage_after(CLAIMED, REJECTED, anew)
    assert (again.phase, again.attempt, again.anew_since) == ("archived", 0, again.version)


def test_released_once() -> None:
    assert decide_reject(footage_after(CLAIMED), camera_after(), REJECT) == ((REJECTED,), (), ())


@pytest.mark.parametrize(
    ("history", "changes", "error"),
    [
        ((), {}, ClaimLost),
        ((CLAIMED,), {"fence": 1}, ClaimLost),
        ((CLAIMED,), {"reason_code": "No video"}, Invalid),
        ((CLAIMED,), {"detail": ""}, Invalid),
        ((CLAIMED,), {"detail": "x" * 501}, Invalid),
    ],
)
def test_what_is_not_rejected(history: tuple[Event, ...], changes: dict[str, Any], error: type[DomainError]) -> None:
    with pytest.raises(error):
        decide_reject(footage_after(*history), camera_after(RECEIVED), changed(REJECT, **changes))


def test_unknown_footage_is_not_found() -> None:
    with pytest.raises(NotFound, match=SHA256):
        decide_reject(None, camera_after(), REJECT)
