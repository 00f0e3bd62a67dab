"""Children of whom something may still be written: of one that was erased it would be lost as soon as it is said."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from app.desk import Desk
from domain import child
from domain.child_state import not_erased
from domain.log import Change


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
