"""The mark of a deployment that is an example: nothing in it is of anybody, and its clock may be simulated.

It is the first event of a record or it is none. All of it is one stream, `ids.EXAMPLE_STREAM`.
"""

from __future__ import annotations

from typing import TypeAlias
from uuid import UUID

import msgspec

from domain.decider import Decider
from domain.errors import AlreadyExists
from domain.event import Event
from domain.ids import EXAMPLE_STREAM


class MarkedAsExample(Event, frozen=True, kw_only=True):
    TOPIC = "example.marked"

    by: UUID


class MarkExample(msgspec.Struct, frozen=True, kw_only=True):
    """For good: there is no command that takes it back."""

    by: UUID


ExampleCommand: TypeAlias = MarkExample


class Example(msgspec.Struct, frozen=True):
    marked: bool


def decide_mark(state: Example | None, command: MarkExample) -> tuple[Event, ...]:
    if state is not None:
        raise AlreadyExists("example", EXAMPLE_STREAM)
    return (MarkedAsExample(by=command.by),)


def evolve_marked(state: None, event: MarkedAsExample) -> Example:
    return Example(marked=True)


DECIDER: Decider[ExampleCommand, Example] = Decider(
    kind="example",
    decides={MarkExample: decide_mark},
    evolves={MarkedAsExample: evolve_marked},
)
