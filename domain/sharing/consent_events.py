"""What happens to a consent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.event import Event
from domain.personal import PersonName, Reason
from domain.sealed import Sealed


class ConsentGiven(Event, frozen=True, kw_only=True):
    TOPIC = "consent.given"

    child: UUID  # the pseudonym's id
    pseudonym: str
    unit: UUID  # that asked for it
    giver: str  # words.CONSENT_GIVERS
    giver_name: Sealed[PersonName]
    purposes: tuple[str, ...]  # words.SHARING_PURPOSES
    agencies: tuple[UUID, ...]
    fields: tuple[str, ...]  # words.SHARED_FIELDS
    expires_at: datetime
    by: UUID  # who put it on record


class ConsentRefused(Event, frozen=True, kw_only=True):
    """Somebody was asked, and said no."""

    TOPIC = "consent.refused"

    child: UUID
    pseudonym: str
    unit: UUID
    giver: str  # words.CONSENT_GIVERS
    giver_name: Sealed[PersonName]
    purposes: tuple[str, ...]
    agencies: tuple[UUID, ...]
    fields: tuple[str, ...]
    by: UUID


class ConsentNotSought(Event, frozen=True, kw_only=True):
    """Nobody was asked."""

    TOPIC = "consent.not-sought"

    child: UUID
    pseudonym: str
    unit: UUID
    cause: str  # words.NOT_SOUGHT_CAUSES
    purposes: tuple[str, ...]
    agencies: tuple[UUID, ...]
    fields: tuple[str, ...]
    by: UUID
    reason: Sealed[Reason]


class OverrideRequested(Event, frozen=True, kw_only=True):
    TOPIC = "consent.override-requested"

    basis: str  # words.OVERRIDE_BASES
    days: int  # that it is to last
    by: UUID
    reason: Sealed[Reason]


class OverrideDenied(Event, frozen=True, kw_only=True):
    TOPIC = "consent.override-denied"

    by: UUID
    reason: Sealed[Reason]


class ConsentOverridden(Event, frozen=True, kw_only=True):
    """For the scope that was asked for, something may be shared without consent."""

    TOPIC = "consent.overridden"

    basis: str  # words.OVERRIDE_BASES
    requester: UUID
    by: UUID  # who authorised it: never the requester
    expires_at: datetime
    reason: Sealed[Reason]


class OverrideLifted(Event, frozen=True, kw_only=True):
    TOPIC = "consent.override-lifted"

    by: UUID
    reason: Sealed[Reason]


class ConsentWithdrawn(Event, frozen=True, kw_only=True):
    """For good: what rested on it is revoked."""

    TOPIC = "consent.withdrawn"

    giver: str  # who withdrew it, which may be another than who gave it: words.CONSENT_GIVERS
    by: UUID
    reason: Sealed[Reason]


class ConsentExpired(Event, frozen=True, kw_only=True):
    TOPIC = "consent.expired"

    at: datetime
