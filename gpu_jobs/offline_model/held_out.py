"""Rendered scenes that training never shows, and how well a model finds them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gpu_jobs.offline_model.captions import write_caption
from gpu_jobs.offline_model.crop_cache import is_held_out
from gpu_jobs.offline_model.palette import COLOUR_NAMES
from gpu_jobs.offline_model.renderer import Renderer, draw_optics, draw_view, moment_later
from gpu_jobs.offline_model.scenes import EXTRAS, KINDS, POSES, Scene, draw_figure, draw_scene, is_true

Rows = NDArray[np.float32]
BACKDROPS_EACH = 12
SINGLE_FACTS: dict[str, tuple[str, ...]] = {
    "kind": (*KINDS, "group", "empty"),
    "colour": tuple(f"colour:{name}" for name in COLOUR_NAMES),
    "upper": tuple(f"upper:{name}" for name in COLOUR_NAMES),
    "lower": tuple(f"lower:{name}" for name in COLOUR_NAMES),
    "pose": tuple(f"pose:{pose}" for pose in POSES),
    "extras": EXTRAS,
    "age": ("child", "adult"),
    "light": ("dusk", "night", "rain"),
}


def average_precision(relevant: NDArray[np.bool_], scores: Rows) -> float:
    """Mean precision at each relevant row, best score first; chance is about the share of relevant rows."""
    ordered = relevant[np.argsort(-scores, kind="stable")]
    precision = np.cumsum(ordered) / np.arange(1, len(ordered) + 1)
    return float((precision * ordered).sum() / max(1, ordered.sum()))


def draw_unseen_scene(rng: np.random.Generator) -> Scene:
    """A scene as often near, far, of several or empty as in training, whose first figure has a combination of
    attributes that is kept out of training."""
    scene = draw_scene(rng)
    if not scene.figures:
        return scene
    first, kind = scene.figures[0], "person" if scene.framing == "group" else None
    while not is_held_out(first):
        first = draw_figure(rng, kind)
    if scene.framing == "group":
        first = replace(first, age=scene.figures[0].age, with_dog=False)
    return replace(scene, figures=(first, *scene.figures[1:]))


class HeldOut:
    """Crops of unseen combinations, each also half a second later, with captions in both languages."""

    def __init__(self, seed: int, count: int) -> None:
        rng = np.random.default_rng(seed)
        renderer = Renderer(seed, BACKDROPS_EACH)
        self.scenes = [draw_unseen_scene(rng) for _ in range(count)]
        now, later = [], []
        for scene in self.scenes:
            view, optics = draw_view(scene, BACKDROPS_EACH, rng), draw_optics(scene, rng)
            now.append(renderer.draw(scene, view, optics))
            again = replace(optics, seed=int(rng.integers(1 << 31)))
            later.append(renderer.draw(scene, moment_later(view, rng), again))
        self.now, self.later = np.stack(now), np.stack(later)
        self.captions = {k: [write_caption(s, k, rng) for s in self.scenes] for k in ("en", "uk")}
        self.whole = {k: [write_caption(s, k, rng, whole=True) for s in self.scenes] for k in ("en", "uk")}

    def true_of(self, stated: frozenset[str]) -> NDArray[np.bool_]:
        """Which scenes the facts are true of, (N,)."""
        return np.array([is_true(stated, scene) for scene in self.scenes])

    def measure(
        self,
        embed_crops: Callable[[NDArray[np.uint8]], Rows],
        embed_texts: Callable[[list[str]], Rows],
        facts: Mapping[str, Rows],
    ) -> dict[str, float]:
        """Mean average precision of captions (by facts and by text) and of single facts; search by example."""
        now, later = embed_crops(self.now), embed_crops(self.later)
        figures: dict[str, float] = {}
        for language, captions in self.captions.items():
            texts = embed_texts([text for text, _ in captions])
            truth = [self.true_of(stated) for _, stated in captions]
            chance = np.mean([t.mean() for t in truth])
            by_facts = [sum(facts[f] for f in sorted(stated)) for _, stated in captions]
            pairs = (("facts", np.stack(by_facts)), ("text", texts))
            for name, queries in pairs:
                found = [average_precision(t, now @ q) for t, q in zip(truth, queries, strict=True)]
                figures[f"{language}_{name}_ap"] = round(float(np.mean(found)), 3)
            figures["chance_ap"] = round(float(chance), 3)
        for slot, options in SINGLE_FACTS.items():
            found = [average_precision(self.true_of(frozenset({o})), now @ facts[o]) for o in options]
            figures[f"ap_{slot}"] = round(float(np.mean(found)), 3)
        for language, captions in self.whole.items():
            asked = np.stack([sum(facts[f] for f in sorted(stated)) for _, stated in captions])
            satisfied = np.stack([self.true_of(stated) for _, stated in captions])
            figures |= {f"{language}_{k}": v for k, v in recalls(asked @ now.T, satisfied).items()}
        figures |= {f"half_second_{k}": v for k, v in recalls(later @ now.T).items()}
        return figures


def recalls(scores: Rows, truth: NDArray[np.bool_] | None = None) -> dict[str, float]:
    """Of scores (N, N) of queries and the scenes they were made of: how often the own scene is among the first 1, 5
    and 10. With `truth` (N, N), of which scenes a query is true: how often it is true of the first, and the recall of
    an oracle that knows all facts and orders the scenes that they are true of at random."""
    own = np.diag(scores)[:, None]
    ranks = (scores > own).sum(1) + ((scores == own).sum(1) - 1) / 2  # amid those that score the same
    figures = {f"recall_{k}": round(float((ranks < k).mean()), 3) for k in (1, 5, 10)}
    if truth is not None:
        figures["first_is_true"] = round(float(truth[np.arange(len(truth)), scores.argmax(1)].mean()), 3)
        oracle = {f"oracle_{k}": np.minimum(k / truth.sum(1), 1).mean() for k in (1, 5, 10)}
        figures |= {name: round(float(value), 3) for name, value in oracle.items()}
    return figures
