"""Case conferences over HTTP: who is called and admitted, what is read of them, and what is to be done."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec.structs import replace

from app import conferences as road
from app.access import resources
from app.access.operations import Operation
from app.api.answers import Done, Page, done, page_of, versioned, wanted
from app.api.calls import Asked, House, call_of
from app.api.case_narratives import PARTS, Written, opened
from app.api.conference_bodies import (
    ConferenceAnswer,
    ConferenceContent,
    ConferenceLine,
    ConferenceSummary,
    NewConference,
)
from app.api.officers import until
from app.call import now
from app.lists import condition, conference_columns, of_conferences
from domain.checks import existing
from domain.sealed import Sealed
from domain.sharing.agency import PARTNER_ROLE
from domain.sharing.conference_state import KIND, PHASES
from projections.sharing import conference_queries as conferences
from projections.sharing.conference_queries import DueTask, ShownConference, Taking


@post("/conferences", sync_to_thread=True)
def call_conference(request: Asked, house: House, data: JSONBody[NewConference]) -> Response[Done]:
    """Call those together who help a child. A child has one conference at a time."""
    call = call_of(request, house, data)
    new = road.NewConference(case=data.case, agencies=tuple(data.agencies), meets_at=data.meets_at)
    receipt, key = road.call_conference(house, call, new)
    return done(receipt, key, created=True)


@get("/conferences", sync_to_thread=True)
def list_conferences(
    request: Asked,
    house: House,
    conference_state: FromQuery[str | None] = None,
    case: FromQuery[UUID | None] = None,
    child: FromQuery[UUID | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[ConferenceLine]:
    """The conferences that the caller may see, the last called first. `case` and `child` find only those that the
    caller may read, and none that their agency is admitted to: of whom these are it is told one by one, on record.
    """
    call = call_of(request, house)
    house.desk.require(call, Operation.CONFERENCE_LIST)
    with house.views.reading() as views:
        page = conferences.conference_page(
            views,
            only=of_conferences(house, call, inside=(case, child) != (None, None)),
            case=case,
            child=child,
            state=wanted("conference_state", conference_state, PHASES),
            cursor=cursor,
            limit=limit,
        )
        taking = conferences.taking_part(views, [row.conference for row in page.items])
    rows = [_resource(row, taking[row.conference]) for row in page.items]
    keys = {each.key for each in house.desk.gate.visible(call.principal, Operation.CONFERENCE_READ, rows)}
    keys -= {key for key, agencies in taking.items() if call.principal.unit in agencies.admitted}  # told one by one
    return Page([_line(row, readable=row.conference in keys) for row in page.items], page.next_cursor)


@get("/conferences/tasks", sync_to_thread=True)
def list_tasks(
    request: Asked,
    house: House,
    own: FromQuery[bool] = False,
    due_within_days: FromQuery[int | None] = None,
    overdue: FromQuery[bool] = False,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[DueTask]:
    """What is still to be done of the plans in force that the caller may read, the soonest due first. `own`: by the
    people of the caller's unit or agency.
    """
    call, at = call_of(request, house), now()
    house.desk.require(call, Operation.CONFERENCE_TASKS)
    with house.views.reading() as views:
        page = conferences.due_task_page(
            views,
            only=condition(house, call, Operation.CONFERENCE_TASKS, conference_columns()),
            unit=call.principal.unit if own else None,
            due_before=at if overdue else until(at, "due_within_days", due_within_days),
            cursor=cursor,
            limit=limit,
        )
    if PARTNER_ROLE in call.principal.roles:
        page = replace(page, items=tuple(replace(row, pseudonym=None) for row in page.items))
    return page_of(page)


@get("/conferences/{key:uuid}", sync_to_thread=True)
def read_conference(request: Asked, house: House, key: FromPath[UUID]) -> Response[ConferenceAnswer]:
    """One conference, as far as the caller may read it. That it was read, by anybody but who called it, goes on record
    before it is answered.
    """
    call = call_of(request, house)
    state = road.known(house, call, Operation.CONFERENCE_SEE, key)
    readable = house.desk.allows(call, Operation.CONFERENCE_READ, road.resource(house.desk, key, state))
    readable = readable and road.is_still_shared(house, call, state)
    house.disclosures.consult(call, Operation.CONFERENCE_READ if readable else Operation.CONFERENCE_SEE, key)
    with house.views.reading() as views:
        row = existing(KIND, key, conferences.conference(views, key))
        agencies = conferences.agencies_of(views, key) if readable else None
        tasks = conferences.tasks_of(views, key) if readable else None
    line = _line(row, readable=readable)
    answer = ConferenceAnswer(summary=line.summary, content=line.content, agencies=agencies, tasks=tasks)
    return versioned(answer, row.version)


@get("/conferences/{key:uuid}/words", sync_to_thread=True)
def read_conference_words(request: Asked, house: House, key: FromPath[UUID]) -> Page[Written]:
    """What was said in it, in order: decisions, tasks in words, what was done, and why it was cancelled. Opening it
    goes on record first; agencies open it only while the plan may still be shared with them.
    """
    call = call_of(request, house)
    state = road.known(house, call, Operation.CONFERENCE_READ_WORDS, key)
    road.require_open(house, call, state)
    found = [
        (recorded, part, sealed)
        for recorded in house.log.stream(key)
        for part in PARTS
        if isinstance(sealed := getattr(recorded.event, part, None), Sealed)
    ]
    return Page(opened(house, call, Operation.CONFERENCE_READ_WORDS, key, found))


def _resource(row: ShownConference, taking: Taking) -> resources.Conference:
    return resources.Conference(
        key=row.conference,
        unit=row.unit,
        officer=row.officer,
        invited_units=taking.invited,
        admitted_units=taking.admitted,
        state=row.state,
    )


def _line(row: ShownConference, *, readable: bool) -> ConferenceLine:
    return ConferenceLine(
        summary=msgspec.convert(row, ConferenceSummary, from_attributes=True),
        content=msgspec.convert(row, ConferenceContent, from_attributes=True) if readable else None,
    )


ROUTES = (call_conference, list_conferences, list_tasks, read_conference, read_conference_words)
