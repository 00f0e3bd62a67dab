"""Prevention cases: opened, assigned, judged, planned, worked on, handed over, closed, taken up again, sealed."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from app.demo.year.region import Case, Region, iso
from domain.case_words import (
    CONTACT_KINDS,
    GROUNDS,
    MEASURE_KINDS,
    MEASURE_RESULTS,
    OUTCOMES,
    PROTECTIVE_FACTORS,
    RISK_LEVELS,
)

FIRST_DAY = 15
REJECTED, HANDED_OVER, DECLINED, EXTENDED, REOPENED, SEALED, INVOLVED = 0.15, 0.06, 0.4, 0.2, 0.08, 0.2, 0.5
MEASURES, CONTACTS = (1, 4), (1, 5)


def begin(region: Region) -> None:
    random = region.random("cases")
    for _ in range(region.amounts.cases):
        region.calendar.enter(region.calendar.some_day(random, FIRST_DAY, 330), lambda: _open(region, random))


def _open(region: Region, random: Random) -> None:
    fit = [child for child in region.known_children() if child.child not in region.in_open_cases]
    if not fit:
        return
    child = random.choice(fit)
    by = random.choice(region.serving("juvenile-officer", child.unit))
    body: dict[str, Any] = {
        "ground": random.choice(tuple(GROUNDS)),
        "term_ends": iso(region.calendar.later(random, 60, 200)),
        "reason": "Два протоколи за місяць",
        "child": child.child,
        "pseudonym": child.pseudonym,
    }
    incident = None if child.incident in region.voided else child.incident
    if incident is not None:
        body["incident"] = incident
    case = Case(region.door.post(by.username, "/cases", body)["id"], child.unit, child.child)
    region.in_cases.add(child.child)
    region.in_open_cases.add(child.child)
    region.cases.append(case.key)
    region.work.append(case)
    if incident is not None and random.random() < INVOLVED:
        region.door.post(by.username, f"/incidents/{incident}/cases", {"case": case.key})
    region.calendar.enter(region.calendar.later(random, 0.2, 3), lambda: _assign(region, random, case))


def _assign(region: Region, random: Random, case: Case) -> None:
    supervisor = _supervisor(region, case)
    certified = _certified(region, case)
    region.door.post(supervisor, f"/cases/{case.key}/assign", {"officer": random.choice(certified)})
    calendar = region.calendar
    calendar.enter(calendar.later(random, 0.5, 4), lambda: _assess(region, random, case))
    calendar.enter(calendar.later(random, 4, 10), lambda: _propose(region, random, case))
    for _ in range(random.randint(*CONTACTS)):
        calendar.enter(calendar.later(random, 5, 90), lambda: _contact(region, random, case))
    if random.random() < HANDED_OVER and len(region.units["juvenile-prevention"]) > 1:
        calendar.enter(calendar.later(random, 20, 50), lambda: _offer(region, random, case))
    if random.random() < EXTENDED:
        calendar.enter(calendar.later(random, 40, 60), lambda: _extend(region, random, case))
    calendar.enter(calendar.later(random, 60, 200), lambda: _close(region, random, case))


def _assess(region: Region, random: Random, case: Case) -> None:
    factors = random.sample(tuple(PROTECTIVE_FACTORS), random.randint(1, 3))
    body = {
        "level": random.choice(tuple(RISK_LEVELS)),
        "protective_factors": factors,
        "review_by": iso(region.calendar.later(random, 20, 60)),
        "narrative": "Бабуся поруч, школу відвідує.",
    }
    _in_charge(region, case, "/risk", body)


def _propose(region: Region, random: Random, case: Case) -> None:
    """A plan, decided on by a supervisor; one that was rejected is followed by another."""
    body = {"narrative": "Гурток, щотижневі бесіди, зустріч із батьками."}
    if not _in_charge(region, case, "/plans", body):
        return
    plan = _read(region, case)["content"]["plan"]
    path = f"/cases/{case.key}/plans/{plan}"
    if random.random() < REJECTED:
        region.door.post(_supervisor(region, case), f"{path}/reject", {"reason": "Бракує роботи зі школою"})
        region.calendar.enter(region.calendar.later(random, 1, 6), lambda: _propose(region, random, case))
        return
    region.door.post(_supervisor(region, case), f"{path}/approve")
    for _ in range(random.randint(*MEASURES)):
        region.calendar.enter(region.calendar.later(random, 0.5, 60), lambda: _schedule(region, random, case))


def _schedule(region: Region, random: Random, case: Case) -> None:
    due_at = region.calendar.later(random, 2, 25)
    body = {
        "kind": random.choice(tuple(MEASURE_KINDS)),
        "due_at": iso(due_at),
        "narrative": "Відвідати вдома разом із психологом.",
    }
    if _in_charge(region, case, "/measures", body):
        measure = max(_read(region, case)["measures"], key=lambda each: str(each["scheduled_at"]))["measure"]
        late = due_at + timedelta(days=random.uniform(-1, 6))
        region.calendar.enter(late, lambda: _complete(region, random, case, measure))


def _complete(region: Region, random: Random, case: Case, measure: str) -> None:
    body = {
        "result": random.choice(tuple(MEASURE_RESULTS)),
        "ended_at": iso(region.clock() - timedelta(hours=random.uniform(0.5, 6))),
        "narrative": "Відвідали; домовилися про гурток.",
    }
    _in_charge(region, case, f"/measures/{measure}/complete", body, where=measure)


def _contact(region: Region, random: Random, case: Case) -> None:
    body = {
        "kind": random.choice(tuple(CONTACT_KINDS)),
        "occurred_at": iso(region.clock() - timedelta(hours=random.uniform(0.2, 20))),
        "narrative": "Мати просить допомогти з гуртком.",
    }
    _in_charge(region, case, "/contacts", body)


def _offer(region: Region, random: Random, case: Case) -> None:
    """To another unit, which answers some days later; what it declines stays."""
    others = [unit for unit in region.units["juvenile-prevention"] if unit != case.unit]
    if not case.is_open or not others:
        return
    to = random.choice(others)
    body = {
        "to_unit": to,
        "answer_by": iso(region.calendar.later(random, 8, 14)),
        "reason": "Родина переїхала до їхнього району",
    }
    region.door.post(_supervisor(region, case), f"/cases/{case.key}/transfer", body)
    region.calendar.enter(region.calendar.later(random, 1, 6), lambda: _answer(region, random, case, to))


def _answer(region: Region, random: Random, case: Case, unit: str) -> None:
    if not case.is_open:
        return
    if _read(region, case)["content"]["offered_unit"] is None:  # it was closed meanwhile, and taken up again
        return
    supervisor = region.serving("supervisor", unit)[0].username
    region.door.ask(supervisor, f"/cases/{case.key}/offer")
    if random.random() < DECLINED:
        body = {"reason": "Родина живе за старою адресою"}
        region.door.post(supervisor, f"/cases/{case.key}/transfer/decline", body)
        return
    case.unit = unit
    officer = random.choice(_certified(region, case))
    region.door.post(supervisor, f"/cases/{case.key}/transfer/accept", {"officer": officer})


def _extend(region: Region, random: Random, case: Case) -> None:
    if case.is_open:
        body = {"term_ends": iso(region.calendar.later(random, 210, 300)), "reason": "План ще не виконано"}
        region.door.post(_supervisor(region, case), f"/cases/{case.key}/extend", body)


def _close(region: Region, random: Random, case: Case) -> None:
    """What is closed is sealed later, or taken up again once."""
    body = {"outcome": random.choice(tuple(OUTCOMES)), "reason": "План виконано"}
    region.door.post(_supervisor(region, case), f"/cases/{case.key}/close", body)
    case.is_open = False
    region.in_open_cases.discard(case.child)
    chance = random.random()
    if chance < SEALED:
        region.calendar.enter(region.calendar.later(random, 20, 60), lambda: _seal(region, case))
    elif chance < SEALED + REOPENED:
        region.calendar.enter(region.calendar.later(random, 5, 30), lambda: _reopen(region, random, case))


def _seal(region: Region, case: Case) -> None:
    region.door.post(_supervisor(region, case), f"/cases/{case.key}/seal", {"reason": "Строк зберігання"})


def _reopen(region: Region, random: Random, case: Case) -> None:
    """Unless the child has another one meanwhile, or none that can be worked with."""
    if case.child in region.in_open_cases | region.erased | region.merged:
        return
    body = {"term_ends": iso(region.calendar.later(random, 60, 120)), "reason": "Новий протокол"}
    region.door.post(_supervisor(region, case), f"/cases/{case.key}/reopen", body)
    case.is_open = True
    region.in_open_cases.add(case.child)
    region.calendar.enter(region.calendar.later(random, 0.2, 2), lambda: _assign(region, random, case))


def _in_charge(region: Region, case: Case, path: str, body: dict[str, Any], *, where: str = "") -> bool:
    """Done by whoever is in charge now, where anybody is and the case is open; `where`, while that measure waits."""
    if not case.is_open:
        return False
    found = _read(region, case)
    officer = found["content"]["officer"]
    waits = {each["measure"] for each in found["measures"] if each["state"] == "scheduled"}
    is_undecided = path == "/plans" and found["content"]["plan_state"] == "proposed"
    if officer is None or (where and where not in waits) or is_undecided:
        return False
    region.door.post(region.username_of(officer), f"/cases/{case.key}{path}", body)
    return True


def _read(region: Region, case: Case) -> Any:
    return region.door.ask(_supervisor(region, case), f"/cases/{case.key}")


def _supervisor(region: Region, case: Case) -> str:
    return region.serving("supervisor", case.unit)[0].username


def _certified(region: Region, case: Case) -> list[str]:
    """Accounts of the unit's officers whose certification stands now."""
    found = region.door.ask(_supervisor(region, case), "/officers", unit=case.unit, officer_state="certified")
    return [each["account"] for each in found["items"]]
