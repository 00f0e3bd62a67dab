"""What ends with somebody's word, two people's signatures, or an agency's taking part: all that was shared on them.

Who sends a referral or admits an agency names these three records unchanged. What ends on one of them is therefore
after the share in the log, and no share is missed that the views tell then.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import NamedTuple

from domain.event import Event
from domain.sharing.agency import AgencyWithdrawn
from domain.sharing.agreement_events import AgreementEnded, AgreementExpired, AgreementSuspended, FieldsNarrowed
from domain.sharing.consent_events import ConsentExpired, ConsentWithdrawn, OverrideLifted

CONSENT, AGREEMENT, AGENCY = "consent", "agreement", "agency"


class End(NamedTuple):
    of: str  # what the event is of
    cause: str  # referral_words.REVOCATION_CAUSES and EXCLUSION_CAUSES


ENDS: Mapping[type[Event], End] = MappingProxyType(
    {
        ConsentWithdrawn: End(CONSENT, "consent-withdrawn"),
        ConsentExpired: End(CONSENT, "consent-over"),
        OverrideLifted: End(CONSENT, "consent-over"),
        AgreementSuspended: End(AGREEMENT, "agreement-suspended"),
        AgreementEnded: End(AGREEMENT, "agreement-over"),
        AgreementExpired: End(AGREEMENT, "agreement-over"),
        FieldsNarrowed: End(AGREEMENT, "agreement-narrowed"),
        AgencyWithdrawn: End(AGENCY, "agency-withdrawn"),
    }
)


def cause_of_end(event: Event, shared: Collection[str]) -> str | None:
    """Why what tells these fields is shared no more; None where it still may be: where fields were narrowed, only what
    tells one that is left out ends.
    """
    if isinstance(event, FieldsNarrowed) and set(shared) <= set(event.fields):
        return None
    return ENDS[type(event)].cause if type(event) in ENDS else None
