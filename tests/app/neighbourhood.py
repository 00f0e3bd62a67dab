"""A house with two communities and their police, and a school in each: who serves where, for the tests of schools and
initiatives.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.clockwork import system_meta
from domain.communities.community import CommunityRegistered
from domain.communities.post import PostedToCommunity
from domain.ids import account_id, community_id, post_id
from domain.log import Change
from tests.app.conftest import House

PARTNER, OTHER_PARTNER = "liudmyla", "petro"
OFFICER, OTHER_OFFICER = "ihor", "olha"
POLICE_SUPERVISOR = "roman"
JUVENILE, JUVENILE_SUPERVISOR, OTHER_JUVENILE = "iryna", "nadiia", "stepan"
HERE, THERE = community_id("UA-30", "Подільська"), community_id("UA-46", "Личаківська")

UNITS = (
    ("school", "UA-30", "school"),
    ("other-school", "UA-46", "school"),
    ("community-police", "UA-30", "community-police"),
    ("other-police", "UA-46", "community-police"),
    ("other-juvenile", "UA-46", "juvenile-prevention"),
)
PEOPLE = (
    (PARTNER, "school", "school-partner"),
    (OTHER_PARTNER, "other-school", "school-partner"),
    (OFFICER, "community-police", "community-officer"),
    (OTHER_OFFICER, "other-police", "community-officer"),
    (POLICE_SUPERVISOR, "community-police", "supervisor"),
    (OTHER_JUVENILE, "other-juvenile", "juvenile-officer"),
)


@dataclass
class Neighbourhood:
    house: House
    schools: dict[str, str] = field(default_factory=dict)

    def settle(self) -> None:
        for name, region, kind in UNITS:
            unit = {"name": name, "region": region, "kind": kind}
            self.house.units[name] = self.house.done("admin", "/units", unit)["id"]
        for username, unit_name, role in PEOPLE:
            self.house.create_account(username, self.house.units[unit_name], role)
        self.register_community(HERE, "Подільська", "UA-30", "community-police", OFFICER)
        self.register_community(THERE, "Личаківська", "UA-46", "other-police", OTHER_OFFICER)

    def register_community(self, key: UUID, name: str, region: str, unit: str, officer: str) -> None:
        """With its officer posted to it."""
        by, served = account_id("admin"), UUID(self.house.units[unit])
        registered = CommunityRegistered(name=name, region=region, unit=served, by=by)
        posted = PostedToCommunity(
            account=account_id(officer),
            community=key,
            from_at=datetime.now(UTC) - timedelta(days=1),
            residence_attested=True,
            by=by,
        )
        changes = [Change(key, 0, (registered,)), Change(post_id(account_id(officer)), 0, (posted,))]
        self.house.services.log.append(changes, system_meta("test"))

    def open_schools(self) -> None:
        """One of each community's officer, each with its unit of juvenile prevention."""
        for officer, community, unit, prevention in (
            (OFFICER, HERE, "school", "juvenile"),
            (OTHER_OFFICER, THERE, "other-school", "other-juvenile"),
        ):
            body = self.new_school(unit, prevention, community)
            self.schools[unit] = str(self.house.done(officer, "/schools", body)["id"])

    def new_school(self, unit: str, prevention: str, community: UUID = HERE) -> dict[str, object]:
        return {
            "name": f"Ліцей {unit}",
            "community": str(community),
            "unit": self.house.units[unit],
            "prevention_unit": self.house.units[prevention],
            "capacity": 600,
        }
