"""After a child was erased nothing more is written of it: what would be lost at once is refused, not recorded."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

import pytest

from domain.ids import account_id
from domain.log import Change
from tests.app.conftest import House
from tests.app.prevention_house import (
    ASSESSMENT,
    CLOSE,
    CONTACT,
    IN_CHARGE,
    MEASURE,
    OTHER_OFFICER,
    OTHER_SUPERVISOR,
    SUPERVISOR,
    Prevention,
    ago,
    ahead,
)
from tests.app.test_naming_children import CASE, CONCERN, TEXTS, link, missing

ORDER = {"order": "757/1204/26-К", "reason": "Запит представника"}


class Erased(NamedTuple):
    """A child, and what was under way of it when it was erased."""

    child: str
    pseudonym: str
    case: str
    measure: str
    attachment: str
    plan: str
    concern: str
    answers: tuple[dict[str, Any], ...]  # to who asked for the erasure, and to who agreed to it


@pytest.fixture(scope="module")
def prevention(house: House) -> Prevention:
    made = Prevention(house)
    made.settle()
    house.register_camera("KYIV-701", latitude=50.4501, longitude=30.5234)
    return made


@pytest.fixture(scope="module")
def erased(house: House, prevention: Prevention) -> Erased:
    child = house.register_child(IN_CHARGE, surname="Забудько")
    case = prevention.open(child=child["id"], pseudonym=None)
    house.done(IN_CHARGE, f"/cases/{case}/measures", MEASURE)
    house.done(IN_CHARGE, f"/cases/{case}/plans", {"narrative": "Гурток"})
    attachment = prevention.attach(IN_CHARGE, case).json()["attachment"]
    offer = {"to_unit": house.units["juvenile-left"], "answer_by": ahead(7), "reason": "Переїхали"}
    house.done(SUPERVISOR, f"/cases/{case}/transfer", offer)
    concern = house.done(IN_CHARGE, "/concerns", {**CONCERN, "child": child["id"]})["id"]
    closed = prevention.open(child=child["id"], pseudonym=None, ground="running-away", assign=None)
    house.done(SUPERVISOR, f"/cases/{closed}/close", CLOSE)
    asked = house.done(IN_CHARGE, f"/children/{child['id']}/erasure", ORDER)
    agreed = house.done(SUPERVISOR, f"/children/{child['id']}/erasure/agree")
    house.services.childhood.erasures.tick()
    shown = house.ask(SUPERVISOR, f"/cases/{case}").json()
    return Erased(
        child["id"],
        child["pseudonym"],
        case,
        shown["measures"][0]["measure"],
        attachment,
        shown["content"]["plan"],
        concern,
        (asked, agreed),
    )


def refused(house: House, username: str, path: str, body: object, child: str) -> None:
    before = house.services.log.head()
    answer = house.command(username, path, body)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/wrong-state"), answer.text
    assert f"the child {child} is erased; nothing more is recorded about this child" in answer.text
    assert house.recorded_since(before) == []


def test_who_asks_for_it_and_who_agrees_hear_whose_words_go(erased: Erased) -> None:
    told = [(each["open_cases"], each["open_concerns"]) for each in erased.answers]
    assert told == [([erased.case], [erased.concern])] * 2


def test_of_what_another_unit_has_they_hear_how_much_there_is(house: House, prevention: Prevention) -> None:
    child = house.register_child(IN_CHARGE, surname="Забудько")["id"]
    ours, theirs = (prevention.open(child=child, pseudonym=None, ground=each) for each in ("bullying", "running-away"))
    offer = {"to_unit": house.units["juvenile-left"], "answer_by": ahead(7), "reason": "Переїхали"}
    house.done(SUPERVISOR, f"/cases/{theirs}/transfer", offer)
    officer = {"officer": str(account_id(OTHER_OFFICER))}
    house.done(OTHER_SUPERVISOR, f"/cases/{theirs}/transfer/accept", officer)
    raised = house.done(OTHER_OFFICER, "/concerns", {**CONCERN, "child": child})["id"]
    asked = house.done(IN_CHARGE, f"/children/{child}/erasure", ORDER)
    agreed = house.done(SUPERVISOR, f"/children/{child}/erasure/agree")
    for told in (asked, agreed):
        assert (told["open_cases"], told["other_cases"]) == ([ours], 1)
        assert (told["open_concerns"], told["other_concerns"]) == ([], 1)
        assert theirs not in str(told)
        assert raised not in str(told)


@pytest.mark.parametrize("name", ["case", "concern", "missing", "link"])
def test_nothing_new_is_begun(house: House, erased: Erased, name: str) -> None:
    begun: dict[str, tuple[str, dict[str, Any]]] = {
        "case": ("/cases", CASE),
        "concern": ("/concerns", CONCERN),
        "missing": ("/missing-children", missing()),
        "link": link(house, IN_CHARGE),
    }
    path, body = begun[name]
    for by in ({"child": erased.child}, {"pseudonym": erased.pseudonym}):
        refused(house, IN_CHARGE, path, {**body, **by}, erased.child)


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_names_it(house: House, erased: Erased, name: str) -> None:
    path, body = TEXTS[name](house.register_child(IN_CHARGE)["id"])
    refused(house, IN_CHARGE, path, {**body, "names": [erased.child]}, erased.child)


def test_its_open_case_takes_no_words_and_is_closed(house: House, prevention: Prevention, erased: Erased) -> None:
    case = f"/cases/{erased.case}"
    ended = {"result": "done", "ended_at": ago(0.01), "narrative": "Відвідали"}
    why = {"reason": "Родина проти"}
    for username, path, body in (
        (IN_CHARGE, "/contacts", CONTACT),
        (IN_CHARGE, "/risk", ASSESSMENT),
        (IN_CHARGE, "/measures", MEASURE),
        (IN_CHARGE, f"/measures/{erased.measure}/complete", ended),
        (SUPERVISOR, f"/plans/{erased.plan}/reject", why),
        (SUPERVISOR, "/extend", {"term_ends": ahead(120), **why}),
        (OTHER_SUPERVISOR, "/transfer/decline", why),
        (IN_CHARGE, f"/attachments/{erased.attachment}/remove", why),
    ):
        refused(house, username, case + path, body, erased.child)
    before = house.services.log.head()
    attached = prevention.attach(IN_CHARGE, erased.case)
    assert (attached.status_code, attached.json()["type"]) == (409, "/problems/wrong-state")
    assert house.recorded_since(before) == []
    house.done(SUPERVISOR, f"{case}/plans/{erased.plan}/approve")
    house.done(SUPERVISOR, f"{case}/assign", {"officer": str(account_id("maksym"))})
    house.done(SUPERVISOR, f"{case}/close", CLOSE)
    content = house.ask(SUPERVISOR, case).json()["content"]
    assert content["outcome"] == CLOSE["outcome"], "that it ended, and how, stands on record"
    texts = house.ask(SUPERVISOR, f"{case}/narratives").json()["items"]
    assert {each["text"] for each in texts} == {None}
    refused(house, SUPERVISOR, f"{case}/reopen", {"term_ends": ahead(9), **why}, erased.child)
    refused(house, SUPERVISOR, f"{case}/seal", why, erased.child)


def test_its_concern_takes_no_words(house: House, erased: Erased) -> None:
    review = {"finding": "help-needed", "reason": "Розмова зі школою"}
    refused(house, SUPERVISOR, f"/concerns/{erased.concern}/review", review, erased.child)


def test_who_erases_meanwhile_wins(house: House, prevention: Prevention, monkeypatch: pytest.MonkeyPatch) -> None:
    """A contact that was decided on before the erasure, and comes to be written after it, is decided anew."""
    child = house.register_child(IN_CHARGE, surname="Забудько")["id"]
    case = prevention.open(child=child, pseudonym=None)
    house.done(IN_CHARGE, f"/children/{child}/erasure", ORDER)
    append, due = type(house.services.log).append, [child]

    def slow(log: Any, changes: list[Change], meta: Any, **more: Any) -> Any:
        if due and any(change.stream == UUID(case) for change in changes):
            house.done(SUPERVISOR, f"/children/{due.pop()}/erasure/agree")
        return append(log, changes, meta, **more)

    monkeypatch.setattr(type(house.services.log), "append", slow)
    answer = house.command(IN_CHARGE, f"/cases/{case}/contacts", CONTACT)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/wrong-state"), answer.text
    assert due == []
