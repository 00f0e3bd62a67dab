"""Prevention cases over HTTP: the whole life of one, who sees what of it, and two who change it at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.certifications import Certifications
from domain.disclosure import Disclosed
from domain.event import Recorded
from domain.ids import account_id
from domain.personal import Narrative
from domain.sealed import Sealed
from tests.app.conftest import House
from tests.app.prevention_house import (
    ASSESSMENT,
    CLOSE,
    COLLEAGUE,
    CONTACT,
    IN_CHARGE,
    MEASURE,
    OTHER_OFFICER,
    OTHER_SUPERVISOR,
    STRANGERS,
    SUPERVISOR,
    UNCERTIFIED,
    Prevention,
    ago,
    ahead,
)


@pytest.fixture(scope="module")
def prevention(house: House) -> Prevention:
    made = Prevention(house)
    made.settle()
    return made


def topics(house: House, case: str) -> list[str]:
    return [recorded.event.TOPIC.partition(".")[2] for recorded in house.services.log.stream(UUID(case))]


def test_a_case_from_its_opening_to_its_seal(house: House, prevention: Prevention) -> None:
    case = prevention.open()
    house.done(IN_CHARGE, f"/cases/{case}/risk", ASSESSMENT)
    house.done(IN_CHARGE, f"/cases/{case}/plans", {"narrative": "Гурток, бесіди"})
    plan = house.ask(IN_CHARGE, f"/cases/{case}").json()["content"]["plan"]
    house.done(SUPERVISOR, f"/cases/{case}/plans/{plan}/approve")
    house.done(IN_CHARGE, f"/cases/{case}/measures", MEASURE)
    measure = house.ask(IN_CHARGE, f"/cases/{case}").json()["measures"][0]["measure"]
    end = {"result": "done", "ended_at": ago(0.01), "narrative": "Відвідали"}
    house.done(IN_CHARGE, f"/cases/{case}/measures/{measure}/complete", end)
    house.done(IN_CHARGE, f"/cases/{case}/contacts", CONTACT)
    house.done(SUPERVISOR, f"/cases/{case}/extend", {"term_ends": ahead(200), "reason": "Ще рік"})
    house.done(SUPERVISOR, f"/cases/{case}/close", CLOSE)
    house.done(SUPERVISOR, f"/cases/{case}/reopen", {"term_ends": ahead(60), "reason": "Знову"})
    house.done(SUPERVISOR, f"/cases/{case}/close", CLOSE)
    house.done(SUPERVISOR, f"/cases/{case}/seal", {"reason": "Строк зберігання минув"})

    assert topics(house, case) == [
        "opened", "assigned", "risk-assessed", "plan-proposed", "plan-approved", "measure-scheduled",
        "measure-completed", "contact-noted", "term-extended", "closed", "reopened", "closed", "sealed",
    ]  # fmt: skip
    shown = house.ask(SUPERVISOR, f"/cases/{case}").json()
    assert (shown["summary"]["state"], shown["content"]["outcome"]) == ("sealed", "goals-met")
    assert (shown["content"]["risk"], shown["content"]["officer"]) == ("medium", None)
    assert [(each["state"], each["result"]) for each in shown["measures"]] == [("completed", "done")]
    told = house.ask("oksana", f"/cases/{case}/timeline").json()["items"]
    assert [entry["version"] for entry in told] == list(range(1, 14))
    assert {entry["actor_username"] for entry in told} == {IN_CHARGE, SUPERVISOR}
    assert told[2]["facts"]["protective_factors"] == ["trusted-adult"]
    assert told[2]["facts"]["narrative"].keys() == {"sealed", "subject"}


def test_a_transfer_is_the_other_units_only_once_it_accepts(house: House, prevention: Prevention) -> None:
    case = prevention.open()
    offer = {"to_unit": house.units["juvenile-left"], "answer_by": ahead(7), "reason": "Переїхали на Лівий берег"}
    house.done(SUPERVISOR, f"/cases/{case}/transfer", offer)
    seen = house.ask(OTHER_SUPERVISOR, f"/cases/{case}").json()
    assert seen["content"] is None
    assert seen["summary"]["state"] == "open"
    assert house.ask(OTHER_SUPERVISOR, f"/cases/{case}/narratives").status_code == 403
    assert house.ask(OTHER_SUPERVISOR, f"/cases/{case}/offer").json()["text"] == "Переїхали на Лівий берег"
    for supervisor in (SUPERVISOR, OTHER_SUPERVISOR):
        assert case in [each["case"] for each in house.ask(supervisor, "/cases/offers").json()["items"]]
    assert case not in [each["case"] for each in house.ask("taras", "/cases/offers").json()["items"]]

    wrong = house.command(OTHER_SUPERVISOR, f"/cases/{case}/transfer/accept", {"officer": str(account_id(IN_CHARGE))})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "officer")
    charge = {"officer": str(account_id(OTHER_OFFICER))}
    house.done(OTHER_SUPERVISOR, f"/cases/{case}/transfer/accept", charge)
    assert house.ask(OTHER_OFFICER, f"/cases/{case}").json()["content"]["officer_username"] == OTHER_OFFICER
    for person in (IN_CHARGE, COLLEAGUE, SUPERVISOR):
        assert house.ask(person, f"/cases/{case}").status_code == 404, "it is the other unit's"


def test_an_offer_is_declined_or_taken_back(house: House, prevention: Prevention) -> None:
    case = prevention.open()
    offer = {"to_unit": house.units["juvenile-left"], "answer_by": ahead(7), "reason": "Переїхали"}
    for unit in (OTHER_SUPERVISOR, SUPERVISOR):
        house.done(SUPERVISOR, f"/cases/{case}/transfer", offer)
        house.done(unit, f"/cases/{case}/transfer/decline", {"reason": "Не наш район"})
    assert house.ask(OTHER_SUPERVISOR, f"/cases/{case}").status_code == 404
    nowhere = house.command(SUPERVISOR, f"/cases/{case}/transfer", {**offer, "to_unit": str(uuid4())})
    assert (nowhere.status_code, nowhere.json()["field"]) == (422, "to_unit")


class TestCharge:
    @pytest.mark.parametrize("officer", [UNCERTIFIED, SUPERVISOR, OTHER_OFFICER, "olena", "nobody at all"])
    def test_nobody_but_a_certified_officer_of_the_unit(
        self, house: House, prevention: Prevention, officer: str
    ) -> None:
        case = prevention.open(assign=None)
        answer = house.command(SUPERVISOR, f"/cases/{case}/assign", {"officer": str(account_id(officer))})
        assert (answer.status_code, answer.json()["field"]) == (422, "officer")
        assert topics(house, case) == ["opened"]

    def test_a_certification_that_lapsed_counts_no_more(self, house: House, prevention: Prevention) -> None:
        house.create_account("hanna", house.units["juvenile"], "juvenile-officer")
        prevention.certify("hanna", house.units["juvenile"])
        prevention.lapse("hanna", house.units["juvenile"])
        other = prevention.open(assign=None)
        answer = house.command(SUPERVISOR, f"/cases/{other}/assign", {"officer": str(account_id("hanna"))})
        assert "not certified" in answer.json()["detail"]

    def test_who_proposed_a_plan_does_not_approve_it(self, house: House, prevention: Prevention) -> None:
        house.create_account("both", house.units["juvenile"], "juvenile-officer", "supervisor")
        prevention.certify("both", house.units["juvenile"])
        case = prevention.open(assign="both")
        house.done("both", f"/cases/{case}/plans", {"narrative": "Гурток"})
        plan = house.ask("both", f"/cases/{case}").json()["content"]["plan"]
        for deed, body in (("approve", None), ("reject", {"reason": "Ні"})):
            answer = house.command("both", f"/cases/{case}/plans/{plan}/{deed}", body)
            assert (answer.status_code, answer.json()["type"]) == (403, "/problems/approver-is-proposer")
        house.done(SUPERVISOR, f"/cases/{case}/plans/{plan}/approve")


class TestOpening:
    def test_the_incident_says_when_it_was_reported(self, house: House, prevention: Prevention) -> None:
        case = prevention.open()
        content = house.ask(IN_CHARGE, f"/cases/{case}").json()["content"]
        incident = house.ask(IN_CHARGE, f"/incidents/{content['incident']}").json()["incident"]
        assert content["reported_at"] == incident["recorded_at"]

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"pseudonym": "CH-0000"}, "pseudonym"),
            ({"pseudonym": None}, "child"),
            ({"pseudonym": None, "child": str(uuid4())}, "child"),
            ({"child": str(uuid4())}, "child"),
            ({"ground": "looks-suspicious"}, "ground"),
        ],
    )
    def test_not_of_a_child_or_on_a_ground_that_is_unknown(
        self, house: House, prevention: Prevention, more: dict[str, Any], field: str
    ) -> None:
        incident, pseudonym = prevention.child()
        body = {
            "pseudonym": pseudonym,
            "incident": incident,
            "ground": "bullying",
            "term_ends": ahead(9),
            "reason": "x",
        }
        answer = house.command(IN_CHARGE, "/cases", {**body, **more})
        assert (answer.status_code, answer.json()["field"]) == (422, field)

    def test_a_child_with_a_profile_needs_no_incident(self, house: House, prevention: Prevention) -> None:
        """Nobody else's profile helps: it is not there for them."""
        registered = house.register_child(IN_CHARGE)
        child = registered["id"]
        body = {"child": child, "ground": "bullying", "term_ends": ahead(9), "reason": "x"}
        case = house.done(IN_CHARGE, "/cases", body)["id"]
        assert house.ask(IN_CHARGE, f"/cases/{case}").json()["summary"]["pseudonym"] == registered["pseudonym"]
        theirs = house.command(OTHER_OFFICER, "/cases", body)
        nobody = str(uuid4())
        nobodys = house.command(OTHER_OFFICER, "/cases", {**body, "child": nobody})
        assert (theirs.status_code, nobodys.status_code) == (422, 422)
        assert theirs.json()["detail"].replace(child, nobody) == nobodys.json()["detail"]

    def test_not_of_an_incident_that_the_caller_may_not_read(self, house: House, prevention: Prevention) -> None:
        """Nor of anything that is no incident: both answers are the same."""
        _, pseudonym = prevention.child()
        body = {"pseudonym": pseudonym, "ground": "bullying", "term_ends": ahead(9), "reason": "x"}
        case, theirs = prevention.open(), house.record_incident("olena")
        answers = [
            house.command(IN_CHARGE, "/cases", {**body, "incident": incident})
            for incident in (theirs, case, house.units["duty"], str(uuid4()))
        ]
        assert {answer.status_code for answer in answers} == {404}

    def test_not_in_a_unit_of_another_kind(self, house: House, prevention: Prevention) -> None:
        incident = house.record_incident("olena")
        child = house.create_account("mariia", house.units["investigators"], "juvenile-officer")
        assert child
        pseudonym = house.done("mariia", f"/incidents/{incident}/children", {"role": "offender"})["pseudonym"]
        body = {"pseudonym": pseudonym, "ground": "bullying", "term_ends": ahead(9), "reason": "x"}
        answer = house.command("mariia", "/cases", body)
        assert (answer.status_code, answer.json()["field"]) == (422, "unit")


@pytest.fixture(scope="module")
def case(house: House, prevention: Prevention) -> str:
    """In the charge of one, with something of each kind in it."""
    key = prevention.open()
    house.done(IN_CHARGE, f"/cases/{key}/risk", ASSESSMENT)
    house.done(IN_CHARGE, f"/cases/{key}/contacts", CONTACT)
    house.done(IN_CHARGE, f"/cases/{key}/measures", {**MEASURE, "due_at": ago(1)})
    return key


class TestSight:
    """What each may see, and that whoever may not is told what they would be told of nothing."""

    READS = ("", "/contacts", "/timeline", "/narratives", "/offer", f"/attachments/{uuid4()}")
    COMMANDS: tuple[tuple[str, dict[str, Any]], ...] = (
        ("assign", {"officer": str(uuid4())}),
        ("risk", ASSESSMENT),
        ("plans", {"narrative": "x"}),
        (f"plans/{uuid4()}/approve", {}),
        (f"plans/{uuid4()}/reject", {"reason": "x"}),
        ("measures", MEASURE),
        (f"measures/{uuid4()}/complete", {"result": "done", "ended_at": ago(1), "narrative": "x"}),
        ("contacts", CONTACT),
        ("extend", {"term_ends": ahead(200), "reason": "x"}),
        ("transfer", {"to_unit": str(uuid4()), "answer_by": ahead(1), "reason": "x"}),
        ("transfer/accept", {"officer": str(uuid4())}),
        ("transfer/decline", {"reason": "x"}),
        ("close", CLOSE),
        ("reopen", {"term_ends": ahead(200), "reason": "x"}),
        ("seal", {"reason": "x"}),
        (f"attachments/{uuid4()}/remove", {"reason": "x"}),
    )

    @pytest.mark.parametrize("person", STRANGERS)
    def test_not_there_and_not_theirs_are_the_same_bytes(self, house: House, case: str, person: str) -> None:
        nothing = str(uuid4())
        for path in self.READS:
            there, absent = (house.ask(person, f"/cases/{key}{path}") for key in (case, nothing))
            assert (there.status_code, absent.status_code) == (404, 404), path
            assert there.content == absent.content.replace(nothing.encode(), case.encode())
        for path, body in self.COMMANDS:
            there, absent = (house.command(person, f"/cases/{key}/{path}", body) for key in (case, nothing))
            assert (there.status_code, absent.status_code) == (404, 404), path
            assert there.content == absent.content.replace(nothing.encode(), case.encode())

    @pytest.mark.parametrize("person", STRANGERS)
    def test_no_list_shows_it_to_them(self, house: House, case: str, person: str) -> None:
        for path in ("/cases", "/cases/work", "/cases/offers"):
            assert case not in house.ask(person, path, limit=200).text

    def test_a_colleague_knows_that_it_is_there_and_nothing_more(self, house: House, case: str) -> None:
        shown = house.ask(COLLEAGUE, f"/cases/{case}")
        assert shown.json()["content"] is None
        assert shown.json().keys() == {"summary", "content", "measures", "attachments"}
        assert "ETag" not in shown.headers, "its version would tell how much is done"
        assert shown.json()["summary"].keys() == {
            "case", "pseudonym", "ground", "state", "unit", "unit_name", "opened_at",
        }  # fmt: skip
        (line,) = [each for each in house.ask(COLLEAGUE, "/cases", limit=200).json()["items"] if case in str(each)]
        assert line["content"] is None
        for path in ("/contacts", "/timeline", "/narratives"):
            assert house.ask(COLLEAGUE, f"/cases/{case}{path}").status_code == 403
        for path, body in self.COMMANDS:
            assert house.command(COLLEAGUE, f"/cases/{case}/{path}", body).status_code == 403, path

    def test_no_filter_tells_a_colleague_what_is_in_it(self, house: House, case: str) -> None:
        """A list that is narrowed by what somebody may not read would tell it."""
        for question in ({"risk": "medium"}, {"officer": str(account_id(IN_CHARGE))}, {"unassigned": False}):
            assert case in house.ask(IN_CHARGE, "/cases", limit=200, **question).text, question
            assert case not in house.ask(COLLEAGUE, "/cases", limit=200, **question).text, question
        assert case not in house.ask(COLLEAGUE, "/cases/work", limit=200).text

    def test_the_officer_in_charge_and_the_supervisor_read_the_words(self, house: House, case: str) -> None:
        for person in (IN_CHARGE, SUPERVISOR):
            words = house.ask(person, f"/cases/{case}/narratives").json()["items"]
            assert [each["text"] for each in words] == [
                "Два протоколи на Івана Сірка", ASSESSMENT["narrative"], CONTACT["narrative"], MEASURE["narrative"],
            ]  # fmt: skip
        first = house.ask(SUPERVISOR, f"/cases/{case}/narratives", limit=1).json()
        rest = house.ask(SUPERVISOR, f"/cases/{case}/narratives", after_version=first["next"]).json()
        assert len(first["items"]) + len(rest["items"]) == 4

    def test_opening_the_words_is_on_record_first(self, house: House, case: str) -> None:
        before = house.services.log.head()
        house.ask(SUPERVISOR, f"/cases/{case}/narratives")
        rows = [row for row in house.services.log.read(after=before) if isinstance(row, Recorded)]
        seen = [(row.event.operation, str(row.event.thing)) for row in rows if isinstance(row.event, Disclosed)]
        assert seen == [("case.read-narrative", case)] * 4
        assert {row.meta.actor for row in rows} == {account_id(SUPERVISOR)}
        subjects = {row.event.subject for row in rows if isinstance(row.event, Disclosed)}
        assert len(subjects) == 4, "each record by itself"
        assert subjects.isdisjoint({None, UUID(case)})

    def test_an_auditor_reads_all_that_is_not_sealed(self, house: House, case: str) -> None:
        assert house.ask("oksana", f"/cases/{case}").json()["content"]["risk"] == "medium"
        assert house.ask("oksana", f"/cases/{case}/timeline").status_code == 200
        assert house.ask("oksana", f"/cases/{case}/narratives").status_code == 403
        for path, body in self.COMMANDS:
            assert house.command("oksana", f"/cases/{case}/{path}", body).status_code == 403, path

    def test_a_closed_case_is_read_by_nobody_who_was_in_charge_of_it(
        self, house: House, prevention: Prevention
    ) -> None:
        """Certified or not: a certification that lapses later takes no closed case from anybody."""
        case = prevention.open()
        attachment = prevention.attach(IN_CHARGE, case).json()["attachment"]
        paths = ("narratives", "timeline", f"attachments/{attachment}")
        assert {house.ask(IN_CHARGE, f"/cases/{case}/{path}").status_code for path in paths} == {200}
        house.done(SUPERVISOR, f"/cases/{case}/close", CLOSE)
        assert {house.ask(IN_CHARGE, f"/cases/{case}/{path}").status_code for path in paths} == {403}
        assert house.ask(IN_CHARGE, f"/cases/{case}").json()["content"] is None
        assert house.ask(SUPERVISOR, f"/cases/{case}").json()["content"]["officer"] is None
        mine = house.ask(IN_CHARGE, "/cases", officer=str(account_id(IN_CHARGE)), case_state="closed", limit=200)
        assert case not in mine.text

    def test_of_a_sealed_case_officers_hear_no_more_and_nobody_opens_a_word(
        self, house: House, prevention: Prevention
    ) -> None:
        case = prevention.open()
        attachment = prevention.attach(IN_CHARGE, case).json()["attachment"]
        house.done(SUPERVISOR, f"/cases/{case}/close", CLOSE)
        assert house.ask(SUPERVISOR, f"/cases/{case}/narratives").status_code == 200
        house.done(SUPERVISOR, f"/cases/{case}/seal", {"reason": "Строк минув"})
        for person in (IN_CHARGE, COLLEAGUE):
            assert house.ask(person, f"/cases/{case}").status_code == 404
            assert case not in house.ask(person, "/cases", limit=200).text
        for person in (SUPERVISOR, "oksana"):
            assert house.ask(person, f"/cases/{case}").status_code == 200
            for path in ("narratives", f"attachments/{attachment}"):
                assert house.ask(person, f"/cases/{case}/{path}").status_code == 403


class TestLists:
    def test_overdue_work_and_whose_it_is(self, house: House, prevention: Prevention) -> None:
        case, idle = prevention.open(), prevention.open(assign=None)
        house.done(IN_CHARGE, f"/cases/{case}/measures", {**MEASURE, "due_at": ago(2)})
        house.done(IN_CHARGE, f"/cases/{case}/measures", MEASURE)
        house.done(IN_CHARGE, f"/cases/{case}/risk", ASSESSMENT)
        house.done(IN_CHARGE, f"/cases/{case}/plans", {"narrative": "Гурток"})

        def tasks(person: str, **question: Any) -> list[tuple[str, str]]:
            found = house.ask(person, "/cases/work", limit=200, **question).json()["items"]
            return [(each["task"], each["case"]) for each in found if each["case"] in (case, idle)]

        assert sorted(task for task, _ in tasks(IN_CHARGE, mine=True)) == [
            "measure", "measure", "plan", "review", "term",
        ]  # fmt: skip
        assert tasks(IN_CHARGE, mine=True, overdue=True, task="measure") == [("measure", case)]
        assert ("assignment", idle) in tasks(SUPERVISOR, task="assignment")
        assert tasks(SUPERVISOR, mine=True) == []
        whole = [each["due_at"] for each in house.ask(SUPERVISOR, "/cases/work", limit=200).json()["items"]]
        assert whole == sorted(whole)

    def test_what_is_done_or_closed_is_no_work(self, house: House, prevention: Prevention) -> None:
        case = prevention.open()
        house.done(IN_CHARGE, f"/cases/{case}/measures", MEASURE)
        house.done(SUPERVISOR, f"/cases/{case}/close", CLOSE)
        assert case not in house.ask(SUPERVISOR, "/cases/work", limit=200).text
        anew = house.done(SUPERVISOR, f"/cases/{case}/reopen", {"term_ends": ahead(9), "reason": "Знову"})
        found = house.ask(SUPERVISOR, "/cases/work", limit=200).json()["items"]
        due = {each["task"]: each["due_at"] for each in found if each["case"] == case}
        assert due.keys() == {"assignment", "term"}
        assert due["assignment"] == anew["recorded_at"], "it waits for an officer since then"

    def test_pages_hold_every_case_once(self, house: House, prevention: Prevention) -> None:
        for _ in range(3):
            prevention.open()
        for path in ("/cases", "/cases/work"):
            whole = house.ask(SUPERVISOR, path, limit=200).json()["items"]
            paged, cursor = [], None
            while True:
                page = house.ask(SUPERVISOR, path, limit=2, **({"cursor": cursor} if cursor else {})).json()
                paged += page["items"]
                cursor = page["next"]
                if cursor is None:
                    break
            assert paged == whole

    def test_figures_are_of_the_cases_that_the_reader_may_read(self, house: House, prevention: Prevention) -> None:
        prevention.open()
        figures = house.ask(SUPERVISOR, "/cases/figures").json()
        mine = {each["officer_username"]: each["open_cases"] for each in figures["caseload"]}
        board = house.ask(SUPERVISOR, "/cases", limit=200, case_state="open", officer=str(account_id(IN_CHARGE)))
        assert mine[IN_CHARGE] == len(board.json()["items"])
        assert {each["unit"] for each in figures["caseload"]} == {house.units["juvenile"]}
        assert figures["report_to_open"]["cases"] >= 1
        assert figures["report_to_open"]["median_hours"] <= figures["report_to_open"]["tail_hours"]
        assert house.ask("taras", "/cases/figures").json()["caseload"] == []
        swapped = {"from_at": "2026-11-02T00:00:00Z", "to_at": "2026-11-01T00:00:00Z"}
        refused = house.ask(SUPERVISOR, "/cases/figures", **swapped)
        assert (refused.status_code, refused.json()["field"]) == (422, "to_at")
        for person in ("olena", IN_CHARGE, "admin"):
            assert house.ask(person, "/cases/figures").status_code == 403


class TestAtOnce:
    def test_the_second_of_two_is_told_the_current_version_and_nothing_is_lost(
        self, house: House, prevention: Prevention
    ) -> None:
        case = prevention.open()
        read = house.ask(IN_CHARGE, f"/cases/{case}").headers["ETag"].strip('"')
        assert house.ask(SUPERVISOR, f"/cases/{case}").headers["ETag"].strip('"') == read
        house.done(IN_CHARGE, f"/cases/{case}/contacts", CONTACT, version=int(read))
        extension = {"term_ends": ahead(200), "reason": "Ще"}
        late = house.command(SUPERVISOR, f"/cases/{case}/extend", extension, version=int(read))
        assert late.status_code == 412
        assert (late.json()["expected_version"], late.json()["current_version"]) == (int(read), int(read) + 1)
        assert late.headers["ETag"] == f'"{int(read) + 1}"'
        assert topics(house, case) == ["opened", "assigned", "contact-noted"]
        house.done(SUPERVISOR, f"/cases/{case}/extend", extension, version=int(read) + 1)
        assert topics(house, case) == ["opened", "assigned", "contact-noted", "term-extended"]

    def test_fifty_writers_on_one_case_each_accepted_change_is_there_once(
        self, house: House, prevention: Prevention
    ) -> None:
        case, writers = prevention.open(), 50

        def write(number: int) -> tuple[int, int, Any]:
            body = {**CONTACT, "narrative": f"Розмова {number}"}
            answers = [house.command(IN_CHARGE, f"/cases/{case}/contacts", body, key=f"w{number}-{case}") for _ in "12"]
            assert answers[0].status_code != 200 or answers[0].json() == answers[1].json(), (
                "a retry is the same command"
            )
            return number, answers[1].status_code, answers[1].json()

        with ThreadPoolExecutor(8) as pool:
            answered = list(pool.map(write, range(writers)))
        accepted = {number: answer["version"] for number, status, answer in answered if status == 200}
        assert {status for _, status, _ in answered} <= {200, 412}
        assert len(accepted) > writers / 2
        noted = {
            recorded.version: _text(house, recorded)
            for recorded in house.services.log.stream(UUID(case))
            if recorded.event.TOPIC == "prevention-case.contact-noted"
        }
        assert noted == {version: f"Розмова {number}" for number, version in accepted.items()}

    def test_an_assignment_and_a_lapse_at_once_never_leave_it_with_who_lapsed_before(
        self, house: House, prevention: Prevention
    ) -> None:
        """The certification's record is part of the decision: where it moved on, the decision is made anew."""
        case = prevention.open(assign=None)
        guard = Certifications(house.services.desk).guard(account_id(IN_CHARGE))
        assert guard.events == ()
        assert guard.expected_version == 3
        house.done(SUPERVISOR, f"/cases/{case}/assign", {"officer": str(account_id(IN_CHARGE))})


def _text(house: House, recorded: Recorded) -> str:
    sealed = recorded.event.narrative  # type: ignore[attr-defined]
    assert isinstance(sealed, Sealed)
    assert sealed.token is not None
    opened = house.services.vault.open(sealed.token, Narrative)
    assert opened is not None
    return opened.text
