"""What a child's profile is, after its events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain import checks
from domain.child_events import (
    ChildErasureRefused,
    ChildErasureRequested,
    ChildRegistered,
    ContactsCorrected,
    IdentityCorrected,
    IdentityDestroyed,
    IdentityErased,
    MergedInto,
    MergeUndone,
    NarrativeAdded,
    ProfilesMerged,
    ProfilesUnmerged,
)
from domain.errors import WrongState
from domain.event import Event

REGISTERED, MERGED, ERASED = "registered", "merged", "erased"


class Asked(msgspec.Struct, frozen=True):
    """An erasure that somebody asked for."""

    order: str
    by: UUID


class Child(msgspec.Struct, frozen=True, kw_only=True):
    pseudonym: str
    unit: UUID
    narratives: int = 0
    survivor: UUID | None = None  # the profile that this one was merged into
    merged: tuple[UUID, ...] = ()  # profiles that were merged into this one
    erasure: Asked | None = None
    erased: bool = False
    destroyed: bool = False
    records_destroyed: int = 0

    @property
    def phase(self) -> str:
        if self.erased:
            return ERASED
        return REGISTERED if self.survivor is None else MERGED


def standing(state: Child | None, key: UUID) -> Child:
    """A profile that takes changes. Raises NotFound, or WrongState naming the profile that takes them instead."""
    child = checks.existing("child", key, state)
    not_erased(child, key)
    if child.survivor is not None:
        mend = f"change the profile {child.survivor}, or part the two"
        raise WrongState("child", key, MERGED, mend, words=f"merged into {child.survivor}")
    return child


def not_erased(child: Child, key: UUID) -> None:
    """Raises WrongState."""
    if child.erased:
        raise WrongState("child", key, ERASED, "nothing more is recorded about this child")


def evolve_registered(state: None, event: ChildRegistered) -> Child:
    narratives = 0 if event.narrative is None else 1
    return Child(pseudonym=event.pseudonym, unit=event.unit, narratives=narratives)


def evolve_corrected(state: Child, event: IdentityCorrected | ContactsCorrected) -> Child:
    return state


def evolve_narrative(state: Child, event: NarrativeAdded) -> Child:
    return replace(state, narratives=state.narratives + 1)


def evolve_merged(state: Child, event: ProfilesMerged) -> Child:
    return replace(state, merged=(*state.merged, event.other))


def evolve_merged_into(state: Child, event: MergedInto) -> Child:
    return replace(state, survivor=event.survivor)


def evolve_unmerged(state: Child, event: ProfilesUnmerged) -> Child:
    return replace(state, merged=tuple(other for other in state.merged if other != event.other))


def evolve_undone(state: Child, event: MergeUndone) -> Child:
    return replace(state, survivor=None)


def evolve_erasure_requested(state: Child, event: ChildErasureRequested) -> Child:
    return replace(state, erasure=Asked(event.order, event.by))


def evolve_erasure_refused(state: Child, event: ChildErasureRefused) -> Child:
    return replace(state, erasure=None)


def evolve_erased(state: Child, event: IdentityErased) -> Child:
    return replace(state, erased=True, erasure=None)


def evolve_destroyed(state: Child, event: IdentityDestroyed) -> Child:
    return replace(state, destroyed=True, records_destroyed=state.records_destroyed + event.records)


EVOLVES: Mapping[type[Event], Callable[[Any, Any], Child]] = MappingProxyType(
    {
        ChildRegistered: evolve_registered,
        IdentityCorrected: evolve_corrected,
        ContactsCorrected: evolve_corrected,
        NarrativeAdded: evolve_narrative,
        ProfilesMerged: evolve_merged,
        MergedInto: evolve_merged_into,
        ProfilesUnmerged: evolve_unmerged,
        MergeUndone: evolve_undone,
        ChildErasureRequested: evolve_erasure_requested,
        ChildErasureRefused: evolve_erasure_refused,
        IdentityErased: evolve_erased,
        IdentityDestroyed: evolve_destroyed,
    }
)
