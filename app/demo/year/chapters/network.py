"""Programmes of the region that pay for cameras, and what cameras are said to recognise by themselves."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from app.demo.accounts import ADMINISTRATOR
from app.demo.year.calendar import BEGINS, ENDS
from app.demo.year.region import REGION, Region, iso

PROGRAMME = "Безпечна область на 2025–2027 роки"
FUNDINGS_A_HUNDRED_CAMERAS, DECLARED, WITHDRAWN = 6, 0.1, 0.15


def begin(region: Region) -> None:
    random = region.random("network")
    body = {
        "name": PROGRAMME,
        "region": REGION,
        "from_at": iso(BEGINS),
        "to_at": iso(ENDS + timedelta(days=365)),
        "funder": "Обласна рада",
        "goals": [
            {"kind": "cameras", "target": max(1, region.amounts.cameras // 2), "by": iso(ENDS)},
            {"kind": "communities", "target": region.amounts.communities, "by": iso(ENDS)},
        ],
    }
    key = region.door.post(ADMINISTRATOR, "/programmes", body)["id"]
    paid = set[str]()  # by the programme's one funder, who pays for a camera once
    for _ in range(max(1, round(region.amounts.cameras * FUNDINGS_A_HUNDRED_CAMERAS / 100))):
        region.calendar.enter(region.calendar.some_day(random, 40), lambda: _fund(region, random, key, paid))
    for _ in range(max(1, round(region.amounts.cameras * DECLARED))):
        region.calendar.enter(region.calendar.some_day(random, 40), lambda: _declare(region, random))


def _fund(region: Region, random: Random, key: str, paid: set[str]) -> None:
    codes = [code for each in region.cameras.values() for code in each if code not in paid]
    if not codes:
        return
    chosen = random.sample(codes, min(len(codes), random.randint(1, 6)))
    body = {
        "cameras": chosen,
        "amount_kopecks": random.randint(10_000_00, 900_000_00),
        "funder": "Місцевий бюджет",
    }
    region.door.post(ADMINISTRATOR, f"/programmes/{key}/fundings", body)
    if random.random() < WITHDRAWN:
        number = max(each["number"] for each in region.door.ask(ADMINISTRATOR, f"/programmes/{key}")["fundings"])
        region.door.post(ADMINISTRATOR, f"/programmes/{key}/fundings/{number}/withdraw")
        return
    paid.update(chosen)


def _declare(region: Region, random: Random) -> None:
    codes = [code for each in region.cameras.values() for code in each]
    code = random.choice(codes)
    known = region.door.ask(ADMINISTRATOR, f"/cameras/{code}")["camera"]["analytics"]
    body = {"analytics": not known, "from_at": iso(region.clock() - timedelta(hours=3))}
    region.door.post(ADMINISTRATOR, f"/cameras/{code}/analytics", body)
