"""Kill -9 of a server that takes in a register of cameras: `python -m tests.torture.kill_import [--kills N]`.

Each register is sent to a server that is killed at a moment of the import that was drawn: while the file comes
in, while rows are judged, while they are recorded, or shortly after. Then either every camera of the register is on
record, in one piece behind its import, or none is; the same command sent again ends with all of them, once; no file is
left under way, and the views are what a fresh replay gives.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import httpx

from app import deployment, logs
from app.call import command_id
from app.composition import open_record
from app.deployment import Settings
from app.initialising import initialise
from domain.camera import CameraRegistered
from domain.camera_network.camera_import import CamerasImported
from domain.event import Recorded
from domain.ids import account_id, camera_id
from tests.app.conftest import PASSWORD
from tests.benchmarks.register_rows import as_csv, register
from tests.torture.kill_server import Inspection, started
from tests.torture.reckoning import Tally as Found
from tests.torture.server_process import ServerProcess

ROWS = 2_000
SECONDS_MAX = 1.5  # from the first byte to the kill: an import of so many rows takes about one
ENDED_SECONDS_MAX = 120.0


@dataclass
class Tally:
    kills: int = 0
    whole: int = 0  # registers that were on record after the kill
    nothing: int = 0
    seen: dict[str, int] = field(default_factory=dict)  # in which state the import was last seen before it
    faults: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.faults


class Attempt:
    """One register, the same at every sending."""

    def __init__(self, number: int, rows: int) -> None:
        made = register(rows, seed=number)
        for place, row in enumerate(made):
            row["name"] = f"KILL-{number}-{place}"
        self.names = [row["name"] for row in made]
        self.key, self.body = f"register {number}", as_csv(made)

    @property
    def command(self) -> UUID:
        return command_id(account_id("admin"), self.key)

    def send(self, client: httpx.Client) -> dict[str, Any]:
        """Raises httpx.TransportError where the server died over it."""
        answer = client.post("/cameras/imports", content=self.body, headers={"Idempotency-Key": self.key})
        told: dict[str, Any] = answer.raise_for_status().json()
        return told


@contextmanager
def admin(server: ServerProcess) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.address, trust_env=False, timeout=60) as client:
        answer = client.post("/login", json={"username": "admin", "password": PASSWORD}).raise_for_status()
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        yield client


def killed(server: ServerProcess, attempt: Attempt, after_seconds: float) -> str:
    """Send it to a server that is killed so long after the first byte. Returns the state that was told last."""
    seen = "sending"
    with admin(server) as client:
        timer = threading.Timer(after_seconds, server.kill)
        timer.start()
        try:
            key = attempt.send(client)["camera_import"]
            while True:
                seen = client.get(f"/cameras/imports/{key}").json()["state"]
        except httpx.TransportError:
            timer.join()
    return seen


def ended(client: httpx.Client, attempt: Attempt) -> dict[str, Any]:
    """Sent, perhaps again, until it is over."""
    told, deadline = attempt.send(client), time.monotonic() + ENDED_SECONDS_MAX
    while told["ended_at"] is None:
        assert time.monotonic() < deadline, told
        time.sleep(0.01)
        told = client.get(f"/cameras/imports/{told['camera_import']}").json()
    return told


def on_record(folder: Path, attempt: Attempt) -> int | None:
    """How many of its cameras are: all in one piece behind its import, or None. Raises AssertionError else."""
    with ExitStack() as opening:
        log, _ = open_record(deployment.load(folder), opening)
        there = sum(bool(log.events(camera_id(name), until_version=1)) for name in attempt.names)
        receipt = Inspection(folder, Found()).receipt(attempt.command) if there else None
        if not there:
            return None
        assert receipt is not None, f"{there} cameras without a receipt"
        events = log.read(after=receipt.first_position - 1, limit=len(attempt.names) + 2, until=receipt.last_position)
        assert isinstance(events[0], Recorded)
        assert isinstance(events[0].event, CamerasImported)
        rest = [each.event for each in events[1:] if isinstance(each, Recorded)]
        assert [each.name for each in rest if isinstance(each, CameraRegistered)] == attempt.names
        return there


def run(kills: int, seed: int, rows: int, scratch: Path) -> Tally:
    """All kills on one deployment, which is checked again as a whole at the end."""
    chance, tally = Random(seed), Tally()
    folder, words = scratch / "deployment", scratch / "server.log"
    initialise(folder, password=PASSWORD, settings=Settings(requests_per_minute=10**6))
    inspection = Inspection(folder, Found())
    for number in range(1, kills + 1):
        attempt = Attempt(number, rows)
        with started(folder, words) as server:
            server.wait_until_ready()
            seen = killed(server, attempt, chance.uniform(0, SECONDS_MAX))
        tally.seen[seen] = tally.seen.get(seen, 0) + 1
        tally.kills += 1
        before = _counted(folder, attempt, tally)
        tally.nothing += before is None
        tally.whole += before is not None
        inspection.databases()
        with started(folder, words) as server:
            server.wait_until_ready()
            with admin(server) as client:
                told = ended(client, attempt)
            if number == kills:
                inspection.record()
        if (told["state"], told["registered"], _counted(folder, attempt, tally)) != ("recorded", rows, rows):
            tally.faults.append(f"kill {number}: sent again, it was answered {told}")
        if left := list((folder / "incoming").glob("[0-9a-f]*")):
            tally.faults.append(f"kill {number}: {len(left)} files are left under way")
    tally.faults += inspection.tally.faults
    return tally


def _counted(folder: Path, attempt: Attempt, tally: Tally) -> int | None:
    try:
        return on_record(folder, attempt)
    except AssertionError as fault:
        tally.faults.append(f"kill {tally.kills}: {fault}")
        return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    logs.configure(readable=False)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        tally = run(chosen.kills, chosen.seed, chosen.rows, Path(scratch))
    seconds = round(time.monotonic() - begun, 1)
    about = {"torture": "kill -9 of an import of cameras", "seed": chosen.seed, "rows": chosen.rows}
    print(json.dumps({**about, "seconds": seconds, **asdict(tally)}))
    sys.exit(0 if tally.is_clean else 1)


if __name__ == "__main__":
    main()
