"""What a webhook can be told of: the kinds of things, and the operation by which its account may read one.

There is no second list of who may know what: a message goes out where the gate lets the account read the thing itself,
or see that it exists, where that is all that the message tells. How a conference goes on is told to those who read it;
that it meets, and when, to those who are invited.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from app import relations
from app.access.operations import Operation
from app.access.resources import Absent, Resource
from app.desk import Desk
from domain import concern, incident, prevention_case
from domain.prevention_case_state import PreventionCase
from domain.reports import report
from domain.sharing import conference, referral


@dataclass(frozen=True)
class Subject:
    read: Operation
    thing: Callable[[Desk, UUID, datetime], Resource | Absent]
    see: Operation | None = None  # enough for the topics that are `seen`
    seen: frozenset[str] = frozenset()

    def asks(self, topic: str) -> Operation:
        return self.see if self.see is not None and topic in self.seen else self.read


def _incident(desk: Desk, key: UUID, at: datetime) -> Resource | Absent:
    return relations.incident(key, desk.load(incident.DECIDER, key).state)


def _concern(desk: Desk, key: UUID, at: datetime) -> Resource | Absent:
    return relations.concern(key, desk.load(concern.DECIDER, key).state, at)


def _report(desk: Desk, key: UUID, at: datetime) -> Resource | Absent:
    return relations.report(key, desk.load(report.DECIDER, key).state)


def _referral(desk: Desk, key: UUID, at: datetime) -> Resource | Absent:
    state = desk.load(referral.DECIDER, key).state
    return relations.referral(key, state, None if state is None else _case(desk, state.case))


def _conference(desk: Desk, key: UUID, at: datetime) -> Resource | Absent:
    state = desk.load(conference.DECIDER, key).state
    return relations.conference(key, state, None if state is None else _case(desk, state.case))


def _case(desk: Desk, key: UUID) -> PreventionCase | None:
    return desk.load(prevention_case.DECIDER, key).state


SUBJECTS: Mapping[str, Subject] = MappingProxyType(  # by the first word of their topics
    {
        "incident": Subject(Operation.INCIDENT_READ, _incident),
        "concern": Subject(Operation.CONCERN_READ, _concern),
        "report": Subject(Operation.REPORT_READ, _report),
        "referral": Subject(Operation.REFERRAL_SEE, _referral),
        "conference": Subject(
            Operation.CONFERENCE_READ,
            _conference,
            see=Operation.CONFERENCE_SEE,
            seen=frozenset({"conference.called", "conference.scheduled", "conference.cancelled"}),
        ),
    }
)
