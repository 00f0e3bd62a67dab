"""From an HTTP request to a `Call`: the token's account, its roles as they are now, and which command this is."""

from __future__ import annotations

from typing import Any, TypeAlias
from urllib.parse import unquote
from uuid import UUID, uuid4

import structlog
from litestar import Request
from litestar.di import NamedDependency
from litestar.exceptions import NotAuthorizedException
from litestar.params import SkipValidation

from app.access.tokens import InvalidToken
from app.call import Call, command_id
from app.composition import Services
from domain.errors import Invalid

Asked: TypeAlias = Request[Any, Any, Any]
House: TypeAlias = NamedDependency[SkipValidation[Services]]  # the open house, not data of a request

KEY_LENGTH_MAX = 200
PURPOSE_LENGTH_MAX = 2_000  # percent-encoded Ukrainian takes six characters a letter


def services(request: Request[Any, Any, Any]) -> Services:
    found: Services = request.app.state.services
    return found


def call_of(request: Request[Any, Any, Any], house: Services, body: object = None) -> Call:
    """Who calls, and what. `body` tells one command from another under the same Idempotency-Key."""
    principal = house.people.principal(account_of(request, house))
    house.desk.gate.require_active(principal)
    structlog.contextvars.bind_contextvars(account=str(principal.account))
    return Call(
        principal=principal,
        purpose=unquote(_bounded(request, "Oberih-Purpose", PURPOSE_LENGTH_MAX) or ""),  # headers carry ASCII only
        command_id=command_id(principal.account, _bounded(request, "Idempotency-Key", KEY_LENGTH_MAX)),
        digest=house.digests.digest(request.method, request.url.path, request.url.query, body),
        correlation_id=request.scope["state"].setdefault("correlation_id", uuid4()),
        expected_version=_expected_version(request),
    )


def account_of(request: Request[Any, Any, Any], house: Services) -> UUID:
    """The account that the bearer token names. Raises 401 where there is no valid token."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotAuthorizedException("no token; log in and send it as Authorization: Bearer")
    try:
        return house.tokens.verify(token)
    except InvalidToken as fault:
        raise NotAuthorizedException(f"{fault}; log in again") from fault


def _bounded(request: Request[Any, Any, Any], header: str, length_max: int) -> str | None:
    value = request.headers.get(header)
    if value is not None and not 0 < len(value) <= length_max:
        raise Invalid(header, f"has {len(value)} characters", f"send 1 to {length_max}")
    return value


def _expected_version(request: Request[Any, Any, Any]) -> int | None:
    value = request.headers.get("If-Match")
    if value is None or value.strip() == "*":
        return None
    number = value.strip().removeprefix("W/").strip('"')
    if not number.isascii() or not number.isdigit():
        raise Invalid("If-Match", f"{value!r} is not a version", 'send the ETag of the answer that you read, as in "3"')
    return int(number)
