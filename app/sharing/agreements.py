"""Proposing a sharing agreement: between units of the police that there are, and agencies that take part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from app.access.operations import Operation
from app.call import Call, now
from app.composition import Services
from app.desk import expect
from app.sharing import relations
from domain.log import Change, Receipt
from domain.sharing import agreement
from domain.sharing.agreement import AgreementCommand, ProposeAgreement


class NewAgreement(msgspec.Struct, frozen=True, kw_only=True):
    units: tuple[UUID, ...]
    agencies: tuple[UUID, ...]
    purposes: tuple[str, ...]
    fields: tuple[str, ...]
    from_at: datetime
    until: datetime


def propose(house: Services, call: Call, new: NewAgreement) -> tuple[Receipt, UUID]:
    """The receipt, and the agreement's id. Raises Invalid, and what `Desk.perform` raises."""
    key = call.new_key()

    def decide() -> Sequence[Change]:
        house.desk.require(call, Operation.AGREEMENT_PROPOSE, relations.proposed_agreement(key, new.units))
        loaded = house.desk.load(agreement.DECIDER, key)
        expect(call, loaded)
        active, guards = relations.active_agencies(house.desk, new.agencies)
        command = ProposeAgreement(
            agreement=key,
            units=new.units,
            police_units=relations.police_units(house.desk, new.units),
            agencies=new.agencies,
            active_agencies=active,
            purposes=new.purposes,
            fields=new.fields,
            from_at=new.from_at,
            until=new.until,
            by=call.principal.account,
            by_unit=call.principal.unit,
            at=now(),
        )
        return Change(key, loaded.version, agreement.DECIDER.decide(loaded.state, command)), *guards

    return house.desk.commit(call, Operation.AGREEMENT_PROPOSE, decide), key


def change(house: Services, call: Call, operation: Operation, command: AgreementCommand) -> Receipt:
    """One command to an agreement that exists. Raises what `Desk.perform` raises."""
    key = command.agreement
    return house.desk.perform(
        call,
        operation,
        agreement.DECIDER,
        key,
        command,
        lambda state: relations.of_agreement(house.desk, key, state),
    )
