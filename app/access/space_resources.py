"""The kinds of things of the single security space, as `app.access.resources` has those of casework and footage."""

from __future__ import annotations

from types import MappingProxyType
from uuid import UUID

from app.access.thing import UNITS, Thing


class Webhook(Thing, frozen=True, kw_only=True):
    KIND = "Webhook"
    WORD = "webhook"
    FACTS = MappingProxyType({"account": "Account"})

    account: UUID  # whose rights decide what it is told of


class Community(Thing, frozen=True, kw_only=True):
    """What is on record of a territorial community. That it exists, its name and region are no secret."""

    KIND = "CommunityRecord"
    WORD = "community"
    FACTS = MappingProxyType({"unit": "Unit"})

    unit: UUID  # of community police, that serves it


class Station(Thing, frozen=True, kw_only=True):
    KIND = "Station"
    WORD = "station"
    FACTS = MappingProxyType({"unit": "Unit"})

    unit: UUID  # that serves its community


class Post(Thing, frozen=True, kw_only=True):
    """Where a community police officer is posted, or was."""

    KIND = "Post"
    WORD = "post"
    FACTS = MappingProxyType({"account": "Account", "unit": "Unit"})

    account: UUID
    unit: UUID  # that serves the community


class School(Thing, frozen=True, kw_only=True):
    KIND = "School"
    WORD = "school"
    FACTS = MappingProxyType(
        {
            "unit": "Unit",
            "community": "Community",
            "police_unit": "Unit",
            "prevention_unit": "Unit",
            "state": "SchoolState",
        }
    )
    STATES = ("registered",)

    unit: UUID  # in which its own people have their accounts
    community: UUID
    police_unit: UUID  # that serves the community
    prevention_unit: UUID  # that looks into its concerns
    state: str


class Initiative(Thing, frozen=True, kw_only=True):
    KIND = "Initiative"
    WORD = "initiative"
    FACTS = MappingProxyType({"community": "Community", "unit": "Unit", "state": "InitiativeState"})
    STATES = ("launched",)

    community: UUID
    unit: UUID  # that serves the community
    state: str


class Programme(Thing, frozen=True, kw_only=True):
    """Of a region, for its cameras and officers: no secret to anybody who serves."""

    KIND = "Programme"
    WORD = "programme"


class Claim(Thing, frozen=True, kw_only=True):
    """What a source said of the country or a region."""

    KIND = "Claim"
    WORD = "claim"


class Agency(Thing, frozen=True, kw_only=True):
    """An agency that takes part in the single security space: no secret, and nobody's own."""

    KIND = "Agency"
    WORD = "agency"


class SharingAgreement(Thing, frozen=True, kw_only=True):
    KIND = "SharingAgreement"
    WORD = "sharing-agreement"
    FACTS = MappingProxyType({"units": UNITS, "agency_units": UNITS, "state": "SharingAgreementState"})
    STATES = ("recorded",)  # whatever it went through since: its phases decide nothing about who may know of it

    units: frozenset[UUID]  # of the police, that are party to it
    agency_units: frozenset[UUID] = frozenset()  # in which the people of the agencies serve
    state: str


class Consent(Thing, frozen=True, kw_only=True):
    """Somebody's word about sharing what is known of a child."""

    KIND = "Consent"
    WORD = "consent"
    FACTS = MappingProxyType({"unit": "Unit", "case_units": UNITS, "state": "ConsentState"})
    STATES = ("recorded",)

    unit: UUID  # that asked for it
    case_units: frozenset[UUID] = frozenset()  # that have an open prevention case of the child
    state: str


class Referral(Thing, frozen=True, kw_only=True):
    """Of a prevention case, to an agency."""

    KIND = "Referral"
    WORD = "referral"
    FACTS = MappingProxyType({"unit": "Unit", "officer": "Account", "agency_unit": "Unit", "state": "ReferralState"})
    STATES = ("sent", "accepted", "declined", "completed", "revoked")

    unit: UUID  # that has the case
    officer: UUID | None = None  # in charge of the case, where somebody is
    agency_unit: UUID  # where the agency's people serve
    state: str


class Conference(Thing, frozen=True, kw_only=True):
    """Of a prevention case, about its child."""

    KIND = "Conference"
    WORD = "conference"
    FACTS = MappingProxyType(
        {
            "unit": "Unit",
            "officer": "Account",
            "invited_units": UNITS,
            "admitted_units": UNITS,
            "state": "ConferenceState",
        }
    )
    STATES = ("suggested", "called", "agreed", "cancelled")

    unit: UUID  # that has the case
    officer: UUID | None = None  # in charge of the case, where somebody is
    invited_units: frozenset[UUID] = frozenset()  # where the people of agencies serve
    admitted_units: frozenset[UUID] = frozenset()
    state: str


class Report(Thing, frozen=True, kw_only=True):
    """What a resident reported."""

    KIND = "Report"
    WORD = "report"
    FACTS = MappingProxyType(
        {
            "reporter": "Account",
            "community": "Community",
            "unit": "Unit",
            "escalated_units": UNITS,
            "state": "ReportState",
        }
    )
    STATES = ("recorded",)  # who may know of it does not change with what becomes of it

    reporter: UUID  # whoever holds its token
    community: UUID
    unit: UUID  # of community police, that answers it
    escalated_units: frozenset[UUID] = frozenset()  # duty desks that were called in
    state: str
