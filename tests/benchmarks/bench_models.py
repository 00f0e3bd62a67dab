"""What a pretrained model costs beside the offline one: pictures, queries, loading. Untrained weights, so speed only.

    python -m tests.benchmarks.bench_models [--rounds 3] [--pictures 64] [--architectures ViT-B-32] [--json F]

Each architecture of open_clip gets weights drawn at random, is carried into a folder with a card as a deployment
carries it, and is loaded from there in each arithmetic. All are then measured in turns on the same crops, with as many
batches at once as indexing runs; medians over the rounds. A second of processor time is what the run itself was given,
whoever else uses the machine: compare by it where others do. "Loading" holds every file against its digest first,
"of it checking" is how long that alone takes. A query is of one sentence, and of the five of the catalogue's
multilingual models.
"""

from __future__ import annotations

import argparse
import json
import logging
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from gpu_jobs.embedding import BATCH, threads_here
from gpu_jobs.encoders import load_encoder
from gpu_jobs.models.card import checked
from gpu_jobs.models.carrying import Terms, carry
from gpu_jobs.models.catalogue import BOTH
from gpu_jobs.models.templates import WithTemplates
from search_index.encoder import Encoder, Image
from tests.benchmarks.machine import taken

Figures = dict[str, float]
WORDS = "a boy in a red jacket"


def draw(architecture: str, folder: Path) -> str:
    """Weights at random, carried: what a setting names them by."""
    import open_clip
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(5)
    logging.disable(logging.WARNING)  # open_clip warns that the weights are random
    network = open_clip.create_model(architecture)
    logging.disable(logging.NOTSET)
    file = folder / "weights.safetensors"
    save_file({name: tensor.contiguous() for name, tensor in network.state_dict().items()}, file)
    terms = Terms(licence="none: drawn at random", intended_use="speed only")
    carry(f"{architecture}:{file}", folder / architecture, terms=terms)
    file.unlink()
    return f"local-dir:{folder / architecture}"


def crops(count: int) -> list[Image]:
    """Of the sizes that crops of people and cars have."""
    draw = np.random.default_rng(4)
    sizes = draw.integers(40, 260, (count, 2))
    return [draw.integers(0, 255, (*size, 3)).astype(np.uint8) for size in sizes]


def pictures(encoder: Encoder, some: list[Image]) -> Figures:
    batches = [some[start : start + BATCH] for start in range(0, len(some), BATCH)]
    with taken() as spent, ThreadPoolExecutor(threads_here()) as pool:
        made = sum(len(rows) for rows in pool.map(encoder.embed_images, batches))
    return {"pictures/s": made / spent.wall, "pictures/cpu s": made / spent.cpu}


def queries(encoder: Encoder) -> Figures:
    def milliseconds(ask: Callable[[str], object]) -> float:
        with taken() as spent:
            ask(WORDS)
        return spent.cpu * 1e3

    several = WithTemplates(encoder, BOTH)
    return {
        "query cpu ms": milliseconds(encoder.embed_text),
        f"{len(BOTH)} sentences": milliseconds(several.embed_text),
    }


def loading(model: str, precision: str) -> tuple[Encoder, Figures]:
    start = time.perf_counter()
    if model.startswith("local-dir:"):
        checked(Path(model.removeprefix("local-dir:")))
    between = time.perf_counter()
    encoder = load_encoder(model, precision)
    return encoder, {"loading s": time.perf_counter() - between, "of it checking": between - start}


def measure(architectures: list[str], count: int, rounds: int) -> dict[str, Figures]:
    some = crops(count)
    with tempfile.TemporaryDirectory() as folder:
        named = {"offline": ("offline", "float32")}
        for architecture in architectures:
            model = draw(architecture, Path(folder))
            named |= {f"{architecture} {each}": (model, each) for each in ("float32", "bfloat16")}
        loaded = {name: loading(*each) for name, each in named.items()}
        for encoder, _ in loaded.values():
            encoder.embed_images(some[:BATCH])  # the first pass only warms up
            encoder.embed_text(WORDS)
        turns: dict[str, list[Figures]] = {name: [] for name in loaded}
        for _ in range(rounds):
            for name, (encoder, _) in loaded.items():
                turns[name].append({**pictures(encoder, some), **queries(encoder)})
    return {
        name: {key: statistics.median(turn[key] for turn in each) for key in each[0]} | loaded[name][1]
        for name, each in turns.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pictures", type=int, default=64)
    parser.add_argument("--architectures", default="ViT-B-32", help="of open_clip, with commas between them")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    report = measure(chosen.architectures.split(","), chosen.pictures, chosen.rounds)
    columns = list(report["offline"])
    print(f"\nweights drawn at random, {chosen.pictures} crops, {threads_here()} batches of {BATCH} at once")
    print(" " * 28 + " ".join(f"{name:>14}" for name in columns))
    for name, figures in report.items():
        print(f"{name:28}" + " ".join(f"{figures[column]:14.2f}" for column in columns), flush=True)
    for name in list(report)[1:]:
        share = report["offline"]["pictures/cpu s"] / report[name]["pictures/cpu s"]
        print(f"{name}: {share:.0f} times the processor time of the offline model for a picture")
    if chosen.json:
        chosen.json.write_text(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
