"""Do percentiles stay, and do strengths mean what they say?

    python -m tests.benchmarks.evaluate_calibration [--queries 100] [--searches 1000] [--scenes 3000] [--scene-seed 71]

*Stability.* A real house with the offline model: the demonstration's films archived over HTTP and indexed, 100 fixed
queries (90 texts in both languages, 10 pictures) asked; then 1,000 other searches, and films of four other cameras
archived and indexed; then the same queries again. All percentiles of all moments must be the same.

*Meaning.* Scenes of a seed of their own, neither of training nor of the null pictures. A search is a caption asked of
N pictures drawn from them; half of the searches have every picture taken out that shows it. Told is how many of
the searches without an answer come to each strength (they are to be at most .5, .1 and .01 expected false ones: 39, 10
and 1 of a hundred searches), and how many with an answer, and with a right first hit, do. Beside it the area under
the ROC curve of answer against none, by the raw score of the first hit, by its percentile among all null pictures, by
its distance from their mean in standard deviations, and by its percentile among those that do not show what is asked.
"""

from __future__ import annotations

import argparse
import base64
import json
import logging
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import structlog
from numpy.typing import NDArray

from app.at_work import open_work
from app.calibrating import Calibrations
from app.composition import open_house
from app.demo import SEED
from app.initialising import initialise
from domain.strength import ORDER, percentile_of, strength_of
from gpu_jobs.encoders import load_encoder
from gpu_jobs.nulls import pictures as nulls
from gpu_jobs.offline_model.captions import write_caption
from gpu_jobs.offline_model.demo_footage import draw_district
from gpu_jobs.offline_model.renderer import Renderer, draw_optics, draw_view
from gpu_jobs.offline_model.scenes import Scene, draw_scene, is_true
from search_index.encoder import Encoder
from search_index.footage_unit import CROP
from tests.app.conftest import FILMED_AT, PASSWORD, House, furnish, serving

QUERY_SEED, SCENE_SEED, BACKDROPS_EACH = 4, 71, 12
LIMIT = 5
MEANT = 300  # captions asked, each with its answers and without
CAPTION_FACTS_MAX = 5
Percentiles = list[list[tuple[str, float]]]


def percentiles(house: House, authorisation: str, questions: Sequence[Mapping[str, Any]]) -> Percentiles:
    """Of each question the moments' best instants and percentiles, in rank order."""
    told = []
    for question in questions:
        found = house.done("olena", "/searches", {"authorisation": authorisation, "limit": LIMIT, **question})
        told.append([(moment["best_at"], moment["percentile"]) for moment in found["moments"]])
    return told


# stability ----------------------------------------------------------------------------------------------------------


@contextmanager
def house_with(folder: Path, encoder: Encoder) -> Iterator[House]:
    initialise(folder, password=PASSWORD)
    with serving(open_house(folder, encoder=encoder)) as house:
        furnish(house)
        yield house


def archive(house: House, films: Sequence[bytes], first: int, encoder: Encoder) -> list[str]:
    """Each film of a camera of its own, indexed. Returns the cameras' names."""
    names = [f"KYIV-{first + number}" for number in range(len(films))]
    for name, film in zip(names, films, strict=True):
        house.register_camera(name)
        assert house.upload("olena", film, name, FILMED_AT).status_code == 201
    with open_work(house.folder, encoder=encoder) as (worker, _):
        while worker.work_once():
            pass
    house.caught_up()
    return names


def texts(seed: int) -> Iterator[str]:
    """Captions in both languages, in turns."""
    rng = np.random.default_rng(seed)
    while True:
        for language in ("uk", "en"):
            yield write_caption(draw_scene(rng), language, rng)[0]


def fixed_questions(count: int) -> list[dict[str, Any]]:
    """Nine texts to one picture."""
    words, images = texts(QUERY_SEED), iter(nulls.images(CROP))
    questions: list[dict[str, Any]] = []
    for number in range(count):
        if number % 10 == 9:
            encoded = cv2.imencode(".png", cv2.cvtColor(next(images), cv2.COLOR_RGB2BGR))[1].tobytes()
            questions.append({"image": base64.b64encode(encoded).decode()})
        else:
            questions.append({"text": next(words)})
    return questions


def stability(encoder: Encoder, films: Sequence[bytes], queries: int, searches: int) -> dict[str, object]:
    questions, others = fixed_questions(queries), texts(QUERY_SEED + 1)
    with tempfile.TemporaryDirectory() as scratch, house_with(Path(scratch) / "deployment", encoder) as house:
        cameras = archive(house, films, 101, encoder)
        until = {"window_to": (FILMED_AT + timedelta(hours=1)).isoformat(), "quota": 1_000}
        ours, theirs = (house.authorise(cameras, **until) for _ in range(2))
        before = percentiles(house, ours, questions)
        started = time.perf_counter()
        percentiles(house, theirs, [{"text": next(others)} for _ in range(searches)])
        seconds = time.perf_counter() - started
        more = [film + (16).to_bytes(4) + b"free" + bytes(8) for film in films]  # other bytes, so other footage
        archive(house, more, 201, encoder)
        after = percentiles(house, ours, questions)
        rows = house.services.index.statistics().rows
    return {
        "queries": len(questions),
        "other searches": searches,
        "a search takes ms": round(1000 * seconds / max(1, searches), 1),
        "rows after": rows,
        "moments compared": sum(map(len, before)),
        "different": sum(old != new for old, new in zip(before, after, strict=True)),
    }


# meaning ------------------------------------------------------------------------------------------------------------


def roc_area(values: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    """The chance that a positive has the greater value, ties counted half."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    positives, negatives = int(positive.sum()), int((~positive).sum())
    return float((ranks[positive].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def drawn(encoder: Encoder, count: int, seed: int) -> tuple[list[Scene], NDArray[np.float32]]:
    rng, renderer = np.random.default_rng(seed), Renderer(seed, BACKDROPS_EACH)
    scenes: list[Scene] = []
    while len(scenes) < count:
        scene = draw_scene(rng)
        if scene.framing != "wide":
            scenes.append(scene)
    pictures = [renderer.draw(s, draw_view(s, BACKDROPS_EACH, rng), draw_optics(s, rng)) for s in scenes]
    return scenes, encoder.embed_images(pictures)


def asked(scenes: Sequence[Scene], count: int, seed: int) -> Iterator[tuple[str, frozenset[str]]]:
    rng, told = np.random.default_rng(seed), set[str]()
    while len(told) < count:
        scene = scenes[int(rng.integers(len(scenes)))]
        text, facts = write_caption(scene, ("uk", "en")[len(told) % 2], rng)
        if scene.framing != "empty" and len(facts) <= CAPTION_FACTS_MAX and text not in told:
            told.add(text)
            yield text, facts


def meaning(encoder: Encoder, count: int, queries: int, sizes: Sequence[int], seed: int) -> dict[str, object]:
    scenes, vectors = drawn(encoder, count, seed)
    rng = np.random.default_rng(seed + 2)
    found: dict[int, list[tuple[float, ...]]] = {size: [] for size in sizes}
    with tempfile.TemporaryDirectory() as scratch:
        calibrations = Calibrations(Path(scratch), encoder)
        null = encoder.embed_images(nulls.images(CROP))
        for text, facts in asked(scenes, queries, seed + 1):
            query = encoder.embed_text(text).vector
            yardstick = calibrations.yardstick(query, text)
            everything = calibrations.yardstick(query, "")
            scores, shows = vectors @ query, np.array([is_true(facts, scene) for scene in scenes])
            mean, deviation = float((null @ query).mean()), float((null @ query).std())
            for size in sizes:
                for taken_out in (False, True):
                    rows = rng.choice(len(scores), size, replace=False)
                    rows = rows[~shows[rows]] if taken_out else rows
                    best = rows[np.argmax(scores[rows])]
                    score = float(scores[best])
                    percentile = percentile_of(yardstick.chance(CROP, score))
                    values = score, -everything.chance(CROP, score), (score - mean) / deviation, percentile
                    strength = ORDER.index(strength_of(percentile, size))
                    found[size].append((*values, strength, shows[rows].any(), shows[best]))
    return {f"{size} pictures": _summed(np.array(rows, np.float64)) for size, rows in found.items()}


def _summed(rows: NDArray[np.float64]) -> dict[str, object]:
    strength, answer, right = rows[:, 4], rows[:, 5] > 0, rows[:, 6] > 0

    def shares(those: NDArray[np.bool_]) -> dict[str, float]:
        told = {f"{ORDER[least]} or more": round(float((strength[those] >= least).mean()), 3) for least in (1, 2, 3)}
        return {"searches": int(those.sum()), **told}

    names = "raw score", "percentile among all", "deviations", "percentile"
    return {
        "without an answer": shares(~answer),
        "with an answer": shares(answer),
        "first hit right": shares(right),
        "roc area": {name: round(roc_area(rows[:, column], answer), 3) for column, name in enumerate(names)},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--searches", type=int, default=1_000)
    parser.add_argument("--scenes", type=int, default=3_000)
    parser.add_argument("--scene-seed", type=int, default=SCENE_SEED)
    parser.add_argument("--model", default="offline")
    arguments = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    logging.getLogger("httpx").setLevel(logging.WARNING)
    encoder = load_encoder(arguments.model)
    told: dict[str, object] = {}
    if arguments.scenes:
        sizes = [size for size in (30, 300, 1_000) if size < arguments.scenes]
        told["meaning"] = meaning(encoder, arguments.scenes, MEANT, sizes, arguments.scene_seed)
        print(json.dumps(told["meaning"], indent=1), flush=True)
    if arguments.queries:
        with tempfile.TemporaryDirectory() as scratch:
            films = [script.file.read_bytes() for script in draw_district(Path(scratch), SEED)]
        told["stability"] = stability(encoder, films, arguments.queries, arguments.searches)
        print(json.dumps(told["stability"], indent=1), flush=True)


if __name__ == "__main__":
    main()
