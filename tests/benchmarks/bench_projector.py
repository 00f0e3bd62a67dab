"""Catch-up of all real views: our projector beside stock eventsourcing and the bare driver, in one run.

    python -m tests.benchmarks.bench_projector [--footage N] [--rounds N] [--folder DIR]

All fill the same tables in a file on disk, WAL with synchronous=NORMAL and the same cache, from one history, and all
must end with equal views:

- projector: `projections.projector` as it is, from the real event log (SQLite, msgpack), one transaction a batch.
- stock: eventsourcing's `ProjectionRunner` over an application of dataclass events in JSON, with its in-memory recorder
  (its SQLite offers no subscription). The same folds fill the views row by row, one transaction an event, position
  included, through SQLAlchemy Core as ours.
- stock, bare SQL: the same through eventsourcing's own `SQLiteTrackingRecorder`, the SQL compiled beforehand: what a
  patient person would write by hand.
- driver: the same folds and batches from events decoded beforehand, written by `sqlite3.executemany`: what is left of
  the projector without SQLAlchemy, log and dead letters.
"""

from __future__ import annotations

import argparse
import gc
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from eventsourcing.persistence import Tracking, TrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from eventsourcing.sqlite import SQLiteConnection, SQLiteConnectionPool, SQLiteDatastore, SQLiteTrackingRecorder
from sqlalchemy import Executable, Table
from sqlalchemy.dialects import sqlite

from app.event_store.keys import KeyStore
from app.event_store.root_key import RootKey
from app.event_store.sqlite_log import SqliteEventLog
from app.event_store.vault import Vault
from domain.event import Recorded
from projections.database import ViewsDatabase, move_position, open_views
from projections.projector import BATCH_EVENTS, Projector
from projections.replay import view_digest
from projections.rows import Rows
from projections.view import Copy, live
from projections.views import VIEWS
from tests.benchmarks.stock_events import StockApplication, as_recorded, fill
from tests.projections.histories import District

PRAGMAS = ("synchronous=NORMAL", "cache_size=-65536", "temp_store=MEMORY")
WAIT_SECONDS = 600.0


Taken: TypeAlias = tuple[float, float]  # seconds by the clock, of the processor


def now() -> Taken:
    return time.perf_counter(), time.process_time()


def since(started: Taken) -> Taken:
    return time.perf_counter() - started[0], time.process_time() - started[1]


# ---------------------------------------------------------------- the history


def write_history(log: SqliteEventLog, footage: int, rng: random.Random) -> int:
    """What a district records: mostly footage on its way to the index, some incidents, searches under authority."""
    district = District()

    def do(make: Callable[[int], Any], salt: int | None = None) -> None:
        changes, meta = district.do(make, rng.randrange(100_000) if salt is None else salt)
        log.append(changes, meta)

    for _ in range(3):
        do(district.create_unit)
    for _ in range(20):
        do(district.create_account)
        do(district.give_or_withdraw_role)
    for _ in range(max(4, footage // 50)):
        do(district.register_camera)
    for number in range(footage):
        do(district.archive_footage)
        do(district.claim_footage)
        for _ in range(3):
            do(district.renew_claim)
        do(district.index_footage)
        if number % 10 == 0:
            do(district.record_incident)
            do(district.change_incident, 5 * rng.randrange(1_000) + rng.randrange(4))  # never voided
        if number % 50 == 0:
            do(district.request_authorisation)
            do(district.decide_authorisation, 2)
        if number % 10 == 5:
            do(district.run_search, 8 * rng.randrange(10_000) + rng.randrange(1, 8))
            do(district.review_hit)
    return log.head()


# ---------------------------------------------------------------- ours, and the bare driver


def run_projector(log: SqliteEventLog, folder: Path) -> Taken:
    database = open_views(folder / "views.db", VIEWS)
    projector = Projector(log, database)
    started = now()
    projector.catch_up()
    taken = since(started)
    database.close()
    return taken


@cache
def compiled(statement: Executable) -> tuple[str, tuple[tuple[str, Callable[[Any], Any] | None], ...]]:
    """SQL with question marks, and for each of them the parameter's name and how its value is bound."""
    made: Any = statement.compile(dialect=sqlite.dialect())  # type: ignore[attr-defined]
    binds = made._bind_processors
    return str(made), tuple((name, binds.get(name)) for name in made.positiontup)


def bound(binds: Sequence[tuple[str, Callable[[Any], Any] | None]], row: dict[str, Any]) -> list[Any]:
    return [row[name] if bind is None else bind(row[name]) for name, bind in binds]


class DriverRows(Rows):
    """Our rows, read and written by a DB-API cursor."""

    def __init__(self, cursor: Any, tables: dict[Table, Table]) -> None:
        super().__init__(None, tables)  # type: ignore[arg-type]
        self._cursor = cursor

    def read(self, table: Table, *key: Any) -> dict[str, Any]:
        raise NotImplementedError("the history of this benchmark has no outages, the only events that read")

    def write(self) -> None:
        for statement, rows, _ in self.statements():
            sql, binds = compiled(statement)
            self._cursor.executemany(sql, [bound(binds, row) for row in rows])


def run_driver(entries: Sequence[Recorded], folder: Path) -> Taken:
    open_views(folder / "views.db", VIEWS).close()
    copies = [live(view) for view in VIEWS]
    connection = sqlite3.connect(folder / "views.db", isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    started = now()
    for start in range(0, len(entries), BATCH_EVENTS):
        batch = entries[start : start + BATCH_EVENTS]
        connection.execute("BEGIN IMMEDIATE")
        for copy in copies:
            fold_plainly(DriverRows(connection, dict(copy.tables)), copy, batch)
        connection.execute("UPDATE projection SET position = ?", (batch[-1].position,))
        connection.execute("COMMIT")
    taken = since(started)
    connection.close()
    return taken


def fold_plainly(rows: Rows, copy: Copy, batch: Sequence[Recorded]) -> None:
    folds = copy.view.folds
    for entry in batch:
        change = folds.get(type(entry.event))
        if change is not None:
            change(rows, entry, entry.event)
    rows.write()


# ---------------------------------------------------------------- stock eventsourcing


class StockProjection(Projection[Any]):
    name = "views"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        self.view.take(as_recorded(domain_event, tracking.notification_id), tracking)


class CoreView(TrackingRecorder):
    """The views' own database as eventsourcing's tracking recorder: one transaction an event."""

    def __init__(self, database: ViewsDatabase) -> None:
        self._database = database
        self._copies = [live(view) for view in VIEWS]
        self._position = 0

    def take(self, entry: Recorded, tracking: Tracking) -> None:
        with self._database.writing() as connection:
            for copy in self._copies:
                if type(entry.event) in copy.view.folds:
                    fold_plainly(Rows(connection, copy.tables), copy, [entry])
            move_position(connection, tracking.notification_id, "")
        self._position = tracking.notification_id

    def max_tracking_id(self, application_name: str) -> int | None:
        return self._position

    def insert_tracking(self, tracking: Tracking) -> None:
        with self._database.writing() as connection:
            move_position(connection, tracking.notification_id, "")


class NormalPool(SQLiteConnectionPool):
    def _create_connection(self) -> SQLiteConnection:
        connection = super()._create_connection()
        for pragma in PRAGMAS:
            connection.cursor().execute(f"PRAGMA {pragma}", ())
        return connection


class BareView(SQLiteTrackingRecorder):
    """eventsourcing's SQLite recorder with the views' SQL: one transaction an event."""

    def __init__(self, path: Path) -> None:
        datastore = SQLiteDatastore(str(path))
        datastore.pool.close()
        datastore.pool = NormalPool(db_name=str(path))
        super().__init__(datastore)
        self.create_table()
        self._copies = [live(view) for view in VIEWS]

    def take(self, entry: Recorded, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            for copy in self._copies:
                if type(entry.event) in copy.view.folds:
                    fold_plainly(DriverRows(cursor, dict(copy.tables)), copy, [entry])
            self._insert_tracking(cursor, tracking)


class MadeRunner(ProjectionRunner[Any, Any]):
    """A `ProjectionRunner` whose view is given, not made from environment variables."""

    given: Any

    def __init__(self, view: Any) -> None:
        super(ProjectionRunner, self).__init__(
            projection=StockProjection(view),
            application_class=StockApplication,
            tracking_recorder=view,
            topics=(),
            env=None,
        )


def run_stock(view: Any, events: int) -> Taken:
    started = now()
    with MadeRunner(view) as runner:
        while (view.max_tracking_id("stock") or 0) < events:
            time.sleep(0.005)
            if runner.is_interrupted.is_set():
                runner.run_forever(timeout=1)  # raises what stopped it
        return since(started)


def run_stock_core(events: int, folder: Path) -> Taken:
    database = open_views(folder / "views.db", VIEWS)
    taken = run_stock(CoreView(database), events)
    database.close()
    return taken


def run_stock_bare(events: int, folder: Path) -> Taken:
    open_views(folder / "views.db", VIEWS).close()
    view = BareView(folder / "views.db")
    taken = run_stock(view, events)
    view.datastore.close()
    return taken


# ---------------------------------------------------------------- side by side


def digests(folder: Path) -> dict[str, str]:
    database = open_views(folder / "views.db", VIEWS)
    with database.reading() as connection:
        found = {view.name: view_digest(connection, view) for view in VIEWS}
    database.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--footage", type=int, default=4_000, help="archived files; about 7.6 events each")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=None, help="where to write; the system's temporary folder")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as made:
        folder = Path(made)
        RootKey.create(folder / "root.key")
        vault = Vault(KeyStore(folder / "keys.db", folder / "root.key", create=True))
        with SqliteEventLog(folder / "log.db", vault, create=True, synchronous="NORMAL") as log:
            events = write_history(log, arguments.footage, random.Random(1))
            measure(log, events, folder, arguments.rounds)


def measure(log: SqliteEventLog, events: int, folder: Path, rounds: int) -> None:
    entries = [entry for entry in log.read(limit=events) if isinstance(entry, Recorded)]
    fill(entries)
    gc.collect()
    gc.freeze()  # the histories held here, for the others, are no burden on anybody's garbage collection
    ways: dict[str, Callable[[Path], Taken]] = {
        "stock": lambda at: run_stock_core(events, at),
        "stock, bare SQL": lambda at: run_stock_bare(events, at),
        "projector": lambda at: run_projector(log, at),
        "driver": lambda at: run_driver(entries, at),
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    cpu_us: dict[str, list[float]] = {name: [] for name in ways}
    expected: dict[str, str] | None = None
    order = list(ways)
    for number in range(rounds):
        random.Random(number).shuffle(order)
        for name in order:
            with tempfile.TemporaryDirectory(dir=folder) as at:
                seconds, cpu_seconds = ways[name](Path(at))
                rates[name].append(events / seconds)
                cpu_us[name].append(cpu_seconds / events * 1e6)
                found = digests(Path(at))
                expected = expected or found
                if found != expected:
                    raise SystemExit(f"{name}: its views differ from the first one's")
    show(events, rates, cpu_us)


def show(events: int, rates: dict[str, list[float]], cpu_us: dict[str, list[float]]) -> None:
    medians = {name: statistics.median(each) for name, each in rates.items()}
    cpu = {name: statistics.median(each) for name, each in cpu_us.items()}
    rounds = len(rates["stock"])
    print(f"{events:,} events into {len(VIEWS)} views, {rounds} rounds in changing order, all views equal")
    print("x: times as fast, by the clock and (in brackets) by processor time, which a busy machine disturbs less\n")
    print(f"{'':18}{'events/s':>9}{'lowest':>9}{'highest':>9}{'CPU us':>8}{'x stock':>15}{'x bare SQL':>15}")
    for name, each in rates.items():
        ratios = "".join(
            f"{medians[name] / medians[other]:>7.1f} ({cpu[other] / cpu[name]:.1f})".rjust(15)
            for other in ("stock", "stock, bare SQL")
        )
        print(f"{name:18}{medians[name]:>9,.0f}{min(each):>9,.0f}{max(each):>9,.0f}{cpu[name]:>8.1f}{ratios}")


if __name__ == "__main__":
    main()
