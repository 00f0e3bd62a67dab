"""From a question to one unit vector: words or a picture, less what it must not look like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.deployment import Deployment
from app.question import Question
from domain.camera_indexing import UPRIGHT
from domain.errors import Invalid
from gpu_jobs.errors import DecodeFailed, ImageRefused
from gpu_jobs.query_image import QueryImages
from projections.cameras import any_masks
from projections.database import ViewsDatabase
from search_index.encoder import Encoder

T = TypeVar("T")
MINUS_WEIGHT = 0.5  # of each unwanted description, against 1 of the wanted one


class Query(NamedTuple):
    """A question as the index takes it, and what the model made of its words."""

    vector: NDArray[np.float32]  # (dimension,), of length 1
    unknown_words: tuple[str, ...] = ()
    read_as: tuple[tuple[str, str], ...] = ()
    widened_words: tuple[str, ...] = ()
    guessed: bool = False


@dataclass(frozen=True)
class Queries:
    encoder: Encoder
    images: QueryImages

    def of(self, question: Question) -> Query:
        """Of what somebody asked; a picture of a child has its head filled, whatever the deployment says of others.

        Raises as `vector` does.
        """
        return self.vector(
            question.text, question.image, question.box, question.minus, heads_filled=question.child_image
        )

    def vector(
        self,
        text: str,
        image: bytes,
        box: tuple[int, int, int, int] | None,
        minus: Sequence[str],
        *,
        heads_filled: bool = False,
    ) -> Query:
        """The query's vector, the words that the model does not know, and those that it took for others or for more.

        "Without" is arithmetic, not language: models of this kind hardly understand negation.

        Raises:
            domain.errors.Invalid: there is no word, the picture cannot be read, or all of it is subtracted.
        """
        picture = Query(self._of_picture(image, box, heads_filled)) if image else None
        wanted, unknown, read_as, widened, guessed = picture or self._of_words("text", text)
        for term in minus:
            unwanted = self._of_words("minus", term)
            if unwanted.guessed:  # taken away, a guess would reorder what is found
                raise Invalid("minus", f"{term} is not understood", "leave it out, or say it in other words")
            wanted = wanted - MINUS_WEIGHT * unwanted.vector
            unknown, read_as = unknown + unwanted.unknown_words, read_as + unwanted.read_as
            widened += unwanted.widened_words
        length = float(np.linalg.norm(wanted))
        if length < 1e-6:
            raise Invalid("minus", "takes away all that is looked for", "leave it out, or describe more")
        vector = (wanted / length).astype(np.float32)
        return Query(vector, _once(unknown), _once(read_as), _once(widened), guessed)

    def _of_words(self, field: str, words: str) -> Query:
        try:
            embedded = self.encoder.embed_text(words)
        except ValueError as fault:
            raise Invalid(
                field, str(fault).removeprefix("text: "), "describe clothing, things, vehicles or places in other words"
            ) from fault
        return Query(
            embedded.vector, embedded.unknown_words, embedded.read_as, embedded.widened_words, embedded.guessed
        )

    def _of_picture(
        self, image: bytes, box: tuple[int, int, int, int] | None, heads_filled: bool
    ) -> NDArray[np.float32]:
        try:
            return self.images.vector(image, box, heads_filled=heads_filled)
        except (ImageRefused, DecodeFailed) as fault:
            raise Invalid(
                "image",
                str(fault).removeprefix("image: ").partition(";")[0],
                "send a JPEG, PNG or WebP picture and a box within it",
            ) from fault


def _once(told: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(told))


def queries_of(place: Deployment, views: ViewsDatabase, model: Encoder) -> Queries:
    """Query pictures are masked as strictly as the footage of any camera."""

    def strict() -> bool:
        if place.settings.masked_heads == UPRIGHT:
            return True
        with views.reading() as reading:
            return any_masks(reading, UPRIGHT)

    return Queries(model, QueryImages(model, strict=strict))
