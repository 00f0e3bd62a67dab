"""Schools as they stand, with every version of their safety passport and whom their pupils can turn to, sealed."""

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
    select,
)

from domain.event import Recorded
from domain.schools.school_events import (
    CheckedPoint,
    HelpContactNamed,
    HelpContactWithdrawn,
    PassportUpdated,
    SchoolRegistered,
    SessionHeld,
    SessionWithdrawn,
)
from domain.sealed import Token
from projections.columns import Instant, Packed, token_of
from projections.organisation import unit_name_of, username_of
from projections.paging import Page, every, one, page, rows_of
from projections.rows import Rows
from projections.view import View

metadata = MetaData()
schools = Table(
    "schools",
    metadata,
    Column("school", Uuid, primary_key=True),
    Column("name", String, nullable=False),
    Column("community", Uuid, nullable=False),
    Column("region", String(16), nullable=False),
    Column("unit", Uuid, nullable=False),
    Column("police_unit", Uuid, nullable=False),
    Column("prevention_unit", Uuid, nullable=False),
    Column("capacity", Integer),
    Column("registered_at", Instant, nullable=False),
    Column("passport_version", Integer),  # of the school, with its last passport
    Column("points_met", Integer),
    Column("points_checked", Integer),
    Column("changed_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("name", "school"),
    UniqueConstraint("community", "name", "school"),
    UniqueConstraint("unit", "name", "school"),
    UniqueConstraint("police_unit", "name", "school"),
    UniqueConstraint("prevention_unit", "name", "school"),
)
passports = Table(
    "school_passports",
    metadata,
    Column("school", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("points", Packed(tuple[CheckedPoint, ...]), nullable=False),
    Column("by", Uuid, nullable=False),
    Column("at", Instant, nullable=False),
)
contacts = Table(
    "school_contacts",
    metadata,
    Column("contact", Uuid, primary_key=True),
    Column("school", Uuid, nullable=False),
    Column("role", String(32), nullable=False),
    Column("person", Packed(Token), nullable=False),
    Column("named_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    UniqueConstraint("school", "named_at", "contact"),
)


class ShownSchool(msgspec.Struct, frozen=True, kw_only=True):
    school: UUID
    name: str
    community: UUID
    region: str
    unit: UUID
    police_unit: UUID
    police_unit_name: str | None
    prevention_unit: UUID
    prevention_unit_name: str | None
    capacity: int | None
    registered_at: datetime
    passport_version: int | None  # None: no passport yet
    points_met: int | None
    points_checked: int | None
    changed_at: datetime
    version: int


class Passport(msgspec.Struct, frozen=True, kw_only=True):
    """As it was once; the last one is in force."""

    version: int  # of the school
    points: tuple[CheckedPoint, ...]
    by: UUID
    by_username: str | None
    at: datetime


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    contact: UUID
    role: str  # domain.schools.words.HELP_ROLES
    person: Token
    named_at: datetime


def school_page(
    connection: Connection,
    *,
    only: ColumnElement[bool] | None = None,
    community: UUID | None = None,
    region: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ShownSchool]:
    """Schools by name. `only` is what the reader may see, as a condition on the columns of `schools`."""
    query = _shown()
    for name, wanted in {"community": community, "region": region}.items():
        if wanted is not None:
            query = query.where(schools.c[name] == wanted)
    if only is not None:
        query = query.where(only)
    return page(connection, ShownSchool, query, (schools.c.name, schools.c.school), cursor=cursor, limit=limit)


def school(connection: Connection, key: UUID) -> ShownSchool | None:
    return one(connection, ShownSchool, _shown().where(schools.c.school == key))


def passports_of(connection: Connection, key: UUID) -> tuple[Passport, ...]:
    """The one in force first."""
    query = rows_of(Passport, passports, by_username=username_of(passports.c.by))
    return every(connection, Passport, query.where(passports.c.school == key).order_by(passports.c.version.desc()))


def contacts_of(connection: Connection, key: UUID) -> tuple[Contact, ...]:
    """Whom pupils can turn to now."""
    query = rows_of(Contact, contacts).where(contacts.c.school == key, contacts.c.withdrawn_at.is_(None))
    return every(connection, Contact, query.order_by(contacts.c.named_at, contacts.c.contact))


def school_name_of(column: ColumnElement[Any]) -> ScalarSelect[Any]:
    """The name of the school that a row of another list names; NULL where there is no such school."""
    named = schools.alias()
    return select(named.c.name).where(named.c.school == column).scalar_subquery()


def _shown() -> Select[Any]:
    return rows_of(
        ShownSchool,
        schools,
        police_unit_name=unit_name_of(schools.c.police_unit),
        prevention_unit_name=unit_name_of(schools.c.prevention_unit),
    )


def _registered(rows: Rows, at: Recorded, event: SchoolRegistered) -> None:
    rows.put(
        schools,
        school=at.stream,
        name=event.name,
        community=event.community,
        region=event.region,
        unit=event.unit,
        police_unit=event.police_unit,
        prevention_unit=event.prevention_unit,
        capacity=event.capacity,
        registered_at=at.meta.recorded_at,
        changed_at=at.meta.recorded_at,
        version=at.version,
    )


def _passport_updated(rows: Rows, at: Recorded, event: PassportUpdated) -> None:
    rows.put(
        passports,
        school=at.stream,
        version=at.version,
        points=event.points,
        by=event.by,
        at=at.meta.recorded_at,
    )
    met = sum(each.met for each in event.points)
    _change(rows, at, passport_version=at.version, points_met=met, points_checked=len(event.points))


def _contact_named(rows: Rows, at: Recorded, event: HelpContactNamed) -> None:
    rows.put(
        contacts,
        contact=event.contact,
        school=at.stream,
        role=event.role,
        person=token_of(event.person),
        named_at=at.meta.recorded_at,
    )
    _change(rows, at)


def _contact_withdrawn(rows: Rows, at: Recorded, event: HelpContactWithdrawn) -> None:
    rows.change(contacts, event.contact, withdrawn_at=at.meta.recorded_at)
    _change(rows, at)


def _session(rows: Rows, at: Recorded, event: SessionHeld | SessionWithdrawn) -> None:
    _change(rows, at)


def _change(rows: Rows, at: Recorded, **values: object) -> None:
    rows.change(schools, at.stream, changed_at=at.meta.recorded_at, version=at.version, **values)


VIEW = View(
    name="schools",
    version=1,
    metadata=metadata,
    folds={
        SchoolRegistered: _registered,
        PassportUpdated: _passport_updated,
        HelpContactNamed: _contact_named,
        HelpContactWithdrawn: _contact_withdrawn,
        SessionHeld: _session,
        SessionWithdrawn: _session,
    },
)
