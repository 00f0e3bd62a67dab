"""What a sharing agreement is, after its events; and what it lets be shared."""

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
from domain.sharing.agreement_events import (
    AgreementEnded,
    AgreementExpired,
    AgreementProposed,
    AgreementResumed,
    AgreementSigned,
    AgreementSuspended,
    FieldsNarrowed,
    PurposeAdded,
    PurposeProposed,
)

KIND = "sharing-agreement"

PROPOSED, SIGNED, SUSPENDED, ENDED, EXPIRED = "proposed", "signed", "suspended", "ended", "expired"
PHASES = (PROPOSED, SIGNED, SUSPENDED, ENDED, EXPIRED)
STANDING = (PROPOSED, SIGNED, SUSPENDED)  # that time may still end


class Agreement(msgspec.Struct, frozen=True):
    units: tuple[UUID, ...]
    agencies: tuple[UUID, ...]
    purposes: tuple[str, ...]
    fields: tuple[str, ...]
    from_at: datetime
    until: datetime
    proposer: UUID
    phase: str = PROPOSED
    proposed_purposes: tuple[tuple[str, UUID], ...] = ()  # each with who proposed it, while nobody signed it


def phase_at(agreement: Agreement, at: datetime) -> str:
    """What it is at that time: one whose time is over has expired, also before that is on record."""
    return EXPIRED if agreement.phase in STANDING and agreement.until <= at else agreement.phase


def covers(
    state: Agreement | None, *, unit: UUID, agency: UUID, purpose: str, fields: Collection[str], at: datetime
) -> bool:
    """Whether the unit may share these fields with the agency for that purpose, at that time, as far as the agreement
    goes: whether the agency still takes part is its own stream's to say.
    """
    return (
        state is not None
        and phase_at(state, at) == SIGNED
        and state.from_at <= at
        and unit in state.units
        and agency in state.agencies
        and purpose in state.purposes
        and bool(fields)
        and set(fields) <= set(state.fields)
    )


def in_phase(state: Agreement | None, key: UUID, at: datetime, *phases: str) -> Agreement:
    """One that takes a command of these phases. Raises NotFound, WrongState."""
    agreement = checks.existing(KIND, key, state)
    phase = phase_at(agreement, at)
    if phase not in phases:
        needs = f"this needs one that is {' or '.join(phases)}"
        raise WrongState(KIND, key, phase, needs if phase in STANDING else "propose another where there is reason to")
    return agreement


def evolve_proposed(state: None, event: AgreementProposed) -> Agreement:
    return Agreement(
        units=event.units,
        agencies=event.agencies,
        purposes=event.purposes,
        fields=event.fields,
        from_at=event.from_at,
        until=event.until,
        proposer=event.by,
    )


def evolve_signed(state: Agreement, event: AgreementSigned | AgreementResumed) -> Agreement:
    return replace(state, phase=SIGNED)


def evolve_purpose_proposed(state: Agreement, event: PurposeProposed) -> Agreement:
    return replace(state, proposed_purposes=(*state.proposed_purposes, (event.purpose, event.by)))


def evolve_purpose_added(state: Agreement, event: PurposeAdded) -> Agreement:
    waiting = tuple(each for each in state.proposed_purposes if each[0] != event.purpose)
    return replace(state, purposes=(*state.purposes, event.purpose), proposed_purposes=waiting)


def evolve_narrowed(state: Agreement, event: FieldsNarrowed) -> Agreement:
    return replace(state, fields=event.fields)


def evolve_suspended(state: Agreement, event: AgreementSuspended) -> Agreement:
    return replace(state, phase=SUSPENDED)


def evolve_ended(state: Agreement, event: AgreementEnded) -> Agreement:
    return replace(state, phase=ENDED)


def evolve_expired(state: Agreement, event: AgreementExpired) -> Agreement:
    return replace(state, phase=EXPIRED)


EVOLVES: Mapping[type[Event], Callable[[Any, Any], Agreement]] = MappingProxyType(
    {
        AgreementProposed: evolve_proposed,
        AgreementSigned: evolve_signed,
        PurposeProposed: evolve_purpose_proposed,
        PurposeAdded: evolve_purpose_added,
        FieldsNarrowed: evolve_narrowed,
        AgreementSuspended: evolve_suspended,
        AgreementResumed: evolve_signed,
        AgreementEnded: evolve_ended,
        AgreementExpired: evolve_expired,
    }
)
