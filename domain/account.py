"""Somebody who can sign in. What proves it is them (a password, a token) is never an event."""

from __future__ import annotations

import re
from typing import TypeAlias
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain import checks
from domain.decider import Decider
from domain.errors import AlreadyExists, OwnAccount, WrongState
from domain.event import Event
from domain.personal import PersonName, Reason
from domain.sealed import Sealed

USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,31}")


class AccountCreated(Event, frozen=True, kw_only=True):
    TOPIC = "account.created"

    username: str
    unit: UUID
    person: Sealed[PersonName]


class AccountSuspended(Event, frozen=True, kw_only=True):
    TOPIC = "account.suspended"

    reason: Sealed[Reason]


class CreateAccount(msgspec.Struct, frozen=True, kw_only=True):
    """Its stream is `ids.account_id(username)`: a username is taken once, for ever."""

    username: str
    unit: UUID
    person: Sealed[PersonName]


class SuspendAccount(msgspec.Struct, frozen=True, kw_only=True):
    account: UUID
    by: UUID
    reason: Sealed[Reason]


AccountCommand: TypeAlias = CreateAccount | SuspendAccount


class Account(msgspec.Struct, frozen=True):
    username: str
    unit: UUID
    suspended: bool = False


def decide_create(state: Account | None, command: CreateAccount) -> tuple[Event, ...]:
    username = checks.pattern(
        "username",
        command.username,
        USERNAME,
        "use 3 to 32 small Latin letters, digits, dots, dashes or underscores, a letter first",
    )
    if state is not None:
        raise AlreadyExists("account", username)
    checks.line("full_name", command.person.fresh_value().full_name)
    return (AccountCreated(username=username, unit=command.unit, person=command.person),)


def decide_suspend(state: Account | None, command: SuspendAccount) -> tuple[Event, ...]:
    account = checks.existing("account", command.account, state)
    if command.by == command.account:
        raise OwnAccount("suspends")
    if account.suspended:
        raise WrongState("account", command.account, "suspended", "nothing is left to do")
    return (AccountSuspended(reason=checks.reason("reason", command.reason)),)


def evolve_created(state: None, event: AccountCreated) -> Account:
    return Account(username=event.username, unit=event.unit)


def evolve_suspended(state: Account, event: AccountSuspended) -> Account:
    return replace(state, suspended=True)


DECIDER: Decider[AccountCommand, Account] = Decider(
    kind="account",
    decides={CreateAccount: decide_create, SuspendAccount: decide_suspend},
    evolves={AccountCreated: evolve_created, AccountSuspended: evolve_suspended},
)
