"""Two profiles of one child: the one is gone on with, the other keeps its history and points to it.

Nothing is copied from one to the other, so parting them again gives back both as they were. Each decider takes both
profiles as they are now and gives the events of both; whoever appends does it at once.
"""

from __future__ import annotations

from uuid import UUID

import msgspec

from domain import checks
from domain.child_events import MergedInto, MergeUndone, ProfilesMerged, ProfilesUnmerged
from domain.child_state import Child, standing
from domain.errors import Invalid, WrongState
from domain.event import Event
from domain.personal import Reason
from domain.sealed import Sealed

MERGED_MAX = 20  # profiles merged into one


class MergeProfiles(msgspec.Struct, frozen=True, kw_only=True):
    survivor: UUID
    other: UUID
    reason: Sealed[Reason]


class UnmergeProfiles(msgspec.Struct, frozen=True, kw_only=True):
    survivor: UUID
    other: UUID
    reason: Sealed[Reason]


def decide_merge(
    survivor: Child | None, other: Child | None, command: MergeProfiles
) -> tuple[tuple[Event, ...], tuple[Event, ...]]:
    """Both must stand for themselves, and nothing may be merged into the other one: no profile is ever reached over
    another, and none leads back to itself.
    """
    if command.survivor == command.other:
        raise Invalid("other", "is the same profile", "name the other profile of this child")
    kept, gone = standing(survivor, command.survivor), standing(other, command.other)
    _undisputed(command.survivor, kept)
    _undisputed(command.other, gone)
    if gone.merged:
        mend = "merge this one into that one, or part them first"
        raise Invalid("other", f"{len(gone.merged)} profiles were merged into it", mend)
    if len(kept.merged) >= MERGED_MAX:
        raise Invalid("other", f"{len(kept.merged)} profiles were merged into this one", "check which are wrong")
    merged = ProfilesMerged(other=command.other, reason=checks.reason("reason", command.reason))
    return (merged,), (MergedInto(survivor=command.survivor),)


def decide_unmerge(
    survivor: Child | None, other: Child | None, command: UnmergeProfiles
) -> tuple[tuple[Event, ...], tuple[Event, ...]]:
    """What was recorded since stays with the profile that it was recorded of."""
    kept = standing(survivor, command.survivor)
    checks.existing("child", command.other, other)
    if command.other not in kept.merged:
        raise Invalid("other", "was not merged into this profile", "name one of those that were")
    _undisputed(command.survivor, kept)
    parted = ProfilesUnmerged(other=command.other, reason=checks.reason("reason", command.reason))
    return (parted,), (MergeUndone(survivor=command.survivor),)


def _undisputed(key: UUID, child: Child) -> None:
    """An erasure that was asked for is of the profiles that are one now."""
    if child.erasure is not None:
        raise WrongState("child", key, "up for erasure", "decide on that first")
