"""What a conference tells an agency rests on an agreement and a consent: when one of them ends, the agency is out."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from domain.event import Recorded
from domain.ids import SYSTEM_ACTOR
from domain.sharing.agency import AgencyWithdrawn
from domain.sharing.agreement_events import AgreementEnded, AgreementExpired, AgreementSuspended, FieldsNarrowed
from domain.sharing.conference import FIELDS, ExcludeAgency
from domain.sharing.consent_events import ConsentExpired, ConsentWithdrawn, OverrideLifted

OF_CONSENT = (ConsentWithdrawn, ConsentExpired, OverrideLifted)
OF_AGREEMENT = (AgreementSuspended, AgreementEnded, AgreementExpired, FieldsNarrowed)
OF_AGENCY = (AgencyWithdrawn,)


def cause_of(caused: Recorded) -> str | None:
    """A code of `referral_words.EXCLUSION_CAUSES`; None where it still may be told."""
    match caused.event:
        case ConsentWithdrawn():
            return "consent-withdrawn"
        case ConsentExpired() | OverrideLifted():
            return "consent-over"
        case AgreementSuspended():
            return "agreement-suspended"
        case FieldsNarrowed(fields=fields):
            return None if set(FIELDS) <= set(fields) else "agreement-narrowed"
        case AgreementEnded() | AgreementExpired():
            return "agreement-over"
        case AgencyWithdrawn():
            return "agency-withdrawn"
    return None


def react(caused: Recorded, admissions: Iterable[tuple[UUID, UUID]]) -> tuple[ExcludeAgency, ...]:
    """`admissions`: conference and agency of each that rests on what ended."""
    cause = cause_of(caused)
    if cause is None:
        return ()
    return tuple(
        ExcludeAgency(conference=conference, agency=agency, cause=cause, by=SYSTEM_ACTOR)
        for conference, agency in sorted(admissions)
    )
