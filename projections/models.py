"""What was decided about models, and what became of it: cards accepted, switches begun, completed and abandoned."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, Column, Connection, MetaData, String, Table, Uuid

from domain import model_events as facts
from domain.event import Recorded
from projections.columns import Instant, Position
from projections.organisation import username_of
from projections.paging import Page, page, rows_of
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
model_history = Table(
    "model_history",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("topic", String(64), nullable=False),
    Column("generation", String(64), nullable=False),
    Column("model", String(300)),  # of a card
    Column("by", Uuid),
    Column("footages", BigInteger),
    Column("units", BigInteger),
    Column("rows", BigInteger),
    Column("bytes", BigInteger),
)


class ModelDecision(msgspec.Struct, frozen=True, kw_only=True):
    position: int
    at: datetime
    topic: str
    generation: str
    model: str | None
    by: UUID | None  # None: it came about by itself
    by_username: str | None
    footages: int | None
    units: int | None
    rows: int | None
    bytes: int | None


def model_page(connection: Connection, *, cursor: str | None = None, limit: int = 50) -> Page[ModelDecision]:
    """The latest first."""
    query = rows_of(ModelDecision, model_history, by_username=username_of(model_history.c.by))
    order = (model_history.c.position,)
    return page(connection, ModelDecision, query, order, cursor=cursor, limit=limit, newest_first=True)


def _put(kept: Rows, at: Recorded, generation: str, **more: Any) -> None:
    topic = at.event.TOPIC
    kept.put(model_history, position=at.position, at=at.meta.recorded_at, topic=topic, generation=generation, **more)


def _accepted(rows: Rows, at: Recorded, event: facts.ModelCardAccepted) -> None:
    _put(rows, at, event.generation, model=event.model, by=event.by)


def _begun(rows: Rows, at: Recorded, event: facts.SwitchBegun) -> None:
    _put(rows, at, event.to_generation, by=event.by)


def _completed(rows: Rows, at: Recorded, event: facts.SwitchCompleted) -> None:
    held = {"footages": event.footages, "units": event.units, "rows": event.rows, "bytes": event.bytes}
    _put(rows, at, event.generation, **held)


def _abandoned(rows: Rows, at: Recorded, event: facts.SwitchAbandoned) -> None:
    _put(rows, at, event.generation, by=event.by)


def _removed(rows: Rows, at: Recorded, event: facts.GenerationRemoved) -> None:
    _put(rows, at, event.generation, units=event.units, rows=event.rows, bytes=event.bytes)


VIEW = View(
    name="models",
    version=1,
    metadata=metadata,
    folds={
        facts.ModelCardAccepted: _accepted,
        facts.SwitchBegun: _begun,
        facts.SwitchCompleted: _completed,
        facts.SwitchAbandoned: _abandoned,
        facts.GenerationRemoved: _removed,
    },
)
