"""Units and accounts: made before the year begins to be lived, and what changes among people in its course."""

from __future__ import annotations

from app.demo.accounts import ADMINISTRATOR, INITIAL_PASSWORD
from app.demo.year.region import REGION, Person, Region

PURPOSES = {
    "investigator": "investigation",
    "juvenile-officer": "prevention",
    "supervisor": "supervision",
    "auditor": "audit",
    "administrator": "administration",
    "analyst": "supervision",
    "community-officer": "prevention",
    "school-partner": "prevention",
    "partner": "prevention",
    "data-protection-officer": "disclosure-request",
}
NAMES = ("Олена", "Тарас", "Ірина", "Богдан", "Надія", "Андрій", "Галина", "Остап", "Марія", "Юрій")
SURNAMES = ("Коваль", "Мельник", "Бондар", "Шевчук", "Ткачук", "Савчук", "Кравець", "Гнатюк", "Левченко", "Поліщук")
LEAVE_FROM_DAY, LEAVE_TO_DAY = 120, 330


def begin(region: Region) -> None:
    """The administrator makes everybody; everybody chooses a password; a few leave again in the year."""
    region.door.sign_in(ADMINISTRATOR, PURPOSES["administrator"])
    amounts = region.amounts
    add_unit(region, "duty", "Чергова частина", ("supervisor", 2))
    add_unit(region, "audit", "Внутрішній аудит", ("auditor", 1))
    for number in range(amounts.investigation_units):
        staff = ("supervisor", 1), ("investigator", amounts.officers_a_unit)
        add_unit(region, "investigation", f"Слідчий відділ {number + 1}", *staff)
    for number in range(max(2, amounts.juvenile_units)):
        staff = ("supervisor", 2), ("juvenile-officer", max(2, amounts.officers_a_unit))
        add_unit(region, "juvenile-prevention", f"Ювенальна превенція {number + 1}", *staff)
    _changes(region)


def add_unit(region: Region, kind: str, name: str, *staff: tuple[str, int]) -> str:
    """A unit with so many people in each role. Returns its id."""
    unit = str(region.door.post(ADMINISTRATOR, "/units", {"name": name, "region": REGION, "kind": kind})["id"])
    region.units[kind].append(unit)
    for role, count in staff:
        for _ in range(count):
            hire(region, unit, role)
    return unit


def hire(region: Region, unit: str, role: str) -> Person:
    """Somebody new, with a password of their own."""
    number = len(region.people) + 1
    username = f"{role.replace('-', '.')}.{number}"
    name = f"{NAMES[number % len(NAMES)]} {SURNAMES[number * 7 % len(SURNAMES)]}"
    body = {"username": username, "full_name": name, "password": INITIAL_PASSWORD, "unit": unit}
    account = region.door.post(ADMINISTRATOR, "/accounts", body)["id"]
    region.door.post(ADMINISTRATOR, f"/accounts/{account}/roles", {"role": role})
    region.door.choose_password(username, PURPOSES[role])
    person = Person(username, unit, role)
    region.employ(person)
    return person


def _changes(region: Region) -> None:
    """One investigator and one juvenile officer leave, where their unit can spare them; somebody forgets a password."""
    random = region.random("organisation")
    for role in ("investigator", "juvenile-officer"):
        at = region.calendar.some_day(random, LEAVE_FROM_DAY, LEAVE_TO_DAY)
        region.calendar.enter(at, lambda role=role: _leave(region, role))  # type: ignore[misc]
    forgetful = region.serving("supervisor")[0]
    region.calendar.enter(region.calendar.some_day(random), lambda: _forget_password(region, forgetful))


def _leave(region: Region, role: str) -> None:
    staff = region.serving(role)
    leaves = next((each for each in reversed(staff) if len(region.serving(role, each.unit)) > 2), None)
    if leaves is None:
        return
    account = region.door.account(leaves.username)
    region.gone.add(leaves.username)
    if role == "juvenile-officer":
        region.door.post(ADMINISTRATOR, f"/accounts/{account}/roles/{role}/withdraw")
    region.door.post(ADMINISTRATOR, f"/accounts/{account}/suspend", {"reason": "Звільнено зі служби"})


def _forget_password(region: Region, person: Person) -> None:
    account = region.door.account(person.username)
    region.door.post(ADMINISTRATOR, f"/accounts/{account}/password", {"password": INITIAL_PASSWORD})
    region.door.choose_password(person.username, PURPOSES[person.role])
