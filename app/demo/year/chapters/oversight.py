"""What supervisors and auditors look at now and then, and what those try who may not."""

from __future__ import annotations

from random import Random

from app.demo.accounts import ADMINISTRATOR
from app.demo.year.region import Region

FIRST_DAY = 40


def begin(region: Region) -> None:
    random = region.random("oversight")
    for _ in range(region.amounts.reviews):
        region.calendar.enter(region.calendar.some_day(random, FIRST_DAY), lambda: _look(region, random))


def _look(region: Region, random: Random) -> None:
    auditor = region.serving("auditor")[0].username
    for path in ("/incidents", "/cases", "/concerns", "/authorisations", "/searches", "/officers/pipeline", "/holds"):
        region.door.ask(auditor, path)
    if region.cases:
        region.door.ask(auditor, f"/cases/{random.choice(region.cases)}/timeline")
    for unit in region.units["juvenile-prevention"]:
        supervisor = region.serving("supervisor", unit)[0].username
        for path in ("/cases/work", "/cases/figures", "/concerns", "/children/profiles"):
            region.door.ask(supervisor, path)
    if not region.incidents:
        return
    incident, by, _ = random.choice(region.incidents)
    body = {"reason": "Спроба"}
    region.door.refused(ADMINISTRATOR, f"/incidents/{incident}/void", body)
    region.door.refused(auditor, f"/incidents/{incident}/void", body)
    strangers = [each for each in region.serving("investigator") if each.unit != by.unit]
    if strangers:
        region.door.refused(random.choice(strangers).username, f"/incidents/{incident}/cameras", {"camera": "ZHY-001"})
