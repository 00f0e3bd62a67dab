"""A territorial community: where it is, which unit of community police serves it, how many people live there.

How many is never computed: it is what a source said on a day, and stands with both.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain import checks, vocabulary
from domain.decider import Decider
from domain.errors import AlreadyExists, Invalid, WrongState
from domain.event import Event

UNIT_KIND = "community-police"  # of the units that serve communities
CODE = re.compile(r"UA\d{17}")  # of the codifier of administrative-territorial units, KATOTTG
POPULATION_MAX = 20_000_000


class CommunityRegistered(Event, frozen=True, kw_only=True):
    TOPIC = "community.registered"

    name: str
    region: str  # vocabulary.REGIONS
    code: str = ""  # KATOTTG; empty where it was not given
    unit: UUID  # of community police, that serves it
    by: UUID


class PopulationStated(Event, frozen=True, kw_only=True):
    """A claim of a source, never a count of ours."""

    TOPIC = "community.population-stated"

    population: int
    as_of: datetime
    source: str
    by: UUID


class ProjectJoined(Event, frozen=True, kw_only=True):
    """It takes part in the project "Community Police Officer" from that time on."""

    TOPIC = "community.project-joined"

    at: datetime
    by: UUID


class RegisterCommunity(msgspec.Struct, frozen=True, kw_only=True):
    """Its stream is `ids.community_id(region, name)`: a region has one community of a name."""

    community: UUID
    name: str
    region: str
    code: str = ""
    unit: UUID
    unit_kind: str  # vocabulary.UNIT_KINDS; empty where there is no such unit
    by: UUID


class StatePopulation(msgspec.Struct, frozen=True, kw_only=True):
    community: UUID
    population: int
    as_of: datetime
    source: str
    by: UUID
    at: datetime


class JoinProject(msgspec.Struct, frozen=True, kw_only=True):
    community: UUID
    joined_at: datetime
    by: UUID
    at: datetime


CommunityCommand: TypeAlias = RegisterCommunity | StatePopulation | JoinProject


class Community(msgspec.Struct, frozen=True):
    name: str
    region: str
    unit: UUID
    joined_at: datetime | None = None


def decide_register(state: Community | None, command: RegisterCommunity) -> tuple[Event, ...]:
    if state is not None:
        raise AlreadyExists("community", command.name)
    if command.unit_kind != UNIT_KIND:
        raise Invalid("unit", f"{command.unit} is no unit of {UNIT_KIND}", "name one of GET /units")
    mend = "write UA and the 17 digits of KATOTTG, or leave it out"
    return (
        CommunityRegistered(
            name=checks.name("name", command.name),
            region=checks.one_of("region", command.region, vocabulary.REGIONS),
            code=checks.pattern("code", command.code, CODE, mend) if command.code else "",
            unit=command.unit,
            by=command.by,
        ),
    )


def decide_state_population(state: Community | None, command: StatePopulation) -> tuple[Event, ...]:
    checks.existing("community", command.community, state)
    return (
        PopulationStated(
            population=checks.whole("population", command.population, least=0, most=POPULATION_MAX),
            as_of=checks.past("as_of", command.as_of, command.at),
            source=checks.line("source", command.source),
            by=command.by,
        ),
    )


def decide_join(state: Community | None, command: JoinProject) -> tuple[Event, ...]:
    community = checks.existing("community", command.community, state)
    if community.joined_at is not None:
        raise WrongState("community", command.community, "in the project", "it is part of it already")
    return (ProjectJoined(at=checks.past("joined_at", command.joined_at, command.at), by=command.by),)


def evolve_registered(state: None, event: CommunityRegistered) -> Community:
    return Community(name=event.name, region=event.region, unit=event.unit)


def evolve_stated(state: Community, event: PopulationStated) -> Community:
    return state


def evolve_joined(state: Community, event: ProjectJoined) -> Community:
    return replace(state, joined_at=event.at)


DECIDER: Decider[CommunityCommand, Community] = Decider(
    kind="community",
    decides={
        RegisterCommunity: decide_register,
        StatePopulation: decide_state_population,
        JoinProject: decide_join,
    },
    evolves={
        CommunityRegistered: evolve_registered,
        PopulationStated: evolve_stated,
        ProjectJoined: evolve_joined,
    },
)
