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
    or_,
    select,
)

from domain.event import Recorded
from domain.sharing import conference_events as conference_facts
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
admissions = Table(  # the last one of each agency to each conference
    "conference_admissions",
    metadata,
    Column("conference", Uuid, primary_key=True),
    Column("agency", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
)

REFERRAL, CONFERENCE = "referral", "conference"


class Share(msgspec.Struct, frozen=True, kw_only=True):
    thing: UUID  # the referral, or the conference
    kind: str  # REFERRAL or CONFERENCE
    agency: UUID
    agency_name: str | None
    agreement: UUID
    purpose: str  # domain.sharing.words.SHARING_PURPOSES
    fields: tuple[str, ...]  # domain.sharing.words.SHARED_FIELDS
    shared_position: int
    shared_at: datetime
    shared_by: UUID
    ended_at: datetime | None  # from then on nothing is open to the agency any more
    ended_as: str | None  # declined, completed, revoked or excluded
    cause: str | None  # why it was taken back: domain.sharing.referral_words.REVOCATION_CAUSES, EXCLUSION_CAUSES


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


class LiveShare(msgspec.Struct, frozen=True, kw_only=True):
    thing: UUID  # a referral
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
    return page(connection, Share, query, (shares.c.shared_position,), cursor=cursor, limit=limit)


def view_page(
    connection: Connection, consent: UUID, *, cursor: str | None = None, limit: int = 50
) -> Page[PartnerView]:
    """What the people of agencies looked at of that while it was shared with them, in order."""
    seen = disclosures.join(shares, shares.c.thing == disclosures.c.thing).join(
        accounts, accounts.c.account == disclosures.c.actor
    )
    columns: dict[str, ColumnElement[Any]] = {
        **{name: disclosures.c[name] for name in ("position", "at", "actor", "operation")},
        **{name: shares.c[name] for name in ("thing", "kind", "agency")},
        "said_purpose": disclosures.c.purpose,
        "actor_username": accounts.c.username,
        "agency_name": agency_name_of(shares.c.agency),
    }
    query = rows_of(PartnerView, seen, **columns).where(
        shares.c.consent == consent,
        accounts.c.unit == shares.c.agency_unit,
        disclosures.c.position > shares.c.shared_position,
        or_(shares.c.ended_position.is_(None), disclosures.c.position < shares.c.ended_position),
    )
    return page(connection, PartnerView, query, (disclosures.c.position,), cursor=cursor, limit=limit)


def live_on(connection: Connection, noun: str, key: UUID) -> tuple[LiveShare, ...]:
    """The referrals by which something is still shared on one consent, agreement or agency: domain.sharing.ends."""
    resting = (shares.c[noun] == key, shares.c.kind == REFERRAL, shares.c.ended_position.is_(None))
    return every(connection, LiveShare, rows_of(LiveShare, shares).where(*resting).order_by(shares.c.shared_position))


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
    _shared(rows, at, event, REFERRAL)


def _declined(rows: Rows, at: Recorded, event: referral_facts.ReferralDeclined) -> None:
    _end(rows, at, 1, as_=DECLINED)


def _completed(rows: Rows, at: Recorded, event: referral_facts.ReferralCompleted) -> None:
    _end(rows, at, 1, as_=COMPLETED)


def _revoked(rows: Rows, at: Recorded, event: referral_facts.ReferralRevoked) -> None:
    _end(rows, at, 1, as_=REVOKED, cause=event.cause)


def _called(rows: Rows, at: Recorded, event: conference_facts.ConferenceCalled) -> None:
    """Nobody is admitted yet: version 0."""
    for each in event.invited:
        rows.put(admissions, conference=at.stream, agency=each.agency, version=0)


def _admitted(rows: Rows, at: Recorded, event: conference_facts.AgencyAdmitted) -> None:
    _shared(rows, at, event, CONFERENCE)
    rows.put(admissions, conference=at.stream, agency=event.agency, version=at.version)


def _excluded(rows: Rows, at: Recorded, event: conference_facts.AgencyExcluded) -> None:
    """One that was invited alone was told nothing."""
    admitted = rows.read(admissions, at.stream, event.agency)["version"]
    if admitted:
        _end(rows, at, admitted, as_="excluded", cause=event.cause)
    rows.put(admissions, conference=at.stream, agency=event.agency, version=0)


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
    version=1,
    metadata=metadata,
    folds={
        referral_facts.ReferralSent: _sent,
        referral_facts.ReferralDeclined: _declined,
        referral_facts.ReferralCompleted: _completed,
        referral_facts.ReferralRevoked: _revoked,
        conference_facts.ConferenceCalled: _called,
        conference_facts.AgencyAdmitted: _admitted,
        conference_facts.AgencyExcluded: _excluded,
    },
)
