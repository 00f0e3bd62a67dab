"""What a list shows: the rows that its reader may read one by one, by this operation of each, and no others."""

from __future__ import annotations

from types import MappingProxyType

from app.access.operations import Operation

LIST_SHOWS: MappingProxyType[Operation, Operation] = MappingProxyType(
    {
        Operation.INCIDENT_LIST: Operation.INCIDENT_READ,
        Operation.CHILD_LIST: Operation.CHILD_READ,
        Operation.CAMERA_LIST: Operation.CAMERA_READ,
        Operation.FOOTAGE_LIST: Operation.FOOTAGE_READ,
        Operation.HOLD_LIST: Operation.HOLD_READ,
        Operation.AUTHORISATION_LIST: Operation.AUTHORISATION_READ,
        Operation.SEARCH_LIST: Operation.SEARCH_READ,
        Operation.CLIP_LIST: Operation.CLIP_READ,
        Operation.ACCOUNT_LIST: Operation.ACCOUNT_READ,
        Operation.OFFICER_LIST: Operation.OFFICER_READ,
        Operation.CONCERN_LIST: Operation.CONCERN_READ,
        Operation.POST_LIST: Operation.POST_READ,
        Operation.CLAIM_LIST: Operation.CLAIM_READ,
        Operation.AGENCY_LIST: Operation.AGENCY_READ,
        Operation.AGREEMENT_LIST: Operation.AGREEMENT_READ,
        Operation.AGREEMENT_LEDGER: Operation.AGREEMENT_READ,
        Operation.CONSENT_LIST: Operation.CONSENT_READ,
        Operation.REFERRAL_LIST: Operation.REFERRAL_SEE,
        Operation.REFERRAL_FIND: Operation.REFERRAL_READ,
        Operation.CONFERENCE_LIST: Operation.CONFERENCE_SEE,
        Operation.CONFERENCE_FIND: Operation.CONFERENCE_READ,
        Operation.CONFERENCE_TASKS: Operation.CONFERENCE_READ,
        Operation.REPORT_LIST: Operation.REPORT_READ,
        Operation.CASE_LIST: Operation.CASE_SEE,
        Operation.CASE_WORK: Operation.CASE_READ,
        Operation.CASE_OFFERS: Operation.CASE_READ_OFFER,
        Operation.CASE_FIGURES: Operation.CASE_READ,
        Operation.WEBHOOK_LIST: Operation.WEBHOOK_READ,
        Operation.CONCERN_LIST_OUTCOMES: Operation.CONCERN_READ_OUTCOME,
        Operation.SCHOOL_LIST: Operation.SCHOOL_READ,
        Operation.INITIATIVE_LIST: Operation.INITIATIVE_READ,
        Operation.PROGRAMME_LIST: Operation.PROGRAMME_READ,
    }
)
