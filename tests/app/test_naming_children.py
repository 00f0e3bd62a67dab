"""Which child is meant, in every command that names one; what is not one's own is neither told nor taken over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.ids import account_id
from projections import case_queries
from tests.app.conftest import House
from tests.app.prevention_house import IN_CHARGE, OTHER_OFFICER, Prevention, ago, ahead

CASE = {"ground": "bullying", "term_ends": ahead(9), "reason": "x"}
CONCERN = {"kind": "self-harm", "narrative": "Бачили на даху."}
NAMED = {"narrative": "Бачив, як пішла."}


@pytest.fixture(scope="module")
def prevention(house: House) -> Prevention:
    made = Prevention(house)
    made.settle()
    house.register_camera("KYIV-701", latitude=50.4501, longitude=30.5234)
    return made


def missing(**more: Any) -> dict[str, Any]:
    return {
        "last_seen_at": ago(0.1),
        "region": "UA-30",
        "community": "Подільська",
        "cameras": ["KYIV-701"],
        "narrative": "Не повернулася зі школи.",
        "reference": "ЄО 12345",
        "purpose": "Знайти",
        **more,
    }


def link(house: House, username: str) -> tuple[str, dict[str, Any]]:
    return f"/incidents/{house.record_incident(username)}/children", {"role": "victim"}


# Every command that names a child, and whether the child may be new.
COMMANDS: dict[str, tuple[Callable[[House, str], tuple[str, dict[str, Any]]], bool]] = {
    "link": (link, True),
    "register": (lambda *_: ("/children", {"surname": "Сірко"}), True),
    "missing": (lambda *_: ("/missing-children", missing()), True),
    "concern": (lambda *_: ("/concerns", CONCERN), True),
    "case": (lambda *_: ("/cases", CASE), False),
}


@pytest.fixture
def known(house: House, prevention: Prevention) -> dict[str, str]:
    """A child of one unit, in an incident and without a profile."""
    linked = house.done(IN_CHARGE, *link(house, IN_CHARGE))
    return {"child": linked["child"], "pseudonym": linked["pseudonym"]}


@pytest.mark.parametrize("by", [("child",), ("pseudonym",), ("child", "pseudonym")])
@pytest.mark.parametrize("name", COMMANDS)
def test_one_is_named_by_id_by_pseudonym_or_by_both(
    house: House, known: dict[str, str], name: str, by: tuple[str, ...]
) -> None:
    path, body = COMMANDS[name][0](house, IN_CHARGE)
    done = house.done(IN_CHARGE, path, {**body, **{each: known[each] for each in by}})
    if name == "case":
        shown = house.ask("sofiia", f"/cases/{done['id']}").json()
        done = {"child": shown["content"]["child"], "pseudonym": shown["summary"]["pseudonym"]}
    assert {each: done[each] for each in known} == known


@pytest.mark.parametrize("name", COMMANDS)
def test_id_and_pseudonym_must_agree(house: House, known: dict[str, str], name: str) -> None:
    path, body = COMMANDS[name][0](house, IN_CHARGE)
    refused = house.command(IN_CHARGE, path, {**body, **known, "pseudonym": "CH-OTHERWISE"})
    assert (refused.status_code, refused.json()["field"]) == (422, "pseudonym")
    assert f"the child is called {known['pseudonym']};" in refused.json()["detail"]


@pytest.mark.parametrize("by", ["child", "pseudonym"])
@pytest.mark.parametrize("name", COMMANDS)
def test_what_is_not_theirs_is_as_what_does_not_exist(house: House, known: dict[str, str], name: str, by: str) -> None:
    path, body = COMMANDS[name][0](house, OTHER_OFFICER)
    nobody = {"child": str(uuid4()), "pseudonym": "CH-NOBODY"}
    before = house.services.log.head()
    theirs, none = (house.command(OTHER_OFFICER, path, {**body, by: each[by]}) for each in (known, nobody))
    assert (theirs.status_code, none.status_code) == (422, 422)
    assert theirs.text.replace(known[by], nobody[by]) == none.text
    assert known["pseudonym"] not in theirs.text.replace(known[by], "")
    assert house.recorded_since(before) == []


@pytest.mark.parametrize("name", [name for name, (_, may_be_new) in COMMANDS.items() if may_be_new])
def test_a_new_one_brings_what_nobody_uses(house: House, known: dict[str, str], name: str) -> None:
    make = COMMANDS[name][0]
    path, body = make(house, OTHER_OFFICER)
    fresh = {"child": str(uuid4()), "pseudonym": f"CH-{uuid4().hex[:8].upper()}"}
    for taken, field in (
        (known, "child"),
        ({**fresh, "child": known["child"]}, "child"),
        ({**fresh, "pseudonym": known["pseudonym"]}, "pseudonym"),
        ({**fresh, "child": str(account_id("olena"))}, "child"),
    ):
        before = house.services.log.head()
        refused = house.command(OTHER_OFFICER, path, {**body, **taken})
        assert (refused.status_code, refused.json()["field"]) == (422, field), refused.text
        assert f"{taken[field]} is used already; leave id and pseudonym out for a new child" in refused.text
        assert house.recorded_since(before) == []
    done = house.done(OTHER_OFFICER, path, {**body, **fresh})
    assert {each: done[each] for each in fresh} == fresh
    again = house.command(IN_CHARGE, *link(house, IN_CHARGE)[:1], {"role": "victim", **fresh})
    assert again.json()["field"] == "child", "and from now on it is used"


def test_a_case_is_of_no_child_that_is_new(house: House, prevention: Prevention) -> None:
    fresh = {"child": str(uuid4()), "pseudonym": "CH-NEWONE"}
    refused = house.command(IN_CHARGE, "/cases", {**CASE, **fresh})
    assert (refused.status_code, refused.json()["field"]) == (422, "child")


def test_a_link_that_one_unit_made_is_not_registered_by_another(house: House, known: dict[str, str]) -> None:
    refused = house.command(OTHER_OFFICER, "/children", {"surname": "Чужий", **known})
    assert (refused.status_code, refused.json()["field"]) == (422, "child")
    house.register_child(IN_CHARGE, **known)
    assert house.ask(IN_CHARGE, f"/children/{known['child']}").status_code == 200


def test_a_child_of_a_concern_or_of_a_case_is_known_to_whoever_reads_it(house: House, prevention: Prevention) -> None:
    raised = house.done("olena", "/concerns", {**CONCERN, "unit": house.units["juvenile"]})
    named = {"child": raised["child"], "pseudonym": raised["pseudonym"]}
    path, body = link(house, OTHER_OFFICER)
    assert house.command(OTHER_OFFICER, path, {**body, **named}).json()["field"] == "child"
    house.done(IN_CHARGE, "/cases", {**CASE, "child": named["child"]})
    assert house.register_child(IN_CHARGE, pseudonym=named["pseudonym"])["child"] == named["child"]


def test_one_that_was_linked_by_mistake_is_linked_again(house: House, known: dict[str, str]) -> None:
    path, body = link(house, IN_CHARGE)
    house.done(IN_CHARGE, path, {**body, **known})
    house.done(IN_CHARGE, f"{path}/{known['child']}/unlink", {"role": "victim", "reason": "Не потерпіла"})
    again = house.done(IN_CHARGE, path, {"role": "witness", **known})
    assert (again["child"], again["pseudonym"]) == (known["child"], known["pseudonym"])


class TestTakenBack:
    """A link that was taken back, or whose incident was voided, lets nobody know of the child any more."""

    @pytest.fixture
    def theirs(self, house: House, prevention: Prevention) -> tuple[str, str]:
        """An incident of one unit, in the charge of another's officer; and a child with a profile, linked to it."""
        child = house.register_child(IN_CHARGE)["id"]
        incident = house.record_incident(IN_CHARGE, officer=str(account_id(OTHER_OFFICER)))
        house.done(IN_CHARGE, f"/incidents/{incident}/children", {"role": "victim", "child": child})
        return incident, child

    @pytest.mark.parametrize("taken_back", ["unlinked", "voided"])
    def test_no_case_is_opened_by_it(
        self, house: House, prevention: Prevention, theirs: tuple[str, str], taken_back: str
    ) -> None:
        incident, child = theirs
        if taken_back == "unlinked":
            unlink = {"role": "victim", "reason": "Не та дитина"}
            house.done(IN_CHARGE, f"/incidents/{incident}/children/{child}/unlink", unlink)
        else:
            house.done("nadiia", f"/incidents/{incident}/void", {"reason": "Записано двічі"})
        before = house.services.log.head()
        refused = house.command(OTHER_OFFICER, "/cases", {**CASE, "child": child})
        assert (refused.status_code, refused.json()["field"]) == (422, "child")
        assert house.recorded_since(before) == []
        assert house.ask(OTHER_OFFICER, f"/children/{child}/identity").status_code == 404

    @pytest.mark.parametrize("by", ["child", "pseudonym"])
    def test_in_the_same_incident_it_is_linked_again(self, house: House, prevention: Prevention, by: str) -> None:
        """Also where the child was in no other."""
        path, body = link(house, IN_CHARGE)
        linked = house.done(IN_CHARGE, path, body)
        unlink = {"role": "victim", "reason": "Не потерпіла"}
        house.done(IN_CHARGE, f"{path}/{linked['child']}/unlink", unlink)
        again = house.done(IN_CHARGE, path, {"role": "witness", by: linked[by]})
        assert (again["child"], again["pseudonym"]) == (linked["child"], linked["pseudonym"])

    def test_while_it_stands_they_know_of_the_child(self, house: House, theirs: tuple[str, str]) -> None:
        case = house.done(OTHER_OFFICER, "/cases", {**CASE, "child": theirs[1]})["id"]
        assert house.ask("yaroslav", f"/cases/{case}").json()["content"]["child"] == theirs[1]


# Every command whose text names somebody, said of a child that is the caller's own.
TEXTS: dict[str, Callable[[str], tuple[str, dict[str, Any]]]] = {
    "incident": lambda child: (
        "/incidents",
        {
            **NAMED,
            "kind": "robbery",
            "occurred_from": ago(1),
            "occurred_to": ago(1),
            "region": "UA-30",
            "community": "Подільська",
        },
    ),
    "missing": lambda child: ("/missing-children", missing()),
    "concern": lambda child: ("/concerns", CONCERN),
    "register": lambda child: ("/children", {**NAMED, "surname": "Сірко"}),
    "narrative": lambda child: (f"/children/{child}/narratives", {"text": "Бачив, як пішла."}),
}


class TestNames:
    """Whom a text names: only a child takes it along when it is erased."""

    @pytest.mark.parametrize("name", TEXTS)
    def test_they_are_children_whom_the_caller_may_read_of(
        self, house: House, known: dict[str, str], name: str
    ) -> None:
        theirs = house.register_child(OTHER_OFFICER)["id"]
        path, body = TEXTS[name](house.register_child(IN_CHARGE)["id"])
        for other in (str(uuid4()), str(account_id("olena")), theirs, house.units["duty"]):
            before = house.services.log.head()
            refused = house.command(IN_CHARGE, path, {**body, "names": [known["child"], other]})
            assert (refused.status_code, refused.json()["field"]) == (422, "names")
            assert f"{other} is no child that you may read of; look it up" in refused.text
            assert house.recorded_since(before) == []
        house.done(IN_CHARGE, path, {**body, "names": [known["child"]]})

    def test_the_child_that_a_report_is_of_is_named_in_it(self, house: House, prevention: Prevention) -> None:
        fresh = {"child": str(uuid4()), "pseudonym": "CH-REPORTED"}
        assert house.done(IN_CHARGE, "/missing-children", missing(**fresh, names=[fresh["child"]]))["child"]


class TestOpeningACase:
    def test_on_a_profile_that_was_merged_the_survivor_is_named(self, house: House, prevention: Prevention) -> None:
        kept, gone = house.register_child(IN_CHARGE), house.register_child(IN_CHARGE)
        house.done("sofiia", f"/children/{kept['id']}/merge", {"other": gone["id"], "reason": "Одна дитина"})
        refused = house.command(IN_CHARGE, "/cases", {**CASE, "child": gone["id"]})
        assert (refused.status_code, refused.json()["state"]) == (409, "merged")
        assert refused.json()["survivor"] == kept["id"]
        said = f"the child {gone['id']} is merged into {kept['pseudonym']}; open it on that"
        assert refused.json()["detail"] == said
        house.done(IN_CHARGE, "/cases", {**CASE, "child": kept["id"]})

    def test_on_one_that_is_merged_meanwhile_none_is_opened(
        self, house: House, prevention: Prevention, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Merged after it was looked at whether it is, and before the case is written."""
        kept, gone = house.register_child(IN_CHARGE)["id"], house.register_child(IN_CHARGE)["id"]
        looked_up, due = case_queries.open_case_on, [gone]

        def slow(*asked: Any) -> UUID | None:
            if due:
                house.done("sofiia", f"/children/{kept}/merge", {"other": due.pop(), "reason": "Одна дитина"})
            return looked_up(*asked)

        monkeypatch.setattr(case_queries, "open_case_on", slow)
        refused = house.command(IN_CHARGE, "/cases", {**CASE, "child": gone})
        assert due == []
        assert (refused.status_code, refused.json()["state"]) == (409, "merged")
        assert refused.json()["survivor"] == kept

    def test_whoever_may_not_read_the_survivor_is_not_told_which_it_is(
        self, house: House, prevention: Prevention
    ) -> None:
        """They have a case of the profile that was merged."""
        kept, gone = house.register_child(IN_CHARGE), house.register_child(IN_CHARGE)
        case = prevention.open(child=gone["id"], pseudonym=None)
        offer = {"to_unit": house.units["juvenile-left"], "answer_by": ahead(7), "reason": "Переїхали"}
        house.done("sofiia", f"/cases/{case}/transfer", offer)
        house.done("yaroslav", f"/cases/{case}/transfer/accept", {"officer": str(account_id(OTHER_OFFICER))})
        house.done("sofiia", f"/children/{kept['id']}/merge", {"other": gone["id"], "reason": "Одна дитина"})
        refused = house.command(OTHER_OFFICER, "/cases", {**CASE, "child": gone["id"]})
        assert refused.json()["detail"].endswith("is merged; open it on the profile that it was merged into")
        assert kept["id"] not in refused.text
        assert kept["pseudonym"] not in refused.text

    def test_a_second_one_of_the_same_child_unit_and_ground_is_refused(
        self, house: House, prevention: Prevention, known: dict[str, str]
    ) -> None:
        body = {**CASE, "child": known["child"]}
        first = house.done(IN_CHARGE, "/cases", body, key="opened once")
        assert house.done(IN_CHARGE, "/cases", body, key="opened once") == first, "a retry"
        before = house.services.log.head()
        refused = house.command("maksym", "/cases", body)
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/already-exists")
        assert (refused.json()["kind"], refused.json()["key"]) == ("prevention-case", first["id"])
        assert house.recorded_since(before) == []
        house.done(IN_CHARGE, "/cases", {**body, "ground": "running-away"})
        house.done("sofiia", f"/cases/{first['id']}/close", {"outcome": "opened-in-error", "reason": "Помилково"})
        house.done(IN_CHARGE, "/cases", body)

    def test_one_of_a_profile_that_was_merged_into_the_child_is_the_first(
        self, house: House, prevention: Prevention
    ) -> None:
        kept, gone = house.register_child(IN_CHARGE)["id"], house.register_child(IN_CHARGE)["id"]
        first = house.done(IN_CHARGE, "/cases", {**CASE, "child": gone})["id"]
        house.done("sofiia", f"/children/{kept}/merge", {"other": gone, "reason": "Одна дитина"})
        refused = house.command("maksym", "/cases", {**CASE, "child": kept})
        assert (refused.status_code, refused.json().get("key")) == (409, first)

    def test_the_same_child_may_have_one_in_each_unit(self, house: House, prevention: Prevention) -> None:
        child = house.register_child(IN_CHARGE)["id"]
        case = prevention.open(child=child, pseudonym=None, ground="bullying")
        offer = {"to_unit": house.units["juvenile-left"], "answer_by": ahead(7), "reason": "Переїхали"}
        house.done("sofiia", f"/cases/{case}/transfer", offer)
        house.done("yaroslav", f"/cases/{case}/transfer/accept", {"officer": str(account_id(OTHER_OFFICER))})
        assert house.done(IN_CHARGE, "/cases", {**CASE, "child": child})["id"] != case
