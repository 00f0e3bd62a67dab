"""How fast footage is indexed, where the time goes, what it takes of the machine, and what it is beside the encoder.

    python -m tests.benchmarks.bench_indexing [--model offline] [--rounds 3] [--full-rounds 1] [--hours 0.2 [--small]]
        [--clip vtest.avi] [--only clips,together,full,memory] [--peer PYTHON] [--json F]

1. Each real clip as a multiple of real time, into a fresh index on disk; medians over the rounds, in turns. Stages are
   processor time (several go on at once) for each sampled frame, and of masking and embedding for each picture; busy
   is the share that the run used of the processor time that nobody else on the machine used.
2. All clips, twice, put before one worker at once, which holds one, two and three of them at a time.
   Wanted is the share of the cores for which there was work, whoever else used them.
3. One clip with a full-size model, ViT-B-32 with weights drawn at random: the whole pipeline beside the encoder alone
   on the same batches, which wait in memory, faces filled, on as many threads. In turns; medians of the ratios, of
   passed time and of processor time (which does not mind what else the machine does).
4. Peak memory of all processes together for one and for four minutes of generated footage, and for --hours of it. One
   minute is one unit; while one is embedded the next is read, so the plateau begins with the second. With --small the
   frames are 320 × 180 and somebody moves for 3 s of each minute, so that six hours (--hours 6) take minutes.

5. With --peer PYTHON, the interpreter of an environment of its own in which clip-video-encode imports (its docstring
   in peer_clip_video_encode.py tells how): the same clip and the same full-size model through both, in turns. The peer
   embeds every frame, whole, unmasked; Oberih one a second with crops and tiles, faces filled, and commits them.
"""

from __future__ import annotations

import argparse
import json
import logging
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import numpy as np

from gpu_jobs.decoding import probe
from gpu_jobs.embedding import BATCH, threads_here
from gpu_jobs.encoders import load_encoder
from gpu_jobs.masking import FaceMask
from gpu_jobs.pipeline import FootagePipeline
from gpu_jobs.work_queue import Claim
from gpu_jobs.worker import Worker
from search_index.encoder import Encoder, Image, Manifest, Vectors
from search_index.footage_index import FootageIndex
from tests.benchmarks.long_footage import write_long_footage
from tests.benchmarks.machine import PeakMemory, Wanted, taken
from tests.benchmarks.real_clips import CLIPS, FOLDER, claim_of
from tests.fakes_gpu import EndsWithTheLast

FULL_SIZE = "ViT-B-32"
Figures = dict[str, float]


def index_once(claim: Claim, encoder: Encoder, mask: FaceMask) -> Figures:
    """One footage into a fresh index: passed seconds, processor milliseconds a frame or picture, and shares."""
    with tempfile.TemporaryDirectory() as folder, FootageIndex(Path(folder), encoder.manifest) as index:
        rows, commit_seconds = 0, 0.0
        with taken() as spent, FootagePipeline(encoder, mask=mask).run(claim) as run:
            for unit in run.units():
                start = time.perf_counter()
                index.commit(unit)
                commit_seconds += time.perf_counter() - start
                rows += len(unit.rows)
            frames = run.summary(units=0, rows=rows).frames_sampled
        times, filmed = run.timings, run.probe.duration_seconds
    return {
        "× real time": filmed / spent.wall,
        "seconds": spent.wall,
        "cpu s": spent.cpu,
        "frames": frames,
        "pictures": rows,
        "decode ms/frame": times.decode_cpu / frames * 1e3,
        "motion ms/frame": times.motion / frames * 1e3,
        "mask ms/picture": times.mask / rows * 1e3,
        "thumbnail ms/picture": times.thumbnails / rows * 1e3,
        "embed ms/picture": times.embed / rows * 1e3,
        "commit s": commit_seconds,
        "busy": spent.busy,
    }


class Keeping:
    """An encoder that keeps the batches that it is given."""

    def __init__(self, model: Encoder) -> None:
        self._model = model
        self.batches: list[Sequence[Image]] = []

    @property
    def manifest(self) -> Manifest:
        return self._model.manifest

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        self.batches.append(images)
        return np.eye(1, self.manifest.dimension, dtype=np.float32).repeat(len(images), axis=0)


def draw_full_size(folder: Path) -> str:
    """The name of a full-size model with random weights, written to `folder`."""
    import open_clip
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(5)
    logging.disable(logging.WARNING)  # open_clip warns that the weights are random
    network = open_clip.create_model(FULL_SIZE)
    logging.disable(logging.NOTSET)
    file = folder / "weights.safetensors"
    save_file({name: tensor.contiguous() for name, tensor in network.state_dict().items()}, file)
    return f"{FULL_SIZE}:{file}"


def encoder_alone(encoder: Encoder, batches: list[Sequence[Image]]) -> Figures:
    with taken() as spent, ThreadPoolExecutor(threads_here()) as pool:
        pictures = sum(len(rows) for rows in pool.map(encoder.embed_images, batches))
    return {"pictures/s": pictures / spent.wall, "pictures/cpu s": pictures / spent.cpu, "busy": spent.busy}


def beside_the_encoder(clip: str, mask: FaceMask, rounds: int) -> Iterator[tuple[str, Figures]]:
    """For each arithmetic: the pipeline as a share of the encoder alone, by passed and by processor time, medians."""
    with tempfile.TemporaryDirectory() as folder:
        model = draw_full_size(Path(folder))
        for precision in ("float32", "bfloat16"):
            encoder = load_encoder(model, precision)
            keeping = Keeping(encoder)
            index_once(claim_of(clip), keeping, mask)
            encoder_alone(encoder, keeping.batches[:4])
            turns = [
                (encoder_alone(encoder, keeping.batches), index_once(claim_of(clip), encoder, mask))
                for _ in range(rounds)
            ]
            median = _median([whole for _, whole in turns])
            median["alone pictures/s"] = statistics.median(alone["pictures/s"] for alone, _ in turns)
            for share, passed, rate in (("share", "seconds", "pictures/s"), ("cpu share", "cpu s", "pictures/cpu s")):
                median[share] = statistics.median(
                    whole["pictures"] / whole[passed] / alone[rate] for alone, whole in turns
                )
            yield precision, median
        yield "auto", {"became bfloat16": float(load_encoder(model, "auto").manifest.precision == "bfloat16")}


def together(encoder: Encoder, footages_at_once: int) -> Figures:
    """Every clip twice through one worker, into one index."""
    clips = [claim_of(clip) for clip in CLIPS]
    again = [msgspec.structs.replace(claim, footage=claim.footage[::-1], camera=f"{claim.camera} 2") for claim in clips]
    queue = EndsWithTheLast(*clips, *again)
    filmed = 2 * sum(probe(claim.path).duration_seconds for claim in clips)

    with tempfile.TemporaryDirectory() as folder, FootageIndex(Path(folder), encoder.manifest) as index:
        worker = Worker(queue, index, encoder, footages_at_once=footages_at_once)
        with PeakMemory() as memory, Wanted() as wanted, taken() as spent:
            worker.run(queue.stop, poll_seconds=0.05)
        assert {what for what, _, _ in queue.ended} == {"indexed"}
        return {
            "× real time": filmed / spent.wall,
            "seconds": spent.wall,
            "cpu s": spent.cpu,
            "pictures": index.statistics().rows,
            "busy": spent.busy,
            "wanted": wanted.share,
            "peak MiB": memory.bytes / (1 << 20),
        }


def beside_a_peer(clip: str, mask: FaceMask, python: Path, rounds: int) -> dict[str, Figures]:
    """Pictures that each embeds a second, the loading of the model left out."""
    turns: dict[str, list[Figures]] = {"Oberih": [], "clip-video-encode": []}
    with tempfile.TemporaryDirectory() as folder:
        model = draw_full_size(Path(folder))
        encoder, script = load_encoder(model), Path(__file__).with_name("peer_clip_video_encode.py")
        own = [str(python), str(script), str(FOLDER / clip), *model.split(":")]
        for _ in range(rounds):
            ours = index_once(claim_of(clip), encoder, mask)
            answer = subprocess.run(own, check=True, capture_output=True, text=True).stdout.splitlines()[-1]
            theirs = json.loads(answer)
            figures = {"pictures": ours["pictures"], "seconds": ours["seconds"]}
            turns["Oberih"].append({**figures, "pictures/s": ours["pictures"] / ours["seconds"]})
            seconds = theirs["seconds"] - theirs["loading"]
            figures = {"pictures": theirs["pictures"], "seconds": seconds}
            turns["clip-video-encode"].append({**figures, "pictures/s": theirs["pictures"] / seconds})
    return {name: _median(each) for name, each in turns.items()}


def peak_memory(minutes: int, model: str, small: bool) -> Figures:
    """In a process of its own: what is indexed before leaves its marks."""
    own = ["--peak-of", str(minutes), "--model", model, *(["--small"] if small else [])]
    answer = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.bench_indexing", *own],
        check=True,
        capture_output=True,
        text=True,
    )
    figures: Figures = json.loads(answer.stdout)
    return figures


def _peak(minutes: int, model: str, small: bool) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.mp4"
        write_long_footage(path, minutes, (320, 180), 3) if small else write_long_footage(path, minutes)
        claim = msgspec.structs.replace(claim_of(CLIPS[0]), path=path, footage="f" * 64)
        encoder = load_encoder(model)
        with PeakMemory() as memory:
            figures = index_once(claim, encoder, FaceMask())
        return {"peak MiB": memory.bytes / (1 << 20), "file MiB": path.stat().st_size / (1 << 20), **figures}


def _median(rounds: list[Figures]) -> Figures:
    return {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}


def _print(title: str, lines: dict[str, Figures]) -> None:
    print(f"\n{title}")
    names = list(next(iter(lines.values())))
    print(" " * 32 + " ".join(f"{name:>{max(8, len(name))}}" for name in names))
    for name, figures in lines.items():
        cells = (f"{figures.get(column, float('nan')):{max(8, len(column))}.2f}" for column in names)
        print(f"{name:32}" + " ".join(cells), flush=True)


def measure(chosen: argparse.Namespace) -> dict[str, dict[str, Figures]]:
    parts, report = chosen.only.split(","), dict[str, dict[str, Figures]]()
    encoder, mask = load_encoder(chosen.model), FaceMask()
    if "clips" in parts or "together" in parts:
        index_once(claim_of(CLIPS[1]), encoder, mask)
    if "clips" in parts:
        rounds: dict[str, list[Figures]] = {clip: [] for clip in CLIPS}
        for _ in range(chosen.rounds):
            for clip in CLIPS:
                rounds[clip].append(index_once(claim_of(clip), encoder, mask))
        report["clips"] = {clip: _median(each) for clip, each in rounds.items()}
        _print(f"{chosen.model} model, {threads_here()} batches of {BATCH} at once", report["clips"])
    if "together" in parts:
        turns = [{at_once: together(encoder, at_once) for at_once in (1, 2, 3)} for _ in range(chosen.rounds)]
        names = {1: "one footage at a time", 2: "two at a time", 3: "three at a time"}
        report["together"] = {name: _median([turn[count] for turn in turns]) for count, name in names.items()}
        _print("every clip twice before one worker", report["together"])
    if "full" in parts:
        report["full size"] = dict(beside_the_encoder(chosen.clip, mask, chosen.full_rounds))
        auto = "bfloat16" if report["full size"].pop("auto")["became bfloat16"] else "float32"
        _print(f"{FULL_SIZE}, random weights, {chosen.clip}", report["full size"])
        print(f"precision auto becomes {auto} here; on a GPU: not measured")
    if chosen.peer:
        report["peer"] = beside_a_peer(chosen.clip, mask, chosen.peer, chosen.full_rounds)
        _print(f"beside a peer, {FULL_SIZE}, {chosen.clip}", report["peer"])
    else:
        print("\nbeside a peer: not installed; give the interpreter of its environment with --peer")
    if "memory" in parts:
        lengths = (1, 4, round(60 * chosen.hours))
        report["memory"] = {f"{length} min": peak_memory(length, chosen.model, chosen.small) for length in lengths}
        _print("memory", report["memory"])
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="offline")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--full-rounds", type=int, default=1, help="of the full-size model, a minute and a half each")
    parser.add_argument("--hours", type=float, default=0.2, help="length of the long file")
    parser.add_argument("--small", action="store_true", help="small frames in the long file")
    parser.add_argument("--only", default="clips,together,full,memory", help="parts, with commas between them")
    parser.add_argument("--clip", default=CLIPS[0], help="for the full-size model")
    parser.add_argument("--peer", type=Path, help="interpreter of an environment in which clip-video-encode imports")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--peak-of", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if not FOLDER.is_dir():
        print("the real clips are absent: footage/ is expected beside the repository; nothing was measured")
    elif chosen.peak_of:
        print(json.dumps(_peak(chosen.peak_of, chosen.model, chosen.small)))
    else:
        report = measure(chosen)
        if chosen.json:
            chosen.json.write_text(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
