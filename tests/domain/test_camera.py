"""Cameras: every command taken, every refusal. Their footage is tested in test_archiving."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.camera import (
    BLOCK_FOOTAGE_MAX,
    DECIDER,
    CameraDecommissioned,
    CameraRegistered,
    CameraRestored,
    DecommissionCamera,
    FootageReceived,
    FootageReleased,
    OutageReported,
    RegisterCamera,
    ReportOutage,
    RestoreCamera,
)
from domain.camera_day import TimeTaken
from domain.errors import AlreadyExists, Invalid, NotFound, PlaceForbidden, WrongState
from domain.footage_refusals import OutsideCameraLife
from domain.vocabulary import FORBIDDEN_PLACE_KINDS, PLACE_KINDS
from tests.domain.examples import GATE, NOW, REGISTER, SHA256, changed, hours
from tests.given import folded, given

INSTALLED = REGISTER.installed_at
REGISTERED = DECIDER.decide(None, REGISTER)[0]
OUT = OutageReported(from_at=NOW - hours(5))
BACK = CameraRestored(at=NOW - hours(4))
GONE = CameraDecommissioned(at=NOW - hours(1))
REPORT = ReportOutage(camera=GATE, from_at=NOW - hours(2), at=NOW)
RESTORE = RestoreCamera(camera=GATE, restored_at=NOW - hours(3), at=NOW)
DECOMMISSION = DecommissionCamera(camera=GATE, decommissioned_at=NOW - hours(1), at=NOW)
AFTER_NOW = NOW + timedelta(seconds=6)


def test_registered_with_all_its_facts() -> None:
    given(DECIDER).when(REGISTER).then(
        CameraRegistered(
            name="KYIV-014",
            region="UA-30",
            community="Подільська",
            owner="Департамент інформатизації",
            place="Ворота школи 12",
            place_kind="school-gate",
            latitude=50.45,
            longitude=30.52,
            analytics=True,
            installed_at=INSTALLED,
        )
    )


def test_analytics_are_declared_or_absent() -> None:
    facts = {name: getattr(REGISTER, name) for name in REGISTER.__struct_fields__ if name != "analytics"}
    event = DECIDER.decide(None, RegisterCamera(**facts))[0]
    assert isinstance(event, CameraRegistered)
    assert event.analytics is False


def test_a_position_is_optional() -> None:
    event = DECIDER.decide(None, changed(REGISTER, latitude=None, longitude=None))[0]
    assert isinstance(event, CameraRegistered)
    assert (event.latitude, event.longitude) == (None, None)


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"name": "kyiv-014"}, "name", "capital Latin"),
        ({"name": "КИЇВ-014"}, "name", "capital Latin"),
        ({"name": "K"}, "name", "2 to 32"),
        ({"name": "K" * 33}, "name", "2 to 32"),
        ({"name": "-014"}, "name", "KYIV-014"),
        ({"region": "30"}, "region", "UA-30"),
        ({"community": ""}, "community", "empty"),
        ({"owner": ""}, "owner", "empty"),
        ({"place": "\u202egnp.etag"}, "place", "control"),
        ({"place": "\ud800"}, "place", "control"),
        ({"place_kind": "bedroom"}, "place_kind", "street"),
        ({"latitude": None}, "latitude", "both"),
        ({"longitude": None}, "longitude", "both"),
        ({"latitude": 30.52, "longitude": 50.45}, "latitude", "44 to 53"),
        ({"longitude": 21.9}, "longitude", "22 to 41"),
        ({"latitude": float("nan")}, "latitude", "is nan"),
        ({"installed_at": AFTER_NOW}, "installed_at", "future"),
        ({"installed_at": datetime(2026, 1, 1)}, "installed_at", "no time zone"),  # noqa: DTZ001
        ({"installed_at": datetime(1970, 1, 1, tzinfo=UTC)}, "installed_at", "check the year"),
    ],
)
def test_what_cannot_be_registered(changes: dict[str, Any], field: str, says: str) -> None:
    given(DECIDER).when(changed(REGISTER, **changes)).then_refused(Invalid, field=field, says=says)


@pytest.mark.parametrize("place_kind", FORBIDDEN_PLACE_KINDS)
def test_no_camera_where_people_undress(place_kind: str) -> None:
    given(DECIDER).when(changed(REGISTER, place_kind=place_kind)).then_refused(
        PlaceForbidden, field="place_kind", says="no camera may watch"
    )


def test_no_place_kind_is_both_allowed_and_forbidden() -> None:
    assert not FORBIDDEN_PLACE_KINDS.keys() & PLACE_KINDS.keys()


def test_a_name_is_taken_once() -> None:
    given(DECIDER, REGISTERED).when(REGISTER).then_refused(AlreadyExists, says="KYIV-014")
    given(DECIDER, REGISTERED, GONE).when(REGISTER).then_refused(AlreadyExists, says="KYIV-014")


def test_outage_and_return() -> None:
    given(DECIDER, REGISTERED).when(REPORT).then(OutageReported(from_at=NOW - hours(2)))
    given(DECIDER, REGISTERED, OUT).when(RESTORE).then(CameraRestored(at=NOW - hours(3)))
    given(DECIDER, REGISTERED, OUT, BACK).when(REPORT).then(OutageReported(from_at=NOW - hours(2)))


def test_an_outage_is_reported_once() -> None:
    given(DECIDER, REGISTERED, OUT).when(REPORT).then_refused(WrongState, says="out since")


def test_only_what_is_out_comes_back() -> None:
    given(DECIDER, REGISTERED).when(RESTORE).then_refused(WrongState, says="not out")
    given(DECIDER, REGISTERED, OUT, BACK).when(RESTORE).then_refused(WrongState, says="not out")


@pytest.mark.parametrize(
    ("history", "command", "field", "says"),
    [
        ((), changed(REPORT, from_at=AFTER_NOW), "from_at", "future"),
        ((OUT, BACK), changed(REPORT, from_at=NOW - hours(4.5)), "from_at", "last outage ended"),
        ((OUT,), changed(RESTORE, restored_at=NOW - hours(5)), "restored_at", "began"),
        ((OUT,), changed(RESTORE, restored_at=AFTER_NOW), "restored_at", "future"),
        ((), changed(DECOMMISSION, decommissioned_at=AFTER_NOW), "decommissioned_at", "future"),
    ],
)
def test_times_that_cannot_be(history: tuple[Any, ...], command: Any, field: str, says: str) -> None:
    given(DECIDER, REGISTERED, *history).when(command).then_refused(Invalid, field=field, says=says)


@pytest.mark.parametrize(
    "command",
    [
        changed(REPORT, from_at=INSTALLED - hours(1)),
        changed(DECOMMISSION, decommissioned_at=INSTALLED - hours(1)),
    ],
    ids=lambda command: type(command).__name__,
)
def test_nothing_happens_to_it_before_it_stood(command: Any) -> None:
    given(DECIDER, REGISTERED).when(command).then_refused(OutsideCameraLife, says="outside the camera's life")


def test_what_happens_at_once() -> None:
    """An edge belongs to what follows: out from the first moment, out again from the moment of return."""
    at_first = changed(REPORT, from_at=INSTALLED)
    given(DECIDER, REGISTERED).when(at_first).then(OutageReported(from_at=INSTALLED))
    at_return = changed(REPORT, from_at=BACK.at)
    given(DECIDER, REGISTERED, OUT, BACK).when(at_return).then(OutageReported(from_at=BACK.at))
    never_used = changed(DECOMMISSION, decommissioned_at=INSTALLED)
    given(DECIDER, REGISTERED).when(never_used).then(CameraDecommissioned(at=INSTALLED))


def test_decommissioned_also_while_it_is_out() -> None:
    given(DECIDER, REGISTERED).when(DECOMMISSION).then(GONE)
    given(DECIDER, REGISTERED, OUT).when(DECOMMISSION).then(GONE)


def test_not_decommissioned_before_its_last_footage_ended() -> None:
    received = FootageReceived(
        footage_sha256=SHA256, from_at=NOW - hours(2), to_at=NOW - hours(1), uncertainty_seconds=1.0
    )
    command = changed(DECOMMISSION, decommissioned_at=received.to_at - timedelta(seconds=3))
    given(DECIDER, REGISTERED, received).when(command).then(CameraDecommissioned(at=command.decommissioned_at))
    command = changed(DECOMMISSION, decommissioned_at=received.to_at - timedelta(seconds=3.1))
    given(DECIDER, REGISTERED, received).when(command).then_refused(
        Invalid, field="decommissioned_at", says="there is footage of it until"
    )


def test_not_decommissioned_before_the_end_of_what_its_days_hold() -> None:
    taken = TimeTaken(footage_sha256=SHA256, from_at=NOW - hours(2), to_at=NOW - hours(1), uncertainty_seconds=1.0)
    command = changed(DECOMMISSION, decommissioned_at=taken.to_at - timedelta(seconds=3), taken=(taken,))
    given(DECIDER, REGISTERED).when(command).then(CameraDecommissioned(at=command.decommissioned_at))
    command = changed(command, decommissioned_at=taken.to_at - timedelta(seconds=3.1))
    given(DECIDER, REGISTERED).when(command).then_refused(Invalid, says="there is footage of it until")


@pytest.mark.parametrize("command", [REPORT, RESTORE, DECOMMISSION], ids=lambda c: type(c).__name__)
def test_a_decommissioned_camera_takes_nothing(command: Any) -> None:
    given(DECIDER, REGISTERED, OUT, GONE).when(command).then_refused(WrongState, says="decommissioned")


@pytest.mark.parametrize("command", [REPORT, RESTORE, DECOMMISSION], ids=lambda c: type(c).__name__)
def test_an_unknown_camera_is_not_found(command: Any) -> None:
    given(DECIDER).when(command).then_refused(NotFound, says=str(GATE))


def test_years_of_footage_are_remembered_in_order() -> None:
    many = [
        FootageReceived(
            footage_sha256=f"{n:064x}",
            from_at=INSTALLED + hours(n),
            to_at=INSTALLED + hours(n + 1),
            uncertainty_seconds=0,
        )
        for n in range(2 * BLOCK_FOOTAGE_MAX + 3)
    ]
    state = folded(DECIDER, [REGISTERED, *many])
    assert list(state.received) == many
    assert [len(block) for block in state.received_in_blocks] == [BLOCK_FOOTAGE_MAX, BLOCK_FOOTAGE_MAX, 3]
    state = folded(DECIDER, [REGISTERED, *many, FootageReleased(footage_sha256=many[0].footage_sha256)])
    assert list(state.received) == many[1:]
