"""What a case conference is, after its events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain import checks
from domain.errors import WrongState
from domain.event import Event
from domain.sharing import conference_events as facts
from domain.sharing.conference_events import Invited

KIND = "conference"

SUGGESTED, CALLED, AGREED, CANCELLED = "suggested", "called", "agreed", "cancelled"
PHASES = (SUGGESTED, CALLED, AGREED, CANCELLED)
OPEN = (SUGGESTED, CALLED)  # of a child, one at a time


class Admitted(msgspec.Struct, frozen=True, kw_only=True):
    agency: UUID
    unit: UUID
    agreement: UUID
    consent: UUID
    shared_by: UUID  # the unit that had the case


class Task(msgspec.Struct, frozen=True, kw_only=True):
    key: UUID
    agency: UUID | None
    done: bool = False


class Conference(msgspec.Struct, frozen=True, kw_only=True):
    child: UUID
    profile: UUID  # whose record says that it is under way
    case: UUID
    unit: UUID
    invited: tuple[Invited, ...]
    meets_at: datetime | None
    cancelled: bool = False
    settled: bool = False
    admitted: tuple[Admitted, ...] = ()
    tasks: tuple[Task, ...] = ()
    dropped: tuple[UUID, ...] = ()  # tasks: their ids are not used again
    decisions: int = 0
    agreed: frozenset[UUID] = frozenset()  # agencies that said yes to the plan as it is now

    @property
    def phase(self) -> str:
        if self.cancelled or self.settled:
            return CANCELLED if self.cancelled else AGREED
        return SUGGESTED if self.meets_at is None else CALLED

    def admission(self, agency: UUID) -> Admitted | None:
        return next((each for each in self.admitted if each.agency == agency), None)

    def task(self, key: UUID) -> Task | None:
        return next((each for each in self.tasks if each.key == key), None)


def in_phase(state: Conference | None, key: UUID, *phases: str) -> Conference:
    """Raises NotFound, WrongState."""
    conference = checks.existing(KIND, key, state)
    if conference.phase not in phases:
        raise WrongState(KIND, key, conference.phase, f"this needs one that is {' or '.join(phases)}")
    return conference


def evolve_called(state: None, event: facts.ConferenceCalled) -> Conference:
    return Conference(
        child=event.child,
        profile=event.profile,
        case=event.case,
        unit=event.unit,
        invited=event.invited,
        meets_at=event.meets_at,
    )


def evolve_scheduled(state: Conference, event: facts.ConferenceScheduled) -> Conference:
    return replace(state, meets_at=event.meets_at)


def evolve_admitted(state: Conference, event: facts.AgencyAdmitted) -> Conference:
    admitted = Admitted(
        agency=event.agency,
        unit=event.agency_unit,
        agreement=event.agreement,
        consent=event.consent,
        shared_by=event.unit or state.unit,
    )
    return replace(state, admitted=(*(each for each in state.admitted if each.agency != event.agency), admitted))


def evolve_excluded(state: Conference, event: facts.AgencyExcluded) -> Conference:
    return replace(
        state,
        invited=tuple(each for each in state.invited if each.agency != event.agency),
        admitted=tuple(each for each in state.admitted if each.agency != event.agency),
        agreed=state.agreed - {event.agency},
    )


def evolve_decision(state: Conference, event: facts.DecisionRecorded) -> Conference:
    return replace(state, decisions=state.decisions + 1)


def evolve_task_agreed(state: Conference, event: facts.TaskAgreed) -> Conference:
    task = Task(key=event.task, agency=event.agency)
    return replace(state, tasks=(*state.tasks, task), agreed=frozenset())


def evolve_task_dropped(state: Conference, event: facts.TaskDropped) -> Conference:
    left = tuple(each for each in state.tasks if each.key != event.task)
    return replace(state, tasks=left, dropped=(*state.dropped, event.task), agreed=frozenset())


def evolve_agency_agreed(state: Conference, event: facts.AgencyAgreed) -> Conference:
    return replace(state, agreed=state.agreed | {event.agency})


def evolve_plan_agreed(state: Conference, event: facts.PlanAgreed) -> Conference:
    return replace(state, settled=True)


def evolve_task_done(state: Conference, event: facts.TaskDone) -> Conference:
    return replace(
        state, tasks=tuple(replace(each, done=True) if each.key == event.task else each for each in state.tasks)
    )


def evolve_cancelled(state: Conference, event: facts.ConferenceCancelled) -> Conference:
    return replace(state, cancelled=True)


EVOLVES: Mapping[type[Event], Callable[[Any, Any], Conference]] = MappingProxyType(
    {
        facts.ConferenceCalled: evolve_called,
        facts.ConferenceScheduled: evolve_scheduled,
        facts.AgencyAdmitted: evolve_admitted,
        facts.AgencyExcluded: evolve_excluded,
        facts.DecisionRecorded: evolve_decision,
        facts.TaskAgreed: evolve_task_agreed,
        facts.TaskDropped: evolve_task_dropped,
        facts.AgencyAgreed: evolve_agency_agreed,
        facts.PlanAgreed: evolve_plan_agreed,
        facts.TaskDone: evolve_task_done,
        facts.ConferenceCancelled: evolve_cancelled,
    }
)
