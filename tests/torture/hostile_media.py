"""Hostile videos and query pictures through the API of a real server with its worker:
`python -m tests.torture.hostile_media [--videos N] [--images N] [--seed N]`.

Each is indexed, or refused with its reason: by the answer to its upload, or by the state of the footage. The server
says that it is alive throughout, nothing takes longer than it may, and no decoder tries to reach anything else. What
a decoder that does try finds is in tests/gpu_jobs/test_sandbox.py.
"""

from __future__ import annotations

import argparse
import base64
import json
import logging
import multiprocessing
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import uuid4

import av
import httpx

from app import logs
from app.at_work import open_work
from tests.app.conftest import FILMED_AT
from tests.benchmarks.real_clips import FOLDER
from tests.fakes_gpu import ColourHistograms
from tests.torture.hostile_files import base_videos, mutant, odd_videos
from tests.torture.hostile_pictures import GOOD, pictures
from tests.torture.office import LANES, camera_of, found, log_in
from tests.torture.server_process import ServerProcess

HOURS_APART = 4  # between the instants of two videos of one camera: a mutant may be long
ANSWER_SECONDS_MAX = 90.0  # the silence that a decoding process is allowed, and more
ALIVE_SECONDS_MAX = 20.0  # on a machine whose cores are all decoding, and at other work besides
INDEXING_SECONDS_MAX = 60.0  # without a footage getting done
ENDED = ("indexed", "rejected", "failed", "given up")
BUG = "ended with status"  # of a decoding process: an exception that nobody foresaw; a crash is a signal
WAITING = ("archived", "claimed")


@dataclass
class Told:
    """What became of everything."""

    videos: int = 0
    uploads: Counter[str] = field(default_factory=Counter)  # archived, or the fault that the answer names
    footage: Counter[str] = field(default_factory=Counter)  # state, and the reason's code
    images: int = 0
    searches: Counter[str] = field(default_factory=Counter)
    upload_seconds_max: float = 0.0
    search_seconds_max: float = 0.0
    alive_asked: int = 0
    alive_seconds_max: float = 0.0
    faults: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.faults


def index_for_ever(folder: Path, words: Path) -> None:
    """What the worker's process does: it indexes until it is killed."""
    with words.open("ab") as file:
        for descriptor in (1, 2):
            os.dup2(file.fileno(), descriptor)
    logs.configure(readable=False)
    parent = os.getppid()
    with open_work(folder, encoder=ColourHistograms()) as (worker, _):
        while os.getppid() == parent:
            if not worker.work_once():
                time.sleep(0.2)


@contextmanager
def at_work(folder: Path, words: Path) -> Iterator[ServerProcess]:
    """A server, and a worker that is started anew where it dies, as `oberih serve` does it."""
    server = ServerProcess(folder, words / "server.log")
    server.wait_until_ready()
    forking = multiprocessing.get_context("forkserver")
    over = threading.Event()

    def keep() -> None:
        while not over.is_set():
            process = forking.Process(target=index_for_ever, args=(folder, words / "worker.log"))
            process.start()
            while process.is_alive() and not over.wait(0.1):
                pass
            process.kill()
            process.join()

    keeper = threading.Thread(target=keep)
    keeper.start()
    try:
        yield server
    finally:
        over.set()
        keeper.join()
        server.kill()


class Heart:
    """Asks all the time whether the server is alive."""

    def __init__(self, address: str, told: Told) -> None:
        self._address, self._told, self._over = address, told, threading.Event()
        self._thread = threading.Thread(target=self._listen)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _listen(self) -> None:
        with httpx.Client(base_url=self._address, trust_env=False, timeout=ALIVE_SECONDS_MAX) as client:
            while not self._over.wait(0.1):
                start = time.monotonic()
                try:
                    if client.get("/health/live").status_code != 200:
                        self._told.faults.append("the server did not say that it is alive")
                except httpx.HTTPError as fault:
                    self._told.faults.append(f"the server did not answer: {fault!r}")
                self._told.alive_asked += 1
                self._told.alive_seconds_max = max(self._told.alive_seconds_max, time.monotonic() - start)


class Sender:
    """Sends files and pictures as a person would, and keeps what was answered."""

    def __init__(self, client: httpx.Client, token: str, told: Told) -> None:
        self._client, self._token, self._told = client, token, told

    def send_video(self, number: int, name: str, content: bytes) -> None:
        at = FILMED_AT - timedelta(hours=HOURS_APART * (number // LANES + 1))
        query = {"camera": camera_of(number % LANES), "recorded_at": at.isoformat(), "name": "hostile.mp4"}
        answer, seconds = self._post("/footage", params=query, content=content)
        told = self._told
        told.videos += 1
        told.upload_seconds_max = max(told.upload_seconds_max, seconds)
        told.uploads[self._outcome(f"video {number} ({name})", answer)] += 1

    def search(self, name: str, picture: bytes, authorisation: str) -> None:
        body = {"authorisation": authorisation, "image": base64.b64encode(picture).decode()}
        answer, seconds = self._post("/searches", json=body)
        told = self._told
        told.images += 1
        told.search_seconds_max = max(told.search_seconds_max, seconds)
        outcome = self._outcome(f"picture ({name})", answer)
        told.searches[outcome] += 1
        if name.startswith(GOOD) and outcome != "taken":
            told.faults.append(f"{name} was refused: {outcome}")

    def _post(self, path: str, **request: object) -> tuple[httpx.Response, float]:
        headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": uuid4().hex}
        start = time.monotonic()
        answer = self._client.post(path, headers=headers, **request)  # type: ignore[arg-type]
        return answer, time.monotonic() - start

    def _outcome(self, what: str, answer: httpx.Response) -> str:
        if answer.is_success:
            return "taken"
        problem = answer.json() if "problem+json" in answer.headers.get("content-type", "") else {}
        detail = str(problem.get("detail", ""))
        if answer.status_code not in (409, 413, 422) or not detail or BUG in detail:
            self._told.faults.append(f"{what}: {answer.status_code} {answer.text[:300]}")
        return str(problem.get("fault") or problem.get("title"))


def wait_until_indexed(client: httpx.Client, token: str, told: Told) -> None:
    """Every footage on the shelf is indexed, or has its reason."""
    headers = {"Authorization": f"Bearer {token}"}
    last, since = -1, time.monotonic()
    while True:
        waiting = client.get("/health/ready").json()["lag"] + sum(_count(client, headers, state) for state in WAITING)
        if not waiting:
            break
        if waiting != last:
            last, since = waiting, time.monotonic()
        if time.monotonic() - since > INDEXING_SECONDS_MAX:
            told.faults.append(f"{waiting} footages wait, and none got done in {INDEXING_SECONDS_MAX:.0f} seconds")
            return
        time.sleep(0.2)
    for state in ENDED:
        for item in _shelf(client, headers, state):
            told.footage[f"{state} {item['reason_code'] or ''}".strip()] += 1
            if state != "indexed" and not (item["reason_code"] and item["detail"]):
                told.faults.append(f"footage {item['sha256'][:12]} is {state} without a reason")
            if BUG in (item["detail"] or ""):
                told.faults.append(f"footage {item['sha256'][:12]}: {item['detail']}")
    if (sent := told.uploads["taken"]) != told.footage.total():
        told.faults.append(f"{sent} were taken, and {told.footage.total()} are on the shelf")


def _count(client: httpx.Client, headers: dict[str, str], state: str) -> int:
    page = client.get("/footage", params={"footage_state": state, "limit": 100}, headers=headers).json()
    return len(page["items"]) + (1000 if page.get("next") else 0)


def _shelf(client: httpx.Client, headers: dict[str, str], state: str) -> Iterator[dict[str, str]]:
    cursor: str | None = None
    while True:
        query = {"footage_state": state, "limit": "100"} | ({"cursor": cursor} if cursor else {})
        page = client.get("/footage", params=query, headers=headers).raise_for_status().json()
        yield from page["items"]
        cursor = page.get("next")
        if not cursor:
            return


def run(videos: int, images: int, seed: int, scratch: Path) -> Told:
    """`videos` mutants and all odd ones; `images` pictures, odd ones first."""
    told, chance = Told(), Random(seed)
    authorisation, made = found(scratch / "deployment")[0], scratch / "made"
    made.mkdir()
    bases = base_videos(FOLDER)
    with at_work(scratch / "deployment", scratch) as server, Heart(server.address, told):
        token = log_in(server.address)
        with httpx.Client(base_url=server.address, trust_env=False, timeout=ANSWER_SECONDS_MAX) as client:
            sender = Sender(client, token, told)
            for number, (name, content) in enumerate(odd_videos(made)):
                sender.send_video(number, name, content)
            for number in range(told.videos, told.videos + videos):
                sender.send_video(number, "mutant", mutant(bases, chance))
            for name, picture in pictures(images, chance):
                sender.search(name, picture, authorisation)
            wait_until_indexed(client, token, told)
    for words in ("server.log", "worker.log"):
        text = (scratch / words).read_text(errors="replace")
        told.faults += [f"{words}: {line[:300]}" for line in text.splitlines() if "tried to" in line]
        told.faults += [f"{words}: {line[:300]}" for line in text.splitlines() if "Traceback" in line][:3]
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--videos", type=int, default=2000)
    parser.add_argument("--images", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    logging.getLogger("httpx").setLevel(logging.WARNING)
    av.logging.set_level(av.logging.PANIC)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        told = run(chosen.videos, chosen.images, chosen.seed, Path(scratch))
    seconds = round(time.monotonic() - begun, 1)
    head = {"torture": "hostile media through the API", "seed": chosen.seed, "seconds": seconds}
    print(json.dumps({**head, **vars(told)}, ensure_ascii=False))
    sys.exit(0 if told.is_clean else 1)


if __name__ == "__main__":
    main()
