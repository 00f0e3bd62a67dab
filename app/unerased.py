"""Children of whom something may still be written: of one that was erased it would be lost as soon as it is said.

What is refused is words. A case of such a child is still closed, with a reason that opens to nobody: that it ended must
stand on record. A concern ends by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from app.desk import Desk
from domain import child
from domain.checks import existing
from domain.child_state import not_erased
from domain.log import Change
from domain.prevention_case_state import KIND, PreventionCase


def unerased(desk: Desk, children: Iterable[UUID]) -> tuple[Change, ...]:
    """Their profiles, named unchanged in a decision that writes of them: where one is erased meanwhile, it is decided
    anew. Raises WrongState: one was erased.
    """
    guards = []
    for key in dict.fromkeys(children):
        loaded = desk.load(child.DECIDER, key)
        if loaded.state is not None:
            not_erased(loaded.state, key)
            guards.append(Change(key, loaded.version, ()))
    return tuple(guards)


def of_child(desk: Desk, case: UUID, state: PreventionCase | None) -> tuple[Change, ...]:
    """The same of the child of a case. Raises NotFound, WrongState."""
    return unerased(desk, (existing(KIND, case, state).child,))
