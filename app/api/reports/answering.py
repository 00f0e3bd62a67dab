"""What officers do with a report, over HTTP: each a command of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, post
from litestar.params import FromPath, JSONBody

from app.access.operations import Operation
from app.api.answers import Done, done, done_with
from app.api.calls import Asked, House, call_of
from app.call import Call, now
from app.children import check_names
from app.reports import answering
from app.reports.converting import NewIncident, convert
from app.reports.submitting import destination
from app.unerased import unerased
from domain.log import Change
from domain.personal import Narrative, Reason
from domain.reports import commands
from domain.sealed import Sealed

Doc = msgspec.Meta


class Triage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    priority: Annotated[str, Doc(examples=["urgent"], description="a code of GET /words: lists.report_priorities")]
    names: Annotated[list[UUID], Doc(description="children whom the report names: erasing one takes its words")] = []


class DuplicateOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    of: Annotated[
        UUID,
        Doc(examples=["5b0c3c0e-8a4e-4b8e-9a53-0e8d5c1f7a42"], description="the report that goes on"),
    ]


class Because(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Annotated[str, Doc(examples=["Різні ліхтарі, як видно з фото"])]


class Publish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Without a text, what everybody could read is taken back."""

    text: Annotated[str | None, Doc(examples=["Не працює освітлення біля школи"], description="for everybody")] = None
    attested: Annotated[bool, Doc(description="that the text names no child and nobody else")] = False


class Redirect(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """To a community, by region and name, or to a body outside, by its code of GET /words: lists.report_bodies."""

    reason: Annotated[str, Doc(examples=["Ліхтарі утримує громада"], description="for the police alone")]
    body: Annotated[str, Doc(examples=["local-authority"])] = ""
    region: Annotated[str, Doc(examples=["UA-30"])] = ""
    community: Annotated[str, Doc(examples=["Подільська"])] = ""


class Convert(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was reported becomes the narrative, with `words` of the officer before it; its place is the place."""

    kind: Annotated[str, Doc(examples=["property-damage"], description="a kind in use, of GET /classification")]
    occurred_from: Annotated[datetime, Doc(examples=["2026-11-20T12:40:00+02:00"])]
    occurred_to: Annotated[datetime, Doc(examples=["2026-11-20T12:55:00+02:00"])]
    unit: Annotated[
        UUID, Doc(examples=["5b0c3c0e-8a4e-4b8e-9a53-0e8d5c1f7a42"], description="of the region, that takes it on")
    ]
    officer: Annotated[UUID, Doc(examples=["5b0c3c0e-8a4e-4b8e-9a53-0e8d5c1f7a43"], description="of that unit")]
    words: Annotated[str, Doc(examples=["За повідомленням мешканця."])] = ""
    names: Annotated[list[UUID], Doc(description="children whom the narrative names")] = []


class Converted(Done, frozen=True, kw_only=True):
    incident: UUID


class Update(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    text: Annotated[str, Doc(examples=["Завтра вранці ліхтар оглянуть."], description="whoever reported reads it")]


class Close(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    outcome: Annotated[str, Doc(examples=["dealt-with"], description="a code of GET /words: lists.report_outcomes")]
    reason: Annotated[str, Doc(examples=["Лампу замінено 24 листопада"], description="whoever reported reads it")]


@post("/reports/{key:uuid}/acknowledge", status_code=200, sync_to_thread=True)
def acknowledge_report(request: Asked, house: House, key: FromPath[UUID]) -> Response[Done]:
    """Say that it was read. Where there is danger, that stops the first clock."""
    call = call_of(request, house)
    command = commands.AcknowledgeReport(report=key, by=call.principal.account)
    return done(answering.answer(house, call, Operation.REPORT_ACKNOWLEDGE, command), key)


@post("/reports/{key:uuid}/triage", status_code=200, sync_to_thread=True)
def triage_report(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Triage]) -> Response[Done]:
    """Say how much it matters. Where that is danger to life, something must come of it within minutes, else the duty
    desks of the region are called in.
    """
    call, names = call_of(request, house, data), tuple(data.names)
    command = commands.TriageReport(
        report=key,
        priority=data.priority,
        names=names,
        by=call.principal.account,
        danger_minutes=house.deployment.settings.report_danger_minutes,
        at=now(),
    )

    def of_children() -> tuple[Change, ...]:
        check_names(house, call, names)
        return unerased(house.desk, names)

    return done(answering.answer(house, call, Operation.REPORT_TRIAGE, command, lambda _: of_children()), key)


@post("/reports/{key:uuid}/duplicate", status_code=200, sync_to_thread=True)
def mark_duplicate(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[DuplicateOf]) -> Response[Done]:
    """Mark it as a duplicate of another report that the caller may read, which goes on."""
    call = call_of(request, house, data)
    return done(answering.mark_duplicate(house, call, key, data.of), key)


@post("/reports/{key:uuid}/duplicate/undo", status_code=200, sync_to_thread=True)
def undo_duplicate(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Because]) -> Response[Done]:
    """It is no duplicate: it goes on as it was, and so does its clock."""
    call = call_of(request, house, data)
    command = commands.UndoDuplicate(report=key, reason=_because(call, data.reason), by=call.principal.account)
    return done(answering.answer(house, call, Operation.REPORT_UNDO_DUPLICATE, command), key)


@post("/reports/{key:uuid}/publish", status_code=200, sync_to_thread=True)
def publish_report(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Publish]) -> Response[Done]:
    """Write what everybody may read of it, in words of your own, or take that back. A text in which somebody is called
    as a child on record is refused.
    """
    call = call_of(request, house, data)
    return done(answering.redact(house, call, key, data.text, attested=data.attested), key)


@post("/reports/{key:uuid}/redirect", status_code=200, sync_to_thread=True)
def redirect_report(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Redirect]) -> Response[Done]:
    """Pass it on: to another community, whose police read it anew, or to a body outside. Whoever reported is told which
    body, and not the reason: nothing is looked up, and nothing holds it up.
    """
    call = call_of(request, house, data)
    named = bool(data.region or data.community)
    to, guard = destination(house, data.region, data.community) if named else (None, None)
    command = commands.RedirectReport(
        report=key,
        to=to,
        body=data.body,
        reason=_because(call, data.reason),
        by=call.principal.account,
        danger_minutes=house.deployment.settings.report_danger_minutes,
        at=now(),
    )
    beside = () if guard is None else (guard,)
    return done(answering.answer(house, call, Operation.REPORT_REDIRECT, command, lambda _: beside), key)


@post("/reports/{key:uuid}/convert", status_code=200, sync_to_thread=True)
def convert_report(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Convert]) -> Response[Converted]:
    """Record an incident from it, of a unit of the region that has incidents, in the charge of an officer there; what
    cameras near it recorded is held with it. All of it, or nothing.
    """
    call = call_of(request, house, data)
    new = NewIncident(
        kind=data.kind,
        occurred_from=data.occurred_from,
        occurred_to=data.occurred_to,
        unit=data.unit,
        officer=data.officer,
        words=data.words,
        names=tuple(data.names),
    )
    receipt, incident = convert(house, call, key, new)
    return done_with(Converted, receipt, key, incident=incident)


@post("/reports/{key:uuid}/update", status_code=200, sync_to_thread=True)
def update_reporter(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Update]) -> Response[Done]:
    """Write to whoever reported; they read it by their token. As in what is published, no child may be named."""
    call, operation = call_of(request, house, data), Operation.REPORT_UPDATE_REPORTER
    command = commands.UpdateReporter(
        report=key,
        narrative=Sealed(call.new_record(), Narrative(data.text)),
        names_child=answering.names_child_in(house, call, operation, key, data.text, "text"),
        by=call.principal.account,
    )
    return done(answering.answer(house, call, operation, command), key)


@post("/reports/{key:uuid}/close", status_code=200, sync_to_thread=True)
def close_report(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Close]) -> Response[Done]:
    """End it, and tell whoever reported why, without naming a child."""
    call = call_of(request, house, data)
    command = commands.CloseReport(
        report=key,
        outcome=data.outcome,
        reason=_because(call, data.reason),
        names_child=answering.names_child_in(house, call, Operation.REPORT_CLOSE, key, data.reason, "reason"),
        by=call.principal.account,
        at=now(),
    )
    return done(answering.answer(house, call, Operation.REPORT_CLOSE, command), key)


@post("/reports/{key:uuid}/reopen", status_code=200, sync_to_thread=True)
def reopen_report(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Because]) -> Response[Done]:
    """Take it up again: it is read anew."""
    call = call_of(request, house, data)
    return done(answering.reopen(house, call, key, _because(call, data.reason)), key)


def _because(call: Call, text: str) -> Sealed[Reason]:
    return Sealed(call.new_record(), Reason(text))


ROUTES = (
    acknowledge_report,
    triage_report,
    mark_duplicate,
    undo_duplicate,
    publish_report,
    redirect_report,
    convert_report,
    update_reporter,
    close_report,
    reopen_report,
)
