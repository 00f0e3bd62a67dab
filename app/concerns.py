"""Raising a concern: about a child whom the raiser may know of, or one who is new here and gets a pseudonym."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid5

import msgspec

from app import relations
from app.access.operations import Operation
from app.call import Call, now
from app.composition import Services
from app.desk import expect
from app.lists import condition, incident_columns
from domain import concern, unit
from domain.concern import ConcernRaised, RaiseConcern
from domain.errors import Invalid
from domain.ids import child_pseudonym
from domain.log import Change, Receipt
from domain.personal import Narrative
from domain.sealed import Sealed
from projections import child_queries


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
        domain.errors.Invalid: no child, or more than one, is called so; no such unit looks into concerns.
        and what `Desk.perform` raises.
    """
    key = call.new_key()

    def decide() -> Sequence[Change]:
        proposed = relations.proposed_concern(key, new.unit, call.principal.account)
        house.desk.require(call, Operation.CONCERN_RAISE, proposed)
        loaded = house.desk.load(concern.DECIDER, key)
        expect(call, loaded)
        of = house.desk.load(unit.DECIDER, new.unit).state
        child, pseudonym = _meant(house, call, new)
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
        return (Change(key, loaded.version, concern.DECIDER.decide(loaded.state, command)),)

    receipt = house.desk.commit(call, Operation.CONCERN_RAISE, decide)
    (raised,) = house.log.events(key, until_version=1)
    assert isinstance(raised, ConcernRaised)
    return receipt, key, raised


def _meant(house: Services, call: Call, new: NewConcern) -> tuple[UUID, str]:
    """Which child it is, and how it is called. A pseudonym is looked up in the incidents that the caller may read, and
    in no others: what it means elsewhere, and whether it means anything there, is not told.
    """
    if new.child is not None and new.pseudonym is not None:
        return new.child, new.pseudonym
    if new.pseudonym is None and new.child is None:
        child = uuid5(call.command_id, "child")  # the same at every retry, and another than the concern's
        return child, child_pseudonym(child)
    only = condition(house, call, Operation.INCIDENT_LIST, incident_columns())
    with house.views.reading() as views:
        if new.pseudonym is None:
            assert new.child is not None
            called = child_queries.pseudonym_of(views, new.child, only=only)
            return new.child, called or child_pseudonym(new.child)
        found = child_queries.children_called(views, new.pseudonym, only=only)
    if len(found) != 1:
        fault = f"{len(found)} children are called {new.pseudonym[:20]}, in incidents that you may read"
        raise Invalid("pseudonym", fault, "give the child's id, too; or leave both out for a new child")
    return found[0], new.pseudonym
