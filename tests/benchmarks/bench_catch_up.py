"""Catch-up of all views over a district's casework, beside its rows alone, in one run.

    python -m tests.benchmarks.bench_catch_up [--cases N] [--rounds N] [--folder DIR]

The log: prevention cases as `bench_casework` makes them, for each a child with a profile, for every other one an
incident that the child is linked to, for every third a concern that is reviewed and expires, and certified officers.

- projector: `projections.projector` as it is, from the real event log (SQLite, msgpack), one transaction a batch.
- rows alone: the statements that the projector sends, in the same transactions, by `sqlite3.executemany` with the same
  pragmas, from values that were bound beforehand: no log, no fold, no reading, no SQLAlchemy.

Both must end with equal views.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import event as listening

from app.event_store.keys import KeyStore
from app.event_store.root_key import RootKey
from app.event_store.sqlite_log import SqliteEventLog
from app.event_store.vault import Vault
from domain import concern, incident, officer
from domain.child_events import ChildRegistered
from domain.event import Event, Meta
from domain.ids import officer_id
from domain.log import Change
from domain.personal import ChildIdentity, Narrative, Reason
from domain.prevention_case_events import CaseOpened
from domain.sealed import Sealed
from projections.database import open_views
from projections.projector import Projector
from projections.views import VIEWS
from tests.benchmarks.bench_casework import DAY, OFFICERS, START, UNITS, history, officer_key, unit_key
from tests.benchmarks.bench_projector import PRAGMAS, Taken, digests, now, run_projector, since

CHANGES_AT_ONCE = 500  # in one append, so that the log is soon made


class Sent(NamedTuple):
    """One statement of the projector's and its values; an empty one ends a transaction."""

    sql: str
    rows: Sequence[Any]


# ---------------------------------------------------------------- the log


def write_history(log: SqliteEventLog, cases: int, rng: random.Random) -> int:
    changes: list[Change] = []
    for stream, events in casework(cases, rng):
        changes.append(Change(stream, 0, tuple(events)))
        if len(changes) == CHANGES_AT_ONCE:
            log.append(changes, _meta())
            changes = []
    log.append(changes, _meta())
    return log.head()


def casework(cases: int, rng: random.Random) -> Iterator[tuple[UUID, list[Event]]]:
    for number in range(OFFICERS):
        account, by = officer_key(number), UUID(int=1)
        yield (
            officer_id(account),
            [
                officer.CandidateSelected(account=account, unit=unit_key(number % UNITS), by=by),
                officer.TrainingCompleted(course=officer.REQUIRED_COURSE, completed_at=START, by=by),
                officer.OfficerCertified(until=START + 365 * DAY, by=by),
            ],
        )
    for number in range(cases):
        rows = list(history(number, rng))
        stream, events = rows[0][2][0], [event for _, _, (_, event) in rows]
        opened = events[0]
        assert isinstance(opened, CaseOpened)
        identity = Sealed(opened.child, ChildIdentity(surname=f"Сірко {number}"))
        yield opened.child, [ChildRegistered(pseudonym=opened.pseudonym, unit=opened.unit, identity=identity)]
        yield stream, events
        if number % 2:
            yield UUID(int=rng.getrandbits(128)), _incident(opened, rng)
        if number % 3 == 0:
            yield UUID(int=rng.getrandbits(128)), _concern(opened)


def _incident(opened: CaseOpened, rng: random.Random) -> list[Event]:
    at = START + rng.randrange(900) * DAY
    recorded = incident.IncidentRecorded(
        kind="bullying",
        occurred_from=at,
        occurred_to=at + timedelta(minutes=20),
        region="UA-30",
        community=f"Громада {rng.randrange(50)}",
        unit=opened.unit,
        officer=officer_key(rng.randrange(OFFICERS)),
        narrative=Sealed(opened.child, Narrative("Що сталося")),
    )
    return [recorded, incident.ChildLinked(child=opened.child, pseudonym=opened.pseudonym, role="victim")]


def _concern(opened: CaseOpened) -> list[Event]:
    by, words = UUID(int=1), Sealed(opened.child, Narrative("Що помітили"))
    raised = concern.ConcernRaised(
        child=opened.child,
        pseudonym=opened.pseudonym,
        kind="running-away",
        unit=opened.unit,
        by=by,
        narrative=words,
        expires_at=START + 90 * DAY,
    )
    reviewed = concern.ConcernReviewed(finding="unclear", by=by, reason=Sealed(opened.child, Reason("чому")))
    return [raised, reviewed, concern.ConcernExpired(at=START + 91 * DAY)]


def _meta() -> Meta:
    by = UUID(int=1)
    return Meta(
        actor=by, role="system", purpose="prevention", command_id=uuid4(), correlation_id=uuid4(), recorded_at=START
    )


# ---------------------------------------------------------------- the two ways


def sent_by_projector(log: SqliteEventLog, folder: Path) -> list[Sent]:
    """What changes the views, as the driver gets it."""
    sent: list[Sent] = []
    with closing(open_views(folder / "views.db", VIEWS)) as database:
        projector = Projector(log, database)

        def note(connection: Any, cursor: Any, sql: str, values: Any, context: Any, many: bool) -> None:
            if sql.split(maxsplit=1)[0] in ("INSERT", "UPDATE", "DELETE"):
                sent.append(Sent(sql, list(values) if many else [values]))

        listening.listen(database._engine, "before_cursor_execute", note)
        while projector.step():
            sent.append(Sent("", ()))
    return sent


def run_rows(sent: Sequence[Sent], folder: Path) -> Taken:
    open_views(folder / "views.db", VIEWS).close()
    with closing(sqlite3.connect(folder / "views.db", isolation_level=None)) as connection:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        started = now()
        connection.execute("BEGIN IMMEDIATE")
        for sql, rows in sent:
            if sql:
                connection.executemany(sql, rows)
            else:
                connection.execute("COMMIT")
                connection.execute("BEGIN IMMEDIATE")
        connection.execute("COMMIT")
        return since(started)


def measure(log: SqliteEventLog, folder: Path, rounds: int) -> dict[str, list[Taken]]:
    with tempfile.TemporaryDirectory(dir=folder) as at:
        sent = sent_by_projector(log, Path(at))
        expected = digests(Path(at))
    ways: dict[str, Callable[[Path], Taken]] = {
        "projector": lambda at: run_projector(log, at),
        "rows alone": lambda at: run_rows(sent, at),
    }
    taken: dict[str, list[Taken]] = {name: [] for name in ways}
    order = list(ways)
    for number in range(rounds):
        random.Random(number).shuffle(order)
        for name in order:
            with tempfile.TemporaryDirectory(dir=folder) as made:
                taken[name].append(ways[name](Path(made)))
                if digests(Path(made)) != expected:
                    raise SystemExit(f"{name}: its views differ")
    return taken


def show(events: int, taken: dict[str, list[Taken]]) -> None:
    print(
        f"{events:,} events into {len(VIEWS)} views, {len(taken['projector'])} rounds in changing order, views equal\n"
    )
    print(f"{'':14}{'events/s':>10}{'lowest':>10}{'highest':>10}{'CPU us an event':>17}")
    for name, each in taken.items():
        rates = [events / seconds for seconds, _ in each]
        cpu = statistics.median(cpu for _, cpu in each) / events * 1e6
        print(f"{name:14}{statistics.median(rates):>10,.0f}{min(rates):>10,.0f}{max(rates):>10,.0f}{cpu:>17.1f}")
    pairs = list(zip(taken["projector"], taken["rows alone"], strict=True))
    by_clock, by_cpu = (statistics.median(ours[n] / bare[n] for ours, bare in pairs) for n in (0, 1))
    print(f"\nthe projector takes {by_clock:.1f} times as long as its rows alone, {by_cpu:.1f} times by processor time")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000, help="about nine events each, all told")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=None, help="where to write; the system's temporary folder")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as made:
        folder = Path(made)
        RootKey.create(folder / "root.key")
        with (
            closing(KeyStore(folder / "keys.db", folder / "root.key", create=True)) as keys,
            SqliteEventLog(folder / "log.db", Vault(keys), create=True, synchronous="NORMAL") as log,
        ):
            events = write_history(log, arguments.cases, random.Random(1))
            show(events, measure(log, folder, arguments.rounds))


if __name__ == "__main__":
    main()
