"""How well an answer names the moments that it should, and how sure a mean of that is. Pure.

An answer is a list of moments, best first; the truth is a list of spans in which what was asked for is to be seen.

- An answer's moment *finds* a span of its camera where its best frame lies in it, or within `TOLERANCE_SECONDS` of it.
  It counts for one span at most: of those that no earlier one found, the one whose middle is nearest. So several
  moments of one passage count once, and each further one takes a rank without a gain.
- A moment that finds nothing, and lies in a span that the labelling eye could not settle (*unsure*), counts neither
  way: it is taken out, and those after it move up.
- *recall@k*: the spans found by the first k moments, over the lesser of k and the number of spans.
- *nDCG@10*: the sum of 1 / log2(1 + rank) over the moments that found a span, over the most it could be.
- *MRR*: 1 / rank of the first that found one; 0 where none of the first 10 did.
- *IoU*: of the first 5 moments and all spans of their cameras, the greatest intersection over union in time.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from math import log2

import msgspec
import numpy as np
from numpy.typing import NDArray

TOLERANCE_SECONDS = 1.0
DEPTH = 10  # no measure looks further
IOU_DEPTH = 5
RESAMPLES = 4_000
SEED = 1
MEASURES = ("recall@1", "recall@5", "recall@10", "nDCG@10", "MRR", "IoU")

Values = NDArray[np.float64]


class Span(msgspec.Struct, frozen=True):
    """A stretch of a camera's film, in seconds from its start."""

    camera: str
    from_s: float
    to_s: float

    def holds(self, camera: str, second: float) -> bool:
        return self.camera == camera and self.from_s - TOLERANCE_SECONDS <= second <= self.to_s + TOLERANCE_SECONDS


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """A moment that a system names: its best frame's second, and from when to when it lasts."""

    camera: str
    at_s: float
    from_s: float
    to_s: float
    score: float = 0.0


class Figure(msgspec.Struct, frozen=True):
    """A mean over queries and its 95 % interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"


def finds(
    answer: Sequence[Named], truth: Sequence[Span], unsure: Sequence[Span] = ()
) -> list[tuple[Named, int | None]]:
    """The moments that count, in order, each with the place of the span in `truth` that it finds, or None."""
    judged: list[tuple[Named, int | None]] = []
    left = set(range(len(truth)))
    for named in answer:
        met = [place for place, span in enumerate(truth) if span.holds(named.camera, named.at_s)]
        new = min(left.intersection(met), key=lambda place: _off_middle(named, truth[place]), default=None)
        if new is not None:
            left.discard(new)
        elif not met and any(span.holds(named.camera, named.at_s) for span in unsure):
            continue
        judged.append((named, new))
    return judged


def _off_middle(named: Named, span: Span) -> float:
    return abs(named.at_s - (span.from_s + span.to_s) / 2)


def measured(answer: Sequence[Named], truth: Sequence[Span], unsure: Sequence[Span] = ()) -> dict[str, float]:
    """Every measure of one answer. `truth` holds a span at least."""
    if not truth:
        raise ValueError("truth: it is empty; what has no answer is measured by `area_under_roc`")
    judged = finds(answer, truth, unsure)[:DEPTH]
    ranks = [rank for rank, (_, found) in enumerate(judged, 1) if found is not None]
    ideal = sum(1 / log2(1 + rank) for rank in range(1, min(DEPTH, len(truth)) + 1))
    return {
        **{f"recall@{k}": sum(rank <= k for rank in ranks) / min(k, len(truth)) for k in (1, 5, 10)},
        "nDCG@10": sum(1 / log2(1 + rank) for rank in ranks) / ideal,
        "MRR": 1 / ranks[0] if ranks else 0.0,
        "IoU": max((overlap(named, span) for named, _ in judged[:IOU_DEPTH] for span in truth), default=0.0),
    }


def overlap(named: Named, span: Span) -> float:
    """Intersection over union in time; 0 for another camera."""
    if named.camera != span.camera:
        return 0.0
    common = min(named.to_s, span.to_s) - max(named.from_s, span.from_s)
    whole = max(named.to_s, span.to_s) - min(named.from_s, span.from_s)
    return max(0.0, common) / whole if whole > 0 else 0.0


def bootstrapped(values: Sequence[float] | Values, together: Sequence[Hashable] | None = None) -> Figure:
    """The mean and its percentile interval; values that share a key of `together` are drawn as one."""
    data = np.asarray(values, float)
    groups = _groups(len(data), together)
    totals = np.array([data[group].sum() for group in groups])
    sizes = np.array([len(group) for group in groups])
    drawn = np.random.default_rng(SEED).integers(len(sizes), size=(RESAMPLES, len(sizes)))
    low, high = np.percentile(totals[drawn].sum(axis=1) / sizes[drawn].sum(axis=1), (2.5, 97.5))
    return Figure(float(data.mean()), float(low), float(high))


def area_under_roc(
    answerable: Sequence[float] | Values,
    unanswerable: Sequence[float] | Values,
    together: tuple[Sequence[Hashable], Sequence[Hashable]] | None = None,
) -> Figure:
    """How often a query that has an answer scores more than one that has none, ties by half; .5 is chance. Queries
    of both kinds are resampled; those that share a key of `together` (one sequence for each kind) as one."""
    positive, negative = np.asarray(answerable, float), np.asarray(unanswerable, float)
    won = (positive[:, None] > negative) + 0.5 * (positive[:, None] == negative)
    keys = together or (None, None)
    above, below = _groups(len(positive), keys[0]), _groups(len(negative), keys[1])
    draw = np.random.default_rng(SEED)
    areas = [won[_drawn(above, draw)][:, _drawn(below, draw)].mean() for _ in range(RESAMPLES // 4)]
    low, high = np.percentile(areas, (2.5, 97.5))
    return Figure(float(won.mean()), float(low), float(high))


def _groups(count: int, together: Sequence[Hashable] | None) -> list[list[int]]:
    """The places 0..count, those that share a key in one group; each alone where there are no keys."""
    places: dict[Hashable, list[int]] = {}
    for place, key in enumerate(together if together is not None else range(count)):
        places.setdefault(key, []).append(place)
    return list(places.values())


def _drawn(groups: Sequence[Sequence[int]], draw: np.random.Generator) -> list[int]:
    return [place for group in draw.integers(len(groups), size=len(groups)) for place in groups[group]]
