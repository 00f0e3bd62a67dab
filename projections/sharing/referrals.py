"""Referrals as they stand: what was asked of which agency, on which agreement and consent it rests, what came of it.

What is shared, and every word, is sealed and not here at all: it is opened from the log.
"""

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
    ScalarSelect,
    Select,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    func,
    select,
)

from domain.event import Recorded
from domain.sharing import referral_events as facts
from domain.sharing.referral import ACCEPTED, COMPLETED, DECLINED, REVOKED, SENT, STANDING
from projections.case_board import cases
from projections.child_timeline import profiles_of
from projections.columns import Instant, Packed
from projections.organisation import unit_name_of, units, username_of
from projections.paging import Page, every, one, page, rows_of
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
referrals = Table(
    "referrals",
    metadata,
    Column("referral", Uuid, primary_key=True),
    Column("child", Uuid, nullable=False),
    Column("pseudonym", String(16), nullable=False),
    Column("case", Uuid, nullable=False),
    Column("shared_by", Uuid, nullable=False),  # the unit that had the case when it was sent
    Column("agency", Uuid, nullable=False),
    Column("agency_unit", Uuid, nullable=False),
    Column("service", String(32), nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("fields", Packed(tuple[str, ...]), nullable=False),
    Column("agreement", Uuid, nullable=False),
    Column("consent", Uuid, nullable=False),
    Column("state", String(16), nullable=False),
    Column("sent_by", Uuid, nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("answered_by", Uuid),
    Column("answered_at", Instant),
    Column("declined", String(32)),
    Column("outcome", String(32)),
    Column("revoked", String(32)),
    Column("ended_by", Uuid),
    Column("ended_at", Instant),
    Column("changed_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("sent_at", "referral"),
    UniqueConstraint("agency_unit", "sent_at", "referral"),
    UniqueConstraint("case", "sent_at", "referral"),
    UniqueConstraint("child", "referral"),
    UniqueConstraint("consent", "referral"),
    UniqueConstraint("agreement", "referral"),
)
deliveries = Table(
    "referral_deliveries",
    metadata,
    Column("referral", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("service", String(32), nullable=False),
    Column("delivered_at", Instant, nullable=False),
    Column("by", Uuid, nullable=False),
    Column("at", Instant, nullable=False),
)


class ShownReferral(msgspec.Struct, frozen=True, kw_only=True):
    """The whole row, for `app` to cut to what its reader may see. `unit` and `officer` have the case now."""

    referral: UUID
    child: UUID
    pseudonym: str
    case: UUID
    unit: UUID
    unit_name: str | None
    region: str | None  # of that unit
    officer: UUID | None
    officer_username: str | None
    shared_by: UUID
    agency: UUID
    agency_unit: UUID
    agency_unit_name: str | None
    service: str  # domain.sharing.referral_words.SERVICE_KINDS
    purpose: str  # domain.sharing.words.SHARING_PURPOSES
    fields: tuple[str, ...]  # domain.sharing.words.SHARED_FIELDS
    agreement: UUID
    consent: UUID
    state: str  # domain.sharing.referral_words.REFERRAL_PHASES
    sent_by: UUID
    sent_at: datetime
    answered_by: UUID | None
    answered_at: datetime | None
    declined: str | None  # domain.sharing.referral_words.DECLINE_CAUSES
    outcome: str | None  # domain.sharing.referral_words.REFERRAL_OUTCOMES
    revoked: str | None  # domain.sharing.referral_words.REVOCATION_CAUSES
    ended_by: UUID | None
    ended_at: datetime | None
    deliveries_count: int
    changed_at: datetime
    version: int


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    version: int  # of the event
    service: str  # domain.sharing.referral_words.SERVICE_KINDS
    delivered_at: datetime
    by: UUID
    by_username: str | None
    at: datetime


def referral_page(
    connection: Connection,
    *,
    only: ColumnElement[bool],
    child: UUID | None = None,
    narrowed: dict[str, object] | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ShownReferral]:
    """Referrals, the last sent first. Every filter that is given must hold.

    `only` is what the reader may see, as a condition on the columns of `referrals` and `cases`; `child` asks for those
    of its profile and of what was merged into it; `narrowed` are wanted values by column.
    """
    query = _shown().where(only)
    if child is not None:
        query = query.where(referrals.c.child.in_(profiles_of(connection, child)))
    for name, wanted in (narrowed or {}).items():
        query = query.where(referrals.c[name] == wanted)
    order = (referrals.c.sent_at, referrals.c.referral)
    return page(connection, ShownReferral, query, order, cursor=cursor, limit=limit, newest_first=True)


def referral(connection: Connection, key: UUID) -> ShownReferral | None:
    return one(connection, ShownReferral, _shown().where(referrals.c.referral == key))


def delivered(connection: Connection, key: UUID) -> tuple[Delivery, ...]:
    """In the order in which it was put on record."""
    query = rows_of(Delivery, deliveries, by_username=username_of(deliveries.c.by))
    return every(connection, Delivery, query.where(deliveries.c.referral == key).order_by(deliveries.c.version))


def standing_of_case(connection: Connection, case: UUID) -> tuple[UUID, ...]:
    """The referrals from a case that are sent or accepted."""
    query = select(referrals.c.referral).where(referrals.c.case == case, referrals.c.state.in_(STANDING))
    return tuple(connection.execute(query.order_by(referrals.c.referral)).scalars())


def accepted_of(connection: Connection, children: tuple[UUID, ...]) -> tuple[UUID, ...]:
    """The referrals of these profiles that an agency has accepted and nobody ended."""
    query = select(referrals.c.referral).where(referrals.c.child.in_(children), referrals.c.state == ACCEPTED)
    return tuple(connection.execute(query.order_by(referrals.c.referral)).scalars())


def region_of(column: ColumnElement[Any]) -> ScalarSelect[Any]:
    """The region of the unit that a row of another list names."""
    named = units.alias()
    return select(named.c.region).where(named.c.unit == column).scalar_subquery()


def _shown() -> Select[Any]:
    joined = referrals.join(cases, cases.c.case == referrals.c.case)
    count = select(func.count()).where(deliveries.c.referral == referrals.c.referral).scalar_subquery()
    own = {name: referrals.c[name] for name in ShownReferral.__struct_fields__ if name in referrals.c}
    beside = {
        "unit": cases.c.unit,
        "unit_name": unit_name_of(cases.c.unit),
        "region": region_of(cases.c.unit),
        "officer": cases.c.officer,
        "officer_username": username_of(cases.c.officer),
        "agency_unit_name": unit_name_of(referrals.c.agency_unit),
        "deliveries_count": count,
    }
    return rows_of(ShownReferral, joined, **own, **beside)


def _sent(rows: Rows, at: Recorded, event: facts.ReferralSent) -> None:
    rows.put(
        referrals,
        referral=at.stream,
        child=event.child,
        pseudonym=event.pseudonym,
        case=event.case,
        shared_by=event.unit,
        agency=event.agency,
        agency_unit=event.agency_unit,
        service=event.service,
        purpose=event.purpose,
        fields=event.fields,
        agreement=event.agreement,
        consent=event.consent,
        state=SENT,
        sent_by=event.by,
        sent_at=at.meta.recorded_at,
        changed_at=at.meta.recorded_at,
        version=at.version,
    )


def _accepted(rows: Rows, at: Recorded, event: facts.ReferralAccepted) -> None:
    _change(rows, at, state=ACCEPTED, answered_by=event.by, answered_at=at.meta.recorded_at)


def _declined(rows: Rows, at: Recorded, event: facts.ReferralDeclined) -> None:
    answered = {"answered_by": event.by, "answered_at": at.meta.recorded_at}
    _change(rows, at, state=DECLINED, declined=event.cause, **answered, **_ended(at, event.by))


def _delivered(rows: Rows, at: Recorded, event: facts.ServiceDelivered) -> None:
    rows.put(
        deliveries,
        referral=at.stream,
        version=at.version,
        service=event.service,
        delivered_at=event.delivered_at,
        by=event.by,
        at=at.meta.recorded_at,
    )
    _change(rows, at)


def _completed(rows: Rows, at: Recorded, event: facts.ReferralCompleted) -> None:
    _change(rows, at, state=COMPLETED, outcome=event.outcome, **_ended(at, event.by))


def _revoked(rows: Rows, at: Recorded, event: facts.ReferralRevoked) -> None:
    _change(rows, at, state=REVOKED, revoked=event.cause, **_ended(at, event.by))


def _ended(at: Recorded, by: UUID) -> dict[str, object]:
    return {"ended_by": by, "ended_at": at.meta.recorded_at}


def _change(rows: Rows, at: Recorded, **values: object) -> None:
    rows.change(referrals, at.stream, changed_at=at.meta.recorded_at, version=at.version, **values)


VIEW = View(
    name="referrals",
    version=1,
    metadata=metadata,
    folds={
        facts.ReferralSent: _sent,
        facts.ReferralAccepted: _accepted,
        facts.ReferralDeclined: _declined,
        facts.ServiceDelivered: _delivered,
        facts.ReferralCompleted: _completed,
        facts.ReferralRevoked: _revoked,
    },
)
