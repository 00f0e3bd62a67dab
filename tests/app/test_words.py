"""The lists of codes: whole, labelled in both languages, and in the one that is asked for."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from app.api.words import LISTS
from domain import case_words, concern_words, officer_words, vocabulary
from domain.vocabulary import Label
from tests.app.conftest import House


def test_every_list_of_labels_is_told() -> None:
    held = [
        each
        for module in (vocabulary, case_words, concern_words, officer_words)
        for each in vars(module).values()
        if isinstance(each, MappingProxyType) and all(isinstance(value, Label) for value in each.values())
    ]
    assert len(held) > 30
    assert [each for each in held if not any(each is told for told in LISTS.values())] == []


@pytest.mark.parametrize(
    ("language", "told", "low"),
    [(None, "uk", "низький"), ("uk", "uk", "низький"), ("en-GB,uk;q=0.5", "en", "low"), ("de", "uk", "низький")],
)
def test_labels_are_in_the_language_that_is_asked_for(house: House, language: str | None, told: str, low: str) -> None:
    headers = {"Authorization": f"Bearer {house.token('olena')}"} | ({"Accept-Language": language} if language else {})
    words = house.http.get("/words", headers=headers).json()
    assert words["language"] == told
    assert {"code": "low", "label": low, "uk": "низький", "en": "low"} in words["lists"]["risk_levels"]
    assert words["lists"].keys() == LISTS.keys()
    assert all(each["verified_by"] is None for each in words["grounds"]), "nobody held them against the acts"
