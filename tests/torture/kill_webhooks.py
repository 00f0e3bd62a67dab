"""Kills of a server that tells a partner's system what changed: `python -m tests.torture.kill_webhooks [--kills N]`.

The receiver fails, hangs and restarts meanwhile. In the end every event that it is to be told of must have come at
least once, in order of its thing, signed, and every message that is on record as taken must have come.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import TypeAlias
from uuid import UUID, uuid4

import httpx

from app import logs
from app.composition import open_house, open_record
from app.deployment import Settings, load
from app.initialising import initialise
from domain.event import Recorded
from domain.ids import account_id
from domain.webhooks.webhook import WebhookDelivered
from projections.view import kind_of
from tests.app.conftest import PASSWORD, serving
from tests.fakes_gpu import ColourHistograms
from tests.ports import port_for_a_server
from tests.torture.receiver import FAILING, HANGING, TAKING, Receiver
from tests.torture.server_process import ServerProcess

Key: TypeAlias = tuple[str, int]
OFFICER, COLLEAGUE, PARTNER = "iryna", "maksym", "lesia"
WORKING_SECONDS_MAX = 1.5
BEGUN_SECONDS_MAX = 60.0
LAST_SECONDS_MAX = 180.0
AWAY_SHARE, FAILING_SHARE, HANGING_SHARE = 0.3, 0.25, 0.01


@dataclass
class Tally:
    kills: int = 0
    recorded: int = 0  # events that the receiver is to be told of
    sent: int = 0  # messages that reached it and were taken, repeated ones too
    requests: int = 0
    lost: int = 0
    out_of_order: int = 0
    forged: int = 0
    on_record: int = 0
    on_record_only: int = 0  # said to be taken, and never came

    @property
    def is_clean(self) -> bool:
        faults = self.lost + self.out_of_order + self.forged + self.on_record_only
        return not faults and self.on_record == self.recorded > 0


def run(kills: int, seed: int, scratch: Path) -> Tally:
    chance, tally = Random(seed), Tally()
    receiver = Receiver(port_for_a_server())
    folder = scratch / "deployment"
    unit = found(folder, receiver)
    for _ in range(kills):
        server = ServerProcess(folder, scratch / "server.log")
        try:
            server.wait_until_ready()
            with office(server.address, unit, receiver, chance):
                time.sleep(chance.uniform(0.1, WORKING_SECONDS_MAX))
                server.kill()
        finally:
            server.kill()
        tally.kills += 1
    receiver.mood = lambda: TAKING
    receiver.start()
    server = ServerProcess(folder, scratch / "server.log")
    try:
        server.wait_until_ready()
        _wait_until_quiet(receiver)
    finally:
        server.kill()
        receiver.stop()
    reckon(folder, receiver, tally)
    return tally


def found(folder: Path, receiver: Receiver) -> str:
    """A deployment with a unit, an officer of it, and a webhook of its supervisor. Returns the unit."""
    settings = Settings(requests_per_minute=10**6, webhook_origins=(receiver.origin,))
    initialise(folder, password=PASSWORD, settings=settings)
    with serving(open_house(folder, encoder=ColourHistograms())) as house:
        body = {"name": "juvenile", "region": "UA-30", "kind": "juvenile-prevention"}
        unit = str(house.done("admin", "/units", body)["id"])
        house.create_account(OFFICER, unit, "juvenile-officer")
        house.create_account(COLLEAGUE, unit, "juvenile-officer")
        house.create_account(PARTNER, unit, "supervisor")
        asked = {"account": str(account_id(PARTNER)), "url": f"{receiver.origin}/told", "subjects": ["concern"]}
        house.create_account("zlata", unit, "data-protection-officer")
        made = house.done("admin", "/webhooks", asked)
        house.done("zlata", f"/webhooks/{made['id']}/confirm")
        receiver.secret = made["secret"]
    return unit


class office:  # noqa: N801 (used as a context)
    """An officer who raises concerns for as long as the server lives, and a receiver whose moods change."""

    def __init__(self, address: str, unit: str, receiver: Receiver, chance: Random) -> None:
        self.address, self.unit, self.receiver, self.chance = address, unit, receiver, chance

    def __enter__(self) -> None:
        moods = Random(self.chance.random())

        def mood() -> str:
            toss = moods.random()
            return HANGING if toss < HANGING_SHARE else FAILING if toss < FAILING_SHARE else TAKING

        self.receiver.mood = mood
        if self.chance.random() >= AWAY_SHARE:
            self.receiver.start()
        self.at_work = threading.Event()
        self.thread = threading.Thread(target=self.work)
        self.thread.start()
        assert self.at_work.wait(BEGUN_SECONDS_MAX), "nothing was recorded"  # on a busy machine to log in takes longest

    def __exit__(self, *_: object) -> None:
        self.thread.join()
        self.receiver.stop()

    def work(self) -> None:
        """Until the server dies over it."""
        try:
            with httpx.Client(base_url=self.address, trust_env=False, timeout=60) as client:
                raiser, reviewer = (log_in(client, name) for name in (OFFICER, COLLEAGUE))
                while True:
                    body = {"kind": "missing-school", "narrative": "Не ходить до школи.", "unit": self.unit}
                    key = command(client, raiser, "/concerns", body)["id"]
                    self.at_work.set()
                    for finding in ("unclear", "help-needed"):
                        review = {"finding": finding, "reason": "Розмова зі школою"}
                        command(client, reviewer, f"/concerns/{key}/review", review)
        except httpx.TransportError:
            return


def log_in(client: httpx.Client, username: str) -> str:
    """A token."""
    said = client.post("/login", json={"username": username, "password": PASSWORD}).raise_for_status()
    return str(said.json()["token"])


def command(client: httpx.Client, token: str, path: str, body: dict[str, str]) -> dict[str, str]:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex}
    said: dict[str, str] = client.post(path, json=body, headers=headers).raise_for_status().json()
    return said


def _wait_until_quiet(receiver: Receiver) -> None:
    """Until nothing has come for some seconds."""
    deadline, count, since = time.monotonic() + LAST_SECONDS_MAX, -1, time.monotonic()
    while time.monotonic() < deadline and time.monotonic() - since < 5.0:
        if receiver.requests != count:
            count, since = receiver.requests, time.monotonic()
        time.sleep(0.1)


def reckon(folder: Path, receiver: Receiver, tally: Tally) -> None:
    """What came, against what is in the log."""
    with ExitStack() as opening:
        log, _ = open_record(load(folder), opening)
        rows = [row for row in log.read(limit=10**7) if isinstance(row, Recorded)]
    wanted = {(str(row.stream), row.version) for row in rows if kind_of(row.event.TOPIC) == "concern"}
    said = {_key(row.event) for row in rows if isinstance(row.event, WebhookDelivered)}
    came = [(message["thing"], message["version"]) for message in receiver.taken]
    compare(wanted, said, came, tally)
    tally.forged, tally.requests = receiver.forged, receiver.requests


def compare(wanted: set[Key], said: set[Key], came: list[Key], tally: Tally) -> None:
    """`wanted`: thing and version of each event; `said`: those on record as taken; `came`: in the order of coming."""
    first: dict[Key, int] = {}
    for place, key in enumerate(came):
        first.setdefault(key, place)
    tally.recorded, tally.sent, tally.on_record = len(wanted), len(came), len(said)
    tally.lost = len(wanted - first.keys())
    tally.on_record_only = len(said - first.keys())
    tally.out_of_order = sum(
        (thing, version - 1) in wanted and first.get((thing, version - 1), place) >= place
        for (thing, version), place in first.items()
    )


def _key(event: WebhookDelivered) -> Key:
    stream: UUID = event.stream
    return str(stream), event.version


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    logs.configure(readable=False)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        tally = run(chosen.kills, chosen.seed, Path(scratch))
    seconds = round(time.monotonic() - begun, 1)
    print(
        json.dumps(
            {"torture": "kills of a server that tells", "seed": chosen.seed, "seconds": seconds, **asdict(tally)}
        )
    )
    sys.exit(0 if tally.is_clean else 1)


if __name__ == "__main__":
    main()
