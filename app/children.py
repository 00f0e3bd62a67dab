"""Linking a child to an incident: a new one gets a pseudonym here, one that is known keeps its own.

Nobody has to invent an id. A pseudonym is looked up in the incidents that the caller may read, and in no others: what
it means elsewhere, and whether it means anything there, is not told.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app import relations
from app.access.operations import Operation
from app.call import Call
from app.composition import Services
from app.desk import expect
from app.lists import condition, incident_columns
from domain import incident
from domain.errors import Invalid
from domain.ids import child_pseudonym
from domain.incident import ChildLinked, Incident, LinkChild
from domain.log import Change, Receipt
from projections import child_queries


def link(
    house: Services, call: Call, key: UUID, child: UUID | None, pseudonym: str | None, role: str
) -> tuple[Receipt, UUID, str]:
    """Link the child with this id, or this pseudonym, or both; with neither a new one. Returns the receipt, and the
    child with its pseudonym.

    Raises:
        domain.errors.Invalid: no child, or more than one, is called so.
        and what `Desk.perform` raises.
    """

    def decide() -> Sequence[Change]:
        loaded = house.desk.load(incident.DECIDER, key)
        house.desk.require(call, Operation.INCIDENT_LINK_CHILD, relations.incident(key, loaded.state))
        expect(call, loaded)
        meant, called = meant_child(house, call, loaded.state, child, pseudonym)
        command = LinkChild(incident=key, child=meant, pseudonym=called, role=role)
        return (Change(key, loaded.version, incident.DECIDER.decide(loaded.state, command)),)

    receipt = house.desk.commit(call, Operation.INCIDENT_LINK_CHILD, decide)
    if receipt.last_position:  # what was recorded, also where this is a retry
        version = receipt.streams[0].version
        (linked,) = house.log.events(key, after_version=version - 1, until_version=version)
        assert isinstance(linked, ChildLinked)
        return receipt, linked.child, linked.pseudonym
    state = house.desk.load(incident.DECIDER, key).state
    return receipt, *meant_child(house, call, state, child, pseudonym)


def meant_child(
    house: Services, call: Call, state: Incident | None, child: UUID | None, pseudonym: str | None
) -> tuple[UUID, str]:
    """Which child it is, and how it is called. Raises Invalid."""
    if child is not None and pseudonym is not None:
        return child, pseudonym
    if child is None and pseudonym is None:
        new = call.new_key()
        return new, child_pseudonym(new)
    linked = () if state is None else state.children  # what the views may not show yet
    only = condition(house, call, Operation.INCIDENT_LIST, incident_columns())
    with house.views.reading() as views:
        if pseudonym is not None:
            found = {each.child for each in linked if each.pseudonym == pseudonym}
            return _one(found or set(child_queries.children_called(views, pseudonym, only=only)), pseudonym), pseudonym
        assert child is not None
        names = [each.pseudonym for each in linked if each.child == child]
        called = names[0] if names else child_queries.pseudonym_of(views, child, only=only)
    if called is None:
        raise Invalid("child", f"{child} is in no incident that you may read", "give its pseudonym, too")
    return child, called


def _one(found: set[UUID], pseudonym: str) -> UUID:
    if not found:
        mend = "look it up among GET /children, or leave it out for a new child"
        raise Invalid("pseudonym", f"{pseudonym[:20]} is in no incident that you may read", mend)
    if len(found) > 1:
        raise Invalid("pseudonym", f"{len(found)} children are called {pseudonym}", "give the child's id, too")
    return found.pop()
