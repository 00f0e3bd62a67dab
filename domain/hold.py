"""A hold of an incident or a case on footage of some cameras: while it stands, nothing of it goes.

Placing and releasing concern the cameras too: the events of the hold's stream and of each camera's keeping are
appended together or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain import checks
from domain.authorisation import CASE_NUMBER
from domain.decider import Decider
from domain.errors import AlreadyExists, Invalid, WrongState
from domain.event import Event
from domain.keeping_events import FootageHeld, HoldLifted, HoldPlaced, HoldReleased
from domain.personal import Reason
from domain.sealed import Sealed
from domain.search_draw import CAMERAS_MAX

HOURS_MAX = 24 * 366


class PlaceHold(msgspec.Struct, frozen=True, kw_only=True):
    hold: UUID
    cameras: tuple[UUID, ...]
    from_at: datetime
    to_at: datetime
    incident: UUID | None = None
    case: str = ""
    by: UUID
    unit: UUID
    reason: Sealed[Reason]


class ReleaseHold(msgspec.Struct, frozen=True, kw_only=True):
    hold: UUID
    by: UUID
    reason: Sealed[Reason]


class Hold(msgspec.Struct, frozen=True):
    cameras: tuple[UUID, ...]
    by: UUID
    unit: UUID
    released: bool = False


def decide_place(state: Hold | None, command: PlaceHold) -> tuple[tuple[Event, ...], Mapping[UUID, tuple[Event, ...]]]:
    """The events of the hold, and of the keeping of each camera."""
    if state is not None:
        raise AlreadyExists("hold", command.hold)
    if (command.incident is None) == (not command.case):
        raise Invalid("incident", "exactly one of incident and case is named", "name the one that the hold is for")
    if command.case:
        checks.pattern("case", command.case, CASE_NUMBER, "write it as on the file, such as 12026100070001234")
    from_at, to_at = checks.span("from_at", command.from_at, "to_at", command.to_at)
    checks.whole("to_at", int((to_at - from_at).total_seconds() / 3600), least=0, most=HOURS_MAX)
    cameras = checks.unique("cameras", command.cameras, least=1, most=CAMERAS_MAX)
    placed = HoldPlaced(
        cameras=cameras,
        from_at=from_at,
        to_at=to_at,
        incident=command.incident,
        case=command.case,
        by=command.by,
        unit=command.unit,
        reason=checks.reason("reason", command.reason),
    )
    return (placed,), {
        camera: (FootageHeld(camera=camera, hold=command.hold, from_at=from_at, to_at=to_at),) for camera in cameras
    }


def decide_release(
    state: Hold | None, command: ReleaseHold
) -> tuple[tuple[Event, ...], Mapping[UUID, tuple[Event, ...]]]:
    """Released is released: whoever needs it again places another."""
    hold = checks.existing("hold", command.hold, state)
    if hold.released:
        raise WrongState("hold", command.hold, "released", "place another where it is needed again")
    released = HoldReleased(by=command.by, reason=checks.reason("reason", command.reason))
    return (released,), {camera: (HoldLifted(camera=camera, hold=command.hold),) for camera in hold.cameras}


def evolve_placed(state: None, event: HoldPlaced) -> Hold:
    return Hold(cameras=event.cameras, by=event.by, unit=event.unit)


def evolve_released(state: Hold, event: HoldReleased) -> Hold:
    return replace(state, released=True)


DECIDER: Decider[object, Hold] = Decider(
    kind="hold", decides={}, evolves={HoldPlaced: evolve_placed, HoldReleased: evolve_released}
)
