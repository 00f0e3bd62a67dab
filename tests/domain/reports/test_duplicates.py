"""Whether two reports are of one thing: what counts, and that it counts the same from either side."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.personal import Place
from domain.reports.duplicates import Told, likeness, words_alike
from tests.benchmarks.evaluate_duplicates import outcomes, quality
from tests.benchmarks.report_pairs import pairs
from tests.domain.examples import NOW, changed

HERE = Place(latitude=50.45, longitude=30.52)
BENCH = Told(text="Підлітки розбили лавку в парку", category="property-damage", at=NOW, place=HERE)
AGAIN = changed(BENCH, text="У парку побили лавки, підлітки кричали", at=NOW + timedelta(hours=3))


def test_what_says_the_same_near_and_soon_is_likely_one_thing_from_either_side() -> None:
    found = likeness(BENCH, AGAIN)
    assert found == likeness(AGAIN, BENCH)
    assert found.likely
    assert (found.metres, found.hours) == (0, 3.0)


@pytest.mark.parametrize(
    "other",
    [
        changed(AGAIN, place=Place(latitude=50.46, longitude=30.52)),
        changed(AGAIN, category="theft", text="Украли велосипед"),
        changed(AGAIN, text="!!!", category="theft"),
    ],
    ids=["a kilometre away", "another thing", "no word"],
)
def test_what_is_far_or_says_something_else_is_not(other: Told) -> None:
    assert not likeness(BENCH, other).likely


def test_each_part_counts() -> None:
    best = likeness(BENCH, BENCH).score
    assert best == pytest.approx(1.0)
    for less in (
        changed(BENCH, text="Украли велосипед"),
        changed(BENCH, place=None),
        changed(BENCH, at=NOW + timedelta(days=3)),
        changed(BENCH, category="theft"),
    ):
        assert likeness(BENCH, less).score < best


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("розбита лавка", "розбиту лавку"),
        ("підлітки з пляшками", "пляшки, підлітків"),
        ("собака біля під'їзду", "собаки під’їзд"),
        ("broken benches", "the broken bench"),
    ],
)
def test_forms_of_one_word_are_one(one: str, other: str) -> None:
    assert words_alike(one, other) > 0.9


def test_words_that_say_nothing_do_not_count() -> None:
    assert words_alike("вчора біля нас було", "вчора біля нас було") == 0.0
    assert words_alike("велосипед", "лавка") < 0.1


def test_on_generated_pairs() -> None:
    found = quality(outcomes([pair for pair in pairs(2) if pair.held_out]))
    assert found.pairs > 150
    assert found.precision > 0.85
    assert found.recall > 0.85
