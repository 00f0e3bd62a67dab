"""A police station of a community: where people find their officer. Opened and closed at dates that somebody states."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain import checks
from domain.communities.words import STATION_CLOSINGS
from domain.decider import Decider
from domain.errors import AlreadyExists, Invalid, WrongState
from domain.event import Event

PLACE_CHARACTERS_MAX = 200

OPEN, CLOSED = "open", "closed"
PHASES = (OPEN, CLOSED)


class StationOpened(Event, frozen=True, kw_only=True):
    TOPIC = "station.opened"

    community: UUID
    name: str
    place: str  # its public address
    latitude: float
    longitude: float
    opened_at: datetime
    by: UUID


class StationClosed(Event, frozen=True, kw_only=True):
    TOPIC = "station.closed"

    at: datetime
    cause: str  # words.STATION_CLOSINGS
    by: UUID


class OpenStation(msgspec.Struct, frozen=True, kw_only=True):
    station: UUID
    community: UUID
    name: str
    place: str
    latitude: float
    longitude: float
    opened_at: datetime
    by: UUID
    at: datetime


class CloseStation(msgspec.Struct, frozen=True, kw_only=True):
    station: UUID
    closed_at: datetime
    cause: str
    by: UUID
    at: datetime


StationCommand: TypeAlias = OpenStation | CloseStation


class Station(msgspec.Struct, frozen=True):
    community: UUID
    opened_at: datetime
    closed: bool = False


def decide_open(state: Station | None, command: OpenStation) -> tuple[Event, ...]:
    if state is not None:
        raise AlreadyExists("station", command.station)
    return (
        StationOpened(
            community=command.community,
            name=checks.name("name", command.name),
            place=checks.line("place", command.place, characters_max=PLACE_CHARACTERS_MAX),
            latitude=checks.number("latitude", command.latitude, least=-90, most=90),
            longitude=checks.number("longitude", command.longitude, least=-180, most=180),
            opened_at=checks.past("opened_at", command.opened_at, command.at),
            by=command.by,
        ),
    )


def decide_close(state: Station | None, command: CloseStation) -> tuple[Event, ...]:
    station = checks.existing("station", command.station, state)
    if station.closed:
        raise WrongState("station", command.station, CLOSED, "nothing is left to do")
    closed_at = checks.past("closed_at", command.closed_at, command.at)
    if closed_at < station.opened_at:
        raise Invalid("closed_at", "lies before the station was opened", "give a later time")
    cause = checks.one_of("cause", command.cause, STATION_CLOSINGS)
    return (StationClosed(at=closed_at, cause=cause, by=command.by),)


def evolve_opened(state: None, event: StationOpened) -> Station:
    return Station(community=event.community, opened_at=event.opened_at)


def evolve_closed(state: Station, event: StationClosed) -> Station:
    return replace(state, closed=True)


DECIDER: Decider[StationCommand, Station] = Decider(
    kind="station",
    decides={OpenStation: decide_open, CloseStation: decide_close},
    evolves={StationOpened: evolve_opened, StationClosed: evolve_closed},
)
