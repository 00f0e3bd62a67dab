"""A school is registered for a community, by the police who work with it, and kept by those who may."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from app import relations
from app.access.operations import Operation
from app.access.resources import NOBODY
from app.call import Call
from app.composition import Services
from app.desk import expect
from domain import unit
from domain.communities import community
from domain.ids import school_id
from domain.log import Change, Receipt
from domain.schools import school
from domain.schools.school import RegisterSchool, SchoolCommand


class NewSchool(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    community: UUID
    unit: UUID
    prevention_unit: UUID
    capacity: int | None = None


def register_school(house: Services, call: Call, new: NewSchool) -> tuple[Receipt, UUID]:
    """The receipt, and the school's id.

    Raises:
        domain.errors.Invalid: no such community or units.
        domain.errors.AlreadyExists: the unit is a school already.
        and what `Desk.perform` raises.
    """
    key = school_id(new.unit)

    def decide() -> Sequence[Change]:
        of = house.desk.load(community.DECIDER, new.community).state
        serves = NOBODY if of is None else of.unit
        proposed = relations.proposed_school(
            key,
            unit=new.unit,
            community=new.community,
            police_unit=serves,
            prevention_unit=new.prevention_unit,
        )
        house.desk.require(call, Operation.SCHOOL_REGISTER, proposed)
        loaded = house.desk.load(school.DECIDER, key)
        expect(call, loaded)
        command = RegisterSchool(
            school=key,
            name=new.name,
            community=new.community,
            region="" if of is None else of.region,
            unit=new.unit,
            unit_kind=_kind(house, new.unit),
            police_unit=serves,
            prevention_unit=new.prevention_unit,
            prevention_unit_kind=_kind(house, new.prevention_unit),
            capacity=new.capacity,
            by=call.principal.account,
        )
        return (Change(key, loaded.version, school.DECIDER.decide(loaded.state, command)),)

    return house.desk.commit(call, Operation.SCHOOL_REGISTER, decide), key


def change_school(house: Services, call: Call, operation: Operation, command: SchoolCommand) -> Receipt:
    """One command to one school. Raises what `Desk.perform` raises."""
    key = command.school
    return house.desk.perform(call, operation, school.DECIDER, key, command, lambda state: relations.school(key, state))


def _kind(house: Services, key: UUID) -> str:
    found = house.desk.load(unit.DECIDER, key).state
    return "" if found is None else found.kind
