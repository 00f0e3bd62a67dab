"""The shape of every aggregate: `decide(state, command) -> events` may refuse, `evolve(state, event)` never does.

Each is a table from the command's or the event's class to one small pure function. A command that spans two streams
(footage is archived *of a camera*) has a decider of its own beside the table, which gives the events of both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from domain.event import Event

Command = TypeVar("Command")
State = TypeVar("State")


@dataclass(frozen=True)
class Decider(Generic[Command, State]):
    """The pure functions of one aggregate. `None` is the state of a stream without events."""

    kind: str  # the aggregate's name in errors and addresses
    decides: Mapping[type[Any], Callable[[Any, Any], tuple[Event, ...]]]
    evolves: Mapping[type[Any], Callable[[Any, Any], State]]

    def decide(self, state: State | None, command: Command) -> tuple[Event, ...]:
        """The events that the command leads to; none where it changes nothing.

        Raises:
            domain.errors.DomainError: the command is refused.
        """
        return self.decides[type(command)](state, command)

    def evolve(self, state: State | None, event: Event) -> State:
        """The state after one more event."""
        return self.evolves[type(event)](state, event)

    def fold(self, events: Iterable[Event], state: State | None = None) -> State | None:
        """The state after the events. The same fold gives the present and any past moment."""
        evolves = self.evolves
        for event in events:
            state = evolves[type(event)](state, event)
        return state
