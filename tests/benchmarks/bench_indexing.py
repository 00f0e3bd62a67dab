"""How fast each real clip is indexed, as a multiple of real time, and where the time goes.

    python -m tests.benchmarks.bench_indexing [--model offline] [--rounds 3] [--json FILE]

Every round indexes each clip into a fresh index on disk, in turns; the figures are medians over the rounds. Decoding
runs in a process of its own beside the rest, so the parts are what this process waited for or did.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

import msgspec

from gpu_jobs.encoders import load_encoder
from gpu_jobs.masking import FaceMask
from gpu_jobs.pipeline import FootagePipeline, PipelineSettings
from search_index.encoder import Encoder
from search_index.footage_index import FootageIndex
from tests.benchmarks.real_clips import CLIPS, FOLDER, claim_of

PARTS = ("decode", "motion", "mask", "embed", "thumbnails", "commit", "total")


def index_once(clip: str, encoder: Encoder, mask: FaceMask) -> dict[str, float]:
    """One clip into a fresh index: seconds of each part, of the footage, and how many rows it gave."""
    with tempfile.TemporaryDirectory() as folder, FootageIndex(Path(folder), encoder.manifest) as index:
        started = time.perf_counter()
        pipeline = FootagePipeline(encoder, PipelineSettings(), mask=mask)
        rows, commit_seconds = 0, 0.0
        with pipeline.run(claim_of(clip)) as run:
            for unit in run.units():
                committing = time.perf_counter()
                index.commit(unit)
                commit_seconds += time.perf_counter() - committing
                rows += len(unit.rows)
            filmed = run.probe.duration_seconds
        spent = msgspec.structs.asdict(run.timings)
        spent |= {"commit": commit_seconds, "total": time.perf_counter() - started, "filmed": filmed, "rows": rows}
        return spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="offline")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    if not FOLDER.is_dir():
        print("the real clips are absent: footage/ is expected beside the repository; nothing was measured")
        return
    encoder, mask = load_encoder(chosen.model), FaceMask()
    rounds = {clip: [index_once(clip, encoder, mask)] for clip in CLIPS}
    for _ in range(chosen.rounds - 1):
        for clip in CLIPS:
            rounds[clip].append(index_once(clip, encoder, mask))
    figures = {clip: _median(each) for clip, each in rounds.items()}
    print(f"{'clip':36} {'× real time':>11} {'rows':>6} " + " ".join(f"{part + ' s':>12}" for part in PARTS))
    for clip, spent in figures.items():
        rate = spent["filmed"] / spent["total"]
        print(f"{clip:36} {rate:11.1f} {spent['rows']:6.0f} " + " ".join(f"{spent[part]:12.2f}" for part in PARTS))
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=2))


def _median(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}


if __name__ == "__main__":
    main()
