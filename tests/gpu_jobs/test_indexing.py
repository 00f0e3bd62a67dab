"""From a file to committed units: the same rows by any road, a claim that is lost, a file that is poison."""

from __future__ import annotations

import itertools
import threading
from pathlib import Path

import numpy as np
import pytest

from gpu_jobs.pipeline import FootagePipeline, PipelineSettings
from gpu_jobs.worker import Worker
from search_index.footage_unit import CROP, FRAME, FootageUnit
from tests.fakes_gpu import ColourHistograms, MemoryIndex, MemoryQueue, unit_bytes
from tests.gpu_jobs.video_files import RECORDED_AT_US, claim_of, steady, write_sound, write_video

SECONDS = 150


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Longer than two units of footage."""
    return write_video(tmp_path_factory.mktemp("films") / "film.mp4", steady(SECONDS, 5))


@pytest.fixture(scope="module")
def units(film: Path) -> list[FootageUnit]:
    with FootagePipeline(ColourHistograms(), PipelineSettings()).run(claim_of(film)) as run:
        return list(run.units())


def test_units_cover_the_footage_without_a_hole(units: list[FootageUnit]) -> None:
    assert [unit.number for unit in units] == [0, 1, 2]
    assert units[0].from_us == RECORDED_AT_US
    for one, next_one in itertools.pairwise(units):
        assert one.to_us == next_one.from_us
    covered = sum(end - start for unit in units for start, end in unit.covered)
    assert abs(covered - SECONDS * 1_000_000) < 1_500_000


def test_what_moves_becomes_crops_of_its_colour(units: list[FootageUnit]) -> None:
    red = ColourHistograms().embed_text("red").vector
    first = [
        (row, float(vector @ red))
        for row, vector in zip(units[0].rows, units[0].vectors, strict=True)
        if row.kind == CROP and 2 <= (row.at_us - RECORDED_AT_US) / 1e6 < 8
    ]
    assert len(first) >= 5
    assert all(score > 0.4 for _, score in first), "a crop round the red thing is mostly red"
    for row, _ in first:
        part = ((row.at_us - RECORDED_AT_US) / 1e6) % 10 / 10
        assert row.box.x <= part * 140 + 10 <= row.box.x + row.box.width + 10
    assert any(row.kind == FRAME for row in units[0].rows)
    assert all(row.thumbnail[:2] == b"\xff\xd8" for unit in units for row in unit.rows)


def test_any_worker_in_any_order_makes_the_same_unit(film: Path, units: list[FootageUnit]) -> None:
    pipeline = FootagePipeline(ColourHistograms(), PipelineSettings())
    for done in ({0}, {1}, {0, 1}, {0, 2}):
        with pipeline.run(claim_of(film, fence=7), frozenset(done)) as run:
            made = {unit.number: unit for unit in run.units()}
        assert set(made) == {0, 1, 2} - done
        for number, unit in made.items():
            assert unit_bytes(unit) == unit_bytes(units[number])


def test_a_worker_continues_where_another_stopped(film: Path, units: list[FootageUnit]) -> None:
    index, stop = MemoryIndex(), threading.Event()
    first = Worker(MemoryQueue(claim_of(film)), index, ColourHistograms(), report=lambda _: stop.set())
    assert first.work_once(stop)
    assert index.committed("f" * 64) == {0}, "told to stop, it finishes the unit under way and no more"
    queue = MemoryQueue(claim_of(film, fence=2))
    assert Worker(queue, index, ColourHistograms()).work_once()
    assert [(what, footage) for what, footage, _ in queue.ended] == [("indexed", "f" * 64)]
    assert [unit_bytes(index.units["f" * 64, number]) for number in range(3)] == [unit_bytes(unit) for unit in units]


def test_a_lost_claim_ends_the_work_and_nothing_is_said_of_it(film: Path) -> None:
    queue = MemoryQueue(claim_of(film, lease_seconds=0.0), lose_after=0)
    index = MemoryIndex()
    assert Worker(queue, index, ColourHistograms()).work_once()
    assert queue.ended == []
    assert len(index.units) < 3


def test_a_superseded_worker_commits_nothing_more(film: Path) -> None:
    index = MemoryIndex()
    index.fences["f" * 64] = 9
    queue = MemoryQueue(claim_of(film, fence=3))
    assert Worker(queue, index, ColourHistograms()).work_once()
    assert (index.units, queue.ended) == ({}, [])


@pytest.mark.parametrize("kind", ["empty", "text", "sound"])
def test_a_file_that_cannot_be_indexed_is_rejected_with_its_reason(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "file.mp4"
    if kind == "sound":
        write_sound(path)
    else:
        path.write_bytes(b"" if kind == "empty" else b"not a video at all\n" * 99)
    queue = MemoryQueue(claim_of(path))
    assert Worker(queue, MemoryIndex(), ColourHistograms()).work_once()
    ((what, _, why),) = queue.ended
    assert what == "rejected"
    assert ": " in str(why)


def test_a_missing_file_fails_this_attempt_only(tmp_path: Path) -> None:
    queue = MemoryQueue(claim_of(tmp_path / "absent.mp4"))
    assert Worker(queue, MemoryIndex(), ColourHistograms()).work_once()
    assert [what for what, _, _ in queue.ended] == ["failed"]
    assert not Worker(MemoryQueue(), MemoryIndex(), ColourHistograms()).work_once()


def test_vectors_are_unit_vectors_one_a_row(units: list[FootageUnit]) -> None:
    for unit in units:
        assert unit.vectors.shape == (len(unit.rows), ColourHistograms().manifest.dimension)
        assert np.allclose(np.linalg.norm(unit.vectors, axis=1), 1, atol=1e-5)
