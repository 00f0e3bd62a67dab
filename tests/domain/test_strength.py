"""Percentiles in plain words: a strength says how often chance alone would do as well."""

from __future__ import annotations

import pytest

from domain.errors import Invalid
from domain.footage_search import DECIDER, SearchRun
from domain.strength import ORDER, expected_by_chance, percentile_of, strength_of, strongest
from tests.domain.examples import RUN, changed, moment


@pytest.mark.parametrize(
    ("percentile", "rows", "strength"),
    [
        (99.9999, 1_000, "strong"),
        (99.999, 999, "strong"),
        (99.999, 1_001, "fair"),
        (99.99, 999, "fair"),
        (99.95, 999, "weak"),
        (99.95, 1_001, "none"),
        (99.95, 10, "strong"),
        (99.0, 5, "fair"),
        (50.0, 1, "none"),
        (0.0, 0, "none"),
    ],
)
def test_strength(percentile: float, rows: int, strength: str) -> None:
    assert strength_of(percentile, rows) == strength


def test_percentiles_are_told_to_six_places() -> None:
    assert percentile_of(1e-8) == 99.999999
    assert percentile_of(1.0) == 0.0
    assert expected_by_chance(percentile_of(0.001), 5_000) == pytest.approx(5)


def test_a_search_is_as_strong_as_its_strongest_moment() -> None:
    assert strongest(["weak", "strong", "none"]) == "strong"
    assert strongest(["none"]) == "none"
    assert strongest(["", ""]) == ""
    assert ORDER == ("none", "weak", "fair", "strong")


def run(*strengths: str, calibration: str = "ab" * 32) -> SearchRun:
    moments = tuple(moment(rank, strength=strength) for rank, strength in enumerate(strengths, 1))
    (event,) = DECIDER.decide(None, changed(RUN, moments=moments, calibration=calibration))
    assert isinstance(event, SearchRun)
    return event


def test_no_match_is_an_answer_and_on_record() -> None:
    assert run("none", "none").strength == "none"
    assert run("none", "fair").strength == "fair"
    assert run().strength == "none", "nothing was found at all"
    assert run("", "", calibration="").strength == "", "nothing was calibrated"


def test_an_unknown_strength_is_refused() -> None:
    with pytest.raises(Invalid, match="strength"):
        run("certain")
