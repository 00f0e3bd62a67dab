"""Whether a carried model is whole and works here: every digest, then a picture and a text through it."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np

from gpu_jobs.encoders import load_encoder
from gpu_jobs.errors import ModelUnavailable
from gpu_jobs.models.card import ModelCard, read_card
from gpu_jobs.models.files import CARD_FILE

_ROUNDING = 1e-3


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """A carried model as it was found."""

    card: ModelCard
    card_sha256: str
    bytes: int
    dimension: int
    preprocessing: str
    precision: str
    weights_sha256: str
    tokenizer_sha256: str
    generation: str  # that its vectors would have


def verify(folder: Path, *, card_sha256: str = "", precision: str = "float32") -> Verified:
    """Hash every file, load the model, and embed a picture and a text.

    `card_sha256` is what the card's digest must be, told by another way than the folder came.

    Raises ModelUnavailable: what is missing, altered, of another digest, or does not work.
    """
    card = read_card(folder)
    if card is None:
        raise ModelUnavailable(f"folder: {folder} has no {CARD_FILE}; make one with: oberih model fetch MODEL FOLDER")
    if card_sha256 and card.digest() != card_sha256.lower():
        raise ModelUnavailable(
            f"digest: the card of {folder} is {card.digest()}, not {card_sha256}; bring another copy"
        )
    encoder = load_encoder(f"local-dir:{folder}", precision)
    picture = np.tile(np.linspace(0, 255, 96, dtype=np.uint8)[:, None, None], (1, 64, 3))
    try:
        made = {"a picture": encoder.embed_images([picture])[0], "a text": encoder.embed_text("a white van").vector}
    except (ValueError, RuntimeError) as fault:
        raise ModelUnavailable(f"model: {folder} loads and does not work: {fault}") from fault
    for what, vector in made.items():
        if vector.shape != (encoder.manifest.dimension,) or not abs(float(np.linalg.norm(vector)) - 1) < _ROUNDING:
            raise ModelUnavailable(f"model: {folder} makes no unit vector of {what}; its weights are not a model's")
    manifest = encoder.manifest
    return Verified(
        card=card,
        card_sha256=card.digest(),
        bytes=sum(path.stat().st_size for path in folder.iterdir()),
        dimension=manifest.dimension,
        preprocessing=manifest.preprocessing,
        precision=manifest.precision,
        weights_sha256=manifest.weights_sha256,
        tokenizer_sha256=manifest.tokenizer_sha256,
        generation=manifest.digest(),
    )
