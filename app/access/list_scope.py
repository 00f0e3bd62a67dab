"""What a reader may find in a list, as a condition that a query can carry.

It is not written down a second time: the policies are asked about every combination of relation and state that a
row can be in, and the answers are put together. So a list that is filtered by a query and a row that is decided on
at the gate cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any
from uuid import UUID

import msgspec

from app.access.policy import PolicyInvalid
from app.access.resources import NOBODY, UNITS, FactValue, Thing

ANOTHER = UUID("0d6f4c1e-3b7a-4f58-9c2d-7a1e5b8f9034")  # a community that nobody is posted to


class Alternative(msgspec.Struct, frozen=True):
    """Rows whose named fields are the reader's own (account, unit or community), in one of the states."""

    own: frozenset[str]  # names of fields; empty: whoever's it is
    states: frozenset[str] | None  # None: in whatever state


class ListScope(msgspec.Struct, frozen=True):
    """A row is shown where any alternative holds; without alternatives none is."""

    account: UUID
    unit: UUID
    community: UUID | None
    kind: type[Thing]
    alternatives: tuple[Alternative, ...]

    @property
    def everything(self) -> bool:
        """All rows: the query needs no condition."""
        return any(not alternative.own and alternative.states is None for alternative in self.alternatives)

    def own_value(self, field: str) -> UUID:
        """What a field must be, or hold, to be the reader's own."""
        own = {"Account": self.account, "Community": self.community or NOBODY}
        return own.get(self.kind.FACTS[field], self.unit)

    def _is_own(self, row: Thing, field: str) -> bool:
        value, own = getattr(row, field), self.own_value(field)
        return own in value if isinstance(value, frozenset) else value == own

    def admits(self, row: Thing) -> bool:
        """The condition, on one row."""
        return any(
            all(self._is_own(row, field) for field in alternative.own)
            and (alternative.states is None or getattr(row, "state", "") in alternative.states)
            for alternative in self.alternatives
        )


def alternatives(
    kind: type[Thing],
    account: UUID,
    unit: UUID,
    community: UUID | None,
    allowed: Callable[[Sequence[Thing]], Sequence[bool]],
) -> tuple[Alternative, ...]:
    """The shortest list of alternatives under which the policies allow a row of this kind.

    Raises:
        PolicyInvalid: a row is hidden because it is the reader's own, which this form cannot say.
    """
    fields = [name for name, entity in kind.FACTS.items() if entity in ("Account", "Unit", "Community", UNITS)]
    owned = [frozenset(some) for size in range(len(fields) + 1) for some in combinations(fields, size)]
    states = kind.STATES or ("",)
    values: Mapping[str, tuple[FactValue, FactValue]] = {  # by entity type: the reader's, and nobody's
        "Account": (account, NOBODY),
        "Unit": (unit, NOBODY),
        "Community": (community or NOBODY, ANOTHER),
        UNITS: (frozenset({unit}), frozenset()),
    }
    rows = [
        _row(kind, {name: values[kind.FACTS[name]][name not in own] for name in fields}, state)
        for own in owned
        for state in states
    ]
    answers = iter(allowed(rows))
    open_to = {own: frozenset(state for state in states if next(answers)) for own in owned}
    found: list[Alternative] = []
    for own in owned:  # the smaller sets come first, and cover the larger ones
        covered = frozenset().union(*(open_to[less] for less in owned if less < own))
        if not covered <= open_to[own]:
            raise PolicyInvalid(f"a {kind.WORD} is hidden from those it belongs to ({', '.join(sorted(own))})")
        if open_to[own] - covered:
            every = len(open_to[own]) == len(states)
            found.append(Alternative(own, None if every else open_to[own]))
    return tuple(found)


def _row(kind: type[Thing], owners: Mapping[str, FactValue], state: str) -> Thing:
    facts: dict[str, Any] = {**owners}
    if kind.STATES:
        facts["state"] = state
    return kind(key="row", **facts)
