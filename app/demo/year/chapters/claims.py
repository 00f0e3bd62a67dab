"""What the Ministry claimed in May 2021, beside what is counted here: loaded, one corrected, one withdrawn."""

from __future__ import annotations

from app.demo.accounts import ADMINISTRATOR
from app.demo.year.region import Region

SAID = ("value", "precision", "as_of", "since", "source", "remark")
FIRST_DAY = 20


def begin(region: Region) -> None:
    random = region.random("claims")
    region.calendar.enter(region.calendar.some_day(random, FIRST_DAY, FIRST_DAY + 5), lambda: _load(region))


def _load(region: Region) -> None:
    corrected, withdrawn, *_ = region.door.post(ADMINISTRATOR, "/claims/seed")["stated"]
    shown = region.door.ask(ADMINISTRATOR, f"/claims/{corrected}")
    saying = {name: shown[name] for name in SAID} | {"value": shown["value"] + 1}
    region.door.post(ADMINISTRATOR, f"/claims/{corrected}/correct", {**saying, "cause": "mistyped"})
    region.door.post(ADMINISTRATOR, f"/claims/{withdrawn}/withdraw", {"cause": "stated-in-error"})
    region.door.post(ADMINISTRATOR, "/claims/seed")
