"""A national register of cameras: taken in, and asked for the nearest, beside a full scan of the same run.

    python -m tests.benchmarks.bench_cameras [--rows N] [--queries N] [--seed N] [--folder DIR] [--table FILE]

Import: a register with about one faulty row in eight (of twelve kinds) goes the road of the API's import into a fresh
house: once as it is, which records nothing, then with its refused rows left out. Memory is this process's, beside what
the open house took before.

Nearest: 20 cameras to points in towns, between them and anywhere in the country, each answered by the view's search
and by a full scan of the same table: every standing row through SQLAlchemy, its exact distance, the same order. Both
must find the same. Their times are of the processor.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from sqlalchemy import Connection, select, true

from app import logs
from app.call import Call
from app.camera_network.importing import Progress, Wish
from app.composition import Services, open_house
from app.initialising import initialise
from app.receiving import Received
from domain.ids import account_id
from domain.position import LATITUDE_MAX, LATITUDE_MIN, LONGITUDE_MAX, LONGITUDE_MIN, metres_between
from projections.camera_network import coverage, uptime
from projections.camera_network.places import Near, nearest, places
from tests.app.conftest import PASSWORD
from tests.benchmarks.machine import PeakMemory
from tests.benchmarks.register_rows import ROWS, SEED, Row, as_csv, register, with_faults
from tests.fakes_gpu import ColourHistograms

LIMIT = 20
YEAR = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
Found = TypeVar("Found")
VIEWS_SECONDS_MAX = 600.0


class Table:
    """Lines of figures, as they are printed and kept."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def row(self, *cells: object) -> None:
        self.lines.append("| " + " | ".join(map(str, cells)) + " |")

    def head(self, *cells: str) -> None:
        self.lines.append("")
        self.row(*cells)
        self.row(*("---" for _ in cells))


def taken_in(house: Services, body: bytes, wish: Wish) -> tuple[Progress, float]:
    path = house.deployment.incoming / uuid4().hex
    path.write_bytes(body)
    call = Call(
        principal=house.people.holder(account_id("admin"))[0],
        purpose="",
        command_id=uuid4(),
        digest=uuid4().bytes,
        correlation_id=uuid4(),
    )
    begun = time.monotonic()
    told = house.camera_imports.start(call, Received(path, "ab" * 32, len(body)), wish)
    while told.ended_at is None:
        time.sleep(0.05)
        told = house.camera_imports.progress(told.camera_import)
    return told, time.monotonic() - begun


def imports(house: Services, body: bytes, spoilt: Counter[str], table: Table) -> None:
    table.head("import", "rows", "registered", "refused", "wall", "processor", "most memory beside the open house")
    for name, accept in (("refused as a whole", False), ("refused rows left out", True), ("the same file again", True)):
        with PeakMemory() as idle:
            time.sleep(0.2)
        spent = time.process_time()
        with PeakMemory() as peak:
            told, seconds = taken_in(house, body, Wish(dry_run=False, accept_refused=accept))
        spent = time.process_time() - spent
        more_mib = (peak.bytes - idle.bytes) / 2**20
        took = f"{seconds:.2f} s", f"{spent:.2f} s", f"{more_mib:.0f} MiB"
        table.row(name, told.rows, told.registered, told.refused, *took)
        if name == "refused rows left out":
            begun = time.monotonic()
            if not house.projector.wait(house.log.head(), timeout_seconds=VIEWS_SECONDS_MAX):
                raise SystemExit("the views did not catch up")
            caught_up = time.monotonic() - begun
            if told.refused != sum(spoilt.values()):
                raise SystemExit(f"{told.refused} rows were refused, and {sum(spoilt.values())} were spoilt")
    table.lines += ["", f"The views had all of it {caught_up:.1f} s after it was recorded."]
    found = Counter(each.field for each in house.camera_imports.refusals(told.camera_import))
    table.head("refused for", "rows")
    for field, rows in sorted(found.items()):
        table.row(field, rows)


def scanned(connection: Connection, latitude: float, longitude: float) -> Sequence[Near]:
    query = select(places.c.camera, places.c.latitude, places.c.longitude)
    standing = connection.execute(query.where(places.c.standing == true(), places.c.belt.is_not(None)))
    near = [Near(metres_between(latitude, longitude, row.latitude, row.longitude), row.camera) for row in standing]
    return sorted(near)[:LIMIT]


def points(rows: list[Row], chance: random.Random, count: int) -> dict[str, list[tuple[float, float]]]:
    placed = [place for row in rows if (place := _place(row)) is not None]
    there = chance.sample(placed, 2 * count)
    return {
        "where a camera stands": there[:count],
        "some kilometres beside one": [
            (min(max(lat + chance.gauss(0, 0.1), LATITUDE_MIN), LATITUDE_MAX), lon) for lat, lon in there[count:]
        ],
        "anywhere in the country": [
            (chance.uniform(LATITUDE_MIN, LATITUDE_MAX), chance.uniform(LONGITUDE_MIN, LONGITUDE_MAX))
            for _ in range(count)
        ],
    }


def _place(row: Row) -> tuple[float, float] | None:
    """None of a row that has none, or was spoilt."""
    try:
        return float(row["latitude"]), float(row["longitude"])
    except ValueError:
        return None


def queries(house: Services, rows: list[Row], count: int, seed: int, table: Table) -> None:
    table.head("nearest 20 to a point", "median", "slowest", "full scan, median", "ratio of medians")
    with house.views.reading() as connection:
        for name, asked in points(rows, random.Random(seed), count).items():
            ours, theirs = [], []
            for point in asked:
                found, taken = timed(partial(nearest, connection, *point, limit=LIMIT))
                ours.append(taken)
                if len(theirs) < max(5, count // 10):
                    scan, taken = timed(partial(scanned, connection, *point))
                    theirs.append(taken)
                    if tuple(scan) != tuple(found):
                        raise SystemExit(f"{point}: the search and the full scan find other cameras")
            middle, whole = statistics.median(ours), statistics.median(theirs)
            table.row(name, f"{middle:.2f} ms", f"{max(ours):.2f} ms", f"{whole:.0f} ms", f"{whole / middle:.0f}")
        table.head("by region", "once")
        _, taken = timed(lambda: uptime.uptime_by_region(connection, *YEAR))
        table.row("uptime of all regions, a year", f"{taken:.0f} ms")
        _, taken = timed(lambda: coverage.coverage_page(connection, limit=200))
        table.row("coverage, 200 communities", f"{taken:.0f} ms")


def timed(ask: Callable[[], Found]) -> tuple[Found, float]:
    """What was found, and the milliseconds that it took."""
    begun = time.thread_time()
    found = ask()
    return found, (time.thread_time() - begun) * 1e3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--queries", type=int, default=200, help="of each kind of point")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--folder", type=Path, help="where the deployment is made; a temporary one where left out")
    parser.add_argument("--table", type=Path, help="where the figures are kept, as Markdown")
    chosen = parser.parse_args()
    logs.configure(readable=False)
    rows = register(chosen.rows, chosen.seed)
    spoilt = with_faults(rows, chosen.seed)
    body, table = as_csv(rows), Table()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as scratch:
        folder = Path(scratch) / "deployment"
        initialise(folder, password=PASSWORD)
        house = open_house(folder, encoder=ColourHistograms())
        try:
            table.lines.append(f"{chosen.rows} rows, {len(body) / 2**20:.1f} MiB, seed {chosen.seed}.")
            imports(house, body, spoilt, table)
            print("\n".join(table.lines), flush=True)  # before the queries begin
            queries(house, rows, chosen.queries, chosen.seed, table)
        finally:
            house.close()
    text = "\n".join(table.lines) + "\n"
    print(text)
    if chosen.table is not None:
        chosen.table.write_text(text)


if __name__ == "__main__":
    main()
