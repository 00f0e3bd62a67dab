"""What each reader gets of the same camera, side by side."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from domain.vocabulary import Label
from tests.app.access.one_thing import Document, Group, Table
from tests.app.access.questions import listed, opened
from tests.app.access.scene import RESIDENT, Scene
from tests.app.conftest import FILMED_AT, film
from tests.app.neighbourhood import OFFICER, POLICE_SUPERVISOR
from tests.app.neighbourhood import PARTNER as SCHOOL_PARTNER
from tests.app.prevention_house import ago
from tests.app.referring_house import PARTNER, PROTECTOR

NAME = "GATE-1"
PLACE = {"latitude": 50.4501, "longitude": 30.5234}


def put(scene: Scene) -> None:
    """A camera at a school's gate that was out for a day, and an archived film of it."""
    house, things = scene.house, scene.things
    things |= {"camera": house.register_camera(NAME, **PLACE), "name": NAME}
    house.done("admin", f"/cameras/{NAME}/outages", {"from_at": ago(2)})
    house.done("admin", f"/cameras/{NAME}/restore", {"at": ago(1)})
    with tempfile.TemporaryDirectory() as folder:
        content = film(Path(folder) / "gate.mp4")
    answer = house.upload("olena", content, NAME, FILMED_AT)
    assert answer.is_success, answer.text
    things["footage"] = hashlib.sha256(content).hexdigest()


GROUPS = (
    Group(
        Label("Поліція", "Police"),
        {
            "olena": Label("Слідчий", "Investigator"),
            "iryna": Label("Інспектор ювенальної превенції", "Juvenile prevention officer"),
            "halyna": Label("Керівник слідчих", "Supervisor of investigators"),
            OFFICER: Label("Поліцейський громади, де стоїть камера", "Community officer where the camera stands"),
            POLICE_SUPERVISOR: Label("Керівник поліції цієї громади", "Supervisor of that community’s police"),
        },
    ),
    Group(
        Label("Школа, служби, мешканці", "School, agencies, residents"),
        {
            SCHOOL_PARTNER: Label("Працівник школи цієї громади", "Partner of a school in that community"),
            PARTNER: Label("Працівник служби", "Partner of an agency"),
            RESIDENT: Label("Мешканець із ключем свого повідомлення", "Resident with the token of their report"),
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
        Label("Камера", "The camera"),
        (
            (Label("у списку", "in the list"), listed("/cameras", "camera", "camera")),
            (Label("серед найближчих", "among the nearest"), listed("/cameras/nearest", "camera", "camera", **PLACE)),
            (Label("камера і її перерви", "camera and its outages"), opened("/cameras/{name}")),
            (Label("чи розпізнає сама", "whether it recognises by itself"), opened("/cameras/{name}/analytics")),
            (Label("час її роботи", "its uptime"), listed("/cameras/uptime", "camera", "camera")),
            (Label("реєстри, з яких взято камери", "registers that were taken in"), opened("/cameras/imports")),
        ),
    ),
    Table(
        Label("Мережа, до якої вона входить: самі числа", "The network that it is part of: counts alone"),
        (
            (Label("час роботи за областями", "uptime by region"), opened("/network/uptime", "UA-30")),
            (Label("покриття за громадами", "coverage by community"), opened("/network/coverage", "Подільська")),
            (Label("програми, що платять за камери", "programmes that pay for cameras"), opened("/programmes")),
        ),
    ),
    Table(
        Label("Запис із неї", "Footage from it"),
        (
            (Label("у списку", "in the list"), listed("/footage", "footage", "sha256")),
            (Label("запис", "footage"), opened("/footage/{footage}")),
            (Label("як звався файл", "name of the file"), opened("/footage/{footage}/name", "clip.mp4")),
        ),
    ),
)  # fmt: skip

DOCUMENT = Document(
    path=Path(__file__).with_name("one_camera.md"),
    title=Label("Що кожен бачить про ту саму камеру", "What each role gets of the same camera"),
    introduction=Label(
        "Камера біля воріт школи, яка добу не працювала, і запис із неї. Кожна клітинка — відповідь системи на"
        " справжній запит цієї людини.",
        "A camera at the gate of a school, which was out for a day, and footage from it. Every cell is what the system"
        " answered when that person really asked.",
    ),
    groups=GROUPS,
    tables=TABLES,
    put=put,
)
