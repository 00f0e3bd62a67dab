"""Average precision of each question over the hand-labelled crops of the real clips (`gpu_jobs.offline_model.trials`),
each crop as the product would embed it: faces filled, then the model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gpu_jobs.masking import FaceMask
from gpu_jobs.offline_model.footage_crops import colour_shares
from gpu_jobs.offline_model.held_out import average_precision
from gpu_jobs.offline_model.solids import Picture
from gpu_jobs.offline_model.trials import REAL_QUERIES, Label, RealQuery, labelled_crops
from gpu_jobs.pictures import ready
from search_index.encoder import Encoder
from tests.benchmarks.evaluation.metrics import RESAMPLES, SEED, Figure
from tests.benchmarks.evaluation.report import OfClass

BLOCK_SECONDS = 10.0
MEAN_OF_COLOURS = "mean of the colour questions"
Scores = NDArray[np.float32]


def of_classes(footage: Path, encoder: Encoder, mask: FaceMask) -> dict[str, OfClass]:
    """Every class, and the mean over the questions that name a colour."""
    labels, crops = labelled_crops(footage)
    rows = encoder.embed_images([ready(crop, mask, whole=False) for crop in crops])
    draws = block_draws(labels)
    en = {query.name: rows @ encoder.embed_text(query.en).vector for query in REAL_QUERIES}
    uk = {query.name: rows @ encoder.embed_text(query.uk).vector for query in REAL_QUERIES}
    colours = {query.name: _histogram(query, crops) for query in REAL_QUERIES if query.colour}
    return {
        **{query.name: _of([query], labels, draws, en, uk, colours) for query in REAL_QUERIES},
        MEAN_OF_COLOURS: _of([query for query in REAL_QUERIES if query.colour], labels, draws, en, uk, colours),
    }


def _histogram(query: RealQuery, crops: Sequence[Picture]) -> Scores:
    assert query.colour is not None
    part, name = query.colour
    return np.array([colour_shares(crop, part)[name] for crop in crops], np.float32)


def _of(
    queries: Sequence[RealQuery],
    labels: Sequence[Label],
    draws: Sequence[NDArray[np.int64]],
    en: dict[str, Scores],
    uk: dict[str, Scores],
    colours: dict[str, Scores],
) -> OfClass:
    truths = [truth_of(query, labels) for query in queries]
    counted = [int((truth >= 0).sum()) for truth in truths]
    positives = [int((truth == 1).sum()) for truth in truths]
    return OfClass(
        positives=sum(positives),
        counted=sum(counted),
        chance=float(np.mean([right / all_ for right, all_ in zip(positives, counted, strict=True)])),
        en=precision([en[query.name] for query in queries], truths, draws),
        uk=precision([uk[query.name] for query in queries], truths, draws),
        colours=(
            precision([colours[query.name] for query in queries], truths, draws)
            if all(query.colour for query in queries)
            else None
        ),
    )


def truth_of(query: RealQuery, labels: Sequence[Label]) -> NDArray[np.int8]:
    """1 where a label answers the question, 0 where it does not, -1 where it does not count."""
    held = [query.holds(label) for label in labels]
    return np.array([-1 if one is None else int(one) for one in held], np.int8)


def block_draws(labels: Sequence[Label]) -> list[NDArray[np.int64]]:
    """Bootstrap resamples of the crops: blocks of `BLOCK_SECONDS` of a clip are drawn as one."""
    blocks: dict[tuple[str, int], list[int]] = {}
    for place, label in enumerate(labels):
        blocks.setdefault((label.clip, int(label.second / BLOCK_SECONDS)), []).append(place)
    members = [np.array(places) for places in blocks.values()]
    draw = np.random.default_rng(SEED)
    return [
        np.concatenate([members[one] for one in draw.integers(len(members), size=len(members))])
        for _ in range(RESAMPLES // 4)
    ]


def precision(
    scores: Sequence[Scores], truths: Sequence[NDArray[np.int8]], draws: Sequence[NDArray[np.int64]]
) -> Figure:
    """The mean over some questions of their average precision. A resample in which a question has no right crop says
    nothing of that question."""
    means = []
    for drawn in draws:
        found = [_average(one[drawn], truth[drawn]) for one, truth in zip(scores, truths, strict=True)]
        if not np.isnan(found).all():
            means.append(float(np.nanmean(found)))
    whole = [_average(one, truth) for one, truth in zip(scores, truths, strict=True)]
    low, high = np.percentile(means, (2.5, 97.5))
    return Figure(float(np.nanmean(whole)), float(low), float(high))


def _average(scores: Scores, truth: NDArray[np.int8]) -> float:
    kept, right = truth >= 0, truth == 1
    return average_precision(right[kept], scores[kept]) if right.any() else float("nan")
