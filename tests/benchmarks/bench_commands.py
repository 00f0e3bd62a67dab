"""A command to a prevention case through HTTP until its receipt, beside the raw floors of the same run.

    python -m tests.benchmarks.bench_commands [--commands N] [--rounds N] [--folder DIR]

A real server in a process of its own, on loopback; officers of one unit note contacts in cases of their own: one of
them, one command after another, then 16 at once. In each round, in changing order:

- ours: `POST /cases/{key}/contacts` until the receipt, which comes once the command is durable and the views have it.
- SQLite: rows of the same size, event and receipt, in one transaction a command, by `sqlite3` on the same disk with the
  same pragmas (WAL, synchronous FULL); 16 threads take turns.
- HTTP: `GET /health/live` of the same server, its cheapest route.

After the run the server is killed (SIGKILL), and every command that it acknowledged must be in the log exactly once.
"""

from __future__ import annotations

import argparse
import http.client
import json
import logging
import os
import random
import sqlite3
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import httpx

from app import deployment, logs
from app.clockwork import system_meta
from app.composition import open_house, open_record
from app.deployment import Settings
from app.initialising import initialise
from domain import prevention_case_events as facts
from domain.event import Recorded
from domain.ids import account_id
from domain.log import Change
from domain.personal import Reason
from domain.sealed import Sealed
from tests.app.conftest import PASSWORD, serving
from tests.fakes_gpu import ColourHistograms
from tests.torture.server_process import ServerProcess

AT_ONCE = 16
IDLE_SECONDS_MAX = 5.0
CASES = 20  # of each officer: a case has some dozens of events, not thousands
NARRATIVE = "Мати телефонує: син третій день не ходить до школи, ночує у бабусі; просить допомогти з гуртком. " * 2
CONTACT = {"kind": "telephone", "occurred_at": "2026-03-02T16:00:00+02:00", "narrative": NARRATIVE}

Way: TypeAlias = Callable[[int], object]  # what the client of this number does once


class Officer(NamedTuple):
    token: str
    cases: tuple[UUID, ...]


def furnished(folder: Path) -> list[tuple[str, tuple[UUID, ...]]]:
    """A deployment with officers in charge of cases."""
    initialise(folder, password=PASSWORD, settings=Settings(requests_per_minute=10**6))
    with serving(open_house(folder, encoder=ColourHistograms())) as house:
        unit = {"name": "juvenile", "region": "UA-30", "kind": "juvenile-prevention"}
        of = house.done("admin", "/units", unit)["id"]
        officers = [f"officer{number}" for number in range(AT_ONCE)]
        for username in officers:
            house.create_account(username, of, "juvenile-officer")
        return [(username, tuple(_cases(house.services.log, UUID(of), account_id(username)))) for username in officers]


def _cases(log: Any, unit: UUID, officer: UUID) -> Iterator[UUID]:
    for number in range(CASES):
        case = uuid4()
        opened = facts.CaseOpened(
            child=uuid4(),
            pseudonym=f"CH-{number:04}",
            ground="administrative-offence",
            unit=unit,
            term_ends=datetime.now(UTC) + timedelta(days=90),
            reason=Sealed(case, Reason("чому")),
        )
        log.append([Change(case, 0, (opened, facts.CaseAssigned(officer=officer)))], system_meta("bench"))
        yield case


# ---------------------------------------------------------------- the three ways


class Clients:
    """One kept connection for each officer. Remembers which commands were acknowledged, and with what receipt."""

    def __init__(self, address: str, officers: Sequence[Officer]) -> None:
        self.acknowledged: list[dict[str, Any]] = []
        self._officers, self._numbers = officers, count()
        host = urlsplit(address).netloc
        self._connections = [http.client.HTTPConnection(host, timeout=60) for _ in officers]
        self._used = [time.monotonic()] * len(officers)

    def command(self, client: int) -> None:
        officer, number = self._officers[client], next(self._numbers)
        headers = {
            "Authorization": f"Bearer {officer.token}",
            "Idempotency-Key": uuid4().hex,
            "Oberih-Purpose": "prevention",
            "Content-Type": "application/json",
        }
        path = f"/cases/{officer.cases[number % CASES]}/contacts"
        self.acknowledged.append(json.loads(self._asked(client, "POST", path, json.dumps(CONTACT), headers)))

    def cheapest(self, client: int) -> None:
        self._asked(client, "GET", "/health/live", None, {})

    def close(self) -> None:
        for connection in self._connections:
            connection.close()

    def _asked(self, client: int, method: str, path: str, body: str | None, headers: dict[str, str]) -> bytes:
        connection = self._connections[client]
        if time.monotonic() - self._used[client] > IDLE_SECONDS_MAX:
            connection.close()  # the server may have closed it; the next request opens it again
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        said = answer.read()
        self._used[client] = time.monotonic()
        if answer.status != 200:
            raise SystemExit(f"{method} {path}: {answer.status} {said.decode()}")
        return said


class BareSqlite:
    """Rows as the log's, and nothing else of it."""

    def __init__(self, path: Path, event: bytes, receipt: bytes) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for statement in (
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",
            "CREATE TABLE events (position INTEGER PRIMARY KEY AUTOINCREMENT, stream TEXT NOT NULL,"
            " version INTEGER NOT NULL, topic TEXT NOT NULL, state BLOB NOT NULL, UNIQUE (stream, version)) STRICT",
            "CREATE TABLE receipts (command BLOB PRIMARY KEY, digest BLOB NOT NULL, receipt BLOB NOT NULL)"
            " STRICT, WITHOUT ROWID",
        ):
            self._connection.execute(statement)
        self._event, self._receipt, self._numbers = event, receipt, count()
        self._turn = threading.Lock()

    def transaction(self, client: int) -> None:
        with self._turn:
            row = (UUID(int=client).hex, next(self._numbers), facts.ContactNoted.TOPIC, self._event)
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("INSERT INTO events (stream, version, topic, state) VALUES (?, ?, ?, ?)", row)
            receipt = (uuid4().bytes, bytes(32), self._receipt)
            self._connection.execute("INSERT INTO receipts VALUES (?, ?, ?)", receipt)
            self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()


# ---------------------------------------------------------------- side by side


class Figures(NamedTuple):
    per_second: float
    latencies_ms: list[float]


def worked(way: Way, clients: int, times: int) -> Figures:
    """So many clients at once, each so many times, one after another."""

    def work(client: int) -> list[float]:
        taken = []
        for _ in range(times):
            started = time.perf_counter()
            way(client)
            taken.append((time.perf_counter() - started) * 1_000)
        return taken

    with ThreadPoolExecutor(clients) as pool:
        started = time.perf_counter()
        latencies = [each for some in pool.map(work, range(clients)) for each in some]
        seconds = time.perf_counter() - started
    return Figures(len(latencies) / seconds, latencies)


def measure(ways: dict[str, Way], commands: int, rounds: int) -> dict[tuple[str, int], list[Figures]]:
    found: dict[tuple[str, int], list[Figures]] = {(name, n): [] for n in (1, AT_ONCE) for name in ways}
    for way in ways.values():
        worked(way, AT_ONCE, 5)
    for number in range(rounds):
        for clients in (1, AT_ONCE):
            order = list(ways)
            random.Random(f"{number} {clients}").shuffle(order)
            for name in order:
                found[name, clients].append(worked(ways[name], clients, commands // clients))
    return found


def show(found: dict[tuple[str, int], list[Figures]], commands: int) -> None:
    print(f"{len(found['ours', 1])} rounds of {commands} of each, in changing order, on {os.cpu_count()} cores")
    print(
        "latency of all; a second: median, lowest and highest round; x: times slower than the floor in the same round\n"
    )
    print(f"{'':22}{'median ms':>11}{'99 %':>9}{'a second':>10}{'lowest':>9}{'highest':>9}{'x SQLite':>9}{'x HTTP':>9}")
    for (name, clients), figures in found.items():
        latencies = sorted(each for one in figures for each in one.latencies_ms)
        rates = [one.per_second for one in figures]
        floors = [] if name != "ours" else [found["SQLite", clients], found["HTTP", clients]]
        print(
            f"{f'{name}, {clients} at once':22}{statistics.median(latencies):>11.1f}"
            f"{latencies[len(latencies) * 99 // 100]:>9.1f}{statistics.median(rates):>10,.0f}{min(rates):>9,.0f}"
            f"{max(rates):>9,.0f}{''.join(f'{slower(figures, floor):>9.1f}' for floor in floors)}"
        )


def slower(figures: Sequence[Figures], floors: Sequence[Figures]) -> float:
    return statistics.median(floor.per_second / one.per_second for one, floor in zip(figures, floors, strict=True))


# ---------------------------------------------------------------- what was acknowledged


@contextmanager
def served(folder: Path) -> Iterator[ServerProcess]:
    server = ServerProcess(folder / "deployment", folder / "server.log")
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.kill()


def signed_in(address: str, username: str) -> str:
    body = {"username": username, "password": PASSWORD}
    answer = httpx.post(f"{address}/login", json=body, trust_env=False, timeout=60).raise_for_status()
    return str(answer.json()["token"])


def check(folder: Path, acknowledged: Sequence[dict[str, Any]]) -> None:
    """Every acknowledged command is in the log, once, at its position and version."""
    with ExitStack() as opening:
        log, _ = open_record(deployment.load(folder), opening)
        noted: Counter[tuple[str, str, int, int]] = Counter()
        after = 0
        while batch := log.read(after=after, limit=1_000):
            after = batch[-1].position
            for each in batch:
                if isinstance(each, Recorded) and isinstance(each.event, facts.ContactNoted):
                    noted[str(each.meta.command_id), str(each.stream), each.version, each.position] += 1
    said = Counter((one["command_id"], one["id"], one["version"], one["position"]) for one in acknowledged)
    if noted != said:
        raise SystemExit(f"of {len(said)} acknowledged commands {len(said - noted)} are not in the log as they were")
    print(f"\nthe server was killed; each of {len(acknowledged):,} acknowledged commands is in the log exactly once")


def stored(folder: Path) -> tuple[bytes, bytes]:
    """An event and a receipt of such a command, as they are in the log."""
    with closing(sqlite3.connect(deployment.load(folder).log)) as log:
        (event,) = log.execute(
            "SELECT state FROM stored_events WHERE topic = ? LIMIT 1", (facts.ContactNoted.TOPIC,)
        ).fetchone()
        (receipt,) = log.execute("SELECT receipt FROM command_receipts ORDER BY length(receipt) DESC").fetchone()
    return event, receipt


def run(folder: Path, commands: int, rounds: int) -> None:
    officers = furnished(folder / "deployment")
    with served(folder) as server:
        signed = [Officer(signed_in(server.address, username), cases) for username, cases in officers]
        with closing(Clients(server.address, signed)) as clients:
            clients.command(0)
            with closing(BareSqlite(folder / "bare.db", *stored(folder / "deployment"))) as bare:
                ways: dict[str, Way] = {"ours": clients.command, "SQLite": bare.transaction, "HTTP": clients.cheapest}
                show(measure(ways, commands, rounds), commands)
    check(folder / "deployment", clients.acknowledged)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--commands", type=int, default=320, help="of each way, in each round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=None, help="where to write; the system's temporary folder")
    arguments = parser.parse_args()
    logs.configure()
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory(dir=arguments.folder) as made:
        run(Path(made), arguments.commands, arguments.rounds)


if __name__ == "__main__":
    main()
