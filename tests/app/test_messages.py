"""Refusals in Ukrainian: every phrase of prevention cases has one, and no sentence is half and half."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from uuid import uuid4

import pytest

import app
from app.access.gate import Forbidden, Gate
from app.api import messages, ukrainian
from app.receiving import UploadTooLarge
from domain.errors import AlreadyExists, CommandIdReused, DomainError, Invalid, NotFound, VersionConflict, WrongState
from domain.prevention_case import ApproverIsProposer
from tests.app.conftest import House
from tests.app.prevention_house import CONTACT, IN_CHARGE, SUPERVISOR, Prevention

ROOT = Path(app.__file__).parent.parent
SOURCES = (
    *("domain/checks.py", "domain/prevention_case.py", "domain/prevention_case_work.py"),
    *("domain/prevention_case_state.py", "app/cases.py", "app/media_types.py", "app/attachments.py"),
    *("app/api/queue.py", "app/desk.py"),
    *("domain/incident.py", "domain/involvement.py", "domain/position.py", "domain/missing_child.py"),
    *(
        "domain/authorisation_ground.py",
        "domain/authorisation.py",
        "domain/search_query.py",
        "app/api/incident_counts.py",
    ),
)
CYRILLIC = re.compile("[а-яіїєґА-ЯІЇЄҐ]")
RAISED = ("Invalid", "WrongState")
CODES = re.compile(r"[a-z]+(-[a-z]+)+|completed|offered|removed")  # of a state: programs read them


def templates(node: ast.expr, named: Mapping[str, Sequence[ast.expr]]) -> Iterator[str]:
    """What a phrase may be, with `{}` for each value in it."""
    match node:
        case ast.Name(id=name):
            for value in named.get(name, ()):
                yield from templates(value, named)
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
        case ast.IfExp(body=body, orelse=orelse):
            yield from templates(body, named)
            yield from templates(orelse, named)


def raised(source: str) -> Iterator[str]:
    """Every phrase of every refusal that a module raises."""
    for function in ast.walk(ast.parse((ROOT / source).read_text())):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        named: dict[str, list[ast.expr]] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                named.setdefault(node.targets[0].id, []).append(node.value)
        for node in ast.walk(function):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("Invalid", "WrongState")
            ):
                for argument in [*node.args[1:], *(each.value for each in node.keywords)]:
                    yield from templates(argument, named)


@pytest.mark.parametrize("source", SOURCES)
def test_every_phrase_that_is_raised_has_its_ukrainian(source: str) -> None:
    found = [text for text in raised(source) if not CODES.fullmatch(text)]
    assert found
    known = ukrainian.PHRASES.keys() | ukrainian.STATES.keys() | ukrainian.KINDS.keys()
    assert [text for text in found if text not in known] == []


def test_every_phrase_has_a_place_for_each_value() -> None:
    for english, said in ukrainian.PHRASES.items():
        assert english.count("{}") == said.count("{}"), english
        assert CYRILLIC.search(said), english


def test_every_reason_of_a_policy_on_prevention_cases_has_its_ukrainian() -> None:
    shared = {"suspended-nothing", "administrator-no-case", "auditor-changes-nothing", "auditor-opens-nothing"}
    shared |= {"incident-report-missing", "incident-unlink-child", "incident-link-camera", "classification-read"}
    ours = [
        each
        for each in Gate.load().policy.statements
        if (each.id.startswith(("prevention-", "incident-c", "count-")) and each.id != "incident-correct")
        or each.id in shared
    ]
    assert len(ours) > 15
    assert {each.reason for each in ours} == set(ukrainian.REASONS)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (Invalid("due_at", "is too far from today", "give one from 14 days ago to 366 days ahead"),
         "due_at: задалеко від сьогодні; дайте день у межах від 14 днів тому до 366 днів наперед"),
        (Invalid("child", "is not named", "look it up among GET /children; give its pseudonym or its id"),
         "child: не названо; знайдіть її через GET /children; дайте її псевдонім або ідентифікатор"),
        (WrongState("prevention-case", "X", "closed", "reopen it, or leave it"),
         "профілактична справа X: закрита; відкрийте її знову або залиште"),
        (NotFound("prevention-case", "X"), "немає такого: профілактична справа X"),
        (AlreadyExists("measure", "X"), "захід X вже існує; візьміть інший ідентифікатор або змініть наявне"),
        (ApproverIsProposer(),
         "рішення щодо плану ухвалює не той, хто його запропонував; зверніться до іншого керівника"),
        (Forbidden("case.close", "An auditor changes nothing. The officer in charge works on the case."),
         "case.close — не для вас: Аудитор нічого не змінює. Над справою працює інспектор, який її веде."),
        (UploadTooLarge(7), "файл: понад 7 байтів; поділіть на менші файли"),
    ],
)  # fmt: skip
def test_a_sentence_in_ukrainian(error: DomainError, says: str) -> None:
    assert messages.detail_of(error) == says
    assert messages.title_of(error) is not None


def test_ids_and_versions_stay_what_they_are() -> None:
    stream, command = uuid4(), uuid4()
    said = messages.detail_of(VersionConflict(stream, 2, 3))
    assert said is not None
    assert all(str(each) in said for each in (stream, 2, 3))
    assert str(command) in str(messages.detail_of(CommandIdReused(command)))


@pytest.mark.parametrize(
    "error",
    [
        Invalid("kind", "is empty", "do something that nobody translated"),
        WrongState("prevention-case", "X", "asleep", "close it first"),
        WrongState("teapot", "X", "closed", "close it first"),
        Forbidden("case.close", "An auditor changes nothing. Because."),
        DomainError("no phrase of ours"),
    ],
)
def test_what_is_not_written_down_is_left_in_english_whole(error: DomainError) -> None:
    assert messages.detail_of(error) is None


def test_over_http_by_what_is_asked_for(house: House) -> None:
    prevention = Prevention(house)
    prevention.settle()
    case = prevention.open()
    token = {"Authorization": f"Bearer {house.token(IN_CHARGE)}"}

    def refused(language: str | None) -> tuple[str, str, str | None]:
        headers = token if language is None else {**token, "Accept-Language": language}
        body = {**CONTACT, "narrative": " "}
        answer = house.http.post(f"/cases/{case}/contacts", json=body, headers=headers)
        assert (answer.status_code, answer.json()["field"]) == (422, "narrative")
        assert answer.json()["type"] == "/problems/invalid-value"
        return answer.json()["title"], answer.json()["detail"], answer.headers.get("Content-Language")

    said = ("Неприйнятне значення", "narrative: порожнє; напишіть щось", "uk")
    plain = ("Invalid value", "narrative: is empty; write something", None)
    assert refused("uk") == refused("uk-UA,uk;q=0.9,en;q=0.8") == said
    assert refused(None) == refused("en") == refused("en,uk;q=0.5") == refused("*") == plain
    command = {"path": f"/cases/{case}/close", "body": {"outcome": "x", "reason": "x"}, "idempotency_key": "k"}
    headers = {"Authorization": f"Bearer {house.token(SUPERVISOR)}", "Accept-Language": "uk"}
    (answer,) = house.http.post("/queue", json={"commands": [command]}, headers=headers).json()["answers"]
    assert answer["answer"]["detail"].startswith("outcome: 'x' невідоме; використайте одне з: goals-met")
