"""A training run of minutes in seconds: it resumes where it was cut off, and what it writes loads."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from torch.nn.functional import normalize

from gpu_jobs.offline_model import train
from gpu_jobs.offline_model.batches import Batch
from gpu_jobs.offline_model.evaluate import Weights
from gpu_jobs.offline_model.fitting import fit_facts
from gpu_jobs.offline_model.held_out import average_precision
from gpu_jobs.offline_model.losses import FactTable
from gpu_jobs.offline_model.query import OfflineQueries
from gpu_jobs.offline_model.scenes import draw_scene
from gpu_jobs.offline_model.shape import WIDTH
from gpu_jobs.offline_model.train import Trainer
from gpu_jobs.offline_model.truths import scene_bits


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture(autouse=True)
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few backdrops, and a checkpoint at every other step."""
    monkeypatch.setattr(train, "SAVE_STEPS", 2)
    monkeypatch.setattr(train, "MEASURE_STEPS", 100)


def trainer(scratch: Path, out: Path, steps: int = 4) -> Trainer:
    given = {"seed": 3, "blocks": 20, "held_out": 12, "steps": steps, "threads": 1, "rate": 1e-3}
    return Trainer(Namespace(scratch=str(scratch), out=str(out), **given))


class CutOff(Exception):
    """The machine went down."""


def test_a_run_that_was_cut_off_goes_on_to_the_same_weights(scratch: Path, tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    trainer(scratch, whole).run()
    (scratch / "checkpoint.pt").unlink()
    first = trainer(scratch, cut)
    update = first.update

    def until_the_third(batch: Batch) -> dict[str, float]:
        if first.step == 3:
            raise CutOff
        return update(batch)

    first.update = until_the_third  # type: ignore[method-assign]
    with pytest.raises(CutOff):
        first.run()
    assert not (cut / "open_clip_model.safetensors").exists()
    second = trainer(scratch, cut)
    second.run()
    assert second.step == 4
    one, other = (load_file(folder / "open_clip_model.safetensors") for folder in (whole, cut))
    assert one.keys() == other.keys()
    for name, values in one.items():
        assert np.array_equal(values, other[name]), name
    (scratch / "checkpoint.pt").unlink()


def test_what_was_trained_loads_and_says_how_it_came_about(scratch: Path, tmp_path: Path) -> None:
    trainer(scratch, tmp_path, steps=2).run()
    (scratch / "checkpoint.pt").unlink()
    record = json.loads((tmp_path / "training.json").read_text())
    assert record["steps_done"] == 2
    assert record["crops_seen"] == 2 * 128
    assert record["processor_seconds"] > 0
    assert "--blocks 20 --steps 2" in record["command"]
    rows = Weights(tmp_path).embed_crops([np.zeros((60, 30, 3), np.uint8)])
    vector, _ = OfflineQueries.load(tmp_path).query_vector("червона машина")
    assert vector is not None
    assert rows.shape == (1, len(vector))


def test_the_fitted_table_finds_what_a_fact_is_true_of() -> None:
    """Embeddings that hold each scene's facts in directions of their own, which the table must find out."""
    scenes = [draw_scene(np.random.default_rng(seed)) for seed in range(300)]
    facts = np.stack([scene_bits(scene).max(0) for scene in scenes])
    directions = np.random.default_rng(1).normal(size=(facts.shape[1], WIDTH)).astype(np.float32)
    rows = normalize(torch.from_numpy(facts @ directions), dim=-1)
    table = FactTable()

    def precision() -> float:
        scores = (rows @ table.queries(torch.eye(facts.shape[1])).T).detach().numpy()
        asked = [fact for fact in range(facts.shape[1]) if facts[:, fact].sum() >= 5]
        return float(np.mean([average_precision(facts[:, fact] > 0, scores[:, fact]) for fact in asked]))

    before = precision()
    fit_facts(table, rows.repeat_interleave(2, 0), scenes, seed=1, steps=80)
    assert precision() > before + 0.3
