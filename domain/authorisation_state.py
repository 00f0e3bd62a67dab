"""What an authorisation is after each of its events."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.authorisation_events import (
    ApprovalDenied,
    AuthorisationApproved,
    AuthorisationExpired,
    AuthorisationRefused,
    AuthorisationRequested,
    AuthorisationRevoked,
    AuthorisationWithdrawn,
    SearchDrawn,
)

REQUESTED, APPROVED, REFUSED, REVOKED, EXPIRED = "requested", "approved", "refused", "revoked", "expired"
WITHDRAWN = "withdrawn"
PHASES = (REQUESTED, WITHDRAWN, APPROVED, REFUSED, REVOKED, EXPIRED)


class Authorisation(msgspec.Struct, frozen=True):
    requester: UUID
    requester_unit: UUID
    incident: UUID | None
    cameras: frozenset[UUID]
    window_from: datetime
    window_to: datetime
    quota: int
    valid_hours: int
    phase: str = REQUESTED
    approver: UUID | None = None  # who approved or refused it
    approver_unit: UUID | None = None
    expires_at: datetime | None = None
    drawn: int = 0
    child_image: bool = False


def requested(state: None, event: AuthorisationRequested) -> Authorisation:
    return Authorisation(
        requester=event.requester,
        requester_unit=event.requester_unit,
        incident=event.incident,
        cameras=frozenset(event.cameras),
        window_from=event.window_from,
        window_to=event.window_to,
        quota=event.quota,
        valid_hours=event.valid_hours,
        child_image=event.child_image,
    )


def withdrawn(state: Authorisation, event: AuthorisationWithdrawn) -> Authorisation:
    return replace(state, phase=WITHDRAWN)


def approved(state: Authorisation, event: AuthorisationApproved) -> Authorisation:
    return replace(
        state,
        phase=APPROVED,
        approver=event.approver,
        approver_unit=event.approver_unit,
        expires_at=event.expires_at,
    )


def approval_denied(state: Authorisation, event: ApprovalDenied) -> Authorisation:
    return state


def refused(state: Authorisation, event: AuthorisationRefused) -> Authorisation:
    return replace(state, phase=REFUSED, approver=event.by)


def revoked(state: Authorisation, event: AuthorisationRevoked) -> Authorisation:
    return replace(state, phase=REVOKED)


def expired(state: Authorisation, event: AuthorisationExpired) -> Authorisation:
    return replace(state, phase=EXPIRED)


def search_drawn(state: Authorisation, event: SearchDrawn) -> Authorisation:
    return replace(state, drawn=event.number)
