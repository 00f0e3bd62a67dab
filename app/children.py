"""Which child is meant, wherever one is named: a new one gets a pseudonym here, one that is known keeps its own.

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
from domain.child_state import REGISTERED
from domain.errors import Invalid
from domain.ids import child_pseudonym
from domain.incident import ChildLinked, Incident, LinkChild
from domain.log import Change, Receipt
from projections import child_queries

LOOK_UP = "look it up among GET /children"


def link(
    house: Services, call: Call, key: UUID, child: UUID | None, pseudonym: str | None, role: str
) -> tuple[Receipt, UUID, str]:
    """Link the child with this id, or this pseudonym, or both; with neither a new one. Returns the receipt, and the
    child with its pseudonym.

    Raises:
        domain.errors.Invalid: no child, or more than one, is called so.
        and what `Desk.perform` raises.
    """

    def meant(state: Incident | None) -> tuple[UUID, str]:
        linked = () if state is None else state.children
        return meant_child(house, call, child, pseudonym, new=call.new_key(), linked=linked)

    def decide() -> Sequence[Change]:
        loaded = house.desk.load(incident.DECIDER, key)
        house.desk.require(call, Operation.INCIDENT_LINK_CHILD, relations.incident(key, loaded.state))
        expect(call, loaded)
        found, called = meant(loaded.state)
        command = LinkChild(incident=key, child=found, pseudonym=called, role=role)
        return (Change(key, loaded.version, incident.DECIDER.decide(loaded.state, command)),)

    receipt = house.desk.commit(call, Operation.INCIDENT_LINK_CHILD, decide)
    if receipt.last_position:  # what was recorded, also where this is a retry
        version = receipt.streams[0].version
        (linked,) = house.log.events(key, after_version=version - 1, until_version=version)
        assert isinstance(linked, ChildLinked)
        return receipt, linked.child, linked.pseudonym
    state = house.desk.load(incident.DECIDER, key).state
    return receipt, *meant(state)


def meant_child(
    house: Services,
    call: Call,
    child: UUID | None,
    pseudonym: str | None,
    *,
    new: UUID,
    linked: Sequence[ChildLinked] = (),
) -> tuple[UUID, str]:
    """Which child it is, and how it is called: with neither id nor pseudonym one that is new here; with both, that one.

    Raises as `known_child` does, where there is only one of the two.
    """
    if child is None and pseudonym is None:
        return new, child_pseudonym(new)
    if child is not None and pseudonym is not None:
        return child, pseudonym
    return known_child(house, call, child, pseudonym, linked=linked)


def known_child(
    house: Services, call: Call, child: UUID | None, pseudonym: str | None, *, linked: Sequence[ChildLinked] = ()
) -> tuple[UUID, str]:
    """A child that the caller may know of, and how it is called: from the incidents that they may read, among them what
    is `linked` in this one and the views may not show yet, or from a profile.

    Raises:
        domain.errors.Invalid: none is meant, or more than one, or it is called otherwise.
    """
    only = condition(house, call, Operation.INCIDENT_LIST, incident_columns())
    with house.views.reading() as views:
        if child is None:
            if pseudonym is None:
                raise Invalid("child", "is not named", f"{LOOK_UP}; give its pseudonym or its id")
            found = {each.child for each in linked if each.pseudonym == pseudonym}
            return _one(found or set(child_queries.children_called(views, pseudonym, only=only)), pseudonym), pseudonym
        names = [each.pseudonym for each in linked if each.child == child]
        called = names[0] if names else child_queries.pseudonym_of(views, child, only=only)
    called = called or _registered_as(house, call, child)
    if called is None:
        raise Invalid("child", f"{child} is in no incident and has no profile that you may read", LOOK_UP)
    if pseudonym not in (None, called):
        raise Invalid("pseudonym", f"the child is called {called}", "correct it, or leave it out")
    return child, called


def _one(found: set[UUID], pseudonym: str) -> UUID:
    if not found:
        raise Invalid("pseudonym", f"{pseudonym[:20]} is in no incident that you may read", LOOK_UP)
    if len(found) > 1:
        raise Invalid("pseudonym", f"{len(found)} children are called {pseudonym}", "give the child's id, too")
    return found.pop()


def _registered_as(house: Services, call: Call, child: UUID) -> str | None:
    """The pseudonym of a child's profile, where the caller may read it."""
    state = house.childhood.profiles.load(child)
    if state is None or state.phase != REGISTERED:
        return None
    may_read = house.desk.allows(call, Operation.CHILD_READ, relations.child(child, state))
    return state.pseudonym if may_read else None
