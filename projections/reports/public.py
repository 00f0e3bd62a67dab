"""What everybody may see of reports: what sort of thing, about where, in which month, and what came of it. No hour, no
house, no word but those that an officer wrote for everybody; nothing before an officer has read it; and of what
concerns homes, children or suspicions, nothing. Beside it, the communities that reports are made to, and how many
others there were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec
from sqlalchemy import Column, Connection, MetaData, String, Table, UniqueConstraint, Uuid, and_, func, not_, select

from domain.event import Recorded
from domain.kyiv_time import KYIV
from domain.reports import events as facts
from domain.reports import state as phases
from domain.reports.words import PUBLISHED
from domain.sealed import Token
from projections.columns import Packed, optional_token
from projections.communities.places import communities, community_name_of
from projections.paging import Page, every, page, rows_of
from projections.reports.board import reports
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
public = Table(
    "public_reports",
    metadata,
    Column("report", Uuid, primary_key=True),
    Column("month", String(7), nullable=False),  # of Kyiv's clocks
    Column("text", Packed(Token)),
    UniqueConstraint("month", "report"),
)

HIDDEN = (phases.SUBMITTED, phases.DUPLICATE)  # nobody has read it; it is told of already
LISTED = and_(reports.c.category.in_(PUBLISHED), reports.c.state.not_in(HIDDEN))  # what everybody may see


class PublicReport(msgspec.Struct, frozen=True, kw_only=True):
    report: UUID
    month: str
    category: str
    region: str
    community: UUID
    community_name: str | None
    state: str
    outcome: str | None
    latitude: float | None  # to about a kilometre
    longitude: float | None
    text: Token | None


class NamedCommunity(msgspec.Struct, frozen=True, kw_only=True):
    community: UUID
    name: str
    region: str


def public_page(
    connection: Connection,
    *,
    community: UUID | None = None,
    category: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[PublicReport]:
    """The latest months first; within a month in no order."""
    shown = public.join(reports, reports.c.report == public.c.report)
    of_board = ("category", "region", "community", "state", "outcome", "latitude", "longitude")
    query = rows_of(
        PublicReport,
        shown,
        **{name: public.c[name] for name in ("report", "month", "text")},
        **{name: reports.c[name] for name in of_board},
        community_name=community_name_of(reports.c.community),
    ).where(LISTED)
    if community is not None:
        query = query.where(reports.c.community == community)
    if category is not None:
        query = query.where(reports.c.category == category)
    order = (public.c.month, public.c.report)
    return page(connection, PublicReport, query, order, cursor=cursor, limit=limit, newest_first=True)


def named_communities(connection: Connection, region: str) -> tuple[NamedCommunity, ...]:
    query = rows_of(NamedCommunity, communities).where(communities.c.region == region)
    return every(connection, NamedCommunity, query.order_by(communities.c.name, communities.c.community))


def counts(connection: Connection, months: Sequence[str]) -> Mapping[tuple[str, str], int]:
    """Reports by (region, month) that are not in the public list. Those that are, everybody counts by themselves: held
    against a table of all, they would tell how few of the others there are.
    """
    query = (
        select(reports.c.region, public.c.month, func.count())
        .select_from(public.join(reports, reports.c.report == public.c.report))
        .where(public.c.month.in_(months), not_(LISTED))
        .group_by(reports.c.region, public.c.month)
    )
    return {(region, month): count for region, month, count in connection.execute(query)}


def _submitted(rows: Rows, at: Recorded, event: facts.ReportSubmitted) -> None:
    rows.put(public, report=at.stream, month=f"{at.meta.recorded_at.astimezone(KYIV):%Y-%m}")


def _redacted(rows: Rows, at: Recorded, event: facts.ReportRedacted) -> None:
    rows.change(public, at.stream, text=optional_token(event.narrative))


VIEW = View(
    name="public-reports",
    version=1,
    metadata=metadata,
    folds={
        facts.ReportSubmitted: _submitted,
        facts.ReportRedacted: _redacted,
    },
)
