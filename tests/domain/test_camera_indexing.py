"""What may be chosen for a camera's footage: in ranges that indexing itself takes, one choice upon the other."""

from __future__ import annotations

from typing import Any

import pytest

from domain.camera import DECIDER, CameraDecommissioned
from domain.camera_indexing import ConfigureIndexing, IndexingConfigured
from domain.errors import Invalid, NotFound
from tests.domain.examples import GATE, NOW, REGISTER
from tests.given import given

REGISTERED = DECIDER.decide(None, REGISTER)[0]
FAST = IndexingConfigured(frames_per_second=2.0, masked_heads="upright")


def configure(**chosen: Any) -> ConfigureIndexing:
    return ConfigureIndexing(camera=GATE, **chosen)


def test_what_is_not_named_stays_and_what_is_named_replaces_it() -> None:
    given(DECIDER, REGISTERED).when(configure(frames_per_second=2.0, masked_heads="upright")).then(FAST)
    kept = IndexingConfigured(frames_per_second=5.0, masked_heads="upright", merge_repeats=False)
    given(DECIDER, REGISTERED, FAST).when(configure(frames_per_second=5.0, merge_repeats=False)).then(kept)
    given(DECIDER, REGISTERED, FAST).when(configure(tiles_across=0, defaults=True)).then(
        IndexingConfigured(tiles_across=0)
    )
    given(DECIDER, REGISTERED, FAST).when(configure(defaults=True)).then(IndexingConfigured())


def test_the_same_choice_again_changes_nothing() -> None:
    given(DECIDER, REGISTERED, FAST).when(configure(masked_heads="upright")).then_nothing()
    given(DECIDER, REGISTERED).when(configure(defaults=True)).then_nothing()


def test_a_camera_that_is_gone_may_be_configured_for_footage_that_is_indexed_anew() -> None:
    gone = CameraDecommissioned(at=NOW)
    given(DECIDER, REGISTERED, gone).when(configure(heartbeat_seconds=600)).then(
        IndexingConfigured(heartbeat_seconds=600)
    )
    given(DECIDER).when(configure(tiles_across=1)).then_refused(NotFound)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("frames_per_second", 0.0),
        ("frames_per_second", 5.1),
        ("frames_per_second", float("nan")),
        ("heartbeat_seconds", 0),
        ("heartbeat_seconds", 601),
        ("tiles_across", -1),
        ("tiles_across", 9),
        ("masked_heads", "none"),
    ],
)
def test_what_indexing_would_not_take_is_refused(field: str, value: object) -> None:
    given(DECIDER, REGISTERED).when(configure(**{field: value})).then_refused(Invalid, field=field)


def test_a_choice_of_nothing_is_refused() -> None:
    given(DECIDER, REGISTERED).when(configure()).then_refused(Invalid, says="nothing is chosen")
