"""The names of a model's files. All lie in one folder, without folders in it."""

from __future__ import annotations

from pathlib import Path

import msgspec

CONFIG_FILE, WEIGHTS_FILE = "open_clip_config.json", "open_clip_model.safetensors"
MIRRORED = "mirrored"  # in the configuration: each picture is embedded together with its mirror image
CARD_FILE = "oberih-model.json"
BPE_FILE = "bpe.txt.gz"  # byte pairs of CLIP's own kind of tokenizer
HEADS_FILE = "heads.safetensors"  # of a model that reads queries as the offline model does
TEXT_TOWER_FILE = "config.json"  # of a text tower that `transformers` builds
TOKENIZER_FILES = (  # of tokenizers that `transformers` reads; which of them there are differs
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "sentencepiece.bpe.model",
    "spiece.model",
    "tokenizer.model",
    "vocab.json",
    "vocab.txt",
    "merges.txt",
)
CARRIED = frozenset({CONFIG_FILE, WEIGHTS_FILE, BPE_FILE, HEADS_FILE, TEXT_TOWER_FILE, *TOKENIZER_FILES})
OFFLINE_FOLDER = Path(__file__).resolve().parent.parent / "offline_model" / "weights"


def is_mirrored(folder: Path) -> bool:
    """Whether the model in a folder is to embed each picture together with its mirror image: which way a thing looks
    is no part of what is searched. A pass of the model more for each picture.
    """
    return bool(msgspec.json.decode((folder / CONFIG_FILE).read_bytes()).get(MIRRORED, False))
