"""The board of prevention cases and what is to be done in them, beside bare SQL on the same file, in one run.

    python -m tests.benchmarks.bench_casework [--cases N] [--rounds N] [--folder DIR]

The cases are folded by the view's own fold into a file on disk, as a country's: 200 units, 1,000 officers, two cases in
three closed. Each list is asked for as its reader gets it, under the condition that the policies give them:

- ours: `case_queries` and `case_work` as they are: a page of Structs, with names, through SQLAlchemy Core.
- bare SQL: the shortest statement that finds the same rows, by `sqlite3` with the same pragmas, rows left as tuples.

Both must find the same cases in the same order.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, insert, or_, true

from domain import case_words
from domain import prevention_case_events as facts
from domain.event import Event, Meta, Recorded
from domain.personal import Narrative, Reason
from domain.prevention_case_state import CLOSED, OPEN
from domain.sealed import Sealed, Token
from projections import case_board, case_queries, case_work
from projections.case_board import cases
from projections.columns import microseconds
from projections.database import ViewsDatabase, open_views
from projections.folding import fold_strictly
from projections.organisation import accounts, units
from projections.view import live
from projections.views import VIEWS

START, NOW = datetime(2024, 1, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)
UNITS, OFFICERS = 200, 1_000
PAGE = 50
PRAGMAS = ("synchronous=NORMAL", "cache_size=-65536", "temp_store=MEMORY")
BATCH_CASES = 2_000
PSEUDONYM = "CH-00000007"
ASKED_TIMES = 20  # a round


class Asked(NamedTuple):
    """A list that a reader asks for, and the same by hand; the first column of a row by hand is the case."""

    ours: Callable[[Connection], Sequence[UUID]]
    sql: str  # its values are BOUND


# ---------------------------------------------------------------- the cases


def unit_key(number: int) -> UUID:
    return UUID(int=(1 << 64) + number)


def officer_key(number: int) -> UUID:
    return UUID(int=(2 << 64) + number)


def fill(database: ViewsDatabase, count: int, rng: random.Random) -> None:
    with database.writing() as connection:
        for table, rows in ((units, unit_rows()), (accounts, account_rows())):
            connection.execute(insert(table), rows)
    position = 0
    for start in range(0, count, BATCH_CASES):
        batch: list[Recorded] = []
        for number in range(start, min(start + BATCH_CASES, count)):
            for at, version, (stream, event) in history(number, rng):
                position += 1
                batch.append(Recorded(position, stream, version, meta(at), event))
        with database.writing() as connection:
            fold_strictly(connection, live(case_board.VIEW), batch)


def history(number: int, rng: random.Random) -> Iterator[tuple[datetime, int, tuple[UUID, Event]]]:
    """One case, from its opening to where it stands."""
    case = UUID(int=rng.getrandbits(128))
    unit = rng.randrange(UNITS)
    officer = officer_key(unit + UNITS * rng.randrange(OFFICERS // UNITS))
    at = START + (NOW - START) * rng.random()
    words, why = Sealed(case, Narrative("слова")), Sealed(case, Reason("чому"))
    events: list[Event] = [
        facts.CaseOpened(
            child=UUID(int=rng.getrandbits(128)),
            pseudonym=f"CH-{number:08}",
            ground=rng.choice(tuple(case_words.GROUNDS)),
            unit=unit_key(unit),
            term_ends=at + 365 * DAY,
            reason=why,
        )
    ]
    if rng.random() < 0.95:
        events.append(facts.CaseAssigned(officer=officer))
    if rng.random() < 0.8:
        level = rng.choice(tuple(case_words.RISK_LEVELS))
        events.append(
            facts.RiskAssessed(level=level, protective_factors=(), by=officer, review_by=at + 90 * DAY, narrative=words)
        )
    for _ in range(rng.randrange(3)):
        due_at, measure = at + rng.randrange(200) * DAY, UUID(int=rng.getrandbits(128))
        events.append(facts.MeasureScheduled(measure=measure, kind="home-visit", due_at=due_at, narrative=words))
        if rng.random() < 0.7:
            events.append(facts.MeasureCompleted(measure=measure, result="done", ended_at=due_at, narrative=words))
    if rng.random() < 0.05:
        events.append(facts.PlanProposed(plan=UUID(int=rng.getrandbits(128)), by=officer, narrative=words))
    if rng.random() < 0.01:
        other = unit_key(rng.randrange(UNITS))
        events.append(facts.TransferOffered(to_unit=other, answer_by=at + 14 * DAY, reason=why))
    if rng.random() < 2 / 3:
        events.append(facts.CaseClosed(outcome="goals-met", reason=why))
    for version, event in enumerate(events, 1):
        yield at + version * DAY, version, (case, event)


def meta(at: datetime) -> Meta:
    key = UUID(int=0)
    return Meta(actor=key, role="supervisor", purpose="prevention", command_id=key, correlation_id=key, recorded_at=at)


def unit_rows() -> list[dict[str, Any]]:
    same = {"region": "UA-30", "kind": "juvenile-prevention", "created_at": START, "version": 1}
    return [{"unit": unit_key(number), "name": f"unit {number}", **same} for number in range(UNITS)]


def account_rows() -> list[dict[str, Any]]:
    key = UUID(int=0)
    person = Token(stream=key, version=1, topic="account.created", part=0, subject=key, ciphertext=b"")
    same = {
        "person": person,
        "state": "active",
        "created_at": START,
        "password": "chosen",
        "password_set_at": START,
        "version": 1,
    }
    return [
        {"account": officer_key(number), "username": f"officer-{number}", "unit": unit_key(number % UNITS), **same}
        for number in range(OFFICERS)
    ]


# ---------------------------------------------------------------- the lists


OF_BOARD = """
SELECT c."case", c.pseudonym, c.ground, c.state, c.unit, c.opened_at, c.officer, c.term_ends, c.risk, c.review_by,
    (SELECT name FROM units u WHERE u.unit = c.unit), (SELECT username FROM accounts a WHERE a.account = c.officer)
FROM prevention_cases c WHERE {} AND c.state = 'open' ORDER BY c.opened_at DESC, c."case" DESC LIMIT 51
"""
OF_WORK = """
SELECT w."case", w.task, w.item, w.due_at, w.pseudonym, w.kind,
    (SELECT username FROM accounts a WHERE a.account = w.officer)
FROM (
    SELECT c."case", 'review' task, c."case" item, c.review_by due_at, c.pseudonym, NULL kind, c.officer
        FROM prevention_cases c WHERE c.state = 'open' AND c.review_by IS NOT NULL AND {0}
    UNION ALL SELECT c."case", 'measure', m.measure, m.due_at, c.pseudonym, m.kind, c.officer
        FROM prevention_cases c JOIN case_measures m ON m."case" = c."case"
        WHERE c.state = 'open' AND m.state = 'scheduled' AND {0}
    UNION ALL SELECT c."case", 'term', c."case", c.term_ends, c.pseudonym, NULL, c.officer
        FROM prevention_cases c WHERE c.state = 'open' AND {0}
    UNION ALL SELECT c."case", 'offer', c."case", c.answer_by, c.pseudonym, NULL, c.officer
        FROM prevention_cases c WHERE c.state = 'open' AND c.offered_unit IS NOT NULL AND {0}
    UNION ALL SELECT c."case", 'plan', c.plan, c.plan_at, c.pseudonym, NULL, c.officer
        FROM prevention_cases c WHERE c.state = 'open' AND c.plan_state = 'proposed' AND {0}
    UNION ALL SELECT c."case", 'assignment', c."case", c.opened_at, c.pseudonym, NULL, c.officer
        FROM prevention_cases c WHERE c.state = 'open' AND c.officer IS NULL AND {0}
) w WHERE {1} ORDER BY w.due_at, w."case", w.task, w.item LIMIT 51
"""
OF_OFFERS = """
SELECT c."case", c.pseudonym, c.ground, c.unit, c.offered_unit, c.offered_at, c.answer_by FROM prevention_cases c
WHERE {} AND c.offered_unit IS NOT NULL ORDER BY c.answer_by, c."case" LIMIT 51
"""


def lists() -> dict[str, Asked]:
    """Under the conditions that `app.lists` makes of the policies for a reader in each role."""
    unit, officer = unit_key(7), officer_key(7)
    of_unit, of_officer = "c.unit = :unit", "c.officer = :officer"
    unsealed = cases.c.state.in_((OPEN, CLOSED))
    in_charge = (cases.c.officer == officer) & unsealed
    both = or_(cases.c.unit == unit, cases.c.offered_unit == unit)
    return {
        "board, officer": board(or_((cases.c.unit == unit) & unsealed, in_charge), f"({of_unit} OR {of_officer})"),
        "board, supervisor": board(both, f"({of_unit} OR c.offered_unit = :unit)"),
        "board, auditor": board(true(), "1"),
        "board, by pseudonym": board(true(), "c.pseudonym = :pseudonym", pseudonym=PSEUDONYM),
        "my work": work(in_charge, of_officer, officer=officer),
        "my work, overdue": work(in_charge, of_officer, "w.due_at < :now", officer=officer, due_before=NOW),
        "work of the unit": work(cases.c.unit == unit, of_unit),
        "work, auditor": work(true(), "1"),
        "offers": Asked(
            lambda connection: [row.case for row in case_work.offer_page(connection, only=both, limit=PAGE).items],
            OF_OFFERS.format(f"({of_unit} OR c.offered_unit = :unit)"),
        ),
    }


def board(only: ColumnElement[bool], sql: str, **more: Any) -> Asked:
    def ours(connection: Connection) -> list[UUID]:
        return [row.case for row in case_queries.case_page(connection, only=only, limit=PAGE, **more).items]

    return Asked(ours, OF_BOARD.format(sql))


def work(only: ColumnElement[bool], sql: str, due: str = "1", **more: Any) -> Asked:
    def ours(connection: Connection) -> list[UUID]:
        return [row.case for row in case_work.task_page(connection, only=only, limit=PAGE, **more).items]

    return Asked(ours, OF_WORK.format(sql, due))


BOUND = {
    "unit": unit_key(7).hex,
    "officer": officer_key(7).hex,
    "now": microseconds(NOW),
    "pseudonym": PSEUDONYM,
}


# ---------------------------------------------------------------- side by side


def measure(database: ViewsDatabase, bare: sqlite3.Connection, rounds: int) -> dict[str, dict[str, list[float]]]:
    """Milliseconds of each list, each way, a round; of the processor, which other work disturbs less."""
    taken: dict[str, dict[str, list[float]]] = {}
    with database.reading() as connection:
        for name, asked in lists().items():

            def by_hand(asked: Asked = asked) -> list[UUID]:
                return [UUID(row[0]) for row in bare.execute(asked.sql, BOUND).fetchall()[:PAGE]]

            def by_us(asked: Asked = asked) -> Sequence[UUID]:
                return asked.ours(connection)

            if by_us() != by_hand():
                raise SystemExit(f"{name}: the two ways find other cases")
            ways: dict[str, Callable[[], object]] = {"ours": by_us, "bare SQL": by_hand}
            order = list(ways)
            taken[name] = {way: [] for way in ways}
            for number in range(rounds):
                random.Random(number).shuffle(order)
                for way in order:
                    taken[name][way].append(milliseconds(ways[way]))
    return taken


def milliseconds(ask: Callable[[], object]) -> float:
    started = time.process_time()
    for _ in range(ASKED_TIMES):
        ask()
    return (time.process_time() - started) / ASKED_TIMES * 1e3


def show(count: int, taken: dict[str, dict[str, list[float]]]) -> None:
    rounds = len(next(iter(taken.values()))["ours"])
    print(f"{count:,} cases, {rounds} rounds in changing order, both ways the same cases; processor time of a page\n")
    print(f"{'':22}{'ours ms':>9}{'lowest':>9}{'highest':>9}{'bare SQL ms':>13}{'x bare SQL':>12}")
    for name, ways in taken.items():
        ours, bare = (statistics.median(ways[way]) for way in ("ours", "bare SQL"))
        spread = f"{min(ways['ours']):>9.2f}{max(ways['ours']):>9.2f}"
        print(f"{name:22}{ours:>9.2f}{spread}{bare:>13.2f}{ours / bare:>12.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=None, help="where to write; the system's temporary folder")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as made:
        path = Path(made) / "views.db"
        database = open_views(path, VIEWS)
        fill(database, arguments.cases, random.Random(1))
        with closing(sqlite3.connect(path)) as bare:
            for pragma in PRAGMAS:
                bare.execute(f"PRAGMA {pragma}")
            show(arguments.cases, measure(database, bare, arguments.rounds))
        database.close()


if __name__ == "__main__":
    main()
