"""A weak model's eyes for colour: beside what it makes of a picture stands which colours the picture has, and where.

A row is [model · √share, colours · √(1 - share)], both halves of length 1; a text is [model, nothing]. So words rank
pictures exactly as the model alone ranks them (every score is √share of what it was), while a picture is compared by
both. A model as small as the offline one tells a van from a walker and red from blue, but not one dark coat from the
next; the colours of the upper and the lower half of a crop, with its surroundings, do.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from search_index.encoder import Encoder, Image, Manifest, TextEmbedding, Vectors

BINS = (12, 3, 3)  # hue, saturation, brightness
PARTS = 2  # upper and lower half
SHARE = 0.1  # of the model in the likeness of two pictures; a greater one finds fewer of the real clips' moments


class WithColours:
    """An encoder that sees what `model` sees, and colours. Keeps the contract of `search_index.encoder.Encoder`."""

    def __init__(self, model: Encoder, share: float = SHARE) -> None:
        self._model = model
        self._weights = np.float32(np.sqrt(share)), np.float32(np.sqrt(1 - share))
        self._colours = PARTS * int(np.prod(BINS))
        self._manifest = msgspec.structs.replace(
            model.manifest,
            dimension=model.manifest.dimension + self._colours,
            preprocessing=f"{model.manifest.preprocessing}; {share:g} of it beside {1 - share:g} of the roots of the "
            f"colour histogram (hue × saturation × brightness {BINS}) of {PARTS} stripes from the top down",
        )

    @property
    def manifest(self) -> Manifest:
        return self._manifest

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        seen, colours = self._weights
        return np.hstack([seen * self._model.embed_images(images), colours * colours_of(images)])

    def embed_text(self, text: str) -> TextEmbedding:
        said = self._model.embed_text(text)
        vector = np.concatenate([said.vector, np.zeros(self._colours, np.float32)])
        return msgspec.structs.replace(said, vector=vector)


def colours_of(images: Sequence[Image]) -> Vectors:
    """Unit vectors (n, PARTS × bins): roots of histograms, so that their dot product is the Bhattacharyya
    coefficient, which does not let one large even area outweigh all else."""
    rows = [_histograms(image) for image in images]
    return np.stack(rows) if rows else np.empty((0, PARTS * int(np.prod(BINS))), np.float32)


def _histograms(image: Image) -> NDArray[np.float32]:
    hsv = cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_RGB2HSV)
    edges = [len(hsv) * part // PARTS for part in range(PARTS + 1)]
    counts = [
        cv2.calcHist([hsv[top : max(top + 1, bottom)]], [0, 1, 2], None, BINS, [0, 180, 0, 256, 0, 256]).ravel()
        for top, bottom in pairwise(edges)
    ]
    return np.sqrt(np.concatenate([count / count.sum() for count in counts]) / PARTS).astype(np.float32)
