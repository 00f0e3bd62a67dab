"""Append and replay: our log beside stock eventsourcing and the bare SQLite driver, in one run.

    python -m tests.benchmarks.bench_log [--rounds N] [--folder DIR] [--synchronous FULL|NORMAL]

All write the same incident notes to SQLite files in one folder, WAL, with the same `synchronous` (asserted):

- *ours*: `SqliteEventLog`; every event with its envelope (actor, role, purpose, command ...), every append with its
  receipt, versions checked in the transaction. *ours, sealed*: the text under a key of its incident.
- *stock*: eventsourcing's defaults, an `Aggregate` with `@event` (dataclasses) and JSON; it stores no envelope.
- *driver*: `sqlite3` with rows that were encoded beforehand; to replay, select, decode and fold: an upper bound.

In each round the competitors of a case follow one another in shuffled order; ratios are medians of the rounds' own
ratios, because a disk's fsync drifts more than we differ. The time of making the events is counted for both.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from app.event_store.keys import KeyStore
from app.event_store.mapper import EventMapper
from app.event_store.root_key import RootKey
from app.event_store.sqlite_file import Synchronous
from app.event_store.sqlite_log import SqliteEventLog
from app.event_store.vault import Vault
from domain.decider import Decider
from domain.event import Event, Meta
from domain.log import Change
from domain.sealed import Sealed

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
TEXT = "A white van stood by the school gate from half past seven; its driver spoke to pupils. " * 2
OFFICER, CAMERA = UUID(int=11), UUID(int=12)
SINGLES, BATCHES, BATCH, STREAM = 300, 50, 100, 10_000

Outcome = tuple[int, float]  # events, seconds
Competitor = Callable[[Path, Synchronous], Outcome]


# ours ----------------------------------------------------------------------------------------------------------------


class Noted(Event, frozen=True, kw_only=True):
    number: int
    kind: str
    text: str
    officer: UUID
    camera: UUID
    occurred_at: datetime


class Words(msgspec.Struct, frozen=True):
    text: str


class SealedNoted(Event, frozen=True, kw_only=True):
    number: int
    kind: str
    text: Sealed[Words]
    officer: UUID
    camera: UUID
    occurred_at: datetime


Noted.TOPIC, SealedNoted.TOPIC = "bench.noted", "bench.sealed-noted"  # not in the domain's registry
SAMPLES: dict[str, type[Event]] = {cls.TOPIC: cls for cls in (Noted, SealedNoted)}


class Notes(msgspec.Struct, frozen=True):
    count: int
    last_number: int
    last_kind: str
    last_at: datetime


def evolve(state: Notes | None, noted: Event) -> Notes:
    assert isinstance(noted, Noted | SealedNoted)
    return Notes(1 if state is None else state.count + 1, noted.number, noted.kind, noted.occurred_at)


DECIDER: Decider[None, Notes] = Decider("notes", {}, {Noted: evolve, SealedNoted: evolve})


def note(_stream: UUID, number: int) -> Event:
    return Noted(number=number, kind="sighting", text=TEXT, officer=OFFICER, camera=CAMERA, occurred_at=NOW)


def sealed_note(stream: UUID, number: int) -> Event:
    words: Sealed[Words] = Sealed(stream, Words(TEXT))
    return SealedNoted(number=number, kind="sighting", text=words, officer=OFFICER, camera=CAMERA, occurred_at=NOW)


def envelope() -> Meta:
    return Meta(
        actor=OFFICER,
        role="investigator",
        purpose="incident",
        command_id=uuid4(),
        correlation_id=uuid4(),
        recorded_at=NOW,
    )


@contextmanager
def our_log(folder: Path, synchronous: Synchronous) -> Iterator[SqliteEventLog]:
    RootKey.create(folder / "root.key")
    keys = KeyStore(folder / "keys.db", folder / "root.key", create=True)
    vault = Vault(keys)
    mapper = EventMapper(vault, topics=SAMPLES)
    with SqliteEventLog(folder / "log.db", vault, create=True, synchronous=synchronous, mapper=mapper) as log:
        yield log
    keys.close()


def our_append(make: Callable[[UUID, int], Event], appends: int, batch: int) -> Competitor:
    def append(folder: Path, synchronous: Synchronous) -> Outcome:
        stream = uuid4()
        with our_log(folder, synchronous) as log:
            log.append([Change(stream, 0, (make(stream, 0),))], envelope())
            started = time.perf_counter()
            for n in range(appends):
                first = 1 + n * batch
                events = tuple(make(stream, number) for number in range(first, first + batch))
                log.append([Change(stream, first, events)], envelope())
            return appends * batch, time.perf_counter() - started

    return append


def our_replay(make: Callable[[UUID, int], Event]) -> Competitor:
    def replay(folder: Path, synchronous: Synchronous) -> Outcome:
        stream = uuid4()
        with our_log(folder, synchronous) as log:
            for first in range(0, STREAM, 500):
                events = tuple(make(stream, number) for number in range(first, first + 500))
                log.append([Change(stream, first, events)], envelope())
            started = time.perf_counter()
            state = DECIDER.fold(log.events(stream))
            seconds = time.perf_counter() - started
        assert state == Notes(STREAM, STREAM - 1, "sighting", NOW)
        return STREAM, seconds

    return replay


def our_stream(folder: Path, synchronous: Synchronous) -> Outcome:
    """With every envelope decoded too, as the replay of an audit needs it."""
    stream = uuid4()
    with our_log(folder, synchronous) as log:
        for first in range(0, STREAM, 500):
            log.append([Change(stream, first, tuple(note(stream, first + n) for n in range(500)))], envelope())
        started = time.perf_counter()
        state = DECIDER.fold(row.event for row in log.stream(stream))
        seconds = time.perf_counter() - started
    assert state == Notes(STREAM, STREAM - 1, "sighting", NOW)
    return STREAM, seconds


# stock eventsourcing -------------------------------------------------------------------------------------------------


class StockNotes(Aggregate):
    @event("Opened")
    def __init__(self) -> None:
        self.count = 0
        self.last_number = -1
        self.last_kind = ""
        self.last_at = NOW

    @event("Noted")
    def note(self, number: int, kind: str, text: str, officer: UUID, camera: UUID, occurred_at: datetime) -> None:
        self.count += 1
        self.last_number = number
        self.last_kind = kind
        self.last_at = occurred_at


@contextmanager
def stock_application(folder: Path, synchronous: Synchronous) -> Iterator[Application[UUID]]:
    application: Application[UUID] = Application(
        {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(folder / "stock.db")}
    )
    pool = application.factory.datastore.pool  # type: ignore[attr-defined]
    made = pool.get_connection()._sqlite_conn
    made.execute(f"PRAGMA synchronous = {synchronous}")
    assert made.execute("PRAGMA synchronous").fetchone()[0] == {"NORMAL": 1, "FULL": 2}[synchronous]
    assert made.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    pool.put_connection(next(iter(pool._in_use.values())))
    yield application
    application.close()


def stock_append(appends: int, batch: int) -> Competitor:
    def append(folder: Path, synchronous: Synchronous) -> Outcome:
        with stock_application(folder, synchronous) as application:
            notes = StockNotes()
            application.save(notes)
            started = time.perf_counter()
            for n in range(appends):
                for number in range(n * batch, (n + 1) * batch):
                    notes.note(number, "sighting", TEXT, OFFICER, CAMERA, NOW)
                application.save(notes)
            return appends * batch, time.perf_counter() - started

    return append


def stock_replay(folder: Path, synchronous: Synchronous) -> Outcome:
    with stock_application(folder, synchronous) as application:
        notes = StockNotes()
        for number in range(STREAM - 1):
            notes.note(number, "sighting", TEXT, OFFICER, CAMERA, NOW)
            if number % 500 == 0:
                application.save(notes)
        application.save(notes)
        started = time.perf_counter()
        found: Any = application.repository.get(notes.id)
        seconds = time.perf_counter() - started
    assert found.count == STREAM - 1
    return STREAM, seconds


# the driver ----------------------------------------------------------------------------------------------------------


@contextmanager
def driver(folder: Path, synchronous: Synchronous) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(folder / "driver.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute(
            "CREATE TABLE events (rowid INTEGER PRIMARY KEY AUTOINCREMENT, stream TEXT NOT NULL,"
            " version INTEGER NOT NULL, topic TEXT NOT NULL, state BLOB NOT NULL, UNIQUE (stream, version))"
        )
        yield connection


def driver_rows(count: int) -> list[tuple[str, int, str, bytes]]:
    stream, encode = uuid4(), msgspec.msgpack.Encoder(uuid_format="bytes").encode
    return [(stream.hex, n + 1, "bench.noted", encode((envelope(), note(stream, n)))) for n in range(count)]


def insert(connection: sqlite3.Connection, rows: list[tuple[str, int, str, bytes]]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO events (stream, version, topic, state) VALUES (?, ?, ?, ?)", rows)
    connection.execute("COMMIT")


def driver_append(appends: int, batch: int) -> Competitor:
    def append(folder: Path, synchronous: Synchronous) -> Outcome:
        rows = driver_rows(appends * batch)
        with driver(folder, synchronous) as connection:
            started = time.perf_counter()
            for n in range(appends):
                insert(connection, rows[n * batch : (n + 1) * batch])
            return appends * batch, time.perf_counter() - started

    return append


def driver_replay(folder: Path, synchronous: Synchronous) -> Outcome:
    rows = driver_rows(STREAM)
    with driver(folder, synchronous) as connection:
        insert(connection, rows)
        decode = msgspec.msgpack.Decoder(tuple[msgspec.Raw, Noted]).decode
        started = time.perf_counter()
        found = connection.execute(
            "SELECT version, topic, state FROM events WHERE stream = ? ORDER BY version", (rows[0][0],)
        ).fetchall()
        state = DECIDER.fold(decode(row[2])[1] for row in found)
        seconds = time.perf_counter() - started
    assert state == Notes(STREAM, STREAM - 1, "sighting", NOW)
    return STREAM, seconds


# the run -------------------------------------------------------------------------------------------------------------

CASES: dict[str, dict[str, Competitor]] = {
    "append, 1 event": {
        "ours": our_append(note, SINGLES, 1),
        "ours, sealed": our_append(sealed_note, SINGLES, 1),
        "stock": stock_append(SINGLES, 1),
        "driver": driver_append(SINGLES, 1),
    },
    f"append, {BATCH} events": {
        "ours": our_append(note, BATCHES, BATCH),
        "ours, sealed": our_append(sealed_note, BATCHES, BATCH),
        "stock": stock_append(BATCHES, BATCH),
        "driver": driver_append(BATCHES, BATCH),
    },
    f"replay, {STREAM} events": {
        "ours": our_replay(note),
        "ours, sealed": our_replay(sealed_note),
        "ours, with envelopes": our_stream,
        "stock": stock_replay,
        "driver": driver_replay,
    },
}


def measure(rounds: int, folder: Path, synchronous: Synchronous) -> dict[str, dict[str, Any]]:
    """Case -> competitor -> events a second (median, lowest, highest) and the ratio to stock."""
    rates: dict[tuple[str, str], list[float]] = {(case, name): [] for case in CASES for name in CASES[case]}
    for _ in range(rounds):
        for case, competitors in CASES.items():
            for name in random.sample(list(competitors), k=len(competitors)):
                with tempfile.TemporaryDirectory(dir=folder) as scratch:
                    events, seconds = competitors[name](Path(scratch), synchronous)
                rates[case, name].append(events / seconds)

    def of_stock(case: str, name: str) -> float:
        pairs = zip(rates[case, name], rates[case, "stock"], strict=True)
        return round(statistics.median(ours / stock for ours, stock in pairs), 2)

    return {
        case: {
            name: {
                "events_per_second": round(statistics.median(rates[case, name])),
                "lowest": round(min(rates[case, name])),
                "highest": round(max(rates[case, name])),
                "of_stock": of_stock(case, name),
            }
            for name in CASES[case]
        }
        for case in CASES
    }


def wake_ups(folder: Path, count: int = 40) -> dict[str, float]:
    """Milliseconds from the end of an append to the return of `wait` (median): same log object, and another one on
    the same file, which is woken as another process is, by its poll."""

    def milliseconds(waiter: SqliteEventLog, writer: SqliteEventLog) -> float:
        delays: list[float] = []
        for _ in range(count):
            head, woken = waiter.head(), [0.0]
            thread = threading.Thread(target=note_when, args=(waiter, head, woken))
            thread.start()
            time.sleep(random.uniform(0.02, 0.08))
            stream = uuid4()
            writer.append([Change(stream, 0, (note(stream, 0),))], envelope())
            appended = time.perf_counter()
            thread.join()
            delays.append((woken[0] - appended) * 1_000)
        return round(max(statistics.median(delays), 0.0), 2)

    def note_when(waiter: SqliteEventLog, head: int, woken: list[float]) -> None:
        waiter.wait(after=head, timeout_seconds=10)
        woken[0] = time.perf_counter()

    with tempfile.TemporaryDirectory(dir=folder) as scratch, our_log(Path(scratch), "FULL") as one:
        keys = KeyStore(Path(scratch) / "keys.db", Path(scratch) / "root.key")
        other = SqliteEventLog(Path(scratch) / "log.db", Vault(keys), mapper=EventMapper(Vault(keys), topics=SAMPLES))
        found = {"same_process_ms": milliseconds(one, one), "other_process_ms": milliseconds(other, one)}
        other.close()
        keys.close()
    return found


def table(measured: dict[str, dict[str, Any]]) -> str:
    lines = [f"{'':22}{'':22}{'events/s':>10}{'lowest':>10}{'highest':>10}{'of stock':>10}"]
    for case, competitors in measured.items():
        lines.extend(
            f"{case:22}{name:22}{figure['events_per_second']:>10,}{figure['lowest']:>10,}{figure['highest']:>10,}"
            f"{figure['of_stock']:>9.2f}×"
            for name, figure in competitors.items()
        )
    return "\n".join(lines)


def main() -> None:
    """The table goes to standard error, one JSON document to standard output."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--folder", type=Path, help="where to write: the disk that is measured (default: temporary)")
    parser.add_argument("--synchronous", choices=["FULL", "NORMAL"], default="FULL")
    chosen = parser.parse_args()
    measured = measure(chosen.rounds, chosen.folder or Path(tempfile.gettempdir()), chosen.synchronous)
    print(table(measured), file=sys.stderr)
    woken = wake_ups(chosen.folder or Path(tempfile.gettempdir()))
    print(
        f"wake-up: {woken['same_process_ms']} ms same process, {woken['other_process_ms']} ms another", file=sys.stderr
    )
    settings = {"rounds": chosen.rounds, "synchronous": chosen.synchronous, "cores": os.cpu_count()}
    print(json.dumps({"benchmark": "log", **settings, "cases": measured, "wake_up": woken}))


if __name__ == "__main__":
    main()
