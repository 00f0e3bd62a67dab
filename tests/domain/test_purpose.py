"""A purpose is a code and a case number: nothing else finds room in the clear part of the record."""

from __future__ import annotations

import pytest

from domain.errors import Invalid
from domain.purpose import REFERENCE_CHARACTERS_MAX, purpose
from domain.vocabulary import PURPOSES


@pytest.mark.parametrize("code", PURPOSES)
def test_every_code_of_the_list(code: str) -> None:
    assert purpose("why", code) == code
    assert purpose("why", f"{code}:2026/1147") == f"{code}:2026/1147"


@pytest.mark.parametrize(
    "reference",
    ["1", "757/1147/26-к", "12026100000000123", "2026.11-4", "ЄО-1147", "EU.7", "1" * REFERENCE_CHARACTERS_MAX],
)
def test_a_case_number(reference: str) -> None:
    assert purpose("why", f"investigation:{reference}") == f"investigation:{reference}"


@pytest.mark.parametrize(
    "words",
    [
        "",
        "case 12/26",
        "Investigation",
        "шукаємо Іванка, 7 років",
        "investigation 2026/1147",
        " investigation",
        "аудит",
    ],
)
def test_words_are_refused_with_the_list(words: str) -> None:
    with pytest.raises(Invalid) as refused:
        purpose("why", words)
    assert refused.value.field == "why"
    for code in PURPOSES:
        assert code in refused.value.mend
    assert "Іванка" not in refused.value.detail  # a refusal travels further than what it refuses


@pytest.mark.parametrize(
    "reference",
    [
        "",
        "Іван",
        "Іванко7",
        "справа-7",
        "20 26",
        "2026/1147 Іван",
        "/1",
        "1/",
        "1//2",
        "1\n2",
        "٣",
        "ab-cd",
        "1" * (REFERENCE_CHARACTERS_MAX + 1),
        "1:2",
    ],
)
def test_what_is_no_case_number(reference: str) -> None:
    with pytest.raises(Invalid, match="757/1147/26") as refused:
        purpose("why", f"audit:{reference}")
    assert refused.value.field == "why"
