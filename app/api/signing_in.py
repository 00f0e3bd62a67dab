"""Signing in, who one is, and passwords over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.exceptions import NotAuthorizedException
from litestar.params import FromPath, JSONBody

from app.access.gate import Principal
from app.api.answers import Done, done
from app.api.calls import Asked, House, call_of, correlation_of
from domain import unit
from domain.account import Account
from domain.checks import existing
from domain.ids import account_id

Doc = msgspec.Meta


class Login(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    username: Annotated[str, Doc(examples=["olena"])]
    password: Annotated[str, Doc(examples=["кобзар і чорний ліс"])]


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """Where the password must be changed, the token is good for GET /me and POST /me/password and nothing else."""

    token: str
    expires_at: datetime
    account: UUID
    username: str
    roles: list[str]
    password_must_be_changed: bool


class Me(msgspec.Struct, frozen=True, kw_only=True):
    account: UUID
    username: str
    unit: UUID
    unit_name: str
    roles: list[str]
    password_must_be_changed: bool  # it was chosen by somebody else: POST /me/password comes before anything else


class OwnPassword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    old: Annotated[str, Doc(examples=["тимчасовий пароль 7"], description="the one that you sign in with now")]
    new: Annotated[str, Doc(examples=["кобзар і чорний ліс"], description="12 to 200 characters; tell it to nobody")]


class InitialPassword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    password: Annotated[str, Doc(examples=["тимчасовий пароль 7"], description="good for choosing another one")]


@post("/login", status_code=200, sync_to_thread=True, public=True)
def login(request: Asked, house: House, data: JSONBody[Login]) -> Session:
    """A token for some minutes, given out once the sign-in is on record. Wrong name and wrong password are answered
    alike, and as slowly.
    """
    key = account_id(data.username)
    credential = house.people.signs_in(key, data.password)
    if credential is None:
        raise NotAuthorizedException("wrong username or password")
    principal, state = house.people.holder(key)
    if state.credential != credential:  # it was changed while this one was looked at: the old one is good for nothing
        raise NotAuthorizedException("wrong username or password")
    if principal.suspended:
        house.sign_ins.refused(key, "account-suspended")
        raise NotAuthorizedException("wrong username or password")
    house.sign_ins.opened(principal, initial=state.initial, correlation_id=correlation_of(request))
    return _session(house, principal, state)


def _session(house: House, principal: Principal, state: Account) -> Session:
    issued = house.tokens.issue(principal.account, state.credential)
    return Session(
        token=issued.token,
        expires_at=issued.expires_at,
        account=principal.account,
        username=state.username,
        roles=sorted(principal.roles),
        password_must_be_changed=state.initial,
    )


@get("/me", sync_to_thread=True)
def read_me(request: Asked, house: House) -> Me:
    """Who the token is for, with the roles they hold now."""
    principal, state = house.people.holder(call_of(request, house, initial=True).principal.account)
    return Me(
        account=principal.account,
        username=state.username,
        unit=principal.unit,
        unit_name=existing("unit", principal.unit, house.desk.load(unit.DECIDER, principal.unit).state).name,
        roles=sorted(principal.roles),
        password_must_be_changed=state.initial,
    )


@post("/me/password", status_code=200, sync_to_thread=True)
def change_password(request: Asked, house: House, data: JSONBody[OwnPassword]) -> Session:
    """Choose a password of one's own. Every token of the account ends; the answer holds the one to go on with."""
    call = call_of(request, house, data, initial=True)
    house.people.change_password(call, data.old, data.new)
    return _session(house, *house.people.holder(call.principal.account))


@post("/accounts/{key:uuid}/password", status_code=200, sync_to_thread=True)
def reset_password(
    request: Asked, house: House, key: FromPath[UUID], data: JSONBody[InitialPassword]
) -> Response[Done]:
    """Give somebody else's account an initial password. Its tokens end; its holder chooses another one first of all."""
    call = call_of(request, house, data)
    return done(house.people.reset_password(call, key, data.password), key)


ROUTES = (login, read_me, change_password, reset_password)
