"""From a footage's file to units ready to commit: decode, cut, find motion, fill faces, embed."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from typing import Self

import cv2
import msgspec

from gpu_jobs.decode_protocol import Probe
from gpu_jobs.decoding import DecodeLimits, FootageFrames, Frame
from gpu_jobs.embedding import Embedded, Embedding, Spent, UnitSpan, threads_here
from gpu_jobs.errors import Unreadable
from gpu_jobs.masking import FaceMask, Masking
from gpu_jobs.motion import Motion, shrink
from gpu_jobs.overlap import Ahead, Stopped
from gpu_jobs.pictures import Choice, Picture, pictures_of
from gpu_jobs.repeats import Repeats
from gpu_jobs.sampling import Sampling
from gpu_jobs.timeline import MICROSECONDS, Anchor
from gpu_jobs.units import Cutting, UnitCutter
from gpu_jobs.work_queue import Claim, IndexingSummary
from search_index.encoder import Encoder
from search_index.footage_unit import FootageUnit


class PipelineSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that decides, beside the model, which rows a footage gives."""

    revision: int = 2  # of the code: raised whenever equal settings would give other rows
    sampling: Sampling = Sampling()
    cutting: Cutting = Cutting()
    motion: Motion = Motion()
    masking: Masking = Masking()
    heartbeat_seconds: int = 10  # a picture of a scene in which nothing moves
    tiles_across: int = 3  # parts of it, for what is small and still; 0 for none
    repeats: Repeats = Repeats()
    frame_side_px_max: int = 1920  # larger frames are made smaller: a unit of them is held in memory

    def __post_init__(self) -> None:
        if not 1 <= self.heartbeat_seconds <= 600:
            raise ValueError(f"heartbeat_seconds: {self.heartbeat_seconds} is not within 1 and 600")
        if not 0 <= self.tiles_across <= 8:
            raise ValueError(f"tiles_across: {self.tiles_across} is not within 0 and 8")
        if not 128 <= self.frame_side_px_max <= 4096:
            raise ValueError(f"frame_side_px_max: {self.frame_side_px_max} is not within 128 and 4096")
        if self.cutting.unit_seconds / self.sampling.period_seconds > 300:
            raise ValueError(
                "cutting.unit_seconds: a unit would hold more than 300 sampled frames in memory; "
                "make it shorter or sampling.period_seconds longer"
            )

    @classmethod
    def at_rate(cls, frames_per_second: float) -> Self:
        """The usual settings with another rate of sampling."""
        period = 1 / frames_per_second
        keyframe_gap = period if frames_per_second > 1 else 2 * period  # who asks for more than is usual gets it
        return cls(
            sampling=Sampling(
                period_seconds=period,
                keyframe_gap_seconds_max=keyframe_gap,
                gap_seconds=max(Sampling().gap_seconds, 2 * period),
            )
        )

    def digest(self) -> str:
        """SHA-256 (hex) of the canonical JSON form."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()


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
        limits: DecodeLimits = DecodeLimits(),  # noqa: B008 (immutable)
        threads: int = 0,
    ) -> None:
        """`threads`: how many batches of pictures are worked on at once; 0 is one for each core."""
        self.encoder, self.settings, self.limits = encoder, settings, limits
        self.mask = mask or FaceMask(settings.masking)
        self.embedding = Embedding(encoder, self.mask, threads or threads_here())
        self.generation = encoder.manifest.digest()
        self.digest = settings.digest()
        cv2.setNumThreads(1)  # the threads here work on different pictures, which wastes nothing

    def run(self, claim: Claim, done: frozenset[int] = frozenset(), pulse: Callable[[], None] = _idle) -> IndexingRun:
        """One pass over a footage that leaves out the units in `done`. `pulse` is called every few seconds at least
        by the thread that iterates the units, and may raise to stop the work."""
        return IndexingRun(self, claim, done, pulse)


class IndexingRun:
    """The units of one footage, each ready to commit. A context; iterate `units` once.

    One thread reads frames and finds motion, several fill faces and embed, one puts units together; whoever iterates
    commits. Each waits when the next is behind.

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
            pulse=self._until_stopped,
        )
        self._open = ExitStack()
        self.timings = Timings()
        self.rows = 0
        self._done_us = self._skipped_us = 0
        self._started = time.perf_counter()

    def __enter__(self) -> Self:
        self._open.enter_context(self._frames)
        self._anchor = Anchor(self.probe.time_base, self.probe.start_pts, self._claim.recorded_at_us)
        self._ends_us = self._anchor.at_us(self.probe.end_pts)
        settings = self._pipeline.settings
        self._cutter = UnitCutter(
            self._anchor, self._ends_us, settings.cutting, lambda image: shrink(image, settings.motion.side_px)
        )
        return self

    def __exit__(self, *why: object) -> None:
        self._open.close()
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
        )
        for unit in self._cutter.cut(self._every_frame(), self._done):
            start = time.thread_time()
            pictures = pictures_of(unit, shown, choice)
            self.timings.motion += time.thread_time() - start
            span = UnitSpan(unit.number, unit.from_us, unit.to_us, unit.covered)
            del unit  # its frames go before those of the next come
            yield span, pictures
            del pictures

    def _made(self) -> Generator[FootageUnit]:
        with Ahead(self.pictures(), 1, self._stop) as units:
            for span, embedded in self._pipeline.embedding.embed(units, self.timings):
                yield self._unit(span, embedded)

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
