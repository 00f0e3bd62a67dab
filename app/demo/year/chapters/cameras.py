"""The network of cameras: registered in the first weeks, out and restored again, a few decommissioned."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from app.demo.accounts import ADMINISTRATOR
from app.demo.year.calendar import BEGINS, DAYS
from app.demo.year.region import CENTRES, COMMUNITIES, REGION, Region, iso
from domain.vocabulary import PLACE_KINDS

REGISTERED_WITHIN_DAYS = 28
OUTAGES_A_YEAR = 1.4
DECOMMISSIONED, WITH_RETENTION, CONFIGURED, WITH_ANALYTICS = 0.04, 0.1, 0.1, 0.1  # shares
SPREAD_DEGREES = 0.01  # about a kilometre around a community's centre


def begin(region: Region) -> None:
    random = region.random("cameras")
    for number in range(region.amounts.cameras):
        at = region.calendar.some_day(random, 0, REGISTERED_WITHIN_DAYS)
        region.calendar.enter(at, lambda number=number: _register(region, random, number))  # type: ignore[misc]


def _register(region: Region, random: Random, number: int) -> None:
    place = number % region.amounts.communities
    code = f"ZHY-{number + 1:03}"
    latitude, longitude = CENTRES[place]
    body = {
        "name": code,
        "region": REGION,
        "community": COMMUNITIES[place],
        "owner": "КП «Безпечна громада»",
        "place": f"Вулиця Шкільна, {number + 1}",
        "place_kind": random.choice(tuple(PLACE_KINDS)),
        "latitude": round(latitude + random.uniform(-SPREAD_DEGREES, SPREAD_DEGREES), 5),
        "longitude": round(longitude + random.uniform(-SPREAD_DEGREES, SPREAD_DEGREES), 5),
        "analytics": random.random() < WITH_ANALYTICS,
        "installed_at": iso(BEGINS - timedelta(days=random.randint(30, 1_500))),
    }
    region.door.post(ADMINISTRATOR, "/cameras", body)
    region.cameras[COMMUNITIES[place]].append(code)
    _set_up(region, random, code)
    _plan(region, random, code, COMMUNITIES[place])


def _set_up(region: Region, random: Random, code: str) -> None:
    if random.random() < WITH_RETENTION:
        body = {"days": random.choice((30, 60, 90)), "basis": "Рішення власника № 12"}
        region.door.post(ADMINISTRATOR, f"/cameras/{code}/retention", body)
    if random.random() < CONFIGURED:
        region.door.post(ADMINISTRATOR, f"/cameras/{code}/indexing", {"frames_per_second": random.choice((0.5, 2.0))})


def _plan(region: Region, random: Random, code: str, community: str) -> None:
    """Its outages, one after another, and its end, where it has one."""
    at = region.clock() + timedelta(days=random.expovariate(OUTAGES_A_YEAR / DAYS))
    while at < BEGINS + timedelta(days=DAYS):
        lasts = timedelta(hours=random.uniform(1, 96))
        region.calendar.enter(at, lambda at=at, to=at + lasts: _fail(region, code, at, to))  # type: ignore[misc]
        at += lasts + timedelta(days=1 + random.expovariate(OUTAGES_A_YEAR / DAYS))
    if random.random() < DECOMMISSIONED:
        region.calendar.enter(region.calendar.some_day(random, 200), lambda: _decommission(region, code, community))


def _fail(region: Region, code: str, from_at: datetime, to_at: datetime) -> None:
    """It is reported an hour later than it was, and restored when it is."""
    if region.door.ask(ADMINISTRATOR, f"/cameras/{code}")["camera"]["state"] != "working":
        return
    region.door.post(ADMINISTRATOR, f"/cameras/{code}/outages", {"from_at": iso(from_at)})
    region.calendar.enter(to_at, lambda: _restore(region, code, to_at))


def _restore(region: Region, code: str, at: datetime) -> None:
    if region.door.ask(ADMINISTRATOR, f"/cameras/{code}")["camera"]["state"] == "out":
        region.door.post(ADMINISTRATOR, f"/cameras/{code}/restore", {"at": iso(at)})


def _decommission(region: Region, code: str, community: str) -> None:
    if region.door.ask(ADMINISTRATOR, f"/cameras/{code}")["camera"]["state"] == "working":
        region.door.post(ADMINISTRATOR, f"/cameras/{code}/decommission", {"at": iso(region.clock())})
        region.cameras[community].remove(code)
