"""From a footage's file to units ready to commit: decode, cut, find motion, fill faces, embed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, closing
from typing import Self

import cv2
import msgspec

from gpu_jobs.decode_protocol import Probe
from gpu_jobs.decoding import DecodeLimits, FootageFrames, Frame
from gpu_jobs.detector import Detector, OnnxDetector
from gpu_jobs.embedding import Embedded, Embedding, Spent, UnitSpan
from gpu_jobs.errors import Unreadable
from gpu_jobs.masking import FaceMask
from gpu_jobs.motion import shrink
from gpu_jobs.overlap import Ahead, Room, Stopped
from gpu_jobs.pictures import Choice, Picture, pictures_of
from gpu_jobs.settings import PipelineSettings
from gpu_jobs.timeline import MICROSECONDS, Anchor
from gpu_jobs.units import UnitCutter
from gpu_jobs.work_queue import Claim, IndexingSummary
from search_index.encoder import Encoder
from search_index.footage_unit import FootageUnit

UNITS_MAX = 3  # one read, one waiting, one embedded


class Timings(Spent, kw_only=True):
    """Where the time of one footage went: seconds of the threads' processor time, of which several go on at once,
    but for those marked as passed."""

    decode: float = 0.0  # passed while waiting for frames
    decode_cpu: float = 0.0  # of the decoding process
    motion: float = 0.0
    commit: float = 0.0  # passed
    total: float = 0.0  # passed


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a footage is. `rate` is footage time per time, 2.0 being twice as fast as real time."""

    footage: str
    done_seconds: float
    total_seconds: float
    elapsed_seconds: float
    rows: int
    rate: float

    @property
    def left_seconds(self) -> float:
        return (self.total_seconds - self.done_seconds) / self.rate if self.rate else float("inf")


def _idle() -> None:
    return


class FootagePipeline:
    """One configuration and one model. Equal footage gives equal units, whatever was done before and on however many
    threads."""

    def __init__(
        self,
        encoder: Encoder,
        settings: PipelineSettings = PipelineSettings(),  # noqa: B008 (immutable)
        *,
        mask: FaceMask | None = None,
        detector: Detector | None = None,
        limits: DecodeLimits = DecodeLimits(),  # noqa: B008 (immutable)
        threads: int = 0,
        embedding: Embedding | None = None,
        room: Room | None = None,
    ) -> None:
        """`threads`: how many batches of pictures are worked on at once; 0 is one for each core. `embedding` and `room`
        are given where footages of several configurations are worked on side by side. Raises ModelUnavailable where a
        model that fills faces or finds things is missing or another one."""
        self.settings, self.limits = settings, limits
        self.mask = mask or FaceMask(settings.masking)
        self.detector = detector or (OnnxDetector(settings.detector) if settings.detector else None)
        self.embedding = embedding or Embedding(encoder, threads)
        self.room = room or Room(UNITS_MAX)
        self.generation = encoder.manifest.digest()
        self.digest = settings.digest()
        cv2.setNumThreads(1)  # the threads here work on different pictures, which wastes nothing

    def run(self, claim: Claim, done: frozenset[int] = frozenset(), pulse: Callable[[], None] = _idle) -> IndexingRun:
        """One pass over a footage that leaves out the units in `done`. `pulse` is called every few seconds at least
        by the thread that enters the run and iterates its units, and may raise to stop the work."""
        return IndexingRun(self, claim, done, pulse)


class IndexingRun:
    """The units of one footage, each ready to commit. A context; iterate `units` once.

    One thread reads frames and finds motion, one brings the pictures to be embedded and puts units together; whoever
    iterates commits. Each waits when the next is behind. What fills faces and embeds is common to all footage.

    Raises, on entering or at any unit:
        gpu_jobs.errors.FootageRefused: the file cannot be indexed, now or later.
        gpu_jobs.errors.DecodeFailed: this attempt failed.
        OSError: the file is not there, or cannot be opened.
    """

    def __init__(
        self, pipeline: FootagePipeline, claim: Claim, done: frozenset[int], pulse: Callable[[], None]
    ) -> None:
        self._pipeline, self._claim, self._done, self._pulse = pipeline, claim, done, pulse
        self._stop = threading.Event()
        self._frames = FootageFrames(
            claim.path,
            pipeline.settings.sampling,
            side_px_max=pipeline.settings.frame_side_px_max,
            limits=pipeline.limits,
            pulse=self._while_waiting,
        )
        self._opened = False
        self._open = ExitStack()
        self.timings = Timings()
        self.rows = 0
        self._done_us = self._skipped_us = 0
        self._places_taken = self._places_left = 0  # each counted by one thread
        self._started = time.perf_counter()

    def __enter__(self) -> Self:
        self._open.enter_context(self._frames)
        self._opened = True
        self._anchor = Anchor(self.probe.time_base, self.probe.start_pts, self._claim.recorded_at_us)
        self._ends_us = self._anchor.at_us(self.probe.end_pts)
        settings = self._pipeline.settings
        self._cutter = UnitCutter(
            self._anchor, self._ends_us, settings.cutting, lambda image: shrink(image, settings.motion.side_px)
        )
        return self

    def __exit__(self, *why: object) -> None:
        self._open.close()
        self._pipeline.room.give_back(self._places_taken - self._places_left)
        self.timings.total = time.perf_counter() - self._started

    @property
    def probe(self) -> Probe:
        return self._frames.probe

    def units(self) -> Iterator[FootageUnit]:
        """In order of time. Raises Unreadable where no frame of the footage was usable."""
        for unit in self._open.enter_context(Ahead(self._made(), 1, self._stop, self._pulse)):
            self._pulse()
            if not self._done_us:
                self._skipped_us = unit.from_us - self._claim.recorded_at_us
            self.rows += len(unit.rows)
            self._done_us = unit.to_us - self._claim.recorded_at_us
            yield unit
        if not self._frames.end.sent:
            raise Unreadable("no frame of the video can be placed in time; fetch it again from its source")

    def progress(self) -> Progress:
        elapsed = time.perf_counter() - self._started
        worked = max(0, self._done_us - self._skipped_us) / MICROSECONDS
        return Progress(
            footage=self._claim.footage,
            done_seconds=self._done_us / MICROSECONDS,
            total_seconds=self.probe.duration_seconds,
            elapsed_seconds=elapsed,
            rows=self.rows,
            rate=worked / elapsed,
        )

    def summary(self, *, units: int, rows: int) -> IndexingSummary:
        """What became of the footage, once every unit is committed: `units` and `rows` count those of all attempts."""
        return IndexingSummary(
            generation=self._pipeline.generation,
            pipeline=self._pipeline.digest,
            units=units,
            rows=rows,
            from_us=self._claim.recorded_at_us,
            to_us=self._ends_us,
            gaps=tuple(self._cutter.gaps),
            frames_sampled=self._frames.end.sent,
            codec=self.probe.codec,
            width=self.probe.width,
            height=self.probe.height,
            cut_off_seconds=self.probe.cut_off_seconds,
        )

    def _while_waiting(self) -> None:
        """For the decoding process: while it reads through a large file in the caller's thread, then in one of ours."""
        if self._opened:
            self._until_stopped()
        else:
            self._pulse()

    def _until_stopped(self) -> None:
        if self._stop.is_set():
            raise Stopped

    def _every_frame(self) -> Iterator[Frame]:
        for frame in self._frames:
            self._until_stopped()
            self.timings.decode = self._frames.waited_seconds
            yield frame
        self.timings.decode, self.timings.decode_cpu = self._frames.waited_seconds, self._frames.end.cpu_seconds
        self._cutter.add_gaps(self._frames.end.gaps)

    def pictures(self) -> Generator[tuple[UnitSpan, list[Picture]]]:
        """What is embedded of each unit, before faces are filled. In the thread that asks; instead of `units`."""
        settings, shown = self._pipeline.settings, (self.probe.width, self.probe.height)
        choice = Choice(
            motion=settings.motion,
            repeats=settings.repeats,
            heartbeat_seconds=settings.heartbeat_seconds,
            tiles_across=settings.tiles_across,
            detector=self._pipeline.detector,
        )
        for unit in self._cutter.cut(self._every_frame(), self._done):
            start = time.thread_time()
            span = UnitSpan(unit.number, unit.from_us, unit.to_us, unit.covered)
            made = [(span, pictures_of(unit, shown, choice))]
            self.timings.motion += time.thread_time() - start
            del unit  # its frames go before those of the next come,
            yield made.pop()  # and its pictures are kept by whoever takes them alone

    def _made(self) -> Generator[FootageUnit]:
        with Ahead(self._within_room(), 1, self._stop) as units:
            pipeline = self._pipeline
            for span, embedded in pipeline.embedding.embed(
                self._leaving(units), pipeline.mask, self.timings, self._stop
            ):
                yield self._unit(span, embedded)

    def _within_room(self) -> Generator[tuple[UnitSpan, list[Picture]]]:
        """No unit is begun before there is a place for it, which it keeps until its last picture waits for a batch."""
        with closing(self.pictures()) as units:
            while True:
                self._pipeline.room.take(self._stop)
                self._places_taken += 1
                unit = next(units, None)
                if unit is None:
                    return
                yield unit
                del unit

    def _leaving(self, units: Iterable[tuple[UnitSpan, list[Picture]]]) -> Iterator[tuple[UnitSpan, list[Picture]]]:
        for unit in units:
            yield unit
            del unit
            self._places_left += 1
            self._pipeline.room.give_back()

    def _unit(self, span: UnitSpan, embedded: Embedded) -> FootageUnit:
        return FootageUnit(
            footage=self._claim.footage,
            camera=self._claim.camera,
            number=span.number,
            generation=self._pipeline.generation,
            pipeline=self._pipeline.digest,
            fence=self._claim.fence,
            from_us=span.from_us,
            to_us=span.to_us,
            covered=span.covered,
            rows=tuple(embedded.rows),
            vectors=embedded.vectors,
        )
