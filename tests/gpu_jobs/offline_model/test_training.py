"""A training run of minutes in seconds: it resumes where it was cut off, and what it writes loads."""

from __future__ import annotations

import json
import shutil
from argparse import Namespace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from gpu_jobs.offline_model import train
from gpu_jobs.offline_model.batches import Batch
from gpu_jobs.offline_model.evaluate import Weights
from gpu_jobs.offline_model.held_out import HeldOut
from gpu_jobs.offline_model.query import OfflineQueries
from gpu_jobs.offline_model.tokens import train_tokenizer
from gpu_jobs.offline_model.train import Trainer


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Learnt from few captions, and once: what each run learns from 24,000 takes it longer than all these runs."""
    path = tmp_path_factory.mktemp("tokens") / "bpe.txt.gz"
    assert train_tokenizer(path, 3, captions=200) > 100
    return path


@pytest.fixture(autouse=True)
def quick(tokens: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tokens and the held-out crops of one seed are made once; a checkpoint at every other step."""
    monkeypatch.setattr(train, "train_tokenizer", lambda path, _: shutil.copy(tokens, path))
    monkeypatch.setattr(train, "HeldOut", held_out)
    monkeypatch.setattr(train, "SAVE_STEPS", 2)
    monkeypatch.setattr(train, "MEASURE_STEPS", 100)


held_out = cache(HeldOut)


def trainer(scratch: Path, out: Path, steps: int = 4) -> Trainer:
    given = {"seed": 3, "blocks": 20, "held_out": 12, "steps": steps, "threads": 1, "rate": 1e-3}
    return Trainer(Namespace(scratch=str(scratch), out=str(out), **given))


class CutOff(Exception):
    """The machine went down."""


def test_a_run_that_was_cut_off_goes_on_to_the_same_weights(scratch: Path, tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    trainer(scratch, whole).run()
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
    assert not (scratch / "checkpoint.pt").exists()  # the next run begins anew
    one, other = (load_file(folder / "open_clip_model.safetensors") for folder in (whole, cut))
    assert one.keys() == other.keys()
    for name, values in one.items():
        assert np.array_equal(values, other[name]), name


def test_what_was_trained_loads_and_says_how_it_came_about(scratch: Path, tmp_path: Path) -> None:
    trainer(scratch, tmp_path, steps=2).run()
    record = json.loads((tmp_path / "training.json").read_text())
    assert record["steps_done"] == 2
    assert record["crops_seen"] == 2 * 128
    assert record["processor_seconds"] > 0
    assert "--blocks 20 --steps 2" in record["command"]
    rows = Weights(tmp_path).embed_crops([np.zeros((60, 30, 3), np.uint8)])
    vector, _ = OfflineQueries.load(tmp_path).query_vector("червона машина")
    assert vector is not None
    assert rows.shape == (1, len(vector))


def test_a_checkpoint_of_another_run_is_not_gone_on_with(scratch: Path, tmp_path: Path) -> None:
    first = trainer(scratch, tmp_path / "first")
    first.save()
    with pytest.raises(SystemExit, match="of another run"):
        trainer(scratch, tmp_path / "second", steps=6).run()
    (scratch / "checkpoint.pt").unlink()
