"""One role of one account, given and withdrawn: who could do what, and when, is history too.

Two rules of separation: nobody changes the roles of their own account, and an auditor holds no other role.
"""

from __future__ import annotations

from typing import TypeAlias
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain import checks, vocabulary
from domain.decider import Decider
from domain.errors import Invalid, OwnAccount, SeparationOfDuties, WrongState
from domain.event import Event
from domain.ids import role_grant_id

ADMINISTRATOR = "administrator"
AUDITOR = "auditor"
RESIDENT = "resident"  # of whoever holds the token of a report; no account has it


class RoleGiven(Event, frozen=True, kw_only=True):
    TOPIC = "role.given"

    account: UUID
    role: str  # vocabulary.ROLES
    unit: UUID  # where the role is exercised


class RoleWithdrawn(Event, frozen=True, kw_only=True):
    TOPIC = "role.withdrawn"

    account: UUID
    role: str


class GiveRole(msgspec.Struct, frozen=True, kw_only=True):
    """Its stream is `ids.role_grant_id(account, role)`."""

    account: UUID
    role: str
    unit: UUID
    by: UUID
    roles_held: frozenset[str]  # by the account now: the states of `grants_of(account)`
    account_suspended: bool = False


class WithdrawRole(msgspec.Struct, frozen=True, kw_only=True):
    account: UUID
    role: str
    by: UUID


RoleGrantCommand: TypeAlias = GiveRole | WithdrawRole


class RoleGrant(msgspec.Struct, frozen=True):
    account: UUID
    role: str
    unit: UUID
    held: bool


def grants_of(account: UUID) -> dict[str, UUID]:
    """The stream of each role of an account."""
    return {role: role_grant_id(account, role) for role in vocabulary.ROLES}


def decide_give(state: RoleGrant | None, command: GiveRole) -> tuple[Event, ...]:
    """A role held already in the same unit changes nothing."""
    role = checks.one_of("role", command.role, vocabulary.ROLES)
    if role == RESIDENT:
        raise Invalid("role", "is of whoever holds the token of a report", "give an account another role")
    if command.by == command.account:
        raise OwnAccount("gives roles to")
    if command.account_suspended:
        raise WrongState("account", command.account, "suspended", "give the role to another account")
    if state is not None and state.held:
        if state.unit == command.unit:
            return ()
        raise WrongState("role", role, f"held in unit {state.unit}", "withdraw it there first")
    others = command.roles_held - {role}
    if others and AUDITOR in {role, *others}:
        raise SeparationOfDuties(role, tuple(sorted(others)))
    return (RoleGiven(account=command.account, role=role, unit=command.unit),)


def decide_withdraw(state: RoleGrant | None, command: WithdrawRole) -> tuple[Event, ...]:
    role = checks.one_of("role", command.role, vocabulary.ROLES)
    if command.by == command.account:
        raise OwnAccount("withdraws roles of")
    if state is None or not state.held:
        raise WrongState("role", role, "not held by the account", "nothing is left to do")
    return (RoleWithdrawn(account=command.account, role=role),)


def evolve_given(state: RoleGrant | None, event: RoleGiven) -> RoleGrant:
    return RoleGrant(account=event.account, role=event.role, unit=event.unit, held=True)


def evolve_withdrawn(state: RoleGrant, event: RoleWithdrawn) -> RoleGrant:
    return replace(state, held=False)


DECIDER: Decider[RoleGrantCommand, RoleGrant] = Decider(
    kind="role",
    decides={GiveRole: decide_give, WithdrawRole: decide_withdraw},
    evolves={RoleGiven: evolve_given, RoleWithdrawn: evolve_withdrawn},
)
