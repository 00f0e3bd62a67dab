"""Webhooks as they stand, and which message each receiver took."""

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
from domain.webhooks import webhook as facts
from projections.columns import Instant, Position
from projections.organisation import username_of
from projections.paging import Page, one, page, rows_of
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
webhooks = Table(
    "webhooks",
    metadata,
    Column("webhook", Uuid, primary_key=True),
    Column("account", Uuid, nullable=False),
    Column("url", String(500), nullable=False),
    Column("subjects", String(500), nullable=False),  # with a comma between them
    Column("state", String(16), nullable=False),
    Column("pause_cause", String(32)),
    Column("registered_at", Instant, nullable=False),
    Column("position", Position, nullable=False),  # of its registration: it is told of what comes after
    Column("version", Integer, nullable=False),
    UniqueConstraint("registered_at", "webhook"),
    UniqueConstraint("state", "webhook"),
)
deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=False),
    Column("delivery", Uuid, nullable=False),
    Column("webhook", Uuid, nullable=False),
    Column("thing", Uuid, nullable=False),
    Column("thing_version", Integer, nullable=False),
    Column("topic", String(64), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("taken_at", Instant, nullable=False),
    UniqueConstraint("webhook", "position"),
)


class ShownWebhook(msgspec.Struct, frozen=True, kw_only=True):
    webhook: UUID
    account: UUID
    account_username: str | None
    url: str
    subjects: str
    state: str  # domain.webhooks.words.WEBHOOK_STATES
    pause_cause: str | None  # domain.webhooks.words.PAUSE_CAUSES
    registered_at: datetime
    taken_count: int  # messages that the receiver took
    last_taken_at: datetime | None
    version: int


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    position: int
    delivery: UUID  # the message's id, as it was sent
    thing: UUID
    thing_version: int
    topic: str
    attempts: int
    taken_at: datetime


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One that messages are sent to."""

    webhook: UUID
    position: int


def _of_webhook(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return select(value).where(deliveries.c.webhook == webhooks.c.webhook).scalar_subquery()


def _shown() -> Select[Any]:
    return rows_of(
        ShownWebhook,
        webhooks,
        account_username=username_of(webhooks.c.account),
        taken_count=_of_webhook(func.count()),
        last_taken_at=_of_webhook(func.max(deliveries.c.taken_at)),
    )


def webhook_page(
    connection: Connection, *, only: ColumnElement[bool], cursor: str | None = None, limit: int = 50
) -> Page[ShownWebhook]:
    order = (webhooks.c.registered_at, webhooks.c.webhook)
    return page(connection, ShownWebhook, _shown().where(only), order, cursor=cursor, limit=limit)


def webhook(connection: Connection, key: UUID) -> ShownWebhook | None:
    return one(connection, ShownWebhook, _shown().where(webhooks.c.webhook == key))


def delivery_page(connection: Connection, key: UUID, *, cursor: str | None = None, limit: int = 50) -> Page[Delivery]:
    """What the receiver took, the latest first."""
    query = rows_of(Delivery, deliveries).where(deliveries.c.webhook == key)
    order = (deliveries.c.position,)
    return page(connection, Delivery, query, order, cursor=cursor, limit=limit, newest_first=True)


def active(connection: Connection) -> tuple[Standing, ...]:
    query = rows_of(Standing, webhooks).where(webhooks.c.state == facts.ACTIVE).order_by(webhooks.c.webhook)
    return tuple(Standing(**row) for row in connection.execute(query).mappings())


def _registered(rows: Rows, at: Recorded, event: facts.WebhookRegistered) -> None:
    rows.put(
        webhooks,
        webhook=at.stream,
        account=event.account,
        url=event.url,
        subjects=",".join(event.subjects),
        state=facts.REGISTERED,
        registered_at=at.meta.recorded_at,
        position=at.position,
        version=at.version,
    )


def _confirmed(rows: Rows, at: Recorded, event: facts.WebhookConfirmed) -> None:
    rows.change(webhooks, at.stream, state=facts.ACTIVE, version=at.version)


def _renewed(rows: Rows, at: Recorded, event: facts.SecretRenewed) -> None:
    rows.change(webhooks, at.stream, version=at.version)


def _paused(rows: Rows, at: Recorded, event: facts.WebhookPaused) -> None:
    rows.change(webhooks, at.stream, state=facts.PAUSED, pause_cause=event.cause, version=at.version)


def _resumed(rows: Rows, at: Recorded, event: facts.WebhookResumed) -> None:
    rows.change(webhooks, at.stream, state=facts.ACTIVE, pause_cause=None, version=at.version)


def _removed(rows: Rows, at: Recorded, event: facts.WebhookRemoved) -> None:
    rows.change(webhooks, at.stream, state=facts.REMOVED, pause_cause=None, version=at.version)


def _taken(rows: Rows, at: Recorded, event: facts.WebhookDelivered) -> None:
    rows.put(
        deliveries,
        position=at.position,
        delivery=at.stream,
        webhook=event.webhook,
        thing=event.stream,
        thing_version=event.version,
        topic=event.topic,
        attempts=event.attempts,
        taken_at=at.meta.recorded_at,
    )


VIEW = View(
    name="webhooks",
    version=1,
    metadata=metadata,
    folds={
        facts.WebhookRegistered: _registered,
        facts.WebhookConfirmed: _confirmed,
        facts.SecretRenewed: _renewed,
        facts.WebhookPaused: _paused,
        facts.WebhookResumed: _resumed,
        facts.WebhookRemoved: _removed,
        facts.WebhookDelivered: _taken,
    },
)
