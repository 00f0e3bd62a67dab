"""Refusals in Ukrainian: everything that is said to who asks over HTTP, and no sentence is half and half."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

import pytest

import app
from app.access.gate import Forbidden, Gate
from app.api import messages, shapes, ukrainian
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
    # What is said at a terminal alone, on a sheet of pictures, and in the state of a parked stream stays as it is.
    if not path.is_relative_to(ROOT / "app/cli") and path.name not in ("contact_sheet.py", "folding.py")
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


PASSED_ON = ("fault", "mend", "needs", "words", "whose")  # parameters that end up in a refusal


@cache
def parameters() -> dict[str, list[str]]:
    """The functions that are given phrases of refusals: which parameters they have."""
    return {
        node.name: [each.arg for each in (*node.args.args, *node.args.kwonlyargs)]
        for source in SOURCES
        for node in ast.walk(ast.parse((ROOT / source).read_text()))
        if isinstance(node, ast.FunctionDef) and {each.arg for each in node.args.args} & set(PASSED_ON)
    }


def passed_on(source: str) -> Iterator[str]:
    """Every phrase that a module gives to a function that refuses with it."""
    known = parameters()
    for node in ast.walk(ast.parse((ROOT / source).read_text())):
        name = ast.unparse(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and name in known:
            given = [*zip(known[name], node.args, strict=False), *((each.arg, each.value) for each in node.keywords)]
            for parameter, value in given:
                if parameter in PASSED_ON:
                    yield from templates(value, {})


@pytest.mark.parametrize("source", SOURCES)
def test_every_phrase_that_is_passed_on_has_its_ukrainian(source: str) -> None:
    known = ukrainian.PHRASES.keys() | ukrainian.STATES.keys() | ukrainian.KINDS.keys()
    assert [text for text in passed_on(source) if " " in text and text not in known] == []


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


@pytest.mark.parametrize(
    "error",
    [
        Invalid("until", "is over already", "give a day that is to come"),
        Invalid("born", "is in the future, or more than 40 years ago", "check the year"),
        Invalid("order", "'x' is not such a code", "give its number: 2 to 60 letters and digits"),
        Invalid("officer", "X is no juvenile-officer in service", "name somebody who is one"),
        Invalid("officer", "X is no investigator or juvenile-officer", "name somebody who is one"),
    ],
)
def test_no_english_word_is_left_in_a_ukrainian_sentence(error: DomainError) -> None:
    said = messages.detail_of(error)
    assert said is not None
    assert not re.search("[a-z]{2,}", said.partition(":")[2])


def test_a_value_in_english_words_leaves_the_sentence_in_english() -> None:
    assert messages.phrase("is over the hills") is None
    assert messages.phrase("is 'over the hills'") == "дорівнює 'over the hills'"
    assert messages.phrase("give two or three of those to somebody") is None


@pytest.mark.parametrize(
    ("body", "faults", "plain"),
    [
        ({"kind": 7}, ["kind: дано ціле число; надішліть текст"], "kind: is a whole number; send text"),
        ({**CONTACT, "occurred_at": "yesterday"}, ["occurred_at: не час; напишіть так"], "occurred_at: is no time"),
        ({"kind": "visit"}, ["body: не має occurred_at"], "body: has no occurred_at"),
        ({**CONTACT, "mood": 1}, ["body: має mood, якого ця операція не знає"], "body: has mood"),
    ],
)
def test_what_is_wrong_with_the_shape_of_a_body_is_told_with_its_mend(
    house: House, body: dict[str, object], faults: list[str], plain: str
) -> None:
    token = {"Authorization": f"Bearer {house.token('olena')}"}
    case = f"/cases/{uuid4()}/contacts"
    said = house.http.post(case, json=body, headers={**token, "Accept-Language": "uk"}).json()
    assert said["title"] == "Хибний запит"
    assert all(said["detail"].count(fault.partition(":")[2]) for fault in faults), said
    assert plain.partition(":")[2] in house.http.post(case, json=body, headers=token).json()["detail"]


@pytest.mark.parametrize(
    ("message", "en", "uk"),
    [
        ("Expected `uuid | null`, got `int`", "is a whole number; send a UUID or null",
         "дано ціле число; надішліть UUID або null"),
        ("Expected `datetime`, got `array`", "is a list; send a time", "дано перелік; надішліть час"),
        ("Expected `teapot`, got `int`", None, None),
        ("something that nobody knows", None, None),
    ],
)  # fmt: skip
def test_a_sentence_of_the_decoder(message: str, en: str | None, uk: str | None) -> None:
    assert (shapes.told(message, "en"), shapes.told(message, "uk")) == (en, uk)


def test_a_shape_that_is_not_known_leaves_all_of_them_in_english(house: House) -> None:
    headers = {"Authorization": f"Bearer {house.token('olena')}", "Accept-Language": "uk"}
    known = house.http.post("/concerns", json={"child": 5}, headers=headers)
    assert known.headers["Content-Language"] == "uk"
    assert not re.search("[a-z]{3,}", known.json()["detail"].partition(":")[2].replace("null", ""))


def test_what_the_protocol_refuses_is_told_in_ukrainian_and_so_are_the_members_of_a_problem(house: House) -> None:
    ukrainian_first = {"Accept-Language": "uk"}
    nobody = house.http.get("/cases", headers=ukrainian_first).json()
    assert (nobody["title"], nobody["detail"].partition(";")[0]) == ("Потрібно увійти", "немає токена")
    token = {"Authorization": f"Bearer {house.token('olena')}", **ukrainian_first}
    assert house.http.get("/nowhere", headers=token).json()["title"] == "Не знайдено"
    assert house.http.put("/cases", headers=token).json()["title"] == "Такого методу тут немає"
    misspelt = house.http.get("/cases?unti=x", headers=token).json()
    assert (misspelt["fault"], misspelt["field"]) == ("ця операція не має такого параметра", "unti")
    denied = house.http.get("/record/verify", headers=token)
    assert denied.status_code in (403, 404)


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
