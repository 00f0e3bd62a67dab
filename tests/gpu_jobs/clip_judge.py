"""Clips of files whose frames show their time: what the clip says of itself, compared with what is drawn in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from gpu_jobs.clipping import Clip, cut
from gpu_jobs.decode_protocol import ClipRequest
from gpu_jobs.frame_sending import Counts, decoded
from tests.gpu_jobs.drawn_time import read
from tests.gpu_jobs.timed_files import TimedFile

RECORDED_AT_US = 1_772_438_400_000_000


@dataclass(frozen=True)
class Asked:
    """Milliseconds from the footage's first frame."""

    from_ms: int
    to_ms: int
    within_from_ms: int = -3_600_000
    within_to_ms: int = 3_600_000
    exact: bool = False
    bytes_max: int = 1 << 28

    def request(self) -> ClipRequest:
        return ClipRequest(
            recorded_at_us=RECORDED_AT_US,
            from_us=RECORDED_AT_US + self.from_ms * 1000,
            to_us=RECORDED_AT_US + self.to_ms * 1000,
            within_from_us=RECORDED_AT_US + self.within_from_ms * 1000,
            within_to_us=RECORDED_AT_US + self.within_to_ms * 1000,
            exact=self.exact,
            title="a test",
            bytes_max=self.bytes_max,
        )


def usual(file: TimedFile, *, exact: bool) -> Asked:
    """The middle of a file, of which less than all may leave."""
    length = file.shown_ms[-1] - file.shown_ms[0] + file.step_ms
    if len(file.shown_ms) < 5:
        return Asked(-10, length + 5000, exact=exact)
    return Asked(
        length * 35 // 100 + 30, length * 70 // 100 + 30, length * 12 // 100 + 10, length * 88 // 100 + 10, exact
    )


@dataclass(frozen=True)
class Seen:
    """Milliseconds from the footage's first frame: the bounds that were told, and of each frame of the clip the time
    that the clip gives it and the time that is drawn into it."""

    clip: Clip
    from_ms: float
    to_ms: float
    frames: tuple[tuple[float, int | None], ...]
    rotation: int


def clip_of(path: Path, asked: Asked, out: Path, zero_ms: int = 0) -> Seen:
    with out.open("w+b", buffering=0) as file:
        clip = cut(path, asked.request(), file)
    start = (clip.from_us - RECORDED_AT_US) / 1000
    frames, rotation = [], 0
    with av.open(str(out)) as container:
        stream = container.streams.video[0]
        assert not container.streams.audio
        first: float | None = None
        for frame in decoded(stream, container.demux(stream), Counts()):
            at = float(frame.pts * stream.time_base) * 1000
            first = at if first is None else first
            rotation = round(frame.rotation / 90) * 90 % 360
            picture = np.rot90(frame.to_ndarray(format="rgb24"), rotation // 90)
            drawn = read(picture)
            frames.append((start + at - first, None if drawn is None else drawn - zero_ms))
    return Seen(clip, start, (clip.to_us - RECORDED_AT_US) / 1000, tuple(frames), rotation)


def faults(file: TimedFile, asked: Asked, seen: Seen) -> list[str]:
    """What is wrong with a clip; nothing where it is right."""
    zero, step = file.shown_ms[0], file.step_ms
    shown = [at - zero for at in file.shown_ms]
    drawn = [at for _, at in seen.frames]
    found = []
    if None in drawn or not drawn:
        return ["a frame shows no counter"]
    worst = max(abs(told - true) for told, true in seen.frames if true is not None)
    if worst > step:
        found.append(f"a frame is off by {worst:.0f} ms")
    # the last packets of a file that was cut off are not whole; which frames of this one have no time is not known
    loses = 2 if file.kind in ("cut off", "AVI") else 4 if file.path.name == "missing-PTS-with-b.ts" else 0
    if abs(len(drawn) - seen.clip.frames) > loses:
        found.append(f"{len(drawn)} frames, {seen.clip.frames} were told")
    if any(not asked.within_from_ms - 0.5 <= at < asked.within_to_ms + 0.5 for at in drawn if at is not None):
        found.append("a frame lies outside of what may leave")
    lower, upper = (asked.from_ms, asked.to_ms) if asked.exact else (seen.from_ms, seen.to_ms)
    lower, upper = max(lower, asked.within_from_ms), min(upper, asked.within_to_ms)
    if file.kind == "cut off":
        upper = min(upper, seen.to_ms)
    expected = [at for at in shown if lower - 0.5 <= at < max(upper - 0.5, 0.1)]
    if abs(len(expected) - len(drawn)) > loses or not expected:
        found.append(f"{len(drawn)} frames, {len(expected)} lie there")
    elif max(abs(drawn[0] - expected[0]), abs(drawn[-1] - expected[-1])) > step:  # type: ignore[operator]
        found.append(f"{drawn[0]}–{drawn[-1]} instead of {expected[0]}–{expected[-1]}")
    if not seen.to_ms > drawn[-1] or seen.to_ms > asked.within_to_ms + 0.5:  # type: ignore[operator]
        found.append(f"it is said to end at {seen.to_ms}")
    return found
