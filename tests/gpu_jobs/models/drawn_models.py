"""Small models with weights drawn at random, as open_clip stores them: two architectures that share nothing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import open_clip  # noqa: TID251, TID253 (only it can draw the weights that it will load)
import torch  # noqa: TID251, TID253
from safetensors.torch import save_file

from gpu_jobs.models.files import BPE_FILE, CONFIG_FILE, OFFLINE_FOLDER, WEIGHTS_FILE

_OWN_WORDS = json.loads((OFFLINE_FOLDER / CONFIG_FILE).read_text())["model_cfg"]["text_cfg"]["vocab_size"]

VISION = {
    "model_cfg": {
        "embed_dim": 32,
        "vision_cfg": {"image_size": 32, "layers": 2, "width": 64, "patch_size": 8, "head_width": 16},
        "text_cfg": {"context_length": 24, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
    },
    "preprocess_cfg": {"mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25]},
}
"""A vision transformer at 32 px with CLIP's own byte pairs."""

CONVOLUTION = {
    "model_cfg": {
        "embed_dim": 48,
        "custom_text": True,
        "vision_cfg": {
            "timm_model_name": "resnet10t",
            "timm_model_pretrained": False,
            "timm_pool": "avg",
            "timm_proj": "linear",
            "image_size": 64,
        },
        "text_cfg": {"context_length": 20, "vocab_size": _OWN_WORDS, "width": 64, "heads": 4, "layers": 2},
    },
    "preprocess_cfg": {"mean": [0.4, 0.4, 0.4], "std": [0.2, 0.3, 0.2], "interpolation": "bilinear"},
}
"""A convolutional network at 64 px with another vocabulary, in both languages."""

TERMS = ["--licence", "our own", "--intended-use", "tests", "--language", "uk", "--language", "en"]


def state(config: dict[str, Any], seed: int = 5) -> dict[str, Any]:
    torch.manual_seed(seed)
    cfg = json.loads(json.dumps(config["model_cfg"]))
    maker = open_clip.CustomTextCLIP if cfg.pop("custom_text", False) else open_clip.CLIP
    return {name: tensor.contiguous() for name, tensor in maker(**cfg).state_dict().items()}


def draw(folder: Path, config: dict[str, Any], seed: int = 5) -> Path:
    """A model in a new folder, without a card; its own byte pairs lie there where they are not CLIP's."""
    folder.mkdir(parents=True)
    (folder / CONFIG_FILE).write_text(json.dumps(config))
    save_file(state(config, seed), folder / WEIGHTS_FILE)
    if config["model_cfg"]["text_cfg"]["vocab_size"] != 49408:
        shutil.copy(OFFLINE_FOLDER / BPE_FILE, folder / BPE_FILE)
    return folder
