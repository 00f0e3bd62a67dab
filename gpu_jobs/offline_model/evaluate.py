"""Measures a set of offline weights: `python -m gpu_jobs.offline_model.evaluate [--footage DIR] [--prototype DIR]`.

Held-out rendered scenes, by our renderer and by the research prototype's where its folder is given, hand-labelled
crops of the real clips (where they are at hand), search by example on them, and text search over the demonstration
district. `--against` names other open_clip weights to measure in the same run; `--write` keeps the figures in the
weights' `training.json`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import open_clip
import torch
from PIL import Image
from torch.nn import functional

from gpu_jobs.colours import colours_of
from gpu_jobs.models.files import is_mirrored
from gpu_jobs.models.mirroring import looked_at
from gpu_jobs.offline_model.demo_footage import draw_district, queries
from gpu_jobs.offline_model.footage_crops import colour_shares
from gpu_jobs.offline_model.query import OfflineQueries
from gpu_jobs.offline_model.retrieval import (
    Score,
    attribute_figures,
    colour_scores,
    picture_figures,
    text_figures,
)
from gpu_jobs.offline_model.solids import Picture
from gpu_jobs.offline_model.test_sets import TestSet, own_set, prototype_set
from gpu_jobs.offline_model.trials import (
    EmbedCrops,
    RealQuery,
    Rows,
    by_example,
    chance_of,
    district_recall,
    labelled_crops,
    real_scores,
)

WEIGHTS = Path(__file__).parent / "weights"
HELD_OUT_SEED = 12  # the training's own, plus one


class Weights:
    """open_clip weights from a folder, as functions from pictures and texts to unit rows."""

    def __init__(self, folder: Path) -> None:
        where, bpe_path = f"local-dir:{folder}", str((folder / "bpe.txt.gz").resolve())
        self.model, _, self.preprocess = open_clip.create_model_and_transforms(where)
        self.model.eval()
        self.tokenizer = open_clip.get_tokenizer(where, bpe_path=bpe_path)
        self.mirrored = is_mirrored(folder)

    @torch.inference_mode()  # type: ignore[untyped-decorator]
    def embed_crops(self, crops: Sequence[Picture]) -> Rows:
        pixels = [self.preprocess(Image.fromarray(crop)) for crop in crops]
        batches = (torch.stack(pixels[i : i + 64]) for i in range(0, len(pixels), 64))
        parts = [looked_at(self.model, batch, mirrored=self.mirrored) for batch in batches]
        return np.asarray(functional.normalize(torch.cat(parts).float(), dim=-1).numpy())

    @torch.inference_mode()  # type: ignore[untyped-decorator]
    def embed_texts(self, texts: Sequence[str]) -> Rows:
        rows = self.model.encode_text(self.tokenizer(list(texts))).float()
        return np.asarray(functional.normalize(rows, dim=-1).numpy())

    def embed_text(self, text: str) -> Rows:
        return np.asarray(self.embed_texts([text])[0])


def _facts_or_text(weights: Weights, known: OfflineQueries, text: str) -> Rows:
    vector, _ = known.query_vector(text)
    return weights.embed_text(text) if vector is None else vector


def real_figures(footage: Path, weights: Weights, known: OfflineQueries, against: Path | None) -> dict[str, object]:
    """Average precision on the labelled crops, by each way of asking."""
    labels, crops = labelled_crops(footage)
    rows = weights.embed_crops(crops)

    def histogram(query: RealQuery) -> Rows | None:
        if query.colour is None:
            return None
        part, name = query.colour
        return np.array([colour_shares(crop, part)[name] for crop in crops], np.float32)

    ways: dict[str, Callable[[str], Rows]] = {
        "facts": lambda text: rows @ _facts_or_text(weights, known, text),
        "text": lambda text: rows @ weights.embed_text(text),
    }
    if against is not None:
        other = Weights(against)
        theirs = other.embed_crops(crops)
        ways["other text"] = lambda text: theirs @ other.embed_text(text)
    figures: dict[str, object] = {"positives": chance_of(labels), "histogram": real_scores(labels, histogram)}
    for name, scores in ways.items():
        figures[f"{name} en"] = real_scores(labels, partial(_asked_in, scores, "en"))
        figures[f"{name} uk"] = real_scores(labels, partial(_asked_in, scores, "uk"))
    return figures


def _asked_in(scores: Callable[[str], Rows], language: str, query: RealQuery) -> Rows:
    return scores(query.en if language == "en" else query.uk)


def district_figures(weights: Weights, known: OfflineQueries, seed: int) -> dict[str, dict[str, float]]:
    """Recall over the demonstration district, drawn into a scratch folder."""
    with tempfile.TemporaryDirectory() as scratch:
        district = draw_district(Path(scratch), seed)
        ways: dict[str, Callable[[str], Rows]] = {
            "facts": lambda text: _facts_or_text(weights, known, text),
            "text": weights.embed_text,
        }
        return district_recall(district, queries(district), weights.embed_crops, ways)


def held_out_figures(
    scenes: TestSet, weights: Weights, known: OfflineQueries, against: Path | None
) -> dict[str, dict[str, dict[str, float]]]:
    """Recall by caption, attributes and search by another picture of the scene, each beside its baselines."""

    def as_searched(texts: Sequence[str]) -> Rows:
        return np.stack([_facts_or_text(weights, known, text) for text in texts])

    rows = weights.embed_crops(list(scenes.now))
    ways: dict[str, Score] = {
        "as searched": lambda texts: as_searched(texts) @ rows.T,
        "text tower": lambda texts: weights.embed_texts(texts) @ rows.T,
        "colour histogram": colour_scores(list(scenes.now)),
    }
    embeddings: dict[str, EmbedCrops] = {
        "model": weights.embed_crops,
        "colour histogram": lambda crops: colours_of([np.ascontiguousarray(crop) for crop in crops]),
    }
    if against is not None:
        other = Weights(against)
        theirs = other.embed_crops(list(scenes.now))
        ways["other text tower"] = lambda texts: other.embed_texts(texts) @ theirs.T
        embeddings["other model"] = other.embed_crops
    return {
        "text": text_figures(scenes, ways),
        "attributes": attribute_figures(scenes, ways),
        "picture": picture_figures(scenes, embeddings),
    }


def table(figures: dict[str, object]) -> str:
    """The real-crop figures as one row for each query."""
    columns = {name: column for name, column in figures.items() if isinstance(column, dict)}
    names = [*next(iter(columns.values())), "mean of colours"]
    lines = [f"{'':22}" + "".join(f"{name:>15}" for name in columns)]
    lines += [f"{n:22}" + "".join(f"{column.get(n) or '-':>15}" for column in columns.values()) for n in names]
    return "\n".join(lines)


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--footage", type=Path, help="folder of the real clips")
    parser.add_argument("--prototype", type=Path, help="folder of the research prototype's renderer and captions")
    parser.add_argument("--against", type=Path, help="other open_clip weights")
    parser.add_argument("--held-out", type=int, default=1000, help="held-out scenes; 0 for none")
    parser.add_argument("--district-seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="keep the figures in training.json")
    arguments = parser.parse_args(argv)
    torch.set_num_threads(2)
    weights, known = Weights(arguments.weights), OfflineQueries.load(arguments.weights)
    evaluation: dict[str, object] = {}
    if arguments.footage:
        evaluation["real crops"] = figures = real_figures(arguments.footage, weights, known, arguments.against)
        print(table(figures), flush=True)
        clips = sorted(p for p in arguments.footage.iterdir() if p.suffix in (".avi", ".mp4"))
        evaluation["by example"] = by_example(clips, weights.embed_crops)
        print(json.dumps(evaluation["by example"]), flush=True)
    evaluation["district"] = district_figures(weights, known, arguments.district_seed)
    print(json.dumps(evaluation["district"], indent=1), flush=True)
    if arguments.held_out:
        sets = [own_set(HELD_OUT_SEED, arguments.held_out)]
        sets += [prototype_set(arguments.prototype, arguments.held_out)] if arguments.prototype else []
        for scenes in sets:
            evaluation[scenes.name] = found = held_out_figures(scenes, weights, known, arguments.against)
            print(scenes.name, json.dumps(found, indent=1), flush=True)
    if arguments.write:
        path = arguments.weights / "training.json"
        record = json.loads(path.read_text()) | {"evaluation": evaluation}
        path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
