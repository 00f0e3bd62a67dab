"""Prevention cases, where a command needs more than the case: which child it is, who is certified, of which unit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from app import relations
from app.access.operations import Operation
from app.call import Call, now
from app.certifications import Certifications
from app.children import meant_child
from app.composition import Services
from app.desk import expect
from app.unerased import of_child, unerased
from domain import incident, prevention_case, unit
from domain.child_state import MERGED
from domain.errors import AlreadyExists, Invalid, WrongState
from domain.incident import Incident
from domain.log import Change, Receipt
from domain.officer import OFFICER_ROLE
from domain.prevention_case_commands import (
    AcceptTransfer,
    ApprovePlan,
    AssignCase,
    CloseCase,
    OfferTransfer,
    OpenCase,
    PreventionCaseCommand,
)
from domain.prevention_case_state import KIND
from projections import case_queries

WITHOUT_CHILD = (ApprovePlan, CloseCase)  # that a case takes when its child was erased: no words, or its end


def open_case(house: Services, call: Call, command: OpenCase, child: UUID | None, pseudonym: str | None) -> Receipt:
    """Open a case on a child that the caller knows, and of an incident that they may read, where it is of one.

    `command` is what was asked; child, pseudonym, kind of the unit and time of the report are found here. Whether the
    unit has one already is looked up in the views: two that are opened in the same moment both stand.

    Raises:
        domain.errors.AlreadyExists: the unit has an open case of the child on that ground.
        domain.errors.Invalid: no child that the caller may read of, or more than one, is meant.
        domain.errors.WrongState: the child was erased, or its profile was merged into another one.
        and what `Desk.perform` raises.
    """

    def decide() -> Sequence[Change]:
        house.desk.require(call, Operation.CASE_OPEN, relations.proposed_case(command.case, command.unit))
        loaded = house.desk.load(prevention_case.DECIDER, command.case)
        expect(call, loaded)
        meant, called = meant_child(house, call, child, pseudonym)
        guard = unerased(house.desk, (meant,))  # before the merge is looked at, so that none comes in between
        _not_merged(house, call, meant)
        _not_twice(house, command, meant)
        reported_at = None if command.incident is None else _recorded_at(house, call, command.incident)
        whole = msgspec.structs.replace(
            command,
            child=meant,
            pseudonym=called,
            unit_kind=unit_kind(house, command.unit),
            reported_at=command.reported_at or reported_at,
        )
        decided = Change(command.case, loaded.version, prevention_case.DECIDER.decide(loaded.state, whole))
        return decided, *guard

    return house.desk.commit(call, Operation.CASE_OPEN, decide)


def work(house: Services, call: Call, operation: Operation, command: PreventionCaseCommand) -> Receipt:
    """One command to a case that exists. Raises what `Desk.perform` does, and WrongState: its child was erased, and
    this takes words about it.
    """
    key = command.case
    return house.desk.perform(
        call,
        operation,
        prevention_case.DECIDER,
        key,
        command,
        lambda state: relations.prevention_case(key, state),
        lambda state: () if isinstance(command, WITHOUT_CHILD) else of_child(house.desk, key, state),
    )


def assign(house: Services, call: Call, case: UUID, officer: UUID) -> Receipt:
    """Put a case in an officer's charge, whose certification is the officer's own record's at this moment."""

    def command(serves: UUID | None, certified: bool) -> AssignCase:
        return AssignCase(case=case, officer=officer, assignee_unit=serves, assignee_certified=certified)

    return _put_in_charge(house, call, Operation.CASE_ASSIGN, case, officer, command)


def accept(house: Services, call: Call, case: UUID, officer: UUID) -> Receipt:
    """Take a case over, for the caller's unit, into the charge of one of its certified officers."""

    def command(serves: UUID | None, certified: bool) -> AcceptTransfer:
        return AcceptTransfer(
            case=case,
            by_unit=call.principal.unit,
            officer=officer,
            assignee_unit=serves,
            assignee_certified=certified,
        )

    return _put_in_charge(house, call, Operation.CASE_ACCEPT_TRANSFER, case, officer, command)


def _put_in_charge(
    house: Services,
    call: Call,
    operation: Operation,
    case: UUID,
    officer: UUID,
    command: Callable[[UUID | None, bool], AssignCase | AcceptTransfer],
) -> Receipt:
    """`command` of the unit where the officer serves, and of whether they are certified. The officer's own stream is
    named unchanged: where their certification lapses meanwhile, it is decided anew.
    """

    def decide() -> Sequence[Change]:
        loaded = house.desk.load(prevention_case.DECIDER, case)
        house.desk.require(call, operation, relations.prevention_case(case, loaded.state))
        expect(call, loaded)
        certifications = Certifications(house.desk)
        guard = certifications.guard(officer)
        decided = command(serves_in(house, officer), certifications.is_certified(officer, now()))
        return Change(case, loaded.version, prevention_case.DECIDER.decide(loaded.state, decided)), guard

    return house.desk.commit(call, operation, decide)


def offer(house: Services, call: Call, command: OfferTransfer) -> Receipt:
    """Offer a case to another unit. `command` is what was asked; the kind of that unit is found here."""
    whole = msgspec.structs.replace(command, to_unit_kind=unit_kind(house, command.to_unit))
    return work(house, call, Operation.CASE_OFFER_TRANSFER, whole)


def serves_in(house: Services, account: UUID) -> UUID | None:
    """The unit where an account serves as a juvenile officer; None where it does not, or there is no such account."""
    if OFFICER_ROLE not in house.people.roles_in_service(account):
        return None
    return house.people.holder(account)[0].unit


def _not_merged(house: Services, call: Call, child: UUID) -> None:
    """Raises WrongState, naming the profile to go on with, where the caller may read it."""
    profiles = house.childhood.profiles
    state = profiles.load(child)
    if state is None or state.survivor is None or state.erased:
        return
    kept = profiles.load(state.survivor)
    if kept is None or not house.desk.allows(call, Operation.CHILD_READ, profiles.resource(state.survivor, kept)):
        raise WrongState("child", child, MERGED, "open it on the profile that it was merged into")
    merged = f"merged into {kept.pseudonym}"
    raise WrongState("child", child, MERGED, "open it on that", words=merged, survivor=str(state.survivor))


def _not_twice(house: Services, command: OpenCase, child: UUID) -> None:
    """Raises AlreadyExists. Who opens cases in a unit may know of all that are open there, so it is named."""
    house.desk.caught_up()
    with house.views.reading() as views:
        found = case_queries.open_case_on(views, child, command.unit, command.ground)
    if found is not None and found != command.case:
        raise AlreadyExists(KIND, found)


def unit_kind(house: Services, key: UUID) -> str | None:
    state = house.desk.load(unit.DECIDER, key).state
    return None if state is None else state.kind


def _recorded_at(house: Services, call: Call, key: UUID) -> datetime:
    """When an incident that the caller may read, and that stands, was put on record. Raises NotFound, Invalid."""
    state: Incident | None = house.desk.load(incident.DECIDER, key).state
    house.desk.require(call, Operation.INCIDENT_READ, relations.incident(key, state))
    if state is not None and state.voided:
        raise Invalid("incident", f"{key} is voided", "name one that stands, or none")
    return next(iter(house.log.stream(key, until_version=1))).meta.recorded_at
