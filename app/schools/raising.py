"""A concern from a school: about a child whom the school describes, and never names by what is on record.

So that nobody can find out from a school whether a child is known here, there is no way to name one: each is new, with
a pseudonym that the school is not told. Whoever looks into it finds out who it is, and merges the profiles.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app import relations
from app.access.operations import Operation
from app.access.resources import NOBODY
from app.call import Call, now
from app.composition import Services
from app.desk import expect
from domain import concern, unit
from domain.concern import ConcernRaised, RaiseConcern
from domain.errors import Invalid
from domain.ids import child_pseudonym, school_id
from domain.log import Change, Receipt
from domain.personal import Narrative
from domain.schools import school
from domain.sealed import Sealed


def raise_from_school(house: Services, call: Call, kind: str, narrative: str) -> tuple[Receipt, UUID, ConcernRaised]:
    """The receipt, the concern's id, and what was recorded. The school's unit of juvenile prevention looks into it.

    Raises:
        domain.errors.Invalid: the caller's unit is no school on record.
        and what `Desk.perform` raises.
    """
    key, of = call.new_key(), school_id(call.principal.unit)

    def decide() -> Sequence[Change]:
        known = house.desk.load(school.DECIDER, of).state
        looks_into = NOBODY if known is None else known.prevention_unit
        proposed = relations.proposed_concern(key, looks_into, call.principal.account)
        house.desk.require(call, Operation.CONCERN_RAISE_FROM_SCHOOL, proposed)
        if known is None:
            raise Invalid("school", "your unit is no school on record", "ask the community's officer to register it")
        loaded = house.desk.load(concern.DECIDER, key)
        expect(call, loaded)
        prevention = house.desk.load(unit.DECIDER, looks_into).state
        child = call.new_child()
        command = RaiseConcern(
            concern=key,
            child=child,
            pseudonym=child_pseudonym(child),
            kind=kind,
            unit=looks_into,
            unit_kind="" if prevention is None else prevention.kind,
            by=call.principal.account,
            narrative=Sealed(call.new_record(), Narrative(narrative)),
            school=of,
            days=house.deployment.settings.concern_days,
            at=now(),
        )
        return (Change(key, loaded.version, concern.DECIDER.decide(loaded.state, command)),)

    receipt = house.desk.commit(call, Operation.CONCERN_RAISE_FROM_SCHOOL, decide)
    (raised,) = house.log.events(key, until_version=1)
    assert isinstance(raised, ConcernRaised)
    return receipt, key, raised
