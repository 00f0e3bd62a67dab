"""Pictures become rows: faces filled, a thumbnail, a vector. Batches fill across units, and across footages."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import repeat

import msgspec
import numpy as np
from numpy.typing import NDArray

from gpu_jobs.masking import FaceMask
from gpu_jobs.overlap import LOOK_SECONDS, Stopped
from gpu_jobs.pictures import Picture, masked
from gpu_jobs.thumbnails import thumbnail
from search_index.encoder import Encoder
from search_index.footage_unit import Row

BATCH = 16  # what the encoders here take in one forward pass
_THREADS_MAX = 8  # each holds a batch of pictures


class UnitSpan(msgspec.Struct, frozen=True):
    """What a unit is before it has rows."""

    number: int
    from_us: int
    to_us: int
    covered: tuple[tuple[int, int], ...]


class Spent(msgspec.Struct, kw_only=True):
    """Processor seconds of the threads that worked on pictures."""

    mask: float = 0.0
    thumbnails: float = 0.0
    embed: float = 0.0


class Embedded(msgspec.Struct, frozen=True):
    """The rows of some pictures and their vectors (len(rows), dimension)."""

    rows: list[Row]
    vectors: NDArray[np.float32]


def threads_here() -> int:
    """As many batches at once as there are cores for this process: each batch is embedded on one core."""
    return min(_THREADS_MAX, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


class _Footage:
    """The pictures of one footage on their way through an `Embedding`."""

    def __init__(self, mask: FaceMask, spent: Spent, stop: threading.Event) -> None:
        self.mask, self.spent, self.stop = mask, spent, stop
        self.ended = False  # no more pictures come: those here need not wait for a full batch
        self.failed = False  # no more pictures are wanted


class _Unit:
    """The rows of one unit, as they come."""

    def __init__(self, span: UnitSpan, pictures: int, dimension: int) -> None:
        self.span, self.missing = span, pictures
        self.rows: list[Row | None] = [None] * pictures
        self.vectors = np.empty((pictures, dimension), np.float32)
        self.fault: BaseException | None = None

    @property
    def settled(self) -> bool:
        return not self.missing or self.fault is not None

    def made(self) -> tuple[UnitSpan, Embedded]:
        if self.fault:
            raise self.fault
        return self.span, Embedded([row for row in self.rows if row is not None], self.vectors)


class _Waiting(msgspec.Struct, frozen=True):
    """A picture, and where its row belongs."""

    picture: Picture
    footage: _Footage
    unit: _Unit
    place: int


class Embedding:
    """One model for any number of footages, whose pictures fill common batches. Threads share it.

    A row depends on its picture alone, whatever shares its batch and however many threads there are. No more than
    some batches of pictures wait here, over all footages: who brings more waits. Threads live while footage is here.
    """

    def __init__(self, encoder: Encoder, threads: int = 0) -> None:
        """`threads`: how many batches are worked on at once; 0 is one for each core."""
        self.encoder, self._threads = encoder, threads or threads_here()
        self._pictures_max = (self._threads + 1) * BATCH
        self._changed = threading.Condition()  # guards all below
        self._waiting: deque[_Waiting] = deque()
        self._here: set[_Footage] = set()
        self._pool: ThreadPoolExecutor | None = None
        self._called = 0  # batches that were asked of the pool and not yet begun

    def embed(
        self, units: Iterable[tuple[UnitSpan, Sequence[Picture]]], mask: FaceMask, spent: Spent, stop: threading.Event
    ) -> Generator[tuple[UnitSpan, Embedded]]:
        """Each unit of one footage when all its pictures are embedded, in order. Adds to `spent`.

        Raises what the mask or the model raises on a picture of this footage, and Stopped once `stop` is set.
        """
        coming: deque[_Unit] = deque()
        with self._taking_part(_Footage(mask, spent, stop)) as footage:
            for span, pictures in units:
                coming.append(_Unit(span, len(pictures), self.encoder.manifest.dimension))
                for start in range(0, len(pictures), BATCH):
                    self._bring(footage, coming[-1], pictures[start : start + BATCH], start)
                    while coming and coming[0].settled:
                        yield coming.popleft().made()
                del pictures  # before the next come
                if footage.failed:
                    break
            self._end(footage)
            while coming:
                self._wait(footage, lambda: coming[0].settled)
                yield coming.popleft().made()

    @contextmanager
    def _taking_part(self, footage: _Footage) -> Iterator[_Footage]:
        with self._changed:
            if self._pool is None:
                self._pool, self._called = ThreadPoolExecutor(self._threads, thread_name_prefix="embedding"), 0
            self._here.add(footage)
        try:
            yield footage
        finally:
            with self._changed:
                self._here.remove(footage)
                self._waiting = deque(one for one in self._waiting if one.footage is not footage)
                self._changed.notify_all()
                unused, self._pool = (None, self._pool) if self._here else (self._pool, None)
            if unused:
                unused.shutdown(cancel_futures=True)

    def _bring(self, footage: _Footage, unit: _Unit, pictures: Sequence[Picture], start: int) -> None:
        with self._changed:  # held from the look to the bringing: nobody else takes the place meanwhile
            self._wait(footage, lambda: len(self._waiting) + len(pictures) <= self._pictures_max or footage.failed)
            places = range(start, start + len(pictures))
            self._waiting += map(_Waiting, pictures, repeat(footage), repeat(unit), places)
            self._call(len(self._waiting) // BATCH)

    def _end(self, footage: _Footage) -> None:
        """What is here of it fills up with what others bring until a thread is free, and then waits no longer."""
        with self._changed:
            footage.ended = True
            self._call(-(-len(self._waiting) // BATCH))

    def _call(self, batches: int) -> None:
        """Have at least so many threads look for a batch, now or when they are free."""
        assert self._pool
        while self._called < batches:
            self._called += 1
            self._pool.submit(self._look)

    def _wait(self, footage: _Footage, until: Callable[[], bool]) -> None:
        with self._changed:
            while not until():
                if footage.stop.is_set():
                    raise Stopped
                self._changed.wait(LOOK_SECONDS)

    def _look(self) -> None:
        with self._changed:
            self._called -= 1
            if len(self._waiting) < BATCH and not any(one.footage.ended for one in self._waiting):
                return
            some = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            self._changed.notify_all()
        self._batch(some)

    def _batch(self, some: list[_Waiting]) -> None:
        try:
            self._embed(some)
        except BaseException as fault:  # noqa: BLE001 (raised by whoever waits for these pictures)
            footages = {one.footage for one in some}
            if len(footages) > 1:  # whose fault it is shows when each is alone
                for each in footages:
                    self._batch([one for one in some if one.footage is each])
                return
            with self._changed:
                for one in some:
                    one.footage.failed, one.unit.fault = True, fault
                self._changed.notify_all()

    def _embed(self, some: list[_Waiting]) -> None:
        images, rows, costs = [], [], []
        for one in some:
            picture, start = one.picture, time.thread_time()
            image = masked(picture, one.footage.mask)
            filled = time.thread_time()
            rows.append(_row(picture, thumbnail(image)))
            images.append(image)
            costs.append((filled - start, time.thread_time() - filled))
        start = time.thread_time()
        vectors = self.encoder.embed_images(images)
        if len(vectors) != len(some):
            raise ValueError(f"the model made {len(vectors)} vectors of {len(some)} pictures")
        share = (time.thread_time() - start) / len(some)
        with self._changed:
            for one, row, vector, (mask, drawing) in zip(some, rows, vectors, costs, strict=True):
                one.unit.rows[one.place], one.unit.vectors[one.place] = row, vector
                one.unit.missing -= 1
                spent = one.footage.spent
                spent.mask, spent.thumbnails, spent.embed = (
                    spent.mask + mask,
                    spent.thumbnails + drawing,
                    spent.embed + share,
                )
            self._changed.notify_all()


def _row(picture: Picture, jpeg: bytes) -> Row:
    return Row(
        kind=picture.kind,
        from_us=picture.from_us,
        to_us=picture.to_us,
        at_us=picture.at_us,
        pts=picture.pts,
        box=picture.box,
        thumbnail=jpeg,
    )
