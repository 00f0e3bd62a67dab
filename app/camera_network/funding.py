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
from domain.log import Change, Receipt


def fund_cameras(
    desk: Desk, call: Call, key: UUID, *, named: Sequence[tuple[UUID, str]], amount_kopecks: int, funder: str
) -> Receipt:
    """`named`: the cameras' ids, each with what whoever funds them called it.

    Raises:
        domain.errors.Invalid: there is no such camera, or it stands in another region; and what `Desk.perform` raises.
    """

    def decide() -> Sequence[Change]:
        loaded = desk.load(programme.DECIDER, key)
        desk.require(call, Operation.PROGRAMME_FUND, relations.programme(key, loaded.state))
        expect(call, loaded)
        command = FundCameras(
            programme=key,
            cameras=tuple(_funded(desk, call, *each) for each in named[: programme.CAMERAS_MAX + 1]),
            amount_kopecks=amount_kopecks,
            funder=funder,
            by=call.principal.account,
        )
        return (Change(key, loaded.version, programme.DECIDER.decide(loaded.state, command)),)

    return desk.commit(call, Operation.PROGRAMME_FUND, decide)


def _funded(desk: Desk, call: Call, key: UUID, name: str) -> FundedCamera:
    state = desk.load(camera.DECIDER, key).state
    if state is None:
        return FundedCamera(key, name, "")
    desk.require(call, Operation.CAMERA_READ, relations.camera(name, state))
    return FundedCamera(key, state.name, state.region)
