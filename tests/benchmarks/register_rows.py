"""A register of cameras as a country might send it: the same rows for the same seed, with faults of every kind.

    python -m tests.benchmarks.register_rows [--rows N] [--seed N] [--faulty] > register.csv

Cameras crowd in towns, the more the larger, and lie along the roads between; their communities are made up. Of a
faulty register about one row in a hundred has each of FAULTS.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple, TypeAlias

from domain.vocabulary import PLACE_KINDS, REGIONS

ROWS = 31_000
SEED = 2026
FAULT_SHARE = 0.01  # of the rows, for each kind of fault
COLUMNS = (
    *("name", "region", "community", "owner", "place", "place_kind"),
    *("latitude", "longitude", "analytics", "installed_at"),
)
STREETS = ("Шевченка", "Січових Стрільців", "Лесі Українки", "Незалежності", "Соборна", "Шкільна", "Садова")
OWNERS = ("КП «Безпечне місто»", "Департамент інформатизації", "Управління освіти", "ОСББ «Затишок»")
COMMUNITIES = 40  # of a region
ROAD_SHARE = 0.15  # of the cameras that stand in no town
UNPLACED_SHARE = 0.02

Row: TypeAlias = dict[str, str]


class Town(NamedTuple):
    region: str
    community: str
    latitude: float
    longitude: float
    size: float


def towns(chance: random.Random) -> list[Town]:
    """Of every region so many, each half as large as the next."""
    made = []
    for number, region in enumerate(REGIONS):
        middle = 45.5 + chance.random() * 5.5, 23.5 + chance.random() * 15.5
        for place in range(COMMUNITIES):
            latitude, longitude = middle[0] + chance.gauss(0, 0.4), middle[1] + chance.gauss(0, 0.6)
            size = (3.0 if number % 5 == 0 else 1.0) / (place + 1)
            at = min(max(latitude, 44.2), 52.8), min(max(longitude, 22.2), 40.8)
            made.append(Town(region, f"{STREETS[place % len(STREETS)]}нська {place + 1}", *at, size))
    return made


def register(rows: int = ROWS, seed: int = SEED) -> list[Row]:
    """So many good rows, each of another camera."""
    chance = random.Random(seed)
    known = towns(chance)
    among = chance.choices(known, [town.size for town in known], k=rows)
    return [_row(number, town, chance) for number, town in enumerate(among, 1)]


def _row(number: int, town: Town, chance: random.Random) -> Row:
    spread = 0.25 if chance.random() < ROAD_SHARE else 0.015
    at = town.latitude + chance.gauss(0, spread), town.longitude + chance.gauss(0, spread)
    placed = chance.random() >= UNPLACED_SHARE
    day = datetime(2016, 1, 1) + timedelta(days=chance.randrange(3_800))  # noqa: DTZ001 (a day, as registers have it)
    return {
        "name": f"{town.region.replace('-', '')}-{number:06}",
        "region": town.region,
        "community": town.community,
        "owner": chance.choice(OWNERS),
        "place": f"вул. {chance.choice(STREETS)}, {chance.randrange(1, 180)}",
        "place_kind": chance.choice(tuple(PLACE_KINDS)),
        "latitude": f"{min(max(at[0], 44.0), 53.0):.6f}" if placed else "",
        "longitude": f"{min(max(at[1], 22.0), 41.0):.6f}" if placed else "",
        "analytics": chance.choice(("так", "ні", "ні")),
        "installed_at": day.date().isoformat(),
    }


FAULTS: dict[str, Callable[[Row, Row], object]] = {
    "a name that is none": lambda row, _: row.update(name=row["name"].lower()),
    "a name twice": lambda row, first: row.update(name=first["name"]),
    "an unknown region": lambda row, _: row.update(region="Київська"),
    "no community": lambda row, _: row.update(community=" "),
    "a forbidden place": lambda row, _: row.update(place_kind="toilet"),
    "exchanged coordinates": lambda row, _: row.update(latitude="30.523333", longitude="50.450001"),
    "one coordinate": lambda row, _: row.update(latitude="50.45", longitude=""),
    "no number": lambda row, _: row.update(latitude="50°27′", longitude="30.5"),
    "neither yes nor no": lambda row, _: row.update(analytics="можливо"),
    "no time": lambda row, _: row.update(installed_at="навесні"),
    "the future": lambda row, _: row.update(installed_at="2199-01-01"),
    "a cell too few": lambda row, _: row.pop("analytics"),
}


def with_faults(rows: list[Row], seed: int = SEED, share: float = FAULT_SHARE) -> Counter[str]:
    """Spoils some rows, never the first, each by one fault. Returns how many by each."""
    chance, spoilt = random.Random(seed + 1), Counter[str]()
    each = max(1, round(share * len(rows)))
    places = chance.sample(range(1, len(rows)), each * len(FAULTS))
    for number, place in enumerate(places):
        fault = tuple(FAULTS)[number % len(FAULTS)]
        FAULTS[fault](rows[place], rows[0])
        spoilt[fault] += 1
    return spoilt


def as_csv(rows: list[Row]) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    writer.writerows([[row[name] for name in COLUMNS if name in row] for row in rows])
    return written.getvalue().encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--faulty", action="store_true")
    chosen = parser.parse_args()
    rows = register(chosen.rows, chosen.seed)
    if chosen.faulty:
        with_faults(rows, chosen.seed)
    sys.stdout.buffer.write(as_csv(rows))


if __name__ == "__main__":
    main()
