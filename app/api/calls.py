"""From an HTTP request to a `Call`: the token's account, its roles as they are now, and which command this is."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from typing import Any, TypeAlias
from urllib.parse import unquote
from uuid import UUID, uuid4

import structlog
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.exceptions import ClientException, HTTPException, InternalServerException, NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from litestar.params import SkipValidation
from litestar.status_codes import HTTP_415_UNSUPPORTED_MEDIA_TYPE

from app.access.passwords import PasswordMustBeChanged
from app.access.tokens import Bearer, InvalidToken
from app.call import Call, command_id
from app.composition import Services
from domain.errors import Invalid
from domain.purpose import purpose

Asked: TypeAlias = Request[Any, Any, Any]
House: TypeAlias = NamedDependency[SkipValidation[Services]]  # the open house, not data of a request

KEY_LENGTH_MAX = 200
PURPOSE_LENGTH_MAX = 300  # percent-encoded Ukrainian takes six characters a letter
VERSION_DIGITS_MAX = 15  # more than any stream will ever have
JSON = "application/json"


class WholeRequest(Request[Any, Any, Any]):
    """A request whose body came in whole, and is JSON where it is to be; else it is refused as what it is instead."""

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """Raises 400 where the client went away; the framework would call that a fault of the server."""
        try:
            async for chunk in super().stream():
                yield chunk
        except InternalServerException as fault:
            raise ClientException("the body ended before it was whole; send it again") from fault

    async def json(self) -> Any:
        """Raises 415 where it says to be something else, 400 where it is not text or without end."""
        media_type = self.content_type[0]
        if media_type not in ("", JSON):
            raise HTTPException(f"the body is {media_type}; send {JSON}", status_code=HTTP_415_UNSUPPORTED_MEDIA_TYPE)
        try:
            document = await super().json()
            json.loads(await self.body() or b"null", object_pairs_hook=_each_once, parse_int=str, parse_float=str)
            return document
        except UnicodeDecodeError as fault:
            raise ClientException("the body is not UTF-8; send JSON in UTF-8") from fault
        except RecursionError as fault:
            raise ClientException("the body is nested too deeply; send the fields that the schema names") from fault


def _each_once(pairs: list[tuple[str, Any]]) -> None:
    """Readers of JSON do not agree which of two values of one name counts: what was meant is asked back.

    Raises 400.
    """
    named: set[str] = set()
    for name, _ in pairs:
        if name in named:
            raise ClientException(f"the body names {name[:40]!r} twice; send one value of it")
        named.add(name)


def services(request: Request[Any, Any, Any]) -> Services:
    found: Services = request.app.state.services
    return found


def call_of(request: Request[Any, Any, Any], house: Services, body: object = None, *, initial: bool = False) -> Call:
    """Who calls, and what. `body` tells one command from another under the same Idempotency-Key; `initial`: it may be
    somebody who has not chosen a password of their own yet.

    Raises:
        NotAuthorizedException: no valid token, or one that was given out under an earlier password.
        AccountSuspended, PasswordMustBeChanged: nothing, or nothing else, is for them.
    """
    bearer = bearer_of(request, house)
    principal, account = house.people.holder(bearer.account)
    if account.credential != bearer.credential:
        raise NotAuthorizedException("the password was changed since; log in again")
    house.desk.gate.require_active(principal)
    if account.initial and not initial:
        raise PasswordMustBeChanged
    structlog.contextvars.bind_contextvars(account=str(principal.account))
    return Call(
        principal=principal,
        purpose=_purpose(request),
        command_id=command_id(principal.account, _bounded(request, "Idempotency-Key", KEY_LENGTH_MAX)),
        digest=house.digests.digest(request.method, request.url.path, request.url.query, body),
        correlation_id=correlation_of(request),
        expected_version=_expected_version(request),
    )


def correlation_of(request: Request[Any, Any, Any]) -> UUID:
    found: UUID = request.scope["state"].setdefault("correlation_id", uuid4())
    return found


def signed_in(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """The guard of all routes that are not marked as public: 401 before a body is read, let alone judged."""
    if not handler.opt.get("public"):
        bearer_of(connection, connection.app.state.services)


def bearer_of(request: ASGIConnection[Any, Any, Any, Any], house: Services) -> Bearer:
    """Whose token it is, and under which credential it was given out. Raises 401 where there is no valid token. The
    limit, the guard and the route ask; a signature is checked once a request.
    """
    state = request.scope.setdefault("state", {})
    if "bearer" not in state:
        state["bearer"] = _verified(request, house)
    found: Bearer = state["bearer"]
    return found


def _verified(request: ASGIConnection[Any, Any, Any, Any], house: Services) -> Bearer:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotAuthorizedException("no token; log in and send it as Authorization: Bearer")
    try:
        return house.tokens.verify(token)
    except InvalidToken as fault:
        raise NotAuthorizedException(f"{fault}; sign in again: oberih login, or POST /login") from fault


def decoded(request: Request[Any, Any, Any], header: str, length_max: int) -> str | None:
    """What a header says: percent-encoded UTF-8, because headers carry ASCII only, decoded once. Raises Invalid."""
    value = _bounded(request, header, length_max)
    try:
        return None if value is None else unquote(value.encode("ascii").decode(), errors="strict")
    except UnicodeError as fault:
        raise Invalid(
            header, "is not percent-encoded UTF-8", "encode it, as in %D0%BB%D0%B8%D1%81%D1%82.pdf"
        ) from fault


def _bounded(request: Request[Any, Any, Any], header: str, length_max: int) -> str | None:
    value = request.headers.get(header)
    if value is not None and not 0 < len(value) <= length_max:
        raise Invalid(header, f"has {len(value)} characters", f"send 1 to {length_max}")
    return value


def _purpose(request: Request[Any, Any, Any]) -> str:
    said = decoded(request, "Oberih-Purpose", PURPOSE_LENGTH_MAX)
    return "" if said is None else purpose("Oberih-Purpose", said.strip())


def _expected_version(request: Request[Any, Any, Any]) -> int | None:
    value = request.headers.get("If-Match")
    if value is None or value.strip() == "*":
        return None
    number = value.strip().removeprefix("W/").strip('"')
    if not number.isascii() or not number.isdigit() or len(number) > VERSION_DIGITS_MAX:
        raise Invalid(
            "If-Match", f"{value[:40]!r} is not a version", 'send the ETag of the answer that you read, as in "3"'
        )
    return int(number)
