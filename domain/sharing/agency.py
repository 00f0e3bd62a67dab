"""An agency that takes part in the single security space: its people serve in a unit of its own."""

from __future__ import annotations

from typing import TypeAlias
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain import checks, vocabulary
from domain.decider import Decider
from domain.errors import AlreadyExists, Invalid, WrongState
from domain.event import Event
from domain.personal import Reason
from domain.sealed import Sealed
from domain.sharing import words

UNIT_KIND = "agency"  # of the units in which the people of agencies serve
PARTNER_ROLE = "partner"  # of the people of agencies


class AgencyRegistered(Event, frozen=True, kw_only=True):
    TOPIC = "agency.registered"

    name: str
    kind: str  # words.AGENCY_KINDS
    region: str  # vocabulary.REGIONS
    unit: UUID
    by: UUID


class AgencyWithdrawn(Event, frozen=True, kw_only=True):
    """It takes part no more: nothing is shared with it, and what was, is revoked."""

    TOPIC = "agency.withdrawn"

    by: UUID
    reason: Sealed[Reason]


class RegisterAgency(msgspec.Struct, frozen=True, kw_only=True):
    """Its stream is `ids.agency_id(unit)`: a unit is of one agency."""

    agency: UUID
    name: str
    kind: str
    region: str
    unit: UUID
    unit_kind: str  # vocabulary.UNIT_KINDS; empty where there is no such unit
    by: UUID


class WithdrawAgency(msgspec.Struct, frozen=True, kw_only=True):
    agency: UUID
    reason: Sealed[Reason]
    by: UUID


AgencyCommand: TypeAlias = RegisterAgency | WithdrawAgency


class Agency(msgspec.Struct, frozen=True):
    name: str
    kind: str
    unit: UUID
    active: bool = True


def decide_register(state: Agency | None, command: RegisterAgency) -> tuple[Event, ...]:
    if state is not None:
        raise AlreadyExists("agency", command.agency)
    if command.unit_kind != UNIT_KIND:
        raise Invalid("unit", f"{command.unit} is no unit of an {UNIT_KIND}", "name one of GET /units, or create it")
    return (
        AgencyRegistered(
            name=checks.line("name", command.name),
            kind=checks.one_of("kind", command.kind, words.AGENCY_KINDS),
            region=checks.one_of("region", command.region, vocabulary.REGIONS),
            unit=command.unit,
            by=command.by,
        ),
    )


def decide_withdraw(state: Agency | None, command: WithdrawAgency) -> tuple[Event, ...]:
    agency = checks.existing("agency", command.agency, state)
    if not agency.active:
        raise WrongState("agency", command.agency, "withdrawn", "nothing is left to do")
    return (AgencyWithdrawn(by=command.by, reason=checks.reason("reason", command.reason)),)


def evolve_registered(state: None, event: AgencyRegistered) -> Agency:
    return Agency(name=event.name, kind=event.kind, unit=event.unit)


def evolve_withdrawn(state: Agency, event: AgencyWithdrawn) -> Agency:
    return replace(state, active=False)


DECIDER: Decider[AgencyCommand, Agency] = Decider(
    kind="agency",
    decides={RegisterAgency: decide_register, WithdrawAgency: decide_withdraw},
    evolves={AgencyRegistered: evolve_registered, AgencyWithdrawn: evolve_withdrawn},
)
