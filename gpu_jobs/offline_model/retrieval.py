"""How well embeddings find the scenes of a test set: by caption, by single attributes, by another picture of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_jobs.offline_model.captions import adjective
from gpu_jobs.offline_model.held_out import recalls
from gpu_jobs.offline_model.palette import COLOUR_NAMES, COLOURS
from gpu_jobs.offline_model.reading import parse_query
from gpu_jobs.offline_model.test_sets import TestSet
from gpu_jobs.offline_model.vocabulary import UK_COLOURS

Rows = NDArray[np.float32]
Score = Callable[[Sequence[str]], Rows]  # of queries (Q,) for the pictures of a test set (N,): (Q, N)
_EN_KINDS = ("person", "car", "van", "bus", "truck", "person on a bicycle", "motorcycle", "person on a scooter", "dog")
_UK_KINDS = (
    *("людина", "машина", "фургон", "автобус", "вантажівка"),
    *("людина на велосипеді", "мотоцикл", "людина на самокаті", "собака"),
)


def _uk(colour: str, form: str) -> str:
    return adjective(UK_COLOURS[colour][0], form)


ATTRIBUTE_QUERIES: dict[str, dict[str, tuple[str, ...]]] = {
    "kind": {"en": tuple(f"a {kind}" for kind in _EN_KINDS), "uk": _UK_KINDS},
    "colour": {
        "en": tuple(f"a {name} vehicle" for name in COLOUR_NAMES),
        "uk": tuple(f"транспорт {_uk(name, 'm_gen')} кольору" for name in COLOUR_NAMES),
    },
    "upper": {
        "en": tuple(f"a person in a {name} jacket" for name in COLOUR_NAMES),
        "uk": tuple(f"людина у {_uk(name, 'f_loc')} куртці" for name in COLOUR_NAMES),
    },
    "lower": {
        "en": tuple(f"a person in {name} trousers" for name in COLOUR_NAMES),
        "uk": tuple(f"людина у {_uk(name, 'p_loc')} штанах" for name in COLOUR_NAMES),
    },
}


def text_figures(scenes: TestSet, ways: Mapping[str, Score]) -> dict[str, dict[str, float]]:
    """For each way of asking and language: recall of the own scene, its share of an oracle's that knows every fact,
    and how often the caption is true of the first scene; beside the recall of a random order."""
    count = len(scenes.now)
    figures: dict[str, dict[str, float]] = {"random": {f"recall_{k}": k / count for k in (1, 5, 10)}}
    for name, score in ways.items():
        for language, captions in scenes.captions.items():
            found = recalls(score(captions), scenes.true[language])
            found["share_of_oracle_10"] = round(found["recall_10"] / found["oracle_10"], 3)
            figures[f"{name} {language}"] = found
    return figures


def attribute_figures(scenes: TestSet, ways: Mapping[str, Score]) -> dict[str, dict[str, float]]:
    """For each attribute the share of single figures whose own option scores highest; beside the most frequent one."""
    figures: dict[str, dict[str, float]] = {}
    for slot, numbers in scenes.attributes.items():
        rated = numbers >= 0
        most = np.bincount(numbers[rated]).max() / rated.sum()
        figures[slot] = {"count": int(rated.sum()), "most frequent": round(float(most), 3)}
        for name, score in ways.items():
            for language, queries in ATTRIBUTE_QUERIES[slot].items():
                chosen = score(queries)[:, rated].argmax(0)
                figures[slot][f"{name} {language}"] = round(float((chosen == numbers[rated]).mean()), 3)
    return figures


def picture_figures(
    scenes: TestSet, embeddings: Mapping[str, Callable[[Sequence[NDArray[np.uint8]]], Rows]]
) -> dict[str, dict[str, float]]:
    """For each embedding how often the other picture of a scene finds its own among the first 1, 5 and 10."""
    return {
        name: recalls(np.matmul(embed(list(scenes.later)), embed(list(scenes.now)).T))
        for name, embed in embeddings.items()
    }


# Rows and columns (parts of the side) where a colour is looked for.
_REGIONS = {
    "upper": (0.22, 0.48, 0.36, 0.64),
    "lower": (0.52, 0.8, 0.36, 0.64),
    "colour": (0.2, 0.8, 0.15, 0.85),
    "umbrella": (0.0, 0.4, 0.2, 0.8),
}


def colour_scores(pictures: Sequence[NDArray[np.uint8]]) -> Score:
    """The baseline without training: each pixel is named after the nearest colour (CIE Lab), and a query scores the
    product of the shares of the colours that it names, each in its fixed region of the picture."""
    palette = cv2.cvtColor(np.array([list(COLOURS.values())], np.float32) / 255, cv2.COLOR_RGB2LAB)[0]
    shares = {part: np.stack([_shares(p, region, palette) for p in pictures]) for part, region in _REGIONS.items()}

    def score(texts: Sequence[str]) -> Rows:
        rows = []
        for text in texts:
            named = [
                fact.split(":")
                for fact in sorted(parse_query(text).facts)
                if ":" in fact and fact.split(":")[0] in _REGIONS
            ]
            columns = [shares[part][:, COLOUR_NAMES.index(name)] + 0.01 for part, name in named]
            rows.append(np.prod(columns, axis=0) if columns else np.zeros(len(pictures)))
        return np.stack(rows).astype(np.float32)

    return score


def _shares(picture: NDArray[np.uint8], region: tuple[float, float, float, float], palette: Rows) -> Rows:
    top, bottom, left, right = (
        round(part * side) for part, side in zip(region, np.repeat(picture.shape[:2], 2), strict=True)
    )
    lab = cv2.cvtColor(picture[top:bottom, left:right].astype(np.float32) / 255, cv2.COLOR_RGB2LAB).reshape(-1, 3)
    nearest = np.linalg.norm(lab[:, None] - palette, axis=2).argmin(1)
    return np.asarray(np.bincount(nearest, minlength=len(palette)) / len(nearest), np.float32)
