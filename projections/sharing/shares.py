"""What was shared with agencies: under which agreement and which consent, which fields, and how long it stood.

A consent's blast radius is made of these rows and of the disclosures that the agency's people caused by looking.
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
    MetaData,
    Select,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    case,
    func,
    select,
)

from domain.event import Recorded
from domain.sharing import referral_events as facts
from domain.sharing.referral import ACCEPTED, COMPLETED, DECLINED, REVOKED, SENT, STANDING
from projections.columns import Instant, Packed
from projections.disclosures import disclosures
from projections.organisation import accounts
from projections.paging import Page, page, rows_of
from projections.rows import Rows
from projections.sharing.agencies import agency_name_of
from projections.sharing.agreements import agreements
from projections.view import View

metadata = MetaData()
shares = Table(
    "shares",
    metadata,
    Column("referral", Uuid, primary_key=True),
    Column("consent", Uuid, nullable=False),
    Column("agreement", Uuid, nullable=False),
    Column("agency", Uuid, nullable=False),
    Column("agency_unit", Uuid, nullable=False),
    Column("pseudonym", String(16), nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("fields", Packed(tuple[str, ...]), nullable=False),
    Column("state", String(16), nullable=False),
    Column("shared_at", Instant, nullable=False),
    Column("shared_by", Uuid, nullable=False),
    Column("accepted_at", Instant),
    Column("ended_at", Instant),
    Column("cause", String(32)),
    UniqueConstraint("consent", "shared_at", "referral"),
    UniqueConstraint("agreement", "referral"),
    UniqueConstraint("agency", "referral"),
)
shared_fields = Table(
    "shared_fields",
    metadata,
    Column("referral", Uuid, primary_key=True),
    Column("field", String(32), primary_key=True),
)


class Share(msgspec.Struct, frozen=True, kw_only=True):
    referral: UUID
    agency: UUID
    agency_name: str | None
    agreement: UUID
    pseudonym: str
    purpose: str
    fields: tuple[str, ...]
    state: str  # domain.sharing.referral_words.REFERRAL_PHASES
    shared_at: datetime
    shared_by: UUID
    accepted_at: datetime | None
    ended_at: datetime | None  # declined, completed or revoked: nothing is open to the agency any more
    cause: str | None  # of a revocation: domain.sharing.referral_words.REVOCATION_CAUSES


class PartnerView(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody of the agency looked at what was shared with it."""

    position: int
    at: datetime
    actor: UUID
    actor_username: str | None
    purpose: str
    referral: UUID
    agency: UUID
    agency_name: str | None
    operation: str  # what they looked at


class LiveShare(msgspec.Struct, frozen=True, kw_only=True):
    referral: UUID
    fields: tuple[str, ...]


class LedgerLine(msgspec.Struct, frozen=True, kw_only=True):
    """How often a field went to an agency under an agreement, and how often it is open to it now."""

    agreement: UUID
    agency: UUID
    agency_name: str | None
    field: str  # domain.sharing.words.SHARED_FIELDS
    shared_count: int
    open_count: int


def share_page(connection: Connection, consent: UUID, *, cursor: str | None = None, limit: int = 50) -> Page[Share]:
    """What was shared under a consent, in order."""
    query = rows_of(Share, shares, agency_name=agency_name_of(shares.c.agency)).where(shares.c.consent == consent)
    return page(connection, Share, query, (shares.c.shared_at, shares.c.referral), cursor=cursor, limit=limit)


def view_page(
    connection: Connection, consent: UUID, *, cursor: str | None = None, limit: int = 50
) -> Page[PartnerView]:
    """What the people of agencies looked at of that, in order."""
    seen = disclosures.join(shares, shares.c.referral == disclosures.c.thing).join(
        accounts, accounts.c.account == disclosures.c.actor
    )
    columns: dict[str, ColumnElement[Any]] = {
        **{name: disclosures.c[name] for name in ("position", "at", "actor", "purpose", "operation")},
        **{name: shares.c[name] for name in ("referral", "agency")},
        "actor_username": accounts.c.username,
        "agency_name": agency_name_of(shares.c.agency),
    }
    query = rows_of(PartnerView, seen, **columns).where(
        shares.c.consent == consent, accounts.c.unit == shares.c.agency_unit
    )
    return page(connection, PartnerView, query, (disclosures.c.position,), cursor=cursor, limit=limit)


def live_under_consent(connection: Connection, consent: UUID) -> tuple[LiveShare, ...]:
    """What is still shared under a consent."""
    return _live(connection, shares.c.consent == consent)


def live_under_agreement(connection: Connection, agreement: UUID) -> tuple[LiveShare, ...]:
    return _live(connection, shares.c.agreement == agreement)


def live_with_agency(connection: Connection, agency: UUID) -> tuple[LiveShare, ...]:
    return _live(connection, shares.c.agency == agency)


def ledger(connection: Connection, *, only: ColumnElement[bool] | None = None) -> Sequence[LedgerLine]:
    """Agreements × agencies × fields that something was shared of. `only` is a condition on `agreements`."""
    still_open = func.sum(case((shares.c.state.in_(STANDING), 1), else_=0))
    key = (shares.c.agreement, shares.c.agency, shared_fields.c.field)
    query: Select[Any] = (
        select(
            *key,
            agency_name_of(shares.c.agency).label("agency_name"),
            func.count().label("shared_count"),
            still_open.label("open_count"),
        )
        .select_from(shares.join(shared_fields, shared_fields.c.referral == shares.c.referral))
        .group_by(*key)
        .order_by(*key)
    )
    if only is not None:
        query = query.where(shares.c.agreement.in_(select(agreements.c.agreement).where(only)))
    return [LedgerLine(**row) for row in connection.execute(query).mappings()]


def _live(connection: Connection, of: ColumnElement[bool]) -> tuple[LiveShare, ...]:
    query = rows_of(LiveShare, shares).where(of, shares.c.state.in_(STANDING)).order_by(shares.c.referral)
    return tuple(LiveShare(**row) for row in connection.execute(query).mappings())


def _sent(rows: Rows, at: Recorded, event: facts.ReferralSent) -> None:
    rows.put(
        shares,
        referral=at.stream,
        consent=event.consent,
        agreement=event.agreement,
        agency=event.agency,
        agency_unit=event.agency_unit,
        pseudonym=event.pseudonym,
        purpose=event.purpose,
        fields=event.fields,
        state=SENT,
        shared_at=at.meta.recorded_at,
        shared_by=event.by,
    )
    for field in event.fields:
        rows.put(shared_fields, referral=at.stream, field=field)


def _accepted(rows: Rows, at: Recorded, event: facts.ReferralAccepted) -> None:
    rows.change(shares, at.stream, state=ACCEPTED, accepted_at=at.meta.recorded_at)


def _declined(rows: Rows, at: Recorded, event: facts.ReferralDeclined) -> None:
    rows.change(shares, at.stream, state=DECLINED, ended_at=at.meta.recorded_at)


def _completed(rows: Rows, at: Recorded, event: facts.ReferralCompleted) -> None:
    rows.change(shares, at.stream, state=COMPLETED, ended_at=at.meta.recorded_at)


def _revoked(rows: Rows, at: Recorded, event: facts.ReferralRevoked) -> None:
    rows.change(shares, at.stream, state=REVOKED, ended_at=at.meta.recorded_at, cause=event.cause)


VIEW = View(
    name="shares",
    version=1,
    metadata=metadata,
    folds={
        facts.ReferralSent: _sent,
        facts.ReferralAccepted: _accepted,
        facts.ReferralDeclined: _declined,
        facts.ReferralCompleted: _completed,
        facts.ReferralRevoked: _revoked,
    },
)
