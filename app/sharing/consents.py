"""Putting a consent on record: of a child whom the caller's unit works with, for agencies that take part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from app.access.operations import Operation
from app.call import Call, now
from app.children import meant_child
from app.composition import Services
from app.desk import expect
from app.sharing import relations
from app.unerased import unerased
from domain.log import Change, Receipt
from domain.sharing import consent
from domain.sharing.consent import ConsentCommand, GiveConsent, RecordNotSought, RefuseConsent
from projections.case_queries import case_units_of

RecordCommand = GiveConsent | RefuseConsent | RecordNotSought


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked: of which child, for what, with whom, which fields."""

    child: UUID | None
    pseudonym: str | None
    purposes: tuple[str, ...]
    agencies: tuple[UUID, ...]
    fields: tuple[str, ...]


def record(
    house: Services, call: Call, scope: Scope, answer: Callable[[dict[str, Any]], RecordCommand]
) -> tuple[Receipt, UUID]:
    """The receipt, and the consent's id. `answer` makes the command, of what every answer is about.

    Raises:
        domain.errors.Invalid: as `meant_child` does; an agency does not take part.
        domain.errors.WrongState: the child was erased.
        and what `Desk.perform` raises.
    """
    key, unit = call.new_key(), call.principal.unit

    def decide() -> Sequence[Change]:
        anybodys = relations.proposed_consent(key, unit, (unit,))  # who may ask at all, before a child is looked up
        house.desk.require(call, Operation.CONSENT_RECORD, anybodys)
        loaded = house.desk.load(consent.DECIDER, key)
        expect(call, loaded)
        child, pseudonym = meant_child(house, call, scope.child, scope.pseudonym)
        with house.views.reading() as views:
            case_units = case_units_of(views, child)
        house.desk.require(call, Operation.CONSENT_RECORD, relations.proposed_consent(key, unit, case_units))
        active, guards = relations.active_agencies(house.desk, scope.agencies)
        about: dict[str, Any] = {
            "consent": key,
            "child": child,
            "pseudonym": pseudonym,
            "unit": unit,
            "purposes": scope.purposes,
            "agencies": scope.agencies,
            "active_agencies": active,
            "fields": scope.fields,
            "by": call.principal.account,
            "at": now(),
        }
        decided = Change(key, loaded.version, consent.DECIDER.decide(loaded.state, answer(about)))
        return decided, *guards, *unerased(house.desk, (child,))

    return house.desk.commit(call, Operation.CONSENT_RECORD, decide), key


def change(house: Services, call: Call, operation: Operation, command: ConsentCommand) -> Receipt:
    """One command to a consent that exists: also of a child that was erased, of whom nothing may go on being shared.

    Raises what `Desk.perform` raises.
    """
    key = command.consent
    return house.desk.perform(
        call,
        operation,
        consent.DECIDER,
        key,
        command,
        lambda state: relations.of_consent(house.views, key, state),
    )
