"""Pictures become rows: faces filled, a thumbnail, a vector. Batches fill across the units of a footage."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor

import msgspec
import numpy as np
from numpy.typing import NDArray

from gpu_jobs.masking import FaceMask
from gpu_jobs.overlap import in_order
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


class Embedding:
    """Embeds the pictures of units side by side; the rows do not depend on how many threads do it."""

    def __init__(self, encoder: Encoder, mask: FaceMask, threads: int) -> None:
        self._encoder, self._mask, self._threads = encoder, mask, threads

    def embed(
        self, units: Iterable[tuple[UnitSpan, list[Picture]]], spent: Spent
    ) -> Generator[tuple[UnitSpan, Embedded]]:
        """Each unit when all its pictures are embedded, in order. Adds to `spent`, from the calling thread."""
        waiting: deque[tuple[UnitSpan, int]] = deque()  # and how many pictures each has

        def batches() -> Generator[list[Picture]]:
            some: list[Picture] = []
            for span, pictures in units:
                waiting.append((span, len(pictures)))
                some += pictures
                while len(some) >= BATCH:
                    yield some[:BATCH]
                    del some[:BATCH]
            if some:
                yield some

        rows: list[Row] = []
        vectors = np.empty((0, self._encoder.manifest.dimension), np.float32)
        with ThreadPoolExecutor(self._threads) as pool:
            for batch, cost in in_order(pool, self._batch, batches(), self._threads + 1):
                for name in cost.__struct_fields__:
                    setattr(spent, name, getattr(spent, name) + getattr(cost, name))
                rows, vectors = rows + batch.rows, np.concatenate([vectors, batch.vectors])
                while waiting and waiting[0][1] <= len(rows):
                    span, count = waiting.popleft()
                    yield span, Embedded(rows[:count], vectors[:count])
                    rows, vectors = rows[count:], vectors[count:]

    def _batch(self, pictures: list[Picture]) -> tuple[Embedded, Spent]:
        start = time.thread_time()
        without_faces = [masked(one, self._mask) for one in pictures]
        filled = time.thread_time()
        rows = [_row(picture, thumbnail(image)) for picture, image in zip(pictures, without_faces, strict=True)]
        drawn = time.thread_time()
        vectors = self._encoder.embed_images(without_faces)
        spent = Spent(mask=filled - start, thumbnails=drawn - filled, embed=time.thread_time() - drawn)
        return Embedded(rows, vectors), spent


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
