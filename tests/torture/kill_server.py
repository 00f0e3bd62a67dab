"""Kill -9 of a server that several people work on: `python -m tests.torture.kill_server [--cycles N] [--seed N]`.

After each restart everything that was acknowledged over HTTP is in the log, every unanswered command that is sent
again is done once, the databases are sound, the views are what a fresh replay gives, and no upload left half a file.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sqlite3
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import httpx
import msgspec

from app import deployment, logs
from app.event_store.keys import KeyStore
from app.event_store.sqlite_log import SqliteEventLog
from app.event_store.vault import Vault
from domain.event import Recorded
from domain.footage_events import FootageArchived
from domain.log import Receipt
from projections.database import ViewsDatabase, open_views, position_of
from projections.replay import view_digest, views_at
from projections.views import VIEWS
from tests.torture.office import LANES, Command, Lane, at_work, film, found, log_in
from tests.torture.reckoning import Tally
from tests.torture.server_process import ServerProcess

WORKING_SECONDS_MAX = 1.5
STARTING_SECONDS_MAX = 4.0
STARTING_SHARE = 0.1  # of the kills hit the start
ANSWERED_AGAIN = 1  # of each lane's answered commands are sent again, too
CATCHING_UP_SECONDS_MAX = 60.0
DATABASES = ("log.db", "keys.db", "views.db", "credentials.db", "names.db", "processes.db", "index/catalogue.db")


class Inspection:
    """Looks at one deployment from outside, after each restart of its server."""

    def __init__(self, folder: Path, tally: Tally) -> None:
        self.tally = tally
        self._place = deployment.load(folder)
        self._known: dict[UUID, Receipt] = {}  # of every command that was answered, in whatever cycle
        self._read = 0  # position up to which the log was looked at
        self._originals: set[str] = set()  # named by the log

    def fault(self, words: str) -> None:
        self.tally.faults.append(f"cycle {self.tally.cycles}: {words}")

    def receipt(self, command: UUID) -> Receipt | None:
        with closing(sqlite3.connect(self._place.log)) as connection:
            row = connection.execute(
                "SELECT receipt FROM command_receipts WHERE command_id = ?", (command.bytes,)
            ).fetchone()
        return None if row is None else msgspec.msgpack.decode(row[0], type=Receipt)

    def acknowledged(self, command: Command, said: Any) -> None:
        """Is what was answered in the log, as it was answered?"""
        receipt = self.receipt(command.id)
        if receipt is None:
            self.tally.lost += 1
            return
        self._known[command.id] = receipt
        with closing(sqlite3.connect(self._place.log)) as connection:
            versions = dict(
                connection.execute(
                    "SELECT originator_id, max(originator_version) FROM stored_events WHERE rowid <= ?"
                    " GROUP BY originator_id",
                    (receipt.last_position,),
                ).fetchall()
            )
        if any(versions.get(at.stream.hex, 0) != at.version for at in receipt.streams):
            self.tally.lost += 1
        answered = (receipt.streams[0].version, receipt.last_position, str(receipt.command_id))
        if "position" in said and (said["version"], said["position"], said["command_id"]) != answered:
            self.fault(f"{command.path} was answered {said}, and its receipt is {receipt}")
        if command.film >= 0 and said["id"] != hashlib.sha256(film(command.camera, command.film)).hexdigest():
            self.fault(f"film {command.film} of {command.camera} was archived as {said['id']}")

    def databases(self) -> None:
        for name in DATABASES:
            with closing(sqlite3.connect(self._place.folder / name)) as connection:
                answer = connection.execute("PRAGMA integrity_check").fetchall()
            if answer != [("ok",)]:
                self.fault(f"{name} is damaged: {answer[0]}")

    def record(self) -> None:
        """The log's new events, each command's in one piece; the views at its head; the files that it names."""
        with ExitStack() as opening:
            keys = KeyStore(self._place.keys, self._place.root_key)
            opening.callback(keys.close)
            log = opening.enter_context(SqliteEventLog(self._place.log, Vault(keys)))
            new = self._new_events(log)
            views = opening.enter_context(closing(open_views(self._place.views, VIEWS)))
            self._views(log, views)
        self._files(new)

    def at_the_end(self) -> None:
        """Everything once more: nothing that survived one kill was lost in a later one."""
        lost = [command for command, receipt in self._known.items() if self.receipt(command) != receipt]
        self.tally.lost += len(lost)
        self._read = 0
        self._originals.clear()
        self.databases()
        self.record()

    def _new_events(self, log: SqliteEventLog) -> set[str]:
        """Digests of the footage that was archived since the last look."""
        positions: dict[UUID, list[int]] = defaultdict(list)
        archived: set[str] = set()
        while batch := log.read(after=self._read, limit=1_000):
            for each in batch:
                if not isinstance(each, Recorded):
                    self.fault(f"event {each.position} cannot be read: {each.fault}")
                    continue
                positions[each.meta.command_id].append(each.position)
                if isinstance(each.event, FootageArchived):
                    archived.add(each.event.sha256)
            self._read = batch[-1].position
        for command, at in positions.items():
            receipt = self.receipt(command)
            if receipt is None or at != list(range(receipt.first_position, receipt.last_position + 1)):
                self.fault(f"command {command} is at {at}, and its receipt is {receipt}")
        return archived

    def _views(self, log: SqliteEventLog, views: ViewsDatabase) -> None:
        deadline = time.monotonic() + CATCHING_UP_SECONDS_MAX
        while views.position() < log.head():
            if time.monotonic() > deadline:
                self.fault(f"the views stand still at {views.position()} of {log.head()}")
                return
            time.sleep(0.02)
        with views.reading() as rows:
            position = position_of(rows)
            kept = {view.name: view_digest(rows, view) for view in VIEWS}
        with views_at(log, position=position) as replayed, replayed.reading() as rows:
            fresh = {view.name: view_digest(rows, view) for view in VIEWS}
        for name, digest in kept.items():
            if digest != fresh[name]:
                self.fault(f"the view {name} is not what a replay to {position} gives")

    def _files(self, archived: set[str]) -> None:
        """After the retries: exactly the originals that the log names, each whole; nothing under way."""
        self._originals |= archived
        if left := list(self._place.incoming.iterdir()):
            self.fault(f"{len(left)} uploads are left in {self._place.incoming.name}/")
        there = {path.name for path in (self._place.folder / "footage").glob("*/*")}
        if there != self._originals:
            self.fault(f"originals: {len(self._originals - there)} missing, {len(there - self._originals)} unnamed")
        for sha256 in archived & there:
            if hashlib.sha256(self._place.original(sha256).read_bytes()).hexdigest() != sha256:
                self.fault(f"the original {sha256[:12]} is not what was sent")


def send_again(inspection: Inspection, lane: Lane, client: httpx.Client, token: str) -> None:
    """What the server died over, and some of what it had answered: each has one effect and one answer."""
    tally = inspection.tally
    for command in [*lane.unanswered, *list(lane.answered)[-ANSWERED_AGAIN:]]:
        before = inspection.receipt(command.id)
        first, second = (command.send(client, token) for _ in range(2))
        tally.retries += 1
        if command in lane.answered:
            same = first.json() == second.json() == lane.answered[command]
        else:
            tally.durable_unacknowledged += before is not None
            same = first.json() == second.json()
            lane.take(command, first)
            if first.is_success:
                inspection.acknowledged(command, first.json())
        same = same and first.status_code == second.status_code and before in (None, inspection.receipt(command.id))
        tally.retries_answered_otherwise += not same


def reckon(inspection: Inspection, lanes: list[Lane], address: str) -> str:
    """All checks after one restart. Returns a token."""
    inspection.databases()
    for lane in lanes:
        for command, said in lane.answered.items():
            inspection.acknowledged(command, said)
    token = log_in(address)
    with httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
        for lane in lanes:
            inspection.tally.acknowledged += len(lane.answered)
            send_again(inspection, lane, client, token)
    inspection.record()
    for lane in lanes:
        lane.answered.clear()
        for fault in lane.faults:
            inspection.fault(fault)
        lane.faults.clear()
    return token


def run(cycles: int, seed: int, scratch: Path) -> Tally:
    """All cycles on one deployment, which is checked again as a whole at the end."""
    chance = Random(seed)
    folder = scratch / "deployment"
    authorisations = found(folder)
    lanes = [Lane(number, authorisations[number % 2], Random(chance.random())) for number in range(LANES)]
    inspection = Inspection(folder, Tally())
    words = scratch / "server.log"
    for _ in range(cycles):
        inspection.tally.cycles += 1
        with started(folder, words) as server:
            if chance.random() < STARTING_SHARE:
                time.sleep(chance.uniform(0, STARTING_SECONDS_MAX))
                continue
            server.wait_until_ready()
            token = reckon(inspection, lanes, server.address)
            with at_work(lanes, server.address, token):
                time.sleep(chance.uniform(0, WORKING_SECONDS_MAX))
                server.kill()
    with started(folder, words) as server:
        server.wait_until_ready()
        reckon(inspection, lanes, server.address)
        inspection.at_the_end()
    return inspection.tally


@contextmanager
def started(folder: Path, words: Path) -> Iterator[ServerProcess]:
    server = ServerProcess(folder, words)
    try:
        yield server
    finally:
        server.kill()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cycles", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    logs.configure(readable=False)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        tally = run(chosen.cycles, chosen.seed, Path(scratch))
    seconds = round(time.monotonic() - begun, 1)
    told = {"seconds": seconds, "seconds_per_cycle": round(seconds / max(tally.cycles, 1), 1), **asdict(tally)}
    print(json.dumps({"torture": "kill -9 of a server under HTTP", "seed": chosen.seed, **told}))
    sys.exit(0 if tally.is_clean else 1)


if __name__ == "__main__":
    main()
