"""The road of a case conference: called about a child, led by the police, agreed to by those who are admitted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import msgspec

from app import relations
from app.access.operations import Operation
from app.call import Call, now
from app.composition import Services
from app.desk import Desk, Loaded, expect
from app.referring.planning import calling, cancelling, invitations, plans_of
from app.referring.standing import (
    Family,
    Share,
    basis_of,
    case_of,
    family_of,
    pseudonym_in,
    require_standing,
    require_unsealed,
    stands,
    unchanged,
)
from app.unerased import unerased
from domain.checks import existing
from domain.errors import WrongState
from domain.log import Change, EventLog, Receipt
from domain.prevention_case_state import KIND as CASE
from domain.prevention_case_state import OPEN
from domain.sharing import agreed_plan, conference
from domain.sharing.agreed_plan import CallConference, CancelConference, SettlePlan
from domain.sharing.conference import FIELDS, PURPOSE, AdmitAgency, ConferenceCommand
from domain.sharing.conference_events import TaskAgreed
from domain.sharing.conference_state import KIND, Admitted, Conference

Making: TypeAlias = Callable[[Conference], tuple[ConferenceCommand, Sequence[Change]]]


class NewConference(msgspec.Struct, frozen=True, kw_only=True):
    case: UUID
    agencies: tuple[UUID, ...]
    meets_at: datetime


def call_conference(house: Services, call: Call, new: NewConference) -> tuple[Receipt, UUID]:
    """From a case that the caller may read.

    Raises:
        domain.sharing.agreed_plan.ConferenceUnderWay: one about the child is.
        domain.errors.Invalid: an agency takes no part, or the time is none that is to come.
        domain.errors.WrongState: the case is over, or the child was erased.
        and what `Desk.perform` raises.
    """
    key = call.new_key()

    def decide() -> Sequence[Change]:
        case = case_of(house.desk, new.case)
        house.desk.require(call, Operation.CASE_READ, relations.prevention_case(new.case, case.state))
        state = existing(CASE, new.case, case.state)
        house.desk.require(call, Operation.CONFERENCE_CALL, relations.proposed_conference(key, state))
        loaded = house.desk.load(conference.DECIDER, key)
        expect(call, loaded)
        invited, agencies = invitations(house.desk, new.agencies)
        family = family_of(house.desk, state.child)
        command = CallConference(
            conference=key,
            child=state.child,
            pseudonym=pseudonym_in(house.log, new.case),
            case=new.case,
            case_open=state.phase == OPEN,
            unit=state.unit,
            invited=invited,
            meets_at=new.meets_at,
            by=call.principal.account,
            at=now(),
        )
        called = calling(house.desk, family, loaded, command)
        return *called, unchanged(case), *agencies, *unerased(house.desk, family.members)

    return house.desk.commit(call, Operation.CONFERENCE_CALL, decide), key


def settle(house: Services, call: Call, key: UUID, supersedes: tuple[UUID, ...]) -> Receipt:
    """End it in the child's one agreed plan.

    Raises:
        domain.sharing.agreed_plan.PlanNotAgreed, PlanStands: an agency has not said yes; another plan stands.
        domain.errors.Invalid: an agency may be told of the plan no more.
        and what `Desk.perform` raises.
    """

    def decide() -> Sequence[Change]:
        loaded = _led(house, call, key)
        state = existing(KIND, key, loaded.state)
        case = case_of(house.desk, state.case)
        if case.state is None or case.state.phase != OPEN:  # whose end takes the conference along, a moment later
            raise WrongState(CASE, state.case, "not open", "settle the plan while it is")
        family = family_of(house.desk, state.child)
        plans = plans_of(house.desk, (*family.members, state.profile))
        parted = [profile for profile in plans.loaded if profile not in family.members]
        ended, guards = _ended(house.desk, state, family)
        command = SettlePlan(conference=key, supersedes=supersedes, ended=ended, by=call.principal.account)
        events, of_profiles = agreed_plan.decide_settle(
            state, plans.states(family.members), family.own, plans.states(parted), command
        )
        return (
            Change(key, loaded.version, events),
            *plans.changes(of_profiles),
            unchanged(case),
            *family.guards,
            *guards,
        )

    return house.desk.commit(call, Operation.CONFERENCE_LEAD, decide)


def cancel(house: Services, call: Call, command: CancelConference) -> Receipt:
    def decide() -> Sequence[Change]:
        return cancelling(house.desk, _led(house, call, command.conference), command)

    return house.desk.commit(call, Operation.CONFERENCE_LEAD, decide)


def _led(house: Services, call: Call, key: UUID) -> Loaded[Conference]:
    """A conference that the caller leads. Raises NotFound, Forbidden, VersionConflict."""
    loaded = house.desk.load(conference.DECIDER, key)
    house.desk.require(call, Operation.CONFERENCE_LEAD, resource(house.desk, key, loaded.state))
    expect(call, loaded)
    return loaded


def work(house: Services, call: Call, operation: Operation, key: UUID, making: Making) -> Receipt:
    """One command to a conference that exists; `making` says which, and what it rests on."""

    def decide() -> Sequence[Change]:
        loaded = house.desk.load(conference.DECIDER, key)
        house.desk.require(call, operation, resource(house.desk, key, loaded.state))
        expect(call, loaded)
        state = existing(KIND, key, loaded.state)
        command, guards = making(state)
        return Change(key, loaded.version, conference.DECIDER.decide(state, command)), *guards

    return house.desk.commit(call, operation, decide)


def admit(house: Services, call: Call, key: UUID, invited: UUID, agreement: UUID, consent: UUID) -> Receipt:
    def making(state: Conference) -> tuple[ConferenceCommand, Sequence[Change]]:
        family = family_of(house.desk, state.child)
        case = case_of(house.desk, state.case)
        unit = existing(CASE, state.case, case.state).unit  # which may have taken the case over
        share = _share(unit, invited, agreement, consent)
        basis = basis_of(house.desk, family, share, now())
        command = AdmitAgency(
            conference=key,
            agency=invited,
            agency_unit=basis.agency_unit,
            agreement=agreement,
            consent=consent,
            agreed=basis.agreed,
            consented=basis.consented,
            unit=unit,
            by=call.principal.account,
        )
        return command, (unchanged(case), *basis.guards, *unerased(house.desk, family.members))

    return work(house, call, Operation.CONFERENCE_LEAD, key, making)


def writing(house: Services, command: ConferenceCommand) -> Making:
    """A command that takes words about the child, who must not be erased."""

    def making(state: Conference) -> tuple[ConferenceCommand, Sequence[Change]]:
        return command, unerased(house.desk, family_of(house.desk, state.child).members)

    return making


def telling(house: Services, command: Callable[[frozenset[UUID]], ConferenceCommand]) -> Making:
    """A command that tells the admitted agencies something, or is one's own: made of those that may be told no more at
    this moment. It takes words about the child, who must not be erased.
    """

    def making(state: Conference) -> tuple[ConferenceCommand, Sequence[Change]]:
        family = family_of(house.desk, state.child)
        ended, guards = _ended(house.desk, state, family)
        return command(ended), (*guards, *unerased(house.desk, family.members))

    return making


def task_agreed_at(log: EventLog, key: UUID, task: UUID) -> datetime | None:
    """When a task of the conference was put on record; None where there is none."""
    found = (each for each in log.stream(key) if isinstance(each.event, TaskAgreed) and each.event.task == task)
    return next((each.meta.recorded_at for each in found), None)


def require_open(house: Services, call: Call, state: Conference) -> None:
    """That what was said in it is opened: the case is not sealed; and to somebody who serves in an admitted agency, it
    may still be told. Raises WrongState, NotAgreed, NotConsented.
    """
    require_unsealed(house.desk, state.case)
    for admitted in state.admitted:
        if admitted.unit == call.principal.unit:
            require_standing(house.desk, state.child, share_of(state, admitted), now())


def is_still_shared(house: Services, call: Call, state: Conference) -> bool:
    """Whether the caller may be told about whom it is: an admitted agency's people, as long as what that rests on
    stands, whether or not the process that excludes it has run.
    """
    own = [each for each in state.admitted if each.unit == call.principal.unit]
    return all(stands(house.desk, state.child, share_of(state, each), now()) for each in own)


def known(house: Services, call: Call, operation: Operation, key: UUID) -> Conference:
    """The conference, where the caller may do this. Raises NotFound, Forbidden."""
    state = house.desk.load(conference.DECIDER, key).state
    house.desk.require(call, operation, resource(house.desk, key, state))
    return existing(KIND, key, state)


def resource(desk: Desk, key: UUID, state: Conference | None) -> Any:
    """What the gate is asked about. The case of what does not exist is looked up, too: it takes as long."""
    return relations.conference(key, state, case_of(desk, key if state is None else state.case).state)


def _ended(desk: Desk, state: Conference, family: Family) -> tuple[frozenset[UUID], Sequence[Change]]:
    """The admitted agencies with which the plan may be shared no more; and all that this rests on, unchanged."""
    ended, guards, at = set[UUID](), dict[UUID, Change](), now()
    for admitted in state.admitted:
        basis = basis_of(desk, family, share_of(state, admitted), at)
        guards = {guard.stream: guard for guard in basis.guards} | guards  # one that several rest on, as it was first
        if not (basis.agreed and basis.consented):
            ended.add(admitted.agency)
    return frozenset(ended), tuple(guards.values())


def share_of(state: Conference, admitted: Admitted) -> Share:
    return _share(admitted.shared_by, admitted.agency, admitted.agreement, admitted.consent)


def _share(unit: UUID, to: UUID, agreement: UUID, consent: UUID) -> Share:
    return Share(unit=unit, agency=to, purpose=PURPOSE, fields=FIELDS, agreement=agreement, consent=consent)
