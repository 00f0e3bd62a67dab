"""Who read what, and who saw what was sealed: every consultation, of which thing, by whom, in which role, for what."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Column, ColumnElement, Connection, MetaData, String, Table, Text, UniqueConstraint, Uuid

from domain.disclosure import Disclosed
from domain.event import Recorded
from projections.columns import Instant, Position
from projections.organisation import username_of
from projections.paging import Page, page, rows_of
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
disclosures = Table(
    "disclosures",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", Uuid, nullable=False),
    Column("role", String(32), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("thing", Uuid, nullable=False),
    Column("operation", String(64), nullable=False),
    Column("subject", Uuid),
    UniqueConstraint("thing", "position"),
    UniqueConstraint("actor", "position"),
    UniqueConstraint("subject", "position"),
)


class Disclosure(msgspec.Struct, frozen=True, kw_only=True):
    position: int
    at: datetime
    actor: UUID
    actor_username: str | None
    role: str
    purpose: str
    thing: UUID  # its stream
    operation: str  # what of it: the operation that was asked for
    subject: UUID | None = None  # whose sealed value was opened: the person, or a record such as a narrative


def disclosure_page(
    connection: Connection,
    *,
    only: ColumnElement[bool] | None = None,
    thing: UUID | None = None,
    actor: UUID | None = None,
    operation: str | None = None,
    subject: UUID | None = None,
    after: datetime | None = None,
    before: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Disclosure]:
    """Disclosures, the latest first. Every filter that is given must hold; `after` and `before` are of their time.

    `only` is what the reader may see, as a condition on the columns of `disclosures`.
    """
    query = rows_of(Disclosure, disclosures, actor_username=username_of(disclosures.c.actor))
    equal = {"thing": thing, "actor": actor, "operation": operation, "subject": subject}
    for name, wanted in equal.items():
        if wanted is not None:
            query = query.where(disclosures.c[name] == wanted)
    if only is not None:
        query = query.where(only)
    if after is not None:
        query = query.where(disclosures.c.at >= after)
    if before is not None:
        query = query.where(disclosures.c.at < before)
    order = (disclosures.c.position,)
    return page(connection, Disclosure, query, order, cursor=cursor, limit=limit, newest_first=True)


def _disclosed(rows: Rows, at: Recorded, event: Disclosed) -> None:
    rows.put(
        disclosures,
        position=at.position,
        at=at.meta.recorded_at,
        actor=at.meta.actor,
        role=at.meta.role,
        purpose=at.meta.purpose,
        thing=event.thing,
        operation=event.operation,
        subject=event.subject,
    )


VIEW = View(name="disclosures", version=2, metadata=metadata, folds={Disclosed: _disclosed})
