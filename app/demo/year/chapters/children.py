"""Children with a profile: registered, found by name, corrected, merged and parted; the identity of a few is erased."""

from __future__ import annotations

from random import Random
from typing import Any

from app.demo.year.calendar import DAYS
from app.demo.year.region import KnownChild, Person, Region

SURNAMES = (
    "Сірко",
    "Вовк",
    "Сорока",
    "Дуб",
    "Калина",
    "Явір",
    "Лелека",
    "Заєць",
    "Чайка",
    "Береза",
    "Тополя",
    "Горобець",
)
GIVEN_NAMES = ("Іван", "Дарина", "Назар", "Соломія", "Матвій", "Злата", "Остап", "Мілана", "Тимур", "Єва")
PROFILES_OF_CASES = 0.9  # profiles there are for each case that is opened
FIRST_DAY = 12
SEARCHED, TOLD, CORRECTED, MERGED, ERASED, READ = 0.3, 0.5, 0.15, 0.05, 0.02, 0.3
PARTED = 0.4  # of those that were merged


def begin(region: Region) -> None:
    random = region.random("children")
    for _ in range(round(region.amounts.cases * PROFILES_OF_CASES) + 2):
        region.calendar.enter(region.calendar.some_day(random, FIRST_DAY), lambda: _register(region, random))


def _register(region: Region, random: Random) -> None:
    """One that was linked to an incident and has no profile so far."""
    free = [child for child in region.known_children() if child.child not in region.profiles]
    if not free:
        return
    child = random.choice(free)
    by = random.choice(region.serving("juvenile-officer", child.unit))
    body: dict[str, Any] = {
        "child": child.child,
        "pseudonym": child.pseudonym,
        "surname": random.choice(SURNAMES),
        "given_name": random.choice(GIVEN_NAMES),
        "born": f"{random.randint(2009, 2018)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}",
        "contacts": {"addresses": [f"Вулиця Садова, {random.randint(1, 99)}"], "guardians": ["мати"]},
    }
    if random.random() < SEARCHED:
        region.door.post(by.username, "/children/search", {"name": f"{body['surname']} {body['given_name']}"})
    region.door.post(by.username, "/children", body)
    region.profiles[child.child] = child.unit
    _follow_up(region, random, child, by)


def _follow_up(region: Region, random: Random, child: KnownChild, by: Person) -> None:
    calendar, path = region.calendar, f"/children/{child.child}"
    reading, telling = calendar.later(random, 1, 30), calendar.later(random, 1, 60)
    if random.random() < READ:
        calendar.enter(reading, lambda: _read(region, child))
    if random.random() < TOLD:
        said = {"text": "Розмова з класним керівником: пропускає уроки з вересня."}
        calendar.enter(telling, lambda: _change(region, child, by, f"{path}/narratives", said))
    if random.random() < CORRECTED:
        right = {"patronymic": random.choice(("Іванович", "Петрівна")), "reason": "За свідоцтвом про народження"}
        calendar.enter(telling, lambda: _change(region, child, by, f"{path}/identity", right))
    if random.random() < MERGED:
        calendar.enter(telling, lambda: _merge(region, random, child))
    if random.random() < ERASED or len(region.profiles) == 2:
        calendar.enter(calendar.later(random, 20, DAYS / 3), lambda: _erase(region, random, child))


def _change(region: Region, child: KnownChild, by: Person, path: str, body: dict[str, Any]) -> None:
    if by.username not in region.gone and child.child not in region.erased | region.merged:
        region.door.post(by.username, path, body)


def _read(region: Region, child: KnownChild) -> None:
    supervisor = region.serving("supervisor", child.unit)[0].username
    for part in ("", "/identity", "/narratives", "/timeline", "/duplicates"):
        if child.child not in region.erased and child.child not in region.merged:
            region.door.ask(supervisor, f"/children/{child.child}{part}")


def _merge(region: Region, random: Random, child: KnownChild) -> None:
    """With another profile of the unit that is free of disputes; nearly half of them turn out to be two children."""
    settled = region.erased | region.merged | region.in_cases
    free = [each for each, unit in region.profiles.items() if unit == child.unit and each not in settled]
    others = [each for each in free if each != child.child]
    if child.child in settled or not others:
        return
    supervisor, other = region.serving("supervisor", child.unit)[0].username, random.choice(others)
    body = {"other": other, "reason": "Одна дитина: той самий день народження й опікун"}
    region.door.post(supervisor, f"/children/{child.child}/merge", body)
    region.merged |= {child.child, other}  # neither is erased, or in another case, from now on
    if random.random() < PARTED:
        at = region.calendar.later(random, 2, 30)
        region.calendar.enter(at, lambda: _part(region, child, other, supervisor))


def _part(region: Region, child: KnownChild, other: str, supervisor: str) -> None:
    body = {"other": other, "reason": "Двоє дітей: різні по батькові"}
    region.door.post(supervisor, f"/children/{child.child}/unmerge", body)


def _erase(region: Region, random: Random, child: KnownChild) -> None:
    """By an order; a second supervisor of the unit agrees. Nothing of a child whose case is open goes."""
    if child.child in region.erased | region.merged | region.in_cases:
        return
    one, other = region.serving("supervisor", child.unit)[:2]
    body = {"order": f"757/{random.randint(100, 999)}/26-К", "reason": "Запит законного представника"}
    region.door.post(one.username, f"/children/{child.child}/erasure", body)
    region.door.refused(one.username, f"/children/{child.child}/erasure/agree")
    region.door.post(other.username, f"/children/{child.child}/erasure/agree")
    region.erased.add(child.child)
