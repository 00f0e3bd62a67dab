"""Incidents: recorded by investigators and juvenile officers, linked with children and cameras, corrected, voided."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any, NamedTuple

from app.demo.year.region import CENTRES, COMMUNITIES, REGION, KnownChild, Person, Region, iso

KINDS = (
    *("bullying", "assault", "theft", "robbery", "hooliganism", "domestic-violence", "online-abuse", "property-damage"),
    *("neglect", "threat", "extortion", "drugs", "road-accident", "suspicious-approach", "sale-to-minors"),
)
NARRATIVES = (
    "Біля школи двоє підлітків забрали в учня рюкзак.",
    "Класна керівниця повідомила про цькування у групі повідомлень.",
    "Сусіди чули крики, дитина вийшла до сусідки сама.",
    "На майданчику пошкоджено гойдалку; є свідки.",
    "Продавець відпустив неповнолітньому алкоголь.",
)
JUVENILE, KNOWN_CHILD, SECOND_CHILD, WITH_POSITION, WITH_CAMERA = 0.6, 0.3, 0.2, 0.6, 0.4  # shares
RECLASSIFIED, VOIDED, UNLINKED, READ, LOOKED_AT = 0.06, 0.03, 0.03, 0.5, 0.3


class Incident(NamedTuple):
    key: str
    by: Person
    community: str


def begin(region: Region) -> None:
    random = region.random("incidents")
    for _ in range(region.amounts.incidents):
        region.calendar.enter(region.calendar.some_day(random, 3), lambda: _record(region, random))


def _record(region: Region, random: Random) -> None:
    role = "juvenile-officer" if random.random() < JUVENILE else "investigator"
    by, community = random.choice(region.serving(role)), region.community(random)
    body = facts(region, random, community)
    key = str(region.door.post(by.username, "/incidents", {"kind": random.choice(KINDS), **body})["id"])
    incident = Incident(key, by, community)
    if role == "juvenile-officer":
        _link_children(region, random, incident)
    _follow_up(region, random, incident)


def facts(region: Region, random: Random, community: str) -> dict[str, Any]:
    """When and where, and what is said of it."""
    occurred = region.clock() - timedelta(hours=random.uniform(1, 48))
    body: dict[str, Any] = {
        "occurred_from": iso(occurred),
        "occurred_to": iso(occurred + timedelta(minutes=random.randint(1, 40))),
        "region": REGION,
        "community": community,
        "narrative": random.choice(NARRATIVES),
    }
    if random.random() < WITH_POSITION:
        body["place"] = position(random, community)
    return body


def position(random: Random, community: str) -> dict[str, Any]:
    latitude, longitude = CENTRES[COMMUNITIES.index(community)]
    return {
        "latitude": round(latitude + random.uniform(-0.008, 0.008), 5),
        "longitude": round(longitude + random.uniform(-0.008, 0.008), 5),
        "text": f"Вулиця Центральна, {random.randint(1, 90)}",
    }


def _link_children(region: Region, random: Random, incident: Incident) -> None:
    roles = ["victim", "offender"] if random.random() < SECOND_CHILD else [random.choice(("victim", "offender"))]
    for role in roles:
        known = region.known_children(incident.by.unit)
        body: dict[str, Any] = {"role": role}
        if known and random.random() < KNOWN_CHILD:
            chosen = random.choice(known)
            body |= {"child": chosen.child, "pseudonym": chosen.pseudonym}
        linked = region.door.post(incident.by.username, f"/incidents/{incident.key}/children", body)
        child = KnownChild(linked["child"], linked["pseudonym"], incident.by.unit, incident.key)
        if "child" not in body:
            region.children.append(child)
        if random.random() < UNLINKED:
            at = region.calendar.later(random, 1, 10)
            region.calendar.enter(at, lambda child=child, role=role: _unlink(region, incident, child, role))  # type: ignore[misc]


def _follow_up(region: Region, random: Random, incident: Incident) -> None:
    """What is done with it in the days after."""
    calendar = region.calendar
    if random.random() < WITH_CAMERA:
        calendar.enter(calendar.later(random, 0.1, 2), lambda: _link_camera(region, random, incident))
    if random.random() < READ:
        calendar.enter(calendar.later(random, 1, 12), lambda: _read(region, incident))
    if random.random() < RECLASSIFIED:
        calendar.enter(calendar.later(random, 1, 20), lambda: _reclassify(region, random, incident))
    if random.random() < VOIDED:
        calendar.enter(calendar.later(random, 15, 40), lambda: _void(region, incident))
    region.incidents.append((incident.key, incident.by, incident.community))


def _link_camera(region: Region, random: Random, incident: Incident) -> None:
    codes = region.cameras[incident.community]
    if codes and incident.by.username not in region.gone:
        code = random.choice(codes)
        region.door.post(incident.by.username, f"/incidents/{incident.key}/cameras", {"camera": code})
        if random.random() < UNLINKED:
            region.door.post(incident.by.username, f"/incidents/{incident.key}/cameras/{code}/unlink")


def _read(region: Region, incident: Incident) -> None:
    """By a supervisor of the unit: the incident, what was written, and its history."""
    supervisor = region.serving("supervisor", incident.by.unit)[0].username
    for part in ("", "/narrative", "/timeline"):
        region.door.ask(supervisor, f"/incidents/{incident.key}{part}")


def _reclassify(region: Region, random: Random, incident: Incident) -> None:
    supervisor = region.serving("supervisor", incident.by.unit)[0].username
    found = region.door.ask(supervisor, f"/incidents/{incident.key}")["incident"]
    if found["state"] == "open":
        kind = random.choice([kind for kind in KINDS if kind != found["kind"]])
        body = {"kind": kind, "reason": "Уточнено кваліфікацію"}
        region.door.post(supervisor, f"/incidents/{incident.key}/reclassify", body)


def _void(region: Region, incident: Incident) -> None:
    """What came with it ends with it, by itself."""
    supervisor = region.serving("supervisor", incident.by.unit)[-1].username
    region.door.post(supervisor, f"/incidents/{incident.key}/void", {"reason": "Записано двічі"})
    region.voided.add(incident.key)


def _unlink(region: Region, incident: Incident, child: KnownChild, role: str) -> None:
    if incident.by.username not in region.gone and incident.key not in region.voided:
        body = {"role": role, "reason": "Переплутано з однокласником"}
        path = f"/incidents/{incident.key}/children/{child.child}/unlink"
        region.door.post(incident.by.username, path, body)
        region.unlinked.add(child.child)
