"""What happens to a sharing agreement."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.event import Event
from domain.personal import Reason
from domain.sealed import Sealed


class AgreementProposed(Event, frozen=True, kw_only=True):
    TOPIC = "sharing-agreement.proposed"

    units: tuple[UUID, ...]  # of the police, that share
    agencies: tuple[UUID, ...]  # that get what is shared
    purposes: tuple[str, ...]  # words.SHARING_PURPOSES
    fields: tuple[str, ...]  # words.SHARED_FIELDS
    from_at: datetime
    until: datetime
    by: UUID


class AgreementSigned(Event, frozen=True, kw_only=True):
    TOPIC = "sharing-agreement.signed"

    by: UUID


class PurposeProposed(Event, frozen=True, kw_only=True):
    TOPIC = "sharing-agreement.purpose-proposed"

    purpose: str  # words.SHARING_PURPOSES
    by: UUID


class PurposeAdded(Event, frozen=True, kw_only=True):
    TOPIC = "sharing-agreement.purpose-added"

    purpose: str  # words.SHARING_PURPOSES
    by: UUID  # who signed it, not who proposed it


class FieldsNarrowed(Event, frozen=True, kw_only=True):
    TOPIC = "sharing-agreement.fields-narrowed"

    fields: tuple[str, ...]  # that are left: words.SHARED_FIELDS
    by: UUID


class AgreementSuspended(Event, frozen=True, kw_only=True):
    TOPIC = "sharing-agreement.suspended"

    by: UUID
    reason: Sealed[Reason]


class AgreementResumed(Event, frozen=True, kw_only=True):
    TOPIC = "sharing-agreement.resumed"

    by: UUID
    reason: Sealed[Reason]


class AgreementEnded(Event, frozen=True, kw_only=True):
    TOPIC = "sharing-agreement.ended"

    by: UUID
    reason: Sealed[Reason]


class AgreementExpired(Event, frozen=True, kw_only=True):
    TOPIC = "sharing-agreement.expired"

    at: datetime
