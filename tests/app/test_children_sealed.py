"""What is known of children is under seal: planted names, phones and narratives are in no file, log line or address,
whatever is done with them; and the right role reads them all.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
import structlog
from litestar.testing import TestClient

from app import logs
from app.api.asgi import create_app
from tests.app.conftest import House

CHILDREN = 40
SYLLABLES = ("ба", "ве", "гу", "до", "жи", "за", "ки", "ло", "му", "не", "пі", "ру", "со", "тя", "фе")


@dataclass
class Plant:
    """A child whose every word occurs nowhere else."""

    number: int
    keys: list[str] = field(default_factory=list)

    @property
    def surname(self) -> str:
        return self._word("Підкинь", 1).capitalize() + "енко"

    @property
    def given_name(self) -> str:
        return self._word("Найден", 2).capitalize() + "ин"

    @property
    def phone(self) -> str:
        return f"+380 44 {700 + self.number} {10 + self.number} 77"

    @property
    def guardian(self) -> str:
        return f"опікун {self._word('Сховай', 3)}, кв. {4_000 + self.number}"

    @property
    def narrative(self) -> str:
        return f"Казка про {self._word('потай', 4)} число {9_000 + self.number}: нікому не кажи."

    def secrets(self) -> tuple[str, ...]:
        return (self.surname, self.given_name, self.phone, self.guardian, self.narrative)

    def _word(self, start: str, salt: int) -> str:
        places = (self.number % 15, (self.number // 15 + salt) % 15, (self.number * 7 + salt) % 15)
        return start.lower() + "".join(SYLLABLES[place] for place in places)


def written(secret: str) -> Iterator[bytes]:
    """How it might stand in a file."""
    for form in (secret, secret.lower(), secret.upper()):
        yield form.encode()
        yield form.encode("utf-16-le")
        yield form.encode("unicode_escape")
        yield msgspec.json.encode(form)[1:-1]


@dataclass
class Planted:
    plants: list[Plant]
    logged: str
    answered: list[str]  # to those who may not read them
    started: float


@pytest.fixture(scope="module")
def planted(house: House, tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """All that can be done with a child, done with each of them, right and wrong."""
    log_file = tmp_path_factory.mktemp("logged") / "stderr"
    started = time.time()
    place = house.services.deployment
    unlimited = msgspec.structs.replace(place.settings, requests_per_minute=10**9)
    services = replace(house.services, deployment=msgspec.structs.replace(place, settings=unlimited))
    plants = [Plant(number) for number in range(CHILDREN)]
    with (
        log_file.open("w") as stream,
        pytest.MonkeyPatch.context() as patched,
        TestClient(create_app(services)) as http,
    ):
        patched.setattr("sys.stderr", stream)
        logs.configure()
        answered = [text for plant in plants for text in _use(replace(house, http=http), plant)]
        structlog.reset_defaults()
    return Planted(plants, log_file.read_text(), answered, started)


def _use(house: House, plant: Plant) -> Iterator[str]:
    told: dict[str, Any] = {"surname": plant.surname, "given_name": plant.given_name}
    contacts = {"phones": [plant.phone], "guardians": [plant.guardian]}
    key = house.register_child(**told, contacts=contacts, narrative=plant.narrative)["id"]
    plant.keys.append(key)
    other = house.register_child(**told)["id"]
    house.done("iryna", f"/children/{other}/identity", {**told, "reason": plant.narrative})
    house.done("iryna", f"/children/{other}/contacts", contacts)
    house.done("iryna", f"/children/{other}/narratives", {"text": plant.narrative})
    house.done("iryna", "/children/search", {"name": f"{plant.surname} {plant.given_name}"})
    house.ask("nadiia", f"/children/{key}/duplicates")
    both = {"other": other, "reason": plant.narrative}
    house.done("nadiia", f"/children/{key}/merge", both)
    house.done("nadiia", f"/children/{key}/unmerge", both)
    house.done("nadiia", f"/children/{other}/erasure", {"order": "12-з", "reason": plant.narrative})
    for username in ("olena", "oksana", "admin"):
        for part in ("", "/identity", "/narratives", "/timeline", "/duplicates", "/reasons"):
            yield house.ask(username, f"/children/{key}{part}").text
        yield house.command(username, "/children/search", {"name": plant.surname}).text
        yield house.command(username, "/children", {**told, "contacts": contacts}).text
    yield house.ask("oksana", "/record", limit=1000, after=max(0, house.services.log.head() - 900)).text
    yield house.command("iryna", "/children", {**told, "born": plant.phone}).text
    yield house.command("iryna", "/children", {**told, "contacts": {"phones": [plant.guardian]}}).text
    yield house.command("iryna", "/children", {**told, "colour": plant.narrative}).text


def test_they_are_two_hundred(planted: Planted) -> None:
    secrets = {secret for plant in planted.plants for secret in plant.secrets()}
    assert len(secrets) == 5 * CHILDREN == 200


def test_no_file_holds_one(house: House, planted: Planted) -> None:
    """While the server runs: with the write-ahead logs as they are."""
    house.services.childhood.names.wait(house.services.log.head(), 10)
    temporary = [
        path
        for path in Path(tempfile.gettempdir()).iterdir()
        if path.is_file() and path.stat().st_mtime >= planted.started
    ]
    files = [path for path in house.folder.rglob("*") if path.is_file()]
    assert {"log.db", "log.db-wal", "views.db", "views.db-wal", "names.db", "names.db-wal", "keys.db"} <= {
        path.name for path in files
    }
    for path in (*files, *temporary):
        content = path.read_bytes()
        for plant in planted.plants:
            for secret in plant.secrets():
                assert not any(form in content for form in written(secret)), f"{path.name}: {secret}"


def test_no_log_line_and_no_answer_to_whom_it_is_not_for_holds_one(planted: Planted) -> None:
    assert planted.logged.count('"event": "answered"') > 1_000
    assert planted.logged.count("/children/search") == 4 * CHILDREN
    everything = (planted.logged + "".join(planted.answered)).encode()
    for plant in planted.plants:
        for secret in plant.secrets():
            assert not any(form in everything for form in written(secret)), secret


def test_the_right_role_reads_them_all(house: House, planted: Planted) -> None:
    for plant in planted.plants:
        (key,) = plant.keys
        identity = house.ask("iryna", f"/children/{key}/identity").json()
        narratives = house.ask("nadiia", f"/children/{key}/narratives").json()["items"]
        read = (
            identity["identity"]["surname"],
            identity["identity"]["given_name"],
            identity["contacts"]["phones"][0],
            identity["contacts"]["guardians"][0],
            narratives[0]["text"],
        )
        assert read == plant.secrets()
        found = house.done("iryna", "/children/search", {"name": plant.surname})["items"]
        assert key in {each["child"] for each in found}


def test_a_planted_leak_would_be_seen(tmp_path: Path) -> None:
    secret = Plant(3).surname
    for name, content in (
        ("a", secret.encode()),
        ("b", msgspec.json.encode({"x": secret})),
        ("c", secret.lower().encode()),
    ):
        assert any(form in content for form in written(secret)), name
