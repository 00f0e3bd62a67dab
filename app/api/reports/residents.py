"""What residents ask by the token of their report. Nothing of the request but its body goes any further: no address, no
agent; the count that slows a flood is kept in memory, under a name that nobody can read back.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Response, get, post
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from litestar.params import JSONBody

from app.access.gate import Principal
from app.api.answers import Done, done
from app.api.calls import KEY_LENGTH_MAX, Asked, House, correlation_of
from app.api.languages import language_of
from app.api.sources import source_of
from app.call import Call, command_id
from app.composition import Services
from app.reports import submitting
from app.reports.own_page import OwnReport, own_page
from app.reports.submitting import NewReport
from domain.errors import Invalid
from domain.ids import report_id
from domain.personal import Place, ReporterContact

Doc = msgspec.Meta


class Token(msgspec.Struct, frozen=True):
    token: str


class WherePlace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where exactly. It is sealed; to about a kilometre, it is not."""

    latitude: Annotated[float | None, Doc(examples=[50.4501], description="WGS 84, degrees")] = None
    longitude: Annotated[float | None, Doc(examples=[30.5234])] = None
    text: Annotated[str, Doc(examples=["Зупинка навпроти ліцею"])] = ""


class Contact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of whoever wants to be reached. Left out, the report is anonymous."""

    full_name: Annotated[str, Doc(examples=["Оксана Мельник"])]
    phone: Annotated[str, Doc(examples=["+380 44 555 12 12"])] = ""
    email: Annotated[str, Doc(examples=["oksana@example.org"])] = ""


class SubmitReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    category: Annotated[str, Doc(examples=["lighting"], description="a code of GET /reports/public/words")]
    region: Annotated[str, Doc(examples=["UA-30"], description="ISO 3166-2:UA")]
    community: Annotated[str, Doc(examples=["Подільська"], description="by name, of GET /reports/public/words")]
    narrative: Annotated[str, Doc(examples=["Третій вечір не горить ліхтар біля шкільних воріт."])]
    place: WherePlace | None = None
    contact: Contact | None = None
    photos: Annotated[list[bytes], Doc(description="up to 4 of JPEG, PNG or WebP, in base64")] = []


class FollowUp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    narrative: Annotated[str, Doc(examples=["Сьогодні ліхтар знову не горів."])]


class ReopenOwn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Annotated[str, Doc(examples=["Нічого не змінилося"])]


def by_token(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """A guard. Raises 401 where there is no token of a report, before a body is read, let alone judged."""
    resident_of(connection)


def not_flooding(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """A guard. Raises TooManyReports before a body is read."""
    services: Services = connection.app.state.services
    services.residents.sources.check(source_of(connection))


def resident_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Principal:
    """Raises 401."""
    services: Services = connection.app.state.services
    scheme, _, token = connection.headers.get("Authorization", "").partition(" ")
    principal = services.residents.tokens.principal(token.strip()) if scheme.lower() == "report" else None
    if principal is None:
        raise NotAuthorizedException("no token of a report; send it as Authorization: Report")
    return principal


def resident_call(request: Asked, house: Services, body: object = None, *, key: str | None = None) -> Call:
    """Whoever holds the token, and which command of theirs this is. Raises 401."""
    principal = resident_of(request)
    said = key or request.headers.get("Idempotency-Key")
    if said is not None and not 0 < len(said) <= KEY_LENGTH_MAX:
        raise Invalid("Idempotency-Key", f"has {len(said)} characters", f"send 1 to {KEY_LENGTH_MAX}")
    return Call(
        principal=principal,
        purpose="",
        command_id=command_id(principal.account, said),
        digest=house.digests.digest(request.method, request.url.path, "", body),
        correlation_id=correlation_of(request),
    )


@post("/reports/own/token", sync_to_thread=True, public=True)
def make_token(house: House) -> Response[Token]:
    """A token for one report, before there is one: nothing is recorded. Write it down: nobody keeps it, and nobody can
    give it to you again. Send it as `Authorization: Report <token>`.
    """
    return Response(Token(house.residents.tokens.new()), status_code=201)


@post("/reports/own", sync_to_thread=True, public=True, guards=[by_token, not_flooding])
def submit_report(request: Asked, house: House, data: JSONBody[SubmitReport]) -> Response[Done]:
    """Report what you saw, once under a token. Sent again, it is the same report, with the same answer.

    Without a contact nothing is kept that tells who you are. Pictures are made anew from what they show: where they
    were taken, and with what, is in none of them.
    """
    call = resident_call(request, house, data, key="submit")
    new = NewReport(
        category=data.category,
        region=data.region,
        community=data.community,
        narrative=data.narrative,
        place=None if data.place is None else msgspec.convert(data.place, Place, from_attributes=True),
        contact=None if data.contact is None else msgspec.convert(data.contact, ReporterContact, from_attributes=True),
        photos=tuple(data.photos),
    )
    receipt = submitting.submit(house, call, new, source_of(request))
    return done(receipt, report_id(call.principal.account), created=True)


@get("/reports/own", sync_to_thread=True, public=True, guards=[by_token])
def read_own_report(request: Asked, house: House) -> OwnReport:
    """How your report stands, what happened with it, and what the police wrote to you. That you looked is not kept."""
    return own_page(house, resident_call(request, house), language_of(request))


@post("/reports/own/follow-up", status_code=200, sync_to_thread=True, public=True, guards=[by_token, not_flooding])
def follow_up(request: Asked, house: House, data: JSONBody[FollowUp]) -> Response[Done]:
    """Add to your report what you know by now."""
    call = resident_call(request, house, data)
    return done(submitting.follow_up(house, call, data.narrative), report_id(call.principal.account))


@post("/reports/own/contact/forget", status_code=200, sync_to_thread=True, public=True, guards=[by_token])
def forget_contact(request: Asked, house: House) -> Response[Done]:
    """Have it forgotten how you are reached. What you reported stays, and your token goes on. Backups keep theirs."""
    call = resident_call(request, house)
    return done(submitting.forget_contact(house, call), report_id(call.principal.account))


@post("/reports/own/reopen", status_code=200, sync_to_thread=True, public=True, guards=[by_token])
def reopen_own_report(request: Asked, house: House, data: JSONBody[ReopenOwn]) -> Response[Done]:
    """Have your report looked at anew, for some days after it was closed or passed on."""
    call = resident_call(request, house, data)
    return done(submitting.reopen_own(house, call, data.reason), report_id(call.principal.account))


ROUTES = (make_token, submit_report, read_own_report, follow_up, forget_contact, reopen_own_report)
