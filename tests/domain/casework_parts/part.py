"""What a part of casework is: one aggregate, its commands as they are made up, and what must always hold of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias
from uuid import UUID

import msgspec

from domain.decider import Decider
from domain.event import Event, Recorded
from domain.ids import account_id
from tests.domain.examples import uuid

if TYPE_CHECKING:
    from tests.domain.casework import Casework

UNITS = (uuid(11), uuid(12))


class Actor(msgspec.Struct, frozen=True):
    account: UUID
    role: str
    unit: UUID


ACTORS = tuple(
    Actor(account_id(f"{role}{number}"), role, UNITS[number % 2])
    for role in ("juvenile-officer", "supervisor", "investigator")
    for number in range(4)
)
OFFICERS = tuple(actor for actor in ACTORS if actor.role == "juvenile-officer")


class Decided(NamedTuple):
    """What a command leads to in one stream, decided on its state as it is."""

    kind: str  # of aggregate
    stream: UUID
    events: tuple[Event, ...]


Makes: TypeAlias = Mapping[type, "Callable[[Casework, Random, Actor, UUID, Any], Any]"]
Spans: TypeAlias = Mapping[type, "Callable[[Casework, Any], Sequence[Decided]]"]


@dataclass(frozen=True)
class Process:
    name: str
    event: type[Event]
    answer: Callable[[Casework, Any], Sequence[Decided]]


@dataclass(frozen=True)
class Part:
    """One aggregate: how each of its commands is made up, and what must hold of it always.

    A maker gets the casework, the chance, the actor and the stream's key and state (None: it does not exist), and gives
    a command; mostly one that can be taken, now and then one that cannot. `first` are the commands that begin a stream;
    `key` says which stream a new one has.
    """

    decider: Decider[Any, Any]
    first: tuple[type, ...]
    makes: Makes
    invariant: Callable[[Casework, UUID, Any, list[Recorded]], None]
    fits: Callable[[Casework, UUID, Any], tuple[type, ...]]  # the commands that its state takes now
    spans: Spans = field(default_factory=dict)
    """How those commands are decided that concern more than the state of their own stream."""
    processes: tuple[Process, ...] = ()
    key: Callable[[Casework, Random], UUID] | None = None
    new_share: float = 0.05  # of its commands that meet something new; the others meet something that exists
    weight: int = 1  # of the commands, how many go to this kind
