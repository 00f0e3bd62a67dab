"""A unit of the police: the scope of need-to-know, and the "other unit" of the four-eyes rule."""

from __future__ import annotations

from typing import TypeAlias
from uuid import UUID

import msgspec

from domain import checks, vocabulary
from domain.decider import Decider
from domain.errors import AlreadyExists
from domain.event import Event


class UnitCreated(Event, frozen=True, kw_only=True):
    TOPIC = "unit.created"

    name: str
    region: str  # vocabulary.REGIONS
    kind: str  # vocabulary.UNIT_KINDS


class CreateUnit(msgspec.Struct, frozen=True, kw_only=True):
    unit: UUID
    name: str
    region: str
    kind: str


UnitCommand: TypeAlias = CreateUnit


class Unit(msgspec.Struct, frozen=True):
    name: str
    region: str
    kind: str


def decide_create(state: Unit | None, command: CreateUnit) -> tuple[Event, ...]:
    if state is not None:
        raise AlreadyExists("unit", command.unit)
    return (
        UnitCreated(
            name=checks.line("name", command.name),
            region=checks.one_of("region", command.region, vocabulary.REGIONS),
            kind=checks.one_of("kind", command.kind, vocabulary.UNIT_KINDS),
        ),
    )


def evolve_created(state: None, event: UnitCreated) -> Unit:
    return Unit(name=event.name, region=event.region, kind=event.kind)


DECIDER: Decider[UnitCommand, Unit] = Decider(
    kind="unit",
    decides={CreateUnit: decide_create},
    evolves={UnitCreated: evolve_created},
)
