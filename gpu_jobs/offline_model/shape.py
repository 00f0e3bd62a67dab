"""The model's shape: what it looks at, how wide its embeddings are, and open_clip's configuration of it."""

from __future__ import annotations

from gpu_jobs.models.files import MIRRORED

IMAGE_PX, WIDTH = 80, 256
MEAN, STD = 0.45, 0.25


def config(vocabulary: int) -> dict[str, object]:
    """open_clip's configuration of the model."""
    vision: dict[str, object] = {
        "timm_model_name": "cs3darknet_focus_s",
        "timm_model_pretrained": False,
        "timm_pool": "avg",
    }
    vision |= {"timm_proj": "linear", "timm_proj_bias": True, "image_size": IMAGE_PX}
    text: dict[str, object] = {"context_length": 24, "vocab_size": vocabulary, "width": 128, "heads": 4, "layers": 2}
    text |= {"tokenizer_kwargs": {"bpe_path": "bpe.txt.gz"}}
    preprocess: dict[str, object] = {"size": [IMAGE_PX, IMAGE_PX], "mean": [MEAN] * 3, "std": [STD] * 3}
    preprocess |= {"interpolation": "bilinear", "resize_mode": "longest"}
    return {
        "model_cfg": {"embed_dim": WIDTH, "vision_cfg": vision, "text_cfg": text},
        "preprocess_cfg": preprocess,
        MIRRORED: True,
    }


def side_px(done: float) -> int:
    """The crops' side at a part (0..1) of the run: it begins with small crops, twice the steps for the same
    work."""
    return 56 if done < 0.4 else 64 if done < 0.75 else IMAGE_PX
