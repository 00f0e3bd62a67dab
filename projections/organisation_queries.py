"""What is asked of the organisation: its units, accounts, roles and policies."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, select

from domain.sealed import Token
from projections.organisation import accounts, policies, role_grants, unit_name_of, units
from projections.paging import Page, every, one, page, rows_of


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    unit: UUID
    name: str
    region: str
    kind: str
    created_at: datetime
    version: int


class Account(msgspec.Struct, frozen=True, kw_only=True):
    account: UUID
    username: str
    unit: UUID
    unit_name: str | None = None
    person: Token  # the holder's name
    state: str  # ACTIVE | SUSPENDED
    created_at: datetime
    password: str  # INITIAL: by somebody else | CHOSEN: by its holder
    password_set_at: datetime
    suspended_at: datetime | None
    suspended_by: UUID | None
    reason: Token | None  # of the suspension
    version: int


class RoleGrant(msgspec.Struct, frozen=True, kw_only=True):
    """The last giving of a role to an account; in force while `withdrawn_at` is None."""

    grant_id: UUID
    account: UUID
    role: str
    unit: UUID
    given_at: datetime
    given_by: UUID
    withdrawn_at: datetime | None
    withdrawn_by: UUID | None
    version: int


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    position: int
    sha256: str
    name: str
    adopted_at: datetime
    adopted_by: UUID
    version: int


def unit_page(
    connection: Connection, *, region: str | None = None, cursor: str | None = None, limit: int = 50
) -> Page[Unit]:
    """Units by name."""
    query = rows_of(Unit, units)
    if region is not None:
        query = query.where(units.c.region == region)
    return page(connection, Unit, query, (units.c.name, units.c.unit), cursor=cursor, limit=limit)


def unit(connection: Connection, key: UUID) -> Unit | None:
    return one(connection, Unit, rows_of(Unit, units).where(units.c.unit == key))


def account_page(
    connection: Connection,
    *,
    only: ColumnElement[bool] | None = None,
    unit: UUID | None = None,
    state: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Account]:
    """Accounts by username."""
    query = _accounts()
    if unit is not None:
        query = query.where(accounts.c.unit == unit)
    if only is not None:
        query = query.where(only)
    if state is not None:
        query = query.where(accounts.c.state == state)
    return page(connection, Account, query, (accounts.c.username,), cursor=cursor, limit=limit)


def account(connection: Connection, key: UUID) -> Account | None:
    return one(connection, Account, _accounts().where(accounts.c.account == key))


def usernames(connection: Connection, keys: Collection[UUID]) -> dict[UUID, str]:
    """Of those of the accounts that exist: at most as many as a page has rows."""
    query = select(accounts.c.account, accounts.c.username).where(accounts.c.account.in_(keys))
    return dict(connection.execute(query).tuples().all())


def _accounts() -> Select[Any]:
    return rows_of(Account, accounts, unit_name=unit_name_of(accounts.c.unit))


def roles_in_force(
    connection: Connection, *, account: UUID | None = None, role: str | None = None, unit: UUID | None = None
) -> tuple[RoleGrant, ...]:
    """Grants that were given and not withdrawn, by account and role."""
    query = rows_of(RoleGrant, role_grants).where(role_grants.c.withdrawn_at.is_(None))
    for name, wanted in {"account": account, "role": role, "unit": unit}.items():
        if wanted is not None:
            query = query.where(role_grants.c[name] == wanted)
    return every(connection, RoleGrant, query.order_by(role_grants.c.account, role_grants.c.role))


def policy_in_force(connection: Connection) -> Policy | None:
    query = rows_of(Policy, policies).order_by(policies.c.position.desc()).limit(1)
    return one(connection, Policy, query)


def policies_adopted(connection: Connection) -> tuple[Policy, ...]:
    """Every policy that was ever in force, the latest first."""
    return every(connection, Policy, rows_of(Policy, policies).order_by(policies.c.position.desc()))
