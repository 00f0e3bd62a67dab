"""A unit is a pure function of footage and configuration: equal rows whoever makes it, in whatever order."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpu_jobs.decoding import Frame
from gpu_jobs.pipeline import FootagePipeline
from gpu_jobs.settings import PipelineSettings
from gpu_jobs.timeline import Anchor, TimeBase
from gpu_jobs.units import Cutting, UnitCutter, UnitFrames
from search_index.footage_unit import FootageUnit
from tests.fakes_gpu import ColourHistograms, unit_bytes
from tests.gpu_jobs.video_files import RECORDED_AT_US, claim_of, scene, steady, write_video

ANCHOR = Anchor(TimeBase(1, 1000), 500, RECORDED_AT_US)


def frames_at(stamps: list[int]) -> list[Frame]:
    """Frames whose pixels tell their timestamp."""
    return [Frame(pts, np.full((2, 2, 3), pts % 251, np.uint8), ()) for pts in stamps]


def cut(stamps: list[int], cutting: Cutting, done: frozenset[int] = frozenset()) -> dict[int, UnitFrames]:
    ends_us = ANCHOR.at_us(stamps[-1]) + 1
    cutter = UnitCutter(ANCHOR, ends_us, cutting, lambda image: image[:1, :1].copy())
    return {unit.number: unit for unit in cutter.cut(frames_at(stamps), done)}


def facts(unit: UnitFrames) -> tuple[object, ...]:
    return (
        (unit.from_us, unit.to_us, unit.covered),
        [int(small[0, 0, 0]) for small in unit.lead_in],
        [(frame.at_us, frame.pts, frame.image.shape, int(frame.small[0, 0, 0])) for frame in unit.frames],
    )


@given(
    steps=st.lists(st.integers(1, 30_000), min_size=1, max_size=60),
    unit_seconds=st.integers(1, 20),
    lead_in_seconds=st.integers(0, 45),
    draw=st.data(),
)
def test_a_unit_is_the_same_whichever_others_are_made(
    steps: list[int], unit_seconds: int, lead_in_seconds: int, draw: st.DataObject
) -> None:
    stamps = [500, *itertools.accumulate(steps, initial=500)][1:]
    cutting = Cutting(unit_seconds=unit_seconds, lead_in_seconds=lead_in_seconds)
    whole = cut(stamps, cutting)
    done = frozenset(draw.draw(st.sets(st.sampled_from(sorted(whole)))))
    rest = cut(stamps, cutting, done)
    assert set(rest) == set(whole) - done
    for number, unit in rest.items():
        assert facts(unit) == facts(whole[number])


@given(steps=st.lists(st.integers(1, 30_000), min_size=1, max_size=60), lead_in_seconds=st.integers(0, 45))
def test_every_frame_is_in_one_unit_and_lead_ins_reach_back_as_far_as_told(
    steps: list[int], lead_in_seconds: int
) -> None:
    stamps = list(itertools.accumulate(steps, initial=500))
    units = cut(stamps, Cutting(unit_seconds=10, lead_in_seconds=lead_in_seconds))
    assert [frame.pts for unit in units.values() for frame in unit.frames] == stamps
    for unit in units.values():
        start = unit.from_us
        before = [pts for pts in stamps if start - lead_in_seconds * 1_000_000 <= ANCHOR.at_us(pts) < start]
        assert [int(small[0, 0, 0]) for small in unit.lead_in] == [pts % 251 for pts in before]
        assert all(unit.from_us <= frame.at_us < unit.to_us for frame in unit.frames)


def test_gaps_are_cut_out_of_what_a_unit_covers() -> None:
    stamps = [500, 1500, 7500, 8500]
    frames = frames_at(stamps)
    frames[2] = Frame(7500, frames[2].image, ((1600, 7500),))
    cutter = UnitCutter(ANCHOR, ANCHOR.at_us(8600), Cutting(unit_seconds=60), lambda image: image)
    (unit,) = cutter.cut(frames, frozenset())
    second = 1_000_000
    assert unit.covered == (
        (RECORDED_AT_US, RECORDED_AT_US + 1_100_000),
        (RECORDED_AT_US + 7 * second, RECORDED_AT_US + 8_100_000),
    )
    assert cutter.gaps == [(RECORDED_AT_US + 1_100_000, RECORDED_AT_US + 7 * second)]


SETTINGS = PipelineSettings(cutting=Cutting(unit_seconds=10, lead_in_seconds=5))


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """35 seconds at a varying rate with a stall over the end of the second unit."""
    instants = [at for at in steady(35, 7.9) if not 18.5 < at < 23.2]
    return write_video(tmp_path_factory.mktemp("footage") / "yard.mp4", instants, scene, keyframe_seconds=100)


def made(path: Path, done: frozenset[int] = frozenset()) -> dict[int, FootageUnit]:
    with FootagePipeline(ColourHistograms(), SETTINGS).run(claim_of(path), done) as run:
        return {unit.number: unit for unit in run.units()}


@pytest.fixture(scope="module")
def units(footage: Path) -> dict[int, FootageUnit]:
    return made(footage)


@pytest.mark.parametrize("done", [{0}, {1, 3}])
def test_rows_are_equal_bit_by_bit_after_a_restart(
    footage: Path, units: dict[int, FootageUnit], done: set[int]
) -> None:
    rest = made(footage, frozenset(done))
    assert set(rest) == set(units) - done
    for number, unit in rest.items():
        assert unit_bytes(unit) == unit_bytes(units[number])


def test_gap_over_a_unit_s_end_is_in_neither_unit_s_coverage(units: dict[int, FootageUnit]) -> None:
    start, second = RECORDED_AT_US, 1_000_000
    first, last = units[1].covered, units[2].covered
    assert len(first) == 1
    assert len(last) == 1
    assert (first[0][0], last[0][1]) == (start + 10 * second, start + 30 * second)
    assert start + 18 * second < first[0][1] < start + 18.6 * second
    assert start + 23 * second < last[0][0] < start + 23.5 * second
