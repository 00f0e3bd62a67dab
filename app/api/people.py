"""Units, accounts, roles and the policy over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app import relations
from app.access.operations import Operation
from app.api.answers import Done, Page, done, page_of, versioned, wanted
from app.api.calls import Asked, House, call_of
from app.initialising import POLICY_NAME
from app.lists import account_columns, condition
from domain import account, policy, role_grant, unit
from domain.account import SuspendAccount
from domain.checks import existing
from domain.ids import POLICY_STREAM, role_grant_id
from domain.personal import PersonName, Reason
from domain.policy import AdoptPolicy
from domain.role_grant import WithdrawRole
from domain.sealed import Sealed
from domain.unit import CreateUnit
from domain.vocabulary import REGIONS
from projections import organisation_queries

Doc = msgspec.Meta


class NewUnit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, Doc(examples=["Слідчий відділ, Поділ"])]
    region: Annotated[str, Doc(examples=["UA-30"])]
    kind: Annotated[str, Doc(examples=["investigation"])]


class NewAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    username: Annotated[str, Doc(examples=["olena"])]
    full_name: Annotated[str, Doc(examples=["Олена Коваль"], description="sealed; opened only on record")]
    unit: Annotated[UUID, Doc(examples=["7c1f6f0e-2b1a-4c53-9a51-3f0a8e2d4b60"])]
    password: Annotated[
        str, Doc(examples=["кобзар і чорний ліс"], description="initial: its holder chooses another one first of all")
    ]


class NewRole(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    role: Annotated[str, Doc(examples=["investigator"])]


class Reasoned(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Annotated[str, Doc(examples=["Звільнено зі служби"])]


class AccountAnswer(msgspec.Struct, frozen=True, kw_only=True):
    account: UUID
    username: str
    unit: UUID
    unit_name: str | None
    state: str
    created_at: datetime
    suspended_at: datetime | None
    password: str  # initial: chosen by somebody else; chosen: known to its holder alone
    password_set_at: datetime
    version: int


class NameAnswer(msgspec.Struct, frozen=True):
    full_name: str | None  # null once it was erased


class PolicyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The policies that decide now, and the digest on record. They must be the same: `in_force` says so."""

    sha256: str
    in_force: bool
    text: str


@post("/units", sync_to_thread=True)
def create_unit(request: Asked, house: House, data: JSONBody[NewUnit]) -> Response[Done]:
    """A unit of the police."""
    call = call_of(request, house, data)
    key = call.new_key()
    command = CreateUnit(unit=key, name=data.name, region=data.region, kind=data.kind)
    receipt = house.desk.perform(call, Operation.UNIT_CREATE, unit.DECIDER, key, command, lambda _: relations.SYSTEM)
    return done(receipt, key, created=True)


@get("/units", sync_to_thread=True)
def list_units(
    request: Asked,
    house: House,
    region: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[organisation_queries.Unit]:
    """Units by name."""
    house.desk.require(call_of(request, house), Operation.UNIT_LIST)
    only = wanted("region", region, REGIONS)
    with house.views.reading() as views:
        return page_of(organisation_queries.unit_page(views, region=only, cursor=cursor, limit=limit))


@post("/accounts", sync_to_thread=True)
def create_account(request: Asked, house: House, data: JSONBody[NewAccount]) -> Response[Done]:
    """Somebody who can sign in. Without a role they may do nothing."""
    call = call_of(request, house, data)
    key, receipt = house.people.create(call, data.username, data.full_name, data.unit, data.password)
    return done(receipt, key, created=True)


@get("/accounts", sync_to_thread=True)
def list_accounts(
    request: Asked, house: House, cursor: FromQuery[str | None] = None, limit: FromQuery[int] = 50
) -> Page[AccountAnswer]:
    """The accounts that the caller may read, by username."""
    call = call_of(request, house)
    house.desk.require(call, Operation.ACCOUNT_LIST)
    only = condition(house, call, Operation.ACCOUNT_LIST, account_columns())
    with house.views.reading() as views:
        return page_of(organisation_queries.account_page(views, only=only, cursor=cursor, limit=limit), AccountAnswer)


@get("/accounts/{key:uuid}", sync_to_thread=True)
def read_account(request: Asked, house: House, key: FromPath[UUID]) -> Response[AccountAnswer]:
    """One account, without its holder's name."""
    call = call_of(request, house)
    state = house.desk.load(account.DECIDER, key).state
    house.desk.require(call, Operation.ACCOUNT_READ, relations.account(key, state))
    with house.views.reading() as views:
        found = existing("account", key, organisation_queries.account(views, key))
    return versioned(msgspec.convert(found, AccountAnswer, from_attributes=True), found.version)


@get("/accounts/{key:uuid}/name", sync_to_thread=True)
def read_name(request: Asked, house: House, key: FromPath[UUID]) -> NameAnswer:
    """Its holder's name. Opening it goes on record before it is answered."""
    call = call_of(request, house)
    loaded = house.desk.load(account.DECIDER, key)
    house.desk.require(call, Operation.ACCOUNT_READ_NAME, relations.account(key, loaded.state))
    created = house.log.events(key, until_version=1)[0]
    assert isinstance(created, account.AccountCreated)
    person = house.disclosures.open(call, Operation.ACCOUNT_READ_NAME, key, created.person, PersonName)
    return NameAnswer(None if person is None else person.full_name)


@post("/accounts/{key:uuid}/suspend", status_code=200, sync_to_thread=True)
def suspend_account(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Reasoned]) -> Response[Done]:
    """From now on it may do nothing, whatever tokens are out."""
    call = call_of(request, house, data)
    command = SuspendAccount(account=key, by=call.principal.account, reason=Sealed(key, Reason(data.reason)))
    receipt = house.desk.perform(
        call,
        Operation.ACCOUNT_SUSPEND,
        account.DECIDER,
        key,
        command,
        lambda state: relations.account(key, state),
    )
    return done(receipt, key)


@post("/accounts/{key:uuid}/roles", status_code=200, sync_to_thread=True)
def give_role(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[NewRole]) -> Response[Done]:
    """Give a role, in the account's unit. Nobody gives one to themselves; an auditor holds no other."""
    call = call_of(request, house, data)
    return done(house.people.give_role(call, key, data.role), role_grant_id(key, data.role))


@post("/accounts/{key:uuid}/roles/{role:str}/withdraw", status_code=200, sync_to_thread=True)
def withdraw_role(request: Asked, house: House, key: FromPath[UUID], role: FromPath[str]) -> Response[Done]:
    """Withdraw a role, from the next request on."""
    call = call_of(request, house)
    stream = role_grant_id(key, role)
    command = WithdrawRole(account=key, role=role, by=call.principal.account)
    receipt = house.desk.perform(
        call,
        Operation.ROLE_WITHDRAW,
        role_grant.DECIDER,
        stream,
        command,
        lambda _: relations.account(key, house.desk.load(account.DECIDER, key).state),
    )
    return done(receipt, stream)


@get("/policy", sync_to_thread=True)
def read_policy(request: Asked, house: House) -> PolicyAnswer:
    """The policies that decide who may do what, to be read by anybody with a role."""
    house.desk.require(call_of(request, house), Operation.POLICY_READ)
    adopted = house.desk.load(policy.DECIDER, POLICY_STREAM).state
    gate = house.desk.gate
    return PolicyAnswer(
        sha256=gate.digest,
        in_force=adopted is not None and adopted.sha256 == gate.digest,
        text=gate.policy.policies_text,
    )


@post("/policy/adopt", status_code=200, sync_to_thread=True)
def adopt_policy(request: Asked, house: House) -> Response[Done]:
    """Put on record that the policies of this program are the ones in force."""
    call = call_of(request, house)
    command = AdoptPolicy(sha256=house.desk.gate.digest, name=POLICY_NAME)
    receipt = house.desk.perform(
        call, Operation.POLICY_ADOPT, policy.DECIDER, POLICY_STREAM, command, lambda _: relations.SYSTEM
    )
    return done(receipt, POLICY_STREAM)


ROUTES = (
    create_unit,
    list_units,
    create_account,
    list_accounts,
    read_account,
    read_name,
    suspend_account,
    give_role,
    withdraw_role,
    read_policy,
    adopt_policy,
)
