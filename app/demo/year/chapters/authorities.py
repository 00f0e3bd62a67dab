"""Authority to search footage: requested, approved by another unit, refused, withdrawn, revoked, expired; and holds."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from app.demo.year.region import Person, Region, iso

FIRST_DAY = 35
WITHDRAWN, REFUSED, SELF_APPROVED, REVOKED, HELD = 0.05, 0.1, 0.1, 0.1, 0.3
SEARCHES_MAX = 3
WORDS = ("red jacket", "blue rucksack", "green bicycle")


def begin(region: Region) -> None:
    random = region.random("authorities")
    for _ in range(region.amounts.authorisations):
        region.calendar.enter(region.calendar.some_day(random, FIRST_DAY), lambda: _request(region, random))


def _request(region: Region, random: Random) -> None:
    """For an incident of an investigator, and cameras of its community."""
    fit = [
        (incident, by, community)
        for incident, by, community in region.incidents
        if by.role == "investigator" and by.username not in region.gone and incident not in region.voided
    ]
    fit = [each for each in fit if region.cameras[each[2]]]
    if not fit:
        return
    incident, by, community = random.choice(fit)
    codes = random.sample(region.cameras[community], min(3, len(region.cameras[community])))
    window_from = region.clock() - timedelta(days=random.uniform(1, 5))
    window = {"window_from": iso(window_from), "window_to": iso(window_from + timedelta(hours=2))}
    body = {
        "legal_basis": "investigator-ruling",
        "reference": f"760/{random.randint(1_000, 9_999)}/26",
        "incident": incident,
        "cameras": codes,
        **window,
        "quota": random.randint(3, 20),
        "purpose": "Встановити, куди пішли підлітки з рюкзаком",
        "valid_hours": random.choice((24, 72, 168)),
    }
    key = region.door.post(by.username, "/authorisations", body)["id"]
    if random.random() < HELD:
        hold = {"cameras": codes, "from_at": window["window_from"], "to_at": window["window_to"], "incident": incident}
        _hold(region, random, by, hold)
    region.calendar.enter(region.calendar.later(random, 0.05, 1), lambda: _decide(region, random, key, by, body))


def _hold(region: Region, random: Random, by: Person, body: dict[str, Any]) -> None:
    hold = region.door.post(by.username, "/holds", {**body, "reason": "Потрібно для розслідування"})["id"]
    at = region.calendar.later(random, 20, 90)
    region.calendar.enter(at, lambda: _release(region, hold, by))


def _release(region: Region, hold: str, by: Person) -> None:
    """By a supervisor of the unit."""
    supervisor = region.serving("supervisor", by.unit)[0].username
    region.door.post(supervisor, f"/holds/{hold}/release", {"reason": "Кадри вже долучено"})


def _decide(region: Region, random: Random, key: str, by: Person, asked: dict[str, Any]) -> None:
    path, chance = f"/authorisations/{key}", random.random()
    if by.username not in region.gone and chance < WITHDRAWN:
        region.door.post(by.username, f"{path}/withdraw", {"reason": "Знайшлося без записів"})
        return
    if random.random() < SELF_APPROVED:  # their own supervisor may not; the attempt goes on record
        own = region.serving("supervisor", by.unit)[0].username
        region.door.refused(own, f"{path}/approve")
    approver = region.serving("supervisor")[0].username
    region.door.ask(approver, f"{path}/purpose")
    if chance < WITHDRAWN + REFUSED:
        region.door.post(approver, f"{path}/refuse", {"reason": "Вікно ширше, ніж потрібно"})
        return
    region.door.post(approver, f"{path}/approve")
    if chance > 1 - REVOKED:
        region.door.post(approver, f"{path}/revoke", {"reason": "Ухвалу скасовано"})
    _search(region, random, key, by, asked)


def _search(region: Region, random: Random, key: str, by: Person, asked: dict[str, Any]) -> None:
    """Nothing was archived in this year: what is found is nothing, and on record all the same."""
    for _ in range(random.randint(0, SEARCHES_MAX) if by.username not in region.gone else 0):
        body = {"authorisation": key, "text": random.choice(WORDS), "cameras": asked["cameras"]}
        state = region.door.ask(by.username, f"/authorisations/{key}")["state"]
        if state == "approved":
            region.door.post(by.username, "/searches", body)
        else:
            region.door.refused(by.username, "/searches", body)
