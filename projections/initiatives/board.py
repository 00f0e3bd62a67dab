"""Initiatives, with what residents raised, sealed, and the commitments that answered it (`commitments`)."""

from __future__ import annotations

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
    Select,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    func,
    select,
)

from domain.event import Recorded
from domain.initiatives.initiative import KEPT, KEPT_LATE, MISSED, OPEN
from domain.initiatives.initiative_events import (
    CommitmentKept,
    CommitmentMade,
    CommitmentMissed,
    CommitmentReminded,
    InitiativeLaunched,
    IssueRaised,
)
from domain.sealed import Token
from projections.columns import Instant, Packed, token_of
from projections.communities.places import community_name_of
from projections.paging import Page, every, one, page, rows_of
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
initiatives = Table(
    "initiatives",
    metadata,
    Column("initiative", Uuid, primary_key=True),
    Column("title", String, nullable=False),
    Column("community", Uuid, nullable=False),
    Column("region", String(16), nullable=False),
    Column("unit", Uuid, nullable=False),
    Column("launched_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("launched_at", "initiative"),
    UniqueConstraint("community", "launched_at", "initiative"),
    UniqueConstraint("unit", "launched_at", "initiative"),
)
issues = Table(
    "initiative_issues",
    metadata,
    Column("issue", Uuid, primary_key=True),
    Column("initiative", Uuid, nullable=False),
    Column("category", String(32), nullable=False),
    Column("met_at", Instant, nullable=False),
    Column("narrative", Packed(Token), nullable=False),
    UniqueConstraint("initiative", "met_at", "issue"),
)
commitments = Table(
    "commitments",
    metadata,
    Column("commitment", Uuid, primary_key=True),
    Column("initiative", Uuid, nullable=False),
    Column("issue", Uuid),
    Column("body", String, nullable=False),
    Column("what", String, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("remind_at", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("reminded_at", Instant),
    Column("kept_at", Instant),
    Column("missed_at", Instant),
    UniqueConstraint("due_at", "commitment"),
    UniqueConstraint("initiative", "due_at", "commitment"),
    UniqueConstraint("state", "due_at", "commitment"),
    UniqueConstraint("state", "reminded_at", "remind_at", "commitment"),
)


class ShownInitiative(msgspec.Struct, frozen=True, kw_only=True):
    initiative: UUID
    title: str
    community: UUID
    community_name: str | None
    region: str
    unit: UUID
    issues_count: int
    commitments_count: int
    launched_at: datetime
    changed_at: datetime
    version: int


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    issue: UUID
    category: str  # domain.initiatives.words.ISSUE_CATEGORIES
    met_at: datetime
    narrative: Token


def initiative_page(
    connection: Connection,
    *,
    only: ColumnElement[bool] | None = None,
    community: UUID | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ShownInitiative]:
    """The last launched first. `only` is what the reader may see, as a condition on the columns of `initiatives`."""
    query = _shown()
    if community is not None:
        query = query.where(initiatives.c.community == community)
    if only is not None:
        query = query.where(only)
    order = (initiatives.c.launched_at, initiatives.c.initiative)
    return page(connection, ShownInitiative, query, order, cursor=cursor, limit=limit, newest_first=True)


def initiative(connection: Connection, key: UUID) -> ShownInitiative | None:
    return one(connection, ShownInitiative, _shown().where(initiatives.c.initiative == key))


def issues_of(connection: Connection, key: UUID) -> tuple[Issue, ...]:
    query = rows_of(Issue, issues).where(issues.c.initiative == key)
    return every(connection, Issue, query.order_by(issues.c.met_at, issues.c.issue))


def _shown() -> Select[Any]:
    def count(table: Table) -> ColumnElement[int]:
        counted = select(func.count()).select_from(table).where(table.c.initiative == initiatives.c.initiative)
        return counted.scalar_subquery()

    return rows_of(
        ShownInitiative,
        initiatives,
        community_name=community_name_of(initiatives.c.community),
        issues_count=count(issues),
        commitments_count=count(commitments),
    )


def _launched(rows: Rows, at: Recorded, event: InitiativeLaunched) -> None:
    rows.put(
        initiatives,
        initiative=at.stream,
        title=event.title,
        community=event.community,
        region=event.region,
        unit=event.unit,
        launched_at=at.meta.recorded_at,
        changed_at=at.meta.recorded_at,
        version=at.version,
    )


def _issue_raised(rows: Rows, at: Recorded, event: IssueRaised) -> None:
    narrative = token_of(event.narrative)
    rows.put(
        issues,
        issue=event.issue,
        initiative=at.stream,
        category=event.category,
        met_at=event.met_at,
        narrative=narrative,
    )
    _change(rows, at)


def _made(rows: Rows, at: Recorded, event: CommitmentMade) -> None:
    rows.put(
        commitments,
        commitment=event.commitment,
        initiative=at.stream,
        issue=event.issue,
        body=event.body,
        what=event.what,
        due_at=event.due_at,
        remind_at=event.remind_at,
        state=OPEN,
        made_at=event.made_at,
    )
    _change(rows, at)


def _reminded(rows: Rows, at: Recorded, event: CommitmentReminded) -> None:
    rows.change(commitments, event.commitment, reminded_at=at.meta.recorded_at)
    _change(rows, at)


def _kept(rows: Rows, at: Recorded, event: CommitmentKept) -> None:
    """Whether it was in time follows from its own row: the same stream made it."""
    in_time = event.kept_at <= rows.read(commitments, event.commitment)["due_at"]
    state = KEPT if in_time else KEPT_LATE
    rows.change(commitments, event.commitment, state=state, kept_at=event.kept_at)
    _change(rows, at)


def _missed(rows: Rows, at: Recorded, event: CommitmentMissed) -> None:
    rows.change(commitments, event.commitment, state=MISSED, missed_at=event.at)
    _change(rows, at)


def _change(rows: Rows, at: Recorded) -> None:
    rows.change(initiatives, at.stream, changed_at=at.meta.recorded_at, version=at.version)


VIEW = View(
    name="initiatives",
    version=1,
    metadata=metadata,
    folds={
        InitiativeLaunched: _launched,
        IssueRaised: _issue_raised,
        CommitmentMade: _made,
        CommitmentReminded: _reminded,
        CommitmentKept: _kept,
        CommitmentMissed: _missed,
    },
)
