"""A district's casework as random commands of several actors over several aggregates make it, checked at every step.

What is checked of every command, whether it was taken or refused: nothing half done is in the log; of every event: it
has an actor and a purpose, and the event store's mapper gives it back as it was; of each stream that it went to: the
state that was kept is the state that its events fold to, and the invariants of its aggregate hold. What one command
leads to in several streams is one append, and what the processes make of it follows at once. Which aggregates there are
is a list of `Part`s (`tests/domain/casework_parts/`): another aggregate is another part.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

from app.event_store.mapper import EventMapper
from app.event_store.vault import Vault
from domain.errors import DomainError
from domain.event import Event, Meta, Recorded
from domain.ids import NAMESPACE, SYSTEM_ACTOR
from domain.log import Change
from domain.personal import Narrative, Reason
from domain.registry import DECIDERS
from domain.sealed import Sealed
from domain.vocabulary import PURPOSES, ROLES
from tests.domain.casework_parts.part import ACTORS, Actor, Decided, Part
from tests.domain.examples import NOW, uuid
from tests.domain.golden import as_it_is, readable, sealed_parts, token_of
from tests.fakes_log import MemoryEventLog

PERSONS = 8  # children that casework meets at a time, of whom some have a profile
FITTING_SHARE = 0.75  # of the commands are such as the thing's state takes; the others are any
STEP_MAX, LEAP_MAX, LEAP_SHARE = timedelta(hours=3), timedelta(days=40), 0.02  # how time passes between two commands
RECENT = 4  # streams of a kind that are worked on; the older ones are left as they are


@dataclass
class Tally:
    rounds: int = 0  # of histories
    steps: int = 0
    accepted: int = 0  # commands that were taken and changed something
    over_streams: int = 0  # appends to several streams at once
    reactions: int = 0  # of processes
    events: Counter[type[Event]] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)  # by kind of command and error

    @property
    def accepted_share(self) -> float:
        return self.accepted / max(1, self.steps)


class Casework:
    """Everything that happened so far. The state of each stream is kept as it was evolved, event by event."""

    def __init__(self, parts: tuple[Part, ...], vault: Vault, tally: Tally) -> None:
        self.parts, self.vault, self.tally = {part.decider.kind: part for part in parts}, vault, tally
        self.deciders = {**DECIDERS, **{kind: part.decider for kind, part in self.parts.items()}}
        self.mapper = EventMapper(vault)
        self.log = MemoryEventLog()
        self.stored: dict[UUID, list[tuple[str, bytes]]] = defaultdict(list)  # topic and bytes of each event
        self.now = NOW
        self.live: dict[UUID, Any] = {}
        self.streams: dict[str, list[UUID]] = defaultdict(list)
        self.kinds: dict[UUID, str] = {}
        self.persons = [uuid(31 + number) for number in range(PERSONS)]
        self.destroyed: set[UUID] = set()  # subjects
        self.last_command = UUID(int=0)
        self.made = itertools.count()

    def step(self, chance: Random) -> None:
        """One command of somebody to something."""
        leaps = chance.random() < LEAP_SHARE
        self.now += chance.random() * (LEAP_MAX if leaps else STEP_MAX)
        parts = tuple(self.parts.values())
        (part,) = chance.choices(parts, [part.weight for part in parts])
        actor = chance.choice(ACTORS)
        key = self._stream(part, chance)
        state, head = self.live.get(key), self.log.head()
        fits = part.first if state is None else part.fits(self, key, state)
        kind = chance.choice(fits if fits and chance.random() < FITTING_SHARE else tuple(part.makes))
        command = part.makes[kind](self, chance, actor, key, state)
        self.tally.steps += 1
        try:
            spanning = part.spans.get(kind)
            decided = (self.decided(part.decider.kind, key, command),) if spanning is None else spanning(self, command)
            self._append(decided, self._meta(actor))
        except DomainError as refusal:
            self.tally.refusals[f"{kind.__name__}: {refusal.code}"] += 1
            assert (self.log.head(), self.live.get(key)) == (head, state), "a refused command left something"
            return
        self.tally.accepted += self.log.head() > head
        if key in self.live:
            self._check(key)

    def decided(self, kind: str, key: UUID, command: Any) -> Decided:
        """Of the stream's own state alone. Raises DomainError."""
        return Decided(kind, key, self.deciders[kind].decide(self.live.get(key), command))

    def check_all(self) -> None:
        """Every stream once more, from the bytes of its first event; and what was destroyed, and no more, is gone."""
        for key in self.live:
            self._check(key)
            stored = self._stored(key)
            assert self.deciders[self.kinds[key]].fold(stored) == self.live[key], "replay differs from live"
            for subject, value in self.opened(key):
                assert (value is None) == (subject in self.destroyed), "an erasure took too little, or too much"

    # ------------------------------------------------------------------ a step

    def _stream(self, part: Part, chance: Random) -> UUID:
        """Something new, or one of the last that take commands, or one of the last."""
        known = self.streams[part.decider.kind]
        if not known or chance.random() < part.new_share:
            return self.new(part.decider.kind) if part.key is None else part.key(self, chance)
        if chance.random() < FITTING_SHARE:
            known = [key for key in known if part.fits(self, key, self.live[key])] or known
        return chance.choice(known[-RECENT:])

    def _meta(self, actor: Actor) -> Meta:
        return Meta(
            actor=actor.account,
            role=actor.role,
            purpose=sorted(PURPOSES)[next(self.made) % len(PURPOSES)],
            command_id=self.new("command"),
            correlation_id=self.new("correlation"),
            recorded_at=self.now,
        )

    def _append(self, decided: Sequence[Decided], meta: Meta) -> None:
        """To all of its streams at once, and then what the processes make of it. Raises DomainError, before that: a
        subject whose key was destroyed takes nothing new.
        """
        changes, rows = [], []
        for each in decided:
            version = len(self.log.events(each.stream))
            changes.append(Change(each.stream, version, each.events))
            rows += [Recorded(0, each.stream, at, meta, event) for at, event in enumerate(each.events, version + 1)]
        self._store(rows)
        before = self.log.head()
        self.log.append(changes, meta)
        self.last_command = meta.command_id
        touched = [each for each in decided if each.events]
        self.tally.over_streams += len(touched) > 1
        for each in touched:
            self._evolve(each)
        for caused in self.log.read(after=before):
            self._react(caused)
        for each in touched:
            self._check(each.stream)

    def _store(self, rows: list[Recorded]) -> None:
        """Each event, through the store's mapper and its vault, is what it was, its sealed parts opened."""
        for row, stored in zip(rows, self.mapper.to_stored_events(rows), strict=True):
            read = self.mapper.recorded(1, row.stream, row.version, stored.topic, stored.state)
            assert read.meta == row.meta
            assert readable(read.event, self.vault) == as_it_is(row.event)
            self.stored[row.stream].append((stored.topic, stored.state))

    def _evolve(self, decided: Decided) -> None:
        key, state = decided.stream, self.live.get(decided.stream)
        if key not in self.live:
            self.streams[decided.kind].append(key)
            self.kinds[key] = decided.kind
        for event in self.log.events(key)[-len(decided.events) :]:
            state = self.deciders[decided.kind].evolve(state, event)
            self.tally.events[type(event)] += 1
        self.live[key] = state

    def _stored(self, key: UUID) -> list[Event]:
        return [self.mapper.event(key, version, *row) for version, row in enumerate(self.stored[key], start=1)]

    def _react(self, caused: Recorded) -> None:
        for process in (each for part in self.parts.values() for each in part.processes):
            if isinstance(caused.event, process.event) and (decided := process.answer(self, caused.event)):
                self.tally.reactions += 1
                meta = Meta(
                    actor=SYSTEM_ACTOR,
                    role="system",
                    purpose=process.name,
                    command_id=self.new("command"),
                    correlation_id=caused.meta.correlation_id,
                    causation=f"{caused.stream}:{caused.version}",
                    recorded_at=self.now,
                )
                self._append(decided, meta)

    def _check(self, key: UUID) -> None:
        history, state, kind = self.history(key), self.live[key], self.kinds[key]
        assert self.deciders[kind].fold(row.event for row in history) == state, "replay differs from live"
        for recorded in history:
            _accounted_for(recorded.meta)
        if kind in self.parts:
            self.parts[kind].invariant(self, key, state, history)

    # ------------------------------------------------------------------ for the parts

    def history(self, key: UUID) -> list[Recorded]:
        return list(self.log.stream(key))

    def opened(self, key: UUID) -> list[tuple[UUID, Any]]:
        """What each sealed part of a stream opens as: None where its subject's key was destroyed."""
        sealed = (part for event in self._stored(key) for part in sealed_parts(event))
        return [(part.subject, self.vault.open(token_of(part), kind)) for part, kind in sealed]

    def new(self, kind: str) -> UUID:
        return uuid5(NAMESPACE, f"casework:{kind}:{next(self.made)}")

    def person(self, chance: Random) -> UUID:
        """A child that somebody met with."""
        return chance.choice(self.persons[-PERSONS:])

    def words(self, chance: Random) -> Sealed[Narrative]:
        """A record of its own."""
        text = "" if chance.random() < 0.02 else f"Що сталося, {chance.randrange(99)}"
        return Sealed(self.new("record"), Narrative(text))

    def reason(self, chance: Random, subject: UUID | None = None) -> Sealed[Reason]:
        """A record of its own, where it is not the subject's."""
        text = "" if chance.random() < 0.02 else f"Тому що {chance.randrange(99)}"
        return Sealed(subject or self.new("record"), Reason(text))

    def code(self, chance: Random, known: Mapping[str, object]) -> str:
        return "no-such-code" if chance.random() < 0.02 else chance.choice(sorted(known))

    def later(self, chance: Random, *, days: float = 300) -> datetime:
        """Mostly to come; seldom past."""
        return self.now + timedelta(days=chance.uniform(-0.02 * days, days))

    def earlier(self, chance: Random, *, days: float = 10) -> datetime:
        return self.now - timedelta(days=chance.uniform(-0.02 * days, days))


def _accounted_for(meta: Meta) -> None:
    assert meta.actor.int, "an event without an actor"
    if meta.actor == SYSTEM_ACTOR:
        assert meta.role == "system"
        assert meta.purpose, "an event without a purpose"
        assert meta.causation, "the system acts for nothing that happened"
    else:
        assert meta.purpose in PURPOSES, "an event without a purpose"
        assert meta.role in ROLES
