"""The region of the year: how much of everything there is, who serves where, and what the chapters know of each other.

Every name in it is made up of common ones; none is of anybody.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import NamedTuple

from app.demo.year.calendar import Calendar
from app.demo.year.clock import YearClock
from app.demo.year.door import Door

REGION = "UA-18"
COMMUNITIES = (
    *("Житомирська", "Бердичівська", "Коростенська", "Звягельська", "Малинська", "Овруцька"),
    *("Радомишльська", "Коростишівська", "Андрушівська", "Баранівська", "Олевська", "Чуднівська"),
)
CENTRES = tuple((50.25 + 0.07 * number, 28.66 - 0.09 * number) for number in range(len(COMMUNITIES)))


class Amounts(NamedTuple):
    """Of a whole year; a smaller one has its share of each, and at least one."""

    communities: int = 12
    community_officers: int = 40
    schools: int = 30
    cameras: int = 200
    reports: int = 5_000
    incidents: int = 800
    cases: int = 400
    concerns: int = 300
    authorisations: int = 150
    missing_children: int = 16
    referrals: int = 60
    conferences: int = 6
    reviews: int = 50
    investigation_units: int = 3
    juvenile_units: int = 4
    officers_a_unit: int = 4

    def share(self, scale: float) -> Amounts:
        return Amounts(*(max(1, round(amount * scale)) for amount in self))


class Person(NamedTuple):
    username: str
    unit: str  # its id
    role: str


class KnownChild(NamedTuple):
    """A child that a unit has to do with, by an incident or a concern."""

    child: str
    pseudonym: str
    unit: str
    incident: str | None
    until: datetime | None = None  # when the concern expires that alone tells of the child


@dataclass
class Case:
    """What is known of a prevention case from outside; what stands in it is asked of the API."""

    key: str
    unit: str
    child: str
    is_open: bool = True


@dataclass
class Region:
    """What every chapter gets, and what it leaves for the others."""

    seed: int
    amounts: Amounts
    door: Door
    calendar: Calendar
    clock: YearClock
    first_unit: str
    units: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # by kind, their ids
    people: list[Person] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)  # usernames that serve no more
    children: list[KnownChild] = field(default_factory=list)
    profiles: dict[str, str] = field(default_factory=dict)  # by child, the unit that keeps its profile
    erased: set[str] = field(default_factory=set)  # children
    incidents: list[tuple[str, Person, str]] = field(default_factory=list)  # incident, by whom, in which community
    voided: set[str] = field(default_factory=set)  # incidents
    unlinked: set[str] = field(default_factory=set)  # children whose one link was taken back
    merged: set[str] = field(default_factory=set)  # children that are, or were, of two profiles
    cases: list[str] = field(default_factory=list)
    work: list[Case] = field(default_factory=list)
    served: dict[str, tuple[str, str]] = field(default_factory=dict)  # by community, its id and its unit's
    posted: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # by community, usernames
    standing_reports: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # by community
    agencies: dict[str, Person] = field(default_factory=dict)  # by agency, who serves there
    agreements: dict[str, str] = field(default_factory=dict)  # by unit
    consents: dict[tuple[str, str], str] = field(default_factory=dict)  # by case and unit
    shares: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # by consent, referrals
    told: dict[str, int] = field(default_factory=dict)  # what the end of the year is to say of it
    in_cases: set[str] = field(default_factory=set)  # children who have, or had, one
    in_open_cases: set[str] = field(default_factory=set)
    cameras: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # by community, codes that stand
    _usernames: dict[str, str] = field(default_factory=dict)  # by account

    def random(self, chapter: str) -> Random:
        """Chance of a chapter's own: another chapter changes none of it."""
        return Random(f"{self.seed}:{chapter}")  # noqa: S311 (an example is to come out the same)

    def serving(self, role: str, unit: str | None = None) -> list[Person]:
        """Who serves in that role, in that unit where one is named."""
        return [
            person
            for person in self.people
            if person.role == role and unit in (None, person.unit) and person.username not in self.gone
        ]

    def known_children(self, unit: str | None = None) -> list[KnownChild]:
        """Those whom the unit's officers can read of now, by whatever they know them."""
        return [
            child
            for child in self.children
            if unit in (None, child.unit)
            and child.child not in self.erased | self.merged
            and (child.child in self.profiles or child.until is None or self.clock() < child.until)
            and (child.child in self.profiles or child.child not in self.unlinked)
            and (child.child in self.profiles or child.incident not in self.voided)
        ]

    def community(self, random: Random) -> str:
        return COMMUNITIES[random.randrange(self.amounts.communities)]

    def employ(self, person: Person) -> None:
        self.people.append(person)
        self._usernames[self.door.account(person.username)] = person.username

    def username_of(self, account: str) -> str:
        return self._usernames[account]


def iso(at: datetime) -> str:
    return at.isoformat()
