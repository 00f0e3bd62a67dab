"""A part of the evaluation of names (`tests.benchmarks.evaluate_names`), held to what it must not fall below."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.app.names.name_pairs import kmu_55_2010, pairs
from tests.benchmarks.evaluate_names import Outcome, lines_of, outcomes, precision


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    folder: Path = tmp_path_factory.mktemp("names")
    return outcomes(pairs()[::3], folder)


def test_the_pairs_are_of_every_kind_and_enough() -> None:
    made = pairs()
    assert made == pairs(), "the same every time"
    assert sum(pair.same for pair in made) >= 500
    assert sum(not pair.same for pair in made) >= 500
    assert min(Counter(pair.kind for pair in made).values()) >= 30


@pytest.mark.parametrize(
    ("word", "written"),
    [("Згурський", "Zghurskyi"), ("Щербак", "Shcherbak"), ("Єнакієве", "Yenakiieve"), ("Їжакевич", "Yizhakevych"),
     ("Йосипівка", "Yosypivka"), ("Юрій", "Yurii"), ("Ярошенко", "Yaroshenko"), ("Знам’янка", "Znamianka"),
     ("Гадяч", "Hadiach"), ("Ґудзь", "Gudz")],
)  # fmt: skip
def test_the_pairs_romanise_as_the_norm_says(word: str, written: str) -> None:
    assert kmu_55_2010(word) == written


def test_recall_of_each_kind(tried: list[Outcome]) -> None:
    found = {line.kind: line.found for line in lines_of(tried)}
    sure = ("KMU 55/2010", "scholarly", "as in atlases", "informal", "Russian form", "Russian form, romanised")
    assert {kind: found[kind] for kind in (*sure, "apostrophe") if found[kind] < 0.99} == {}
    assert found["ending (case)"] >= 0.98
    assert found["slip"] >= 0.88
    assert found["fleeting vowel"] == found["fleeting vowel, alone"] == 1.0
    assert min(found["slip, short surname"], found["slip, short surname and year"]) >= 0.88


def test_precision(tried: list[Outcome]) -> None:
    assert precision(tried, "same") == 1.0, "what is called the same name is of the same name"
    assert precision(tried, "found") >= 0.9, "among names that were chosen to be mistaken for one another"
