"""The organisation: units, accounts, who holds which role, and which access policy is in force."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    MetaData,
    ScalarSelect,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    select,
)

from domain.account import AccountCreated, AccountSuspended, PasswordChanged, PasswordReset
from domain.event import Recorded
from domain.policy import PolicyAdopted
from domain.role_grant import RoleGiven, RoleWithdrawn
from domain.sealed import Token
from domain.unit import UnitCreated
from projections.columns import Instant, Packed, Position, token_of
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
    Column("password", String(16), nullable=False),
    Column("password_set_at", Instant, nullable=False),
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
INITIAL, CHOSEN = "initial", "chosen"


def unit_name_of(column: ColumnElement[Any]) -> ScalarSelect[Any]:
    """The name of the unit that a row of another list names; NULL where there is no such unit."""
    named = units.alias()
    return select(named.c.name).where(named.c.unit == column).scalar_subquery()


def username_of(column: ColumnElement[Any]) -> ScalarSelect[Any]:
    """The username of the account that a row of another list names; NULL where there is no such account."""
    named = accounts.alias()
    return select(named.c.username).where(named.c.account == column).scalar_subquery()


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
        password=INITIAL if event.initial else CHOSEN,
        password_set_at=at.meta.recorded_at,
        version=at.version,
    )


def _password_changed(rows: Rows, at: Recorded, event: PasswordChanged) -> None:
    rows.change(accounts, at.stream, password=CHOSEN, password_set_at=at.meta.recorded_at, version=at.version)


def _password_reset(rows: Rows, at: Recorded, event: PasswordReset) -> None:
    rows.change(accounts, at.stream, password=INITIAL, password_set_at=at.meta.recorded_at, version=at.version)


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
    version=2,
    metadata=metadata,
    folds={
        UnitCreated: _unit_created,
        AccountCreated: _account_created,
        PasswordChanged: _password_changed,
        PasswordReset: _password_reset,
        AccountSuspended: _account_suspended,
        RoleGiven: _role_given,
        RoleWithdrawn: _role_withdrawn,
        PolicyAdopted: _policy_adopted,
    },
)
