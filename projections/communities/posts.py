"""Who is posted where, and was: an interval a posting, from when it began to when it ended."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    and_,
    or_,
)

from domain.communities import post as facts
from domain.event import Recorded
from projections.columns import Instant
from projections.communities.places import community_name_of, unit_of
from projections.organisation import username_of
from projections.paging import Page, every, page, rows_of
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
posts = Table(  # an account's last posting
    "posts",
    metadata,
    Column("post", Uuid, primary_key=True),
    Column("began", Integer, nullable=False),
    Column("version", Integer, nullable=False),
)
postings = Table(
    "postings",
    metadata,
    Column("post", Uuid, primary_key=True),
    Column("began", Integer, primary_key=True, autoincrement=False),  # the version of the event
    Column("account", Uuid, nullable=False),
    Column("community", Uuid, nullable=False),
    Column("from_at", Instant, nullable=False),
    Column("until_at", Instant),
    Column("cause", String(32)),
    Column("posted_by", Uuid, nullable=False),
    Column("ended_by", Uuid),
    Column("posted_recorded_at", Instant, nullable=False),
    Column("ended_recorded_at", Instant),
    Column("version", Integer, nullable=False),
    UniqueConstraint("from_at", "post", "began"),
    UniqueConstraint("account", "from_at", "began"),
    UniqueConstraint("community", "from_at", "post", "began"),
)


class ShownPosting(msgspec.Struct, frozen=True, kw_only=True):
    """`from_at` and `until_at` are when it was so; the two others that are recorded, when it was entered."""

    post: UUID  # the stream
    began: int  # the version of the event that posted them
    account: UUID
    username: str | None
    community: UUID
    community_name: str | None
    from_at: datetime
    until_at: datetime | None
    cause: str | None  # of its end: domain.communities.words.POSTING_ENDS
    posted_by: UUID
    ended_by: UUID | None
    posted_recorded_at: datetime
    ended_recorded_at: datetime | None
    version: int


def posting_page(
    connection: Connection,
    *,
    only: ColumnElement[bool] | None = None,
    account: UUID | None = None,
    community: UUID | None = None,
    active_at: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ShownPosting]:
    """Postings, the first begun first. Every filter that is given must hold.

    `only` is what the reader may see, as a condition on the columns of `postings`.
    """
    query = rows_of(ShownPosting, postings, **_NAMES)
    if account is not None:
        query = query.where(postings.c.account == account)
    if community is not None:
        query = query.where(postings.c.community == community)
    if active_at is not None:
        query = query.where(active(active_at))
    if only is not None:
        query = query.where(only)
    order = (postings.c.from_at, postings.c.post, postings.c.began)
    return page(connection, ShownPosting, query, order, cursor=cursor, limit=limit)


def postings_of(connection: Connection, account: UUID) -> tuple[ShownPosting, ...]:
    """All postings of one officer, in the order in which they began."""
    query = rows_of(ShownPosting, postings, **_NAMES).where(postings.c.account == account)
    return every(connection, ShownPosting, query.order_by(postings.c.from_at, postings.c.began))


def active(at: datetime) -> ColumnElement[bool]:
    """Whether a posting was under way: from the instant that it began to the one before it ended."""
    ended = postings.c.until_at
    return and_(postings.c.from_at <= at, or_(ended.is_(None), ended > at))


def unit_of_posting() -> ColumnElement[object]:
    return unit_of(postings.c.community)


_NAMES = {
    "username": username_of(postings.c.account),
    "community_name": community_name_of(postings.c.community),
}


def _posted(rows: Rows, at: Recorded, event: facts.PostedToCommunity) -> None:
    rows.put(posts, post=at.stream, began=at.version, version=at.version)
    rows.put(
        postings,
        post=at.stream,
        began=at.version,
        account=event.account,
        community=event.community,
        from_at=event.from_at,
        posted_by=event.by,
        posted_recorded_at=at.meta.recorded_at,
        version=at.version,
    )


def _ended(rows: Rows, at: Recorded, event: facts.PostingEnded) -> None:
    began = rows.read(posts, at.stream)["began"]
    rows.change(posts, at.stream, version=at.version)
    rows.change(
        postings,
        at.stream,
        began,
        until_at=event.at,
        cause=event.cause,
        ended_by=event.by,
        ended_recorded_at=at.meta.recorded_at,
        version=at.version,
    )


VIEW = View(
    name="posts",
    version=1,
    metadata=metadata,
    folds={facts.PostedToCommunity: _posted, facts.PostingEnded: _ended},
)
