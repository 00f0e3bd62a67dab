"""What public bodies committed themselves to, for everybody to read: who, what, until when, and whether it was kept."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, case, select

from domain.initiatives.initiative import MISSED, OPEN
from projections.communities.places import community_name_of
from projections.initiatives.board import commitments, initiatives, issues
from projections.paging import Page, page, rows_of


class ShownCommitment(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing in it is about a person: everybody reads it."""

    commitment: UUID
    initiative: UUID
    title: str  # of the initiative
    community: UUID
    community_name: str | None
    region: str
    issue: UUID | None
    category: str | None  # of the issue that it answers
    body: str
    what: str
    due_at: datetime
    state: str  # at the asked time: domain.initiatives.words.COMMITMENT_PHASES
    made_at: datetime
    reminded_at: datetime | None
    kept_at: datetime | None
    missed_at: datetime | None


def commitment_page(
    connection: Connection,
    at: datetime,
    *,
    initiative: UUID | None = None,
    community: UUID | None = None,
    region: str | None = None,
    state: str | None = None,
    due_before: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ShownCommitment]:
    """Commitments as they stand at the time `at`, by when they are due; `due_before` leaves out what is settled."""
    joined = commitments.join(initiatives, initiatives.c.initiative == commitments.c.initiative).outerjoin(
        issues, issues.c.issue == commitments.c.issue
    )
    computed = {
        **{name: initiatives.c[name] for name in ("title", "community", "region")},
        "community_name": community_name_of(initiatives.c.community),
        "category": issues.c.category,
        "state": state_at(at),
    }
    query = rows_of(ShownCommitment, commitments, **computed).select_from(joined)
    for column, wanted in (
        (commitments.c.initiative, initiative),
        (initiatives.c.community, community),
        (initiatives.c.region, region),
        (state_at(at), state),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if due_before is not None:
        query = query.where(state_at(at) == OPEN, commitments.c.due_at < due_before)
    order = (commitments.c.due_at, commitments.c.commitment)
    return page(connection, ShownCommitment, query, order, cursor=cursor, limit=limit)


def state_at(at: datetime) -> ColumnElement[str]:
    """Time ends a commitment by itself; the event that says so comes a little later."""
    over = and_(commitments.c.state == OPEN, commitments.c.due_at <= at)
    return case((over, MISSED), else_=commitments.c.state)


def lapsed_unsaid(connection: Connection, at: datetime, *, limit: int = 100) -> tuple[UUID, ...]:
    """Initiatives with a commitment whose day is over, without an event that says so."""
    over = (commitments.c.state == OPEN, commitments.c.due_at <= at)
    query = select(commitments.c.initiative).where(*over).distinct().order_by(commitments.c.initiative).limit(limit)
    return tuple(connection.execute(query).scalars())


def to_be_reminded(connection: Connection, at: datetime, *, limit: int = 100) -> tuple[UUID, ...]:
    """Initiatives with a commitment whose day is near, of which nobody was reminded."""
    query = (
        select(commitments.c.initiative)
        .where(
            commitments.c.state == OPEN,
            commitments.c.reminded_at.is_(None),
            commitments.c.remind_at <= at,
            commitments.c.due_at > at,
        )
        .distinct()
        .order_by(commitments.c.initiative)
        .limit(limit)
    )
    return tuple(connection.execute(query).scalars())
