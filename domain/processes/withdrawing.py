"""What rests on a consent, an agreement or an agency's part ends with it: nothing is open to an agency any longer than
somebody's word, two people's signatures and its own taking part.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
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

CAUSES: dict[type[Event], str] = {  # referral_words.REVOCATION_CAUSES, and those of whatever else rests on it
    ConsentWithdrawn: "consent-withdrawn",
    ConsentExpired: "consent-over",
    OverrideLifted: "consent-over",
    AgreementSuspended: "agreement-suspended",
    AgreementEnded: "agreement-over",
    AgreementExpired: "agreement-over",
    FieldsNarrowed: "agreement-narrowed",
    AgencyWithdrawn: "agency-withdrawn",
}


class Resting(msgspec.Struct, frozen=True, kw_only=True):
    """A referral that is still open to an agency, and what it tells it."""

    referral: UUID
    fields: Collection[str]


def react(event: Event, resting: Iterable[Resting]) -> tuple[RevokeReferral, ...]:
    """`resting` is all that rests on what the event is of. Where fields were narrowed, only what tells one that is
    left out is revoked.
    """
    return tuple(
        RevokeReferral(referral=each.referral, cause=CAUSES[type(event)], by=SYSTEM_ACTOR)
        for each in sorted(resting, key=lambda share: share.referral)
        if not (isinstance(event, FieldsNarrowed) and set(each.fields) <= set(event.fields))
    )
