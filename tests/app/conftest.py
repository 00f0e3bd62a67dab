"""A whole house on real files, served through the ASGI app, with a model of colour histograms."""

from __future__ import annotations

import io
import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import av
import httpx
import numpy as np
import pytest
import typer
from litestar import Litestar
from litestar.testing import TestClient

from app.access.passwords import BUCKETS
from app.api import limits
from app.api.asgi import create_app
from app.at_work import open_work
from app.call import Call
from app.clockwork import system_meta
from app.composition import Services, open_house
from app.initialising import initialise
from domain.account import PasswordChanged
from domain.event import Recorded
from domain.ids import SYSTEM_ACTOR, account_id
from domain.log import Change, Unreadable
from tests.app.serve_colours import Served, serve
from tests.fakes_gpu import ColourHistograms

PASSWORD = "a password for tests"
PURPOSE = "prevention"  # said with every request that does not say another one
FILMED_AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
FILM_SECONDS = 24
VIEWS_SECONDS_MAX = 60.0


@dataclass
class House:
    """An open house with a client for each example account."""

    services: Services
    http: TestClient[Any]
    folder: Path
    units: dict[str, str]
    purpose: str = PURPOSE

    def token(self, username: str) -> str:
        """As if they had signed in now."""
        key = account_id(username)
        return self.services.tokens.issue(key, self.services.people.holder(key)[1].credential).token

    def call(self, username: str) -> Call:
        """A command of theirs, for what takes one without HTTP."""
        principal, _ = self.services.people.holder(account_id(username))
        return Call(principal=principal, purpose=PURPOSE, command_id=uuid4(), digest=b"", correlation_id=uuid4())

    def create_account(self, username: str, unit: str, *roles: str) -> str:
        """Somebody who chose their password: the one that they were given, which spares every house a few hashes."""
        person = {"username": username, "full_name": username.title(), "password": PASSWORD, "unit": unit}
        account = str(self.done("admin", "/accounts", person)["id"])
        people = self.services.people
        chosen = PasswordChanged(credential=people.holder(UUID(account))[1].credential)
        self.services.log.append([Change(UUID(account), 1, (chosen,))], system_meta("test"))
        for role in roles:
            self.done("admin", f"/accounts/{account}/roles", {"role": role})
        return account

    def has_failed_often(self, username: str) -> None:
        """As if they had just tried so many passwords that a quarter of an hour's wait is upon them."""
        bucket = account_id(username).int % BUCKETS
        with closing(sqlite3.connect(self.services.deployment.credentials)) as database, database:
            database.execute("INSERT OR REPLACE INTO failure VALUES (?, 40, ?, 0)", (bucket, time.time()))

    def caught_up(self) -> int:
        """Wait until the views are up to the log, and return its head. Lists and the work queue read the views, which
        a busy machine folds later than a command waits for them."""
        head = self.services.log.head()
        assert self.services.projector.wait(head, timeout_seconds=VIEWS_SECONDS_MAX)
        return head

    def ask(self, username: str, path: str, *, purpose: str | None = None, **parameters: object) -> httpx.Response:
        self.caught_up()
        headers = {"Authorization": f"Bearer {self.token(username)}", **self._why(purpose)}
        return self.http.get(path, params=parameters, headers=headers)

    def command(
        self, username: str, path: str, body: object = None, *, key: str = "", version: int | None = None
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token(username)}", "Idempotency-Key": key or uuid4().hex}
        headers |= self._why()
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        self.caught_up()
        answer = self.http.post(path, json=body if body is not None else {}, headers=headers)
        self.caught_up()
        return answer

    def _why(self, purpose: str | None = None) -> dict[str, str]:
        said = self.purpose if purpose is None else purpose
        return {"Oberih-Purpose": said} if said else {}

    def recorded_since(self, position: int) -> list[Recorded | Unreadable]:
        """What people did since; the system's own clocks and sweeps may record something at any moment."""
        return [
            each
            for each in self.services.log.read(after=position)
            if isinstance(each, Unreadable) or each.meta.actor != SYSTEM_ACTOR
        ]

    def done(self, username: str, path: str, body: object = None, **more: Any) -> dict[str, Any]:
        answer = self.command(username, path, body, **more)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def upload(self, username: str, content: bytes, camera: str, recorded_at: datetime, **more: Any) -> httpx.Response:
        answer = self.http.post(
            "/footage",
            params={"camera": camera, "recorded_at": recorded_at.isoformat(), "name": "clip.mp4", **more},
            content=content,
            headers={"Authorization": f"Bearer {self.token(username)}", "Idempotency-Key": uuid4().hex},
        )
        self.caught_up()
        return answer

    def register_camera(self, name: str, **more: Any) -> str:
        body = {
            "name": name,
            "region": "UA-30",
            "community": "Подільська",
            "owner": "КП «Безпечне місто»",
            "place": "Ліцей № 7",
            "place_kind": "school-gate",
            "installed_at": "2024-09-01T00:00:00+03:00",
        }
        return str(self.done("admin", "/cameras", {**body, **more})["id"])

    def record_incident(self, username: str = "olena", **more: Any) -> str:
        body = {
            "kind": "robbery",
            "occurred_from": FILMED_AT.isoformat(),
            "occurred_to": (FILMED_AT + timedelta(minutes=1)).isoformat(),
            "region": "UA-30",
            "community": "Подільська",
            "narrative": "Біля воріт забрали рюкзак; потерпілий Іван Сірко.",
        }
        return str(self.done(username, "/incidents", {**body, **more})["id"])

    def register_child(self, username: str = "iryna", **more: Any) -> dict[str, Any]:
        body = {"surname": "Сірко", "given_name": "Іван", "patronymic": "Петрович", "born": "2012-05-17"}
        return self.done(username, "/children", {**body, **more})

    def authorise(self, cameras: list[str], *, approve: bool = True, **more: Any) -> str:
        body = {
            "legal_basis": "investigator-ruling",
            "reference": "760/1234/26",
            "incident": self.record_incident(),
            "cameras": cameras,
            "window_from": FILMED_AT.isoformat(),
            "window_to": (FILMED_AT + timedelta(seconds=FILM_SECONDS)).isoformat(),
            "quota": 50,
            "purpose": "Знайти рюкзак",
            "valid_hours": 24,
        }
        key = str(self.done("olena", "/authorisations", {**body, **more})["id"])
        if approve:
            self.done("taras", f"/authorisations/{key}/approve")
        return key

    def index_all(self) -> None:
        """What the worker beside the server does."""
        with open_work(self.folder, encoder=ColourHistograms()) as (worker, _):
            self.caught_up()
            while worker.work_once():
                self.caught_up()


def film(path: Path, *, colour: tuple[int, int, int] = (220, 30, 30), seconds: int = FILM_SECONDS) -> bytes:
    """A box of one colour walks across a grey wall, for the middle third of the film."""
    content = _film(colour, seconds)
    path.write_bytes(content)
    return content


@cache
def _film(colour: tuple[int, int, int], seconds: int) -> bytes:
    rng, held = np.random.default_rng(3), io.BytesIO()
    wall = rng.integers(110, 140, (192, 256, 3), dtype=np.uint8)
    with av.open(held, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=10, options={"g": "10"})
        stream.width, stream.height, stream.pix_fmt = 256, 192, "yuv420p"
        stream.time_base = Fraction(1, 10)
        stream.bit_rate = 800_000
        for number in range(seconds * 10):
            picture = wall.copy()
            part = number / (seconds * 10)
            if 1 / 3 <= part < 2 / 3:
                left = int((part - 1 / 3) * 3 * 200)
                picture[60:140, left : left + 40] = colour
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return held.getvalue()


UNITS = {"investigators": "investigation", "juvenile": "juvenile-prevention", "duty": "duty", "audit": "audit"}
PEOPLE = (
    ("olena", "investigators", "investigator"),
    ("bohdan", "investigators", "investigator"),
    ("halyna", "investigators", "supervisor"),
    ("iryna", "juvenile", "juvenile-officer"),
    ("nadiia", "juvenile", "supervisor"),
    ("taras", "duty", "supervisor"),
    ("oksana", "audit", "auditor"),
    ("andrii", "duty", "analyst"),
)


_IDLE: dict[int, list[Litestar]] = {}  # apps that serve no house now, by their limit of requests


@contextmanager
def serving(services: Services, units: dict[str, str] | None = None) -> Iterator[House]:
    """An open house behind its API; closed at the end. An app takes a second to make, most of it for its document, so
    one that another house had goes on with this one."""
    limit = services.deployment.settings.requests_per_minute
    idle = _IDLE.setdefault(limit, [])
    try:
        app = idle.pop() if idle else create_app(services)
        app.state.services = services
        app.stores.register(limits.STORE, limits.Counts(), allow_override=True)
        with TestClient(app) as http:
            yield House(services, http, services.deployment.folder, dict(units or {}))
        idle.append(app)
    finally:
        services.close()


def furnish(house: House, people: Sequence[tuple[str, str, str]] = PEOPLE) -> None:
    """The units, and the accounts with their roles."""
    for key, kind in UNITS.items():
        house.units[key] = house.done("admin", "/units", {"name": key, "region": "UA-30", "kind": kind})["id"]
    for username, unit, role in people:
        house.create_account(username, house.units[unit], role)


@pytest.fixture(scope="session", autouse=True)
def one_tree_of_commands() -> Iterator[None]:
    """`oberih` has a hundred commands, which typer's runner would make anew for each of some hundred calls."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("typer.testing._get_command", cache(typer.main.get_command))
        yield


class Furnished(NamedTuple):
    """A deployment to copy: making one takes a dozen commands."""

    folder: Path
    units: dict[str, str]


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    folder = tmp_path_factory.mktemp("furnished") / "deployment"
    initialise(folder, password=PASSWORD)
    with serving(open_house(folder, encoder=ColourHistograms())) as house:
        furnish(house)
        return Furnished(folder, house.units)


@pytest.fixture(scope="module")
def house(furnished: Furnished, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = shutil.copytree(furnished.folder, tmp_path_factory.mktemp("house") / "deployment")
    with serving(open_house(folder, encoder=ColourHistograms()), furnished.units) as house:
        yield house


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serve(tmp_path, PASSWORD) as server:
        yield server


@pytest.fixture(scope="module")
def red_film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return film(tmp_path_factory.mktemp("films") / "red.mp4")


def unknown() -> UUID:
    return uuid4()
