"""The lists of codes that commands and answers are written in, each with its Ukrainian and English label."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import msgspec
from litestar import get

from app.access.operations import Operation
from app.api.calls import Asked, House, call_of
from app.api.languages import label_of, language_of
from domain import case_words, concern_words, officer_words, vocabulary
from domain.camera_network import words as network_words
from domain.communities import words as community_words
from domain.initiatives import words as initiative_words
from domain.national import words as national_words
from domain.reports import words as report_words
from domain.schools import words as school_words
from domain.sharing import referral_words
from domain.sharing import words as sharing_words
from domain.vocabulary import Label
from domain.webhooks import words as webhook_words

LISTS: Mapping[str, Mapping[str, Label]] = MappingProxyType(
    {
        "regions": vocabulary.REGIONS,
        "roles": vocabulary.ROLES,
        "unit_kinds": vocabulary.UNIT_KINDS,
        "purposes": vocabulary.PURPOSES,
        "incident_kinds": vocabulary.INCIDENT_KINDS,
        "child_roles": vocabulary.CHILD_ROLES,
        "sides": vocabulary.SIDES,
        "child_phases": vocabulary.CHILD_PHASES,
        "name_matches": vocabulary.NAME_MATCHES,
        "name_parts": vocabulary.NAME_PARTS,
        "name_search_gaps": vocabulary.NAME_SEARCH_GAPS,
        "outcomes": case_words.OUTCOMES,
        "risk_levels": case_words.RISK_LEVELS,
        "protective_factors": case_words.PROTECTIVE_FACTORS,
        "measure_kinds": case_words.MEASURE_KINDS,
        "measure_results": case_words.MEASURE_RESULTS,
        "contact_kinds": case_words.CONTACT_KINDS,
        "media_types": case_words.MEDIA_TYPES,
        "concern_kinds": concern_words.CONCERN_KINDS,
        "concern_findings": concern_words.CONCERN_FINDINGS,
        "concern_dismissals": concern_words.CONCERN_DISMISSALS,
        "concern_phases": concern_words.CONCERN_PHASES,
        "agency_kinds": sharing_words.AGENCY_KINDS,
        "sharing_purposes": sharing_words.SHARING_PURPOSES,
        "shared_fields": sharing_words.SHARED_FIELDS,
        "consent_givers": sharing_words.CONSENT_GIVERS,
        "not_sought_causes": sharing_words.NOT_SOUGHT_CAUSES,
        "override_bases": sharing_words.OVERRIDE_BASES,
        "agreement_phases": sharing_words.AGREEMENT_PHASES,
        "consent_phases": sharing_words.CONSENT_PHASES,
        "help_kinds": concern_words.HELP_KINDS,
        "service_kinds": referral_words.SERVICE_KINDS,
        "referral_phases": referral_words.REFERRAL_PHASES,
        "decline_causes": referral_words.DECLINE_CAUSES,
        "revocation_causes": referral_words.REVOCATION_CAUSES,
        "referral_outcomes": referral_words.REFERRAL_OUTCOMES,
        "conference_phases": referral_words.CONFERENCE_PHASES,
        "cancellation_causes": referral_words.CANCELLATION_CAUSES,
        "exclusion_causes": referral_words.EXCLUSION_CAUSES,
        "courses": officer_words.COURSES,
        "lapse_causes": officer_words.LAPSE_CAUSES,
        "officer_phases": officer_words.OFFICER_PHASES,
        "services": officer_words.SERVICES,
        "posting_ends": community_words.POSTING_ENDS,
        "station_closings": community_words.STATION_CLOSINGS,
        "national_measures": national_words.NATIONAL_MEASURES,
        "claim_precisions": national_words.CLAIM_PRECISIONS,
        "claim_remarks": national_words.CLAIM_REMARKS,
        "claim_corrections": national_words.CLAIM_CORRECTIONS,
        "claim_withdrawals": national_words.CLAIM_WITHDRAWALS,
        "claim_states": national_words.CLAIM_STATES,
        "shown_as": national_words.SHOWN_AS,
        "place_kinds": vocabulary.PLACE_KINDS,
        "forbidden_place_kinds": vocabulary.FORBIDDEN_PLACE_KINDS,
        "anchor_sources": vocabulary.ANCHOR_SOURCES,
        "clip_modes": vocabulary.CLIP_MODES,
        "original_faults": vocabulary.ORIGINAL_FAULTS,
        "reindex_reasons": vocabulary.REINDEX_REASONS,
        "legal_bases": vocabulary.LEGAL_BASES,
        "query_kinds": vocabulary.QUERY_KINDS,
        "verdicts": vocabulary.VERDICTS,
        "strengths": vocabulary.STRENGTHS,
        "webhook_states": webhook_words.WEBHOOK_STATES,
        "webhook_pause_causes": webhook_words.PAUSE_CAUSES,
        "sign_in_refusals": vocabulary.SIGN_IN_REFUSALS,
        "passport_points": school_words.PASSPORT_POINTS,
        "session_subjects": school_words.SESSION_SUBJECTS,
        "audiences": school_words.AUDIENCES,
        "age_groups": school_words.AGE_GROUPS,
        "help_roles": school_words.HELP_ROLES,
        "concern_outcomes": school_words.CONCERN_OUTCOMES,
        "issue_categories": initiative_words.ISSUE_CATEGORIES,
        "commitment_phases": initiative_words.COMMITMENT_PHASES,
        "goal_kinds": network_words.GOAL_KINDS,
        "goal_standings": network_words.GOAL_STANDINGS,
        "import_states": network_words.IMPORT_STATES,
        "report_categories": report_words.REPORT_CATEGORIES,
        "report_priorities": report_words.REPORT_PRIORITIES,
        "report_phases": report_words.REPORT_PHASES,
        "report_outcomes": report_words.REPORT_OUTCOMES,
        "report_bodies": report_words.REPORT_BODIES,
    }
)


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """`label` is the one of the language that was asked for."""

    code: str
    label: str
    uk: str
    en: str


class GroundWord(Word, frozen=True, kw_only=True):
    """The act that it is said to rest on, and who held it against the act's text: null where nobody did."""

    reference_uk: str
    reference_en: str
    verified_by: str | None
    verified_on: str | None


class Words(msgspec.Struct, frozen=True, kw_only=True):
    language: str
    grounds: list[GroundWord]
    lists: dict[str, list[Word]]


@get("/words", sync_to_thread=True)
def list_words(request: Asked, house: House) -> Words:
    """Every list of codes with its labels, and the grounds of cases with their legal references. Kinds of incidents
    that this deployment takes, with theirs, are at `/classification`.
    """
    house.desk.require(call_of(request, house), Operation.UNIT_LIST)
    language = language_of(request)
    return Words(
        language=language,
        grounds=[_ground(code, ground, language) for code, ground in case_words.GROUNDS.items()],
        lists={
            name: [
                Word(code=code, label=label_of(each, language), uk=each.uk, en=each.en) for code, each in words.items()
            ]
            for name, words in LISTS.items()
        },
    )


def _ground(code: str, ground: case_words.Ground, language: str) -> GroundWord:
    return GroundWord(
        code=code,
        label=label_of(ground.label, language),
        uk=ground.label.uk,
        en=ground.label.en,
        reference_uk=ground.reference.uk,
        reference_en=ground.reference.en,
        verified_by=None if ground.verified is None else ground.verified.by,
        verified_on=None if ground.verified is None else ground.verified.on,
    )


ROUTES = (list_words,)
