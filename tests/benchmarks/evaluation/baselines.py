"""What a search must beat: ways to name moments that do not look at the question, and one that knows colours only.

Those that do not look choose among the instants that are in the index, and obey the rule of `search_index.moments`
that best frames of a camera lie more than `apart_us` apart:

- random: in random order, the mean over `DRAWS` orders;
- chronological: the earliest first (films of a corpus follow each other);
- motion only: those of which the largest part moves first.

`ColourNames` goes the model's whole road, with a histogram of named colours in its place: nothing was trained.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gpu_jobs.offline_model.footage_crops import colour_shares
from gpu_jobs.offline_model.palette import COLOUR_NAMES
from gpu_jobs.offline_model.reading import parse_query
from search_index.encoder import Image, Manifest, TextEmbedding, Vectors
from search_index.moments import Grouping, bests
from tests.benchmarks.evaluation.indexing import NAMED, Seen
from tests.benchmarks.evaluation.metrics import MEASURES, Named, measured
from tests.benchmarks.evaluation.questions import Question

DRAWS = 100
SEED = 2
PARTS = ("upper", "lower", "colour")


class NoColourNamed(ValueError):
    """The words name no colour of clothing or of a thing."""


class ColourNames:
    """Which share of a picture's upper part, lower part and middle has which colour's name. A text is the colours that
    it names, where it names them, so that its score with a picture is the sum of those shares, up to a factor."""

    @property
    def manifest(self) -> Manifest:
        return Manifest(
            model="colour names",
            weights_sha256="0" * 64,
            dimension=len(PARTS) * len(COLOUR_NAMES) + 1,
            preprocessing="shares of named colours in three parts",
            tokenizer_sha256="0" * 64,
            precision="float32",
        )

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        if not images:
            return np.empty((0, self.manifest.dimension), np.float32)
        shares = np.array(
            [[colour_shares(one, part)[name] for part in PARTS for name in COLOUR_NAMES] for one in images]
        )
        shares /= np.sqrt(len(PARTS))  # of each part they sum to 1 at most, so this is no longer than 1
        rest = np.sqrt(np.maximum(0, 1 - (shares**2).sum(axis=1, keepdims=True)))
        return np.hstack([shares, rest]).astype(np.float32)

    def embed_text(self, text: str) -> TextEmbedding:
        wanted = [part_and_name(fact) for fact in parse_query(text).facts]
        vector = np.zeros(self.manifest.dimension, np.float32)
        for one in wanted:
            if one is not None:
                vector[PARTS.index(one[0]) * len(COLOUR_NAMES) + COLOUR_NAMES.index(one[1])] = 1
        if not vector.any():
            raise NoColourNamed(text)
        return TextEmbedding(vector / np.linalg.norm(vector), ())


def part_and_name(fact: str) -> tuple[str, str] | None:
    """The part and the colour that a fact such as "upper:red" names; of what is carried, none."""
    part, _, name = fact.partition(":")
    return (part, name) if part in PARTS and name in COLOUR_NAMES else None


def first_of(seen: Sequence[Seen], ranking: Sequence[int]) -> list[Named]:
    """The moments when the instants are ranked so."""
    ranked = [seen[place] for place in ranking]
    instants = [round(one.at_s * 1e6) for one in ranked]
    chosen = bests([one.camera for one in ranked], instants, Grouping().apart_us, NAMED)
    return [_moment(ranked[place]) for place in chosen]


def _moment(one: Seen) -> Named:
    """A second about the instant: the length of the usual moment of a search."""
    return Named(camera=one.camera, at_s=one.at_s, from_s=one.at_s - 0.5, to_s=one.at_s + 0.5)


def chronological(seen: Sequence[Seen]) -> list[Named]:
    return first_of(seen, range(len(seen)))


def motion_only(seen: Sequence[Seen]) -> list[Named]:
    return first_of(seen, sorted(range(len(seen)), key=lambda one: (-seen[one].motion, seen[one].at_s)))


def random_measures(seen: Sequence[Seen], questions: Sequence[Question]) -> list[dict[str, float]]:
    """Of each question, the mean over the random orders."""
    draw = np.random.default_rng(SEED)
    drawn = [first_of(seen, draw.permutation(len(seen)).tolist()) for _ in range(DRAWS)]
    means = []
    for question in questions:
        every = [measured(named, question.truth, question.unsure) for named in drawn]
        means.append({name: float(np.mean([one[name] for one in every])) for name in MEASURES})
    return means
