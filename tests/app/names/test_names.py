"""How names are read: what is one name in however many ways of writing, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.names.features import CLOSE, FEATURES_MAX, SAME, SURNAME, asked_for, kept_of
from app.names.given_names import names_called, names_in_any_case, names_near
from app.names.sounds import READINGS_MAX, sounds, words
from app.names.word_forms import fathers_stem, slips_near, slips_of, stem, stems, surname_stems, wholes_near
from domain.personal import ChildIdentity
from tests.app.names.name_pairs import FLEETING

LETTERS = "abdehiklmnoprstuvzCSZ"
stems_drawn = st.text(LETTERS, min_size=4, max_size=9)


@pytest.mark.parametrize(
    "written",
    [
        ("Хмельницький", "Khmelnytskyi", "Hmelnitsky", "Chmielnicki", "Хмельницкий", "Xmelnycʹkyj"),
        ("Щербак", "Shcherbak", "Scherbak", "Ščerbak", "Sherbak"),
        ("Юрій", "Yurii", "Iurii", "Yuriy", "Jurij", "Юрий"),
        ("Дем’яненко", "Дем'яненко", "Демяненко", 'Дем"яненко', "Демʼяненко", "Demianenko", "Demyanenko"),
        ("Згурський", "Zghurskyi", "Zgursky", "Згурский"),
        ("Соловйов", "Soloviov", "Solovyov", "Соловьёв"),
        ("Іван", "Ivan", "Иван", "Iвaн"),
        ("Ганна", "Hanna", "Гана"),
    ],
    ids=lambda written: written[0],
)
def test_ways_of_writing_that_sound_alike(written: tuple[str, ...]) -> None:
    read = [{sound for word in words(each) for sound in sounds(word)} for each in written]
    assert set.intersection(*read), dict(zip(written, read, strict=True))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Шевченко", "Шевчук"), ("Коваль", "Коваленко"), ("Петро", "Павло"), ("Жук", "Жак"), ("Щербак", "Чербак")],
)
def test_names_that_do_not_sound_alike(one: str, other: str) -> None:
    assert not {*sounds(words(one)[0])} & {*sounds(words(other)[0])}


def test_a_double_name_is_two_words_and_signs_are_none() -> None:
    assert words("Нечуй-Левицький, І. «Ваня», 7") == ("нечуй", "левицкий", "і", "ваня")


@settings(deadline=None)
@given(st.text(max_size=30))
def test_whatever_is_typed_is_read(typed: str) -> None:
    for word in words(typed):
        assert 1 <= len(sounds(word)) <= READINGS_MAX
    asked_for(typed)


@pytest.mark.parametrize(
    ("nominative", "forms"),
    [
        ("Коваленко", "Коваленка Коваленку Коваленком Коваленкові"),
        ("Ковальський", "Ковальського Ковальському Ковальським Ковальська Ковальської Ковальською"),
        ("Іванов", "Іванова Іванову Івановим Іванової Івановій"),
        ("Гайдай", "Гайдая Гайдаю Гайдаєм"),
        ("Кравець", "Кравця Кравцю Кравцем"),
        ("Марія", "Марії Марію Марією"),
        ("Ігор", "Ігоря Ігореві Ігорем"),
        ("Юрій", "Юрія Юрієві Юрієм"),
    ],
)
def test_a_name_is_known_in_any_case(nominative: str, forms: str) -> None:
    kept = stem(sounds(words(nominative)[0])[0])
    for form in words(forms):
        assert any(kept in stems(sound) for sound in sounds(form)), form


@pytest.mark.parametrize(("typed", "first"), [(form, each[0]) for each in FLEETING for form in each[1:]])
def test_a_surname_is_known_without_the_vowel_that_it_has_in_the_first_case(typed: str, first: str) -> None:
    wanted = stem(sounds(words(first)[0])[0])
    assert wanted in {whole for sound in sounds(words(typed)[0]) for whole in surname_stems(sound)}


@pytest.mark.parametrize(
    ("typed", "other"), [("Сірко", "Сірок"), ("Іванова", "Іванів"), ("Мороз", "Моріз"), ("Ткач", "Ткеч")]
)
def test_a_surname_in_the_first_case_is_of_itself_alone(typed: str, other: str) -> None:
    assert stem(sounds(words(other)[0])[0]) not in surname_stems(sounds(words(typed)[0])[0])


@pytest.mark.parametrize(
    ("written", "father"),
    [("Петрович", "petr"), ("Петрівна", "petr"), ("Петровна", "petr"), ("Петровичем", "petr"), ("Сергіївни", "serh"),
     ("Андрійович", "andr"), ("Шевченко", None), ("Ніна", None)],
)  # fmt: skip
def test_the_father_s_name(written: str, father: str | None) -> None:
    assert fathers_stem(sounds(words(written)[0])[0]) == father


@pytest.mark.parametrize("written", ["Микола", "Николай", "Mykola", "Nikolai", "Коля"])
def test_a_given_name_in_another_language_is_one_name(written: str) -> None:
    assert any("Микола" in names_called(sound) for sound in sounds(words(written)[0]))


def test_a_given_name_in_a_case_and_with_a_slip() -> None:
    assert "Олександр" in names_in_any_case(sounds("олександром")[0])
    assert "Олександр" in names_near(sounds("олкександр")[0])
    assert names_near(sounds("на")[0]) == frozenset()


def _kept(whole: str) -> set[object]:
    return {whole, *slips_of(whole)}


def _looked_for(typed: str) -> set[object]:
    return {typed, *wholes_near(typed), *slips_near(typed)}


@settings(deadline=None)
@given(stems_drawn, st.integers(0, 8), st.sampled_from(LETTERS))
def test_one_slip_is_always_found(whole: str, place: int, letter: str) -> None:
    place = min(place, len(whole) - 1)
    for typed in (
        whole[:place] + letter + whole[place + 1 :],
        whole[:place] + whole[place + 1 :],
        whole[:place] + letter + whole[place:],
        whole[:place] + whole[place + 1 : place + 2] + whole[place] + whole[place + 2 :],
    ):
        assert _kept(whole) & _looked_for(typed), (whole, typed)


@settings(deadline=None)
@given(stems_drawn, stems_drawn)
def test_more_than_one_slip_is_never_found(one: str, other: str) -> None:
    if _distance(one, other) > 1:
        assert not _kept(one) & _looked_for(other)


def _distance(one: str, other: str) -> int:
    """Damerau's, of neighbouring exchanges: written out, to be held against."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            row.append(min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b)))
            if i > 1 and j > 1 and (a, one[i - 2]) == (other[j - 2], b):
                row[j] = min(row[j], rows[-2][j - 2] + 1)
        rows.append(row)
    return rows[-1][-1]


class TestFeatures:
    def test_none_is_of_a_given_name_alone(self) -> None:
        born = ChildIdentity(surname="Сірко", given_name="Іван", patronymic="Петрович", born="2012-05-17")
        for feature in kept_of(born):
            kind, _, rest = feature.partition(":")
            assert kind[0] in "PSFYG"
            assert kind[0] == "S" or "|" in rest, "with a second part"

    def test_they_are_bounded_whatever_a_child_is_called(self) -> None:
        many = tuple(f"{a}{b} Прізвище{a}" for a in "абвгд" for b in "кл")
        called = ChildIdentity(surname="Довгопрізвищенко", given_name="Іван", other_names=many, born="2012")
        assert len(kept_of(called)) <= FEATURES_MAX
        assert "P:dovhoprizviSenk|Іван" in kept_of(called), "what tells most is kept"

    def test_any_order_and_a_year_within_the_name(self) -> None:
        kept = {*kept_of(ChildIdentity(surname="Сірко", given_name="Іван", born="2012"))}
        for typed in ("Сірко Іван", "Іван Сірко", "Іван 2012", "Сірко 2012", "Сірко"):
            hits = [grade for feature, (grade, _) in asked_for(typed).items() if feature in kept]
            assert SAME in hits, typed
        assert not kept & asked_for("Іван").keys()
        assert not kept & asked_for("Петро 2012").keys()

    def test_one_without_a_given_name_is_like_every_one_of_its_surname(self) -> None:
        foundling = {*kept_of(ChildIdentity(surname="Козловський", born="2012"))}
        asked = asked_for("Козловський Євген")
        assert {asked[feature] for feature in foundling & asked.keys()} == {(CLOSE, frozenset({SURNAME}))}
        assert not foundling & asked_for("Козловський-Євген Ян").keys() - asked_for("Козловський Ян").keys()
        named = {*kept_of(ChildIdentity(surname="Козловський", given_name="Ян"))}
        assert not named & asked.keys(), "of another given name"

    def test_a_child_is_found_under_each_name_it_has(self) -> None:
        kept = {*kept_of(ChildIdentity(surname="Сірко", given_name="Іван", other_names=("Вовк Ян", "Хома")))}
        for typed in ("Вовк Ян", "Вовк Іван", "Сірко Ян", "Сірко Хома", "Хома Іван"):
            assert kept & asked_for(typed).keys(), typed
