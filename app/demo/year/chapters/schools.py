"""Schools: passports, whom pupils can turn to, sessions, concerns raised from a school; initiatives of communities."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from app.demo.year.chapters import concerns
from app.demo.year.chapters.organisation import add_unit
from app.demo.year.region import COMMUNITIES, Person, Region, iso

POINTS = ("shelter", "alarm-button", "warning-system", "fire-alarm", "access-control", "evacuation-plan", "first-aid")
SUBJECTS = ("rights-and-duties", "whom-to-turn-to", "bullying", "online-safety", "mines", "road-safety", "substances")
CONCERNS = ("missing-school", "signs-of-neglect", "bullied-or-bullying", "family-in-crisis")
SESSIONS, CONCERNS_OF_SCHOOL, PASSPORTS = (5, 12), (0, 4), (1, 3)
WITHDRAWN = 0.03
ISSUES = ("lighting", "way-to-school", "leisure", "road-and-crossing", "dogs", "shelter")
COMMITMENTS, KEPT = (1, 3), 0.6


def begin(region: Region) -> None:
    random = region.random("schools")
    for number in range(region.amounts.schools):
        _open(region, random, number)
    for community in COMMUNITIES[: region.amounts.communities]:
        at = region.calendar.some_day(random, 20, 200)
        region.calendar.enter(at, lambda community=community: _launch(region, random, community))  # type: ignore[misc]


def _open(region: Region, random: Random, number: int) -> None:
    community = COMMUNITIES[number % region.amounts.communities]
    unit = add_unit(region, "school", f"Ліцей № {number + 1}", ("school-partner", 1))
    prevention = region.units["juvenile-prevention"][number % len(region.units["juvenile-prevention"])]
    key, police = region.served[community]
    supervisor, partner = region.serving("supervisor", police)[0].username, region.serving("school-partner", unit)[0]
    body = {
        "name": f"Ліцей № {number + 1}",
        "community": key,
        "unit": unit,
        "prevention_unit": prevention,
        "capacity": random.randint(200, 1_200),
    }
    school = region.door.post(supervisor, "/schools", body)["id"]
    contact = {"role": "psychologist", "full_name": "Леся Гнатюк", "phone": "+380 44 555 12 12"}
    region.door.post(partner.username, f"/schools/{school}/contacts", contact)
    for _ in range(random.randint(*PASSPORTS)):
        at = region.calendar.some_day(random, 2)
        region.calendar.enter(at, lambda: _update_passport(region, random, school, partner))
    for _ in range(random.randint(*SESSIONS)):
        at = region.calendar.some_day(random, 2, 270)
        region.calendar.enter(at, lambda: _hold(region, random, school, community, partner))
    for _ in range(random.randint(*CONCERNS_OF_SCHOOL)):
        at = region.calendar.some_day(random, 10, 270)
        region.calendar.enter(at, lambda: _raise(region, random, prevention, partner))


def _update_passport(region: Region, random: Random, school: str, partner: Person) -> None:
    found = random.sample(POINTS, random.randint(2, len(POINTS)))
    checked_at = iso(region.clock() - timedelta(days=1))
    points = [{"point": point, "met": random.random() < 0.7, "checked_at": checked_at} for point in found]
    region.door.post(partner.username, f"/schools/{school}/passport", {"points": points})


def _hold(region: Region, random: Random, school: str, community: str, partner: Person) -> None:
    """By the community's officer or the school itself."""
    posted = region.posted[community]
    by = random.choice(posted) if posted and random.random() < 0.7 else partner.username
    body = {
        "subject": random.choice(SUBJECTS),
        "audience": "pupils",
        "groups": [{"age_group": random.choice(("primary-school", "basic-school")), "count": random.randint(12, 90)}],
        "held_at": iso(region.clock() - timedelta(hours=2)),
    }
    held = region.door.post(by, f"/schools/{school}/sessions", body)
    if random.random() < WITHDRAWN and "session" in held:
        region.door.post(by, f"/schools/{school}/sessions/{held['session']}/withdraw")


def _raise(region: Region, random: Random, prevention: str, partner: Person) -> None:
    """Of a pupil whom the school cannot name here; a juvenile officer reviews it."""
    said = "Учень 6-Б третій тиждень не приходить, батьки не відповідають."
    raised = region.door.post(
        partner.username, "/school-concerns", {"kind": random.choice(CONCERNS), "narrative": said}
    )
    at = region.calendar.later(random, 1, 10)
    region.calendar.enter(
        at, lambda: concerns.review(region, random, raised["id"], "", prevention, partner.username, is_police=False)
    )
    region.calendar.enter(region.calendar.later(random, 15, 40), lambda: _ask_outcome(region, partner, raised["id"]))


def _ask_outcome(region: Region, partner: Person, key: str) -> None:
    region.door.ask(partner.username, f"/school-concerns/{key}")


def _launch(region: Region, random: Random, community: str) -> None:
    """An initiative with what residents said, and what public bodies committed themselves to."""
    key, police = region.served[community]
    supervisor = region.serving("supervisor", police)[0].username
    body = {"title": f"Безпечний шлях до школи, {community} громада", "community": key}
    path = f"/initiatives/{region.door.post(supervisor, '/initiatives', body)['id']}"
    for _ in range(random.randint(*COMMITMENTS)):
        issue: dict[str, Any] = {
            "category": random.choice(ISSUES),
            "met_at": iso(region.clock() - timedelta(days=2)),
            "narrative": "Від зупинки до ліцею взимку темно.",
        }
        region.door.post(supervisor, f"{path}/issues", issue)
        due_at = region.calendar.later(random, 20, 120)
        promise = {"body": "Відділ благоустрою", "what": "Освітити тротуар до ліцею", "due_at": iso(due_at)}
        made = region.door.post(supervisor, f"{path}/commitments", promise)
        if random.random() < KEPT:  # the others are missed when their time is over, by itself
            at = region.calendar.later(random, 15, 130)
            region.calendar.enter(at, lambda made=made: _keep(region, supervisor, path, made))  # type: ignore[misc]


def _keep(region: Region, supervisor: str, path: str, made: dict[str, Any]) -> None:
    """In time or late."""
    body = {"kept_at": iso(region.clock() - timedelta(hours=1))}
    region.door.post(supervisor, f"{path}/commitments/{made['id']}/keep", body)
