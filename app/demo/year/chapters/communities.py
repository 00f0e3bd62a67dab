"""Communities and their police: stations, certified officers, posts that are handed over and end."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from app.demo.accounts import ADMINISTRATOR
from app.demo.year.calendar import BEGINS
from app.demo.year.chapters.organisation import add_unit, hire
from app.demo.year.region import CENTRES, COMMUNITIES, REGION, Person, Region, iso

SERVICE, COURSE = "community-police", "community-policing"
COMMUNITIES_A_UNIT = 3
STATION_CLOSED, HANDED_OVER = 0.2, 0.4  # shares of communities


def begin(region: Region) -> None:
    """Each unit serves some communities; each community has a station and its share of the officers."""
    random = region.random("communities")
    for number in range(region.amounts.communities):
        if number % COMMUNITIES_A_UNIT == 0:
            unit = add_unit(region, SERVICE, f"Поліція громад {number // COMMUNITIES_A_UNIT + 1}", ("supervisor", 1))
        _register(region, random, COMMUNITIES[number], unit, CENTRES[number])
    for number in range(region.amounts.community_officers):
        _post_new(region, random, COMMUNITIES[number % region.amounts.communities])
    for name in COMMUNITIES[: region.amounts.communities]:
        if random.random() < HANDED_OVER:
            at = region.calendar.some_day(random, 90, 300)
            region.calendar.enter(at, lambda name=name: _hand_over(region, random, name))  # type: ignore[misc]
    leaves = region.serving("community-officer")[-1]
    if region.amounts.community_officers > region.amounts.communities:
        region.calendar.enter(region.calendar.some_day(random, 200, 300), lambda: _withdraw(region, leaves))


def _register(region: Region, random: Random, name: str, unit: str, centre: tuple[float, float]) -> None:
    door, supervisor = region.door, region.serving("supervisor", unit)[0].username
    key = door.post(ADMINISTRATOR, "/communities", {"name": name, "region": REGION, "unit": unit})["id"]
    region.served[name] = (key, unit)
    claim = {
        "population": random.randint(8_000, 270_000),
        "as_of": iso(BEGINS),
        "source": "Приклад; ніким не рахувалося",
    }
    door.post(supervisor, f"/communities/{key}/population", {**claim, "as_of": iso(BEGINS - timedelta(days=900))})
    door.post(supervisor, f"/communities/{key}/join", {"joined_at": iso(BEGINS - timedelta(days=60))})
    station = {
        "community": key,
        "name": f"Поліцейська станція, {name} громада",
        "place": "Вулиця Центральна, 1",
        "latitude": round(centre[0], 4),
        "longitude": round(centre[1], 4),
        "opened_at": iso(BEGINS - timedelta(days=30)),
    }
    opened = door.post(supervisor, "/stations", station)["id"]
    if random.random() < STATION_CLOSED:
        at = region.calendar.some_day(random, 150)
        region.calendar.enter(at, lambda: _move_station(region, supervisor, opened, station))


def _move_station(region: Region, supervisor: str, opened: str, station: dict[str, object]) -> None:
    at = iso(region.clock())
    region.door.post(supervisor, f"/stations/{opened}/close", {"closed_at": at, "cause": "moved"})
    moved = {**station, "place": "Вулиця Нова, 2", "name": f"{station['name']}, нова", "opened_at": at}
    region.door.post(supervisor, "/stations", moved)


def _post_new(region: Region, random: Random, community: str) -> Person:
    """Hired, selected, trained, certified, and posted where they live."""
    officer = _certified(region, random, community)
    key, unit = region.served[community]
    body = {
        "account": region.door.account(officer.username),
        "community": key,
        "from_at": iso(region.clock()),
        "residence_attested": True,
    }
    region.door.post(region.serving("supervisor", unit)[0].username, "/posts", body)
    region.posted[community].append(officer.username)
    return officer


def _certified(region: Region, random: Random, community: str) -> Person:
    _, unit = region.served[community]
    officer = hire(region, unit, "community-officer")
    supervisor, account = region.serving("supervisor", unit)[0].username, region.door.account(officer.username)
    region.door.post(supervisor, "/officers", {"account": account, "service": SERVICE})
    done_at = region.clock() - timedelta(days=random.randint(5, 90))
    training, of = {"course": COURSE, "completed_at": iso(done_at)}, f"service={SERVICE}"
    region.door.post(supervisor, f"/officers/{account}/trainings?{of}", training)
    until = iso(region.calendar.later(random, 400, 1_400))
    region.door.post(supervisor, f"/officers/{account}/certify?{of}", {"until": until})
    return officer


def _hand_over(region: Region, random: Random, community: str) -> None:
    """To somebody new, at one instant."""
    if not region.posted[community]:
        return
    key, unit = region.served[community]
    gone, comes = region.posted[community][0], _certified(region, random, community)
    body = {
        "from_account": region.door.account(gone),
        "to_account": region.door.account(comes.username),
        "at": iso(region.clock()),
        "residence_attested": True,
    }
    region.door.post(region.serving("supervisor", unit)[0].username, f"/communities/{key}/hand-over", body)
    region.posted[community][0] = comes.username
    region.gone.add(gone)


def _withdraw(region: Region, officer: Person) -> None:
    """Whoever is certified no more is posted no more, by itself."""
    community = next((name for name, each in region.posted.items() if officer.username in each), None)
    if community is None:
        return
    supervisor, account = region.serving("supervisor", officer.unit)[0].username, region.door.account(officer.username)
    body = {"reason": "Переведено до іншої служби"}
    region.door.post(supervisor, f"/officers/{account}/withdraw?service={SERVICE}", body)
    region.posted[community].remove(officer.username)
    region.gone.add(officer.username)
