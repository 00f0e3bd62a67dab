"""Concerns as they stand: of which child, what came of them, and until when; what is said of the child stays sealed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    Boolean,
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
    case,
    func,
    not_,
    select,
)

from domain import concern as facts
from domain.event import Recorded
from projections.columns import Instant
from projections.organisation import unit_name_of, username_of
from projections.paging import Page, every, one, page, rows_of
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
concerns = Table(
    "concerns",
    metadata,
    Column("concern", Uuid, primary_key=True),
    Column("child", Uuid, nullable=False),
    Column("pseudonym", String(16), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("unit", Uuid, nullable=False),
    Column("raiser", Uuid, nullable=False),
    Column("school", Uuid),  # from which it was raised
    Column("state", String(16), nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("finding", String(32)),
    Column("reviewer", Uuid),
    Column("reviewed_at", Instant),
    Column("dismissal", String(32)),
    Column("dismissed_at", Instant),
    Column("words_destroyed_at", Instant),
    Column("changed_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("expires_at", "concern"),
    UniqueConstraint("unit", "expires_at", "concern"),
    UniqueConstraint("child", "concern"),
    UniqueConstraint("pseudonym", "concern"),
    UniqueConstraint("raiser", "expires_at", "concern"),
    UniqueConstraint("state", "expires_at", "concern"),
)
help_offers = Table(
    "help_offers",
    metadata,
    Column("concern", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(32), nullable=False),
    Column("by", Uuid, nullable=False),
    Column("at", Instant, nullable=False),
)
words = Table(  # the sealed records of what was written in a concern
    "concern_words",
    metadata,
    Column("concern", Uuid, primary_key=True),
    Column("record", Uuid, primary_key=True),
    Column("destroyed", Boolean, nullable=False),
    UniqueConstraint("destroyed", "concern", "record"),
)


UNEXPIRED = tuple(phase for phase in facts.PHASES if phase != facts.EXPIRED)
CONTENT = (
    *("child", "pseudonym", "kind", "raiser", "school", "finding"),
    *("reviewer", "reviewed_at", "dismissal", "dismissed_at"),
)


class ShownConcern(msgspec.Struct, frozen=True, kw_only=True):
    """Of one that expired no more than that there was one: nobody keeps a list of children."""

    concern: UUID
    child: UUID | None
    pseudonym: str | None
    kind: str | None  # domain.concern_words.CONCERN_KINDS
    unit: UUID
    unit_name: str | None
    raiser: UUID | None
    raiser_username: str | None
    school: UUID | None  # from which it was raised
    state: str  # at the asked time: domain.concern_words.CONCERN_PHASES
    raised_at: datetime
    expires_at: datetime
    finding: str | None  # of the last review: domain.concern_words.CONCERN_FINDINGS
    reviewer: UUID | None
    reviewed_at: datetime | None
    offers_count: int | None
    dismissal: str | None  # domain.concern_words.CONCERN_DISMISSALS
    dismissed_at: datetime | None
    words_destroyed_at: datetime | None
    changed_at: datetime
    version: int


class HelpOffer(msgspec.Struct, frozen=True, kw_only=True):
    version: int  # of the event
    kind: str  # domain.concern_words.HELP_KINDS
    by: UUID
    by_username: str | None
    at: datetime


def concern_page(
    connection: Connection,
    at: datetime,
    *,
    only: ColumnElement[bool] | None = None,
    unit: UUID | None = None,
    child: UUID | None = None,
    school: UUID | None = None,
    kind: str | None = None,
    state: str | None = None,
    expires_before: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ShownConcern]:
    """Concerns as they stand at the time `at`, those that end soonest first. Every filter that is given must hold.

    `only` is what the reader may see, as a condition on the columns of `concerns` and `state_at`; `expires_before`
    leaves out what nobody has to do with any more.
    """
    query = _shown(at)
    for name, wanted in {"unit": unit, "child": child, "school": school, "kind": kind}.items():
        if wanted is not None:
            query = query.where(concerns.c[name] == wanted)
            if name in CONTENT:  # of what expired, no filter tells it either
                query = query.where(state_at(at) != facts.EXPIRED)
    if state is not None:
        query = query.where(state_at(at) == state)
    if expires_before is not None:
        query = query.where(state_at(at).in_(facts.OPEN), concerns.c.expires_at < expires_before)
    if only is not None:
        query = query.where(only)
    order = (concerns.c.expires_at, concerns.c.concern)
    return page(connection, ShownConcern, query, order, cursor=cursor, limit=limit)


def concern(connection: Connection, key: UUID, at: datetime) -> ShownConcern | None:
    return one(connection, ShownConcern, _shown(at).where(concerns.c.concern == key))


def help_offered(connection: Connection, key: UUID) -> tuple[HelpOffer, ...]:
    """In the order in which it was offered."""
    query = rows_of(HelpOffer, help_offers, by_username=username_of(help_offers.c.by))
    return every(connection, HelpOffer, query.where(help_offers.c.concern == key).order_by(help_offers.c.version))


def expired_unsaid(connection: Connection, at: datetime, *, limit: int = 100) -> tuple[UUID, ...]:
    """Those whose time is over, without an event that says so: what the clockwork has to record."""
    query = (
        select(concerns.c.concern)
        .where(concerns.c.state.in_(UNEXPIRED), concerns.c.expires_at <= at)
        .order_by(concerns.c.expires_at, concerns.c.concern)
        .limit(limit)
    )
    return tuple(connection.execute(query).scalars())


def words_not_destroyed(connection: Connection, *, limit: int) -> tuple[UUID, ...]:
    """Expired ones in which something was written whose key may stand yet."""
    query = (
        select(words.c.concern)
        .join(concerns, concerns.c.concern == words.c.concern)
        .where(not_(words.c.destroyed), concerns.c.state == facts.EXPIRED)
        .distinct()
        .order_by(words.c.concern)
        .limit(limit)
    )
    return tuple(connection.execute(query).scalars())


def state_at(at: datetime) -> ColumnElement[str]:
    """Time ends a concern by itself; the event that says so comes a little later."""
    return case((concerns.c.expires_at <= at, facts.EXPIRED), else_=concerns.c.state)


def _shown(at: datetime) -> Select[Any]:
    offers = select(func.count()).where(help_offers.c.concern == concerns.c.concern).scalar_subquery()
    state = state_at(at)
    told = {
        **{name: concerns.c[name] for name in CONTENT},
        "raiser_username": username_of(concerns.c.raiser),
        "offers_count": offers,
    }
    shown = {name: case((state != facts.EXPIRED, column), else_=None) for name, column in told.items()}
    return rows_of(ShownConcern, concerns, unit_name=unit_name_of(concerns.c.unit), state=state, **shown)


def _raised(rows: Rows, at: Recorded, event: facts.ConcernRaised) -> None:
    rows.put(
        concerns,
        concern=at.stream,
        child=event.child,
        pseudonym=event.pseudonym,
        kind=event.kind,
        unit=event.unit,
        raiser=event.by,
        school=event.school,
        state=facts.RAISED,
        raised_at=at.meta.recorded_at,
        expires_at=event.expires_at,
        changed_at=at.meta.recorded_at,
        version=at.version,
    )
    _written(rows, at, event.narrative.subject)


def _reviewed(rows: Rows, at: Recorded, event: facts.ConcernReviewed) -> None:
    _written(rows, at, event.reason.subject)
    _change(rows, at, state=facts.REVIEWED, finding=event.finding, reviewer=event.by, reviewed_at=at.meta.recorded_at)


def _help_offered(rows: Rows, at: Recorded, event: facts.HelpOffered) -> None:
    _written(rows, at, event.reason.subject)
    rows.put(help_offers, concern=at.stream, version=at.version, kind=event.kind, by=event.by, at=at.meta.recorded_at)
    _change(rows, at, state=facts.HELP_OFFERED)


def _dismissed(rows: Rows, at: Recorded, event: facts.ConcernDismissed) -> None:
    _written(rows, at, event.reason.subject)
    _change(rows, at, state=facts.DISMISSED, dismissal=event.cause, dismissed_at=at.meta.recorded_at)


def _expired(rows: Rows, at: Recorded, event: facts.ConcernExpired) -> None:
    _change(rows, at, state=facts.EXPIRED)


def _words_destroyed(rows: Rows, at: Recorded, event: facts.WordsDestroyed) -> None:
    for record in event.records:
        _written(rows, at, record, destroyed=True)
    _change(rows, at, words_destroyed_at=at.meta.recorded_at)


def _written(rows: Rows, at: Recorded, record: UUID, *, destroyed: bool = False) -> None:
    """Older events of a concern are all in one record: the concern itself."""
    rows.put(words, concern=at.stream, record=record, destroyed=destroyed)


def _change(rows: Rows, at: Recorded, **values: object) -> None:
    rows.change(concerns, at.stream, changed_at=at.meta.recorded_at, version=at.version, **values)


VIEW = View(
    name="concerns",
    version=4,
    metadata=metadata,
    folds={
        facts.ConcernRaised: _raised,
        facts.ConcernReviewed: _reviewed,
        facts.HelpOffered: _help_offered,
        facts.ConcernDismissed: _dismissed,
        facts.ConcernExpired: _expired,
        facts.WordsDestroyed: _words_destroyed,
    },
)
