"""`oberih demo --year`: a year of a region, lived through the API on a simulated clock, and counted once more.

The deployment is an example for good, and its record is of nobody. What works beside the requests is driven where its
turn comes (`app.rhythm`), so that the same seed gives the same events. At the end each view is held against a recount
from the raw events that shares nothing with the view (`app/demo/year/recount`).
"""

from __future__ import annotations

import json
import logging
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console

from app import logs
from app.composition import Services, open_driven
from app.demo.accounts import PASSWORD
from app.demo.year import report
from app.demo.year.calendar import BEGINS, ROUND, Calendar
from app.demo.year.chapters import CHAPTERS
from app.demo.year.clock import simulated
from app.demo.year.digest import digest
from app.demo.year.door import Door
from app.demo.year.recount import recount
from app.demo.year.region import Amounts, Region
from app.deployment import Settings
from app.initialising import initialise
from search_index.encoder import Encoder

SEED = 7
SETTINGS = Settings(example=True, requests_per_minute=10**9, reports_per_hour=10**6, token_minutes=24 * 60)


def run(scale: float, as_json: bool, folder: Path | None, seed: int = SEED) -> bool:
    """The whole year, told on the terminal. Returns whether every view equals its recount."""
    console = Console(stderr=as_json)
    logs.configure(readable=True, least=logging.WARNING)
    parent = folder or Path(tempfile.mkdtemp(prefix="oberih-year-"))
    document = live(parent / "deployment", scale, seed, report.progress(console))
    report.show(document, console)
    if as_json:
        json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    return not document["differences"]


def live(
    folder: Path,
    scale: float,
    seed: int = SEED,
    tell: Callable[[datetime, int], None] = lambda at, happened: None,
    *,
    encoder: Encoder | None = None,
    round_: timedelta = ROUND,
) -> dict[str, Any]:
    """Make the deployment, live the year, count. `encoder` stands in for the model, as in `open_driven`; `round_` is
    the time between two rounds of what works by itself.
    """
    with simulated(BEGINS.astimezone(UTC)) as clock:
        first_unit = initialise(folder, password=PASSWORD, settings=SETTINGS).unit
        house = open_driven(folder, encoder)
        try:
            return _lived(house, Calendar(clock, round_), first_unit, scale, seed, tell)
        finally:
            house.close()


def _lived(
    house: Services, calendar: Calendar, first_unit: str, scale: float, seed: int, tell: Callable[[datetime, int], None]
) -> dict[str, Any]:
    started, worked, amounts = time.perf_counter(), time.process_time(), Amounts().share(scale)
    with Door(house, calendar.clock, seed) as door:
        region = Region(seed, amounts, door, calendar, calendar.clock, first_unit)
        for chapter in CHAPTERS:
            chapter(region)
        calendar.run(lambda: _round(house), lambda: _react(house), tell)
        _round(house)
        house.projector.catch_up()
    seconds, worked = time.perf_counter() - started, time.process_time() - worked
    events = house.log.head()
    with house.views.reading() as views:
        counted = recount(house.log, views)
    return {
        "folder": str(house.deployment.folder),
        "seed": seed,
        "scale": scale,
        "amounts": amounts._asdict(),
        "commands": door.commands,
        "questions": door.questions,
        "told": region.told,
        "refusals": dict(sorted(door.refusals.items())),
        "happenings": calendar.happened,
        "events": events,
        "seconds": round(seconds, 1),
        "processor_seconds": round(worked, 1),
        "events_per_second": round(events / seconds, 1),
        "requests_per_second": round((door.commands + door.questions) / seconds, 1),
        "digest": digest(house.log),
        **counted,
        "recount_seconds": round(time.perf_counter() - started - seconds, 1),
    }


def _round(house: Services) -> None:
    """What works by itself, once each, until nothing is left to follow."""
    house.projector.wait(house.log.head(), timeout_seconds=0)
    house.clockwork.tick()
    _react(house)
    house.childhood.erasures.tick()
    house.childhood.expired_concerns.tick()
    _react(house)


def _react(house: Services) -> None:
    while house.processes.step():
        pass
