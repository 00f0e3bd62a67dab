"""What a programme paid for: cameras that are on record, in its region."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app import relations
from app.access.operations import Operation
from app.call import Call
from app.desk import Desk, expect
from domain import camera
from domain.camera_network import programme
from domain.camera_network.programme import FundCameras, FundedCamera
from domain.ids import camera_id
from domain.log import Change, Receipt


def fund_cameras(
    desk: Desk, call: Call, key: UUID, *, named: Sequence[str], amount_kopecks: int, funder: str
) -> Receipt:
    """`named`: cameras by their code or id, as whoever funds them wrote it.

    Raises:
        domain.errors.Invalid: there is no such camera, or it stands in another region; and what `Desk.perform` raises.
    """

    def decide() -> Sequence[Change]:
        loaded = desk.load(programme.DECIDER, key)
        desk.require(call, Operation.PROGRAMME_FUND, relations.programme(key, loaded.state))
        expect(call, loaded)
        command = FundCameras(
            programme=key,
            cameras=tuple(_funded(desk, call, name) for name in named[: programme.CAMERAS_MAX + 1]),
            amount_kopecks=amount_kopecks,
            funder=funder,
            by=call.principal.account,
        )
        return (Change(key, loaded.version, programme.DECIDER.decide(loaded.state, command)),)

    return desk.commit(call, Operation.PROGRAMME_FUND, decide)


def camera_key(text: str) -> UUID:
    """A camera is named by its id or by its code."""
    try:
        return UUID(text)
    except ValueError:
        return camera_id(text)


def _funded(desk: Desk, call: Call, name: str) -> FundedCamera:
    key = camera_key(name)
    state = desk.load(camera.DECIDER, key).state
    if state is None:
        return FundedCamera(key, name, "")
    desk.require(call, Operation.CAMERA_READ, relations.camera(name, state))
    return FundedCamera(key, state.name, state.region)
