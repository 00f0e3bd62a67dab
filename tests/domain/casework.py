"""A district's casework as random commands of several actors over several aggregates make it, checked at every step.

What is checked of every command, whether it was taken or refused: nothing half done is in the log; of every event: it
has an actor and a purpose, and the event store's mapper gives it back as it was; of the aggregate: the state that was
kept is the state that its events fold to, and its own invariants hold. Which aggregates there are is a list of `Part`s
(`tests/domain/casework_parts.py`): another aggregate is another part.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

import msgspec

from app.event_store.mapper import EventMapper
from app.event_store.vault import Vault
from domain.decider import Decider
from domain.errors import DomainError
from domain.event import Event, Meta, Recorded
from domain.ids import NAMESPACE, account_id
from domain.log import Change
from domain.personal import Narrative, Reason
from domain.sealed import Sealed
from domain.vocabulary import PURPOSES, ROLES
from tests.domain.examples import NOW, uuid
from tests.domain.golden import readable
from tests.fakes_log import MemoryEventLog

UNITS = (uuid(11), uuid(12))
NEW_SHARE = 0.05  # of the commands that can make something new do; the others meet something that exists, or nothing
FITTING_SHARE = 0.75  # of the commands are such as the thing's state takes; the others are any
STEP_MAX, LEAP_MAX, LEAP_SHARE = timedelta(hours=3), timedelta(days=40), 0.02  # how time passes between two commands
RECENT = 4  # streams of a kind that are worked on; the older ones are left as they are


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


@dataclass(frozen=True)
class Part:
    """One aggregate: how each of its commands is made up, and what must hold of it always.

    A maker gets the casework, the chance, the actor and the stream's key and state (None: it does not exist), and gives
    a command; mostly one that can be taken, now and then one that cannot. `first` are the commands that begin a stream;
    `key` says which stream a new one has.
    """

    decider: Decider[Any, Any]
    first: frozenset[type]
    makes: Mapping[type, Callable[[Casework, Random, Actor, UUID, Any], Any]]
    invariant: Callable[[Casework, UUID, Any, list[Recorded]], None]
    fits: Callable[[Casework, Any], tuple[type, ...]]  # the commands that its state takes now
    key: Callable[[Casework, Random], UUID] | None = None
    weight: int = 1  # of the commands, how many go to this kind


@dataclass
class Tally:
    rounds: int = 0  # of histories
    steps: int = 0
    accepted: int = 0
    events: Counter[type[Event]] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)  # by kind of command and error

    @property
    def accepted_share(self) -> float:
        return self.accepted / max(1, self.steps)


class Casework:
    """Everything that happened so far. The state of each stream is kept as it was evolved, event by event."""

    def __init__(self, parts: tuple[Part, ...], vault: Vault, tally: Tally) -> None:
        self.parts, self.vault, self.tally = parts, vault, tally
        self.mapper = EventMapper(vault)
        self.log = MemoryEventLog()
        self.now = NOW
        self.live: dict[UUID, Any] = {}
        self.streams: dict[str, list[UUID]] = {part.decider.kind: [] for part in parts}
        self.made = itertools.count()

    def step(self, chance: Random) -> None:
        """One command of somebody to something."""
        leaps = chance.random() < LEAP_SHARE
        self.now += chance.random() * (LEAP_MAX if leaps else STEP_MAX)
        (part,) = chance.choices(self.parts, [part.weight for part in self.parts])
        actor = chance.choice(ACTORS)
        key = self._stream(part, chance)
        state = self.live.get(key)
        fits = tuple(part.first) if state is None else part.fits(self, state)
        kind = chance.choice(fits if fits and chance.random() < FITTING_SHARE else tuple(part.makes))
        command = part.makes[kind](self, chance, actor, key, state)
        self.tally.steps += 1
        try:
            events = part.decider.decide(state, command)
        except DomainError as refusal:
            self.tally.refusals[f"{kind.__name__}: {refusal.code}"] += 1
            assert self.live.get(key) == state
            return
        self.tally.accepted += 1
        self._append(part, actor, key, events)

    def _stream(self, part: Part, chance: Random) -> UUID:
        known = self.streams[part.decider.kind][-RECENT:]
        if not known or chance.random() < NEW_SHARE:
            return self.new(part.decider.kind) if part.key is None else part.key(self, chance)
        return chance.choice(known)

    def _append(self, part: Part, actor: Actor, key: UUID, events: tuple[Event, ...]) -> None:
        purpose = sorted(PURPOSES)[next(self.made) % len(PURPOSES)]
        meta = Meta(
            actor=actor.account,
            role=actor.role,
            purpose=purpose,
            command_id=self.new("command"),
            correlation_id=self.new("correlation"),
            recorded_at=self.now,
        )
        version = len(self.log.events(key))
        for place, event in enumerate(events, start=version + 1):
            self._comes_back(Recorded(0, key, place, meta, event))
        self.log.append([Change(key, version, events)], meta)
        history = list(self.log.stream(key))
        state = self.live.get(key)
        for recorded in history[version:]:
            state = part.decider.evolve(state, recorded.event)
            self.tally.events[type(recorded.event)] += 1
        if not history:
            return
        if key not in self.live:
            self.streams[part.decider.kind].append(key)
        self.live[key] = state
        self._check(part, key, history)

    def _check(self, part: Part, key: UUID, history: list[Recorded]) -> None:
        assert part.decider.fold(recorded.event for recorded in history) == self.live[key], "replay differs from live"
        for recorded in history:
            assert recorded.meta.actor.int, "an event without an actor"
            assert recorded.meta.purpose in PURPOSES, "an event without a purpose"
            assert recorded.meta.role in ROLES
        part.invariant(self, key, self.live[key], history)

    def _comes_back(self, row: Recorded) -> None:
        """The event, through the store's mapper and its vault, is what it was, its sealed parts opened."""
        stored = self.mapper.to_stored_event(row)
        read = self.mapper.recorded(1, row.stream, row.version, stored.topic, stored.state)
        assert read.meta == row.meta
        assert readable(read.event, self.vault) == as_it_is(row.event)

    def check_all(self) -> None:
        """Every stream once more, from its first event."""
        for part in self.parts:
            for key in self.streams[part.decider.kind]:
                self._check(part, key, list(self.log.stream(key)))

    # ------------------------------------------------------------------ for the parts

    def new(self, kind: str) -> UUID:
        return uuid5(NAMESPACE, f"casework:{kind}:{next(self.made)}")

    def words(self, chance: Random, subject: UUID) -> Sealed[Narrative]:
        return Sealed(subject, Narrative("" if chance.random() < 0.02 else f"Що сталося, {chance.randrange(99)}"))

    def reason(self, chance: Random, subject: UUID) -> Sealed[Reason]:
        return Sealed(subject, Reason("" if chance.random() < 0.02 else f"Тому що {chance.randrange(99)}"))

    def code(self, chance: Random, known: Mapping[str, object]) -> str:
        return "no-such-code" if chance.random() < 0.02 else chance.choice(sorted(known))

    def later(self, chance: Random, *, days: float = 300) -> datetime:
        """Mostly to come; seldom past."""
        return self.now + timedelta(days=chance.uniform(-0.02 * days, days))

    def earlier(self, chance: Random, *, days: float = 10) -> datetime:
        return self.now - timedelta(days=chance.uniform(-0.02 * days, days))


def as_it_is(event: Event) -> dict[str, Any]:
    """A fresh event as `tests.domain.golden.readable` shows one that was stored."""
    numbers = itertools.count()

    def show(value: Any) -> Any:
        return {"subject": value.subject, "part": next(numbers), "opens_as": value.fresh_value()}

    shown: dict[str, Any] = msgspec.to_builtins(event, enc_hook=show)
    return shown
