"""What each reader gets of the same report of a resident, side by side."""

from __future__ import annotations

import base64
from pathlib import Path

from app.call import now
from domain.reports.events import ReportEscalated
from domain.vocabulary import Label
from tests.app.access.one_thing import Document, Group, Table
from tests.app.access.questions import counted, listed, opened, told
from tests.app.access.scene import OTHER_POLICE_SUPERVISOR, OTHER_RESIDENT, RESIDENT, Scene
from tests.app.neighbourhood import OFFICER, OTHER_OFFICER, POLICE_SUPERVISOR
from tests.app.neighbourhood import PARTNER as SCHOOL_PARTNER
from tests.app.referring_house import PARTNER, PROTECTOR
from tests.app.reports.office import picture

HERE = {"community": "Подільська"}
ALIKE = "Не горить ліхтар біля шкільних воріт на вулиці Садовій, дітям темно."
DANGER = "Чоловік погрожує зброєю у дворі."


def put(scene: Scene) -> None:
    """`report` was read by an officer, who wrote to its reporter and for everybody; `alike` is another resident's;
    `danger` is on nobody's desk in time, and the duty desks are called in.
    """
    house, things, office = scene.house, scene.things, scene.office
    contact = {"full_name": "Мар’яна Мельник", "phone": "+380 44 777 13 13"}
    photos = [base64.b64encode(picture()).decode()]
    resident = office.reported(**HERE, contact=contact, photos=photos)
    other = office.reported(**HERE, narrative=ALIKE)
    danger = office.reported(**HERE, category="danger-to-life", narrative=DANGER)
    scene.tokens |= {RESIDENT: resident.token, OTHER_RESIDENT: other.token}
    things |= {"report": resident.report, "danger": danger.report}
    path = f"/reports/{resident.report}"
    house.done(OFFICER, f"{path}/acknowledge")
    house.done(OFFICER, f"{path}/update", {"text": "Завтра вранці ліхтар оглянуть."})
    house.done(OFFICER, f"{path}/publish", {"text": "Не працює освітлення біля школи", "attested": True})
    things["photo"] = house.ask(OFFICER, path).json()["photos"][0]["photo"]
    scene.append(danger.report, 1, ReportEscalated(due_at=now()))


GROUPS = (
    Group(
        Label("Мешканці", "Residents"),
        {
            RESIDENT: Label("Мешканець, що повідомив, за своїм ключем", "Resident who reported, by their token"),
            OTHER_RESIDENT: Label("Мешканець із ключем іншого повідомлення", "Resident with another report's token"),
        },
    ),
    Group(
        Label("Поліція громад", "Community police"),
        {
            OFFICER: Label("Поліцейський цієї громади", "Community officer posted there"),
            POLICE_SUPERVISOR: Label("Керівник його підрозділу", "Supervisor of the officer’s unit"),
            OTHER_OFFICER: Label("Поліцейський іншої громади", "Community officer of another community"),
            OTHER_POLICE_SUPERVISOR: Label("Керівник поліції іншої громади", "Supervisor of another community’s unit"),
        },
    ),
    Group(
        Label("Інші підрозділи поліції", "Other units of police"),
        {
            "taras": Label("Керівник чергової частини області", "Supervisor of the region’s duty desk"),
            "iryna": Label("Інспектор ювенальної превенції", "Juvenile prevention officer"),
            "olena": Label("Слідчий", "Investigator"),
        },
    ),
    Group(
        Label("Школа, служби", "School, agencies"),
        {
            SCHOOL_PARTNER: Label("Працівник школи цієї громади", "Partner of a school in that community"),
            PARTNER: Label("Працівник служби", "Partner of an agency"),
        },
    ),
    Group(
        Label("Нагляд, адміністрування, аналіз", "Oversight, administration, analysis"),
        {
            "oksana": Label("Аудитор", "Auditor"),
            PROTECTOR: Label("Уповноважений із захисту даних", "Data protection officer"),
            "admin": Label("Адміністратор", "Administrator"),
            "andrii": Label("Аналітик", "Analyst"),
        },
    ),
)

TABLES = (
    Table(
        Label("Повідомлення, яке прочитав поліцейський громади", "A report that the community’s officer has read"),
        (
            (Label("сторінка того, хто повідомив", "page of whoever reported"),
             told("/reports/own", "Завтра вранці ліхтар оглянуть")),
            (Label("у списку", "in the list"), listed("/reports", "report", "report")),
            (Label("повідомлення", "report"), opened("/reports/{report}")),
            (Label("слова і точне місце", "words and exact place"), opened("/reports/{report}/words", "Третій вечір")),
            (Label("хто повідомив", "who reported"), opened("/reports/{report}/contact", "777 13 13")),
            (Label("світлина", "picture"), opened("/reports/{report}/photos/{photo}", "JFIF")),
            (Label("схожі повідомлення", "likely duplicates"), opened("/reports/{report}/duplicates", ALIKE)),
            (Label("історія", "history"), opened("/reports/{report}/history")),
        ),
    ),
    Table(
        Label("Повідомлення про небезпеку, на яке вчасно ніхто не відповів",
              "A report of danger, on which nobody acted in time"),
        (
            (Label("у списку", "in the list"), listed("/reports", "danger", "report")),
            (Label("повідомлення", "report"), opened("/reports/{danger}")),
            (Label("слова і точне місце", "words and exact place"), opened("/reports/{danger}/words", DANGER)),
            (Label("хто повідомив", "who reported"), opened("/reports/{danger}/contact")),
            (Label("історія", "history"), opened("/reports/{danger}/history")),
        ),
    ),
    Table(
        Label("Для всіх, і підрахунки", "What is for everybody, and counts"),
        (
            (Label("прочитане — у списку для всіх", "the one that was read, in the public list"),
             listed("/reports/public", "report", "report")),
            (Label("небезпека — у списку для всіх", "the one of danger, in the public list"),
             listed("/reports/public", "danger", "report")),
            (Label("усі повідомлення області", "all reports of the region"),
             counted("/counts/reports", region="UA-30")),
        ),
    ),
)  # fmt: skip

DOCUMENT = Document(
    path=Path(__file__).with_name("one_report.md"),
    title=Label("Що кожен бачить про те саме повідомлення мешканця", "What each role gets of the same report"),
    introduction=Label(
        "Мешканка повідомила, що не горить ліхтар, залишила телефон і світлину. Поліцейський громади прочитав це,"
        " відписав їй і написав коротко для всіх. Інший мешканець повідомив про той самий ліхтар. Ще одне"
        " повідомлення, про небезпеку, лишилося без відповіді, тож покликано чергову частину. Кожна клітинка —"
        " відповідь системи на справжній запит цієї людини.",
        "A resident reported that a lamp is dark, and left a telephone number and a picture. The community's officer"
        " read it, wrote back, and wrote a line for everybody. Another resident reported the same lamp. A further"
        " report, of danger, was left without an answer, so that the duty desk was called in. Every cell is what the"
        " system answered when that person really asked.",
    ),
    groups=GROUPS,
    tables=TABLES,
    put=put,
)
