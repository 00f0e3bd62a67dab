"""What is asked of children by pseudonym: in which incidents one is, and where else one is known already."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, func, literal, select, union_all

from domain.concern import EXPIRED
from domain.concern import OPEN as CONCERN_OPEN
from domain.prevention_case_state import OPEN as CASE_OPEN
from projections.case_board import cases
from projections.child_profiles import profiles
from projections.child_timeline import CASE, CHILD, CONCERN, INCIDENT, profiles_of
from projections.concerns import concerns, state_at
from projections.incident_board import OPEN, children, incidents
from projections.paging import Page, every, page

INCIDENTS_MAX = 50


class KnownChild(msgspec.Struct, frozen=True, kw_only=True):
    """A child in one role in one incident."""

    child: UUID
    pseudonym: str
    role: str  # domain.vocabulary.CHILD_ROLES
    incident: UUID
    kind: str  # of the incident
    community: str
    occurred_from: datetime
    linked_at: datetime


def child_page(
    connection: Connection,
    *,
    only: ColumnElement[bool] | None = None,
    pseudonym: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[KnownChild]:
    """The children of incidents that stand, the last linked first.

    `only` is what the reader may see, as a condition on the columns of `incidents`.
    """
    query = _known(only)
    if pseudonym is not None:
        query = query.where(children.c.pseudonym == pseudonym)
    order = (children.c.linked_at, children.c.incident, children.c.child, children.c.role)
    return page(connection, KnownChild, query, order, cursor=cursor, limit=limit, newest_first=True)


def known_as(
    connection: Connection,
    at: datetime,
    *,
    children: Collection[UUID] | None = None,
    pseudonym: str | None = None,
    only: Mapping[str, ColumnElement[bool]] | None = None,
) -> tuple[tuple[UUID, str], ...]:
    """These children, or those that are called so, each with what it is called: what its profile says comes first, then
    what was said last.

    `only`: by strand of a child's timeline, what the reader may see at that time, of what stands; without it, whatever
    is on record, also of what was taken back or has expired.
    """
    parts = []
    for rank, (strand, (table, joined, said_at)) in enumerate(NAMED_IN.items()):
        query = select(table.c.child, table.c.pseudonym, literal(rank).label("rank"), func.max(said_at).label("at"))
        query = query.select_from(joined).group_by(table.c.child, table.c.pseudonym)
        if children is not None:
            query = query.where(table.c.child.in_(children))
        if pseudonym is not None:
            query = query.where(table.c.pseudonym == pseudonym)
        if only is not None:
            query = query.where(only[strand], *_standing(strand, at))
        parts.append(query)
    found = union_all(*parts).subquery("named")
    ordered = select(found.c.child, found.c.pseudonym).order_by(found.c.rank, found.c.at.desc(), found.c.pseudonym)
    return tuple((row.child, row.pseudonym) for row in connection.execute(ordered))


def _standing(strand: str, at: datetime) -> tuple[ColumnElement[bool], ...]:
    """What was taken back, or has expired, tells nobody of a child."""
    if strand == INCIDENT:
        return incidents.c.state == OPEN, children.c.unlinked_at.is_(None)
    return (state_at(at) != EXPIRED,) if strand == CONCERN else ()


class Open(msgspec.Struct, frozen=True, kw_only=True):
    """What is under way of a child: by id what the reader may know of, and how much else there is."""

    open_cases: tuple[UUID, ...]
    open_concerns: tuple[UUID, ...]
    other_cases: int
    other_concerns: int


def open_of(connection: Connection, child: UUID, at: datetime, *, only: Mapping[str, ColumnElement[bool]]) -> Open:
    """Of the profile and of those that were merged into it. `only`: what the reader may know of, by strand CASE and
    CONCERN.
    """
    family = profiles_of(connection, child)
    of_cases = select(cases.c.case, only[CASE].label("known"))
    of_cases = of_cases.where(cases.c.child.in_(family), cases.c.state == CASE_OPEN)
    of_concerns = select(concerns.c.concern, only[CONCERN].label("known"))
    of_concerns = of_concerns.where(concerns.c.child.in_(family), state_at(at).in_(CONCERN_OPEN))
    found_cases = connection.execute(of_cases.order_by(cases.c.case)).all()
    found_concerns = connection.execute(of_concerns.order_by(concerns.c.concern)).all()
    open_cases = tuple(row.case for row in found_cases if row.known)
    open_concerns = tuple(row.concern for row in found_concerns if row.known)
    return Open(
        open_cases=open_cases,
        open_concerns=open_concerns,
        other_cases=len(found_cases) - len(open_cases),
        other_concerns=len(found_concerns) - len(open_concerns),
    )


def incidents_of(connection: Connection, child: UUID, *, only: ColumnElement[bool]) -> tuple[KnownChild, ...]:
    """In which of the incidents that the reader may see a child is, and as what; the last linked first."""
    query = _known(only).where(children.c.child == child)
    order = (children.c.linked_at.desc(), children.c.incident, children.c.role)
    return every(connection, KnownChild, query.order_by(*order).limit(INCIDENTS_MAX))


def _known(only: ColumnElement[bool] | None) -> Select[Any]:
    columns = [(incidents if name in OF_INCIDENT else children).c[name] for name in KnownChild.__struct_fields__]
    query = (
        select(*columns).select_from(_IN_INCIDENTS).where(incidents.c.state == OPEN, children.c.unlinked_at.is_(None))
    )
    return query if only is None else query.where(only)


_IN_INCIDENTS = children.join(incidents, incidents.c.incident == children.c.incident)
NAMED_IN = MappingProxyType(  # where a child has its pseudonym, with what it is joined to, and since when
    {
        CHILD: (profiles, profiles, profiles.c.registered_at),
        INCIDENT: (children, _IN_INCIDENTS, children.c.linked_at),
        CASE: (cases, cases, cases.c.opened_at),
        CONCERN: (concerns, concerns, concerns.c.raised_at),
    }
)
OF_INCIDENT = ("kind", "community", "occurred_from")
