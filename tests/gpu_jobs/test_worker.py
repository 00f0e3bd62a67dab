"""A worker and its claim: whole units or none, and every footage ends in one of the ways that the record knows."""

from __future__ import annotations

import threading
from pathlib import Path

import msgspec
import pytest

from gpu_jobs import decode_parent
from gpu_jobs.errors import DecodeCrashed, DecodeFailed, words_of
from gpu_jobs.pipeline import Progress
from gpu_jobs.settings import PipelineSettings
from gpu_jobs.units import Cutting
from gpu_jobs.work_queue import IndexingSummary
from gpu_jobs.worker import Worker
from search_index.encoder import Image, Vectors
from search_index.errors import StaleClaim
from search_index.footage_unit import FootageUnit
from tests.fakes_gpu import ColourHistograms, MemoryIndex, MemoryQueue, unit_bytes
from tests.gpu_jobs.video_files import claim_of, steady, write_sound, write_video

SETTINGS = PipelineSettings(cutting=Cutting(unit_seconds=5, lead_in_seconds=3))


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four units of five seconds."""
    return write_video(tmp_path_factory.mktemp("footage") / "yard.mp4", steady(20, 5))


def worker(queue: MemoryQueue, index: MemoryIndex, **more: object) -> Worker:
    return Worker(queue, index, ColourHistograms(), SETTINGS, **more)


class StopsAfter(MemoryIndex):
    """An index that asks the worker to stop once it holds so many units."""

    def __init__(self, units: int) -> None:
        super().__init__()
        self.stop = threading.Event()
        self._until = units

    def commit(self, unit: FootageUnit) -> bool:
        done = super().commit(unit)
        if len(self.units) == self._until:
            self.stop.set()
        return done


class Clock:
    """Time that passes by `step` at every look."""

    def __init__(self, step: float) -> None:
        self.now, self._step = 0.0, step

    def __call__(self) -> float:
        self.now += self._step
        return self.now


def test_footage_is_indexed_to_its_end_and_said_so(footage: Path) -> None:
    queue, index, heard = MemoryQueue(claim_of(footage)), MemoryIndex(), list[Progress]()
    assert worker(queue, index, report=heard.append).work_once()
    ((what, name, summary),) = queue.ended
    assert (what, name) == ("indexed", "f" * 64)
    assert isinstance(summary, IndexingSummary)
    assert (summary.units, summary.rows) == (4, sum(len(unit.rows) for unit in index.units.values()))
    assert index.committed("f" * 64) == {0, 1, 2, 3}
    assert [progress.done_seconds for progress in heard] == [5, 10, 15, 20]
    assert heard[-1].rows == summary.rows
    assert heard[0].rate > 0


def test_without_work_it_says_so() -> None:
    assert not worker(MemoryQueue(), MemoryIndex()).work_once()


def test_asked_to_stop_it_finishes_the_unit_and_another_worker_continues_there(footage: Path) -> None:
    whole = MemoryIndex()
    worker(MemoryQueue(claim_of(footage)), whole).work_once()
    index = StopsAfter(2)
    first = MemoryQueue(claim_of(footage))
    worker(first, index).run(index.stop)
    assert first.ended == [("released", "f" * 64, "")]
    assert index.committed("f" * 64) == {0, 1}
    second = MemoryQueue(claim_of(footage, fence=7))
    worker(second, index).work_once()
    ((what, _, summary),) = second.ended
    assert what == "indexed"
    assert isinstance(summary, IndexingSummary)
    assert (summary.units, summary.rows) == (4, sum(len(unit.rows) for unit in whole.units.values()))
    assert {key: unit_bytes(unit) for key, unit in index.units.items()} == {
        key: unit_bytes(unit) for key, unit in whole.units.items()
    }
    assert {unit.fence for unit in index.units.values()} == {1, 7}


def test_nothing_is_made_of_an_original_that_is_not_what_was_archived(footage: Path) -> None:
    queue, index = MemoryQueue(claim_of(footage)), MemoryIndex()
    queue.damages["f" * 64] = "altered"
    assert worker(queue, index).work_once()
    why = "original-damaged: the original is altered; archive the same file again, or put it back from a backup"
    assert queue.ended == [("failed", "f" * 64, why)]
    assert not index.units


class StopsAtOnce(MemoryIndex):
    """An index that asks the worker to stop before the file is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.stop = threading.Event()

    def describe(self, pipeline: str, document: bytes) -> None:
        super().describe(pipeline, document)
        self.stop.set()


def test_asked_to_stop_before_the_first_unit_it_gives_the_footage_back_at_once(footage: Path) -> None:
    index, queue = StopsAtOnce(), MemoryQueue(claim_of(footage))
    worker(queue, index).work_once(index.stop)
    assert queue.ended == [("released", "f" * 64, "")]
    assert index.committed("f" * 64) == frozenset()


def test_the_lease_is_renewed_at_its_half_life(footage: Path) -> None:
    queue = MemoryQueue(claim_of(footage, lease_seconds=20))
    clock = Clock(step=1)
    worker(queue, MemoryIndex(), clock=clock).work_once()
    assert queue.ended[0][0] == "indexed"
    assert queue.renewals == pytest.approx(clock.now / 11, abs=2)


def test_a_lost_claim_stops_the_work_and_says_nothing(footage: Path) -> None:
    queue = MemoryQueue(claim_of(footage, lease_seconds=20), lose_after=1)
    index = MemoryIndex()
    assert worker(queue, index, clock=Clock(step=6)).work_once()
    assert queue.ended == []
    assert index.committed("f" * 64) < {0, 1, 2, 3}


def test_the_lease_is_looked_after_while_a_large_file_is_read_through(
    footage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decode_parent, "_BOOT", "import time; time.sleep(60)")  # a probe says nothing until its end
    queue = MemoryQueue(claim_of(footage, lease_seconds=20), lose_after=2)
    assert worker(queue, MemoryIndex(), clock=Clock(step=11)).work_once()
    assert (queue.renewals, queue.ended) == (3, [])


def test_a_newer_claim_s_units_stop_the_older_worker(footage: Path) -> None:
    queue, index = MemoryQueue(claim_of(footage, fence=3)), MemoryIndex()
    index.fences["f" * 64] = 9
    assert worker(queue, index).work_once()
    assert queue.ended == []
    assert index.units == {}


@pytest.mark.parametrize("kind", ["empty-file", "not-a-video", "no-video-stream"])
def test_a_file_that_cannot_be_indexed_is_rejected_with_its_reason(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "file.mp4"
    if kind == "no-video-stream":
        write_sound(path)
    else:
        path.write_text("nothing to report\n" * (200 if kind == "not-a-video" else 0))
    queue = MemoryQueue(claim_of(path))
    assert worker(queue, MemoryIndex()).work_once()
    ((what, _, reason),) = queue.ended
    assert what == "rejected"
    assert str(reason).startswith(f"{kind}: the file ")


def test_a_missing_file_fails_this_attempt(tmp_path: Path) -> None:
    queue = MemoryQueue(claim_of(tmp_path / "gone.mp4"))
    assert worker(queue, MemoryIndex()).work_once()
    assert queue.ended[0][0] == "failed"
    assert queue.ended[0][2] == "file-not-found-error: No such file or directory"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (PermissionError(13, "Permission denied", "/srv/oberih/footage/ab/cd.mp4"), "Permission denied"),
        (DecodeFailed("/srv/oberih/index/catalogue.db is damaged: bad page"), "(a file) is damaged: bad page"),
        (DecodeFailed("put it at '/srv/models/x.onnx', or else"), "put it at '(a file)', or else"),
        (DecodeFailed("time base 1/90000 and/or https://example.org"), "time base 1/90000 and/or https://example.org"),
    ],
)
def test_a_reason_names_no_path(fault: Exception, words: str) -> None:
    assert words_of(fault) == words


def test_a_crash_of_the_decoder_fails_this_attempt(footage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    queue, index = MemoryQueue(claim_of(footage)), MemoryIndex()

    def crash(_: object) -> None:
        raise DecodeCrashed("the decoding process ended with signal SIGSEGV before it was done")

    monkeypatch.setattr("gpu_jobs.decoding.Decoder.message", crash)
    assert worker(queue, index).work_once()
    what, _, reason = queue.ended[0]
    assert what == "failed"
    assert reason == "decode-crashed: the decoding process ended with signal SIGSEGV before it was done"
    assert index.units == {}


OTHERWISE = msgspec.structs.replace(SETTINGS, tiles_across=0)


def test_a_claim_s_own_settings_hold_and_what_they_say_is_kept(footage: Path) -> None:
    claim = msgspec.structs.replace(claim_of(footage), settings=OTHERWISE)
    queue, index = MemoryQueue(claim), MemoryIndex()
    assert worker(queue, index).work_once()
    assert {unit.pipeline for unit in index.units.values()} == {OTHERWISE.digest()}
    assert msgspec.json.decode(index.documents[OTHERWISE.digest()], type=PipelineSettings) == OTHERWISE
    ((_, _, summary),) = queue.ended
    assert isinstance(summary, IndexingSummary)
    assert summary.pipeline == OTHERWISE.digest()


def test_units_of_other_settings_that_an_attempt_left_are_made_again(footage: Path) -> None:
    """A footage's units all come from one configuration, that of the claim which ends it."""
    index, whole = StopsAfter(2), MemoryIndex()
    worker(MemoryQueue(claim_of(footage)), index).run(index.stop)
    assert index.committed("f" * 64) == {0, 1}
    second = MemoryQueue(msgspec.structs.replace(claim_of(footage, fence=7), settings=OTHERWISE))
    worker(second, index).work_once()
    worker(MemoryQueue(msgspec.structs.replace(claim_of(footage), settings=OTHERWISE)), whole).work_once()
    assert {key: unit_bytes(unit) for key, unit in index.units.items()} == {
        key: unit_bytes(unit) for key, unit in whole.units.items()
    }
    assert {unit.fence for unit in index.units.values()} == {7}
    with pytest.raises(StaleClaim):  # whoever held the first claim adds nothing any more
        index.commit(msgspec.structs.replace(index.units["f" * 64, 0], fence=1))


class BrokenEncoder(ColourHistograms):
    """Breaks at the first blue thing: in the third unit, with whose pictures the second one shares a batch."""

    def embed_images(self, images: list[Image]) -> Vectors:
        if any((image[..., 2] > image[..., 0].astype(int) + 100).any() for image in images):
            raise RuntimeError("out of memory on the device")
        return super().embed_images(images)


def test_an_unforeseen_fault_is_on_record_and_not_swallowed(footage: Path) -> None:
    queue, index = MemoryQueue(claim_of(footage)), MemoryIndex()
    with pytest.raises(RuntimeError, match="out of memory"):
        Worker(queue, index, BrokenEncoder(), SETTINGS).work_once()
    assert queue.ended == [("failed", "f" * 64, "runtime-error: out of memory on the device")]
    assert index.committed("f" * 64) == {0}, "what was made before the fault is kept"
