"""The shape of every aggregate: `decide(state, command) -> events` may refuse, `evolve(state, event)` never does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from domain.event import Event

Command = TypeVar("Command")
State = TypeVar("State")


@dataclass(frozen=True)
class Decider(Generic[Command, State]):
    """The pure functions of one aggregate. `None` is the state of a stream without events."""

    kind: str  # the aggregate's name in errors and addresses
    decide: Callable[[State | None, Command], tuple[Event, ...]]
    evolve: Callable[[State | None, Event], State]

    def fold(self, events: Iterable[Event], state: State | None = None) -> State | None:
        """The state after the events. The same fold gives the present and any past moment."""
        for event in events:
            state = self.evolve(state, event)
        return state
