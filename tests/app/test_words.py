"""The lists of codes: whole, labelled in both languages, and in the one that is asked for."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote

import pytest

from app.api.words import LISTS
from domain import vocabulary
from domain.purpose import purpose
from domain.vocabulary import Label
from tests.app.conftest import House

DOMAIN = Path(vocabulary.__file__).parent


def test_every_list_of_labels_is_told() -> None:
    named = (path.relative_to(DOMAIN.parent).with_suffix("") for path in sorted(DOMAIN.rglob("*words.py")))
    modules = [vocabulary, *(import_module(".".join(path.parts)) for path in named)]
    assert len(modules) > 9
    held = [
        each
        for module in modules
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


def test_the_description_of_the_api_names_lists_that_are_told_and_no_source_file(house: House) -> None:
    described = house.http.get("/schema/openapi.json").text
    assert ".py" not in described
    named = set(re.findall(r"lists\.([a-z_]+)", described))
    assert named
    assert named <= LISTS.keys()


def test_the_example_of_a_purpose_is_one_by_its_own_pattern_and_by_ours(house: House) -> None:
    document = house.http.get("/schema/openapi.json").json()
    (header,) = (each for each in document["paths"]["/cases"]["post"]["parameters"] if each["name"] == "Oberih-Purpose")
    (example,) = re.findall(r"as in (\S+)", header["description"])
    assert any(re.fullmatch(each["pattern"], example) for each in header["schema"]["anyOf"] if "pattern" in each)
    assert purpose("Oberih-Purpose", unquote(example)) == "investigation:757/1147/26-к"
