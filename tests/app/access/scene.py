"""A house with everybody who may ask about a thing, and what is on record of it. Whoever made a report asks by its
token; everybody else has an account.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx

from app.clockwork import system_meta
from domain.log import Change
from tests.app.conftest import PURPOSE, House
from tests.app.neighbourhood import Neighbourhood
from tests.app.referring_house import Space
from tests.app.reports.office import Office

RESIDENT, OTHER_RESIDENT = "resident", "other-resident"
OTHER_POLICE_SUPERVISOR = "yaryna"
OFFERED = "bohuslava"  # supervisor of the unit that a case is offered to


@dataclass
class Scene:
    """Who is there, and what they may ask about."""

    house: House
    space: Space
    around: Neighbourhood
    office: Office
    things: dict[str, str] = field(default_factory=dict)  # by the name that paths have for them
    tokens: dict[str, str] = field(default_factory=dict)  # of reports, by who reported
    sessions: dict[str, str] = field(default_factory=dict)  # of those who signed in
    answers: dict[object, httpx.Response] = field(default_factory=dict)

    @classmethod
    def of(cls, house: House) -> Scene:
        around = Neighbourhood(house)
        around.settle()
        around.open_schools()
        house.create_account(OTHER_POLICE_SUPERVISOR, house.units["other-police"], "supervisor")
        unit = {"name": "offered", "region": "UA-30", "kind": "juvenile-prevention"}
        house.units["offered"] = house.done("admin", "/units", unit)["id"]
        house.create_account(OFFERED, house.units["offered"], "supervisor")
        office = Office(house)
        office.unslowed()
        return cls(house, Space.of(house), around, office)

    def ask(self, reader: str, path: str, **parameters: object) -> httpx.Response:
        """Of several questions that read one answer, the first asks."""
        asked = (reader, path, tuple(parameters.items()))
        if asked not in self.answers:
            self.answers[asked] = self._ask(reader, path.format_map(self.things), parameters)
        return self.answers[asked]

    def _ask(self, reader: str, path: str, parameters: dict[str, Any]) -> httpx.Response:
        self.house.caught_up()
        headers = {"Authorization": self._shown(reader), "Oberih-Purpose": PURPOSE}
        return self.house.http.get(path, params=parameters, headers=headers)

    def command(self, reader: str, path: str, body: object) -> httpx.Response:
        headers = {"Authorization": self._shown(reader), "Oberih-Purpose": PURPOSE, "Idempotency-Key": uuid4().hex}
        return self.house.http.post(path, json=body, headers=headers)

    def _shown(self, reader: str) -> str:
        if reader in self.tokens:
            return f"Report {self.tokens[reader]}"
        if reader not in self.sessions:
            self.sessions[reader] = self.house.token(reader)
        return f"Bearer {self.sessions[reader]}"

    def append(self, stream: str, version: int, *events: Any) -> None:
        self.house.services.log.append([Change(UUID(stream), version, events)], system_meta("test"))
        self.house.caught_up()
