"""Consent to share what is known of a child: given, refused, not sought; withdrawn for good; overridden by two people.

One stream is one answer. A new answer is a new stream, so that what was shared rests on exactly the one that it names.
Time ends a consent by itself; the event only says so to whoever reads the record.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

import msgspec

from domain import checks
from domain.decider import Decider
from domain.errors import AlreadyExists, DomainError, Invalid
from domain.event import Event
from domain.incident import PSEUDONYM
from domain.personal import PersonName, Reason
from domain.sealed import Sealed
from domain.sharing import scope, words
from domain.sharing.consent_events import (
    ConsentExpired,
    ConsentGiven,
    ConsentNotSought,
    ConsentOverridden,
    ConsentRefused,
    ConsentWithdrawn,
    OverrideDenied,
    OverrideLifted,
    OverrideRequested,
)
from domain.sharing.consent_state import (
    EVOLVES,
    GIVEN,
    KIND,
    OVERRIDDEN,
    OVERRIDE_REQUESTED,
    PERMITTING,
    WITHOUT,
    Consent,
    in_phase,
)

DAYS_MAX = 366
OVERRIDE_DAYS_MAX = 92


class AuthoriserIsRequester(DomainError):
    """To do without consent takes two people."""

    code = "authoriser-is-requester"

    def __init__(self) -> None:
        super().__init__("nobody authorises an override that they asked for; ask another supervisor")


class RecordConsent(msgspec.Struct, frozen=True, kw_only=True):
    """What every answer is about."""

    consent: UUID
    child: UUID
    pseudonym: str
    unit: UUID
    purposes: tuple[str, ...]
    agencies: tuple[UUID, ...]
    active_agencies: frozenset[UUID]  # of these, those that take part
    fields: tuple[str, ...]
    by: UUID
    at: datetime


class GiveConsent(RecordConsent, frozen=True, kw_only=True):
    giver: str
    giver_name: Sealed[PersonName]
    expires_at: datetime


class RefuseConsent(RecordConsent, frozen=True, kw_only=True):
    giver: str
    giver_name: Sealed[PersonName]


class RecordNotSought(RecordConsent, frozen=True, kw_only=True):
    cause: str
    reason: Sealed[Reason]


class RequestOverride(msgspec.Struct, frozen=True, kw_only=True):
    consent: UUID
    basis: str
    days: int
    reason: Sealed[Reason]
    by: UUID
    at: datetime


class AuthoriseOverride(msgspec.Struct, frozen=True, kw_only=True):
    consent: UUID
    reason: Sealed[Reason]
    by: UUID
    at: datetime


class DenyOverride(msgspec.Struct, frozen=True, kw_only=True):
    consent: UUID
    reason: Sealed[Reason]
    by: UUID
    at: datetime


class LiftOverride(msgspec.Struct, frozen=True, kw_only=True):
    consent: UUID
    reason: Sealed[Reason]
    by: UUID
    at: datetime


class WithdrawConsent(msgspec.Struct, frozen=True, kw_only=True):
    consent: UUID
    giver: str  # who withdraws it
    reason: Sealed[Reason]
    by: UUID
    at: datetime


class ExpireConsent(msgspec.Struct, frozen=True, kw_only=True):
    consent: UUID
    at: datetime


ConsentCommand: TypeAlias = (
    GiveConsent
    | RefuseConsent
    | RecordNotSought
    | RequestOverride
    | AuthoriseOverride
    | DenyOverride
    | LiftOverride
    | WithdrawConsent
    | ExpireConsent
)


def decide_give(state: Consent | None, command: GiveConsent) -> tuple[Event, ...]:
    _begin(state, command)
    expires_at = checks.utc("expires_at", command.expires_at)
    if expires_at <= command.at:
        raise Invalid("expires_at", "is over already", "give a day that is to come")
    if expires_at - command.at > timedelta(days=DAYS_MAX):
        raise Invalid("expires_at", f"is more than {DAYS_MAX} days away", "ask again when that time is over")
    checks.name("giver_name", command.giver_name.fresh_value().full_name)
    return (
        ConsentGiven(
            child=command.child,
            pseudonym=command.pseudonym,
            unit=command.unit,
            giver=checks.one_of("giver", command.giver, words.CONSENT_GIVERS),
            giver_name=command.giver_name,
            purposes=scope.purposes(command.purposes),
            agencies=scope.agencies(command.agencies, command.active_agencies),
            fields=scope.fields(command.fields),
            expires_at=expires_at,
            by=command.by,
        ),
    )


def decide_refuse(state: Consent | None, command: RefuseConsent) -> tuple[Event, ...]:
    """Says nothing of an earlier consent: whoever takes that back withdraws it."""
    _begin(state, command)
    checks.name("giver_name", command.giver_name.fresh_value().full_name)
    return (
        ConsentRefused(
            child=command.child,
            pseudonym=command.pseudonym,
            unit=command.unit,
            giver=checks.one_of("giver", command.giver, words.CONSENT_GIVERS),
            giver_name=command.giver_name,
            purposes=scope.purposes(command.purposes),
            agencies=scope.agencies(command.agencies, command.active_agencies),
            fields=scope.fields(command.fields),
            by=command.by,
        ),
    )


def decide_not_sought(state: Consent | None, command: RecordNotSought) -> tuple[Event, ...]:
    """Permits nothing by itself: only an override does."""
    _begin(state, command)
    return (
        ConsentNotSought(
            child=command.child,
            pseudonym=command.pseudonym,
            unit=command.unit,
            cause=checks.one_of("cause", command.cause, words.NOT_SOUGHT_CAUSES),
            purposes=scope.purposes(command.purposes),
            agencies=scope.agencies(command.agencies, command.active_agencies),
            fields=scope.fields(command.fields),
            by=command.by,
            reason=checks.reason("reason", command.reason),
        ),
    )


def decide_request_override(state: Consent | None, command: RequestOverride) -> tuple[Event, ...]:
    in_phase(state, command.consent, command.at, *WITHOUT)
    return (
        OverrideRequested(
            basis=checks.one_of("basis", command.basis, words.OVERRIDE_BASES),
            days=checks.whole("days", command.days, least=1, most=OVERRIDE_DAYS_MAX),
            by=command.by,
            reason=checks.reason("reason", command.reason),
        ),
    )


def decide_authorise_override(state: Consent | None, command: AuthoriseOverride) -> tuple[Event, ...]:
    asked = in_phase(state, command.consent, command.at, OVERRIDE_REQUESTED).override
    assert asked is not None, "an override that is requested was asked for"
    if command.by == asked.by:
        raise AuthoriserIsRequester
    return (
        ConsentOverridden(
            basis=asked.basis,
            requester=asked.by,
            by=command.by,
            expires_at=command.at + timedelta(days=asked.days),
            reason=checks.reason("reason", command.reason),
        ),
    )


def decide_deny_override(state: Consent | None, command: DenyOverride) -> tuple[Event, ...]:
    """Also by whoever asked for it: they take it back."""
    in_phase(state, command.consent, command.at, OVERRIDE_REQUESTED)
    return (OverrideDenied(by=command.by, reason=checks.reason("reason", command.reason)),)


def decide_lift_override(state: Consent | None, command: LiftOverride) -> tuple[Event, ...]:
    in_phase(state, command.consent, command.at, OVERRIDDEN)
    return (OverrideLifted(by=command.by, reason=checks.reason("reason", command.reason)),)


def decide_withdraw(state: Consent | None, command: WithdrawConsent) -> tuple[Event, ...]:
    in_phase(state, command.consent, command.at, GIVEN)
    giver = checks.one_of("giver", command.giver, words.CONSENT_GIVERS)
    return (ConsentWithdrawn(giver=giver, by=command.by, reason=checks.reason("reason", command.reason)),)


def decide_expire(state: Consent | None, command: ExpireConsent) -> tuple[Event, ...]:
    """Only says what the clock has done already; nothing where it permits nothing any more."""
    consent = checks.existing(KIND, command.consent, state)
    if consent.phase not in PERMITTING or consent.expires_at is None:
        return ()
    if command.at < consent.expires_at:
        raise Invalid("at", "its time is not over", "withdraw it, or lift the override")
    return (ConsentExpired(at=consent.expires_at),)


def _begin(state: Consent | None, command: RecordConsent) -> None:
    if state is not None:
        raise AlreadyExists(KIND, command.consent)
    checks.pattern("pseudonym", command.pseudonym, PSEUDONYM, "write CH- and 4 to 12 capital letters or digits")


DECIDER: Decider[ConsentCommand, Consent] = Decider(
    kind=KIND,
    decides={
        GiveConsent: decide_give,
        RefuseConsent: decide_refuse,
        RecordNotSought: decide_not_sought,
        RequestOverride: decide_request_override,
        AuthoriseOverride: decide_authorise_override,
        DenyOverride: decide_deny_override,
        LiftOverride: decide_lift_override,
        WithdrawConsent: decide_withdraw,
        ExpireConsent: decide_expire,
    },
    evolves=EVOLVES,
)
