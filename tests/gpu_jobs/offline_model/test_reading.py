"""A query is read into facts whatever its inflection, and words that the model cannot know are named."""

from __future__ import annotations

import pytest

from gpu_jobs.offline_model.reading import parse_query


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("червона машина", {"car", "colour:red"}),
        ("червону машину", {"car", "colour:red"}),
        ("машина червоного кольору", {"car", "colour:red"}),
        ("Автомобіль, червоний", {"car", "colour:red"}),
        ("ЧЕРВОНЕ АВТО", {"car", "colour:red"}),
        ("red auto", {"car", "colour:red"}),
        ("car, red", {"car", "colour:red"}),
        ("людина в червоній куртці", {"person", "upper:red"}),
        ("людину у червоному", {"person", "upper:red"}),
        ("червона куртка", {"person", "upper:red"}),
        ("man wearing red", {"person", "adult", "upper:red"}),
        ("a cyclist dressed in dark red", {"bicycle", "rider", "person", "upper:red"}),
        ("хлопець у червоній куртці з рюкзаком", {"person", "upper:red", "backpack"}),
        ("білий фургон біля школи", {"van", "colour:white", "place:schoolyard"}),
        (
            "жінка в синьому пальті з жовтою парасолькою",
            {"person", "adult", "upper:blue", "umbrella", "umbrella:yellow"},
        ),
        ("темно-синя вантажівка", {"truck", "colour:blue"}),
        ("вантажний автомобіль білого кольору", {"truck", "colour:white"}),
        ("людина у білому та сірих штанах", {"person", "upper:white", "lower:grey"}),
        ("велосипедист у зеленій футболці", {"bicycle", "rider", "person", "upper:green"}),
        ("дівчинка на рожевому самокаті", {"person", "child", "scooter", "rider", "colour:pink"}),
        ("a person in a black jacket and blue jeans", {"person", "upper:black", "lower:blue"}),
        ("school bus", {"bus"}),
        ("people in the dark", {"person", "night"}),
        ("person in a dark red coat", {"person", "upper:red"}),
        ("no one in the car park", {"empty", "place:parking"}),
        ("без людей", {"empty"}),
        ("група дітей на майданчику", {"group", "person", "child", "place:playground"}),
        ("людина йде з собакою під дощем", {"person", "pose:walking", "dog", "rain"}),
        ("пса", {"dog"}),
        ("подвір'я школи", {"place:schoolyard"}),
        ("подвірʼя школи", {"place:schoolyard"}),
        ("подвір’я школи", {"place:schoolyard"}),
    ],
)
def test_reads(text: str, facts: set[str]) -> None:
    assert parse_query(text).facts == facts
    assert parse_query(text).unknown_words == ()


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Літак у небі", ("Літак", "небі")),
        ("жінка з коляскою", ("коляскою",)),
        ("someone with a knife", ("knife",)),
        ("red leather jacket", ("leather",)),
        ("великий білий автобус", ("великий",)),
        ("дитина з червоним рюкзаком", ("червоним",)),  # the colour of a bag is not learnt
        ("людина без шапки", ("без", "шапки")),  # nothing can be left out
        ("синиця", ("синиця",)),  # begins like «синій»
        ("дорогий", ("дорогий",)),  # begins like «дорога»
    ],
)
def test_names_what_it_does_not_know(text: str, unknown: tuple[str, ...]) -> None:
    assert parse_query(text).unknown_words == unknown


def test_says_that_it_tells_no_woman_from_a_man() -> None:
    assert parse_query("woman in a red coat").widened_words == ("woman",)
    assert parse_query("хлопчика в синьому").widened_words == ("хлопчика",)
    assert parse_query("person in a red coat").widened_words == ()


def test_nothing_understood_leaves_no_facts() -> None:
    assert parse_query("літак").facts == frozenset()
    assert parse_query("").facts == frozenset()
    assert parse_query("?!…").unknown_words == ()


def test_a_colour_that_is_to_be_missing_is_reported_and_not_asked_for() -> None:
    for text in ("машина без червоного", "a car without red"):
        parsed = parse_query(text)
        assert parsed.facts == {"car"}
        assert len(parsed.unknown_words) == 2


def test_english_words_beside_the_vocabulary_are_no_ukrainian_ones() -> None:
    for text in ("police", "police car", "police officer", "person near trees", "company", "man sleep", "man walls"):
        facts = parse_query(text).facts
        assert not facts & {"place:shop", "group", "pose:walking", "count:3"}, (text, facts)
