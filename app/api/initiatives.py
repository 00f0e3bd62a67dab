"""Children! Police! Community! over HTTP: initiatives, what residents raise, and the commitments that answer it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app import relations
from app.access.operations import Operation
from app.access.resources import NOBODY
from app.api.answers import Done, Page, done, page_of, versioned
from app.api.calls import Asked, House, call_of
from app.call import now
from app.disclosing import Wish
from app.initiatives.launching import change_initiative, launch_initiative, names_child_in
from app.lists import condition, initiative_columns
from domain.checks import existing
from domain.initiatives import initiative
from domain.initiatives.initiative import KeepCommitment, MakeCommitment, MissCommitment, RaiseIssue
from domain.personal import Narrative
from domain.sealed import Sealed
from projections.initiatives import board

Doc = msgspec.Meta


class NewInitiative(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    title: Annotated[str, Doc(examples=["Безпечний шлях до школи"], description="everybody reads it")]
    community: Annotated[
        UUID | None, Doc(description="left out, the one in which the caller is posted as its officer")
    ] = None


class NewIssue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Raised by a meeting of residents: who said so is not put on record."""

    category: Annotated[str, Doc(examples=["lighting"], description="a code of GET /words: lists.issue_categories")]
    met_at: Annotated[datetime, Doc(examples=["2026-11-14T18:00:00+02:00"])]
    narrative: Annotated[str, Doc(examples=["Від зупинки до ліцею взимку темно, діти ходять проїжджою частиною."])]


class NewCommitment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everybody reads it, signed in or not: name no person in it."""

    body: Annotated[str, Doc(examples=["Відділ благоустрою міської ради"])]
    what: Annotated[str, Doc(examples=["Освітити тротуар від зупинки до ліцею"])]
    due_at: Annotated[datetime, Doc(examples=["2026-12-20T18:00:00+02:00"])]
    issue: Annotated[UUID | None, Doc(description="of the initiative, that it answers")] = None


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kept_at: Annotated[datetime, Doc(examples=["2026-12-18T12:00:00+02:00"])]


class RaisedIssue(msgspec.Struct, frozen=True, kw_only=True):
    issue: UUID
    category: str
    met_at: datetime


class InitiativeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An initiative and what it is about. What residents said is opened by a request of its own, which goes on record;
    the commitments are at GET /public/commitments.
    """

    initiative: board.ShownInitiative
    issues: list[RaisedIssue]


class ToldIssue(RaisedIssue, frozen=True, kw_only=True):
    text: str | None  # null once it was erased


@post("/initiatives", sync_to_thread=True)
def post_initiative(request: Asked, house: House, data: JSONBody[NewInitiative]) -> Response[Done]:
    """Launch an initiative in a community."""
    call = call_of(request, house, data)
    community = data.community or call.principal.community or NOBODY
    receipt, key = launch_initiative(house, call, data.title, community)
    return done(receipt, key, created=True)


@get("/initiatives", sync_to_thread=True)
def list_initiatives(
    request: Asked,
    house: House,
    community: FromQuery[UUID | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[board.ShownInitiative]:
    """The initiatives that the caller may read, the last launched first."""
    call = call_of(request, house)
    house.desk.require(call, Operation.INITIATIVE_LIST)
    only = condition(house, call, Operation.INITIATIVE_LIST, initiative_columns())
    with house.views.reading() as views:
        page = board.initiative_page(views, only=only, community=community, cursor=cursor, limit=limit)
    return page_of(page)


@get("/initiatives/{key:uuid}", sync_to_thread=True)
def read_initiative(request: Asked, house: House, key: FromPath[UUID]) -> Response[InitiativeAnswer]:
    """One initiative, and of what sort the issues are that were raised."""
    call = call_of(request, house)
    state = house.desk.load(initiative.DECIDER, key).state
    house.desk.require(call, Operation.INITIATIVE_READ, relations.initiative(key, state))
    with house.views.reading() as views:
        found = existing("initiative", key, board.initiative(views, key))
        raised = [msgspec.convert(each, RaisedIssue, from_attributes=True) for each in board.issues_of(views, key)]
        return versioned(InitiativeAnswer(initiative=found, issues=raised), found.version)


@get("/initiatives/{key:uuid}/issues", sync_to_thread=True)
def read_issues(request: Asked, house: House, key: FromPath[UUID]) -> Page[ToldIssue]:
    """What residents said. Opening it goes on record before it is answered."""
    call, operation = call_of(request, house), Operation.INITIATIVE_READ_ISSUES
    house.desk.require(call, operation, relations.initiative(key, house.desk.load(initiative.DECIDER, key).state))
    with house.views.reading() as views:
        found = board.issues_of(views, key)
    opened = house.disclosures.open_each(call, operation, [Wish(key, each.narrative, Narrative) for each in found])
    return Page([_told(each, narrative) for each, narrative in zip(found, opened, strict=True)])


@post("/initiatives/{key:uuid}/issues", sync_to_thread=True)
def raise_issue(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[NewIssue]) -> Response[Done]:
    """Put on record what a meeting of residents raised."""
    call = call_of(request, house, data)
    issue = call.new_key()
    command = RaiseIssue(
        initiative=key,
        issue=issue,
        category=data.category,
        met_at=data.met_at,
        narrative=Sealed(call.new_record(), Narrative(data.narrative)),
        by=call.principal.account,
        at=now(),
    )
    return done(change_initiative(house, call, Operation.INITIATIVE_RAISE_ISSUE, command), issue, created=True)


@post("/initiatives/{key:uuid}/commitments", sync_to_thread=True)
def make_commitment(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[NewCommitment]) -> Response[Done]:
    """Put on record what a public body committed itself to, and until when."""
    call = call_of(request, house, data)
    commitment = call.new_key()
    command = MakeCommitment(
        initiative=key,
        commitment=commitment,
        issue=data.issue,
        body=data.body,
        what=data.what,
        names_child=names_child_in(house, call, key, data.body, data.what),
        due_at=data.due_at,
        reminder_days=house.deployment.settings.commitment_reminder_days,
        by=call.principal.account,
        at=now(),
    )
    operation = Operation.INITIATIVE_MAKE_COMMITMENT
    return done(change_initiative(house, call, operation, command), commitment, created=True)


@post("/initiatives/{key:uuid}/commitments/{commitment:uuid}/keep", status_code=200, sync_to_thread=True)
def keep_commitment(
    request: Asked, house: House, key: FromPath[UUID], commitment: FromPath[UUID], data: JSONBody[Kept]
) -> Response[Done]:
    """It was kept: in time, or late where that was after its day."""
    call = call_of(request, house, data)
    by, at = call.principal.account, now()
    command = KeepCommitment(initiative=key, commitment=commitment, kept_at=data.kept_at, by=by, at=at)
    return done(change_initiative(house, call, Operation.INITIATIVE_SETTLE_COMMITMENT, command), commitment)


@post("/initiatives/{key:uuid}/commitments/{commitment:uuid}/miss", status_code=200, sync_to_thread=True)
def miss_commitment(request: Asked, house: House, key: FromPath[UUID], commitment: FromPath[UUID]) -> Response[Done]:
    """It will not be kept, and nobody need wait for its day."""
    call = call_of(request, house)
    command = MissCommitment(initiative=key, commitment=commitment, by=call.principal.account, at=now())
    return done(change_initiative(house, call, Operation.INITIATIVE_SETTLE_COMMITMENT, command), commitment)


def _told(issue: board.Issue, narrative: Narrative | None) -> ToldIssue:
    text = None if narrative is None else narrative.text
    return ToldIssue(issue=issue.issue, category=issue.category, met_at=issue.met_at, text=text)


ROUTES = (
    post_initiative,
    list_initiatives,
    read_initiative,
    read_issues,
    raise_issue,
    make_commitment,
    keep_commitment,
    miss_commitment,
)
