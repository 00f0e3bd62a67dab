"""What always holds of a child's profile, said from its whole history and from those that it was merged with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from domain import child_events as facts
from domain.child_state import Child
from domain.event import Event, Recorded
from tests.domain.casework import Casework

MERGING = (facts.ProfilesMerged, facts.ProfilesUnmerged, facts.MergedInto, facts.MergeUndone)


def holds(work: Casework, key: UUID, state: Child, history: list[Recorded]) -> None:
    assert isinstance(history[0].event, facts.ChildRegistered)
    assert sum(isinstance(recorded.event, facts.ChildRegistered) for recorded in history) == 1, "registered twice"
    into, merged = _merging(work, key, history)
    assert (state.survivor, state.merged) == (into, merged)
    never_merged = work.deciders["child"].fold(_without_what_was_parted(history))
    assert state == never_merged, "two that were parted are not as before"
    assert state.erased == _erased(work, history, into)
    if state.erased:
        assert all(work.live[other].erased for other in merged), "a child was erased, and a profile of it was not"
    if state.destroyed:
        _nothing_opens(work, key, history)


def _merging(work: Casework, key: UUID, history: list[Recorded]) -> tuple[UUID | None, tuple[UUID, ...]]:
    """What it is merged into, and what was merged into it. What is merged into another takes nothing, and each step
    stands in the record of both, made at once.
    """
    into, merged = None, list[UUID]()
    for recorded in history:
        if into is not None:
            with_it = (facts.MergeUndone, facts.IdentityErased, facts.IdentityDestroyed)
            assert isinstance(recorded.event, with_it), "a merged profile took something"
        match recorded.event:
            case facts.MergedInto(survivor=survivor):
                assert not merged, "a profile that holds others went into another"
                into = survivor
                _told_by_both(work, recorded, facts.ProfilesMerged, key, survivor)
            case facts.MergeUndone(survivor=survivor):
                assert survivor == into
                into = None
                _told_by_both(work, recorded, facts.ProfilesUnmerged, key, survivor)
            case facts.ProfilesMerged(other=other):
                merged.append(other)
                _told_by_both(work, recorded, facts.MergedInto, key, other)
            case facts.ProfilesUnmerged(other=other):
                merged.remove(other)
                _told_by_both(work, recorded, facts.MergeUndone, key, other)
    return into, tuple(merged)


def _told_by_both(work: Casework, recorded: Recorded, kind: Any, key: UUID, partner: UUID) -> None:
    told = [row for row in work.history(partner) if row.meta.command_id == recorded.meta.command_id]
    assert [type(row.event) for row in told] == [kind], "one of two profiles does not know of it"
    named = getattr(told[0].event, "other", None) or getattr(told[0].event, "survivor", None)
    assert named == key, "two profiles were merged or parted, and name a third"


def _without_what_was_parted(history: list[Recorded]) -> list[Event]:
    events: list[Event] = []
    for recorded in history:
        match recorded.event:
            case facts.ProfilesUnmerged(other=other):
                events = [each for each in events if getattr(each, "other", None) != other]
            case facts.MergeUndone(survivor=survivor):
                events = [each for each in events if getattr(each, "survivor", None) != survivor]
            case event:
                events.append(event)
    return events


def _erased(work: Casework, history: list[Recorded], into: UUID | None) -> bool:
    """Whether it was erased: asked for by one person, agreed to by another, and then it takes nothing."""
    asked, erased = None, False
    for recorded in history:
        event = recorded.event
        assert not erased or isinstance(event, facts.IdentityDestroyed), "an erased child took something"
        if asked is not None:
            assert not isinstance(event, MERGING), "profiles were merged or parted while one is up for erasure"
        match event:
            case facts.ChildErasureRequested():
                assert asked is None, "asked for twice"
                asked = event
            case facts.ChildErasureRefused():
                assert asked is not None, "refused what nobody asked for"
                asked = None
            case facts.IdentityErased(by=by, requested_by=requested_by, order=order):
                assert by != requested_by, "who asked for an erasure agreed to it"
                if into is None:
                    assert asked is not None, "erased what nobody asked for"
                    assert (asked.by, asked.order) == (requested_by, order)
                else:
                    assert event in [row.event for row in work.history(into)], "erased without the profile it is in"
                erased = True
            case facts.IdentityDestroyed():
                assert erased, "destroyed what was not erased"
    return erased


def _nothing_opens(work: Casework, key: UUID, history: list[Recorded]) -> None:
    """Of its profile for ever; of its cases and concerns, when the certificate is written."""
    assert all(value is None for _, value in work.opened(key)), "what an erased child left can be opened"
    if history[-1].meta.command_id == work.last_command:
        about = [stream for stream, state in work.live.items() if getattr(state, "child", None) == key]
        assert all(value is None for stream in about for _, value in work.opened(stream)), (
            "a record of it can be opened"
        )
