"""A unit of community police, whom it employs, and communities that it serves, for tests over HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from app.clockwork import system_meta
from domain import officer
from domain.ids import account_id, officer_id
from domain.log import Change
from tests.app.conftest import House

CHIEF, OFFICER, COLLEAGUE = "hanna", "ivan", "olha"  # of the unit
OTHER_CHIEF = "roman"  # of another unit of community police


def ago(days: float) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat()


@dataclass
class CommunityPolice:
    house: House
    accounts: dict[str, str] = field(default_factory=dict)

    def settle(self, *usernames: str) -> None:
        """Both units, and of the people those that are named, or all: officers of the first are certified."""
        for name, region in (("community", "UA-32"), ("community-left", "UA-46")):
            unit = {"name": name, "region": region, "kind": "community-police"}
            self.house.units[name] = self.house.done("admin", "/units", unit)["id"]
        for username, unit, role in (
            (CHIEF, "community", "supervisor"),
            (OFFICER, "community", "community-officer"),
            (COLLEAGUE, "community", "community-officer"),
            (OTHER_CHIEF, "community-left", "supervisor"),
        ):
            if username in (usernames or (CHIEF, OFFICER, COLLEAGUE, OTHER_CHIEF)):
                self.employ(username, unit, role)

    def employ(self, username: str, unit: str, role: str) -> str:
        self.accounts[username] = self.house.create_account(username, self.house.units[unit], role)
        if role == "community-officer":
            self.certify(username, unit)
        return self.accounts[username]

    def certify(self, username: str, unit: str) -> None:
        account, by = account_id(username), account_id("admin")
        trained_at = datetime.now(UTC) - timedelta(days=1_000)
        events = (
            officer.CandidateSelected(
                account=account, unit=UUID(self.house.units[unit]), by=by, service=officer.COMMUNITY
            ),
            officer.TrainingCompleted(course="community-policing", completed_at=trained_at, by=by),
            officer.OfficerCertified(until=datetime.now(UTC) + timedelta(days=365), by=by),
        )
        self.house.services.log.append([Change(officer_id(account, officer.COMMUNITY), 0, events)], system_meta("test"))

    def community(self, name: str, **more: Any) -> str:
        body = {"name": name, "region": "UA-32", "unit": self.house.units["community"], **more}
        return str(self.house.done("admin", "/communities", body)["id"])

    def station(self, community: str, **more: Any) -> str:
        place = {"name": "Станція", "place": "вул. Шевченка, 1", "latitude": 50.3, "longitude": 30.3}
        body = {"community": community, "opened_at": ago(100), **place, **more}
        return str(self.house.done("admin", "/stations", body)["id"])

    def posting(self, username: str, community: str, days_ago: float = 10) -> dict[str, Any]:
        return {
            "account": self.accounts[username],
            "community": community,
            "from_at": ago(days_ago),
            "residence_attested": True,
        }
