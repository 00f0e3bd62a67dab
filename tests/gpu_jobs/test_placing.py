"""Which packets are placed in time: whatever was done to the counter, what is placed is on the clock of the first."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from gpu_jobs.placing import Placing
from gpu_jobs.timeline import TimeBase

BASE = TimeBase(1, 90_000)
WRAP = 1 << 33
STEP = 3600


@dataclass
class Stamped:
    pts: int | None
    dts: int | None
    duration: int | None = 0
    is_discard: bool = False
    is_keyframe: bool = False


def placed(stamps: list[int | None], container: str = "mpegts") -> list[int | None]:
    placing = Placing(BASE, container, [Stamped(pts, pts) for pts in stamps], reordered=False)
    return [placing.pts(number) for number in range(len(stamps))]


def steady(count: int, start: int = 0) -> list[int]:
    return [start + STEP * number for number in range(count)]


@given(st.integers(0, WRAP - 1), st.lists(st.integers(1, 20), min_size=2, max_size=80))
def test_a_counter_that_ran_over_is_carried_on(start: int, steps: list[int]) -> None:
    true = [start + STEP * sum(steps[:number]) for number in range(len(steps))]
    assert placed([at % WRAP for at in true]) == true


@given(st.integers(5, 30), st.integers(1, 20), st.integers(2, 10**6), st.booleans())
def test_strays_are_left_out_and_cost_no_other_packet(at: int, length: int, off: int, ahead: bool) -> None:
    true = steady(80, start=10**10)
    stamps = list(true)
    for number in range(at, at + length):
        stamps[number] += off * STEP * (1 if ahead else -1)
    found = placed(stamps)
    right = [number for number, pts in enumerate(found) if pts is not None]
    assert all(found[number] == true[number] for number in right if not at <= number < at + length)
    assert set(right) >= set(range(at)) | set(range(at + length + off * ahead, 80)) or off < length + 2


@given(st.integers(3, 40), st.integers(41, 10**6), st.integers(1, 60))
def test_after_a_clock_was_set_back_nothing_is_placed(at: int, back: int, left: int) -> None:
    true = steady(at + left, start=10**10)
    found = placed([pts - back * STEP * (number >= at) for number, pts in enumerate(true)])
    assert found == [*true[:at], *[None] * left]


def test_a_stall_is_a_stall() -> None:
    true = [*steady(20), *steady(20, start=10**7), *steady(20, start=10**9)]
    assert placed([*true]) == true


def test_a_packet_without_a_timestamp_has_that_of_decoding_where_frames_are_not_reordered() -> None:
    packets = [Stamped(0, 0), Stamped(None, STEP), Stamped(None, None), Stamped(3 * STEP, 3 * STEP)]
    times = {}
    for reordered in (False, True):
        placing = Placing(BASE, "mpegts", packets, reordered=reordered)
        times[reordered] = [placing.pts(number) for number in range(4)], placing.missing
    assert times == {False: ([0, STEP, None, 3 * STEP], 1), True: ([0, None, None, 3 * STEP], 2)}


def test_packets_after_the_last_placed_one_are_counted() -> None:
    packets = [Stamped(pts, pts) for pts in [*steady(10), *[None] * 7]]
    assert Placing(BASE, "mpegts", packets, reordered=True).unplaced_at_end == 7


def test_a_packet_lasts_no_longer_where_only_the_first_of_several_has_a_timestamp() -> None:
    of_eight = [at if number % 8 == 0 else None for number, at in enumerate(steady(38))]
    placing = Placing(BASE, "mpeg", [Stamped(pts, pts) for pts in of_eight], reordered=False)
    assert (placing.step, placing.packet_step, placing.unplaced_at_end) == (8 * STEP, STEP, 5)
    stalled = [*steady(20), *steady(20, start=10**9)]
    placing = Placing(BASE, "mpeg", [Stamped(pts, pts) for pts in stalled], reordered=False)
    assert placing.packet_step == STEP, "a stall is no frame's length"


def test_a_stream_without_packets_places_nothing() -> None:
    placing = Placing(BASE, "matroska,webm", [], reordered=False)
    assert (placing.pts(0), len(placing.shown), placing.unplaced_at_end) == (None, 0, 0)
