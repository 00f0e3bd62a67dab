"""Officers of juvenile prevention: all are selected, trained and certified; some certifications end in the year."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from app.demo.year.region import Person, Region, iso
from domain.officer import REQUIRED_COURSE
from domain.officer_words import COURSES

SHORT, LONG = (90, 330), (400, 1_400)  # days that a certification lasts
SHORT_SHARE = 0.3


def begin(region: Region) -> None:
    """The first of every unit stays certified all year, so that cases find somebody."""
    random = region.random("officers")
    for unit in region.units["juvenile-prevention"]:
        for place, officer in enumerate(region.serving("juvenile-officer", unit)):
            _select(region, officer)
            _certify(region, random, officer, short=place > 0 and random.random() < SHORT_SHARE)
    withdrawn = region.serving("juvenile-officer")[-1]
    region.calendar.enter(region.calendar.some_day(random, 60, 120), lambda: _withdraw(region, random, withdrawn))


def _select(region: Region, officer: Person) -> None:
    supervisor = region.serving("supervisor", officer.unit)[0]
    region.door.post(supervisor.username, "/officers", {"account": region.door.account(officer.username)})


def _certify(region: Region, random: Random, officer: Person, *, short: bool = False) -> None:
    """Train and certify; who lapses is trained anew some weeks later, where they serve still."""
    if officer.username in region.gone:
        return
    supervisor = region.serving("supervisor", officer.unit)[0].username
    path = f"/officers/{region.door.account(officer.username)}"
    if region.door.ask(supervisor, path)["officer"]["state"] == "certified":
        return
    for course in (REQUIRED_COURSE, random.choice(tuple(COURSES))):
        done_at = region.clock() - timedelta(days=random.randint(3, 60), hours=random.randint(0, 20))
        region.door.post(supervisor, f"{path}/trainings", {"course": course, "completed_at": iso(done_at)})
    until = region.calendar.later(random, *(SHORT if short else LONG))
    region.door.post(supervisor, f"{path}/certify", {"until": iso(until)})
    if short:
        again = until + timedelta(days=random.randint(7, 40))
        region.calendar.enter(again, lambda: _certify(region, random, officer))


def _withdraw(region: Region, random: Random, officer: Person) -> None:
    """Before its time; the open cases go to colleagues. Half a year later they are trained anew."""
    supervisor = region.serving("supervisor", officer.unit)[0].username
    path = f"/officers/{region.door.account(officer.username)}"
    if officer.username in region.gone or region.door.ask(supervisor, path)["officer"]["state"] != "certified":
        return
    region.door.post(supervisor, f"{path}/withdraw", {"reason": "Службова перевірка"})
    again = region.calendar.later(random, 150, 200)
    region.calendar.enter(again, lambda: _certify(region, random, officer))
