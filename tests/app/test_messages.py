"""Refusals in Ukrainian: everything that is said to who asks over HTTP, and no sentence is half and half."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from uuid import UUID, uuid4

import pytest

import app
from app.access.gate import Forbidden, Gate
from app.api import messages, ukrainian
from app.api.problems import STATUS
from app.attachments import AttachmentDamaged
from app.children import LOOK_UP
from app.receiving import UploadTooLarge
from domain.errors import (
    AlreadyExists,
    CommandIdReused,
    DomainError,
    Invalid,
    NotFound,
    OwnAccount,
    VersionConflict,
    WrongState,
)
from domain.officer import OwnCertification
from domain.prevention_case import ApproverIsProposer
from tests.app.conftest import House
from tests.app.prevention_house import CONTACT, IN_CHARGE, SUPERVISOR, Prevention

ROOT = Path(app.__file__).parent.parent
SOURCES = sorted(
    str(path.relative_to(ROOT))
    for package in ("domain", "app", "projections")
    for path in (ROOT / package).rglob("*.py")
    if not path.is_relative_to(ROOT / "app/cli")  # what is said at a terminal alone
)
CYRILLIC = re.compile("[а-яіїєґА-ЯІЇЄҐ]")
GENERAL = ("Invalid", "WrongState", "DomainError", "Forbidden")  # made up of phrases, which are tested
OF_DEEDS = (OwnAccount, OwnCertification)  # whose sentence needs the deed
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


def sentences() -> Iterator[tuple[str, str]]:
    """Every sentence of every class of refusal, with the class's name."""
    for source in SOURCES:
        for node in ast.walk(ast.parse((ROOT / source).read_text())):
            if not isinstance(node, ast.ClassDef) or node.name in GENERAL or not is_refusal(source, node.name):
                continue
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("__init__") and call.args:
                    yield from ((node.name, text) for text in templates(call.args[0], {}))


def is_refusal(source: str, name: str) -> bool:
    module = importlib.import_module(source.removesuffix(".py").replace("/", "."))
    return issubclass(getattr(module, name), DomainError) and getattr(module, name).code in STATUS


@pytest.mark.parametrize("source", SOURCES)
def test_every_phrase_that_is_raised_has_its_ukrainian(source: str) -> None:
    known = ukrainian.PHRASES.keys() | ukrainian.STATES.keys() | ukrainian.KINDS.keys()
    assert [text for text in raised(source) if not CODES.fullmatch(text) and text not in known] == []


def test_phrases_and_sentences_are_found_at_all() -> None:
    assert len({text for source in SOURCES for text in raised(source)}) > 300
    assert len(set(sentences())) > 30


def test_every_sentence_of_a_refusal_has_its_ukrainian() -> None:
    apart = {each.__name__ for each in (*OF_DEEDS, AttachmentDamaged)}
    assert [text for name, text in sentences() if name not in apart and messages.phrase(text) is None] == []


@pytest.mark.parametrize("refusal", OF_DEEDS)
def test_every_deed_that_nobody_does_to_themselves_has_its_ukrainian(refusal: type[OwnAccount]) -> None:
    deeds = [
        call.args[0].value
        for source in SOURCES
        for call in ast.walk(ast.parse((ROOT / source).read_text()))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func) == refusal.__name__
        and isinstance(call.args[0], ast.Constant)
    ]
    assert len(deeds) > 3
    assert [deed for deed in deeds if messages.detail_of(refusal(str(deed))) is None] == []


def test_every_sort_of_refusal_is_called_something_in_ukrainian() -> None:
    assert STATUS.keys() - ukrainian.TITLES.keys() == set()


def test_every_phrase_has_a_place_for_each_value() -> None:
    for english, said in ukrainian.PHRASES.items():
        assert english.count("{}") == said.count("{}"), english
        assert CYRILLIC.search(said), english


def test_every_reason_of_the_access_policy_has_its_ukrainian() -> None:
    assert {each.reason for each in Gate.load().policy.statements} == set(ukrainian.REASONS)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (Invalid("due_at", "is too far from today", "give one from 14 days ago to 366 days ahead"),
         "due_at: задалеко від сьогодні; дайте день у межах від 14 днів тому до 366 днів наперед"),
        (Invalid("child", "is not named", f"{LOOK_UP}; give its pseudonym or its id"),
         "child: не названо; знайдіть її через GET /children і GET /children/profiles; "
         "дайте її псевдонім або ідентифікатор"),
        (WrongState("prevention-case", "X", "closed", "reopen it, or leave it"),
         "профілактична справа X: закрито; відкрийте її знову або залиште"),
        (NotFound("prevention-case", "X"), "немає такого: профілактична справа X"),
        (AlreadyExists("measure", "X"), "захід X вже існує; візьміть інший ідентифікатор або змініть наявне"),
        (ApproverIsProposer(),
         "рішення щодо плану ухвалює не той, хто його запропонував; зверніться до іншого керівника"),
        (Forbidden("case.close", "An auditor changes nothing. The officer in charge works on the case."),
         "case.close — не для вас: Аудитор нічого не змінює. Над справою працює інспектор, який її веде."),
        (AttachmentDamaged(UUID(int=7), "was altered on the disk"),
         f"вкладення {UUID(int=7)} змінено на диску; "
         "попросіть адміністратора системи відновити його з резервної копії"),
        (AttachmentDamaged(UUID(int=7), "is missing from the disk"),
         f"вкладення {UUID(int=7)} немає на диску; попросіть адміністратора системи відновити його з резервної копії"),
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
