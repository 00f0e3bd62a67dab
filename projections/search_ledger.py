"""The ledger of searches: who looked for what under which authority, run or refused, and what people made of it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Column, Float, Integer, MetaData, String, Table, UniqueConstraint, Uuid

from domain import footage_search as facts
from domain.event import Recorded
from domain.sealed import Token
from domain.search_coverage import SearchCoverage
from projections.columns import Instant, Packed, optional_token, token_of
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
searches = Table(
    "searches",
    metadata,
    Column("search", Uuid, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("searcher", Uuid, nullable=False),
    Column("searcher_unit", Uuid, nullable=False),
    Column("purpose", String, nullable=False),
    Column("authorisation", Uuid),
    Column("cameras", Packed(tuple[UUID, ...]), nullable=False),
    Column("from_at", Instant, nullable=False),
    Column("to_at", Instant, nullable=False),
    Column("query", Packed(Token), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("child_image", Boolean, nullable=False),
    Column("refused_code", String(64)),
    Column("generation", String(128)),
    Column("unknown_words_count", Integer),
    Column("moments_max", Integer),
    Column("moments_count", Integer, nullable=False),
    Column("coverage", Packed(SearchCoverage)),
    Column("version", Integer, nullable=False),
    UniqueConstraint("position"),
    UniqueConstraint("authorisation", "position"),
    UniqueConstraint("searcher", "position"),
    UniqueConstraint("searcher_unit", "position"),
)
hits = Table(
    "search_hits",
    metadata,
    Column("search", Uuid, primary_key=True),
    Column("rank", Integer, primary_key=True, autoincrement=False),
    Column("camera", Uuid, nullable=False),
    Column("from_at", Instant, nullable=False),
    Column("to_at", Instant, nullable=False),
    Column("best_at", Instant, nullable=False),
    Column("uncertainty_seconds", Float(53), nullable=False),
    Column("footage_sha256", String(64), nullable=False),
    Column("row", BigInteger, nullable=False),
    Column("score", Float(53), nullable=False),
    Column("box", Packed(tuple[int, int, int, int]), nullable=False),
    Column("verdict", String(16)),
    Column("reviewed_by", Uuid),
    Column("reviewed_at", Instant),
    Column("note", Packed(Token)),
    Column("incident", Uuid),
    Column("attached_by", Uuid),
    Column("attached_at", Instant),
)


def _run(rows: Rows, at: Recorded, event: facts.SearchRun) -> None:
    rows.put(
        searches,
        search=at.stream,
        position=at.position,
        at=at.meta.recorded_at,
        searcher=event.searcher,
        searcher_unit=event.searcher_unit,
        purpose=at.meta.purpose,
        authorisation=event.authorisation,
        cameras=event.cameras,
        from_at=event.from_at,
        to_at=event.to_at,
        query=token_of(event.query),
        kind=event.kind,
        child_image=event.child_image,
        generation=event.generation,
        unknown_words_count=event.unknown_words_count,
        moments_max=event.limit,
        moments_count=len(event.moments),
        coverage=event.coverage,
        version=at.version,
    )
    for moment in event.moments:
        rows.put(
            hits,
            search=at.stream,
            rank=moment.rank,
            camera=moment.camera,
            from_at=moment.from_at,
            to_at=moment.to_at,
            best_at=moment.best_at,
            uncertainty_seconds=moment.uncertainty_seconds,
            footage_sha256=moment.footage_sha256,
            row=moment.row,
            score=moment.score,
            box=moment.box,
        )


def _refused(rows: Rows, at: Recorded, event: facts.SearchRefused) -> None:
    rows.put(
        searches,
        search=at.stream,
        position=at.position,
        at=at.meta.recorded_at,
        searcher=event.searcher,
        searcher_unit=event.searcher_unit,
        purpose=at.meta.purpose,
        authorisation=event.authorisation,
        cameras=event.cameras,
        from_at=event.from_at,
        to_at=event.to_at,
        query=token_of(event.query),
        kind=event.kind,
        child_image=event.child_image,
        refused_code=event.code,
        moments_count=0,
        version=at.version,
    )


def _reviewed(rows: Rows, at: Recorded, event: facts.HitReviewed) -> None:
    rows.change(
        hits,
        at.stream,
        event.rank,
        verdict=event.verdict,
        reviewed_by=event.by,
        reviewed_at=at.meta.recorded_at,
        note=optional_token(event.note),
    )
    rows.change(searches, at.stream, version=at.version)


def _attached(rows: Rows, at: Recorded, event: facts.HitAttached) -> None:
    rows.change(
        hits,
        at.stream,
        event.rank,
        incident=event.incident,
        attached_by=event.by,
        attached_at=at.meta.recorded_at,
    )
    rows.change(searches, at.stream, version=at.version)


VIEW = View(
    name="search-ledger",
    version=2,
    metadata=metadata,
    folds={
        facts.SearchRun: _run,
        facts.SearchRefused: _refused,
        facts.HitReviewed: _reviewed,
        facts.HitAttached: _attached,
    },
)
