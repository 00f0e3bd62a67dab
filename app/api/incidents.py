"""Incidents over HTTP: record, read, reclassify, link, void, and the timeline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app import clock_changes, relations
from app.access.operations import Operation
from app.api.answers import Done, Page, done, page_of, versioned, wanted
from app.api.calls import Asked, House, call_of
from app.api.recording import record_incident
from app.call import Call
from app.clock_changes import LinkClockChange
from app.desk import expect
from app.lists import condition, incident_columns
from domain import footage, incident, vocabulary
from domain.checks import existing
from domain.classification import kinds_in_use
from domain.footage_link import decide_link
from domain.ids import footage_id
from domain.log import Change
from domain.personal import Narrative, Place, Reason
from domain.sealed import Sealed
from projections import incident_board, incident_timeline

Doc = msgspec.Meta


class Reclassify(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: Annotated[str, Doc(examples=["assault"])]
    reason: Annotated[str, Doc(examples=["Застосовано силу"])]


class LinkFootage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    footage_sha256: Annotated[str, Doc(examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"])]
    from_at: Annotated[datetime, Doc(examples=["2026-11-20T12:40:00+02:00"])]
    to_at: Annotated[datetime, Doc(examples=["2026-11-20T12:55:00+02:00"])]


class Void(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Annotated[str, Doc(examples=["Записано двічі"])]


class IncidentAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An incident as it stands. Its narrative is opened by a request of its own, which goes on record."""

    incident: incident_board.BoardIncident
    children: tuple[incident_board.LinkedChild, ...]
    cameras: tuple[incident_board.LinkedCamera, ...]
    footage: tuple[incident_board.LinkedFootage, ...]


class NarrativeAnswer(msgspec.Struct, frozen=True):
    text: str | None  # null once it was erased


class PlaceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Nulls where none was given, or once it was erased."""

    text: str | None = None
    latitude: float | None = None
    longitude: float | None = None


class TimelineAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One event of the incident. A sealed part of `facts` says only whose it is."""

    position: int
    version: int
    topic: str
    recorded_at: datetime
    actor: UUID
    actor_username: str | None
    role: str
    purpose: str
    facts: dict[str, Any]
    clock_change: LinkClockChange | None  # of linked footage: its clock was corrected since

    @classmethod
    def of(cls, entry: incident_timeline.TimelineEntry, clock_change: LinkClockChange | None) -> TimelineAnswer:
        return cls(
            position=entry.position,
            version=entry.version,
            topic=entry.topic,
            recorded_at=entry.recorded_at,
            actor=entry.actor,
            actor_username=entry.actor_username,
            role=entry.role,
            purpose=entry.purpose,
            facts=entry.read_facts(),
            clock_change=clock_change,
        )


def change(house: House, call: Call, operation: Operation, command: incident.IncidentCommand) -> Response[Done]:
    """One command to an incident that exists."""
    key = command.incident
    receipt = house.desk.perform(
        call, operation, incident.DECIDER, key, command, lambda state: relations.incident(key, state)
    )
    return done(receipt, key)


@get("/incidents", sync_to_thread=True)
def list_incidents(
    request: Asked,
    house: House,
    kind: FromQuery[str | None] = None,
    region: FromQuery[str | None] = None,
    incident_state: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[incident_board.BoardIncident]:
    """The incidents that the caller may read, the latest first."""
    call = call_of(request, house)
    house.desk.require(call, Operation.INCIDENT_LIST)
    only = condition(house, call, Operation.INCIDENT_LIST, incident_columns())
    with house.views.reading() as views:
        page = incident_board.incident_page(
            views,
            only=only,
            kind=wanted("kind", kind, [entry.kind for entry in house.deployment.settings.kinds]),
            region=wanted("region", region, vocabulary.REGIONS),
            state=wanted("incident_state", incident_state, incident_board.STATES),
            cursor=cursor,
            limit=limit,
        )
    return page_of(page)


@get("/incidents/{key:uuid}", sync_to_thread=True)
def read_incident(request: Asked, house: House, key: FromPath[UUID]) -> Response[IncidentAnswer]:
    """One incident with the children and the footage linked to it. That it was read, by anybody but who recorded it,
    goes on record before it is answered.
    """
    call = call_of(request, house)
    loaded = house.desk.load(incident.DECIDER, key)
    house.desk.require(call, Operation.INCIDENT_READ, relations.incident(key, loaded.state))
    house.disclosures.consult(call, Operation.INCIDENT_READ, key)
    with house.views.reading() as views:
        answer = IncidentAnswer(
            incident=existing("incident", key, incident_board.incident(views, key)),
            children=incident_board.children_of(views, key),
            cameras=incident_board.cameras_of(views, key),
            footage=incident_board.footage_of(views, key),
        )
    return versioned(answer, answer.incident.version)


@get("/incidents/{key:uuid}/narrative", sync_to_thread=True)
def read_narrative(request: Asked, house: House, key: FromPath[UUID]) -> NarrativeAnswer:
    """What happened, in the officer's words. Opening it goes on record before it is answered."""
    call = call_of(request, house)
    loaded = house.desk.load(incident.DECIDER, key)
    house.desk.require(call, Operation.INCIDENT_READ_NARRATIVE, relations.incident(key, loaded.state))
    recorded = house.log.events(key, until_version=1)[0]
    assert isinstance(recorded, incident.IncidentRecorded)
    narrative = house.disclosures.open(call, Operation.INCIDENT_READ_NARRATIVE, key, recorded.narrative, Narrative)
    return NarrativeAnswer(None if narrative is None else narrative.text)


@get("/incidents/{key:uuid}/place", sync_to_thread=True)
def read_place(request: Asked, house: House, key: FromPath[UUID]) -> PlaceAnswer:
    """Where exactly it happened. Opening it goes on record before it is answered."""
    call = call_of(request, house)
    loaded = house.desk.load(incident.DECIDER, key)
    house.desk.require(call, Operation.INCIDENT_READ_NARRATIVE, relations.incident(key, loaded.state))
    recorded = house.log.events(key, until_version=1)[0]
    assert isinstance(recorded, incident.IncidentRecorded)
    if recorded.place is None:
        return PlaceAnswer()
    place = house.disclosures.open(call, Operation.INCIDENT_READ_NARRATIVE, key, recorded.place, Place)
    return PlaceAnswer() if place is None else msgspec.convert(place, PlaceAnswer, from_attributes=True)


@get("/incidents/{key:uuid}/timeline", sync_to_thread=True)
def read_timeline(
    request: Asked, house: House, key: FromPath[UUID], cursor: FromQuery[str | None] = None, limit: FromQuery[int] = 100
) -> Page[TimelineAnswer]:
    """Everything that was recorded of the incident, by whom and why, in order; sealed parts stay sealed. That it was
    read, by anybody but who recorded the incident, goes on record before it is answered.
    """
    call = call_of(request, house)
    loaded = house.desk.load(incident.DECIDER, key)
    house.desk.require(call, Operation.INCIDENT_TIMELINE, relations.incident(key, loaded.state))
    house.disclosures.consult(call, Operation.INCIDENT_TIMELINE, key)
    with house.views.reading() as views:
        page = incident_timeline.timeline_page(views, key, cursor=cursor, limit=limit)
        changes = clock_changes.of_links(views, page.items)
        entries = [TimelineAnswer.of(entry, change) for entry, change in zip(page.items, changes, strict=True)]
    return Page(entries, page.next_cursor)


@post("/incidents/{key:uuid}/reclassify", status_code=200, sync_to_thread=True)
def reclassify_incident(
    request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Reclassify]
) -> Response[Done]:
    """Correct what kind of incident it is."""
    call = call_of(request, house, data)
    kinds = kinds_in_use(house.deployment.settings.kinds)
    reason = Sealed(call.new_record(), Reason(data.reason))
    command = incident.ReclassifyIncident(incident=key, kind=data.kind, reason=reason, kinds=kinds)
    return change(house, call, Operation.INCIDENT_RECLASSIFY, command)


@post("/incidents/{key:uuid}/footage", status_code=200, sync_to_thread=True)
def link_footage(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[LinkFootage]) -> Response[Done]:
    """Link a stretch of archived footage."""
    call, sha256 = call_of(request, house, data), data.footage_sha256

    def decide() -> Sequence[Change]:
        loaded = house.desk.load(incident.DECIDER, key)
        house.desk.require(call, Operation.INCIDENT_LINK_FOOTAGE, relations.incident(key, loaded.state))
        expect(call, loaded)
        shelved = house.desk.load(footage.DECIDER, footage_id(sha256)).state
        house.desk.require(call, Operation.FOOTAGE_READ, relations.footage(sha256, shelved))
        command = incident.LinkFootage(
            incident=key,
            footage_sha256=sha256,
            camera=existing("footage", sha256, shelved).camera,
            from_at=data.from_at,
            to_at=data.to_at,
        )
        return (Change(key, loaded.version, decide_link(loaded.state, shelved, command)),)

    return done(house.desk.commit(call, Operation.INCIDENT_LINK_FOOTAGE, decide), key)


@post("/incidents/{key:uuid}/void", status_code=200, sync_to_thread=True)
def void_incident(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Void]) -> Response[Done]:
    """Declare that it was recorded in error. It stays readable and takes nothing more."""
    call = call_of(request, house, data)
    command = incident.VoidIncident(incident=key, reason=Sealed(call.new_record(), Reason(data.reason)))
    return change(house, call, Operation.INCIDENT_VOID, command)


ROUTES = (
    record_incident,
    list_incidents,
    read_incident,
    read_narrative,
    read_place,
    read_timeline,
    reclassify_incident,
    link_footage,
    void_incident,
)
