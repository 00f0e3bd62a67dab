"""What is asked of the children in incidents: under which pseudonym one is known already."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, select

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


def children_called(connection: Connection, pseudonym: str, *, only: ColumnElement[bool]) -> tuple[UUID, ...]:
    """The children that a pseudonym means in the incidents that the reader may see."""
    query = _known(only).where(children.c.pseudonym == pseudonym).with_only_columns(children.c.child).distinct()
    return tuple(connection.execute(query.order_by(children.c.child)).scalars())


def pseudonym_of(connection: Connection, child: UUID, *, only: ColumnElement[bool]) -> str | None:
    """How a child is called in the incidents that the reader may see: the last linked counts."""
    query = _known(only).where(children.c.child == child).with_only_columns(children.c.pseudonym)
    return connection.execute(query.order_by(children.c.linked_at.desc()).limit(1)).scalars().first()


def incidents_of(connection: Connection, child: UUID, *, only: ColumnElement[bool]) -> tuple[KnownChild, ...]:
    """In which of the incidents that the reader may see a child is, and as what; the last linked first."""
    query = _known(only).where(children.c.child == child)
    order = (children.c.linked_at.desc(), children.c.incident, children.c.role)
    return every(connection, KnownChild, query.order_by(*order).limit(INCIDENTS_MAX))


def _known(only: ColumnElement[bool] | None) -> Select[Any]:
    columns = [(incidents if name in OF_INCIDENT else children).c[name] for name in KnownChild.__struct_fields__]
    joined = children.join(incidents, incidents.c.incident == children.c.incident)
    query = select(*columns).select_from(joined).where(incidents.c.state == OPEN, children.c.unlinked_at.is_(None))
    return query if only is None else query.where(only)


OF_INCIDENT = ("kind", "community", "occurred_from")
