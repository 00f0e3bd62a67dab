"""The sessions that were held in schools, and how many people they reached, by region, community or school and month.

No count tells of a single person: of an audience under five there is no session (`domain.schools.school`). So nothing
is left out of these tables, and whatever is shown in them is shown to the last one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
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
    func,
    null,
    select,
)

from domain.event import Recorded
from domain.kyiv_time import KYIV
from domain.schools.school_events import AudienceGroup, SessionHeld, SessionWithdrawn
from projections.columns import Instant, Packed
from projections.communities.places import community_name_of
from projections.organisation import username_of
from projections.paging import Page, page, rows_of
from projections.rows import Rows
from projections.schools.board import schools
from projections.view import View

metadata = MetaData()
sessions = Table(
    "school_sessions",
    metadata,
    Column("session", Uuid, primary_key=True),
    Column("school", Uuid, nullable=False),
    Column("subject", String(32), nullable=False),
    Column("audience", String(16), nullable=False),
    Column("groups", Packed(tuple[AudienceGroup, ...]), nullable=False),
    Column("people", Integer, nullable=False),
    Column("held_at", Instant, nullable=False),
    Column("month", String(7), nullable=False),  # on Kyiv's clocks, as in 2026-11
    Column("by", Uuid, nullable=False),
    Column("withdrawn_at", Instant),
    UniqueConstraint("school", "held_at", "session"),
    UniqueConstraint("held_at", "session"),
    UniqueConstraint("month", "session"),
)
REGION, COMMUNITY, SCHOOL = "region", "community", "school"
PLACES = (REGION, COMMUNITY, SCHOOL)  # by which sessions are counted


class ShownSession(msgspec.Struct, frozen=True, kw_only=True):
    session: UUID
    school: UUID
    school_name: str
    subject: str  # domain.schools.words.SESSION_SUBJECTS
    audience: str  # domain.schools.words.AUDIENCES
    groups: tuple[AudienceGroup, ...]
    people: int
    held_at: datetime
    by: UUID
    by_username: str | None


class SessionCount(msgspec.Struct, frozen=True, kw_only=True):
    """`place` is a region's code, or the id of a community or school; `name` is null for a region."""

    place: str
    name: str | None
    month: str
    sessions: int
    pupils: int  # who were there: somebody who came twice counts twice
    adults: int


def session_page(
    connection: Connection,
    *,
    only: ColumnElement[bool] | None = None,
    school: UUID | None = None,
    community: UUID | None = None,
    region: str | None = None,
    from_at: datetime | None = None,
    to_at: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ShownSession]:
    """The calendar, by when they were held. `only` is what the reader may see, as a condition on the columns of
    `schools`.
    """
    joined = sessions.join(schools, schools.c.school == sessions.c.school)
    names = {"school_name": schools.c.name, "by_username": username_of(sessions.c.by)}
    query = rows_of(ShownSession, sessions, **names).select_from(joined).where(sessions.c.withdrawn_at.is_(None))
    for column, wanted in ((sessions.c.school, school), (schools.c.community, community), (schools.c.region, region)):
        if wanted is not None:
            query = query.where(column == wanted)
    if from_at is not None:
        query = query.where(sessions.c.held_at >= from_at)
    if to_at is not None:
        query = query.where(sessions.c.held_at < to_at)
    if only is not None:
        query = query.where(only)
    return page(connection, ShownSession, query, (sessions.c.held_at, sessions.c.session), cursor=cursor, limit=limit)


def counts(connection: Connection, place: str, months: Sequence[str]) -> tuple[SessionCount, ...]:
    """By place and month, where there was any."""
    column = schools.c[place]
    names: dict[str, ColumnElement[Any]] = {
        REGION: null(),
        COMMUNITY: func.max(community_name_of(schools.c.community)),
        SCHOOL: func.max(schools.c.name),
    }
    pupils = func.sum(sessions.c.people).filter(sessions.c.audience == "pupils")
    adults = func.sum(sessions.c.people).filter(sessions.c.audience != "pupils")
    query = (
        select(column.label("place"), names[place].label("name"), sessions.c.month, func.count().label("sessions"))
        .add_columns(func.coalesce(pupils, 0).label("pupils"), func.coalesce(adults, 0).label("adults"))
        .select_from(sessions.join(schools, schools.c.school == sessions.c.school))
        .where(sessions.c.month.in_(months), sessions.c.withdrawn_at.is_(None))
        .group_by(column, sessions.c.month)
        .order_by(column, sessions.c.month)
    )
    found = connection.execute(query).mappings()
    return tuple(SessionCount(**{**row, "place": str(row["place"])}) for row in found)


def _held(rows: Rows, at: Recorded, event: SessionHeld) -> None:
    rows.put(
        sessions,
        session=event.session,
        school=at.stream,
        subject=event.subject,
        audience=event.audience,
        groups=event.groups,
        people=sum(each.count for each in event.groups),
        held_at=event.held_at,
        month=f"{event.held_at.astimezone(KYIV):%Y-%m}",
        by=event.by,
    )


def _withdrawn(rows: Rows, at: Recorded, event: SessionWithdrawn) -> None:
    rows.change(sessions, event.session, withdrawn_at=at.meta.recorded_at)


VIEW = View(
    name="school-sessions",
    version=1,
    metadata=metadata,
    folds={SessionHeld: _held, SessionWithdrawn: _withdrawn},
)
