"""What each reader gets of the same thing, side by side: asked of the API, answer by answer, and written as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from domain.vocabulary import Label
from tests.app.access.questions import KNOWS, LEFT_OUT, NOTHING, OUTSIDE, READS, REFUSED, Question
from tests.app.access.scene import Scene

COMMAND = "python -m tests.app.access.side_by_side"

MARKS = {
    READS: Label("читає", "reads"),
    KNOWS: Label("знає, що є", "knows of it"),
    REFUSED: Label("відмова", "refused"),
    NOTHING: Label("—", "—"),
    LEFT_OUT: Label("не показано", "left out"),
    OUTSIDE: Label("не впущено", "not let in"),
}
LEGEND = {
    READS: Label(
        "**читає**: отримує все, що тут є. Хто відкрив запечатане (імена, телефони, написане, вкладення), записано.",
        "**reads**: gets all that is there. Who opened what is sealed (names, phones, words, files) is on record.",
    ),
    KNOWS: Label(
        "**знає, що є**: дізнається лише, що таке існує і в якому стані; жодного слова з нього.",
        "**knows of it**: is told that it exists, and its state, and not a word of what is in it.",
    ),
    REFUSED: Label(
        "**відмова**: дізнається, що це не для цієї ролі, і чому.",
        "**refused**: is told that this is not for them, and why.",
    ),
    NOTHING: Label(
        "**—**: та сама відповідь, що й про те, чого немає; у списках, історії та пошуку цього не показано.",
        "**—**: is answered as for what does not exist; lists, timelines and searches do not show it.",
    ),
    OUTSIDE: Label(
        "**не впущено**: ключ повідомлення відкриває лише сторінку того, хто повідомив, а її не відкриває жоден"
        " обліковий запис.",
        "**not let in**: the token of a report opens the page of whoever reported and nothing else, and no account"
        " opens that page.",
    ),
    LEFT_OUT: Label(
        "**не показано**: число менше п’яти, з якого можна було б упізнати когось. Інші числа показано точно.",
        "**left out**: a count under five, which could tell of somebody. Other numbers are exact.",
    ),
}


class Table(NamedTuple):
    title: Label
    asked: tuple[tuple[Label, Question], ...]


class Group(NamedTuple):
    """Readers who serve together, or are there for the same."""

    title: Label
    readers: Mapping[str, Label]


class Document(NamedTuple):
    """`put`: puts the thing on record, and names it and what belongs to it."""

    path: Path
    title: Label
    introduction: Label
    groups: tuple[Group, ...]
    tables: tuple[Table, ...]
    put: Callable[[Scene], None]


def written(document: Document, scene: Scene) -> str:
    """The whole document, as the API answers now."""
    head = f"<!-- Generated from the API's answers: {COMMAND}. A test holds it against them. -->"
    readers = [reader for group in document.groups for reader in group.readers]
    answers = [
        {reader: [question(scene, reader) for _, question in table.asked] for reader in readers}
        for table in document.tables
    ]
    ukrainian, english = (_document(document, answers, language) for language in (0, 1))
    return "\n".join([head, "", *ukrainian, "", "---", "", *english, ""])


def _document(document: Document, answers: list[dict[str, list[str]]], language: int) -> Iterator[str]:
    yield from (f"# {document.title[language]}", "", document.introduction[language], "")
    met = {outcome for rows in answers for outcomes in rows.values() for outcome in outcomes}
    yield from (f"- {each[language]}" for outcome, each in LEGEND.items() if outcome in met)
    for table, rows in zip(document.tables, answers, strict=True):
        yield from ("", f"## {table.title[language]}", "")
        yield from _rows(document.groups, table, rows, language)


def _rows(groups: Sequence[Group], table: Table, rows: dict[str, list[str]], language: int) -> Iterator[str]:
    heads = [label[language] for label, _ in table.asked]
    yield _row(("хто", "who")[language], heads)
    yield "|" + "---|" * (len(heads) + 1)
    for group in groups:
        yield _row(f"**{group.title[language]}**", [""] * len(heads))
        for reader, label in group.readers.items():
            marks = [MARKS[outcome][language] if outcome in MARKS else outcome for outcome in rows[reader]]
            yield _row(label[language], marks)


def _row(head: str, cells: Sequence[str]) -> str:
    return f"| {' | '.join((head, *cells))} |"
