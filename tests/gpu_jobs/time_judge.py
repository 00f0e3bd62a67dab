"""What the decoding process says of a file, compared with the time that is drawn into its frames."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from gpu_jobs.decode_protocol import End, Probe
from gpu_jobs.decoding import FootageFrames
from gpu_jobs.sampling import Sampling
from tests.gpu_jobs.drawn_time import read
from tests.gpu_jobs.timed_files import TimedFile


@dataclass(frozen=True)
class Sampled:
    """Milliseconds of the sampled frames from the recorded instant, what is drawn in each, and the gaps."""

    probe: Probe
    end: End
    frames: tuple[tuple[float, int | None], ...]
    gaps: tuple[tuple[float, float], ...]
    length_ms: float


@dataclass(frozen=True)
class Verdict:
    """Milliseconds. `silent_ms` is the longest time without a sampled frame that no gap accounts for."""

    frames: int
    unread: int  # frames whose counter could not be read
    worst_ms: float
    silent_ms: float
    gap_worst_ms: float  # of an edge of a gap that is in the file; infinite where one is not reported
    step_ms: int

    def is_right(self, sampling: Sampling) -> bool:
        return (
            self.frames > 0
            and not self.unread
            and self.worst_ms <= self.step_ms
            and self.gap_worst_ms <= self.step_ms
            and self.silent_ms <= sampling.gap_seconds * 1000 + self.step_ms
        )


def sampled(path: Path, sampling: Sampling, side_px_max: int = 1920) -> Sampled:
    with FootageFrames(path, sampling, side_px_max=side_px_max) as footage:
        probe = footage.probe

        def ms(pts: int) -> float:
            return probe.time_base.us(pts - probe.start_pts) / 1000

        frames, gaps = [], []
        for frame in footage:
            frames.append((ms(frame.pts), read(frame.image)))
            gaps += frame.gaps
        gaps += footage.end.gaps
        spans = tuple((ms(start), ms(end)) for start, end in gaps)
        return Sampled(probe, footage.end, tuple(frames), spans, ms(probe.end_pts))


def judge(file: TimedFile, got: Sampled, sampling: Sampling) -> Verdict:
    zero = file.shown_ms[0]
    errors = [abs(at - (drawn - zero)) for at, drawn in got.frames if drawn is not None]
    missing = [(a - zero, b - zero) for a, b in pairwise(file.shown_ms) if b - a > sampling.gap_seconds * 1000]
    off = [
        min((max(abs(a - start), abs(b - end)) for start, end in got.gaps), default=float("inf")) for a, b in missing
    ]
    return Verdict(
        frames=len(got.frames),
        unread=sum(drawn is None for _, drawn in got.frames),
        worst_ms=max(errors, default=float("inf")),
        silent_ms=_silent_ms(got),
        gap_worst_ms=max(off, default=0.0),
        step_ms=file.step_ms,
    )


def _silent_ms(got: Sampled) -> float:
    """Between sampled frames, from the start and to the end, without what the gaps cover."""
    edges = [0.0, *(at for at, _ in got.frames), got.length_ms]
    silent = 0.0
    for a, b in pairwise(edges):
        covered = sum(max(0.0, min(b, end) - max(a, start)) for start, end in got.gaps)
        silent = max(silent, b - a - covered)
    return silent
