"""A recorder's clock was off: its footage was taken at another time than was said when it was archived.

What was said stays on record; from the correction on, the footage has its new time, is out of the search until it is
indexed anew with it, and takes that time of its camera's days. Searches that were answered before keep what they said.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from domain import checks, vocabulary
from domain.camera import Camera, FootageReceived, slack
from domain.camera_day import TimeTaken
from domain.errors import Invalid, WrongState
from domain.event import Event
from domain.footage_keeping import not_held
from domain.footage_of_camera import UNCERTAINTY_SECONDS_MAX, overlaps_none, time_given_up, within_life
from domain.footage_state import REJECTED, Footage
from domain.keeping import Keeping
from domain.keeping_events import ClockCorrected
from domain.personal import Reason
from domain.sealed import Sealed


class CorrectClock(msgspec.Struct, frozen=True, kw_only=True):
    sha256: str
    recorded_at: datetime  # of the first frame, as it really was
    uncertainty_seconds: float
    anchor_source: str
    reason: Sealed[Reason]
    at: datetime


class Corrected(msgspec.Struct, frozen=True):
    """Events by stream: of the footage, of its camera, of the days it leaves and of those it comes to."""

    of_footage: tuple[Event, ...]
    of_camera: tuple[Event, ...]
    of_days_left: tuple[Event, ...]
    of_days_taken: tuple[Event, ...]


def corrected_span(state: Footage | None, command: CorrectClock) -> tuple[datetime, datetime]:
    """[from, to) of the footage as it would be. Raises NotFound, WrongState, Invalid."""
    footage = checks.existing("footage", command.sha256, state)
    if footage.is_gone or footage.phase == REJECTED:
        raise WrongState("footage", command.sha256, footage.phase, "its time does not matter any more")
    from_at = checks.past("recorded_at", command.recorded_at, command.at)
    to_at = from_at + timedelta(seconds=footage.duration_seconds)
    if to_at > command.at + checks.CLOCK_TOLERANCE:
        raise Invalid("recorded_at", "the footage would end in the future", "check date, hour and time zone")
    return from_at, to_at


def decide_correct(
    state: Footage | None,
    of_camera: Camera | None,
    keeping: Keeping | None,
    taken: Sequence[TimeTaken],
    command: CorrectClock,
) -> Corrected:
    """`taken` is what the days before and after the correction hold. The same time again changes nothing.

    Held footage keeps its time, and none is corrected into a hold: a hold would lose or catch what nobody meant.
    """
    from_at, to_at = corrected_span(state, command)
    footage = checks.existing("footage", command.sha256, state)
    camera = checks.existing("camera", footage.camera, of_camera)
    uncertainty_seconds = checks.number(
        "uncertainty_seconds", command.uncertainty_seconds, least=0, most=UNCERTAINTY_SECONDS_MAX
    )
    if (from_at, uncertainty_seconds) == (footage.recorded_at, footage.uncertainty_seconds):
        return Corrected((), (), (), ())
    widest = max(uncertainty_seconds, footage.uncertainty_seconds)
    for start, end in ((footage.recorded_at, footage.ends_at), (from_at, to_at)):
        not_held(keeping or Keeping(), command.sha256, start, end, widest)
    holds = TimeTaken(
        footage_sha256=command.sha256, from_at=from_at, to_at=to_at, uncertainty_seconds=uncertainty_seconds
    )
    within_life(camera, from_at, to_at, slack(uncertainty_seconds))
    known: list[FootageReceived | TimeTaken] = [*camera.received, *taken]
    overlaps_none([one for one in known if one.footage_sha256 != command.sha256], holds)
    corrected = ClockCorrected(
        recorded_at=from_at,
        uncertainty_seconds=uncertainty_seconds,
        anchor_source=checks.one_of("anchor_source", command.anchor_source, vocabulary.ANCHOR_SOURCES),
        reason=checks.reason("reason", command.reason),
    )
    released, freed = time_given_up(camera, taken, command.sha256)
    return Corrected((corrected,), released, freed, (holds,))
