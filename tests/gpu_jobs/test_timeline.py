"""Time of frames: integer arithmetic, anchored to UTC; what cannot be placed is counted; which frames are sampled."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpu_jobs.sampling import Periods, Sampling
from gpu_jobs.timeline import Anchor, Gaps, Order, TimeBase, without

BASES = [TimeBase(1, 90_000), TimeBase(1, 1000), TimeBase(1001, 30_000), TimeBase(1, 12_800)]


@given(st.sampled_from(BASES), st.integers(0, 10**12), st.integers(0, 10**11))
def test_time_is_exact_to_the_microsecond(base: TimeBase, start_pts: int, steps: int) -> None:
    anchor = Anchor(base, start_pts, 1_779_000_000_000_000)
    exact = Fraction(steps * base.numerator * 10**6, base.denominator)
    assert anchor.at_us(start_pts + steps) - anchor.recorded_at_us == exact.numerator // exact.denominator


def test_first_frame_is_at_the_recorded_instant_whatever_its_timestamp() -> None:
    assert Anchor(TimeBase(1, 90_000), 7200, 5_000_000).at_us(7200) == 5_000_000


def test_frames_without_an_honest_place_in_time_are_not_used_but_counted() -> None:
    order = Order()
    assert [order.admit(pts) for pts in (0, 10, None, 10, 7, 20)] == [0, 10, None, None, None, 20]
    assert (order.missing, order.backward) == (1, 2)


def test_gaps_tolerate_decoding_order_and_are_told_once_and_not_before_they_end() -> None:
    gaps = Gaps(gap_steps=30)
    for pts in (0, 30, 10, 20, 40, 100, 80, 90, 110):
        gaps.see(pts)
    assert gaps.take(99) == ()
    assert gaps.take(100) == ((40, 100),)
    assert gaps.take(100) == ()


def test_a_blind_stretch_swallows_the_gaps_in_it() -> None:
    gaps = Gaps(gap_steps=30)
    for pts in (0, 50, 60, 100, 110, 190):
        gaps.see(pts)
    gaps.blind(60, 110)
    gaps.blind(110, 130)
    assert gaps.take(200) == ((0, 50), (60, 110), (110, 190))


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)), max_size=6))
def test_what_is_left_without_the_gaps_is_every_other_instant(pieces: list[tuple[int, int]]) -> None:
    gaps, end = [], 0
    for pause, length in pieces:
        gaps.append((end + pause, end + pause + length))
        end += pause + length
    kept = without((10, 60), gaps)
    instants = {instant for start, stop in kept for instant in range(start, stop)}
    assert instants == {i for i in range(10, 60) if not any(start <= i < stop for start, stop in gaps)}
    assert all(start < stop for start, stop in kept)


@given(
    st.floats(0.1, 5),
    st.lists(st.integers(1, 9000), min_size=1, max_size=200),
    st.integers(0, 199),
)
def test_the_frames_kept_of_a_period_do_not_depend_on_where_reading_began(
    period: float, steps: list[int], begin: int
) -> None:
    stamps = [sum(steps[: place + 1]) for place in range(len(steps))]
    base = TimeBase(1, 1000)
    whole = Periods(period, base, 0)
    kept = [pts for pts in stamps if whole.keep(pts)]
    first = stamps[min(begin, len(stamps) - 1)]
    period_us = round(period * 1e6)
    later = Periods(period, base, 0)
    again = [pts for pts in stamps if pts >= first and later.keep(pts)]
    after = [pts for pts in kept if pts * 1000 // period_us > first * 1000 // period_us]
    assert [pts for pts in again if pts * 1000 // period_us > first * 1000 // period_us] == after


@given(st.floats(0.1, 5), st.lists(st.integers(1, 9000), min_size=1, max_size=200))
def test_each_period_that_has_a_frame_gives_its_first(period: float, steps: list[int]) -> None:
    stamps = [sum(steps[: place + 1]) for place in range(len(steps))]
    periods = Periods(period, TimeBase(1, 1000), 0)
    first: dict[int, int] = {}
    for pts in stamps:
        first.setdefault(pts * 1000 // round(period * 1e6), pts)
    assert [pts for pts in stamps if periods.keep(pts)] == list(first.values())


def test_settings_of_sampling_that_would_hide_gaps_are_refused() -> None:
    with pytest.raises(ValueError, match=r"gap_seconds: 3.0 is shorter"):
        Sampling(period_seconds=5)
    with pytest.raises(ValueError, match="period_seconds: 0 is not within"):
        Sampling(period_seconds=0)
