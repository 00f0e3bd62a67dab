"""Derived ids never change, and the closed lists are well formed."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from domain import case_words, concern_words, ids, officer_words, vocabulary
from domain.errors import DomainError
from domain.search_refusals import SearchRefusal
from domain.vocabulary import Label

EXPECTED_IDS = {
    "policy": UUID("05eb9ed1-4819-5311-bac3-0241669566f8"),
    "system": UUID("da62b4fe-2f45-533b-a9db-76cb134f913e"),
    "camera": UUID("728e3fe7-38d7-5674-9bee-23d1230ebc60"),
    "footage": UUID("d2e5c4e4-d3ae-5cbb-b585-2b2dcd07297b"),
    "account": UUID("f15dc51f-44a2-55f8-a196-c6f4cbb5bb97"),
    "role": UUID("882a39df-14dc-5222-85ee-e6eabdb7c3ad"),
    "officer": UUID("c532dee7-1690-5648-8afc-1fec66dea1cd"),
}


def test_derived_ids_are_for_ever() -> None:
    """They are in stored events: a change of the derivation would lose every stream that is found by name."""
    assert {
        "policy": ids.POLICY_STREAM,
        "system": ids.SYSTEM_ACTOR,
        "camera": ids.camera_id("KYIV-014"),
        "footage": ids.footage_id("ab" * 32),
        "account": ids.account_id("olena"),
        "role": ids.role_grant_id(UUID(int=1), "auditor"),
        "officer": ids.officer_id(UUID(int=1)),
    } == EXPECTED_IDS


def test_people_write_small_and_capital_letters() -> None:
    assert ids.camera_id(" kyiv-014 ") == ids.camera_id("KYIV-014") != ids.camera_id("KYIV-015")
    assert ids.account_id("Olena") == ids.account_id("olena") != ids.account_id("olha")
    assert ids.footage_id("AB" * 32) == ids.footage_id("ab" * 32)


LISTS = {
    name: value
    for words in (vocabulary, officer_words, concern_words)
    for name, value in vars(words).items()
    if name.isupper()
}
LISTS |= {
    name: value for name, value in vars(case_words).items() if name.isupper() and name not in ("GROUNDS", "_ORDER")
}
LISTS["GROUNDS"] = {code: ground.label for code, ground in case_words.GROUNDS.items()}


@pytest.mark.parametrize("name", LISTS)
def test_codes_have_labels_in_both_languages(name: str) -> None:
    for code, label in LISTS[name].items():
        assert isinstance(label, Label)
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*|UA-\d\d|[a-z]+/[a-z0-9]+", code)
        assert re.search("[а-яіїєґ]", label.uk), code
        assert re.fullmatch(r"[A-Za-z,' -]+", label.en), code
    labels = [label for pair in LISTS[name].values() for label in pair]
    assert len(labels) == len(set(labels)), "two codes with one label"


def test_all_of_ukraine() -> None:
    assert len(vocabulary.REGIONS) == 27
    assert vocabulary.REGIONS["UA-30"].en == "Kyiv city"


def every_error(kind: type[DomainError] = DomainError) -> list[type[DomainError]]:
    return [kind, *(error for child in kind.__subclasses__() for error in every_error(child))]


def test_every_error_has_a_code_of_its_own() -> None:
    """Except the base of search refusals, which is never raised itself."""
    raised = [error for error in every_error() if error is not SearchRefusal]
    codes = [error.code for error in raised if error.__module__.startswith("domain.")]
    assert {"footage-overlap", "quota-spent", "not-found"} <= set(codes)
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in codes)
