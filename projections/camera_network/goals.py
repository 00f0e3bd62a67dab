"""The goals of a programme against what happened: counted from the record, never said by anybody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias

import msgspec
from sqlalchemy import Connection

from domain.camera_network.programme import Goal
from projections.camera_network.coverage import cameras_standing
from projections.communities.coverage import coverage

Count: TypeAlias = Callable[[Connection, str, datetime], int]  # how many the region had at that time

COUNTS: Mapping[str, Count] = MappingProxyType(  # of `words.GOAL_KINDS`
    {
        "cameras": cameras_standing,
        "officers": lambda connection, region, at: coverage(connection, region, at).officers,
        "communities": lambda connection, region, at: coverage(connection, region, at).reached,
        "stations": lambda connection, region, at: coverage(connection, region, at).stations,
        "residents": lambda connection, region, at: coverage(connection, region, at).residents,
    }
)


class GoalStanding(msgspec.Struct, frozen=True, kw_only=True):
    """The counts are of the whole region, whoever paid; `at_start` is null before the programme began."""

    kind: str  # domain.camera_network.words.GOAL_KINDS
    target: int
    by: datetime
    at_start: int | None  # when the programme began
    reached: int  # by the goal's time, or so far
    present: int
    standing: str  # domain.camera_network.words.GOAL_STANDINGS


def standings(
    connection: Connection, region: str, from_at: datetime, goals: tuple[Goal, ...], at: datetime
) -> tuple[GoalStanding, ...]:
    """Each goal, in the order given, as it stands at the time `at`."""
    return tuple(_standing(connection, region, from_at, goal, at) for goal in goals)


def _standing(connection: Connection, region: str, from_at: datetime, goal: Goal, at: datetime) -> GoalStanding:
    count = COUNTS[goal.kind]
    reached = count(connection, region, min(goal.by, at))
    return GoalStanding(
        kind=goal.kind,
        target=goal.target,
        by=goal.by,
        at_start=None if from_at > at else count(connection, region, from_at),
        reached=reached,
        present=count(connection, region, at),
        standing=_told(goal, reached, at),
    )


def _told(goal: Goal, reached: int, at: datetime) -> str:
    if reached >= goal.target:
        return "reached"
    return "open" if at < goal.by else "missed"
