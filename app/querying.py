"""From a question to one unit vector: words or a picture, less what it must not look like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.errors import Invalid
from gpu_jobs.errors import DecodeFailed, ImageRefused
from gpu_jobs.query_image import QueryImages
from search_index.encoder import Encoder

MINUS_WEIGHT = 0.5  # of each unwanted description, against 1 of the wanted one


@dataclass(frozen=True)
class Queries:
    encoder: Encoder
    images: QueryImages

    def vector(
        self, text: str, image: bytes, box: tuple[int, int, int, int] | None, minus: Sequence[str]
    ) -> tuple[NDArray[np.float32], tuple[str, ...]]:
        """The query's unit vector (dimension,), and the words that the model does not know.

        "Without" is arithmetic, not language: models of this kind hardly understand negation.

        Raises:
            domain.errors.Invalid: no word is known, the picture cannot be read, or all of it is subtracted.
        """
        unknown: tuple[str, ...] = ()
        if image:
            wanted = self._of_picture(image, box)
        else:
            wanted, unknown = self._of_words("text", text)
        for term in minus:
            unwanted, more = self._of_words("minus", term)
            wanted, unknown = wanted - MINUS_WEIGHT * unwanted, unknown + more
        length = float(np.linalg.norm(wanted))
        if length < 1e-6:
            raise Invalid("minus", "takes away all that is looked for", "leave it out, or describe more")
        return (wanted / length).astype(np.float32), tuple(dict.fromkeys(unknown))

    def _of_words(self, field: str, words: str) -> tuple[NDArray[np.float32], tuple[str, ...]]:
        try:
            embedded = self.encoder.embed_text(words)
        except ValueError as fault:
            raise Invalid(
                field, str(fault).removeprefix("text: "), "describe clothing, things, vehicles or places in other words"
            ) from fault
        return embedded.vector, embedded.unknown_words

    def _of_picture(self, image: bytes, box: tuple[int, int, int, int] | None) -> NDArray[np.float32]:
        try:
            return self.images.vector(image, box)
        except (ImageRefused, DecodeFailed) as fault:
            raise Invalid(
                "image", str(fault).removeprefix("image: "), "send a JPEG, PNG or WebP picture and a box within it"
            ) from fault
