"""What is shared by a referral ends with what it rests on: somebody's word, two people's signatures, and the agency's
taking part.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from uuid import UUID

import msgspec

from domain.event import Event
from domain.ids import SYSTEM_ACTOR
from domain.sharing.agency import AgencyWithdrawn
from domain.sharing.agreement_events import AgreementEnded, AgreementExpired, AgreementSuspended, FieldsNarrowed
from domain.sharing.consent_events import ConsentExpired, ConsentWithdrawn, OverrideLifted
from domain.sharing.referral import RevokeReferral

OF_CONSENT: tuple[type[Event], ...] = (ConsentWithdrawn, ConsentExpired, OverrideLifted)
OF_AGREEMENT: tuple[type[Event], ...] = (AgreementSuspended, AgreementEnded, AgreementExpired, FieldsNarrowed)
OF_AGENCY: tuple[type[Event], ...] = (AgencyWithdrawn,)

CAUSES: Mapping[type[Event], str] = MappingProxyType(  # referral_words.REVOCATION_CAUSES
    {
        ConsentWithdrawn: "consent-withdrawn",
        ConsentExpired: "consent-over",
        OverrideLifted: "consent-over",
        AgreementSuspended: "agreement-suspended",
        AgreementEnded: "agreement-over",
        AgreementExpired: "agreement-over",
        FieldsNarrowed: "agreement-narrowed",
        AgencyWithdrawn: "agency-withdrawn",
    }
)


class Resting(msgspec.Struct, frozen=True, kw_only=True):
    """A referral that is still open to an agency, and what it tells."""

    referral: UUID
    fields: Collection[str]


def react(event: Event, resting: Iterable[Resting]) -> tuple[RevokeReferral, ...]:
    """`resting` is all that rests on what the event is of. Where fields were narrowed, only what tells one that is
    left out ends.
    """
    return tuple(
        RevokeReferral(referral=each.referral, cause=CAUSES[type(event)], by=SYSTEM_ACTOR)
        for each in sorted(resting, key=lambda share: share.referral)
        if not (isinstance(event, FieldsNarrowed) and set(each.fields) <= set(event.fields))
    )
