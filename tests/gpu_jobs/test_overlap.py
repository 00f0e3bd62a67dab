"""What goes on side by side within a footage: in order, within bounds, stopped at once, and no row other for it."""

from __future__ import annotations

import threading
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from gpu_jobs.embedding import BATCH, Embedding, Spent, UnitSpan
from gpu_jobs.faces import Faces
from gpu_jobs.masking import FaceMask
from gpu_jobs.overlap import Ahead, Stopped
from gpu_jobs.pictures import Picture
from gpu_jobs.pipeline import FootagePipeline
from gpu_jobs.settings import PipelineSettings
from gpu_jobs.units import Cutting
from search_index.encoder import Image, Vectors
from search_index.footage_unit import FRAME, Box
from tests.fakes_gpu import ColourHistograms, unit_bytes
from tests.gpu_jobs.video_files import claim_of, scene, steady, write_video


@pytest.fixture(scope="module")
def mask() -> FaceMask:
    return FaceMask()


class Counted:
    """A generator of numbers that knows how many it has given."""

    def __init__(self, until: int) -> None:
        self.given, self.closed, self._until = 0, False, until

    def numbers(self) -> Generator[int]:
        try:
            while self.given < self._until:
                self.given += 1
                yield self.given
        finally:
            self.closed = True


def test_items_come_in_order_and_never_more_than_allowed_ahead() -> None:
    source = Counted(50)
    with Ahead(source.numbers(), 3, threading.Event()) as ahead:
        for taken, number in enumerate(ahead, 1):
            assert number == taken
            assert source.given <= taken + 4  # three waiting, one in hand
    assert source.given == 50


def test_left_before_the_end_nothing_goes_on() -> None:
    source, stop = Counted(10**9), threading.Event()
    with Ahead(source.numbers(), 2, stop) as ahead:
        assert next(iter(ahead)) == 1
    assert stop.is_set()
    assert source.closed
    assert source.given <= 4


def test_a_fault_is_raised_where_the_items_are_taken_after_those_before_it() -> None:
    def two_then_fault() -> Generator[int]:
        yield from (1, 2)
        raise OSError("the disk is gone")

    with Ahead(two_then_fault(), 5, threading.Event()) as ahead:
        items = iter(ahead)
        assert [next(items), next(items)] == [1, 2]
        with pytest.raises(OSError, match="the disk is gone"):
            next(items)


def test_who_waits_is_called_meanwhile_and_may_stop_it() -> None:
    held = threading.Event()

    def slow() -> Generator[int]:
        held.wait(60)
        yield 1

    def no_more() -> None:
        held.set()
        raise KeyError("the claim was lost")

    with pytest.raises(KeyError), Ahead(slow(), 1, threading.Event(), no_more) as ahead:
        list(ahead)


def test_a_stop_from_elsewhere_ends_the_waiting() -> None:
    stop = threading.Event()

    def until_stopped() -> Generator[int]:
        stop.wait(60)
        yield from ()
        raise Stopped

    threading.Timer(0.05, stop.set).start()
    with Ahead(until_stopped(), 1, stop) as ahead, pytest.raises(Stopped):
        list(ahead)


class Batches(ColourHistograms):
    """Remembers how many pictures came at once."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def embed_images(self, images: list[Image]) -> Vectors:
        self.sizes.append(len(images))
        return super().embed_images(images)


def picture(at: int) -> Picture:
    image = scene(at)
    box = Box(0, 0, image.shape[1], image.shape[0])
    return Picture(
        kind=FRAME, from_us=at, to_us=at, at_us=at, pts=at, box=box, image=image, faces=Faces(image, whole=True)
    )


@pytest.mark.parametrize("threads", [1, 3])
def test_batches_fill_across_units_and_every_unit_gets_its_own_rows(mask: FaceMask, threads: int) -> None:
    counts, encoder = [3, 1, 30, 2, 2, 16, 5], Batches()
    starts = np.cumsum([0, *counts])
    units = [
        (UnitSpan(number, 0, 1, ()), [picture(int(start) + place) for place in range(count)])
        for number, (start, count) in enumerate(zip(starts, counts, strict=False))
    ]
    spent = Spent()
    made = list(Embedding(encoder, threads).embed(iter(units), mask, spent, threading.Event()))
    assert sorted(encoder.sizes, reverse=True) == [BATCH] * 3 + [sum(counts) - 3 * BATCH]
    assert [(span.number, len(embedded.rows)) for span, embedded in made] == list(enumerate(counts))
    assert [row.at_us for _, embedded in made for row in embedded.rows] == list(range(sum(counts)))
    alone = ColourHistograms().embed_images([one.image for _, pictures in units for one in pictures])
    assert np.concatenate([embedded.vectors for _, embedded in made]).tobytes() == alone.tobytes()
    assert min(spent.mask, spent.thumbnails, spent.embed) > 0


def test_the_detector_sees_the_same_whoever_looks_beside_it(mask: FaceMask) -> None:
    """Equal bits from any thread: rows must not depend on how many there are."""
    some = [scene(at, (160 + 32 * (at % 3), 240)) for at in range(12)]
    one_by_one = [mask.heat(image, whole=False).tobytes() for image in some]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda image: mask.heat(image, whole=False).tobytes(), some * 3))
    assert together == one_by_one * 3


def test_rows_are_the_same_on_one_thread_and_on_many(tmp_path: Path, mask: FaceMask) -> None:
    clip = write_video(tmp_path / "yard.mp4", steady(20, 5))
    settings = PipelineSettings(cutting=Cutting(unit_seconds=5, lead_in_seconds=3))
    made = []
    for threads in (1, 2, 5):
        pipeline = FootagePipeline(ColourHistograms(), settings, mask=mask, threads=threads)
        with pipeline.run(claim_of(clip)) as run:
            made.append([unit_bytes(unit) for unit in run.units()])
    assert len(made[0]) == 4
    assert made[0] == made[1] == made[2]


@pytest.mark.footage
def test_real_rows_are_the_same_on_one_thread_and_on_many(footage_folder: Path, mask: FaceMask) -> None:
    clip = footage_folder / "car-detection.mp4"
    made = []
    for threads in (1, 3):
        with FootagePipeline(ColourHistograms(), mask=mask, threads=threads).run(claim_of(clip)) as run:
            made.append([unit_bytes(unit) for unit in run.units()])
    assert made[0]
    assert made[0] == made[1]


def test_whoever_leaves_in_the_middle_leaves_no_thread_behind(tmp_path: Path, mask: FaceMask) -> None:
    before = threading.active_count()
    clip = write_video(tmp_path / "yard.mp4", steady(30, 5))
    settings = PipelineSettings(cutting=Cutting(unit_seconds=2, lead_in_seconds=1))
    with FootagePipeline(ColourHistograms(), settings, mask=mask).run(claim_of(clip)) as run:
        next(run.units())
    assert threading.active_count() == before
