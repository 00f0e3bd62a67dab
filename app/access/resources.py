"""What is asked for, as the policies see it: the few facts of a thing that a relation or a state rests on.

Each kind is an entity type of `policies/*.cedarschema`. A policy compares these facts with the principal and never sees
the key: two things with the same facts get the same answer, which is what lets lists be decided by kind of row.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TypeAlias
from uuid import UUID

from app.access.space_resources import (
    Agency,
    Claim,
    Community,
    Conference,
    Consent,
    Initiative,
    Post,
    Programme,
    Referral,
    Report,
    School,
    SharingAgreement,
    Station,
    Webhook,
)
from app.access.thing import NOBODY, PROPOSED, UNITS, Absent, FactValue, System, Thing, phantom

__all__ = [
    "NOBODY",
    "PROPOSED",
    "UNITS",
    "Absent",
    "AccountRecord",
    "Agency",
    "Authorisation",
    "Camera",
    "Child",
    "Claim",
    "Clip",
    "Community",
    "Concern",
    "Conference",
    "Consent",
    "FactValue",
    "Footage",
    "Hold",
    "Incident",
    "Initiative",
    "Officer",
    "Post",
    "PreventionCase",
    "Programme",
    "Referral",
    "Report",
    "Resource",
    "School",
    "Search",
    "SharingAgreement",
    "Station",
    "System",
    "Thing",
    "Webhook",
    "phantom",
]


class Camera(Thing, frozen=True, kw_only=True):
    KIND = "Camera"
    WORD = "camera"


class Footage(Thing, frozen=True, kw_only=True):
    KIND = "Footage"
    WORD = "footage"


class Hold(Thing, frozen=True, kw_only=True):
    """Of an incident or a case, on footage of some cameras."""

    KIND = "Hold"
    WORD = "hold"
    FACTS = MappingProxyType({"unit": "Unit", "officer": "Account"})

    unit: UUID
    officer: UUID  # who placed it


class Incident(Thing, frozen=True, kw_only=True):
    KIND = "Incident"
    WORD = "incident"
    FACTS = MappingProxyType({"unit": "Unit", "officer": "Account", "state": "IncidentState"})
    STATES = ("recorded", "voided")

    unit: UUID
    officer: UUID  # the account in charge
    state: str


class Child(Thing, frozen=True, kw_only=True):
    """The profile of a child."""

    KIND = "Child"
    WORD = "child"
    FACTS = MappingProxyType({"unit": "Unit", "case_units": UNITS, "state": "ChildState"})
    STATES = ("registered", "merged", "erased")

    unit: UUID  # that registered the child, and keeps what is known of it
    case_units: frozenset[UUID] = frozenset()  # that have an open prevention case of the child
    state: str


class Authorisation(Thing, frozen=True, kw_only=True):
    KIND = "Authorisation"
    WORD = "authorisation"
    FACTS = MappingProxyType(
        {
            "requester": "Account",
            "requester_unit": "Unit",
            "approver": "Account",
            "approver_unit": "Unit",
            "state": "AuthorisationState",
        }
    )
    STATES = ("requested", "withdrawn", "approved", "refused", "revoked", "expired")

    requester: UUID
    requester_unit: UUID
    approver: UUID | None = None  # who decided on it: approved or refused
    approver_unit: UUID | None = None
    state: str


class Search(Thing, frozen=True, kw_only=True):
    KIND = "Search"
    WORD = "search"
    FACTS = MappingProxyType(
        {
            "searcher": "Account",
            "searcher_unit": "Unit",
            "requester": "Account",
            "approver": "Account",
            "state": "SearchState",
        }
    )
    STATES = ("run", "refused")

    searcher: UUID
    searcher_unit: UUID
    requester: UUID | None = None  # of its authorisation, where it has one
    approver: UUID | None = None  # of its authorisation, where it has one
    state: str


class Clip(Search, frozen=True, kw_only=True):
    """A part of a footage that was cut out: whoever may read a search may read such a line, too. To the policies it
    is a search; here it has its own name.
    """

    WORD = "clip"


class AccountRecord(Thing, frozen=True, kw_only=True):
    """Somebody's account, with the roles it has."""

    KIND = "AccountRecord"
    WORD = "account"
    FACTS = MappingProxyType({"account": "Account", "unit": "Unit"})

    account: UUID
    unit: UUID


class Officer(Thing, frozen=True, kw_only=True):
    """Somebody's training and certification for juvenile prevention."""

    KIND = "Officer"
    WORD = "officer"
    FACTS = MappingProxyType({"account": "Account", "unit": "Unit"})

    account: UUID
    unit: UUID  # where they serve


class Concern(Thing, frozen=True, kw_only=True):
    KIND = "Concern"
    WORD = "concern"
    FACTS = MappingProxyType({"unit": "Unit", "raiser": "Account", "state": "ConcernState"})
    STATES = ("raised", "reviewed", "help-offered", "dismissed", "expired")

    unit: UUID  # that looks into it
    raiser: UUID
    state: str


class PreventionCase(Thing, frozen=True, kw_only=True):
    KIND = "PreventionCase"
    WORD = "prevention-case"
    FACTS = MappingProxyType(
        {"unit": "Unit", "officer": "Account", "offered_unit": "Unit", "state": "PreventionCaseState"}
    )
    STATES = ("open", "closed", "sealed")

    unit: UUID
    officer: UUID | None = None  # the account in charge, where somebody is
    offered_unit: UUID | None = None  # that may take it over, while it did not answer
    state: str


Resource: TypeAlias = (
    System
    | Camera
    | Footage
    | Hold
    | Incident
    | Child
    | Authorisation
    | Search
    | AccountRecord
    | PreventionCase
    | Officer
    | Concern
    | Webhook
    | Community
    | Station
    | Post
    | School
    | Initiative
    | Programme
    | Claim
    | Agency
    | SharingAgreement
    | Consent
    | Referral
    | Conference
    | Report
)
