"""The bodies of requests and answers about referrals."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from domain.personal import SharedFields
from projections.sharing import referrals

Doc = msgspec.Meta


class NewReferral(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From a prevention case, to an agency that takes part. `fields` are shared as they stand now, and no others."""

    case: Annotated[UUID, Doc(examples=["4f5a1c52-0f0e-5d0f-9d53-6a1d5d2f7a10"])]
    agency: Annotated[UUID, Doc(examples=["4f5a1c52-0f0e-5d0f-9d53-6a1d5d2f7a10"], description="one of GET /agencies")]
    service: Annotated[str, Doc(examples=["psychologist"], description="a code of GET /words: lists.service_kinds")]
    purpose: Annotated[str, Doc(examples=["psychological-help"], description="a code of the agreement's")]
    fields: Annotated[list[str], Doc(examples=[["identity", "help-needed"]], description="codes of the agreement's")]
    agreement: Annotated[
        UUID,
        Doc(
            examples=["4f5a1c52-0f0e-5d0f-9d53-6a1d5d2f7a10"],
            description="that lets these fields be shared with the agency for this purpose",
        ),
    ]
    consent: Annotated[
        UUID,
        Doc(
            examples=["4f5a1c52-0f0e-5d0f-9d53-6a1d5d2f7a10"],
            description="that lets these fields of the child be shared with it, too",
        ),
    ]
    help_needed: Annotated[
        str | None, Doc(examples=["Зустрічі з психологинею двічі на тиждень."], description="of the field help-needed")
    ] = None


class Decline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    cause: Annotated[str, Doc(examples=["no-capacity"], description="a code of GET /words: lists.decline_causes")]
    reason: Annotated[str, Doc(examples=["До кінця місяця немає вільних годин"])]


class Delivered(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    service: Annotated[str, Doc(examples=["psychologist"])]
    delivered_at: Annotated[datetime, Doc(examples=["2026-11-20T16:00:00+02:00"])]
    narrative: Annotated[str, Doc(examples=["Перша зустріч відбулася."])]


class Completion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    outcome: Annotated[str, Doc(examples=["helped"], description="a code of GET /words: lists.referral_outcomes")]


class Revocation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    cause: Annotated[str, Doc(examples=["not-needed"], description="not-needed, sent-in-error or sent-elsewhere")]
    reason: Annotated[str, Doc(examples=["Родина переїхала"])]


class ReferralSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What the agency sees before it accepts: what is asked, by whom and what for, and nothing of whom."""

    referral: UUID
    unit_name: str | None
    region: str | None
    agency: UUID
    agency_unit: UUID
    agency_unit_name: str | None
    service: str
    purpose: str
    fields: tuple[str, ...]
    state: str
    sent_at: datetime
    answered_at: datetime | None
    declined: str | None
    outcome: str | None
    revoked: str | None
    ended_at: datetime | None
    deliveries_count: int
    changed_at: datetime
    version: int


class ReferralContent(msgspec.Struct, frozen=True, kw_only=True):
    """Of which child, and on what it rests. `unit` and `officer` have the case now."""

    child: UUID
    pseudonym: str
    case: UUID
    unit: UUID
    officer: UUID | None
    officer_username: str | None
    shared_by: UUID  # the unit that had the case when it was sent
    agreement: UUID
    consent: UUID
    sent_by: UUID
    answered_by: UUID | None
    ended_by: UUID | None


class ReferralLine(msgspec.Struct, frozen=True, kw_only=True):
    """`content` is null for whoever may only see what is asked."""

    summary: ReferralSummary
    content: ReferralContent | None


class ReferralAnswer(ReferralLine, frozen=True, kw_only=True):
    """What is shared, and what was written, is opened by requests of their own, which go on record."""

    deliveries: tuple[referrals.Delivery, ...] | None


class SharedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`shared` has what belongs to the `fields`, as it stood when it was sent; null once the child was erased."""

    fields: tuple[str, ...]
    sent_at: datetime
    shared: SharedFields | None
