"""Given events, when a command, then events or a refusal: the shape of every test of an aggregate.

    given(DECIDER, recorded).when(VoidIncident(...)).then(IncidentVoided(...))
    given(DECIDER, recorded).when(VoidIncident(...)).then_refused(WrongState, says="voided")

Whatever a command leads to is also stored, read back and folded, on the way: no test has to ask for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.decider import Decider
from domain.errors import DomainError
from domain.event import Event
from tests.fakes_log import as_stored

STREAM = UUID(int=7)
UTC_ISO = re.compile(r"\d{4}-\d\d-\d\dT")


@dataclass(frozen=True)
class Outcome:
    """What a command led to: events, or the error."""

    events: tuple[Event, ...]
    error: DomainError | None

    def then(self, *expected: Event) -> None:
        """Exactly these events."""
        if self.error is not None:
            raise AssertionError(f"refused: {self.error}") from self.error
        assert self.events == expected

    def then_nothing(self) -> None:
        """Taken, and nothing changed."""
        self.then()

    def then_refused(self, error: type[DomainError], *, says: str = "", field: str | None = None) -> DomainError:
        """Refused with exactly this error, whose sentence has `says` in it and, where given, blames `field`."""
        assert type(self.error) is error, f"expected {error.__name__}, got {self.error!r} and {self.events}"
        assert self.error is not None
        assert says in self.error.detail, self.error.detail
        assert not UTC_ISO.search(self.error.detail), "a sentence tells Kyiv time: domain/kyiv_time.py"
        if field is not None:
            assert self.error.fields["field"] == field
            assert self.error.detail.startswith(f"{field}: ")
        return self.error


@dataclass(frozen=True)
class Given:
    decider: Decider[Any, Any]
    history: Sequence[Event]

    def when(self, command: Any) -> Outcome:
        state = folded(self.decider, self.history)
        try:
            events = self.decider.decide(state, command)
        except DomainError as error:
            return Outcome((), error)
        folded(self.decider, [*self.history, *events])
        return Outcome(events, None)


def given(decider: Decider[Any, Any], *history: Event) -> Given:
    return Given(decider, history)


def folded(decider: Decider[Any, Any], history: Sequence[Event]) -> Any:
    """The state after the events as a log gives them back, which is the state after them as they are."""
    stored = [as_stored(event, STREAM, version) for version, event in enumerate(history, start=1)]
    state = decider.fold(stored)
    assert state == decider.fold(history)
    return state
