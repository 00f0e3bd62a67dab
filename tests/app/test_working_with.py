"""A unit with an open case of a child reads who it is and finds it by name; what is known of it is kept elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from domain.ids import account_id
from tests.app.conftest import House
from tests.app.prevention_house import CLOSE, IN_CHARGE, OTHER_OFFICER, OTHER_SUPERVISOR, SUPERVISOR, Prevention, ahead

READS = ("", "/identity", "/narratives", "/timeline", "/duplicates")
PERSON = {"surname": "Переходько", "given_name": "Соломія", "born": "2013-04-02"}


@pytest.fixture(scope="module")
def prevention(house: House) -> Prevention:
    made = Prevention(house)
    made.settle()
    return made


def hand_over(house: House, case: str, unit: str, giver: str, taker: str, officer: str) -> None:
    offer = {"to_unit": house.units[unit], "answer_by": ahead(7), "reason": "Переїхали"}
    house.done(giver, f"/cases/{case}/transfer", offer)
    house.done(taker, f"/cases/{case}/transfer/accept", {"officer": str(account_id(officer))})


def found(house: House, username: str) -> list[str]:
    answer = house.done(username, "/children/search", {"name": "Переходько Соломія"})
    assert answer["complete"]
    return [each["child"] for each in answer["items"]]


def reads(house: House, username: str, child: str) -> set[int]:
    return {house.ask(username, f"/children/{child}{part}").status_code for part in READS}


def listed(house: House, username: str) -> list[str]:
    return [each["child"] for each in house.ask(username, "/children/profiles").json()["items"]]


@pytest.fixture
def child(house: House, prevention: Prevention) -> Iterator[str]:
    key = house.register_child(IN_CHARGE, **PERSON, narrative="Не ночує вдома.")["id"]
    yield key
    house.done(IN_CHARGE, f"/children/{key}/identity", {"surname": "Інша", "reason": "щоб не заважала наступній"})


def test_who_takes_a_case_over_reads_and_finds_the_child_until_it_is_closed(
    house: House, prevention: Prevention, child: str
) -> None:
    case = prevention.open(child=child, pseudonym=None)
    assert (reads(house, OTHER_OFFICER, child), found(house, OTHER_OFFICER)) == ({404}, [])
    hand_over(house, case, "juvenile-left", SUPERVISOR, OTHER_SUPERVISOR, OTHER_OFFICER)
    for username in (OTHER_OFFICER, OTHER_SUPERVISOR, IN_CHARGE):
        assert reads(house, username, child) == {200}
        assert found(house, username) == [child]
        assert child in listed(house, username)
    assert house.ask(OTHER_OFFICER, f"/children/{child}/identity").json()["identity"]["surname"] == "Переходько"
    house.services.childhood.names.rebuild()
    assert found(house, OTHER_OFFICER) == [child], "so does an index that is made anew"
    house.done(OTHER_SUPERVISOR, f"/cases/{case}/close", CLOSE)
    for username in (OTHER_OFFICER, OTHER_SUPERVISOR):
        assert reads(house, username, child) == {404}
        assert found(house, username) == []
        assert child not in listed(house, username)
    assert found(house, IN_CHARGE) == [child]
    house.done(OTHER_SUPERVISOR, f"/cases/{case}/reopen", {"term_ends": ahead(9), "reason": "Знову"})
    assert (reads(house, OTHER_OFFICER, child), found(house, OTHER_OFFICER)) == ({200}, [child])
    hand_over(house, case, "juvenile", OTHER_SUPERVISOR, SUPERVISOR, IN_CHARGE)
    assert (reads(house, OTHER_OFFICER, child), found(house, OTHER_OFFICER)) == ({404}, [])
    assert found(house, IN_CHARGE) == [child]


def test_of_two_cases_one_is_enough(house: House, prevention: Prevention, child: str) -> None:
    cases = [prevention.open(child=child, pseudonym=None, ground=ground) for ground in ("bullying", "running-away")]
    for case in cases:
        hand_over(house, case, "juvenile-left", SUPERVISOR, OTHER_SUPERVISOR, OTHER_OFFICER)
    house.done(OTHER_SUPERVISOR, f"/cases/{cases[0]}/close", CLOSE)
    assert (reads(house, OTHER_OFFICER, child), found(house, OTHER_OFFICER)) == ({200}, [child])
    correct = {**PERSON, "surname": "Виправко", "reason": "За свідоцтвом"}
    house.done(IN_CHARGE, f"/children/{child}/identity", correct)
    assert found(house, OTHER_OFFICER) == [], "a corrected name is followed in every unit"
    answer = house.done(OTHER_OFFICER, "/children/search", {"name": "Виправко Соломія"})
    assert [each["child"] for each in answer["items"]] == [child]


def test_what_is_known_of_it_stays_with_the_unit_that_registered_it(
    house: House, prevention: Prevention, child: str
) -> None:
    case = prevention.open(child=child, pseudonym=None)
    hand_over(house, case, "juvenile-left", SUPERVISOR, OTHER_SUPERVISOR, OTHER_OFFICER)
    other = house.register_child(OTHER_OFFICER)["id"]
    for username, path, body in (
        (OTHER_OFFICER, "identity", {**PERSON, "reason": "x"}),
        (OTHER_OFFICER, "contacts", {}),
        (OTHER_OFFICER, "narratives", {"text": "x"}),
        (OTHER_OFFICER, "erasure", {"order": "12-з", "reason": "x"}),
        (OTHER_SUPERVISOR, "merge", {"other": other, "reason": "x"}),
    ):
        assert house.command(username, f"/children/{child}/{path}", body).status_code == 403


def test_an_erased_child_is_found_in_no_unit(house: House, prevention: Prevention) -> None:
    child = house.register_child(IN_CHARGE, **{**PERSON, "surname": "Забудько"})["id"]
    case = prevention.open(child=child, pseudonym=None)
    hand_over(house, case, "juvenile-left", SUPERVISOR, OTHER_SUPERVISOR, OTHER_OFFICER)
    house.done(IN_CHARGE, f"/children/{child}/erasure", {"order": "757/1204/26-К", "reason": "Запит"})
    house.done(SUPERVISOR, f"/children/{child}/erasure/agree")
    house.services.childhood.erasures.tick()
    house.done(OTHER_SUPERVISOR, f"/cases/{case}/close", CLOSE)
    for again in (False, True):
        if again:
            house.services.childhood.names.rebuild()
        for username in (IN_CHARGE, OTHER_OFFICER):
            assert house.done(username, "/children/search", {"name": "Забудько"})["items"] == []
