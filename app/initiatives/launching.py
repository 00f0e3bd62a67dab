"""An initiative is launched in a community, and led by those who serve it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from uuid import UUID

from app import relations
from app.access.operations import Operation
from app.access.resources import NOBODY
from app.call import Call
from app.composition import Services
from app.desk import expect
from app.public_words import names_child
from domain.communities import community
from domain.initiatives import initiative
from domain.initiatives.initiative import InitiativeCommand, LaunchInitiative
from domain.log import Change, Receipt


def launch_initiative(house: Services, call: Call, title: str, of: UUID) -> tuple[Receipt, UUID]:
    """The receipt, and the initiative's id. `of`: the community.

    Raises:
        domain.errors.Invalid: there is no such community.
        domain.public_words.ChildNamed: the title names a child on record.
        and what `Desk.perform` raises.
    """
    key = call.new_key()
    named = cache(lambda: names_child(house, call, Operation.INITIATIVE_LAUNCH, title))  # looked for once, on record

    def decide() -> Sequence[Change]:
        known = house.desk.load(community.DECIDER, of).state
        serves = NOBODY if known is None else known.unit
        proposed = relations.proposed_initiative(key, community=of, unit=serves)
        house.desk.require(call, Operation.INITIATIVE_LAUNCH, proposed)
        loaded = house.desk.load(initiative.DECIDER, key)
        expect(call, loaded)
        command = LaunchInitiative(
            initiative=key,
            title=title,
            names_child=named(),
            community=of,
            region="" if known is None else known.region,
            unit=serves,
            by=call.principal.account,
        )
        return (Change(key, loaded.version, initiative.DECIDER.decide(loaded.state, command)),)

    return house.desk.commit(call, Operation.INITIATIVE_LAUNCH, decide), key


def names_child_in(house: Services, call: Call, key: UUID, *texts: str) -> bool:
    """Whether what everybody will read of a promise names a child on record, for a caller who may make it."""
    operation, loaded = Operation.INITIATIVE_MAKE_COMMITMENT, house.desk.load(initiative.DECIDER, key)
    house.desk.require(call, operation, relations.initiative(key, loaded.state))
    expect(call, loaded)  # what is refused anyway is not looked up
    return names_child(house, call, operation, " . ".join(texts))


def change_initiative(house: Services, call: Call, operation: Operation, command: InitiativeCommand) -> Receipt:
    """One command to one initiative. Raises what `Desk.perform` raises."""
    key = command.initiative
    return house.desk.perform(
        call, operation, initiative.DECIDER, key, command, lambda state: relations.initiative(key, state)
    )
