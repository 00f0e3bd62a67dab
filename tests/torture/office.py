"""People at work on a server that may die at any moment: what each sent, and what each was answered."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

import av
import httpx
import numpy as np

from app.call import command_id
from app.composition import open_house
from app.deployment import Settings
from app.initialising import initialise
from domain.ids import account_id, child_pseudonym
from tests.app.conftest import FILMED_AT, PASSWORD, serving
from tests.fakes_gpu import ColourHistograms

LANES = 4
PERSON = "olena"  # an investigator who is a juvenile officer, too: may do all of it
PADDING_BYTES = 256 * 1024  # of a film, sent in parts, so that kills fall within uploads
PARTS = 8
SEARCHES_MAX = 450  # of a lane; two share an authorisation of 1,000


@dataclass(frozen=True, eq=False)
class Command:
    """One request, the same at every sending."""

    path: str
    body: dict[str, Any] | None = None  # JSON; without one, `film` is the body
    film: int = -1
    camera: str = ""
    version: int | None = None
    key: str = field(default_factory=lambda: uuid4().hex)

    @property
    def id(self) -> UUID:
        return command_id(account_id(PERSON), self.key)

    def send(self, client: httpx.Client, token: str) -> httpx.Response:
        """Raises httpx.TransportError where the server died over it."""
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": self.key}
        if self.version is not None:
            headers["If-Match"] = f'"{self.version}"'
        if self.body is not None:
            return client.post(self.path, json=self.body, headers=headers)
        taken_at = FILMED_AT + timedelta(minutes=self.film)
        query = {"camera": self.camera, "recorded_at": taken_at.isoformat(), "name": f"{self.film}.mp4"}
        return client.post(self.path, params=query, content=slowly(film(self.camera, self.film)), headers=headers)


class Lane:
    """One person's commands, one after another: the next is made of the answers before it."""

    def __init__(self, number: int, authorisation: str, chance: Random) -> None:
        self.camera = camera_of(number)
        self.unanswered: list[Command] = []  # at most the one that the server died over
        self.answered: dict[Command, Any] = {}  # since the last `forget`
        self.faults: list[str] = []
        self._authorisation = authorisation
        self._chance = chance
        self._incident, self._version = "", 0
        self._films = self._searches = 0

    def work(self, address: str, token: str) -> None:
        """Send one command after another until the server dies."""
        with httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
            while not self.faults:
                command = self._next()
                self.unanswered.append(command)
                try:
                    answer = command.send(client, token)
                except httpx.TransportError:
                    return
                self.take(command, answer)

    def take(self, command: Command, answer: httpx.Response) -> None:
        self.unanswered.remove(command)
        if not answer.is_success:
            self.faults.append(f"{command.path}: {answer.status_code} {answer.text}")
            return
        said = self.answered[command] = answer.json()
        if command.path == "/incidents":
            self._incident, self._version = said["id"], said["version"]
        elif command.path.endswith("/children"):
            self._version = said["version"]

    def _next(self) -> Command:
        toss = self._chance.random()
        if not self._incident or toss < 0.1:
            return Command("/incidents", incident())
        if toss < 0.25:
            self._films += 1
            return Command("/footage", film=self._films, camera=self.camera)
        if toss < 0.33 and self._searches < SEARCHES_MAX:
            self._searches += 1
            return Command("/searches", {"authorisation": self._authorisation, "text": "red"})
        key = uuid4()
        child = {"child": str(key), "pseudonym": child_pseudonym(key), "role": "victim"}
        return Command(f"/incidents/{self._incident}/children", child, version=self._version)


def incident() -> dict[str, Any]:
    return {
        "kind": "robbery",
        "occurred_from": FILMED_AT.isoformat(),
        "occurred_to": FILMED_AT.isoformat(),
        "region": "UA-30",
        "community": "Подільська",
        "narrative": "Біля воріт забрали рюкзак.",
    }


def camera_of(lane: int) -> str:
    return f"KYIV-{900 + lane}"


def film(camera: str, number: int) -> bytes:
    """A short film that no other camera or number has, the same at every call; ends in a box of padding."""
    rng = np.random.default_rng([number, *camera.encode()])
    held = io.BytesIO()
    with av.open(held, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=5)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(5):
            picture = np.kron(rng.integers(0, 256, (6, 8, 3), dtype=np.uint8), np.ones((8, 8, 1), np.uint8))
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return held.getvalue() + PADDING_BYTES.to_bytes(4) + b"free" + bytes(PADDING_BYTES - 8)


def slowly(content: bytes) -> Iterator[bytes]:
    for part in range(PARTS):
        yield content[len(content) * part // PARTS : len(content) * (part + 1) // PARTS]
        time.sleep(0.002)


def log_in(address: str) -> str:
    """A token: those of the server before ended with it."""
    body = {"username": PERSON, "password": PASSWORD}
    answer = httpx.post(f"{address}/login", json=body, trust_env=False, timeout=60).raise_for_status()
    return str(answer.json()["token"])


@contextmanager
def at_work(lanes: list[Lane], address: str, token: str) -> Iterator[None]:
    """All lanes work on the server at once; leaving waits for them, so the server must be dead by then."""
    with ThreadPoolExecutor(len(lanes)) as pool:
        working = [pool.submit(lane.work, address, token) for lane in lanes]
        yield
    for lane in working:
        lane.result()


def found(folder: Path) -> list[str]:
    """A deployment with a camera for each lane and two authorisations. Returns these."""
    initialise(folder, password=PASSWORD, settings=Settings(requests_per_minute=10**6))
    with serving(open_house(folder, encoder=ColourHistograms())) as house:
        for username, roles in ((PERSON, ("investigator", "juvenile-officer")), ("taras", ("supervisor",))):
            unit = house.done("admin", "/units", {"name": username, "region": "UA-30", "kind": "duty"})["id"]
            house.create_account(username, unit, *roles)
        cameras = [camera_of(lane) for lane in range(LANES)]
        for camera in cameras:
            house.register_camera(camera)
        return [house.authorise(cameras, quota=1_000, valid_hours=720) for _ in range(2)]
