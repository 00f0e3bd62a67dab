"""Raising a concern: about a child whom the raiser may know of, or one who is new here and gets a pseudonym."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from app import relations
from app.access.operations import Operation
from app.call import Call, now
from app.children import check_names, meant_child
from app.composition import Services
from app.desk import expect
from app.unerased import unerased
from domain import concern, unit
from domain.concern import ConcernRaised, RaiseConcern
from domain.log import Change, Receipt
from domain.personal import Narrative
from domain.sealed import Sealed


class NewConcern(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    narrative: str
    unit: UUID
    child: UUID | None = None
    pseudonym: str | None = None
    names: tuple[UUID, ...] = ()


def raise_concern(house: Services, call: Call, new: NewConcern) -> tuple[Receipt, UUID, ConcernRaised]:
    """The receipt, the concern's id, and what was recorded.

    Raises:
        domain.errors.Invalid: as `meant_child` and `check_names` do; no such unit looks into concerns.
        domain.errors.WrongState: a child was erased.
        and what `Desk.perform` raises.
    """
    key = call.new_key()

    def decide() -> Sequence[Change]:
        proposed = relations.proposed_concern(key, new.unit, call.principal.account)
        house.desk.require(call, Operation.CONCERN_RAISE, proposed)
        loaded = house.desk.load(concern.DECIDER, key)
        expect(call, loaded)
        of = house.desk.load(unit.DECIDER, new.unit).state
        child, pseudonym = meant_child(house, call, new.child, new.pseudonym, new=call.new_child())
        command = RaiseConcern(
            concern=key,
            child=child,
            pseudonym=pseudonym,
            kind=new.kind,
            unit=new.unit,
            unit_kind="" if of is None else of.kind,
            by=call.principal.account,
            narrative=Sealed(call.new_record(), Narrative(new.narrative)),
            names=new.names,
            days=house.deployment.settings.concern_days,
            at=now(),
        )
        decided = Change(key, loaded.version, concern.DECIDER.decide(loaded.state, command))
        check_names(house, call, new.names, meant=child)
        return decided, *unerased(house.desk, (child, *new.names))

    receipt = house.desk.commit(call, Operation.CONCERN_RAISE, decide)
    (raised,) = house.log.events(key, until_version=1)
    assert isinstance(raised, ConcernRaised)
    return receipt, key, raised
