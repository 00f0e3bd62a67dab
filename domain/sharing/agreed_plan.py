"""Of one child: which conference is under way, and which conference's plan is in force. One of each at most.

A conference is therefore called, settled and cancelled here, in its own stream and in the child's. What was merged into
a child's profile is of the same child: its stream is looked at, too, and a plan that stands there is superseded with
the child's own. A plan that stands is only superseded by name, so that nobody overrules one that they did not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Never, TypeAlias
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain import checks
from domain.decider import Decider
from domain.errors import AlreadyExists, DomainError, Invalid, WrongState
from domain.event import Event
from domain.incident import PSEUDONYM
from domain.personal import Reason
from domain.prevention_case import ahead
from domain.sealed import Sealed
from domain.sharing import referral_words
from domain.sharing.conference import AGENCIES_MAX
from domain.sharing.conference_events import ConferenceCalled, ConferenceCancelled, Invited, PlanAgreed
from domain.sharing.conference_state import CALLED, KIND, OPEN, Conference, in_phase


class ConferenceUnderWay(DomainError):
    """The child has one already."""

    code = "conference-under-way"

    def __init__(self) -> None:
        super().__init__("a conference about this child is under way; take part in that one, or cancel it first")


class PlanStands(DomainError):
    """The child has a plan already, which the command did not name."""

    code = "plan-stands"

    def __init__(self, standing: tuple[UUID, ...]) -> None:
        named = ", ".join(map(str, standing)) or "none"
        super().__init__(
            f"plans in force of this child: {named}; read them, and name exactly these as superseded",
            standing=[str(each) for each in standing],
        )


class PlanNotAgreed(DomainError):
    """Somebody has not said yes to the plan as it is."""

    code = "plan-not-agreed"

    def __init__(self, missing: tuple[UUID, ...]) -> None:
        super().__init__(
            f"not all admitted agencies have agreed to the plan as it is; ask {', '.join(map(str, missing))}",
            missing=[str(each) for each in missing],
        )


class PlanningOpened(Event, frozen=True, kw_only=True):
    TOPIC = "agreed-plan.planning-opened"

    conference: UUID


class PlanningEnded(Event, frozen=True, kw_only=True):
    TOPIC = "agreed-plan.planning-ended"

    conference: UUID


class PlanPutInForce(Event, frozen=True, kw_only=True):
    """The plan that the conference ended in."""

    TOPIC = "agreed-plan.put-in-force"

    conference: UUID


class PlanSuperseded(Event, frozen=True, kw_only=True):
    """By that of a conference about the profile which this one was merged into."""

    TOPIC = "agreed-plan.superseded"

    conference: UUID  # whose plan takes its place


class CallConference(msgspec.Struct, frozen=True, kw_only=True):
    """`meets_at` None: it is suggested by the system, which sets no time."""

    conference: UUID
    child: UUID
    pseudonym: str
    case: UUID
    case_open: bool
    unit: UUID
    invited: tuple[Invited, ...]
    meets_at: datetime | None
    by: UUID
    at: datetime


class SettlePlan(msgspec.Struct, frozen=True, kw_only=True):
    conference: UUID
    supersedes: tuple[UUID, ...]  # the conferences whose plans stand
    by: UUID


class CancelConference(msgspec.Struct, frozen=True, kw_only=True):
    conference: UUID
    cause: str
    by: UUID
    reason: Sealed[Reason]


class AgreedPlan(msgspec.Struct, frozen=True, kw_only=True):
    under_way: UUID | None = None  # a conference
    in_force: UUID | None = None  # the conference that the plan comes from


OfChild: TypeAlias = Mapping[UUID, AgreedPlan | None]  # by profile: the child's own, and those merged into it
Decided: TypeAlias = tuple[tuple[Event, ...], Mapping[UUID, tuple[Event, ...]]]  # the conference's, and by profile


def decide_call(state: Conference | None, of_child: OfChild, own: UUID, command: CallConference) -> Decided:
    """`own`: the profile that stands for the child."""
    if state is not None:
        raise AlreadyExists(KIND, command.conference)
    if not command.case_open:
        raise WrongState("prevention-case", command.case, "not open", "call a conference while it is")
    if any(plan is not None and plan.under_way is not None for plan in of_child.values()):
        raise ConferenceUnderWay
    called = ConferenceCalled(
        child=command.child,
        pseudonym=checks.pattern(
            "pseudonym", command.pseudonym, PSEUDONYM, "write CH- and 4 to 12 capital letters or digits"
        ),
        profile=own,
        case=command.case,
        unit=command.unit,
        invited=checks.unique("agencies", command.invited, least=1, most=AGENCIES_MAX),
        meets_at=None if command.meets_at is None else ahead("meets_at", command.meets_at, command.at),
        by=command.by,
    )
    return (called,), {own: (PlanningOpened(conference=command.conference),)}


def decide_settle(
    state: Conference | None, of_child: OfChild, own: UUID, elsewhere: OfChild, command: SettlePlan
) -> Decided:
    """Every admitted agency has agreed to it as it is, and what stood is named. `elsewhere`: profiles that are parted
    from the child's by now, of which one may say that the conference is under way.
    """
    conference = in_phase(state, command.conference, CALLED)
    _require_whole(conference)
    stand = {key: plan.in_force for key, plan in of_child.items() if plan is not None and plan.in_force is not None}
    if set(command.supersedes) != set(stand.values()):
        raise PlanStands(tuple(sorted(stand.values())))
    ended = _ended({**elsewhere, **of_child}, command.conference)
    superseded = {key: (PlanSuperseded(conference=command.conference),) for key in stand}
    of_profiles = {key: (*ended.get(key, ()), *superseded.get(key, ())) for key in (*ended, *superseded)}
    in_force = {own: (PlanPutInForce(conference=command.conference),)}
    return (PlanAgreed(supersedes=tuple(sorted(stand.values())), by=command.by),), {**of_profiles, **in_force}


def decide_cancel(state: Conference | None, profiles: OfChild, command: CancelConference) -> Decided:
    """`profiles`: the child's, and any others of which one may say that the conference is under way."""
    in_phase(state, command.conference, *OPEN)
    cancelled = ConferenceCancelled(
        cause=checks.one_of("cause", command.cause, referral_words.CANCELLATION_CAUSES),
        by=command.by,
        reason=checks.reason("reason", command.reason),
    )
    return (cancelled,), _ended(profiles, command.conference)


def evolve_opened(state: AgreedPlan | None, event: PlanningOpened) -> AgreedPlan:
    return replace(state or AgreedPlan(), under_way=event.conference)


def evolve_cancelled(state: AgreedPlan, event: PlanningEnded) -> AgreedPlan:
    return replace(state, under_way=None)


def evolve_in_force(state: AgreedPlan | None, event: PlanPutInForce) -> AgreedPlan:
    """The conference is over. One that was under way about the same child elsewhere stays so."""
    before = state or AgreedPlan()
    under_way = None if before.under_way == event.conference else before.under_way
    return replace(before, under_way=under_way, in_force=event.conference)


def evolve_superseded(state: AgreedPlan, event: PlanSuperseded) -> AgreedPlan:
    return replace(state, in_force=None)


DECIDER: Decider[Never, AgreedPlan] = Decider(
    kind="agreed-plan",
    decides={},
    evolves={
        PlanningOpened: evolve_opened,
        PlanningEnded: evolve_cancelled,
        PlanPutInForce: evolve_in_force,
        PlanSuperseded: evolve_superseded,
    },
)


def _ended(profiles: OfChild, conference: UUID) -> Mapping[UUID, tuple[Event, ...]]:
    ended = (PlanningEnded(conference=conference),)
    return {key: ended for key, plan in profiles.items() if plan is not None and plan.under_way == conference}


def _require_whole(conference: Conference) -> None:
    """Raises Invalid, PlanNotAgreed."""
    if not conference.admitted:
        raise Invalid("agencies", "none is admitted", "admit one, or plan within the prevention case")
    if not conference.tasks:
        raise Invalid("tasks", "there are none", "agree on a task first")
    admitted = {each.agency for each in conference.admitted}
    for task in conference.tasks:
        if task.agency is not None and task.agency not in admitted:
            raise Invalid("tasks", f"{task.key} is of an agency that was excluded", "drop it, or admit the agency")
    missing = tuple(sorted(admitted - conference.agreed))
    if missing:
        raise PlanNotAgreed(missing)
