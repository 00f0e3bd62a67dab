"""A corpus indexed and searched as the product does it: its pipeline, its index, its road from words to a vector."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from app.calibrating import Calibrations
from app.querying import Queries
from domain.errors import Invalid
from domain.strength import ORDER, percentile_of, strength_of, strongest
from gpu_jobs.embedding import UnitSpan
from gpu_jobs.geometry import tiles
from gpu_jobs.masking import FaceMask
from gpu_jobs.pictures import Picture
from gpu_jobs.pipeline import FootagePipeline, IndexingRun, Timings
from gpu_jobs.query_image import QueryImages
from gpu_jobs.settings import PipelineSettings
from gpu_jobs.work_queue import Claim
from search_index.answer import Answer
from search_index.encoder import Encoder
from search_index.footage_index import FootageIndex
from search_index.footage_unit import CROP, FRAME, FootageUnit
from search_index.scope import Interval, Scope
from tests.benchmarks.evaluation.metrics import DEPTH, Named
from tests.benchmarks.evaluation.questions import APART_US, RECORDED_AT_US, Corpus, Question

KINDS = (FRAME, CROP)
NO_MATCH = ORDER[0]
NAMED = 3 * DEPTH  # asked for, so that enough are left where some are taken out as unsure


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """An instant that is in the index. `motion`: the part of the picture that moves, each crop counted by itself."""

    camera: str
    at_s: float
    motion: float


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer says of itself: its best score, the best percentile of that, and whether it claims a match."""

    score: float
    percentile: float
    matches: bool


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What indexing took: processor seconds by stage, and how many frames were looked at and pictures embedded."""

    sampled: int
    rows: int
    bytes: int
    seconds: dict[str, float]

    @property
    def cpu_seconds(self) -> float:
        return sum(self.seconds.values())


class _RunOf(IndexingRun):
    """One pass that embeds pictures of some kinds only."""

    kinds: Collection[str] = KINDS

    def pictures(self) -> Generator[tuple[UnitSpan, list[Picture]]]:
        for span, pictures in super().pictures():
            yield span, [picture for picture in pictures if picture.kind in self.kinds]


class _PipelineOf(FootagePipeline):
    """The pipeline, embedding pictures of some kinds only."""

    kinds: Collection[str] = KINDS

    def run(
        self, claim: Claim, done: frozenset[int] = frozenset(), pulse: Callable[[], None] = lambda: None
    ) -> IndexingRun:
        run = _RunOf(self, claim, done, pulse)
        run.kinds = self.kinds
        return run


class Indexed:
    """A corpus in a fresh index. A context."""

    def __init__(self, corpus: Corpus, folder: Path, encoder: Encoder, mask: FaceMask) -> None:
        self.corpus, self.encoder = corpus, encoder
        self.index = FootageIndex(folder, encoder.manifest)
        self.queries = Queries(encoder, QueryImages(encoder, mask))
        self._mask = mask
        self.cameras = {film.camera: film for film in corpus.films}
        self.units: list[FootageUnit] = []
        self.sizes: dict[str, tuple[int, int]] = {}
        self.cost: Cost | None = None

    def take_in(self, settings: PipelineSettings | None = None, kinds: Collection[str] = KINDS) -> None:
        """Decode, cut, mask, embed and commit every film."""
        pipeline = _PipelineOf(self.encoder, settings or PipelineSettings(), mask=self._mask)
        pipeline.kinds = kinds
        spent: list[Timings] = []
        sampled = 0
        for film in self.corpus.films:
            with pipeline.run(film.claim()) as run:
                for unit in run.units():
                    self.commit(unit, (run.probe.width, run.probe.height))
                sampled += run.summary(units=0, rows=0).frames_sampled
            spent.append(run.timings)
        stages = ("decode_cpu", "motion", "mask", "thumbnails", "embed")
        statistics = self.index.statistics()
        self.cost = Cost(
            sampled=sampled,
            rows=statistics.rows,
            bytes=statistics.bytes,
            seconds={stage: sum(getattr(one, stage) for one in spent) for stage in stages},
        )

    def commit(self, unit: FootageUnit, size: tuple[int, int]) -> None:
        self.index.commit(unit)
        self.units.append(unit)
        self.sizes[unit.camera] = size

    def ask(self, question: Question) -> list[Named]:
        """What a search over every camera and time answers, best first; nothing where it refuses the words."""
        try:
            vector = self.queries.vector(question.text, b"", None, ()).vector
        except Invalid:
            return []
        return self.nearest(vector)

    def verdict(self, question: Question, calibrations: Calibrations) -> Verdict:
        """What a search of the usual length says of itself, as `app.searching` has it."""
        try:
            vector = self.queries.vector(question.text, b"", None, ()).vector
        except Invalid:
            return Verdict(score=-1.0, percentile=0.0, matches=False)
        yardstick, answer = calibrations.yardstick(vector, question.text), self._search(vector, DEPTH)
        bests = [moment.best for moment in answer.moments]
        percentiles = [percentile_of(yardstick.chance(best.kind, best.score)) for best in bests]
        rows = answer.coverage.rows_in_scope
        return Verdict(
            score=bests[0].score,
            percentile=max(percentiles),
            matches=strongest(strength_of(one, rows) for one in percentiles) != NO_MATCH,
        )

    def _search(self, vector: NDArray[np.float32], moments_max: int) -> Answer:
        ends_us = RECORDED_AT_US + len(self.cameras) * APART_US
        scope = Scope(frozenset(self.cameras), (Interval(RECORDED_AT_US, ends_us),))
        return self.index.search(vector, scope, moments_max=moments_max)

    def nearest(self, vector: NDArray[np.float32]) -> list[Named]:
        return [
            Named(
                camera=one.camera,
                at_s=self.second(one.camera, one.best.at_us),
                from_s=self.second(one.camera, one.from_us),
                to_s=self.second(one.camera, one.to_us),
                score=one.best.score,
            )
            for one in self._search(vector, NAMED).moments
        ]

    def second(self, camera: str, at_us: int) -> float:
        """Seconds from the start of a camera's film."""
        return (at_us - self.cameras[camera].recorded_at_us) / 1e6

    def seen(self) -> list[Seen]:
        """Every instant of which a picture is in the index, in order of camera and time."""
        return [one for unit in self.units for one in _seen(unit, self.sizes[unit.camera], self)]

    def spans(self, kinds: Collection[str] = KINDS) -> list[tuple[str, float, float]]:
        """Camera, from and to of every row of these kinds that is not a tile."""
        return [
            (unit.camera, self.second(unit.camera, row.from_us), self.second(unit.camera, row.to_us))
            for unit in self.units
            for row in unit.rows
            if row.kind in kinds and row.box not in _tiles(self.sizes[unit.camera])
        ]

    def close(self) -> None:
        self.index.close()


def _tiles(size: tuple[int, int]) -> list[object]:
    return list(tiles(*size, PipelineSettings().tiles_across))


def _seen(unit: FootageUnit, size: tuple[int, int], indexed: Indexed) -> Iterator[Seen]:
    motion: dict[int, float] = {}
    parts = _tiles(size)
    for row in unit.rows:
        moves = row.kind == CROP and row.box not in parts
        motion[row.at_us] = motion.get(row.at_us, 0.0) + moves * row.box.width * row.box.height / (size[0] * size[1])
    for at_us, share in sorted(motion.items()):
        yield Seen(camera=unit.camera, at_s=indexed.second(unit.camera, at_us), motion=share)


@contextmanager
def indexed(
    corpus: Corpus,
    folder: Path,
    encoder: Encoder,
    mask: FaceMask,
    settings: PipelineSettings | None = None,
    kinds: Collection[str] = KINDS,
) -> Iterator[Indexed]:
    """The corpus, taken in."""
    one = Indexed(corpus, folder, encoder, mask)
    try:
        one.take_in(settings, kinds)
        yield one
    finally:
        one.close()


@contextmanager
def of_kinds(whole: Indexed, folder: Path, mask: FaceMask, kinds: Collection[str]) -> Iterator[Indexed]:
    """The same rows of these kinds only: a row does not depend on what else is embedded."""
    one = Indexed(whole.corpus, folder, whole.encoder, mask)
    try:
        for unit in whole.units:
            chosen = [place for place, row in enumerate(unit.rows) if row.kind in kinds]
            rows = tuple(unit.rows[place] for place in chosen)
            one.commit(msgspec.structs.replace(unit, rows=rows, vectors=unit.vectors[chosen]), whole.sizes[unit.camera])
        yield one
    finally:
        one.close()


def median_milliseconds(one: Indexed, questions: Sequence[Question]) -> float:
    """Of a search, from words to moments."""
    spent = []
    for question in questions:
        start = time.perf_counter()
        one.ask(question)
        spent.append(time.perf_counter() - start)
    return 1000 * float(np.median(spent))
