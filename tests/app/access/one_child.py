"""What each role gets of the same child, side by side: asked of the API, answer by answer, and written as a table.

python -m tests.app.access.one_child    # writes one_child.md anew
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from app.composition import open_house
from app.initialising import initialise
from domain.vocabulary import Label
from tests.app.access.one_child_questions import (
    KNOWS,
    LEFT_OUT,
    NOTHING,
    READS,
    REFUSED,
    Question,
    by_name,
    counted,
    figures,
    in_timeline,
    listed,
    on_board,
    opened,
    parted,
)
from tests.app.access.one_child_scene import OFFERED, Scene, scene
from tests.app.conftest import PASSWORD, furnish, serving
from tests.app.prevention_house import COLLEAGUE, IN_CHARGE, OTHER_OFFICER, OTHER_SUPERVISOR, SUPERVISOR
from tests.fakes_gpu import ColourHistograms

TABLE = Path(__file__).with_name("one_child.md")
COMMAND = "python -m tests.app.access.one_child"

MARKS = {
    READS: Label("читає", "reads"),
    KNOWS: Label("знає, що є", "knows of it"),
    REFUSED: Label("відмова", "refused"),
    NOTHING: Label("—", "—"),
    LEFT_OUT: Label("не показано", "left out"),
}

READERS = {
    IN_CHARGE: Label(
        "Інспектор ювенальної превенції, що веде справу й подію підрозділу",
        "Juvenile prevention officer in charge of the case and of the unit's incident",
    ),
    COLLEAGUE: Label(
        "Інспектор ювенальної превенції того самого підрозділу", "Juvenile prevention officer of the same unit"
    ),
    SUPERVISOR: Label("Керівник того самого підрозділу", "Supervisor of the same unit"),
    OTHER_OFFICER: Label(
        "Інспектор ювенальної превенції іншого підрозділу", "Juvenile prevention officer of another unit"
    ),
    OTHER_SUPERVISOR: Label("Керівник іншого підрозділу", "Supervisor of another unit"),
    OFFERED: Label("Керівник підрозділу, якому пропонують справу", "Supervisor of the unit that is offered the case"),
    "olena": Label(
        "Слідчий, що веде другу подію і повідомив про занепокоєння",
        "Investigator in charge of the other incident, who raised the concerns",
    ),
    "bohdan": Label("Слідчий того самого підрозділу, що й попередній", "Investigator, colleague of the one above"),
    "halyna": Label("Керівник цих слідчих", "Supervisor of these investigators"),
    "oksana": Label("Аудитор", "Auditor"),
    "admin": Label("Адміністратор", "Administrator"),
    "andrii": Label("Аналітик", "Analyst"),
}


class Table(NamedTuple):
    title: Label
    asked: tuple[tuple[Label, Question], ...]


TABLES = (
    Table(
        Label("Профіль дитини", "The child's profile"),
        (
            (Label("у списку", "in the list"), listed("/children/profiles", "child", "child")),
            (Label("профіль без імені", "profile, without a name"), opened("/children/{child}")),
            (Label("хто це", "who it is"), opened("/children/{child}/identity", "Запорожець")),
            (Label("телефони й опікуни", "phones and guardians"), opened("/children/{child}/identity", "555 12 12")),
            (Label("записи", "narratives"), opened("/children/{child}/narratives", "Не ночує")),
            (Label("підстави", "reasons"), opened("/children/{child}/reasons", "За свідоцтвом")),
            (Label("схожі профілі", "likely duplicates"), opened("/children/{child}/duplicates", "Запорожець")),
            (Label("знаходить за ім’ям", "found by name"), by_name),
        ),
    ),
    Table(
        Label("Історія дитини: що в ній показано", "The child's timeline: what it shows"),
        (
            (Label("профіль", "profile"), in_timeline("child")),
            (Label("подія підрозділу", "the unit's incident"), in_timeline("incident")),
            (Label("подія слідчих", "the investigators' incident"), in_timeline("elsewhere")),
            (Label("відкрита справа", "open case"), in_timeline("case")),
            (Label("запечатана справа", "sealed case"), in_timeline("sealed_case")),
            (Label("занепокоєння", "concern"), in_timeline("concern")),
            (Label("занепокоєння, чий строк минув", "concern that expired"), in_timeline("expired")),
        ),
    ),
    Table(
        Label("Подія підрозділу, потерпіла — ця дитина", "The unit's incident, in which the child is the victim"),
        (
            (Label("у списку", "in the list"), listed("/incidents", "incident", "incident")),
            (Label("подія", "incident"), opened("/incidents/{incident}")),
            (Label("опис", "narrative"), opened("/incidents/{incident}/narrative", "забрали рюкзак")),
            (Label("точне місце", "exact place"), opened("/incidents/{incident}/place", "під’їзд")),
            (Label("історія", "timeline"), opened("/incidents/{incident}/timeline")),
            (Label("справи", "its cases"), opened("/incidents/{incident}/cases")),
            (Label("дитина під псевдонімом", "the child, by pseudonym"), listed("/children", "child", "child")),
        ),
    ),
    Table(
        Label("Подія слідчих, потерпіла — ця дитина", "The investigators' incident, in which the child is the victim"),
        (
            (Label("у списку", "in the list"), listed("/incidents", "elsewhere", "incident")),
            (Label("подія", "incident"), opened("/incidents/{elsewhere}")),
            (Label("опис", "narrative"), opened("/incidents/{elsewhere}/narrative", "забрали рюкзак")),
        ),
    ),
    Table(
        Label("Відкрита профілактична справа, запропонована ще одному підрозділу",
              "Open prevention case, offered to a further unit"),
        (
            (Label("на дошці", "on the board"), on_board("case")),
            (Label("справа", "case"), parted("/cases/{case}", "content", "")),
            (Label("що до строку", "work that is due"), listed("/cases/work", "case", "case")),
            (Label("що написано", "what was written"), opened("/cases/{case}/narratives", "050 111 22 33")),
            (Label("контакти", "contacts"), opened("/cases/{case}/contacts")),
            (Label("історія", "timeline"), opened("/cases/{case}/timeline")),
            (Label("вкладення", "attachment"), opened("/cases/{case}/attachments/{attachment}", "%PDF")),
            (Label("чому передають", "why it is offered"), opened("/cases/{case}/offer", "Переїхали")),
        ),
    ),
    Table(
        Label("Запечатана профілактична справа", "Sealed prevention case"),
        (
            (Label("на дошці", "on the board"), on_board("sealed_case")),
            (Label("справа", "case"), parted("/cases/{sealed_case}", "content", "")),
            (Label("що написано", "what was written"), opened("/cases/{sealed_case}/narratives")),
            (Label("історія", "timeline"), opened("/cases/{sealed_case}/timeline")),
            (Label("вкладення", "attachment"), opened("/cases/{sealed_case}/attachments/{sealed_attachment}")),
        ),
    ),
    Table(
        Label("Занепокоєння, яке розглядає підрозділ", "A concern that the unit looks into"),
        (
            (Label("у списку", "in the list"), listed("/concerns", "concern", "concern")),
            (Label("занепокоєння", "concern"), opened("/concerns/{concern}")),
            (Label("що помічено", "what was seen"), opened("/concerns/{concern}/narrative", "Гнатюк")),
            (Label("що знайшли і чому", "what was found, and why"), opened("/concerns/{concern}/reasons", "зі школою")),
            (Label("те, чий строк минув", "one that expired"), parted("/concerns/{expired}", "child", "concern")),
            (Label("його слова", "its words"), opened("/concerns/{expired}/narrative")),
        ),
    ),
    Table(
        Label("Підрахунки, в які входить ця дитина", "Counts of which the child is part"),
        (
            (Label("усі події області", "all incidents of the region"), counted("/counts/incidents")),
            (Label("події, які можна читати", "incidents that one may read"), counted("/counts/incidents/own")),
            (Label("закриті справи", "closed cases"), figures),
        ),
    ),
)  # fmt: skip


def written(scene: Scene) -> str:
    """The whole document, as the API answers now."""
    answers = {
        table: {reader: [question(scene, reader) for _, question in table.asked] for reader in READERS}
        for table in TABLES
    }
    return "\n".join([*HEAD, *_document(answers, 0), "", "---", "", *_document(answers, 1), ""])


HEAD = (
    f"<!-- Generated from the API's answers: {COMMAND}. A test holds it against them. -->",
    "",
)
OPENINGS = (
    Label("# Що кожен бачить про ту саму дитину", "# What each role gets of the same child"),
    Label(
        "Одна дитина, на обліку підрозділу ювенальної превенції. Вона потерпіла у двох подіях: одну записав її"
        " підрозділ, другу — слідчі. На неї заведено дві профілактичні справи, про неї два занепокоєння. Кожна"
        " клітинка — відповідь системи на справжній запит цієї людини.",
        "One child, known to a unit of juvenile prevention. It is the victim in two incidents: its unit recorded the"
        " one, investigators the other. There are two prevention cases on it, and two concerns. Every cell is what the"
        " system answered when that person really asked.",
    ),
)
LEGEND = (
    Label(
        "**читає**: отримує все, що тут є. Хто відкрив запечатане (імена, телефони, написане, вкладення), записано.",
        "**reads**: gets all that is there. Who opened what is sealed (names, phones, words, files) is on record.",
    ),
    Label(
        "**знає, що є**: дізнається лише, що таке існує і в якому стані; жодного слова з нього.",
        "**knows of it**: is told that it exists, and its state, and not a word of what is in it.",
    ),
    Label(
        "**відмова**: дізнається, що це не для цієї ролі, і чому.",
        "**refused**: is told that this is not for them, and why.",
    ),
    Label(
        "**—**: та сама відповідь, що й про те, чого немає; у списках, історії та пошуку цього не показано.",
        "**—**: is answered as for what does not exist; lists, timelines and searches do not show it.",
    ),
    Label(
        "**не показано**: число менше п’яти, з якого можна було б упізнати дитину. Інші числа показано точно.",
        "**left out**: a count under five, which could tell of a single child. Other numbers are exact.",
    ),
)


def _document(answers: dict[Table, dict[str, list[str]]], language: int) -> Iterator[str]:
    title, introduction = (each[language] for each in OPENINGS)
    yield from (title, "", introduction, "")
    yield from (f"- {each[language]}" for each in LEGEND)
    for table, rows in answers.items():
        yield from ("", f"## {table.title[language]}", "")
        yield from _rows(table, rows, language)


def _rows(table: Table, rows: dict[str, list[str]], language: int) -> Iterator[str]:
    heads = [label[language] for label, _ in table.asked]
    yield _row(("хто", "who")[language], heads)
    yield "|" + "---|" * (len(heads) + 1)
    for reader, outcomes in rows.items():
        marks = [MARKS[outcome][language] if outcome in MARKS else outcome for outcome in outcomes]
        yield _row(READERS[reader][language], marks)


def _row(head: str, cells: Sequence[str]) -> str:
    return f"| {' | '.join((head, *cells))} |"


def main() -> None:
    """Write the table anew, from a house that is made for it."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "deployment"
        initialise(place, password=PASSWORD)
        with serving(open_house(place, encoder=ColourHistograms())) as house:
            furnish(house)
            TABLE.write_text(written(scene(house)), encoding="utf-8")


if __name__ == "__main__":
    main()
