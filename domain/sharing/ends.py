"""What ends with somebody's word, two people's signatures, or an agency's taking part: all that was shared on them.

Who sends a referral or admits an agency names these three records unchanged. What ends on one of them is therefore
after the share in the log, and no share is missed that the views tell then.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from domain.event import Event
from domain.sharing.agency import AgencyWithdrawn
from domain.sharing.agreement_events import AgreementEnded, AgreementExpired, AgreementSuspended, FieldsNarrowed
from domain.sharing.consent_events import ConsentExpired, ConsentWithdrawn, OverrideLifted

CONSENT, AGREEMENT, AGENCY = "consent", "agreement", "agency"

ON: Mapping[type[Event], str] = MappingProxyType(  # what each event is of
    {
        ConsentWithdrawn: CONSENT,
        ConsentExpired: CONSENT,
        OverrideLifted: CONSENT,
        AgreementSuspended: AGREEMENT,
        AgreementEnded: AGREEMENT,
        AgreementExpired: AGREEMENT,
        FieldsNarrowed: AGREEMENT,
        AgencyWithdrawn: AGENCY,
    }
)
CAUSES: Mapping[type[Event], str] = MappingProxyType(  # referral_words.REVOCATION_CAUSES and EXCLUSION_CAUSES
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


def cause_of_end(event: Event, shared: Collection[str]) -> str | None:
    """Why what tells these fields is shared no more; None where it still may be: where fields were narrowed, only what
    tells one that is left out ends.
    """
    if isinstance(event, FieldsNarrowed) and set(shared) <= set(event.fields):
        return None
    return CAUSES.get(type(event))
