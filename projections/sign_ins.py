"""Who signed in and when, and whose account somebody tried: of accounts that exist, never a name that was typed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Boolean, Column, Connection, MetaData, String, Table, UniqueConstraint, Uuid

from domain.event import Recorded
from domain.sign_in import SignedIn, SignInRefused
from projections.columns import Instant, Position
from projections.organisation import username_of
from projections.paging import Page, page, rows_of
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
sign_ins = Table(
    "sign_ins",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("account", Uuid, nullable=False),
    Column("initial", Boolean, nullable=False),
    Column("refused_code", String(32)),
    UniqueConstraint("account", "position"),
)


class SignIn(msgspec.Struct, frozen=True, kw_only=True):
    position: int
    at: datetime
    account: UUID
    username: str | None
    initial: bool  # with a password that somebody else chose
    refused_code: str | None  # domain.vocabulary.SIGN_IN_REFUSALS; None: signed in


def sign_in_page(
    connection: Connection,
    *,
    account: UUID | None = None,
    refused: bool | None = None,
    after: datetime | None = None,
    before: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[SignIn]:
    """Sign-ins and refusals, the latest first. Every filter that is given must hold; `before` is excluded."""
    query = rows_of(SignIn, sign_ins, username=username_of(sign_ins.c.account))
    if account is not None:
        query = query.where(sign_ins.c.account == account)
    if refused is not None:
        query = query.where(sign_ins.c.refused_code.is_not(None) if refused else sign_ins.c.refused_code.is_(None))
    if after is not None:
        query = query.where(sign_ins.c.at >= after)
    if before is not None:
        query = query.where(sign_ins.c.at < before)
    return page(connection, SignIn, query, (sign_ins.c.position,), cursor=cursor, limit=limit, newest_first=True)


def _signed_in(rows: Rows, at: Recorded, event: SignedIn) -> None:
    rows.put(sign_ins, position=at.position, at=at.meta.recorded_at, account=event.account, initial=event.initial)


def _refused(rows: Rows, at: Recorded, event: SignInRefused) -> None:
    rows.put(
        sign_ins,
        position=at.position,
        at=at.meta.recorded_at,
        account=event.account,
        initial=False,
        refused_code=event.code,
    )


VIEW = View(name="sign-ins", version=1, metadata=metadata, folds={SignedIn: _signed_in, SignInRefused: _refused})
