"""The port of the models, and the manifest that keeps vectors of different models apart."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]  # (height, width, 3), RGB
Vectors = NDArray[np.float32]  # (n, dimension), rows of length 1


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """All that makes two embeddings comparable. Vectors of different manifests are never compared."""

    model: str  # "offline" or open_clip's name and pretrained tag
    weights_sha256: str
    dimension: int
    preprocessing: str  # what is done to a picture before the model sees it, in words
    tokenizer_sha256: str
    precision: str  # the arithmetic of the forward pass: "float32" or "bfloat16"

    def digest(self) -> str:
        """SHA-256 (hex) of the canonical JSON form: the name of a generation of vectors."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()


class TextEmbedding(msgspec.Struct, frozen=True):
    """A query of words: its unit vector (dimension,), float32, and the words the model does not know. `read_as`: words
    as typed that were taken for others, and for which: misspelt ones, or in another alphabet. `widened_words`: taken in
    a wider sense than they have: the model tells no woman from a man. `guessed`: nothing was understood, and the vector
    is a guess at the whole.
    """

    vector: NDArray[np.float32]
    unknown_words: tuple[str, ...]
    read_as: tuple[tuple[str, str], ...] = ()
    widened_words: tuple[str, ...] = ()
    guessed: bool = False


class Encoder(Protocol):
    """One model. Equal input gives equal bits, whatever else is in the batch."""

    @property
    def manifest(self) -> Manifest: ...

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        """Unit vectors (len(images), dimension), in order. An empty sequence gives shape (0, dimension)."""
        ...

    def embed_text(self, text: str) -> TextEmbedding:
        """Raises ValueError for a text without a word. One of which no word is known is embedded as it can be."""
        ...
