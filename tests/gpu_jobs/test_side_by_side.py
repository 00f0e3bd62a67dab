"""Several footages at once in one worker: common batches, equal rows, bounded, and each one's fault its own."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from weakref import WeakSet

import msgspec
import numpy as np
import pytest

from gpu_jobs.embedding import BATCH, Embedding, Spent, UnitSpan
from gpu_jobs.faces import Faces
from gpu_jobs.masking import FaceMask
from gpu_jobs.overlap import Room, Stopped
from gpu_jobs.pictures import Picture
from gpu_jobs.pipeline import FootagePipeline
from gpu_jobs.settings import PipelineSettings
from gpu_jobs.units import Cutting
from gpu_jobs.work_queue import Claim
from gpu_jobs.worker import Worker
from search_index.encoder import Image, Vectors
from search_index.footage_unit import FRAME, Box, FootageUnit
from tests.fakes_gpu import ColourHistograms, EndsWithTheLast, MemoryIndex, MemoryQueue, unit_bytes
from tests.gpu_jobs.video_files import claim_of, scene, steady, write_video

SETTINGS = PipelineSettings(cutting=Cutting(unit_seconds=5, lead_in_seconds=3))
NAMES = ["a" * 64, "b" * 64, "c" * 64]
Units = list[tuple[UnitSpan, list[Picture]]]


@pytest.fixture(scope="module")
def mask() -> FaceMask:
    return FaceMask()


@pytest.fixture(scope="module")
def claims(tmp_path_factory: pytest.TempPathFactory) -> list[Claim]:
    """Footages of two, four and three units, each another scene."""
    folder, made = tmp_path_factory.mktemp("side"), []
    for name, seconds, size in zip(NAMES, (10, 20, 15), ((160, 120), (320, 240), (240, 240)), strict=True):
        path = write_video(folder / f"{name[0]}.mp4", steady(seconds, 5), lambda at, size=size: scene(at, size))
        made.append(msgspec.structs.replace(claim_of(path), footage=name, camera=name[:4]))
    return made


class Batches(ColourHistograms):
    """Remembers how many pictures came at once."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        self.sizes.append(len(images))
        return super().embed_images(images)


def pictures(first: int, count: int) -> list[Picture]:
    return [
        Picture(
            kind=FRAME,
            from_us=at,
            to_us=at,
            at_us=at,
            pts=at,
            box=Box(0, 0, 160, 120),
            image=scene(at),
            faces=Faces(scene(at), whole=True),
        )
        for at in range(first, first + count)
    ]


def embedded(embedding: Embedding, units: Iterator[tuple[UnitSpan, list[Picture]]], mask: FaceMask) -> list[Vectors]:
    made = embedding.embed(units, mask, Spent(), threading.Event())
    return [each.vectors for _, each in made]


def indexed(queue: EndsWithTheLast, index: MemoryIndex, encoder: ColourHistograms, at_once: int) -> None:
    """Until every footage of the queue has come to its end."""
    Worker(queue, index, encoder, SETTINGS, footages_at_once=at_once).run(queue.stop, poll_seconds=0.01)


def test_two_footages_fill_one_batch_and_each_gets_its_own_rows(mask: FaceMask) -> None:
    encoder, together = Batches(), threading.Event()
    embedding = Embedding(encoder, 2)

    def first() -> Iterator[tuple[UnitSpan, list[Picture]]]:
        yield UnitSpan(0, 0, 1, ()), pictures(0, 5)
        assert together.wait(60)  # it has not ended while the other brings its pictures

    def second() -> Iterator[tuple[UnitSpan, list[Picture]]]:
        yield UnitSpan(0, 0, 1, ()), pictures(100, BATCH - 5)
        together.set()

    with ThreadPoolExecutor(2) as pool:
        (one,), (other,) = pool.map(lambda units: embedded(embedding, units(), mask), (first, second))
    assert encoder.sizes == [BATCH]
    assert one.tobytes() == ColourHistograms().embed_images([each.image for each in pictures(0, 5)]).tobytes()
    assert other.tobytes() == ColourHistograms().embed_images([each.image for each in pictures(100, 11)]).tobytes()


def test_the_end_of_a_footage_does_not_wait_for_others_to_fill_its_batch(mask: FaceMask) -> None:
    embedding, ended = Embedding(Batches(), 2), threading.Event()

    def slow() -> Iterator[tuple[UnitSpan, list[Picture]]]:
        yield UnitSpan(0, 0, 1, ()), pictures(0, 3)
        assert ended.wait(60)

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(embedded, embedding, slow(), mask)
        (made,) = embedded(embedding, iter([(UnitSpan(0, 0, 1, ()), pictures(100, 4))]), mask)
        ended.set()
        assert (len(made), len(waiting.result()[0])) == (4, 3)


class FailsOn(FaceMask):
    """Cannot look at pictures."""

    def faces(self, picture: Image, *, whole: bool) -> tuple[Box, ...]:
        raise MemoryError("the picture is too much")


def test_a_picture_that_fails_ends_its_own_footage_alone(mask: FaceMask) -> None:
    embedding, both = Embedding(Batches(), 2), threading.Barrier(2, timeout=60)

    def units(first: int) -> Iterator[tuple[UnitSpan, list[Picture]]]:
        both.wait()
        yield UnitSpan(0, 0, 1, ()), pictures(first, BATCH // 2)
        both.wait()  # so they share a batch

    with ThreadPoolExecutor(2) as pool:
        good = pool.submit(embedded, embedding, units(0), mask)
        with pytest.raises(MemoryError, match="too much"):
            embedded(embedding, units(100), FailsOn())
        assert len(good.result()[0]) == BATCH // 2


def test_no_more_pictures_wait_than_may_whoever_brings_them(mask: FaceMask) -> None:
    held, seen = threading.Event(), list[int]()

    class Slow(ColourHistograms):
        def embed_images(self, images: Sequence[Image]) -> Vectors:
            seen.append(len(embedding._waiting))
            assert held.wait(60)
            return super().embed_images(images)

    embedding = Embedding(Slow(), 1)
    many: list[Units] = [[(UnitSpan(0, 0, 1, ()), pictures(100 * place, 60))] for place in range(3)]
    with ThreadPoolExecutor(3) as pool:
        made = [pool.submit(embedded, embedding, iter(units), mask) for units in many]
        threading.Timer(0.3, held.set).start()
        assert [len(each.result()[0]) for each in made] == [60] * 3
    assert max(seen) <= 2 * BATCH


def test_whoever_waits_for_a_place_is_stopped() -> None:
    room, stop = Room(1), threading.Event()
    room.take(stop)
    threading.Timer(0.05, stop.set).start()
    with pytest.raises(Stopped):
        room.take(stop)
    room.give_back()
    room.take(threading.Event())


def test_footages_side_by_side_give_the_rows_that_they_give_alone(claims: list[Claim]) -> None:
    alone, together, encoder = MemoryIndex(), MemoryIndex(), Batches()
    queue = EndsWithTheLast(*claims)
    indexed(queue, alone, ColourHistograms(), 1)
    queue = EndsWithTheLast(*claims)
    before = threading.active_count()
    indexed(queue, together, encoder, 3)
    assert threading.active_count() == before
    assert sorted((what, name) for what, name, _ in queue.ended) == [("indexed", name) for name in NAMES]
    assert len(together.units) == 9
    assert {key: unit_bytes(unit) for key, unit in together.units.items()} == {
        key: unit_bytes(unit) for key, unit in alone.units.items()
    }


def test_a_file_that_cannot_be_read_ends_alone(claims: list[Claim], tmp_path: Path) -> None:
    path = tmp_path / "notes.mp4"
    path.write_text("nothing to report\n" * 200)
    broken = msgspec.structs.replace(claims[0], footage="d" * 64, path=path)
    gone = msgspec.structs.replace(claims[0], footage="e" * 64, path=tmp_path / "gone.mp4")
    queue, index = EndsWithTheLast(broken, claims[0], gone, claims[2]), MemoryIndex()
    indexed(queue, index, ColourHistograms(), 2)
    assert {name[0]: what for what, name, _ in queue.ended} == {
        "a": "indexed", "c": "indexed", "d": "rejected", "e": "failed"
    }  # fmt: skip


class StopsWhenAllHaveOne(MemoryIndex):
    """Asks the worker to stop once two footages have a unit each, and holds the first one's up until then."""

    def __init__(self) -> None:
        super().__init__()
        self.stop = threading.Event()

    def commit(self, unit: FootageUnit) -> bool:
        done = super().commit(unit)
        if len({name for name, _ in self.units}) == 2:
            self.stop.set()
        assert self.stop.wait(60), "the other footage comes as far, too"
        return done


def test_asked_to_stop_it_commits_what_is_under_way_and_gives_every_claim_back(claims: list[Claim]) -> None:
    queue, index = MemoryQueue(claims[1], claims[2], claims[0]), StopsWhenAllHaveOne()
    Worker(queue, index, ColourHistograms(), SETTINGS, footages_at_once=2).run(index.stop, poll_seconds=0.01)
    assert sorted((what, name) for what, name, _ in queue.ended) == [("released", NAMES[1]), ("released", NAMES[2])]
    assert [claim.footage for claim in queue.waiting] == [NAMES[0]]
    for name in NAMES[1:]:  # whole units, from the first on
        assert index.committed(name) == set(range(len(index.committed(name)))) != set()


class BreaksAt(ColourHistograms):
    """Breaks at the pictures of one footage, which are square."""

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        if any(image.shape[:2] == (240, 240) for image in images):
            raise RuntimeError("out of memory on the device")
        return super().embed_images(images)


def test_a_fault_of_no_footage_is_raised_and_the_other_claims_are_given_back(claims: list[Claim]) -> None:
    queue, index = MemoryQueue(claims[2], claims[1]), MemoryIndex()
    worker = Worker(queue, index, BreaksAt(), SETTINGS, footages_at_once=2)
    with pytest.raises(RuntimeError, match="out of memory"):
        worker.run(threading.Event(), poll_seconds=0.01)
    ended = {name: (what, why) for what, name, why in queue.ended}
    assert ended[NAMES[2]] == ("failed", "runtime-error: out of memory on the device")
    assert ended[NAMES[1]][0] in ("released", "indexed")


def test_footages_that_share_a_room_keep_no_more_units_in_memory_than_it_has_places(
    claims: list[Claim], mask: FaceMask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted by what is really alive: the frames of units, while pictures are chosen, and those pictures."""
    from gpu_jobs import pipeline as module

    class Frames:
        """Lives as long as the pictures of its unit do."""

    alive: WeakSet[Frames] = WeakSet()
    most = 0
    chosen = module.pictures_of

    class Kept(list[Picture]):
        kept: Frames

    def counted(*of: object) -> list[Picture]:
        nonlocal most
        some = Kept(chosen(*of))  # type: ignore[arg-type]
        some.kept = Frames()
        alive.add(some.kept)
        most = max(most, len(alive))
        return some

    monkeypatch.setattr(module, "pictures_of", counted)
    embedding, room = Embedding(ColourHistograms(), 2), Room(2)
    pipelines = [FootagePipeline(ColourHistograms(), SETTINGS, mask=mask, embedding=embedding, room=room)] * 3

    def units_of(claim: Claim, pipeline: FootagePipeline) -> int:
        with pipeline.run(claim) as run:
            return len(list(run.units()))

    gc.disable()  # what is let go of goes at once
    try:
        with ThreadPoolExecutor(3) as pool:
            assert list(pool.map(units_of, claims, pipelines)) == [2, 4, 3]
    finally:
        gc.enable()
    assert 0 < most <= 2
    room.take(threading.Event())
    room.take(threading.Event())  # every place was given back


def test_each_claim_is_renewed(claims: list[Claim]) -> None:
    class Renewals(EndsWithTheLast):
        def __init__(self, *claims: Claim) -> None:
            super().__init__(*claims)
            self.renewed: set[str] = set()

        def renew(self, claim: Claim) -> bool:
            self.renewed.add(claim.footage)
            return super().renew(claim)

    queue = Renewals(*(msgspec.structs.replace(claim, lease_seconds=1e-6) for claim in claims))
    indexed(queue, MemoryIndex(), ColourHistograms(), 3)
    assert queue.renewed == set(NAMES)
    assert np.all([what == "indexed" for what, _, _ in queue.ended])
