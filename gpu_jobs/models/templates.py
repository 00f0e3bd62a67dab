"""Searched words put into the sentences that a model is used to: "red jacket", "a photo of red jacket".

A query is the normalised mean of its sentences' unit vectors, as CLIP's makers ask its questions (arXiv 2103.00020,
§3.1.4). Pictures are not touched, so a model's rows, and their generation, are the same under other templates.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from gpu_jobs.models.card import PLAIN
from search_index.encoder import Encoder, Image, Manifest, TextEmbedding, Vectors


class WithTemplates:
    """An encoder whose texts are asked in several sentences. Keeps the contract of `search_index.encoder.Encoder`."""

    def __init__(self, model: Encoder, templates: Sequence[str]) -> None:
        self._model, self.templates = model, tuple(templates)

    @property
    def manifest(self) -> Manifest:
        return self._model.manifest

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        return self._model.embed_images(images)

    def embed_text(self, text: str) -> TextEmbedding:
        """Raises as the model does; of words that are none before a sentence could lend them its own."""
        said = self._model.embed_text(text)
        vectors = [
            said.vector if each == PLAIN else self._model.embed_text(each.replace(PLAIN, text)).vector
            for each in self.templates
        ]
        total = np.sum(vectors, axis=0, dtype=np.float64)
        return msgspec.structs.replace(said, vector=np.asarray(total / np.linalg.norm(total), np.float32))
