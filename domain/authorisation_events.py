"""What happens to the authority for searches: asked for by one person, given by another, used up or ended."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.event import Event
from domain.personal import Reason
from domain.sealed import Sealed


class AuthorisationRequested(Event, frozen=True, kw_only=True):
    """Exactly one of `incident` and `case_number` is named; `case` stands only in events from before there were
    numbers.
    """

    TOPIC = "authorisation.requested"

    requester: UUID
    requester_unit: UUID
    legal_basis: str  # vocabulary.LEGAL_BASES
    reference: str  # number of the document
    incident: UUID | None = None
    case: UUID | None = None
    cameras: tuple[UUID, ...]
    window_from: datetime
    window_to: datetime
    quota: int  # searches
    purpose: Sealed[Reason]
    valid_hours: int  # from its approval
    case_number: str | None = None
    child_image: bool = False  # a picture of the missing child may be the query


class AuthorisationWithdrawn(Event, frozen=True, kw_only=True):
    """Its requester took it back before anybody decided on it."""

    TOPIC = "authorisation.withdrawn"

    by: UUID
    reason: Sealed[Reason]


class AuthorisationApproved(Event, frozen=True, kw_only=True):
    TOPIC = "authorisation.approved"

    approver: UUID
    approver_unit: UUID
    expires_at: datetime


class ApprovalDenied(Event, frozen=True, kw_only=True):
    """Somebody who may not approve it tried to. On record, and refused."""

    TOPIC = "authorisation.approval-denied"

    by: UUID
    by_unit: UUID
    code: str  # of the error that they got


class AuthorisationRefused(Event, frozen=True, kw_only=True):
    TOPIC = "authorisation.refused"

    by: UUID
    reason: Sealed[Reason]


class AuthorisationRevoked(Event, frozen=True, kw_only=True):
    TOPIC = "authorisation.revoked"

    by: UUID
    reason: Sealed[Reason]


class AuthorisationExpired(Event, frozen=True, kw_only=True):
    """Its time was over. It ended by the clock; this only says so to whoever reads the record."""

    TOPIC = "authorisation.expired"

    at: datetime


class SearchDrawn(Event, frozen=True, kw_only=True):
    """One search of the quota was used."""

    TOPIC = "authorisation.search-drawn"

    search: UUID
    number: int  # from 1 to the quota
