"""A day of a camera: what of it is taken, and which days a footage touches."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st

from domain.camera_day import DECIDER, CameraDay, TimeFreed, TimeTaken, days_of, taken_on
from domain.ids import camera_day_id, camera_id
from tests.given import folded

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


def taken(name: str, hours: float = 1) -> TimeTaken:
    return TimeTaken(
        footage_sha256=name * 64, from_at=MIDNIGHT, to_at=MIDNIGHT + timedelta(hours=hours), uncertainty_seconds=0
    )


@pytest.mark.parametrize(
    ("from_at", "to_at", "days"),
    [
        (MIDNIGHT, MIDNIGHT + timedelta(days=1), [2]),
        (MIDNIGHT - INSTANT, MIDNIGHT, [1]),
        (MIDNIGHT - INSTANT, MIDNIGHT + INSTANT, [1, 2]),
        (MIDNIGHT, MIDNIGHT + timedelta(days=7), [2, 3, 4, 5, 6, 7, 8]),
        (MIDNIGHT, MIDNIGHT, []),
        (MIDNIGHT, MIDNIGHT - timedelta(days=2), []),
    ],
)
def test_the_days_that_a_span_touches(from_at: datetime, to_at: datetime, days: list[int]) -> None:
    assert days_of(from_at, to_at) == tuple(date(2026, 3, day) for day in days)


spans = st.tuples(st.integers(-72, 72), st.integers(1, 72)).map(
    lambda hours: (MIDNIGHT + timedelta(hours=hours[0]), MIDNIGHT + timedelta(hours=hours[0] + hours[1]))
)


@generated(spans, spans)
def test_what_overlaps_has_a_day_in_common(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> None:
    """That is why looking at a footage's own days is enough."""
    if min(one[1], other[1]) > max(one[0], other[0]):
        assert set(days_of(*one)) & set(days_of(*other))


def test_what_is_taken_and_freed() -> None:
    history = [taken("a"), taken("b"), TimeFreed(footage_sha256="a" * 64)]
    assert folded(DECIDER, history) == CameraDay((taken("b"),))
    assert folded(DECIDER, [*history, taken("c")]) == CameraDay((taken("b"), taken("c")))


def test_what_is_taken_on_two_days_counts_once() -> None:
    both = CameraDay((taken("a", hours=30),))
    assert taken_on([both, None, CameraDay((taken("a", hours=30), taken("b")))]) == (taken("a", hours=30), taken("b"))


def test_each_day_of_each_camera_is_a_stream_of_its_own() -> None:
    gate, yard = camera_id("GATE-1"), camera_id("YARD-1")
    days = [date(2026, 3, 1), date(2026, 3, 2)]
    assert len({camera_day_id(camera, day) for camera in (gate, yard) for day in days}) == 4
    assert str(camera_day_id(gate, days[0])) == "e54ff070-ad79-5f6c-9cb0-cad995b018ee"
