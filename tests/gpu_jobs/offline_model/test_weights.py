"""The weights that come with the repository load, keep their size, and tell a red jacket from a blue one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gpu_jobs.offline_model.evaluate import WEIGHTS, Weights
from gpu_jobs.offline_model.query import OfflineQueries
from gpu_jobs.offline_model.renderer import Renderer, draw_optics, draw_view
from gpu_jobs.offline_model.scenes import FACTS, Figure, Scene


@pytest.fixture(scope="module")
def weights() -> Weights:
    return Weights(WEIGHTS)


@pytest.fixture(scope="module")
def known() -> OfflineQueries:
    return OfflineQueries.load(WEIGHTS)


def crops_of(figures: list[Figure]) -> list[np.ndarray]:
    """Well-lit crops of each figure, all drawn alike."""
    renderer, rng = Renderer(seed=21, each=2), np.random.default_rng(4)
    drawn = []
    for figure in figures:
        scene = Scene((figure,), "crop", "street", "day", False, False)
        view = replace(draw_view(scene, 2, rng), pitch=0.35, size=0.8, shift=(0.0, 0.0), bystanders=0, bar=False)
        optics = replace(draw_optics(scene, rng), gain=1.0, side_px=80, quality=80, saturation=1.0, blur_px=0.0)
        drawn.append(renderer.draw(scene, view, optics))
    return drawn


def people(upper: str, count: int, seed: int) -> list[Figure]:
    return [Figure("person", seed + n, None, upper, "black", "adult", "walking") for n in range(count)]


def test_files_are_small_and_say_where_they_come_from() -> None:
    sizes = {file.name: file.stat().st_size for file in WEIGHTS.iterdir()}
    assert sizes["open_clip_model.safetensors"] < 16_000_000
    assert sum(sizes.values()) < 17_000_000
    record = json.loads((WEIGHTS / "training.json").read_text())
    assert {"command", "date", "curve", "evaluation", "steps_done", "torch"} <= record.keys()
    assert (WEIGHTS / "MODEL_CARD.md").exists()


@pytest.fixture(scope="module")
def red_then_blue(weights: Weights) -> np.ndarray:
    """Embeddings of twelve people in red jackets and twelve in blue ones."""
    return weights.embed_crops(crops_of([*people("red", 12, 100), *people("blue", 12, 200)]))


@pytest.mark.parametrize(
    "text", ["a person in a red jacket", "людина у червоній куртці", "людину в червоному", "червона куртка"]
)
def test_a_red_jacket_ranks_red_over_blue(red_then_blue: np.ndarray, known: OfflineQueries, text: str) -> None:
    vector, unknown = known.query_vector(text)
    assert vector is not None
    assert unknown == ()
    scores = red_then_blue @ vector
    assert set(np.argsort(-scores)[:8].tolist()) <= set(range(12))
    assert scores[:12].mean() > scores[12:].mean() + 0.1


def test_a_query_vector_is_a_unit_vector_or_none(known: OfflineQueries) -> None:
    vector, unknown = known.query_vector("білий фургон біля школи")
    assert vector is not None
    assert vector.shape == (256,)
    assert vector.dtype == np.float32
    assert float(np.linalg.norm(vector)) == pytest.approx(1, abs=1e-6)
    assert unknown == ()
    assert known.query_vector("літак у небі") == (None, ("літак", "небі"))


def test_the_fact_table_covers_every_fact(known: OfflineQueries) -> None:
    assert tuple(known.facts) == FACTS


def test_any_text_at_all_can_be_embedded(weights: Weights) -> None:
    rows = weights.embed_texts(["людина", "車 🚗 naïve", "", "ъ" * 300])
    assert rows.shape == (4, 256)
    assert np.isfinite(rows).all()


def test_a_folder_without_weights_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"heads\.safetensors"):
        OfflineQueries.load(tmp_path)
