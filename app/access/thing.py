"""A thing that is asked for, as the policies see it: what all kinds have, and what stands for one that is not there."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, TypeAlias
from uuid import UUID

import msgspec

PROPOSED = "proposed"  # the state of a thing that a command would create: it is no secret to whoever proposes it


UNITS = "Set<Unit>"  # the entity type of a fact that holds several units

FactValue: TypeAlias = UUID | str | frozenset[UUID] | None


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all kinds. `key` names the thing in the answer to whoever may not know of it."""

    KIND: ClassVar[str]  # its entity type
    WORD: ClassVar[str]  # its name in NotFound: the same as for a thing that does not exist
    FACTS: ClassVar[Mapping[str, str]] = MappingProxyType({})  # field: entity type of its value
    STATES: ClassVar[tuple[str, ...]] = ()  # that a stored one can be in; `PROPOSED` comes beside

    key: UUID | str


class System(Thing, frozen=True, kw_only=True):
    """The deployment itself: lists, what is created without a relation, the record as a whole."""

    KIND = "System"
    WORD = "system"

    key: UUID | str = "oberih"


class Absent(msgspec.Struct, frozen=True, kw_only=True):
    """A thing that was asked for and does not exist: the gate takes as long over it as over a hidden one."""

    of: type[Thing]
    key: UUID | str


NOBODY = UUID("b3c5d2a8-6f0e-4d6b-9a53-0e8d5c1f7a42")  # an account and a unit that no one is or serves in


def phantom(kind: type[Thing], key: UUID | str) -> Thing:
    """A thing of its kind that is related to nobody."""
    nobodys = {"Account": NOBODY, "Unit": NOBODY, "Community": NOBODY, UNITS: frozenset[UUID]()}
    facts: dict[str, Any] = {
        name: nobodys[entity] if entity in nobodys else kind.STATES[0] for name, entity in kind.FACTS.items()
    }
    return kind(key=key, **facts)
