"""What the score of a hit means in plain words. Pure arithmetic over the chance that a search has of being wrong.

Of N rows that do not show what is asked for, each reaching a score with chance p, N·p are expected to reach it. So
a strength means the same for every query, model and size of search: of searches in footage that holds no answer, at
most about one in ten finds anything fair, one in a hundred anything strong (measured by
`python -m tests.benchmarks.evaluate_calibration`; the thresholds were chosen on scenes of another seed).
"""

from __future__ import annotations

from collections.abc import Iterable

from domain.vocabulary import STRENGTHS

ORDER = tuple(STRENGTHS)  # the least first
STRONG_BELOW, FAIR_BELOW, WEAK_BELOW = 0.01, 0.1, 0.5  # rows that chance alone would bring to this score


def percentile_of(chance: float) -> float:
    """How many of a hundred pictures that do not show what is asked for score less, to six places."""
    return round(100 * (1 - chance), 6)


def strength_of(percentile: float, rows: int) -> str:
    """One of vocabulary.STRENGTHS, of a hit that stands at this percentile in a search over so many rows."""
    expected = expected_by_chance(percentile, rows)
    if expected < STRONG_BELOW:
        return "strong"
    if expected < FAIR_BELOW:
        return "fair"
    return "weak" if expected < WEAK_BELOW else "none"


def expected_by_chance(percentile: float, rows: int) -> float:
    """How many of so many rows would score as much, were there nothing to find."""
    return (100 - percentile) / 100 * max(1, rows)


def strongest(strengths: Iterable[str]) -> str:
    """What a whole search comes to: "none" is an answer. "" where nothing was calibrated."""
    told = [each for each in strengths if each]
    return max(told, key=ORDER.index) if told else ""
