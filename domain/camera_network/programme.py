"""A programme of a region: what it is to reach by when, who pays, and which cameras it paid for.

What was reached is never said in it: that is counted from the record (`projections/camera_network/goals.py`).
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain import checks, vocabulary
from domain.camera_network import words
from domain.decider import Decider
from domain.errors import AlreadyExists, Invalid
from domain.event import Event
from domain.kyiv_time import shown

GOALS_MAX = 50
TARGET_MAX = 100_000_000
CAMERAS_MAX = 1_000  # of one funding
FUNDINGS_MAX = 1_000
AMOUNT_KOPECKS_MAX = 10**15


class Goal(msgspec.Struct, frozen=True, kw_only=True):
    """So many of them are there in the region by that time."""

    kind: str  # words.GOAL_KINDS
    target: int
    by: datetime


class ProgrammeAdopted(Event, frozen=True, kw_only=True):
    TOPIC = "programme.adopted"

    name: str
    region: str  # vocabulary.REGIONS
    from_at: datetime
    to_at: datetime
    funder: str  # the body that adopted it, or pays most of it
    goals: tuple[Goal, ...]
    by: UUID


class CamerasFunded(Event, frozen=True, kw_only=True):
    TOPIC = "programme.cameras-funded"

    number: int  # from 1
    cameras: tuple[UUID, ...]
    amount_kopecks: int
    funder: str
    by: UUID


class FundingWithdrawn(Event, frozen=True, kw_only=True):
    """It was recorded in error."""

    TOPIC = "programme.funding-withdrawn"

    number: int
    by: UUID


class AdoptProgramme(msgspec.Struct, frozen=True, kw_only=True):
    """Its stream is `ids.programme_id(region, name)`: a region has one programme of a name."""

    programme: UUID
    name: str
    region: str
    from_at: datetime
    to_at: datetime
    funder: str
    goals: tuple[Goal, ...]
    by: UUID


class FundedCamera(msgspec.Struct, frozen=True):
    camera: UUID
    called: str  # as whoever funds it named it
    region: str  # empty where there is no such camera


class FundCameras(msgspec.Struct, frozen=True, kw_only=True):
    programme: UUID
    cameras: tuple[FundedCamera, ...]
    amount_kopecks: int
    funder: str
    by: UUID


class WithdrawFunding(msgspec.Struct, frozen=True, kw_only=True):
    programme: UUID
    number: int
    by: UUID


ProgrammeCommand: TypeAlias = AdoptProgramme | FundCameras | WithdrawFunding


class Programme(msgspec.Struct, frozen=True):
    region: str
    fundings: int = 0  # so far, with those that were withdrawn
    standing: tuple[CamerasFunded, ...] = ()


def decide_adopt(state: Programme | None, command: AdoptProgramme) -> tuple[Event, ...]:
    if state is not None:
        raise AlreadyExists("programme", command.name)
    from_at, to_at = checks.span("from_at", command.from_at, "to_at", command.to_at)
    goals = checks.unique("goals", command.goals, least=1, most=GOALS_MAX)
    return (
        ProgrammeAdopted(
            name=checks.name("name", command.name),
            region=checks.one_of("region", command.region, vocabulary.REGIONS),
            from_at=from_at,
            to_at=to_at,
            funder=checks.name("funder", command.funder),
            goals=_in_time(tuple(_checked(goal) for goal in goals), from_at, to_at),
            by=command.by,
        ),
    )


def decide_fund(state: Programme | None, command: FundCameras) -> tuple[Event, ...]:
    """Several may pay for one camera; the same one pays for it once."""
    programme = checks.existing("programme", command.programme, state)
    if programme.fundings >= FUNDINGS_MAX:
        raise Invalid("cameras", f"{FUNDINGS_MAX} fundings are on record", "adopt a programme that follows this one")
    cameras = checks.unique("cameras", command.cameras, least=1, most=CAMERAS_MAX)
    funder = checks.name("funder", command.funder)
    paid = {key for funding in programme.standing if funding.funder == funder for key in funding.cameras}
    for each in cameras:
        if not each.region:
            raise Invalid("cameras", f"there is no camera {each.called}", "register it first, or correct its name")
        if each.region != programme.region:
            mend = f"name cameras of {programme.region}"
            raise Invalid("cameras", f"{each.called} stands in {each.region}", mend)
        if each.camera in paid:
            raise Invalid("cameras", f"{each.called} was paid for by {funder!r} already", "leave it out")
    return (
        CamerasFunded(
            number=programme.fundings + 1,
            cameras=tuple(dict.fromkeys(each.camera for each in cameras)),
            amount_kopecks=checks.whole("amount_kopecks", command.amount_kopecks, least=1, most=AMOUNT_KOPECKS_MAX),
            funder=funder,
            by=command.by,
        ),
    )


def decide_withdraw(state: Programme | None, command: WithdrawFunding) -> tuple[Event, ...]:
    programme = checks.existing("programme", command.programme, state)
    if command.number not in {funding.number for funding in programme.standing}:
        raise Invalid("number", f"no funding {command.number} stands", "name one that GET /programmes/ID shows")
    return (FundingWithdrawn(number=command.number, by=command.by),)


def evolve_adopted(state: None, event: ProgrammeAdopted) -> Programme:
    return Programme(region=event.region)


def evolve_funded(state: Programme, event: CamerasFunded) -> Programme:
    return replace(state, fundings=event.number, standing=(*state.standing, event))


def evolve_withdrawn(state: Programme, event: FundingWithdrawn) -> Programme:
    return replace(state, standing=tuple(each for each in state.standing if each.number != event.number))


DECIDER: Decider[ProgrammeCommand, Programme] = Decider(
    kind="programme",
    decides={AdoptProgramme: decide_adopt, FundCameras: decide_fund, WithdrawFunding: decide_withdraw},
    evolves={
        ProgrammeAdopted: evolve_adopted,
        CamerasFunded: evolve_funded,
        FundingWithdrawn: evolve_withdrawn,
    },
)


def _checked(goal: Goal) -> Goal:
    return Goal(
        kind=checks.one_of("goals: kind", goal.kind, words.GOAL_KINDS),
        target=checks.whole("goals: target", goal.target, least=1, most=TARGET_MAX),
        by=checks.utc("goals: by", goal.by),
    )


def _in_time(goals: tuple[Goal, ...], from_at: datetime, to_at: datetime) -> tuple[Goal, ...]:
    for goal in goals:
        if not from_at <= goal.by <= to_at:
            fault = f"{shown(goal.by)} is not within the programme"
            raise Invalid("goals: by", fault, "give a time from its beginning to its end")
    if len({(goal.kind, goal.by) for goal in goals}) < len(goals):
        raise Invalid("goals", "two are of one kind and time", "give one target for each kind and time")
    return goals
