"""What a consent is, after its events; and what it lets be shared."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain import checks
from domain.errors import WrongState
from domain.event import Event
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

KIND = "consent"

GIVEN, REFUSED, NOT_SOUGHT = "given", "refused", "not-sought"
OVERRIDE_REQUESTED, OVERRIDDEN = "override-requested", "overridden"
LIFTED, WITHDRAWN, EXPIRED = "lifted", "withdrawn", "expired"
PHASES = (GIVEN, REFUSED, NOT_SOUGHT, OVERRIDE_REQUESTED, OVERRIDDEN, LIFTED, WITHDRAWN, EXPIRED)
PERMITTING = (GIVEN, OVERRIDDEN)  # that something may rest on, and that time ends
WITHOUT = (REFUSED, NOT_SOUGHT)  # that may be overridden
OVER = (LIFTED, WITHDRAWN, EXPIRED)


class AskedOverride(msgspec.Struct, frozen=True):
    """To do without consent, as somebody asked for it."""

    basis: str
    days: int
    by: UUID


class Consent(msgspec.Struct, frozen=True):
    """One word about one child: given, or doing without it. Another one, of the same child, is another stream."""

    child: UUID
    pseudonym: str
    unit: UUID
    purposes: tuple[str, ...]
    agencies: tuple[UUID, ...]
    fields: tuple[str, ...]
    phase: str
    begun: str  # the phase that it began in, to which a denied override leads back
    expires_at: datetime | None = None  # while it permits something
    override: AskedOverride | None = None


def phase_at(consent: Consent, at: datetime) -> str:
    """What it is at that time: one whose time is over has expired, also before that is on record."""
    over = consent.phase in PERMITTING and consent.expires_at is not None and consent.expires_at <= at
    return EXPIRED if over else consent.phase


def permits(
    state: Consent | None, *, child: UUID, agency: UUID, purpose: str, fields: Collection[str], at: datetime
) -> bool:
    """Whether these fields of the child may be shared with the agency for that purpose, at that time."""
    return (
        state is not None
        and phase_at(state, at) in PERMITTING
        and child == state.child
        and agency in state.agencies
        and purpose in state.purposes
        and bool(fields)
        and set(fields) <= set(state.fields)
    )


def in_phase(state: Consent | None, key: UUID, at: datetime, *phases: str) -> Consent:
    """One that takes a command of these phases. Raises NotFound, WrongState."""
    consent = checks.existing(KIND, key, state)
    phase = phase_at(consent, at)
    if phase not in phases:
        needs = f"this needs one that is {' or '.join(phases)}"
        raise WrongState(KIND, key, phase, "ask anew, and put the answer on record" if phase in OVER else needs)
    return consent


def evolve_given(state: None, event: ConsentGiven) -> Consent:
    return _begun(event, GIVEN, event.expires_at)


def evolve_refused(state: None, event: ConsentRefused) -> Consent:
    return _begun(event, REFUSED)


def evolve_not_sought(state: None, event: ConsentNotSought) -> Consent:
    return _begun(event, NOT_SOUGHT)


def _begun(
    event: ConsentGiven | ConsentRefused | ConsentNotSought, phase: str, expires_at: datetime | None = None
) -> Consent:
    return Consent(
        child=event.child,
        pseudonym=event.pseudonym,
        unit=event.unit,
        purposes=event.purposes,
        agencies=event.agencies,
        fields=event.fields,
        phase=phase,
        begun=phase,
        expires_at=expires_at,
    )


def evolve_override_requested(state: Consent, event: OverrideRequested) -> Consent:
    return replace(state, phase=OVERRIDE_REQUESTED, override=AskedOverride(event.basis, event.days, event.by))


def evolve_override_denied(state: Consent, event: OverrideDenied) -> Consent:
    return replace(state, phase=state.begun, override=None)


def evolve_overridden(state: Consent, event: ConsentOverridden) -> Consent:
    return replace(state, phase=OVERRIDDEN, override=None, expires_at=event.expires_at)


def evolve_lifted(state: Consent, event: OverrideLifted) -> Consent:
    return replace(state, phase=LIFTED, expires_at=None)


def evolve_withdrawn(state: Consent, event: ConsentWithdrawn) -> Consent:
    return replace(state, phase=WITHDRAWN, expires_at=None)


def evolve_expired(state: Consent, event: ConsentExpired) -> Consent:
    return replace(state, phase=EXPIRED, expires_at=None)


EVOLVES: Mapping[type[Event], Callable[[Any, Any], Consent]] = MappingProxyType(
    {
        ConsentGiven: evolve_given,
        ConsentRefused: evolve_refused,
        ConsentNotSought: evolve_not_sought,
        OverrideRequested: evolve_override_requested,
        OverrideDenied: evolve_override_denied,
        ConsentOverridden: evolve_overridden,
        OverrideLifted: evolve_lifted,
        ConsentWithdrawn: evolve_withdrawn,
        ConsentExpired: evolve_expired,
    }
)
