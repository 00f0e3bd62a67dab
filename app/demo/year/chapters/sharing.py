"""Agencies that help: agreements, consents, referrals, conferences; one consent is withdrawn, and what rests on it."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from app.demo.accounts import ADMINISTRATOR
from app.demo.year.calendar import BEGINS, ENDS
from app.demo.year.chapters.organisation import add_unit, hire
from app.demo.year.region import REGION, Case, Person, Region, iso

KINDS = ("social-services", "children-service", "health-care", "education")
AGENCIES = 4
PURPOSES = ["social-support", "psychological-help", "health-care", "joint-planning"]
FIELDS = ["identity", "contacts", "school", "help-needed", "risk", "plan"]
FIRST_DAY, WITHDRAWAL_DAY = 60, 210
DECLINED, REVOKED, REFUSED = 0.12, 0.05, 0.08


def begin(region: Region) -> None:
    random = region.random("sharing")
    hire(region, region.units["audit"][0], "data-protection-officer")
    for number in range(AGENCIES):
        unit = add_unit(region, "agency", f"Служба {number + 1}", ("partner", 1))
        body = {"name": f"Служба {number + 1}", "kind": KINDS[number], "region": REGION, "unit": unit}
        region.agencies[region.door.post(ADMINISTRATOR, "/agencies", body)["id"]] = region.serving("partner", unit)[0]
    for unit in region.units["juvenile-prevention"]:
        _agree(region, unit)
    for _ in range(region.amounts.referrals):
        region.calendar.enter(region.calendar.some_day(random, FIRST_DAY, 330), lambda: _refer(region, random))
    for _ in range(region.amounts.conferences):
        region.calendar.enter(region.calendar.some_day(random, FIRST_DAY + 60, 330), lambda: _confer(region, random))
    region.calendar.enter(
        region.calendar.some_day(random, WITHDRAWAL_DAY, WITHDRAWAL_DAY + 60), lambda: _withdraw(region)
    )


def _agree(region: Region, unit: str) -> None:
    """Proposed by a supervisor of the unit, signed by the data protection officer."""
    body = {
        "agencies": list(region.agencies),
        "purposes": PURPOSES,
        "fields": FIELDS,
        "from_at": iso(BEGINS),
        "until": iso(ENDS + timedelta(days=100)),
    }
    supervisor = region.serving("supervisor", unit)[0].username
    key = region.door.post(supervisor, "/agreements", body)["id"]
    region.door.refused(supervisor, f"/agreements/{key}/sign")
    region.door.post(_protector(region), f"/agreements/{key}/sign")
    region.agreements[unit] = key


def _consented(region: Region, random: Random) -> tuple[Case, str] | None:
    """A case in somebody's charge whose child has a profile, and a consent of its parent; or none, or a refusal."""
    fit = [case for case in region.work if case.is_open and case.child in region.profiles]
    fit = [case for case in fit if case.child not in region.erased | region.merged]
    if not fit:
        return None
    case = random.choice(fit)
    supervisor = region.serving("supervisor", case.unit)[0].username
    if region.door.ask(supervisor, f"/cases/{case.key}")["content"]["officer"] is None:
        return None
    if (case.key, case.unit) in region.consents:
        return case, region.consents[case.key, case.unit]
    about = {"child": case.child, "purposes": PURPOSES, "agencies": list(region.agencies), "fields": FIELDS}
    of = {**about, "giver": "parent", "giver_name": "Оксана Гнатюк"}
    if random.random() < REFUSED:
        region.door.post(supervisor, "/consents/refused", of)
        return None
    until = iso(region.calendar.later(random, 100, 300))
    key = region.door.post(supervisor, "/consents/given", {**of, "expires_at": until})["id"]
    region.consents[case.key, case.unit] = key
    return case, key


def _refer(region: Region, random: Random) -> None:
    found = _consented(region, random)
    if found is None:
        return
    case, consent = found
    supervisor = region.serving("supervisor", case.unit)[0].username
    if region.door.ask(supervisor, f"/consents/{consent}")["state"] != "given":
        return
    agency, partner = random.choice(list(region.agencies.items()))
    body = {
        "case": case.key,
        "agency": agency,
        "service": "psychologist",
        "purpose": "psychological-help",
        "fields": ["identity", "contacts", "help-needed"],
        "agreement": region.agreements[case.unit],
        "consent": consent,
        "help_needed": "Зустрічі з психологинею двічі на тиждень.",
    }
    key = region.door.post(supervisor, "/referrals", body)["id"]
    region.shares[consent].append(key)
    region.calendar.enter(region.calendar.later(random, 0.2, 4), lambda: _answer(region, random, key, partner, case))


def _answer(region: Region, random: Random, key: str, partner: Person, case: Case) -> None:
    path = f"/referrals/{key}"
    if _state(region, key, partner) != "sent":
        return
    if random.random() < DECLINED:
        body = {"cause": "no-capacity", "reason": "До кінця місяця немає вільних годин"}
        region.door.post(partner.username, f"{path}/decline", body)
        return
    region.door.post(partner.username, f"{path}/accept")
    region.door.ask(partner.username, f"{path}/shared")
    if random.random() < REVOKED:
        body = {"cause": "not-needed", "reason": "Родина переїхала"}
        region.door.post(region.serving("supervisor", case.unit)[0].username, f"{path}/revoke", body)
        return
    for _ in range(random.randint(1, 2)):
        region.calendar.enter(region.calendar.later(random, 3, 20), lambda: _deliver(region, key, partner))
    region.calendar.enter(region.calendar.later(random, 22, 60), lambda: _complete(region, random, key, partner))


def _deliver(region: Region, key: str, partner: Person) -> None:
    if _state(region, key, partner) == "accepted":
        delivered_at = iso(region.clock() - timedelta(hours=3))
        body = {"service": "psychologist", "delivered_at": delivered_at, "narrative": "Перша зустріч відбулася."}
        region.door.post(partner.username, f"/referrals/{key}/deliveries", body)


def _complete(region: Region, random: Random, key: str, partner: Person) -> None:
    if _state(region, key, partner) == "accepted":
        outcome = {"outcome": random.choice(("helped", "partly-helped", "not-taken-up"))}
        region.door.post(partner.username, f"/referrals/{key}/complete", outcome)


def _state(region: Region, key: str, partner: Person) -> str:
    return str(region.door.ask(partner.username, f"/referrals/{key}")["summary"]["state"])


def _confer(region: Region, random: Random) -> None:
    """Called, unless one was called by itself; two agencies are admitted and agree; it ends in the child's plan."""
    found = _consented(region, random)
    if found is None:
        return
    case, consent = found
    supervisor = region.serving("supervisor", case.unit)[0].username
    if region.door.ask(supervisor, f"/consents/{consent}")["state"] != "given":
        return
    invited = dict(random.sample(list(region.agencies.items()), 2))
    meets_at = iso(region.calendar.later(random, 2, 4))
    standing = region.door.ask(supervisor, "/conferences", child=case.child)["items"]
    under_way = [
        each["summary"]["conference"] for each in standing if each["summary"]["state"] in ("suggested", "called")
    ]
    if under_way:
        key = under_way[0]
        region.door.post(supervisor, f"/conferences/{key}/schedule", {"meets_at": meets_at})
    else:
        body = {"case": case.key, "agencies": list(invited), "meets_at": meets_at}
        called = region.door.attempt(supervisor, "/conferences", body)
        if called is None:  # one about the child is under way in another unit
            return
        key = called["id"]
    at = region.calendar.later(random, 0.5, 1.5)
    region.calendar.enter(at, lambda: _meet(region, key, case, consent, invited))


def _meet(region: Region, key: str, case: Case, consent: str, invited: dict[str, Person]) -> None:
    supervisor, path = region.serving("supervisor", case.unit)[0].username, f"/conferences/{key}"
    stands = region.door.ask(supervisor, f"/consents/{consent}")["state"] == "given"
    if not case.is_open or not stands or region.door.ask(supervisor, path)["summary"]["state"] != "called":
        return
    admitted = {each["agency"] for each in region.door.ask(supervisor, path)["agencies"] or () if each["admitted"]}
    for agency in invited:
        if agency not in admitted:
            body = {"agency": agency, "agreement": region.agreements[case.unit], "consent": consent}
            region.door.post(supervisor, f"{path}/agencies", body)
    region.door.post(supervisor, f"{path}/decisions", {"narrative": "Дитина лишається в родині."})
    due_at = iso(region.clock() + timedelta(days=30))
    tasks: list[tuple[Any, str]] = []
    for agency, partner in invited.items():
        body = {
            "service": "psychologist",
            "due_at": due_at,
            "narrative": "Зустрічі двічі на тиждень.",
            "agency": agency,
        }
        tasks.append((partner, region.door.post(supervisor, f"{path}/tasks", body)["task"]))
    for partner in invited.values():
        region.door.post(partner.username, f"{path}/agree")
    supersedes = [
        each["summary"]["conference"]
        for each in region.door.ask(supervisor, "/conferences", child=case.child)["items"]
        if each["content"] is not None and each["content"]["in_force"]
    ]
    region.door.post(supervisor, f"{path}/settle", {"supersedes": supersedes})
    for partner, task in tasks:
        at = region.clock() + timedelta(days=20)
        region.calendar.enter(at, lambda partner=partner, task=task: _do(region, path, partner, task))  # type: ignore[misc]


def _do(region: Region, path: str, partner: Person, task: str) -> None:
    """Whoever is still admitted."""
    found = region.door.ask(partner.username, path)
    if found["content"] is not None and found["content"]["in_force"]:
        body = {"done_at": iso(region.clock() - timedelta(hours=2)), "narrative": "Усі зустрічі відбулися"}
        region.door.post(partner.username, f"{path}/tasks/{task}/done", body)


def _withdraw(region: Region) -> None:
    """The consent under which most is shared: all that rests on it is taken back by itself, and told."""
    last = {consent: unit for (_, unit), consent in region.consents.items() if consent in region.shares}
    best = max(last, key=lambda consent: len(region.shares[consent]), default=None)
    if best is None:
        return
    unit = last[best]
    supervisor = region.serving("supervisor", unit)[0].username
    if region.door.ask(supervisor, f"/consents/{best}")["state"] != "given":
        return
    body = {"giver": "parent", "reason": "Мати зателефонувала і відкликала згоду"}
    region.door.post(supervisor, f"/consents/{best}/withdraw", body)
    region.calendar.enter(region.clock() + timedelta(hours=1), lambda: _tell_radius(region, supervisor, best))


def _tell_radius(region: Region, supervisor: str, consent: str) -> None:
    found = region.door.ask(supervisor, f"/consents/{consent}/made-under-it")
    region.told["consent withdrawn: shares that rested on it"] = len(found["shares"]["items"])
    region.told["of which still open"] = sum(1 for each in found["shares"]["items"] if each["ended_at"] is None)
    region.told["looks of agencies made under it"] = len(found["views"]["items"])


def _protector(region: Region) -> str:
    return region.serving("data-protection-officer")[0].username
