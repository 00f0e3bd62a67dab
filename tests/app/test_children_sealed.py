"""What is known of children is under seal: names, phones, narratives and files that were planted are in no file, log
line or address, whatever is done with them; those whom they are for read them all, and nobody else reads one.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, quote_plus

import msgspec
import pytest
import structlog
from litestar.testing import TestClient
from typer.testing import CliRunner

from app import logs
from app.api.asgi import create_app
from app.cli import app as oberih
from tests.app import api_reads
from tests.app.conftest import House, unknown
from tests.app.planting import Planter, Search
from tests.app.prevention_house import OTHER_OFFICER, OTHER_SUPERVISOR, Prevention
from tests.app.sealed_lives import CAMERA, TIMES, Lives

DATABASES = ("log.db", "keys.db", "views.db", "names.db", "processes.db", "credentials.db")
UNASKED = (
    "/footage/progress",  # it goes on until its listener leaves
    "/schema/{path:str}",  # of the framework
)


@dataclass
class Lived:
    lives: Lives
    search: Search
    logged: str
    temporary: Path
    backup: Path
    answered: list[tuple[str, str, bytes]]  # who asked for what, and the whole answer


@pytest.fixture(scope="module")
def lived(house: House, tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """All that can be written of children, and the views made anew of it, with every log line and temporary file."""
    place, folder = house.services.deployment, tmp_path_factory.mktemp("planted")
    temporary, log_file = folder / "temporary", folder / "log"
    temporary.mkdir()
    unlimited = msgspec.structs.replace(place.settings, requests_per_minute=10**9)
    services = replace(house.services, deployment=msgspec.structs.replace(place, settings=unlimited))
    with (
        log_file.open("w") as stream,
        pytest.MonkeyPatch.context() as patched,
        TestClient(create_app(services)) as http,
    ):
        patched.setenv("TMPDIR", str(temporary))
        patched.setattr(tempfile, "tempdir", str(temporary))
        patched.setattr("sys.stderr", stream)
        logs.configure()
        listening = logging.StreamHandler(stream)  # to httpx and all other libraries
        logging.getLogger().addHandler(listening)
        patched.setattr(logging.getLogger(), "level", logging.DEBUG)
        busy = replace(house, http=http)
        lives = _live(busy)
        answered = _asked_by_others(busy, lives)
        logging.getLogger().removeHandler(listening)
        structlog.reset_defaults()
        backup = _backed_up(house, folder / "backup")
    return Lived(lives, Search(lives.plant.made), log_file.read_text(), temporary, backup, answered)


def _live(house: House) -> Lives:
    prevention = Prevention(house)
    prevention.settle()
    house.register_camera(CAMERA)
    lives = Lives(prevention)
    lives.live()
    for view in house.ask("admin", "/projections").json()["views"]:
        house.done("admin", "/projections/rebuild", {"name": view["name"]})
    return lives


def _asked_by_others(house: House, lives: Lives) -> list[tuple[str, str, bytes]]:
    """Every answer that the API gives to those who work with none of these children."""
    ids = {noun: [path.rpartition("/")[2]] for noun, path in lives.things.items()}
    nobody, nothing = [str(unknown())], ["0" * 64]
    others = {**dict.fromkeys(("accounts", "searches", "clips"), nobody), "footage": nothing, "rank": ["1"]}
    without_children = dict.fromkeys(
        (
            *("claims", "communities", "stations", "posts", "programmes", "webhooks", "agencies", "agreements"),
            *("schools", "school-concerns", "initiatives", "reports", "photo"),
        ),
        nobody,
    )
    things = {**others, **without_children, **ids, "cameras": [CAMERA]}
    paths = list(api_reads.paths(house.http.app, things, without=UNASKED))
    assert len(paths) > 60
    answered = []
    for username in ("olena", OTHER_OFFICER, OTHER_SUPERVISOR, "oksana", "admin", "andrii"):  # one of each sort
        for path in paths:
            answer = house.ask(username, path)
            answered.append((username, path, b"\n".join([*(value for _, value in answer.headers.raw), answer.content])))
    return answered


def _backed_up(house: House, to: Path) -> Path:
    result = CliRunner().invoke(oberih, ["backup", "--data", str(house.folder), "--to", str(to), "--json"])
    assert result.exit_code == 0, result.output
    return to


def test_they_are_hundreds_and_each_is_read_by_those_whom_it_is_for(lived: Lived) -> None:
    shown: set[str] = set()
    for read in lived.lives.read:
        missing = [secret for secret in read.secrets if secret not in read.text]
        assert not missing, f"{read.username} {read.path}: {read.status}, without {missing}"
        shown.update(read.secrets)
    planted = {secret.text for secret in lived.lives.plant.made}
    assert planted - shown == lived.lives.unread
    assert len(shown) >= 200
    print(f"{len(planted)} planted, {len(shown)} of them read by {len(lived.lives.read)} requests")


def test_nobody_else_is_answered_with_one(lived: Lived) -> None:
    for read in lived.lives.read:
        if not read.secrets:
            assert not lived.search.found_in(read.raw), f"{read.username} {read.path}"
    for username, path, answer in lived.answered:
        assert not lived.search.found_in(answer), f"{username} {path}"


def test_no_file_holds_one(house: House, lived: Lived) -> None:
    """While the server runs: with the write-ahead logs as they are, and what making views anew left in them."""
    house.services.childhood.names.wait(house.services.log.head(), 10)
    files = [path for folder in (house.folder, lived.backup, lived.temporary) for path in folder.rglob("*")]
    names = {str(path.relative_to(house.folder)) for path in files if path.is_relative_to(house.folder)}
    beside = {f"{name}{suffix}" for name in DATABASES for suffix in ("", "-wal", "-shm")}
    assert beside - names <= {f"{name}{suffix}" for name in ("credentials.db",) for suffix in ("-wal", "-shm")}
    assert {"oberih.json", "root.key"} <= names
    assert sum(name.startswith("attachments/") for name in names) > TIMES
    assert (lived.backup / "log.db").exists()
    for path in files:
        if path.is_file():
            assert not lived.search.found_in(path.read_bytes()), path


def test_no_log_line_holds_one(lived: Lived) -> None:
    assert lived.logged.count('"event": "answered"') > 1_000
    assert lived.logged.count("HTTP Request: POST http://testserver.local/children/search") > 30
    assert not lived.search.found_in(lived.logged.encode())


def in_a_database(text: str, folder: Path) -> bytes:
    with closing(sqlite3.connect(folder / "planted.db")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE IF NOT EXISTS t (a TEXT)")
        database.execute("INSERT INTO t VALUES (?)", (text,))
        database.commit()
        return (folder / "planted.db-wal").read_bytes()


IN_THE_CLEAR: dict[str, Callable[[str], bytes]] = {
    "utf-8": str.encode,
    "utf-16-le": lambda text: text.encode("utf-16-le"),
    "utf-16-be": lambda text: text.encode("utf-16-be"),
    "small letters": lambda text: text.lower().encode(),
    "capitals": lambda text: text.upper().encode(),
    "percent-encoded": lambda text: quote(f"/children/{text}").encode(),
    "percent-encoded in small letters": lambda text: quote(text).lower().encode(),
    "a form": lambda text: quote_plus(f"name={text}").encode(),
    "JSON": lambda text: msgspec.json.encode({"name": text}),
    "JSON escapes": lambda text: json.dumps({"name": text}).encode(),
    "JSON escapes in capitals": lambda text: json.dumps(text).upper().replace("\\U", "\\u").encode(),
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64 after a byte": lambda text: base64.b64encode(b"x" + text.encode() + b"yz"),
    "base64 after two bytes": lambda text: base64.b64encode(b"{'" + text.encode()),
    "amid much else": lambda text: os.urandom(100_003) + text.encode() + os.urandom(100_003),
}


@pytest.mark.parametrize("form", IN_THE_CLEAR)
def test_a_planted_leak_would_be_seen(form: str, tmp_path: Path) -> None:
    plant = Planter()
    for secret in (plant.name(), plant.sentence(), plant.phone(), plant.document().decode()):
        search = Search(plant.made)
        assert search.found_in(IN_THE_CLEAR[form](secret)), secret
        assert search.found_in(in_a_database(secret, tmp_path))
        assert not search.found_in(IN_THE_CLEAR[form]("нічого, що було б посаджено")), "nor what is none"


def test_a_part_of_a_name_would_be_seen_in_latin_letters_and_of_a_phone_its_digits() -> None:
    plant = Planter()
    name, phone = plant.name(), plant.phone()
    latin, digits = plant.made[0].words[1], phone.replace(" ", "")
    search = Search(plant.made)
    for text in (latin, latin.capitalize(), latin.upper(), f"{name} Марія", digits, digits.removeprefix("+")):
        assert search.found_in(text.encode()), text
