"""A hub on loopback that huggingface_hub takes for its own, and small architectures that open_clip knows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import open_clip  # noqa: TID251, TID253
import pytest
from huggingface_hub import constants

from tests.gpu_jobs.models.drawn_models import VISION
from tests.gpu_jobs.models.fake_hub import FakeHub, hub_on_loopback

TINY, REPOSITORY = "tiny-vision", "house/tiny"


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    with hub_on_loopback() as fake:
        monkeypatch.setattr(constants, "ENDPOINT", fake.url)
        files = f"{fake.url}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", files)
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
        yield fake


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name/tag of an architecture that open_clip knows for the length of a test, and has on the hub."""
    (tmp_path / f"{TINY}.json").write_text(json.dumps(VISION["model_cfg"]))
    monkeypatch.setattr(open_clip.factory, "_MODEL_CONFIG_PATHS", [tmp_path / f"{TINY}.json"])
    monkeypatch.setattr(open_clip.factory, "_MODEL_CONFIGS", {})
    open_clip.factory._rescan_model_configs()
    published = open_clip.pretrained._pcfg(hf_hub=f"{REPOSITORY}/", mean=(0.5,) * 3, std=(0.25,) * 3)
    monkeypatch.setitem(open_clip.pretrained._PRETRAINED, TINY, {"ours": published})
    return f"{TINY}/ours"
