"""A thousand held-out rendered scenes as questions: by our own renderer, and by the research prototype's.

The prototype (a folder with its `render.py` and `cap.py`) draws and captions with code of its own, so that the model
is also asked about pictures and in words that its training never saw.
"""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpu_jobs.offline_model.held_out import HeldOut
from gpu_jobs.offline_model.palette import COLOUR_NAMES
from gpu_jobs.offline_model.scenes import KINDS, VEHICLES

PROTOTYPE_SEEDS = {"bank": 99, "scenes": 4242, "captions": 9}


@dataclass(frozen=True, slots=True)
class TestSet:
    """N scenes, each drawn twice (`now` and `later`, (N, H, W, 3) uint8), with a caption of all its facts in each
    language; `true[language][i, j]`: whether caption i is true of scene j; `attributes[slot][i]`: the number of the
    true option where the scene is one figure that has one, else -1."""

    __test__ = False  # no class of tests

    name: str
    now: NDArray[np.uint8]
    later: NDArray[np.uint8]
    captions: dict[str, list[str]]
    true: dict[str, NDArray[np.bool_]]
    attributes: dict[str, NDArray[np.int64]]


def own_set(seed: int, count: int) -> TestSet:
    """Scenes of combinations that training never shows, drawn by our renderer."""
    unseen = HeldOut(seed, count)
    figures = [s.figures[0] if s.framing == "crop" else None for s in unseen.scenes]
    found = [
        {} if f is None else {"kind": f.kind, "colour": f.colour, "upper": f.upper, "lower": f.lower} for f in figures
    ]
    return TestSet(
        name="own renderer",
        now=unseen.now,
        later=unseen.later,
        captions={k: [text for text, _ in said] for k, said in unseen.whole.items()},
        true={k: np.stack([unseen.true_of(stated) for _, stated in said]) for k, said in unseen.whole.items()},
        attributes=_numbers(found),
    )


def prototype_set(folder: Path, count: int) -> TestSet:
    """Scenes of the prototype's test split, drawn and captioned by the prototype as it stands in `folder`."""
    sys.path.insert(0, str(folder))
    try:
        cap, render = importlib.import_module("cap"), importlib.import_module("render")
    finally:
        sys.path.remove(str(folder))
    render.init(PROTOTYPE_SEEDS["bank"])
    rng = np.random.default_rng(PROTOTYPE_SEEDS["scenes"])
    scenes, now, later = [], [], []
    for _ in range(count):
        scenes.append(scene := render.scene_spec(rng, "test"))
        now.append(render.render(rng, scene))
        later.append(render.render(rng, scene))
    words = np.random.default_rng(PROTOTYPE_SEEDS["captions"])
    said = {k: [cap.caption(words, scene, k, True) for scene in scenes] for k in ("en", "uk")}
    sets = np.stack([cap.scene_bits(scene) for scene in scenes])
    true = {
        k: np.stack([((sets @ cap.bits(stated)) == len(stated)).any(1) for _, stated in each])
        for k, each in said.items()
    }
    captions = {k: [text for text, _ in each] for k, each in said.items()}
    attributes = _numbers([_prototype_figure(scene) for scene in scenes])
    return TestSet("prototype's renderer", np.stack(now), np.stack(later), captions, true, attributes)


def _prototype_figure(scene: dict[str, Any]) -> dict[str, str | None]:
    if scene["kind"] != "crop":
        return {}
    figure = scene["objs"][0]
    found: dict[str, str | None] = {"kind": figure["cls"]}
    if not scene["gray"]:
        found |= {"colour": figure.get("col"), "upper": figure.get("up"), "lower": figure.get("low")}
    return found


def _numbers(found: list[dict[str, str | None]]) -> dict[str, NDArray[np.int64]]:
    """Clothes count on pedestrians, colours on vehicles."""

    def number(figure: dict[str, str | None], slot: str) -> int:
        options = KINDS if slot == "kind" else COLOUR_NAMES
        worn_by = {"kind": KINDS, "colour": VEHICLES, "upper": ("person",), "lower": ("person",)}[slot]
        value = figure.get(slot)
        return options.index(value) if value is not None and figure["kind"] in worn_by else -1

    return {slot: np.array([number(f, slot) for f in found]) for slot in ("kind", "colour", "upper", "lower")}
