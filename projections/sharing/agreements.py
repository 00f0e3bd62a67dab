"""Sharing agreements as they stand: who shares what with whom, for what, and until when."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    and_,
    case,
    select,
)

from domain.event import Recorded
from domain.ids import agency_id
from domain.sharing import agreement_events as facts
from domain.sharing.agreement_state import ENDED, EXPIRED, PROPOSED, SIGNED, STANDING, SUSPENDED
from projections.columns import Instant, Packed, Position
from projections.paging import Page, one, page, rows_of
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
agreements = Table(
    "sharing_agreements",
    metadata,
    Column("agreement", Uuid, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("units", Packed(tuple[UUID, ...]), nullable=False),
    Column("agencies", Packed(tuple[UUID, ...]), nullable=False),
    Column("purposes", Packed(tuple[str, ...]), nullable=False),
    Column("proposed_purposes", Packed(tuple[str, ...]), nullable=False),
    Column("fields", Packed(tuple[str, ...]), nullable=False),
    Column("from_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("proposer", Uuid, nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("signer", Uuid),
    Column("signed_at", Instant),
    Column("suspended_at", Instant),
    Column("ended_at", Instant),
    Column("changed_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("until", "agreement"),
    UniqueConstraint("state", "until", "agreement"),
)
agreement_units = Table(
    "sharing_agreement_units",
    metadata,
    Column("agreement", Uuid, primary_key=True),
    Column("unit", Uuid, primary_key=True),
    Column("position", Position, nullable=False),
    UniqueConstraint("unit", "agreement"),
)
agreement_agencies = Table(
    "sharing_agreement_agencies",
    metadata,
    Column("agreement", Uuid, primary_key=True),
    Column("agency", Uuid, primary_key=True),
    Column("position", Position, nullable=False),
    UniqueConstraint("agency", "agreement"),
)


class ShownAgreement(msgspec.Struct, frozen=True, kw_only=True):
    agreement: UUID
    state: str  # at the asked time: domain.sharing.words.AGREEMENT_PHASES
    units: tuple[UUID, ...]
    agencies: tuple[UUID, ...]
    purposes: tuple[str, ...]  # domain.sharing.words.SHARING_PURPOSES
    proposed_purposes: tuple[str, ...]  # that wait for a signature
    fields: tuple[str, ...]  # domain.sharing.words.SHARED_FIELDS
    from_at: datetime
    until: datetime
    proposer: UUID
    proposed_at: datetime
    signer: UUID | None
    signed_at: datetime | None
    suspended_at: datetime | None
    ended_at: datetime | None
    changed_at: datetime
    version: int


def agreement_page(
    connection: Connection,
    at: datetime,
    *,
    only: ColumnElement[bool] | None = None,
    agency: UUID | None = None,
    state: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ShownAgreement]:
    """Agreements as they stand at the time `at`, those that end soonest first. Every filter that is given must hold.

    `only` is what the reader may see, as a condition on the columns of `agreements`.
    """
    query = rows_of(ShownAgreement, agreements, state=state_at(at))
    if agency is not None:
        query = query.where(_with_agency(agency))
    if state is not None:
        query = query.where(state_at(at) == state)
    if only is not None:
        query = query.where(only)
    order = (agreements.c.until, agreements.c.agreement)
    return page(connection, ShownAgreement, query, order, cursor=cursor, limit=limit)


def agreement(connection: Connection, key: UUID, at: datetime) -> ShownAgreement | None:
    query = rows_of(ShownAgreement, agreements, state=state_at(at))
    return one(connection, ShownAgreement, query.where(agreements.c.agreement == key))


def expired_unsaid(connection: Connection, at: datetime, *, limit: int = 100) -> tuple[UUID, ...]:
    """Those whose time is over, without an event that says so: what the clockwork has to record."""
    query = (
        select(agreements.c.agreement)
        .where(agreements.c.state.in_(STANDING), agreements.c.until <= at)
        .order_by(agreements.c.until, agreements.c.agreement)
        .limit(limit)
    )
    return tuple(connection.execute(query).scalars())


def state_at(at: datetime) -> ColumnElement[str]:
    """Time ends an agreement by itself; the event that says so comes a little later."""
    over = and_(agreements.c.state.in_(STANDING), agreements.c.until <= at)
    return case((over, EXPIRED), else_=agreements.c.state)


def of_unit(unit: UUID) -> ColumnElement[bool]:
    """Whether a unit of the police is party to it."""
    parties = select(agreement_units.c.agreement).where(agreement_units.c.unit == unit)
    return agreements.c.agreement.in_(parties)


def of_agency_unit(unit: UUID) -> ColumnElement[bool]:
    """Whether the agency whose people serve in the unit is party to it."""
    return _with_agency(agency_id(unit))


def _with_agency(agency: UUID) -> ColumnElement[bool]:
    parties = select(agreement_agencies.c.agreement).where(agreement_agencies.c.agency == agency)
    return agreements.c.agreement.in_(parties)


def _proposed(rows: Rows, at: Recorded, event: facts.AgreementProposed) -> None:
    rows.put(
        agreements,
        agreement=at.stream,
        state=PROPOSED,
        units=event.units,
        agencies=event.agencies,
        purposes=event.purposes,
        proposed_purposes=(),
        fields=event.fields,
        from_at=event.from_at,
        until=event.until,
        proposer=event.by,
        proposed_at=at.meta.recorded_at,
        changed_at=at.meta.recorded_at,
        version=at.version,
    )
    for unit in event.units:
        rows.put(agreement_units, agreement=at.stream, unit=unit, position=at.position)
    for agency in event.agencies:
        rows.put(agreement_agencies, agreement=at.stream, agency=agency, position=at.position)


def _signed(rows: Rows, at: Recorded, event: facts.AgreementSigned) -> None:
    _change(rows, at, state=SIGNED, signer=event.by, signed_at=at.meta.recorded_at)


def _purpose_proposed(rows: Rows, at: Recorded, event: facts.PurposeProposed) -> None:
    waiting = rows.read(agreements, at.stream)["proposed_purposes"]
    _change(rows, at, proposed_purposes=(*waiting, event.purpose))


def _purpose_added(rows: Rows, at: Recorded, event: facts.PurposeAdded) -> None:
    row = rows.read(agreements, at.stream)
    waiting = tuple(each for each in row["proposed_purposes"] if each != event.purpose)
    _change(rows, at, purposes=(*row["purposes"], event.purpose), proposed_purposes=waiting)


def _narrowed(rows: Rows, at: Recorded, event: facts.FieldsNarrowed) -> None:
    _change(rows, at, fields=event.fields)


def _suspended(rows: Rows, at: Recorded, event: facts.AgreementSuspended) -> None:
    _change(rows, at, state=SUSPENDED, suspended_at=at.meta.recorded_at)


def _resumed(rows: Rows, at: Recorded, event: facts.AgreementResumed) -> None:
    _change(rows, at, state=SIGNED, suspended_at=None)


def _ended(rows: Rows, at: Recorded, event: facts.AgreementEnded) -> None:
    _change(rows, at, state=ENDED, ended_at=at.meta.recorded_at)


def _expired(rows: Rows, at: Recorded, event: facts.AgreementExpired) -> None:
    _change(rows, at, state=EXPIRED, ended_at=event.at)


def _change(rows: Rows, at: Recorded, **values: object) -> None:
    rows.change(agreements, at.stream, changed_at=at.meta.recorded_at, version=at.version, **values)


VIEW = View(
    name="sharing-agreements",
    version=1,
    metadata=metadata,
    folds={
        facts.AgreementProposed: _proposed,
        facts.AgreementSigned: _signed,
        facts.PurposeProposed: _purpose_proposed,
        facts.PurposeAdded: _purpose_added,
        facts.FieldsNarrowed: _narrowed,
        facts.AgreementSuspended: _suspended,
        facts.AgreementResumed: _resumed,
        facts.AgreementEnded: _ended,
        facts.AgreementExpired: _expired,
    },
)
