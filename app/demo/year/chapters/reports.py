"""Residents' reports: made by token, read, judged, answered, joined, passed on, made an incident, closed, reopened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from app.demo.year.chapters.incidents import KINDS, position
from app.demo.year.region import REGION, Region, iso

FIRST_DAY = 1
CATEGORIES = (
    *("lighting", "disorder", "dangerous-road", "property-damage", "bullying", "sale-to-minors", "abandoned-thing"),
    *("theft", "suspicious-person", "dangerous-place", "drugs", "domestic-violence", "child-in-danger", "other"),
)
DANGER = "danger-to-life"
TEXTS = (
    "Третій вечір не горить ліхтар біля шкільних воріт.",
    "Щовечора біля під’їзду галасує компанія.",
    "У кіоску продають цигарки школярам.",
    "Покинутий автомобіль заважає вийти на перехід.",
)
DANGEROUS, ANONYMOUS, PLACED, FOLLOWED_UP, LOOKED_AT, UPDATED, PUBLISHED = 0.01, 0.6, 0.5, 0.08, 0.2, 0.15, 0.06
UNREAD_DANGER, REOPENED = 0.3, 0.05
ENDS = (("close", 0.75), ("redirect", 0.08), ("convert", 0.06), ("duplicate", 0.08), ("wait", 0.03))
OUTCOMES = ("dealt-with", "talked-to", "looked-into", "not-confirmed", "no-power", "too-little-known")
BODIES = ("local-authority", "road-service", "social-services", "housing", "children-service")
PUBLIC = ("lighting", "dangerous-road", "abandoned-thing", "dangerous-place")
OPEN_MAX = 40  # of a community, that another one may be a duplicate of


@dataclass
class Report:
    key: str
    token: str
    community: str
    category: str


def begin(region: Region) -> None:
    random = region.random("reports")
    for _ in range(region.amounts.reports):
        region.calendar.enter(region.calendar.some_day(random, FIRST_DAY), lambda: _submit(region, random))


def _submit(region: Region, random: Random) -> None:
    community = region.community(random)
    category = DANGER if random.random() < DANGEROUS else random.choice(CATEGORIES)
    body: dict[str, Any] = {
        "category": category,
        "region": REGION,
        "community": community,
        "narrative": random.choice(TEXTS),
    }
    if random.random() < PLACED:
        body["place"] = position(random, community)
    if random.random() > ANONYMOUS:
        body["contact"] = {"full_name": "Оксана Мельник", "phone": "+380 44 555 12 12"}
    token = region.door.post("", "/reports/own/token")["token"]
    report = Report(region.door.resident(token, "/reports/own", body)["id"], token, community, category)
    if category == DANGER and random.random() < UNREAD_DANGER:
        region.calendar.enter(region.calendar.later(random, 1.2, 2.0), lambda: _take_on(region, random, report))
        return
    soon = (0.001, 0.006) if category == DANGER else (0.02, 2.5)
    region.calendar.enter(region.calendar.later(random, *soon), lambda: _acknowledge(region, random, report))


def _acknowledge(region: Region, random: Random, report: Report) -> None:
    officer = _officer(region, random, report)
    region.door.post(officer, f"/reports/{report.key}/acknowledge")
    if random.random() < LOOKED_AT:
        region.door.ask(officer, f"/reports/{report.key}/words")
    if random.random() < FOLLOWED_UP:
        more = {"narrative": "Сьогодні знову те саме."}
        region.door.resident(report.token, "/reports/own/follow-up", more)
    priority = DANGER if report.category == DANGER else random.choice(("urgent", "ordinary", "ordinary", "low"))
    region.door.post(officer, f"/reports/{report.key}/triage", {"priority": priority, "names": []})
    if random.random() < PUBLISHED and report.category in PUBLIC:
        said = {"text": "Стан освітлення й дороги перевіряють.", "attested": True}
        region.door.post(officer, f"/reports/{report.key}/publish", said)
    least, most = (0.001, 0.006) if priority == DANGER else (0.5, 12)
    region.calendar.enter(region.calendar.later(random, least, most), lambda: _end(region, random, report))


def _take_on(region: Region, random: Random, report: Report) -> None:
    """Nobody read in time of danger: the duty desk was called in, by the round of that night, and answers."""
    is_called_in = region.calendar.round_ <= timedelta(days=1)
    duty = region.serving("supervisor")[0].username if is_called_in else _officer(region, random, report)
    region.door.post(duty, f"/reports/{report.key}/acknowledge")
    body = {"outcome": "dealt-with", "reason": "Наряд виїхав на місце"}
    region.door.post(duty, f"/reports/{report.key}/triage", {"priority": "urgent", "names": []})
    region.door.post(duty, f"/reports/{report.key}/close", body)


def _end(region: Region, random: Random, report: Report) -> None:
    officer = _officer(region, random, report)
    if random.random() < UPDATED:
        said = {"text": "Завтра вранці дільницю оглянуть."}
        region.door.post(officer, f"/reports/{report.key}/update", said)
    (end,) = random.choices([name for name, _ in ENDS], [share for _, share in ENDS])
    others = region.standing_reports[report.community]
    if end == "duplicate" and others and report.category != DANGER:  # which is no duplicate of what is none
        of = random.choice(others)
        region.door.post(officer, f"/reports/{report.key}/duplicate", {"of": of})
    elif end == "redirect":
        body = {"body": random.choice(BODIES), "reason": "Це утримує громада"}
        region.door.post(officer, f"/reports/{report.key}/redirect", body)
    elif end == "convert":
        _convert(region, random, report, officer)
    elif end == "wait":
        region.standing_reports[report.community] = [*others[-OPEN_MAX:], report.key]
    else:
        _close(region, random, report, officer)


def _close(region: Region, random: Random, report: Report, officer: str) -> None:
    body = {"outcome": random.choice(OUTCOMES), "reason": "Лампу замінено"}
    region.door.post(officer, f"/reports/{report.key}/close", body)
    if random.random() < REOPENED:
        at = region.calendar.later(random, 1, 20)
        region.calendar.enter(at, lambda: _reopen(region, random, report))


def _reopen(region: Region, random: Random, report: Report) -> None:
    """By whoever reported it: it is read anew."""
    region.door.resident(report.token, "/reports/own/reopen", {"reason": "Нічого не змінилося"})
    at = region.calendar.later(random, 0.05, 2)
    region.calendar.enter(at, lambda: _acknowledge(region, random, report))


def _convert(region: Region, random: Random, report: Report, officer: str) -> None:
    takes = random.choice(region.serving("investigator"))
    body = {
        "kind": random.choice(KINDS),
        "occurred_from": iso(region.calendar.later(random, -3, -2)),
        "occurred_to": iso(region.calendar.later(random, -2, -1)),
        "unit": takes.unit,
        "officer": region.door.account(takes.username),
        "words": "За повідомленням мешканця.",
    }
    region.door.post(officer, f"/reports/{report.key}/convert", body)


def _officer(region: Region, random: Random, report: Report) -> str:
    """One who is posted to the community now; its supervisor where nobody is."""
    posted = region.posted[report.community]
    if posted:
        return random.choice(posted)
    return region.serving("supervisor", region.served[report.community][1])[0].username
