"""Claims as they stand, in a table that nothing is counted from."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    UniqueConstraint,
    Uuid,
)

from domain.event import Recorded
from domain.national import claim as facts
from projections.columns import Instant
from projections.organisation import username_of
from projections.paging import Page, every, one, page, rows_of
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
claims = Table(
    "claims",
    metadata,
    Column("claim", Uuid, primary_key=True),
    Column("measure", String(32), nullable=False),
    Column("region", String(8), nullable=False),  # empty: the whole country
    Column("value", BigInteger, nullable=False),
    Column("precision", String(16), nullable=False),
    Column("as_of", String(10), nullable=False),
    Column("since", String(10), nullable=False),
    Column("source", String, nullable=False),
    Column("remark", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("cause", String(32)),
    Column("by", Uuid, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("measure", "region", "as_of", "claim"),
    UniqueConstraint("region", "measure", "as_of", "claim"),
)


class ShownClaim(msgspec.Struct, frozen=True, kw_only=True):
    """What a source says. Whoever reads it is told who stated it here, and not that it was verified."""

    claim: UUID
    measure: str  # domain.national.words.NATIONAL_MEASURES
    region: str  # empty: the whole country
    value: int
    precision: str  # domain.national.words.CLAIM_PRECISIONS
    as_of: str
    since: str
    source: str
    remark: str  # domain.national.words.CLAIM_REMARKS; empty: none
    state: str  # domain.national.words.CLAIM_STATES
    cause: str | None  # of its last correction, or of its withdrawal
    by: UUID  # who stated, corrected or withdrew it last
    by_username: str | None
    recorded_at: datetime
    changed_at: datetime
    version: int


def claim_page(
    connection: Connection,
    *,
    measure: str | None = None,
    region: str | None = None,
    state: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ShownClaim]:
    """Claims by measure, region and time, the withdrawn ones among them. Every filter that is given must hold."""
    query = _shown()
    for name, wanted in {"measure": measure, "region": region, "state": state}.items():
        if wanted is not None:
            query = query.where(claims.c[name] == wanted)
    order = (claims.c.measure, claims.c.region, claims.c.as_of, claims.c.claim)
    return page(connection, ShownClaim, query, order, cursor=cursor, limit=limit)


def claim(connection: Connection, key: UUID) -> ShownClaim | None:
    return one(connection, ShownClaim, _shown().where(claims.c.claim == key))


def standing(connection: Connection) -> tuple[ShownClaim, ...]:
    """Those that nobody withdrew, by region, measure and time."""
    order = (claims.c.region, claims.c.measure, claims.c.as_of, claims.c.claim)
    return every(connection, ShownClaim, _shown().where(claims.c.state == facts.STATED).order_by(*order))


def _shown() -> Select[Any]:
    return rows_of(ShownClaim, claims, by_username=username_of(claims.c.by))


def _stated(rows: Rows, at: Recorded, event: facts.ClaimStated) -> None:
    rows.put(
        claims,
        claim=at.stream,
        measure=event.measure,
        region=event.region,
        state=facts.STATED,
        by=event.by,
        recorded_at=at.meta.recorded_at,
        changed_at=at.meta.recorded_at,
        version=at.version,
        **_saying(event),
    )


def _corrected(rows: Rows, at: Recorded, event: facts.ClaimCorrected) -> None:
    _change(rows, at, event.cause, event.by, **_saying(event))


def _withdrawn(rows: Rows, at: Recorded, event: facts.ClaimWithdrawn) -> None:
    _change(rows, at, event.cause, event.by, state=facts.WITHDRAWN)


def _saying(event: facts.ClaimStated | facts.ClaimCorrected) -> dict[str, Any]:
    return {name: getattr(event, name) for name in facts.Saying.__struct_fields__}


def _change(rows: Rows, at: Recorded, cause: str, by: UUID, **values: object) -> None:
    changed_at = at.meta.recorded_at
    rows.change(claims, at.stream, cause=cause, by=by, changed_at=changed_at, version=at.version, **values)


VIEW = View(
    name="claims",
    version=1,
    metadata=metadata,
    folds={
        facts.ClaimStated: _stated,
        facts.ClaimCorrected: _corrected,
        facts.ClaimWithdrawn: _withdrawn,
    },
)
