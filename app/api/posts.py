"""Posts of community police officers over HTTP: posting, ending a post, handing a community over; who is where."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar import post as post_to
from litestar.params import FromPath, FromQuery, JSONBody

from app.access.operations import Operation
from app.api.answers import Done, Page, done, page_of, versioned
from app.api.calls import Asked, House, call_of
from app.call import now
from app.communities import relations
from app.communities.posting import NewPosting, appoint, hand_over
from app.lists import condition, post_columns
from domain.checks import past
from domain.communities import post
from domain.communities.post import EndPosting
from domain.ids import post_id
from projections.communities import posts

Doc = msgspec.Meta
EXAMPLE = "7c1f6f0e-2b1a-4c53-9a51-3f0a8e2d4b60"


class Posting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A community police officer in service, certified for it, of the unit that serves the community."""

    account: Annotated[UUID, Doc(examples=[EXAMPLE])]
    community: Annotated[UUID, Doc(examples=[EXAMPLE])]
    from_at: Annotated[datetime, Doc(examples=["2026-09-01T09:00:00+03:00"])]
    residence_attested: Annotated[bool, Doc(examples=[True], description="that the officer lives in the community")]


class HandingOver(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    from_account: Annotated[UUID, Doc(examples=[EXAMPLE])]
    to_account: Annotated[UUID, Doc(examples=[EXAMPLE])]
    at: Annotated[datetime, Doc(examples=["2026-11-01T09:00:00+02:00"])]
    residence_attested: Annotated[bool, Doc(examples=[True], description="that who takes over lives there")]


class Ending(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    ended_at: Annotated[datetime, Doc(examples=["2026-11-01T18:00:00+02:00"])]


class PostAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody is posted, and was before, the earliest first."""

    account: UUID
    community: UUID | None  # now; null where they are posted nowhere
    postings: tuple[posts.ShownPosting, ...]


@post_to("/posts", sync_to_thread=True)
def post_officer(request: Asked, house: House, data: JSONBody[Posting]) -> Response[Done]:
    """Post an officer to a community in which they live, as you attest. Nobody posts themselves."""
    call = call_of(request, house, data)
    new = NewPosting(
        account=data.account,
        community=data.community,
        from_at=data.from_at,
        residence_attested=data.residence_attested,
    )
    return done(appoint(house, call, new), data.account, created=True)


@get("/posts", sync_to_thread=True)
def list_posts(
    request: Asked,
    house: House,
    account: FromQuery[UUID | None] = None,
    community: FromQuery[UUID | None] = None,
    active_at: FromQuery[datetime | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[posts.ShownPosting]:
    """The postings that the caller may read, the first begun first; `active_at` shows those under way at that time."""
    call = call_of(request, house)
    house.desk.require(call, Operation.POST_LIST)
    only = condition(house, call, Operation.POST_LIST, post_columns())
    with house.views.reading() as views:
        page = posts.posting_page(
            views,
            only=only,
            account=account,
            community=community,
            active_at=None if active_at is None else past("active_at", active_at, now()),
            cursor=cursor,
            limit=limit,
        )
    return page_of(page)


@get("/posts/{key:uuid}", sync_to_thread=True)
def read_post(request: Asked, house: House, key: FromPath[UUID]) -> Response[PostAnswer]:
    """All postings of one officer, by their account."""
    call = call_of(request, house)
    loaded = house.desk.load(post.DECIDER, post_id(key))
    house.desk.require(call, Operation.POST_READ, relations.post(house.desk, key, loaded.state))
    with house.views.reading() as views:
        found = posts.postings_of(views, key)
    now_at = None if loaded.state is None else loaded.state.community
    return versioned(PostAnswer(account=key, community=now_at, postings=found), loaded.version)


@post_to("/posts/{key:uuid}/end", status_code=200, sync_to_thread=True)
def end_post(request: Asked, house: House, key: FromPath[UUID], data: JSONBody[Ending]) -> Response[Done]:
    """Say that they are posted there no more, and since when."""
    call = call_of(request, house, data)
    command = EndPosting(account=key, ended_at=data.ended_at, by=call.principal.account, at=now())
    receipt = house.desk.perform(
        call,
        Operation.POST_END,
        post.DECIDER,
        post_id(key),
        command,
        lambda state: relations.post(house.desk, key, state),
    )
    return done(receipt, key)


@post_to("/communities/{key:uuid}/hand-over", status_code=200, sync_to_thread=True)
def hand_community_over(
    request: Asked, house: House, key: FromPath[UUID], data: JSONBody[HandingOver]
) -> Response[Done]:
    """One officer's post ends and another's begins at the same instant, both or neither. The version is that of the
    post that ends.
    """
    call = call_of(request, house, data)
    new = NewPosting(
        account=data.to_account, community=key, from_at=data.at, residence_attested=data.residence_attested
    )
    return done(hand_over(house, call, data.from_account, new), data.from_account)


ROUTES = (post_officer, list_posts, read_post, end_post, hand_community_over)
