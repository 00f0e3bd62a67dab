"""What rests on a consent, an agreement or an agency's part ends with it: nothing is open to an agency any longer than
somebody's word, two people's signatures and its own taking part.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import TypeAlias
from uuid import UUID

import msgspec

from domain.event import Event
from domain.ids import SYSTEM_ACTOR
from domain.sharing.agency import AgencyWithdrawn
from domain.sharing.agreement_events import AgreementEnded, AgreementExpired, AgreementSuspended, FieldsNarrowed
from domain.sharing.conference import ExcludeAgency
from domain.sharing.consent_events import ConsentExpired, ConsentWithdrawn, OverrideLifted
from domain.sharing.referral import RevokeReferral

EndOfShare: TypeAlias = RevokeReferral | ExcludeAgency

OF_CONSENT: tuple[type[Event], ...] = (ConsentWithdrawn, ConsentExpired, OverrideLifted)
OF_AGREEMENT: tuple[type[Event], ...] = (AgreementSuspended, AgreementEnded, AgreementExpired, FieldsNarrowed)
OF_AGENCY: tuple[type[Event], ...] = (AgencyWithdrawn,)

CAUSES: Mapping[type[Event], str] = MappingProxyType(
    {  # referral_words.REVOCATION_CAUSES and EXCLUSION_CAUSES
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
    """What is still open to an agency, and what it tells: a referral, or a conference that it is admitted to."""

    thing: UUID
    is_conference: bool
    agency: UUID
    fields: Collection[str]


def react(event: Event, resting: Iterable[Resting]) -> tuple[EndOfShare, ...]:
    """`resting` is all that rests on what the event is of. Where fields were narrowed, only what tells one that is
    left out ends.
    """
    return tuple(
        _end(each, CAUSES[type(event)])
        for each in sorted(resting, key=lambda share: (share.thing, share.agency))
        if not (isinstance(event, FieldsNarrowed) and set(each.fields) <= set(event.fields))
    )


def _end(share: Resting, cause: str) -> EndOfShare:
    if share.is_conference:
        return ExcludeAgency(conference=share.thing, agency=share.agency, cause=cause, by=SYSTEM_ACTOR)
    return RevokeReferral(referral=share.thing, cause=cause, by=SYSTEM_ACTOR)
