"""What is asked of the search ledger."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, func, select

from domain.sealed import Token
from domain.search_coverage import SearchCoverage
from projections.cameras import camera_name_of
from projections.organisation import unit_name_of, username_of
from projections.paging import Page, every, one, page, rows_of
from projections.search_ledger import hits, searches


class LedgerSearch(msgspec.Struct, frozen=True, kw_only=True):
    search: UUID
    position: int
    at: datetime
    searcher: UUID
    searcher_username: str | None = None
    searcher_unit: UUID
    searcher_unit_name: str | None = None
    purpose: str
    authorisation: UUID | None  # None only where a refused search named none
    cameras: tuple[UUID, ...]
    from_at: datetime
    to_at: datetime
    query: Token
    kind: str  # domain.vocabulary.QUERY_KINDS
    child_image: bool  # a picture that shows a child, as the searcher said
    refused_code: str | None  # None: it was run
    generation: str | None
    unknown_words_count: int | None
    moments_max: int | None  # how many were asked for
    moments_count: int
    reviewed_count: int
    relevant_count: int
    attached_count: int
    coverage: SearchCoverage | None
    version: int


class LedgerHit(msgspec.Struct, frozen=True, kw_only=True):
    """Similar appearance, not identity: a lead until a person reviewed it."""

    rank: int
    camera: UUID
    camera_name: str | None = None
    from_at: datetime
    to_at: datetime
    best_at: datetime
    uncertainty_seconds: float
    footage_sha256: str
    row: int
    score: float
    box: tuple[int, int, int, int]
    verdict: str | None  # the last review's
    reviewed_by: UUID | None
    reviewed_by_username: str | None = None
    reviewed_at: datetime | None
    note: Token | None
    incident: UUID | None
    attached_by: UUID | None
    attached_by_username: str | None = None
    attached_at: datetime | None


def ledger_page(
    connection: Connection,
    *,
    only: ColumnElement[bool] | None = None,
    searcher: UUID | None = None,
    searcher_unit: UUID | None = None,
    authorisation: UUID | None = None,
    refused: bool | None = None,
    after: datetime | None = None,
    before: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[LedgerSearch]:
    """Searches, the latest first. Every filter that is given must hold; `after` and `before` are of their time."""
    query = _ledger()
    equal = {"searcher": searcher, "searcher_unit": searcher_unit, "authorisation": authorisation}
    for name, wanted in equal.items():
        if wanted is not None:
            query = query.where(searches.c[name] == wanted)
    if only is not None:
        query = query.where(only)
    if refused is not None:
        code = searches.c.refused_code
        query = query.where(code.is_not(None) if refused else code.is_(None))
    if after is not None:
        query = query.where(searches.c.at >= after)
    if before is not None:
        query = query.where(searches.c.at < before)
    return page(connection, LedgerSearch, query, (searches.c.position,), cursor=cursor, limit=limit, newest_first=True)


def ledger_search(connection: Connection, search: UUID) -> LedgerSearch | None:
    return one(connection, LedgerSearch, _ledger().where(searches.c.search == search))


def positions_of(connection: Connection, made: Collection[UUID]) -> dict[UUID, int]:
    """Where in the log each of these searches stands."""
    query = select(searches.c.search, searches.c.position).where(searches.c.search.in_(made))
    return {row.search: row.position for row in connection.execute(query)}


def hits_of(connection: Connection, search: UUID) -> tuple[LedgerHit, ...]:
    """The moments that a search gave, by rank."""
    query = rows_of(
        LedgerHit,
        hits,
        camera_name=camera_name_of(hits.c.camera),
        reviewed_by_username=username_of(hits.c.reviewed_by),
        attached_by_username=username_of(hits.c.attached_by),
    ).where(hits.c.search == search)
    return every(connection, LedgerHit, query.order_by(hits.c.rank))


def _ledger() -> Select[Any]:
    counts = select(func.count()).where(hits.c.search == searches.c.search)
    return rows_of(
        LedgerSearch,
        searches,
        searcher_username=username_of(searches.c.searcher),
        searcher_unit_name=unit_name_of(searches.c.searcher_unit),
        reviewed_count=counts.where(hits.c.verdict.is_not(None)).scalar_subquery(),
        relevant_count=counts.where(hits.c.verdict == "relevant").scalar_subquery(),
        attached_count=counts.where(hits.c.incident.is_not(None)).scalar_subquery(),
    )
