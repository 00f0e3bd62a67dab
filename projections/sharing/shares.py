"""What was shared with agencies: under which agreement and which consent, which fields, and how long it stood.

A share is a referral, or an agency's admission to a case conference. A consent's blast radius is made of these rows and
of what was disclosed to the agency's people while it was shared with them.
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
    Integer,
    MetaData,
    Select,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    and_,
    case,
    func,
    not_,
    or_,
    select,
)

from domain.event import Recorded
from domain.processes.withdrawing import Resting
from domain.sharing import conference_events as conference_facts
from domain.sharing import conference_state, referral
from domain.sharing import referral_events as referral_facts
from domain.sharing.referral import COMPLETED, DECLINED, REVOKED
from projections.columns import Instant, Packed, Position
from projections.disclosures import disclosures
from projections.organisation import accounts
from projections.paging import Page, every, page, rows_of
from projections.rows import Rows
from projections.sharing.agencies import agency_name_of
from projections.sharing.agreements import agreements
from projections.view import View

metadata = MetaData()
shares = Table(
    "shares",
    metadata,
    Column("thing", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),  # of the event that shared it
    Column("kind", String(16), nullable=False),
    Column("consent", Uuid, nullable=False),
    Column("agreement", Uuid, nullable=False),
    Column("agency", Uuid, nullable=False),
    Column("agency_unit", Uuid, nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("fields", Packed(tuple[str, ...]), nullable=False),
    Column("shared_position", Position, nullable=False),
    Column("shared_at", Instant, nullable=False),
    Column("shared_by", Uuid, nullable=False),
    Column("ended_position", Position),
    Column("ended_at", Instant),
    Column("ended_as", String(32)),
    Column("cause", String(32)),
    UniqueConstraint("consent", "shared_position"),
    UniqueConstraint("agreement", "shared_position"),
    UniqueConstraint("agency", "shared_position"),
)
shared_fields = Table(
    "shared_fields",
    metadata,
    Column("thing", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("field", String(32), primary_key=True),
    Column("position", Position, nullable=False),
)
admissions = Table(  # of a conference, those that stand: agency, and version of the share
    "conference_admissions",
    metadata,
    Column("conference", Uuid, primary_key=True),
    Column("standing", Packed(tuple[tuple[UUID, int], ...]), nullable=False),
)


class Share(msgspec.Struct, frozen=True, kw_only=True):
    thing: UUID  # the referral, or the conference
    kind: str  # referral.KIND or conference_state.KIND
    agency: UUID
    agency_name: str | None
    agreement: UUID
    purpose: str  # domain.sharing.words.SHARING_PURPOSES
    fields: tuple[str, ...]  # domain.sharing.words.SHARED_FIELDS
    shared_position: int
    shared_at: datetime
    shared_by: UUID
    ended_at: datetime | None  # from then on nothing is open to the agency any more
    ended_as: str | None  # declined, completed, revoked, excluded or cancelled
    cause: str | None  # why: domain.sharing.referral_words.REVOCATION_CAUSES, EXCLUSION_CAUSES, CANCELLATION_CAUSES


class PartnerView(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody of the agency looked at what was shared with it."""

    position: int
    at: datetime
    actor: UUID
    actor_username: str | None
    said_purpose: str
    thing: UUID
    kind: str
    agency: UUID
    agency_name: str | None
    operation: str  # what they looked at


class LedgerLine(msgspec.Struct, frozen=True, kw_only=True):
    """How often a field went to an agency under an agreement, and how often it is open to it now."""

    agreement: UUID
    agency: UUID
    agency_name: str | None
    field: str  # domain.sharing.words.SHARED_FIELDS
    shared_count: int
    open_count: int


def share_page(
    connection: Connection, consent: UUID, *, only: ColumnElement[bool], cursor: str | None = None, limit: int = 50
) -> Page[Share]:
    """What was shared under a consent, in order. `only` is what the reader may see, as a condition on `shares`."""
    query = rows_of(Share, shares, agency_name=agency_name_of(shares.c.agency)).where(shares.c.consent == consent, only)
    return page(connection, Share, query, (shares.c.shared_position,), cursor=cursor, limit=limit)


def view_page(
    connection: Connection, consent: UUID, *, only: ColumnElement[bool], cursor: str | None = None, limit: int = 50
) -> Page[PartnerView]:
    """What the people of agencies looked at of that while it was shared with them, in order."""
    columns: dict[str, ColumnElement[Any]] = {
        **{name: disclosures.c[name] for name in ("position", "at", "actor", "operation")},
        **{name: shares.c[name] for name in ("thing", "kind", "agency")},
        "said_purpose": disclosures.c.purpose,
        "actor_username": accounts.c.username,
        "agency_name": agency_name_of(shares.c.agency),
    }
    query = rows_of(PartnerView, _SEEN, **columns).where(*_seen_under(consent), only)
    return page(connection, PartnerView, query, (disclosures.c.position,), cursor=cursor, limit=limit)


def hidden_counts(connection: Connection, consent: UUID, *, only: ColumnElement[bool]) -> tuple[int, int]:
    """How much was shared under a consent, and looked at, that `only` leaves out."""
    made = select(func.count()).select_from(shares).where(shares.c.consent == consent, not_(only))
    seen = select(func.count()).select_from(_SEEN).where(*_seen_under(consent), not_(only))
    return connection.execute(made).scalar_one(), connection.execute(seen).scalar_one()


_SEEN = disclosures.join(shares, shares.c.thing == disclosures.c.thing).join(
    accounts, accounts.c.account == disclosures.c.actor
)


def _seen_under(consent: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        shares.c.consent == consent,
        accounts.c.unit == shares.c.agency_unit,
        disclosures.c.position > shares.c.shared_position,
        or_(shares.c.ended_position.is_(None), disclosures.c.position < shares.c.ended_position),
    )


def resting_on(connection: Connection, kind: str, noun: str, key: UUID, before: int) -> tuple[Resting, ...]:
    """Shared before a position on one consent, agreement or agency (`noun`: domain.sharing.ends), and stands."""
    made = (shares.c.kind == kind, shares.c[noun] == key, shares.c.shared_position < before)
    query = rows_of(Resting, shares).where(*made, shares.c.ended_position.is_(None))
    return every(connection, Resting, query.order_by(shares.c.shared_position))


def ledger(connection: Connection, *, only: ColumnElement[bool] | None = None) -> Sequence[LedgerLine]:
    """Agreements × agencies × fields that something was shared of. `only` is a condition on `agreements`."""
    still_open = func.sum(case((shares.c.ended_position.is_(None), 1), else_=0))
    key = (shares.c.agreement, shares.c.agency, shared_fields.c.field)
    of_share = and_(shared_fields.c.thing == shares.c.thing, shared_fields.c.version == shares.c.version)
    query: Select[Any] = (
        select(
            *key,
            agency_name_of(shares.c.agency).label("agency_name"),
            func.count().label("shared_count"),
            still_open.label("open_count"),
        )
        .select_from(shares.join(shared_fields, of_share))
        .group_by(*key)
        .order_by(*key)
    )
    if only is not None:
        query = query.where(shares.c.agreement.in_(select(agreements.c.agreement).where(only)))
    return [LedgerLine(**row) for row in connection.execute(query).mappings()]


def _sent(rows: Rows, at: Recorded, event: referral_facts.ReferralSent) -> None:
    _shared(rows, at, event, referral.KIND)


def _declined(rows: Rows, at: Recorded, event: referral_facts.ReferralDeclined) -> None:
    _end(rows, at, 1, as_=DECLINED)


def _completed(rows: Rows, at: Recorded, event: referral_facts.ReferralCompleted) -> None:
    _end(rows, at, 1, as_=COMPLETED)


def _revoked(rows: Rows, at: Recorded, event: referral_facts.ReferralRevoked) -> None:
    _end(rows, at, 1, as_=REVOKED, cause=event.cause)


def _called(rows: Rows, at: Recorded, event: conference_facts.ConferenceCalled) -> None:
    """Who is only invited is told nothing."""
    rows.put(admissions, conference=at.stream, standing=())


def _admitted(rows: Rows, at: Recorded, event: conference_facts.AgencyAdmitted) -> None:
    _shared(rows, at, event, conference_state.KIND)
    standing = rows.read(admissions, at.stream)["standing"]
    rows.put(admissions, conference=at.stream, standing=(*standing, (event.agency, at.version)))


def _excluded(rows: Rows, at: Recorded, event: conference_facts.AgencyExcluded) -> None:
    _end_admissions(rows, at, event.cause, as_="excluded", agency=event.agency)


def _cancelled(rows: Rows, at: Recorded, event: conference_facts.ConferenceCancelled) -> None:
    _end_admissions(rows, at, event.cause, as_=conference_state.CANCELLED)


def _end_admissions(rows: Rows, at: Recorded, cause: str, *, as_: str, agency: UUID | None = None) -> None:
    """Those that stand: of one agency, or all."""
    left = []
    for each in rows.read(admissions, at.stream)["standing"]:
        if agency in (None, each[0]):
            _end(rows, at, each[1], as_=as_, cause=cause)
        else:
            left.append(each)
    rows.put(admissions, conference=at.stream, standing=tuple(left))


def _shared(
    rows: Rows, at: Recorded, event: referral_facts.ReferralSent | conference_facts.AgencyAdmitted, kind: str
) -> None:
    rows.put(
        shares,
        thing=at.stream,
        version=at.version,
        kind=kind,
        consent=event.consent,
        agreement=event.agreement,
        agency=event.agency,
        agency_unit=event.agency_unit,
        purpose=event.purpose,
        fields=event.fields,
        shared_position=at.position,
        shared_at=at.meta.recorded_at,
        shared_by=event.by,
    )
    for field in event.fields:
        rows.put(shared_fields, thing=at.stream, version=at.version, field=field, position=at.position)


def _end(rows: Rows, at: Recorded, version: int, *, as_: str, cause: str | None = None) -> None:
    rows.change(
        shares,
        at.stream,
        version,
        ended_position=at.position,
        ended_at=at.meta.recorded_at,
        ended_as=as_,
        cause=cause,
    )


VIEW = View(
    name="shares",
    version=2,
    metadata=metadata,
    folds={
        referral_facts.ReferralSent: _sent,
        referral_facts.ReferralDeclined: _declined,
        referral_facts.ReferralCompleted: _completed,
        referral_facts.ReferralRevoked: _revoked,
        conference_facts.ConferenceCalled: _called,
        conference_facts.AgencyAdmitted: _admitted,
        conference_facts.AgencyExcluded: _excluded,
        conference_facts.ConferenceCancelled: _cancelled,
    },
)
