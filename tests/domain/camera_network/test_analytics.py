"""Analytics of a camera: declared in the order of time, from its installation to its end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.camera import DECIDER, CameraDecommissioned
from domain.camera_network.analytics import Analytics, AnalyticsDeclared, DeclareAnalytics
from domain.errors import Invalid, NotFound, WrongState
from domain.footage_refusals import OutsideCameraLife
from tests.domain.examples import GATE, NOW, REGISTER, changed, hours
from tests.given import folded, given

REGISTERED = DECIDER.decide(None, REGISTER)[0]  # with analytics
GONE = AnalyticsDeclared(analytics=False, from_at=NOW - hours(10))
TAKE_AWAY = DeclareAnalytics(camera=GATE, analytics=False, from_at=NOW - hours(10), at=NOW)
BACK = changed(TAKE_AWAY, analytics=True, from_at=NOW - hours(5))


def test_what_was_registered_holds_until_a_declaration() -> None:
    assert folded(DECIDER, [REGISTERED]).analytics == Analytics(True)
    given(DECIDER, REGISTERED).when(TAKE_AWAY).then(GONE)
    assert folded(DECIDER, [REGISTERED, GONE]).analytics == Analytics(False, GONE.from_at)
    given(DECIDER, REGISTERED, GONE).when(BACK).then(AnalyticsDeclared(analytics=True, from_at=BACK.from_at))


def test_what_was_so_before_changes_nothing() -> None:
    given(DECIDER, REGISTERED).when(BACK).then_nothing()
    given(DECIDER, REGISTERED, GONE).when(changed(TAKE_AWAY, from_at=NOW)).then_nothing()


@pytest.mark.parametrize("later", [timedelta(0), -hours(1)])
def test_declarations_follow_each_other(later: timedelta) -> None:
    given(DECIDER, REGISTERED, GONE).when(changed(BACK, from_at=GONE.from_at + later)).then_refused(
        Invalid, says="the last declaration", field="from_at"
    )


def test_none_of_the_future_or_of_before_it_stood() -> None:
    given(DECIDER, REGISTERED).when(changed(TAKE_AWAY, from_at=NOW + hours(1))).then_refused(Invalid, field="from_at")
    before = changed(TAKE_AWAY, from_at=REGISTER.installed_at - hours(1))
    given(DECIDER, REGISTERED).when(before).then_refused(OutsideCameraLife, field="from_at")


def test_none_of_a_camera_that_is_gone_or_never_was() -> None:
    given(DECIDER, REGISTERED, CameraDecommissioned(at=NOW)).when(TAKE_AWAY).then_refused(WrongState)
    given(DECIDER).when(TAKE_AWAY).then_refused(NotFound)
