"""How a child's identity goes: by an order, or at the request of the person, when a second person agreed.

That something happened stays, under the pseudonym. What was merged into the profile is of the same child and goes with
it. What goes is on record first (from then on nobody opens it), then its keys are destroyed, and a certificate says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import msgspec

from domain import checks
from domain.authorisation import REFERENCE
from domain.child_events import ChildErasureRefused, ChildErasureRequested, IdentityDestroyed, IdentityErased
from domain.child_state import Asked, Child, standing
from domain.errors import WrongState
from domain.event import Event
from domain.footage_refusals import ErasureBySameAccount
from domain.personal import Reason
from domain.sealed import Sealed


class RequestChildErasure(msgspec.Struct, frozen=True, kw_only=True):
    child: UUID
    order: str
    by: UUID
    reason: Sealed[Reason]


class AgreeToChildErasure(msgspec.Struct, frozen=True, kw_only=True):
    child: UUID
    by: UUID


class RefuseChildErasure(msgspec.Struct, frozen=True, kw_only=True):
    child: UUID
    by: UUID
    reason: Sealed[Reason]


class RecordChildDestruction(msgspec.Struct, frozen=True, kw_only=True):
    child: UUID
    records: int  # that name the child, and whose keys are destroyed: all there ever were


def decide_request(state: Child | None, command: RequestChildErasure) -> tuple[Event, ...]:
    child = standing(state, command.child)
    if child.erasure is not None:
        raise WrongState("child", command.child, "up for erasure", "another supervisor decides on the request")
    return (
        ChildErasureRequested(
            order=checks.pattern("order", command.order, REFERENCE, "give its number: 2 to 60 letters and digits"),
            by=command.by,
            reason=checks.reason("reason", command.reason),
        ),
    )


def decide_refuse(state: Child | None, command: RefuseChildErasure) -> tuple[Event, ...]:
    _requested(standing(state, command.child), command.child)
    return (ChildErasureRefused(by=command.by, reason=checks.reason("reason", command.reason)),)


def decide_agree(
    state: Child | None, merged: Mapping[UUID, Child], command: AgreeToChildErasure
) -> Mapping[UUID, tuple[Event, ...]]:
    """The events of the profile and of those that were merged into it. `merged` are the latter as they are now."""
    child = standing(state, command.child)
    asked = _requested(child, command.child)
    if asked.by == command.by:
        raise ErasureBySameAccount("another supervisor of the unit")
    erased = IdentityErased(order=asked.order, requested_by=asked.by, by=command.by)
    return {command.child: (erased,), **{other: (erased,) for other in child.merged if not merged[other].erased}}


def decide_destroyed(state: Child | None, command: RecordChildDestruction) -> tuple[Event, ...]:
    """Once, and once more for what was written later. A crash between the deed and its record repeats the deed, which
    then finds nothing left.
    """
    child = checks.existing("child", command.child, state)
    further = command.records - child.records_destroyed
    if not child.erased or (child.destroyed and further <= 0):
        return ()
    return (IdentityDestroyed(records=further),)


def _requested(child: Child, key: UUID) -> Asked:
    if child.erasure is None:
        raise WrongState("child", key, "not up for erasure", "somebody asks for it first")
    return child.erasure
