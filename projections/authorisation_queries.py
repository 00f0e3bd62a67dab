"""What is asked of the authorisations."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select

from domain.authorisation_state import APPROVED, EXPIRED
from domain.sealed import Token
from projections.authorisations import authorisations, denials
from projections.organisation import unit_name_of, username_of
from projections.paging import Page, one, page, rows_of


class ShownAuthorisation(msgspec.Struct, frozen=True, kw_only=True):
    authorisation: UUID
    requested_position: int
    requested_at: datetime
    requester: UUID
    requester_username: str | None = None
    requester_unit: UUID
    requester_unit_name: str | None = None
    legal_basis: str  # domain.vocabulary.LEGAL_BASES
    reference: str
    incident: UUID | None
    case_id: UUID | None  # of a request from before cases had numbers
    case_number: str | None
    cameras: tuple[UUID, ...]
    window_from: datetime
    window_to: datetime
    quota: int
    used: int  # searches drawn from the quota
    purpose: Token
    valid_hours: int
    child_image: bool  # a picture of the missing child may be the query
    state: str  # at the asked time: requested | withdrawn | approved | refused | revoked | expired
    approver: UUID | None
    approver_username: str | None = None
    approver_unit: UUID | None
    approver_unit_name: str | None = None
    approved_at: datetime | None
    expires_at: datetime | None
    ended_by: UUID | None  # who withdrew, refused or revoked it
    ended_at: datetime | None
    reason: Token | None  # of the withdrawal, refusal or revocation
    denials_count: int  # attempts to approve it by people who may not
    version: int


def authorisation_page(
    connection: Connection,
    at: datetime,
    *,
    only: ColumnElement[bool] | None = None,
    requester: UUID | None = None,
    requester_unit: UUID | None = None,
    incident: UUID | None = None,
    state: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ShownAuthorisation]:
    """Authorisations as they stand at the time `at`, the latest request first. Every filter given must hold.

    `only` is what the reader may see, as a condition on the columns of `authorisations` and `state_at`.
    """
    query = _shown(at)
    equal = {"requester": requester, "requester_unit": requester_unit, "incident": incident}
    for name, wanted in equal.items():
        if wanted is not None:
            query = query.where(authorisations.c[name] == wanted)
    if state is not None:
        query = query.where(state_at(at) == state)
    if only is not None:
        query = query.where(only)
    order = (authorisations.c.requested_position,)
    return page(connection, ShownAuthorisation, query, order, cursor=cursor, limit=limit, newest_first=True)


def authorisation(connection: Connection, key: UUID, at: datetime) -> ShownAuthorisation | None:
    return one(connection, ShownAuthorisation, _shown(at).where(authorisations.c.authorisation == key))


def expired_unsaid(connection: Connection, at: datetime, *, limit: int = 100) -> tuple[UUID, ...]:
    """Approved ones whose time is over, without an event that says so: what the clock's process has to record."""
    query = (
        select(authorisations.c.authorisation)
        .where(authorisations.c.state == APPROVED, authorisations.c.expires_at <= at)
        .order_by(authorisations.c.requested_position)
        .limit(limit)
    )
    return tuple(connection.execute(query).scalars())


def _shown(at: datetime) -> Select[Any]:
    count = select(func.count()).where(denials.c.authorisation == authorisations.c.authorisation)
    columns = authorisations.c
    return rows_of(
        ShownAuthorisation,
        authorisations,
        state=state_at(at),
        denials_count=count.scalar_subquery(),
        requester_username=username_of(columns.requester),
        requester_unit_name=unit_name_of(columns.requester_unit),
        approver_username=username_of(columns.approver),
        approver_unit_name=unit_name_of(columns.approver_unit),
    )


def state_at(at: datetime) -> ColumnElement[str]:
    """Time ends an authorisation by itself; the event that says so may come later, or never."""
    columns = authorisations.c
    return case((and_(columns.state == APPROVED, columns.expires_at <= at), EXPIRED), else_=columns.state)
