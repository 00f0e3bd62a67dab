"""Do clips show what they say? Every kind of file in which time goes wrong, cut on keyframes and exactly, against the
time that is drawn into each frame; and what cutting a part of the real clips costs.

    python -m tests.benchmarks.evaluate_clips [--json]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import msgspec

from gpu_jobs.clipping import cut
from gpu_jobs.decoding import probe
from gpu_jobs.errors import NoKeyframeWithin, NotCopyable
from tests.benchmarks.real_clips import CLIPS, FOLDER
from tests.gpu_jobs.clip_judge import Asked, clip_of, faults, usual
from tests.gpu_jobs.timed_files import TimedFile, make_all


class Line(msgspec.Struct, frozen=True, kw_only=True):
    mode: str
    files: int
    right: int
    refused: dict[str, int]  # with the mend: to cut exactly
    worst_ms: float  # between the time that a clip gives a frame and the time that is drawn into it
    worst_in_frames: float
    wrong: tuple[str, ...]


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    clip: str
    mode: str
    asked_seconds: float
    took_seconds: float
    share_of_bytes: float  # clip's bytes a second, of the original's


def evaluated(files: list[TimedFile], out: Path, *, exact: bool) -> Line:
    refused: Counter[str] = Counter()
    wrong, right, worst_ms, worst_frames = [], 0, 0.0, 0.0
    for file in files:
        asked = usual(file, exact=exact)
        try:
            seen = clip_of(file.path, asked, out, file.shown_ms[0])
        except (NotCopyable, NoKeyframeWithin) as refusal:
            refused[type(refusal).__name__] += 1
            continue
        found = faults(file, asked, seen)
        off_ms = max((abs(told - true) for told, true in seen.frames if true is not None), default=0.0)
        worst_ms, worst_frames = max(worst_ms, off_ms), max(worst_frames, off_ms / file.step_ms)
        right += not found
        wrong += [f"{file.path.name}: {each}" for each in found]
    mode = "exact" if exact else "lossless"
    return Line(mode=mode, files=len(files), right=right, refused=dict(refused), worst_ms=worst_ms,
                worst_in_frames=worst_frames, wrong=tuple(wrong))  # fmt: skip


def cost(path: Path, out: Path, *, exact: bool) -> Cost:
    length = probe(path).duration_seconds
    asked = Asked(int(length * 300), int(length * 600), exact=exact, bytes_max=1 << 30)
    start = time.perf_counter()
    with out.open("w+b", buffering=0) as file:
        made = cut(path, asked.request(), file)
    took = time.perf_counter() - start
    seconds = (made.to_us - made.from_us) / 1e6
    share = made.size_bytes / seconds / (path.stat().st_size / length)
    return Cost(clip=path.name, mode="exact" if exact else "lossless", asked_seconds=round(length * 0.3, 1),
                took_seconds=round(took, 2), share_of_bytes=round(share, 2))  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args().json
    with tempfile.TemporaryDirectory() as folder:
        files, out = make_all(Path(folder), large=False), Path(folder) / "clip"
        lines = [evaluated(files, out, exact=exact) for exact in (False, True)]
        there = [FOLDER / name for name in CLIPS if (FOLDER / name).exists()]
        costs = [cost(path, out, exact=exact) for path in there for exact in (False, True)]
    document = msgspec.to_builtins({"clips": lines, "cost": costs})
    if as_json:
        print(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        for line in (*document["clips"], *document["cost"]):
            print("  ".join(f"{name}: {value}" for name, value in line.items()))
    return 1 if any(line.wrong for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
