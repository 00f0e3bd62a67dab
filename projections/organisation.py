"""The organisation: units, accounts, who holds which role, and which access policy is in force."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Column, ColumnElement, Connection, Integer, MetaData, String, Table, UniqueConstraint, Uuid

from domain.account import AccountCreated, AccountSuspended
from domain.event import Recorded
from domain.policy import PolicyAdopted
from domain.role_grant import RoleGiven, RoleWithdrawn
from domain.sealed import Token
from domain.unit import UnitCreated
from projections.columns import Instant, Packed, Position, token_of
from projections.paging import Page, every, one, page, rows_of
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
units = Table(
    "units",
    metadata,
    Column("unit", Uuid, primary_key=True),
    Column("name", String, nullable=False),
    Column("region", String(64), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("name", "unit"),
)
accounts = Table(
    "accounts",
    metadata,
    Column("account", Uuid, primary_key=True),
    Column("username", String, nullable=False),
    Column("unit", Uuid, nullable=False),
    Column("person", Packed(Token), nullable=False),
    Column("state", String(16), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("suspended_at", Instant),
    Column("suspended_by", Uuid),
    Column("reason", Packed(Token)),
    Column("version", Integer, nullable=False),
    UniqueConstraint("username"),
    UniqueConstraint("unit", "username"),
)
role_grants = Table(
    "role_grants",
    metadata,
    Column("grant_id", Uuid, primary_key=True),
    Column("account", Uuid, nullable=False),
    Column("role", String(32), nullable=False),
    Column("unit", Uuid, nullable=False),
    Column("given_at", Instant, nullable=False),
    Column("given_by", Uuid, nullable=False),
    Column("withdrawn_at", Instant),
    Column("withdrawn_by", Uuid),
    Column("version", Integer, nullable=False),
    UniqueConstraint("account", "role"),
)
policies = Table(
    "policies",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=False),
    Column("sha256", String(64), nullable=False),
    Column("name", String, nullable=False),
    Column("adopted_at", Instant, nullable=False),
    Column("adopted_by", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
)

ACTIVE, SUSPENDED = "active", "suspended"


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
    person: Token  # the holder's name
    state: str  # ACTIVE | SUSPENDED
    created_at: datetime
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
    query = rows_of(Account, accounts)
    if unit is not None:
        query = query.where(accounts.c.unit == unit)
    if only is not None:
        query = query.where(only)
    if state is not None:
        query = query.where(accounts.c.state == state)
    return page(connection, Account, query, (accounts.c.username,), cursor=cursor, limit=limit)


def account(connection: Connection, key: UUID) -> Account | None:
    return one(connection, Account, rows_of(Account, accounts).where(accounts.c.account == key))


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


def _unit_created(rows: Rows, at: Recorded, event: UnitCreated) -> None:
    rows.put(
        units,
        unit=at.stream,
        name=event.name,
        region=event.region,
        kind=event.kind,
        created_at=at.meta.recorded_at,
        version=at.version,
    )


def _account_created(rows: Rows, at: Recorded, event: AccountCreated) -> None:
    rows.put(
        accounts,
        account=at.stream,
        username=event.username,
        unit=event.unit,
        person=token_of(event.person),
        state=ACTIVE,
        created_at=at.meta.recorded_at,
        version=at.version,
    )


def _account_suspended(rows: Rows, at: Recorded, event: AccountSuspended) -> None:
    rows.change(
        accounts,
        at.stream,
        state=SUSPENDED,
        suspended_at=at.meta.recorded_at,
        suspended_by=at.meta.actor,
        reason=token_of(event.reason),
        version=at.version,
    )


def _role_given(rows: Rows, at: Recorded, event: RoleGiven) -> None:
    rows.put(
        role_grants,
        grant_id=at.stream,
        account=event.account,
        role=event.role,
        unit=event.unit,
        given_at=at.meta.recorded_at,
        given_by=at.meta.actor,
        version=at.version,
    )


def _role_withdrawn(rows: Rows, at: Recorded, event: RoleWithdrawn) -> None:
    rows.change(
        role_grants,
        at.stream,
        withdrawn_at=at.meta.recorded_at,
        withdrawn_by=at.meta.actor,
        version=at.version,
    )


def _policy_adopted(rows: Rows, at: Recorded, event: PolicyAdopted) -> None:
    rows.put(
        policies,
        position=at.position,
        sha256=event.sha256,
        name=event.name,
        adopted_at=at.meta.recorded_at,
        adopted_by=at.meta.actor,
        version=at.version,
    )


VIEW = View(
    name="organisation",
    version=1,
    metadata=metadata,
    folds={
        UnitCreated: _unit_created,
        AccountCreated: _account_created,
        AccountSuspended: _account_suspended,
        RoleGiven: _role_given,
        RoleWithdrawn: _role_withdrawn,
        PolicyAdopted: _policy_adopted,
    },
)
