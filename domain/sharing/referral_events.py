"""What happens to a referral. All that is shared stands in one sealed record, which is the child's: erasing the child
takes it, and every word that was written in the referral.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.event import Event
from domain.personal import Narrative, Reason, SharedFields
from domain.sealed import Sealed


class ReferralSent(Event, frozen=True, kw_only=True):
    TOPIC = "referral.sent"

    child: UUID
    pseudonym: str
    case: UUID  # the prevention case that it is sent from
    unit: UUID  # that has the case, and shares
    agency: UUID
    agency_unit: UUID  # where the agency's people serve
    service: str  # referral_words.SERVICE_KINDS
    purpose: str  # of those of the agreement
    fields: tuple[str, ...]  # of those of the agreement
    agreement: UUID
    consent: UUID
    profile: UUID | None = None  # that the child's was merged into: what is shared is this one's, too
    by: UUID
    shared: Sealed[SharedFields]


class ReferralAccepted(Event, frozen=True, kw_only=True):
    TOPIC = "referral.accepted"

    by: UUID


class ReferralDeclined(Event, frozen=True, kw_only=True):
    TOPIC = "referral.declined"

    cause: str  # referral_words.DECLINE_CAUSES
    by: UUID
    reason: Sealed[Reason]


class ServiceDelivered(Event, frozen=True, kw_only=True):
    TOPIC = "referral.service-delivered"

    service: str  # referral_words.SERVICE_KINDS
    delivered_at: datetime
    by: UUID
    narrative: Sealed[Narrative]


class ReferralCompleted(Event, frozen=True, kw_only=True):
    TOPIC = "referral.completed"

    outcome: str  # referral_words.REFERRAL_OUTCOMES
    by: UUID


class ReferralRevoked(Event, frozen=True, kw_only=True):
    """From now on the agency opens nothing of it."""

    TOPIC = "referral.revoked"

    cause: str  # referral_words.REVOCATION_CAUSES
    by: UUID
    reason: Sealed[Reason] | None = None  # None: it followed from what the cause says
