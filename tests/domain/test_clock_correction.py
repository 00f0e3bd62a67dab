"""A recorder's clock was off: footage gets the time at which it was really taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain import camera, camera_day, footage
from domain.camera import FootageReceived, FootageReleased
from domain.camera_day import CameraDay, TimeFreed, TimeTaken
from domain.clock_correction import CorrectClock, Corrected, decide_correct
from domain.errors import DomainError, Invalid, NotFound, WrongState
from domain.event import Event
from domain.footage_events import FootageClaimed, FootageRejected
from domain.footage_refusals import ClaimLost, FootageOnHold, FootageOverlap, OutsideCameraLife
from domain.footage_state import ARCHIVED
from domain.keeping import Keeping
from domain.keeping_events import ClockCorrected, FootageHeld, FootagePurged
from tests.domain.examples import (
    ARCHIVE,
    INDEX,
    NOW,
    OTHER_SHA256,
    REGISTER,
    SHA256,
    archived_events,
    changed,
    hours,
    reason,
)
from tests.given import folded

STANDS = camera.DECIDER.decide(None, REGISTER)
TRUE = ARCHIVE.recorded_at + timedelta(minutes=3, seconds=30)
LASTS = timedelta(seconds=ARCHIVE.duration_seconds)
COMMAND = CorrectClock(
    sha256=SHA256, recorded_at=TRUE, uncertainty_seconds=0.5, anchor_source="operator", reason=reason(), at=NOW
)
OLD = TimeTaken(
    footage_sha256=SHA256, from_at=ARCHIVE.recorded_at, to_at=ARCHIVE.recorded_at + LASTS, uncertainty_seconds=0.5
)
CLAIMED = FootageClaimed(worker="worker-1", lease_until=NOW + hours(1), attempt=1)


def correct(
    command: CorrectClock = COMMAND,
    *,
    more: Sequence[Event] = (),
    of_camera: Sequence[Event] = STANDS,
    taken: Sequence[TimeTaken] = (OLD,),
    rules: Keeping | None = None,
) -> Corrected:
    state = folded(footage.DECIDER, [*archived_events(), *more])
    return decide_correct(state, folded(camera.DECIDER, list(of_camera)), rules, taken, command)


def test_it_gets_its_time_and_the_cameras_time_with_it() -> None:
    corrected = ClockCorrected(
        recorded_at=TRUE, uncertainty_seconds=0.5, anchor_source="operator", reason=COMMAND.reason
    )
    assert correct() == Corrected(
        of_footage=(corrected,),
        of_camera=(),
        of_days_left=(TimeFreed(footage_sha256=SHA256),),
        of_days_taken=(changed(OLD, from_at=TRUE, to_at=TRUE + LASTS),),
    )
    after = folded(footage.DECIDER, [*archived_events(), CLAIMED, corrected])
    assert (after.recorded_at, after.phase, after.anew_since) == (TRUE, ARCHIVED, 3)
    with pytest.raises(ClaimLost):
        footage.DECIDER.decide(after, INDEX)


def test_the_same_time_again_changes_nothing() -> None:
    assert correct(changed(COMMAND, recorded_at=ARCHIVE.recorded_at)) == Corrected((), (), (), ())
    assert correct(changed(COMMAND, recorded_at=ARCHIVE.recorded_at, uncertainty_seconds=2.0)).of_footage


def test_a_camera_that_kept_its_times_itself_gives_it_up() -> None:
    received = FootageReceived(footage_sha256=SHA256, from_at=OLD.from_at, to_at=OLD.to_at, uncertainty_seconds=0.5)
    corrected = correct(of_camera=[*STANDS, received], taken=())
    assert corrected.of_camera == (FootageReleased(footage_sha256=SHA256),)
    assert corrected.of_days_left == (), "no day knows of it"
    assert camera_day.DECIDER.fold([TimeFreed(footage_sha256=SHA256)]) == CameraDay()


@pytest.mark.parametrize("at", [OLD.from_at, TRUE], ids=["the time it has", "the time it would have"])
def test_held_footage_keeps_its_time(at: datetime) -> None:
    held = FootageHeld(camera=ARCHIVE.camera, hold=ARCHIVE.camera, from_at=at, to_at=at + timedelta(seconds=1))
    with pytest.raises(FootageOnHold):
        correct(rules=Keeping(holds=(held,)))


def test_it_does_not_come_to_lie_over_another() -> None:
    neighbour = TimeTaken(
        footage_sha256=OTHER_SHA256, from_at=OLD.to_at, to_at=OLD.to_at + LASTS, uncertainty_seconds=0.5
    )
    with pytest.raises(FootageOverlap) as refused:
        correct(taken=(OLD, neighbour))
    assert refused.value.fields["sha256"] == OTHER_SHA256


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"recorded_at": NOW + hours(1)}, Invalid),
        ({"recorded_at": NOW - LASTS / 2}, Invalid),
        ({"recorded_at": TRUE.replace(tzinfo=None)}, Invalid),
        ({"recorded_at": REGISTER.installed_at - hours(1)}, OutsideCameraLife),
        ({"uncertainty_seconds": -1.0}, Invalid),
        ({"anchor_source": "dream"}, Invalid),
        ({"reason": reason(" ")}, Invalid),
    ],
)
def test_what_is_no_correction(changes: dict[str, Any], error: type[DomainError]) -> None:
    with pytest.raises(error):
        correct(changed(COMMAND, **changes))


@pytest.mark.parametrize(
    "ended",
    [
        [FootagePurged(kept_until=NOW, retention_days=30)],
        [CLAIMED, FootageRejected(reason_code="no-video-stream", detail="none")],
    ],
    ids=["gone", "rejected"],
)
def test_what_ended_keeps_the_time_it_had(ended: Sequence[Event]) -> None:
    with pytest.raises(WrongState):
        correct(more=ended)
    with pytest.raises(NotFound):
        decide_correct(None, None, None, (), COMMAND)
