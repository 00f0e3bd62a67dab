"""Children who are missing: reported in one step with hold and request, approved within the hour, and found."""

from __future__ import annotations

from random import Random

from app.demo.year.chapters.incidents import position
from app.demo.year.region import REGION, KnownChild, Region, iso

FIRST_DAY = 30  # when the cameras stand


def begin(region: Region) -> None:
    random = region.random("missing children")
    for _ in range(region.amounts.missing_children):
        region.calendar.enter(region.calendar.some_day(random, FIRST_DAY), lambda: _report(region, random))


def _report(region: Region, random: Random) -> None:
    by, community = random.choice(region.serving("juvenile-officer")), region.community(random)
    body = {
        "last_seen_at": iso(region.calendar.later(random, -0.3, -0.05)),
        "region": REGION,
        "community": community,
        "place": position(random, community),
        "narrative": "Не повернулася зі школи; червона куртка, синій рюкзак.",
        "reference": f"ЄО {random.randint(10_000, 99_999)}",
        "purpose": "Знайти, куди пішла дитина",
    }
    reported = region.door.post(by.username, "/missing-children", body)
    region.children.append(KnownChild(reported["child"], reported["pseudonym"], by.unit, reported["id"]))
    if reported["authorisation"] is not None:
        key = reported["authorisation"]
        region.calendar.enter(region.calendar.later(random, 0.01, 0.05), lambda: _approve(region, key))


def _approve(region: Region, authorisation: str) -> None:
    region.door.post(region.serving("supervisor")[0].username, f"/authorisations/{authorisation}/approve")
