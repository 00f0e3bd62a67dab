"""A query picture takes the road of footage: decoded apart, cut like a crop, faces filled, embedded."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gpu_jobs.decoding import DecodeLimits, decode_image
from gpu_jobs.errors import BoxOutside
from gpu_jobs.geometry import cut, with_context
from gpu_jobs.heads import head_of, within
from gpu_jobs.masking import FaceMask, Masking
from gpu_jobs.pictures import ready
from search_index.encoder import Encoder
from search_index.footage_unit import Box


class QueryImages:
    """Embeds query pictures. Safe to use from several threads."""

    def __init__(
        self,
        encoder: Encoder,
        mask: FaceMask | None = None,
        limits: DecodeLimits = DecodeLimits(),  # noqa: B008 (immutable)
        strict: Callable[[], bool] = lambda: False,
    ) -> None:
        """`strict` is asked at every picture whether the head of what the box is drawn round is to be filled, too."""
        self._encoder, self._mask, self._limits, self._strict = encoder, mask or FaceMask(), limits, strict
        self._stricter = self._mask.with_settings(Masking(heads="upright"))

    def vector(
        self, content: bytes, box: tuple[int, int, int, int] | None = None, *, heads_filled: bool = False
    ) -> NDArray[np.float32]:
        """The unit vector (dimension,) of the picture in a JPEG, PNG or WebP file, or of the thing in a box in it.

        `box` is left, top, width, height in pixels of the picture as shown. The thing gets the same context round it
        as a crop of footage. `heads_filled`: its head is filled, even where footage is looked at with less care.

        Raises:
            gpu_jobs.errors.ImageRefused: not readable, too large, or the box is not within it.
            gpu_jobs.errors.DecodeFailed: decoding crashed, hung or went over a limit.
        """
        image, heads = decode_image(content, self._limits), tuple[Box, ...]()
        if box is not None:
            thing = _within(Box(*box), image)
            part = with_context(thing, image.shape[1], image.shape[0])
            image, heads = cut(image, part), within(head_of(thing), part)
        mask = self._stricter if heads_filled or self._strict() else self._mask
        picture = ready(image, mask, whole=box is None, heads=heads)
        return np.asarray(self._encoder.embed_images([picture])[0])


def _within(box: Box, image: NDArray[np.uint8]) -> Box:
    height, width = image.shape[:2]
    inside = box.x >= 0 and box.y >= 0 and box.x + box.width <= width and box.y + box.height <= height
    if not inside or box.width < 1 or box.height < 1:
        raise BoxOutside(
            f"box: left {box.x}, top {box.y}, {box.width} × {box.height} is not within the picture of "
            f"{width} × {height} pixels; draw it inside"
        )
    return box
