"""Consents as they stand: of which child, given by whom of the family or a court, for what, and until when. Who gave
one by name, and why anything was decided, stays sealed.
"""

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
from domain.prevention_case_state import OPEN
from domain.sharing import consent_events as facts
from domain.sharing.consent_state import (
    EXPIRED,
    GIVEN,
    LIFTED,
    NOT_SOUGHT,
    OVERRIDDEN,
    OVERRIDE_REQUESTED,
    PERMITTING,
    REFUSED,
    WITHDRAWN,
)
from projections.case_board import cases
from projections.columns import Instant, Packed, Position
from projections.organisation import unit_name_of
from projections.paging import Page, one, page, rows_of
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
consents = Table(
    "consents",
    metadata,
    Column("consent", Uuid, primary_key=True),
    Column("child", Uuid, nullable=False),
    Column("pseudonym", String(16), nullable=False),
    Column("unit", Uuid, nullable=False),
    Column("state", String(20), nullable=False),
    Column("begun", String(20), nullable=False),
    Column("giver", String(16)),
    Column("cause", String(32)),
    Column("purposes", Packed(tuple[str, ...]), nullable=False),
    Column("agencies", Packed(tuple[UUID, ...]), nullable=False),
    Column("fields", Packed(tuple[str, ...]), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("recorded_by", Uuid, nullable=False),
    Column("expires_at", Instant),
    Column("basis", String(32)),
    Column("requester", Uuid),
    Column("authoriser", Uuid),
    Column("withdrawn_by_giver", String(16)),
    Column("ended_at", Instant),
    Column("changed_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("recorded_at", "consent"),
    UniqueConstraint("unit", "recorded_at", "consent"),
    UniqueConstraint("child", "recorded_at", "consent"),
    UniqueConstraint("state", "expires_at", "consent"),
)
consent_agencies = Table(
    "consent_agencies",
    metadata,
    Column("consent", Uuid, primary_key=True),
    Column("agency", Uuid, primary_key=True),
    Column("position", Position, nullable=False),
    UniqueConstraint("agency", "consent"),
)


class ShownConsent(msgspec.Struct, frozen=True, kw_only=True):
    consent: UUID
    child: UUID
    pseudonym: str
    unit: UUID
    unit_name: str | None
    state: str  # at the asked time: domain.sharing.words.CONSENT_PHASES
    begun: str  # what was put on record first: given, refused or not-sought
    giver: str | None  # domain.sharing.words.CONSENT_GIVERS
    cause: str | None  # why nobody was asked: domain.sharing.words.NOT_SOUGHT_CAUSES
    purposes: tuple[str, ...]
    agencies: tuple[UUID, ...]
    fields: tuple[str, ...]
    recorded_at: datetime
    recorded_by: UUID
    expires_at: datetime | None
    basis: str | None  # of an override: domain.sharing.words.OVERRIDE_BASES
    requester: UUID | None  # of an override
    authoriser: UUID | None
    withdrawn_by_giver: str | None
    ended_at: datetime | None
    changed_at: datetime
    version: int


def consent_page(
    connection: Connection,
    at: datetime,
    *,
    only: ColumnElement[bool] | None = None,
    child: UUID | None = None,
    agency: UUID | None = None,
    state: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ShownConsent]:
    """Consents as they stand at the time `at`, the last recorded first. Every filter that is given must hold.

    `only` is what the reader may see, as a condition on the columns of `consents`.
    """
    query = rows_of(ShownConsent, consents, unit_name=unit_name_of(consents.c.unit), state=state_at(at))
    if child is not None:
        query = query.where(consents.c.child == child)
    if agency is not None:
        named = select(consent_agencies.c.consent).where(consent_agencies.c.agency == agency)
        query = query.where(consents.c.consent.in_(named))
    if state is not None:
        query = query.where(state_at(at) == state)
    if only is not None:
        query = query.where(only)
    order = (consents.c.recorded_at, consents.c.consent)
    return page(connection, ShownConsent, query, order, cursor=cursor, limit=limit, newest_first=True)


def consent(connection: Connection, key: UUID, at: datetime) -> ShownConsent | None:
    query = rows_of(ShownConsent, consents, unit_name=unit_name_of(consents.c.unit), state=state_at(at))
    return one(connection, ShownConsent, query.where(consents.c.consent == key))


def expired_unsaid(connection: Connection, at: datetime, *, limit: int = 100) -> tuple[UUID, ...]:
    """Those whose time is over, without an event that says so: what the clockwork has to record."""
    query = (
        select(consents.c.consent)
        .where(consents.c.state.in_(PERMITTING), consents.c.expires_at <= at)
        .order_by(consents.c.expires_at, consents.c.consent)
        .limit(limit)
    )
    return tuple(connection.execute(query).scalars())


def state_at(at: datetime) -> ColumnElement[str]:
    """Time ends a consent by itself; the event that says so comes a little later."""
    over = and_(consents.c.state.in_(PERMITTING), consents.c.expires_at <= at)
    return case((over, EXPIRED), else_=consents.c.state)


def worked_with_by(unit: UUID) -> ColumnElement[bool]:
    """Whether the unit has an open case of the child."""
    return consents.c.child.in_(select(cases.c.child).where(cases.c.unit == unit, cases.c.state == OPEN))


def _given(rows: Rows, at: Recorded, event: facts.ConsentGiven) -> None:
    _begun(rows, at, event, state=GIVEN, giver=event.giver, expires_at=event.expires_at)


def _refused(rows: Rows, at: Recorded, event: facts.ConsentRefused) -> None:
    _begun(rows, at, event, state=REFUSED, giver=event.giver)


def _not_sought(rows: Rows, at: Recorded, event: facts.ConsentNotSought) -> None:
    _begun(rows, at, event, state=NOT_SOUGHT, cause=event.cause)


def _begun(
    rows: Rows,
    at: Recorded,
    event: facts.ConsentGiven | facts.ConsentRefused | facts.ConsentNotSought,
    *,
    state: str,
    **more: object,
) -> None:
    rows.put(
        consents,
        consent=at.stream,
        child=event.child,
        pseudonym=event.pseudonym,
        unit=event.unit,
        state=state,
        begun=state,
        purposes=event.purposes,
        agencies=event.agencies,
        fields=event.fields,
        recorded_at=at.meta.recorded_at,
        recorded_by=event.by,
        changed_at=at.meta.recorded_at,
        version=at.version,
        **more,
    )
    for agency in event.agencies:
        rows.put(consent_agencies, consent=at.stream, agency=agency, position=at.position)


def _override_requested(rows: Rows, at: Recorded, event: facts.OverrideRequested) -> None:
    _change(rows, at, state=OVERRIDE_REQUESTED, basis=event.basis, requester=event.by)


def _override_denied(rows: Rows, at: Recorded, event: facts.OverrideDenied) -> None:
    _change(rows, at, state=rows.read(consents, at.stream)["begun"], basis=None, requester=None)


def _overridden(rows: Rows, at: Recorded, event: facts.ConsentOverridden) -> None:
    _change(rows, at, state=OVERRIDDEN, authoriser=event.by, expires_at=event.expires_at)


def _lifted(rows: Rows, at: Recorded, event: facts.OverrideLifted) -> None:
    _change(rows, at, state=LIFTED, ended_at=at.meta.recorded_at)


def _withdrawn(rows: Rows, at: Recorded, event: facts.ConsentWithdrawn) -> None:
    _change(rows, at, state=WITHDRAWN, withdrawn_by_giver=event.giver, ended_at=at.meta.recorded_at)


def _expired(rows: Rows, at: Recorded, event: facts.ConsentExpired) -> None:
    _change(rows, at, state=EXPIRED, ended_at=event.at)


def _change(rows: Rows, at: Recorded, **values: object) -> None:
    rows.change(consents, at.stream, changed_at=at.meta.recorded_at, version=at.version, **values)


VIEW = View(
    name="consents",
    version=1,
    metadata=metadata,
    folds={
        facts.ConsentGiven: _given,
        facts.ConsentRefused: _refused,
        facts.ConsentNotSought: _not_sought,
        facts.OverrideRequested: _override_requested,
        facts.OverrideDenied: _override_denied,
        facts.ConsentOverridden: _overridden,
        facts.OverrideLifted: _lifted,
        facts.ConsentWithdrawn: _withdrawn,
        facts.ConsentExpired: _expired,
    },
)
