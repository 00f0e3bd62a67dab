"""Histories of schools and initiatives, for `tests.projections.histories`: valid ones, made of plain numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import msgspec

from domain.communities.community import CommunityRegistered
from domain.ids import NAMESPACE, school_id
from domain.initiatives import initiative_events as of_initiative
from domain.personal import HelpPerson, Narrative
from domain.schools import school_events as of_school
from domain.sealed import Sealed

Move = tuple[Callable[[int], Any], object]

SUBJECTS = ("mines", "bullying", "online-safety")
AUDIENCES = (("pupils", "upper-school"), ("teachers", "adults"), ("parents", "adults"))
CATEGORIES = ("lighting", "leisure", "shelter")
REGIONS = ("UA-30", "UA-46")
DAY = timedelta(days=1)


def key(kind: str, number: int) -> UUID:
    return uuid5(NAMESPACE, f"test:{kind}:{number}")


class School(msgspec.Struct):
    sessions: list[UUID] = []
    contacts: list[UUID] = []


class Initiative(msgspec.Struct):
    open: list[tuple[UUID, datetime]] = []  # commitments, each with its day
    reminded: set[UUID] = set()


class SchoolsAndInitiatives:
    """The part of a district that concerns these; the time is the district's."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.communities = 0
        self.schools: dict[UUID, School] = {}
        self.initiatives: dict[UUID, Initiative] = {}
        self.things = 0

    def table(self, salt: int) -> list[Move]:
        school, initiative = self._pick(self.schools, salt), self._pick(self.initiatives, salt)
        held = self._pick({stream: each for stream, each in self.schools.items() if each.sessions}, salt)
        named = self._pick({stream: each for stream, each in self.schools.items() if each.contacts}, salt)
        waiting = self._pick({stream: each for stream, each in self.initiatives.items() if each.open}, salt)
        return [
            (self.register_place, True if self.communities < 4 else None),
            (self.register_school, True),
            (self.update_passport, school),
            (self.hold_session, school),
            (self.withdraw_session, held if salt % 3 == 0 else None),
            (self.name_contact, school),
            (self.withdraw_contact, named if salt % 3 == 0 else None),
            (self.launch, True),
            (self.raise_issue, initiative),
            (self.commit, initiative),
            (self.settle, waiting),
        ]

    def register_place(self, salt: int) -> Any:
        stream = key("place", self.communities)
        self.communities += 1
        registered = CommunityRegistered(
            name=f"Community {salt % 7}", region=REGIONS[salt % 2], unit=key("unit", salt % 3), by=key("by", salt)
        )
        yield stream, [registered]

    def register_school(self, salt: int) -> Any:
        unit = key("school unit", len(self.schools))
        self.schools[school_id(unit)] = School()
        registered = of_school.SchoolRegistered(
            name=f"School {salt % 9}",
            community=key("place", salt % 4),
            region=REGIONS[salt % 2],
            unit=unit,
            police_unit=key("unit", salt % 3),
            prevention_unit=key("unit", salt % 2),
            capacity=salt if salt % 2 else None,
            by=key("by", salt),
        )
        yield school_id(unit), [registered]

    def update_passport(self, salt: int) -> Any:
        point = of_school.CheckedPoint(point="shelter", met=bool(salt % 2), checked_at=self.now())
        points = (point, msgspec.structs.replace(point, point="guard")) if salt % 3 else (point,)
        yield self._pick(self.schools, salt), [of_school.PassportUpdated(points=points, by=key("by", salt))]

    def hold_session(self, salt: int) -> Any:
        stream, session = self._pick(self.schools, salt), self._thing()
        self.schools[stream].sessions.append(session)
        audience, group = AUDIENCES[salt % 3]
        held = of_school.SessionHeld(
            session=session,
            subject=SUBJECTS[salt % 3],
            audience=audience,
            groups=(of_school.AudienceGroup(age_group=group, count=5 + salt % 40),),
            held_at=self.now() - salt % 90 * DAY,
            by=key("by", salt),
        )
        yield stream, [held]

    def withdraw_session(self, salt: int) -> Any:
        stream = self._pick({stream: each for stream, each in self.schools.items() if each.sessions}, salt)
        session = self.schools[stream].sessions.pop()
        yield stream, [of_school.SessionWithdrawn(session=session, by=key("by", salt))]

    def name_contact(self, salt: int) -> Any:
        stream, contact = self._pick(self.schools, salt), self._thing()
        self.schools[stream].contacts.append(contact)
        person = Sealed(contact, HelpPerson(full_name=f"Person {salt}"))
        yield stream, [of_school.HelpContactNamed(contact=contact, role="nurse", person=person, by=key("by", salt))]

    def withdraw_contact(self, salt: int) -> Any:
        stream = self._pick({stream: each for stream, each in self.schools.items() if each.contacts}, salt)
        contact = self.schools[stream].contacts.pop()
        yield stream, [of_school.HelpContactWithdrawn(contact=contact, by=key("by", salt))]

    def launch(self, salt: int) -> Any:
        stream = key("initiative", len(self.initiatives))
        self.initiatives[stream] = Initiative()
        launched = of_initiative.InitiativeLaunched(
            title=f"Initiative {salt}",
            community=key("place", salt % 4),
            region=REGIONS[salt % 2],
            unit=key("unit", salt % 3),
            by=key("by", salt),
        )
        yield stream, [launched]

    def raise_issue(self, salt: int) -> Any:
        issue = self._thing()
        raised = of_initiative.IssueRaised(
            issue=issue,
            category=CATEGORIES[salt % 3],
            met_at=self.now(),
            narrative=Sealed(issue, Narrative(f"What was said, {salt}")),
            by=key("by", salt),
        )
        yield self._pick(self.initiatives, salt), [raised]

    def commit(self, salt: int) -> Any:
        stream, commitment, due_at = self._pick(self.initiatives, salt), self._thing(), self.now() + salt % 30 * DAY
        self.initiatives[stream].open.append((commitment, due_at))
        made = of_initiative.CommitmentMade(
            commitment=commitment,
            body=f"Body {salt % 5}",
            what=f"Deed {salt}",
            made_at=self.now(),
            due_at=due_at,
            remind_at=due_at - 7 * DAY,
            by=key("by", salt),
        )
        yield stream, [made]

    def settle(self, salt: int) -> Any:
        """Reminded of first, then kept in time or late, or missed."""
        stream = self._pick({stream: each for stream, each in self.initiatives.items() if each.open}, salt)
        mine = self.initiatives[stream]
        commitment, due_at = mine.open[0]
        if commitment not in mine.reminded:
            mine.reminded.add(commitment)
            yield stream, [of_initiative.CommitmentReminded(commitment=commitment, due_at=due_at)]
            return
        mine.open.pop(0)
        late, by = (salt % 2) * DAY, key("by", salt)
        missed = of_initiative.CommitmentMissed(commitment=commitment, at=due_at, by=by if salt % 2 else None)
        kept = of_initiative.CommitmentKept(commitment=commitment, kept_at=due_at + late, by=by)
        yield stream, [missed if salt % 3 == 0 else kept]

    def _thing(self) -> UUID:
        self.things += 1
        return key("school thing", self.things)

    def _pick(self, among: dict[UUID, Any], salt: int) -> Any:
        return list(among)[salt % len(among)] if among else None
