"""What open_clip knows of models by their names, and weights of an older format read without running what they carry.

Beside `gpu_jobs/open_clip_encoder.py`, which runs models, the one file that imports open_clip.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Any

import msgspec
import open_clip
import safetensors.torch
import torch

from gpu_jobs.errors import ModelUnavailable
from gpu_jobs.sandbox import SHUT_IN, seal

_SHOWN = "mean", "std", "interpolation", "resize_mode"  # of what a tag's pictures were shown as


class Checkpoint(msgspec.Struct, frozen=True):
    """Weights for one of open_clip's architectures: under a tag on the hub, or a file of one's own."""

    architecture: str
    tag: str
    weights: Path | None

    @property
    def repository(self) -> str:
        """Where the hub has them, "" where it has none."""
        return str(self._published().get("hf_hub", "")).rstrip("/")

    def config(self) -> dict[str, Any]:
        """The content of open_clip_config.json."""
        shown = self._published()
        pictures = {key: shown[key] for key in _SHOWN if key in shown}
        return {"model_cfg": open_clip.get_model_config(self.architecture), "preprocess_cfg": pictures}

    def _published(self) -> dict[str, Any]:
        return dict(open_clip.get_pretrained_cfg(self.architecture, self.tag)) if self.tag else {}


def checkpoint_of(model: str) -> Checkpoint:
    """`name/tag` or `name:/path.safetensors`. Raises ModelUnavailable for what open_clip does not have."""
    name, colon, path = model.partition(":")
    tag = ""
    if not colon:
        name, _, tag = model.partition("/")
    if name not in open_clip.list_models():
        raise ModelUnavailable(f"model: open_clip has no architecture {name!r}; see open_clip.list_models()")
    if colon:
        if not (path.endswith(".safetensors") and Path(path).is_file()):
            raise ModelUnavailable(f"model: {path!r} is not a .safetensors file that is there; other formats run code")
        return Checkpoint(name, "", Path(path))
    if tag not in open_clip.list_pretrained_tags_by_model(name):
        raise ModelUnavailable(f"model: {name} has no pretrained tag {tag!r}; write name/tag or name:/path.safetensors")
    quick = open_clip.get_pretrained_cfg(name, tag).get("quick_gelu", False)
    if quick != open_clip.get_model_config(name).get("quick_gelu", False):
        right = f"{name}-quickgelu" if quick else name.removesuffix("-quickgelu")
        raise ModelUnavailable(f"model: {tag} was trained with another activation than {name} has; write {right}/{tag}")
    return Checkpoint(name, tag, None)


def published_bpe() -> Path:
    """The byte pairs of CLIP's tokenizer, which open_clip brings along."""
    return Path(open_clip.tokenizer.default_bpe())


def convert_sealed() -> None:
    """The whole of a process: reads a pickled checkpoint from the descriptor that it is given, and writes the same
    tensors to standard output as safetensors. It shuts itself in first, so that a crafted file reaches nothing; torch
    itself takes nothing but tensors from it (`weights_only`).

    The first line says what of the seal holds. Where a part is missing that it was not told to do without, there is no
    more: nothing of the file was read.
    """
    source = open(int(sys.argv[2]), "rb", buffering=0)  # noqa: SIM115, PTH123 (the descriptor that came with us)
    answer = io.FileIO(1, "wb", closefd=False)
    torch.set_num_threads(1)
    _converted(_drawn())  # what is loaded when first used is loaded now
    held = seal(memory_bytes=int(sys.argv[3]), cpu_seconds=3600)
    answer.write(f"{' '.join(held)}\n".encode())
    if not set(SHUT_IN) <= {*held, *sys.argv[4:]}:
        os._exit(1)
    content = memoryview(_converted(source))
    while content:
        content = content[answer.write(content) :]
    os._exit(0)  # a sealed interpreter has nothing to tidy up, and may not


def _converted(source: Any) -> bytes:
    state = torch.load(source, map_location="cpu", weights_only=True)
    state = state.get("state_dict", state)
    named = {name.removeprefix("module."): tensor.clone().contiguous() for name, tensor in state.items()}
    return bytes(safetensors.torch.save(named))


def _drawn() -> io.BytesIO:
    drawn = io.BytesIO()
    torch.save({"weight": torch.zeros(2)}, drawn)
    drawn.seek(0)
    return drawn
