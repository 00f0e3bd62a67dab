"""Somebody who can sign in. What proves it is them (a password, a token) is never in an event.

That a password was set is an event, and names the *credential*: the row of the file of credentials in which its hash
lies. A password that somebody else chose is initial: its holder may do nothing but choose their own, so that whoever
made the account cannot go on acting as its holder unnoticed.
"""

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

UNNAMED = UUID(int=0)  # the credential of an account that was created before credentials had names
USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,31}")


class AccountCreated(Event, frozen=True, kw_only=True):
    TOPIC = "account.created"

    username: str
    unit: UUID
    person: Sealed[PersonName]
    credential: UUID | None = None  # None: UNNAMED
    initial: bool = False  # its first password was chosen by somebody else


class PasswordChanged(Event, frozen=True, kw_only=True):
    """By the account's holder: it is known to nobody else."""

    TOPIC = "account.password-changed"

    credential: UUID


class PasswordReset(Event, frozen=True, kw_only=True):
    """By an administrator: it is initial."""

    TOPIC = "account.password-reset"

    credential: UUID


class AccountSuspended(Event, frozen=True, kw_only=True):
    TOPIC = "account.suspended"

    reason: Sealed[Reason]


class CreateAccount(msgspec.Struct, frozen=True, kw_only=True):
    """Its stream is `ids.account_id(username)`: a username is taken once, for ever."""

    username: str
    unit: UUID
    person: Sealed[PersonName]
    credential: UUID
    initial: bool = True


class ChangePassword(msgspec.Struct, frozen=True, kw_only=True):
    """By its holder."""

    account: UUID
    credential: UUID


class ResetPassword(msgspec.Struct, frozen=True, kw_only=True):
    account: UUID
    by: UUID
    credential: UUID


class SuspendAccount(msgspec.Struct, frozen=True, kw_only=True):
    account: UUID
    by: UUID
    reason: Sealed[Reason]


AccountCommand: TypeAlias = CreateAccount | ChangePassword | ResetPassword | SuspendAccount


class Account(msgspec.Struct, frozen=True):
    username: str
    unit: UUID
    credential: UUID  # what it signs in with now
    initial: bool  # the password there was chosen by somebody else
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
    checks.name("full_name", command.person.fresh_value().full_name)
    created = AccountCreated(
        username=username,
        unit=command.unit,
        person=command.person,
        credential=command.credential,
        initial=command.initial,
    )
    return (created,)


def decide_change_password(state: Account | None, command: ChangePassword) -> tuple[Event, ...]:
    account = checks.existing("account", command.account, state)
    _not_suspended(command.account, account)
    return (PasswordChanged(credential=command.credential),)


def decide_reset_password(state: Account | None, command: ResetPassword) -> tuple[Event, ...]:
    """Also of an account that is left without a password, however that came."""
    account = checks.existing("account", command.account, state)
    if command.by == command.account:
        raise OwnAccount("resets the password of")
    _not_suspended(command.account, account)
    return (PasswordReset(credential=command.credential),)


def decide_suspend(state: Account | None, command: SuspendAccount) -> tuple[Event, ...]:
    account = checks.existing("account", command.account, state)
    if command.by == command.account:
        raise OwnAccount("suspends")
    if account.suspended:
        raise WrongState("account", command.account, "suspended", "nothing is left to do")
    return (AccountSuspended(reason=checks.reason("reason", command.reason)),)


def evolve_created(state: None, event: AccountCreated) -> Account:
    return Account(
        username=event.username, unit=event.unit, credential=event.credential or UNNAMED, initial=event.initial
    )


def evolve_password_changed(state: Account, event: PasswordChanged) -> Account:
    return replace(state, credential=event.credential, initial=False)


def evolve_password_reset(state: Account, event: PasswordReset) -> Account:
    return replace(state, credential=event.credential, initial=True)


def evolve_suspended(state: Account, event: AccountSuspended) -> Account:
    return replace(state, suspended=True)


def _not_suspended(key: UUID, account: Account) -> None:
    if account.suspended:
        raise WrongState("account", key, "suspended", "it signs in no more, whatever its password is")


DECIDER: Decider[AccountCommand, Account] = Decider(
    kind="account",
    decides={
        CreateAccount: decide_create,
        ChangePassword: decide_change_password,
        ResetPassword: decide_reset_password,
        SuspendAccount: decide_suspend,
    },
    evolves={
        AccountCreated: evolve_created,
        PasswordChanged: evolve_password_changed,
        PasswordReset: evolve_password_reset,
        AccountSuspended: evolve_suspended,
    },
)
