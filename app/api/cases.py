"""Prevention cases over HTTP: opening one, who sees that it exists, what stands in it, and what was written.

That a case exists and what is in it are two things: a colleague of the unit gets the first alone, with `content` null.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app import relations
from app.access import resources
from app.access.operations import Operation
from app.api.answers import Done, Page, done, versioned, wanted
from app.api.calls import Asked, House, call_of
from app.call import Call, now
from app.cases import open_case
from app.lists import case_columns, condition
from domain import case_words, prevention_case
from domain.checks import existing
from domain.personal import Reason
from domain.prevention_case_commands import OpenCase
from domain.prevention_case_state import KIND, PHASES, PreventionCase
from domain.sealed import Sealed
from projections import case_queries, case_timeline
from projections.case_queries import (
    BoardCase,
    CaseAttachment,
    CaseContact,
    CaseContent,
    CaseMeasure,
    CaseSummary,
)
from projections.timeline import Entry

Doc = msgspec.Meta


class NewCase(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of the caller's unit, on a child whom the caller may read of, named by id, pseudonym or both. Nobody is in
    charge until a supervisor assigns somebody who is certified.
    """

    ground: Annotated[str, Doc(examples=["administrative-offence"], description="a code of GET /words")]
    term_ends: Annotated[datetime, Doc(examples=["2027-02-20T00:00:00+02:00"])]
    reason: Annotated[str, Doc(examples=["Два протоколи за місяць"], description="what makes the ground hold")]
    pseudonym: Annotated[str | None, Doc(examples=["CH-4F2A"], description="of the child, as in GET /children")] = None
    child: Annotated[UUID | None, Doc(description="the child's id")] = None
    incident: Annotated[UUID | None, Doc(description="that it is opened for")] = None
    reported_at: Annotated[datetime | None, Doc(description="when it came to the police; else as the incident")] = None


class CaseLine(msgspec.Struct, frozen=True, kw_only=True):
    """`content` is null for whoever may only know that the case exists."""

    summary: CaseSummary
    content: CaseContent | None


class CaseAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`content`, `measures` and `attachments` are null for whoever may only know that the case exists."""

    summary: CaseSummary
    content: CaseContent | None = None
    measures: tuple[CaseMeasure, ...] | None = None
    attachments: tuple[CaseAttachment, ...] | None = None


class CaseEntryAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One event of the case. A sealed part of `facts` says only whose it is."""

    position: int
    version: int
    topic: str
    recorded_at: datetime
    actor: UUID
    actor_username: str | None
    role: str
    purpose: str
    facts: dict[str, Any]


@post("/cases", sync_to_thread=True)
def open_prevention_case(request: Asked, house: House, data: JSONBody[NewCase]) -> Response[Done]:
    """Open a prevention case on a configured ground."""
    call = call_of(request, house, data)
    key = call.new_key()
    command = OpenCase(
        case=key,
        child=key,  # found with the pseudonym, as the unit's kind is
        pseudonym="",
        ground=data.ground,
        unit=call.principal.unit,
        unit_kind=None,
        term_ends=data.term_ends,
        reason=Sealed(call.new_record(), Reason(data.reason)),
        incident=data.incident,
        reported_at=data.reported_at,
        at=now(),
    )
    return done(open_case(house, call, command, data.child, data.pseudonym), key, created=True)


@get("/cases", sync_to_thread=True)
def list_cases(
    request: Asked,
    house: House,
    case_state: FromQuery[str | None] = None,
    ground: FromQuery[str | None] = None,
    pseudonym: FromQuery[str | None] = None,
    officer: FromQuery[UUID | None] = None,
    unassigned: FromQuery[bool | None] = None,
    risk: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[CaseLine]:
    """The board: the cases that the caller may know of, the last opened first. Filters by what is in cases (`officer`,
    `unassigned`, `risk`) find only those that the caller may read.
    """
    call = call_of(request, house)
    house.desk.require(call, Operation.CASE_LIST)
    inside = (officer, unassigned, risk) != (None, None, None)
    only = condition(house, call, Operation.CASE_WORK if inside else Operation.CASE_LIST, case_columns())
    with house.views.reading() as views:
        page = case_queries.case_page(
            views,
            only=only,
            state=wanted("case_state", case_state, PHASES),
            ground=wanted("ground", ground, case_words.GROUNDS),
            pseudonym=pseudonym,
            officer=officer,
            unassigned=unassigned,
            risk=wanted("risk", risk, case_words.RISK_LEVELS),
            cursor=cursor,
            limit=limit,
        )
    readable = house.desk.gate.visible(call.principal, Operation.CASE_READ, [_resource(row) for row in page.items])
    keys = {each.key for each in readable}
    lines = [
        CaseLine(summary=_cut(row, CaseSummary), content=_cut(row, CaseContent) if row.case in keys else None)
        for row in page.items
    ]
    return Page(lines, page.next_cursor)


@get("/cases/{key:uuid}", sync_to_thread=True)
def read_case(request: Asked, house: House, key: FromPath[UUID]) -> Response[CaseAnswer]:
    """One case, as far as the caller may know of it. That it was read, by anybody but who opened it, goes on record
    before it is answered.
    """
    call = call_of(request, house)
    state = known(house, call, Operation.CASE_SEE, key)
    if not house.desk.allows(call, Operation.CASE_READ, relations.prevention_case(key, state)):
        house.disclosures.consult(call, Operation.CASE_SEE, key)
        with house.views.reading() as views:
            row = existing(KIND, key, case_queries.board_case(views, key))
        return Response(CaseAnswer(summary=_cut(row, CaseSummary)))
    house.disclosures.consult(call, Operation.CASE_READ, key)
    with house.views.reading() as views:
        row = existing(KIND, key, case_queries.board_case(views, key))
        answer = CaseAnswer(
            summary=_cut(row, CaseSummary),
            content=_cut(row, CaseContent),
            measures=case_queries.measures_of(views, key),
            attachments=case_queries.attachments_of(views, key),
        )
    return versioned(answer, row.version)


@get("/cases/{key:uuid}/contacts", sync_to_thread=True)
def list_contacts(
    request: Asked, house: House, key: FromPath[UUID], cursor: FromQuery[str | None] = None, limit: FromQuery[int] = 50
) -> Page[CaseContact]:
    """When and how there was contact, the last noted first. What was said is read with the narratives."""
    call = call_of(request, house)
    known(house, call, Operation.CASE_READ, key)
    house.disclosures.consult(call, Operation.CASE_READ, key)
    with house.views.reading() as views:
        page = case_queries.contact_page(views, key, cursor=cursor, limit=limit)
    return Page(list(page.items), page.next_cursor)


@get("/cases/{key:uuid}/timeline", sync_to_thread=True)
def read_case_timeline(
    request: Asked, house: House, key: FromPath[UUID], cursor: FromQuery[str | None] = None, limit: FromQuery[int] = 100
) -> Page[CaseEntryAnswer]:
    """Everything that was recorded of the case, by whom and why, in order; sealed parts stay sealed."""
    call = call_of(request, house)
    known(house, call, Operation.CASE_TIMELINE, key)
    house.disclosures.consult(call, Operation.CASE_TIMELINE, key)
    with house.views.reading() as views:
        page = case_timeline.entry_page(views, key, cursor=cursor, limit=limit)
    return Page([_entry(each) for each in page.items], page.next_cursor)


def known(house: House, call: Call, operation: Operation, key: UUID) -> PreventionCase:
    """The case, where the caller may do this. Raises NotFound, Forbidden."""
    state = house.desk.load(prevention_case.DECIDER, key).state
    house.desk.require(call, operation, relations.prevention_case(key, state))
    return existing(KIND, key, state)


def _entry(entry: Entry) -> CaseEntryAnswer:
    return CaseEntryAnswer(
        position=entry.position,
        version=entry.version,
        topic=entry.topic,
        recorded_at=entry.recorded_at,
        actor=entry.actor,
        actor_username=entry.actor_username,
        role=entry.role,
        purpose=entry.purpose,
        facts=entry.read_facts(),
    )


def _resource(row: BoardCase) -> resources.PreventionCase:
    return resources.PreventionCase(
        key=row.case, unit=row.unit, officer=row.officer, offered_unit=row.offered_unit, state=row.state
    )


def _cut(row: BoardCase, kind: type[Any]) -> Any:
    return msgspec.convert(row, kind, from_attributes=True)


ROUTES = (open_prevention_case, list_cases, read_case, read_case_timeline)
