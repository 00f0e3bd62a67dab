"""Is time right? Every kind of file in which it goes wrong, made anew with its true time drawn into each frame, and
the real clips, through the real decoding process.

    python -m tests.benchmarks.evaluate_time [--json]

Of the clips the truth is found by another road: which frame of the clip a sampled one is, by comparing its pixels
with those of a plain decode from the beginning; and when that frame is shown, by reading the container's tables.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import av
import msgspec
import numpy as np

from gpu_jobs.decoding import FootageFrames
from gpu_jobs.sampling import Sampling
from tests.benchmarks.container_time import shown_ms
from tests.benchmarks.real_clips import CLIPS, FOLDER
from tests.gpu_jobs.time_judge import Verdict, judge, sampled
from tests.gpu_jobs.timed_files import make_all

SAMPLINGS = {
    "usual (1 a second, keyframes where close)": Sampling(),
    "5 a second, every frame decoded": Sampling(period_seconds=0.2, keyframe_gap_seconds_max=0),
}


class Line(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    files: int
    frames: int
    worst_ms: float
    worst_in_frames: float
    gap_worst_ms: float
    silent_seconds_max: float
    wrong: tuple[str, ...]


class Clip(msgspec.Struct, frozen=True, kw_only=True):
    clip: str
    frames: int
    worst_ms: float
    step_ms: float
    alike: int  # sampled frames that look exactly like more than one of the clip: the nearest of these counts


def generated(folder: Path, sampling: Sampling) -> list[Line]:
    verdicts: dict[str, dict[str, Verdict]] = defaultdict(dict)
    for file in make_all(folder):
        verdicts[file.kind][file.path.name] = judge(file, sampled(file.path, sampling), sampling)
    return [
        Line(
            kind=kind,
            files=len(of_kind),
            frames=sum(one.frames for one in of_kind.values()),
            worst_ms=round(max(one.worst_ms for one in of_kind.values()), 3),
            worst_in_frames=round(max(one.worst_ms / one.step_ms for one in of_kind.values()), 3),
            gap_worst_ms=round(max(one.gap_worst_ms for one in of_kind.values()), 3),
            silent_seconds_max=round(max(one.silent_ms for one in of_kind.values()) / 1000, 2),
            wrong=tuple(name for name, one in of_kind.items() if not one.is_right(sampling)),
        )
        for kind, of_kind in verdicts.items()
    ]


def clip_line(clip: str, sampling: Sampling) -> Clip:
    path = FOLDER / clip
    times = shown_ms(path)
    prints: dict[int, list[int]] = defaultdict(list)
    with av.open(str(path)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            prints[hash(frame.to_ndarray(format="rgb24").tobytes())].append(number)
    errors, alike = [], 0
    with FootageFrames(path, sampling, side_px_max=4096) as footage:
        probe = footage.probe
        for frame in footage:
            at = probe.time_base.us(frame.pts - probe.start_pts) / 1000
            same = prints[hash(frame.image.tobytes())]
            alike += len(same) > 1
            errors.append(min((abs(at - times[number]) for number in same), default=float("inf")))
    return Clip(
        clip=clip,
        frames=len(errors),
        worst_ms=round(max(errors), 3),
        step_ms=round(float(np.median(np.diff(times))), 3),
        alike=alike,
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--json", action="store_true")
    options = asked.parse_args()
    av.logging.set_level(av.logging.PANIC)
    report: dict[str, dict[str, list[Line] | list[Clip]]] = {}
    for name, sampling in SAMPLINGS.items():
        with tempfile.TemporaryDirectory() as folder:
            report[name] = {"generated": generated(Path(folder), sampling)}
        report[name]["clips"] = [clip_line(clip, sampling) for clip in CLIPS] if FOLDER.is_dir() else []
    if options.json:
        print(json.dumps(msgspec.to_builtins(report), indent=1))
    else:
        _print(report)
    wrong = [line for parts in report.values() for line in parts["generated"] if isinstance(line, Line) and line.wrong]
    late = [clip for parts in report.values() for clip in parts["clips"] if isinstance(clip, Clip)
            and clip.worst_ms > clip.step_ms]  # fmt: skip
    sys.exit(1 if wrong or late else 0)


def _print(report: dict[str, dict[str, list[Line] | list[Clip]]]) -> None:
    for name, parts in report.items():
        print(f"\n{name}")
        print(f"  {'kind':24}{'files':>6}{'frames':>8}{'worst':>10}{'of a frame':>12}{'gap edges':>11}{'silent':>9}")
        for line in parts["generated"]:
            assert isinstance(line, Line)
            print(
                f"  {line.kind:24}{line.files:6}{line.frames:8}{line.worst_ms:7.1f} ms{line.worst_in_frames:12.3f}"
                f"{line.gap_worst_ms:8.1f} ms{line.silent_seconds_max:7.1f} s  {', '.join(line.wrong)}"
            )
        for clip in parts["clips"]:
            assert isinstance(clip, Clip)
            print(f"  {clip.clip:32} {clip.frames:5} frames  worst {clip.worst_ms:.3f} ms of {clip.step_ms:.1f} ms;"
                  f" {clip.alike} look like several")  # fmt: skip
        if not parts["clips"]:
            print("  the real clips: skipped, they are absent (shared/footage beside the repository)")


if __name__ == "__main__":
    main()
