"""Which child is meant, wherever one is named: by its id, its pseudonym, or both, which must agree.

It is one whom the caller may read of: by a profile, an incident, a prevention case or a concern. Any other is as one
that does not exist. Where a child may be new, whoever names none gets id and pseudonym from here; a client that makes
them itself names both, and neither may be known anywhere: what somebody else uses is nobody's to take over.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app import relations
from app.access.operations import Operation
from app.call import Call, now
from app.composition import Services
from app.desk import expect
from app.lists import child_timeline_conditions
from app.unerased import unerased
from domain import incident
from domain.errors import Invalid
from domain.ids import child_pseudonym
from domain.incident import ChildLinked, LinkChild
from domain.log import Change, Receipt
from projections import child_queries

LOOK_UP = "look it up among GET /children and GET /children/profiles"


def link(
    house: Services, call: Call, key: UUID, child: UUID | None, pseudonym: str | None, role: str
) -> tuple[Receipt, UUID, str]:
    """Link the child with this id, or this pseudonym, or both; with neither a new one. Returns the receipt, and the
    child with its pseudonym.

    Raises:
        domain.errors.Invalid: as `meant_child` does.
        domain.errors.WrongState: the child was erased.
        and what `Desk.perform` raises.
    """

    def meant() -> tuple[UUID, str]:
        """Also one whose link here was taken back by mistake."""
        linked = [event for event in reversed(house.log.events(key)) if isinstance(event, ChildLinked)]
        return meant_child(house, call, child, pseudonym, new=call.new_key(), linked=linked)

    def decide() -> Sequence[Change]:
        loaded = house.desk.load(incident.DECIDER, key)
        house.desk.require(call, Operation.INCIDENT_LINK_CHILD, relations.incident(key, loaded.state))
        expect(call, loaded)
        found, called = meant()
        command = LinkChild(incident=key, child=found, pseudonym=called, role=role)
        decided = Change(key, loaded.version, incident.DECIDER.decide(loaded.state, command))
        return decided, *unerased(house.desk, (found,))

    receipt = house.desk.commit(call, Operation.INCIDENT_LINK_CHILD, decide)
    if receipt.last_position:  # what was recorded, also where this is a retry
        version = receipt.streams[0].version
        (linked,) = house.log.events(key, after_version=version - 1, until_version=version)
        assert isinstance(linked, ChildLinked)
        return receipt, linked.child, linked.pseudonym
    return receipt, *meant()


def meant_child(
    house: Services,
    call: Call,
    child: UUID | None,
    pseudonym: str | None,
    *,
    new: UUID | None = None,
    linked: Sequence[ChildLinked] = (),
) -> tuple[UUID, str]:
    """Which child it is, and how it is called. `new`: the id of one that is new here, where it may be. `linked` is or
    was in this incident, the last linked first, and the views may not show it.

    Raises:
        domain.errors.Invalid: none is meant, or more than one; it is called otherwise; or what is to be new is not.
    """
    if child is None and pseudonym is None:
        if new is None:
            raise Invalid("child", "is not named", f"{LOOK_UP}; give its pseudonym or its id")
        return new, child_pseudonym(new)
    here = [(each.child, each.pseudonym) for each in linked]
    if child is None:
        found = {key for key, name in here if name == pseudonym}
        found = found or {key for key, _ in _read_of(house, call, pseudonym=pseudonym)}
        return _one(found, str(pseudonym)), str(pseudonym)
    names = [name for key, name in (*here, *_read_of(house, call, children=[child])) if key == child]
    if not names and new is not None and pseudonym is not None:
        return _introduced(house, child, pseudonym)
    if not names:
        raise Invalid("child", f"{child} is no child that you may read of", LOOK_UP)
    if pseudonym not in (None, *names):
        raise Invalid("pseudonym", f"the child is called {names[0]}", "correct it, or leave it out")
    return child, pseudonym or names[0]


def check_names(house: Services, call: Call, names: Sequence[UUID], *, meant: UUID | None = None) -> None:
    """Whom a text names are children whom the caller may read of, or the one that is `meant` by the command.

    Raises:
        domain.errors.Invalid: one is not. What is no child would not take the text along when it is erased.
    """
    others = [name for name in names if name != meant]
    if not others:
        return
    known = {key for key, _ in _read_of(house, call, children=others)}
    for name in others:
        if name not in known:
            raise Invalid("names", f"{name} is no child that you may read of", f"{LOOK_UP}, or leave it out")


def _read_of(
    house: Services, call: Call, *, children: Sequence[UUID] | None = None, pseudonym: str | None = None
) -> Sequence[tuple[UUID, str]]:
    """Those of the children, or of those that are called so, whom the caller may read of; with what each is called."""
    at = now()
    only = child_timeline_conditions(house, call, at)
    house.desk.caught_up()
    with house.views.reading() as views:
        return child_queries.known_as(views, at, children=children, pseudonym=pseudonym, only=only)


def _introduced(house: Services, child: UUID, pseudonym: str) -> tuple[UUID, str]:
    """A child whose id and pseudonym were made by the client. Raises Invalid."""
    mend = "leave id and pseudonym out for a new child"
    with house.views.reading() as views:
        if house.log.events(child, until_version=1) or child_queries.known_as(views, now(), children=[child]):
            raise Invalid("child", f"{child} is used already", mend)
        if child_queries.known_as(views, now(), pseudonym=pseudonym):
            raise Invalid("pseudonym", f"{pseudonym[:20]} is used already", mend)
    return child, pseudonym


def _one(found: set[UUID], pseudonym: str) -> UUID:
    if not found:
        raise Invalid("pseudonym", f"{pseudonym[:20]} is no child that you may read of", LOOK_UP)
    if len(found) > 1:
        raise Invalid("pseudonym", f"{len(found)} children are called {pseudonym}", "give the child's id, too")
    return found.pop()
