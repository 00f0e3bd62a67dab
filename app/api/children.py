"""Children in incidents over HTTP: linked by pseudonym, and looked up again by whoever may read the incident."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app import children
from app.access.operations import Operation
from app.api import child_decisions, child_profiles
from app.api.answers import Done, Page, done_with, page_of
from app.api.calls import Asked, House, call_of
from app.lists import condition, incident_columns
from projections import child_queries

Doc = msgspec.Meta


class LinkChild(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A child is known by a pseudonym here, never by name. One whom the caller may read of is named by its id, its
    pseudonym or both; a new one gets both from the server, or brings both, which nobody may have used.
    """

    role: Annotated[str, Doc(examples=["victim"], description="victim, offender or witness")]
    pseudonym: Annotated[str | None, Doc(description="of the child, as in GET /children")] = None
    child: Annotated[UUID | None, Doc(description="the child's id")] = None


class LinkedChild(Done, frozen=True, kw_only=True):
    """`already`: the child was linked in this role; nothing changed."""

    child: UUID
    pseudonym: str
    already: bool


@post("/incidents/{key:uuid}/children", status_code=200, sync_to_thread=True)
def link_child(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[LinkChild]) -> Response[LinkedChild]:
    """Link a child as victim, offender or witness; where none is named, a child that is new here."""
    call = call_of(request, house, data)
    receipt, child, pseudonym = children.link(house, call, key, data.child, data.pseudonym, data.role)
    already = receipt.last_position == 0
    return done_with(LinkedChild, receipt, key, child=child, pseudonym=pseudonym, already=already)


@get("/children", sync_to_thread=True)
def list_children(
    request: Asked,
    house: House,
    pseudonym: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[child_queries.KnownChild]:
    """The children of the incidents that the caller may read, by pseudonym, the last linked first."""
    call = call_of(request, house)
    house.desk.require(call, Operation.INCIDENT_LIST)
    only = condition(house, call, Operation.INCIDENT_LIST, incident_columns())
    with house.views.reading() as views:
        return page_of(child_queries.child_page(views, only=only, pseudonym=pseudonym, cursor=cursor, limit=limit))


# Of one router with the profiles: POST /children is theirs, and handlers that share a path are registered at once.
ROUTES = (link_child, list_children, *child_profiles.ROUTES, *child_decisions.ROUTES)
