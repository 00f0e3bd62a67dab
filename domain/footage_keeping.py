"""How footage goes: when its retention is over, or by an order that a second person agreed to. Never under a hold.

What goes is on record first (`gone`: not searched, claimed or shown from then on), then off the disk (`destroyed`).
Each decider takes the camera's keeping as it is now; whoever appends names that stream unchanged.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from domain import checks
from domain.authorisation import REFERENCE
from domain.errors import WrongState
from domain.event import Event
from domain.footage_refusals import ErasureBySameAccount, FootageOnHold, RetentionNotOver
from domain.footage_state import GONE, Erasure, Footage
from domain.keeping import Keeping
from domain.keeping_events import (
    ErasureRefused,
    ErasureRequested,
    FootageDestroyed,
    FootageErased,
    FootagePurged,
)
from domain.personal import Reason
from domain.sealed import Sealed


class PurgeFootage(msgspec.Struct, frozen=True, kw_only=True):
    sha256: str
    default_days: int | None  # of the deployment; None keeps for good
    at: datetime


class RequestErasure(msgspec.Struct, frozen=True, kw_only=True):
    sha256: str
    order: str
    by: UUID
    reason: Sealed[Reason]


class AgreeToErasure(msgspec.Struct, frozen=True, kw_only=True):
    sha256: str
    by: UUID


class RefuseErasure(msgspec.Struct, frozen=True, kw_only=True):
    sha256: str
    by: UUID
    reason: Sealed[Reason]


class RecordDestruction(msgspec.Struct, frozen=True, kw_only=True):
    sha256: str
    original_bytes: int
    rows: int
    segments_rewritten: int


def decide_purge(state: Footage | None, keeping: Keeping | None, command: PurgeFootage) -> tuple[Event, ...]:
    """Nothing where it is gone already."""
    footage, rules = checks.existing("footage", command.sha256, state), keeping or Keeping()
    if footage.is_gone:
        return ()
    ends_at = max(footage.ends_at, footage.kept_from or footage.ends_at)
    kept_until = rules.kept_until(ends_at, command.default_days)
    if kept_until is None or command.at < kept_until:
        raise RetentionNotOver(command.sha256, kept_until)
    _let_go(footage, rules, command.sha256)
    days = command.default_days if rules.retention_days is None else rules.retention_days
    return (FootagePurged(kept_until=kept_until, retention_days=days or 0),)


def decide_request_erasure(state: Footage | None, command: RequestErasure) -> tuple[Event, ...]:
    """May be asked for under a hold, too; it is agreed to when the hold is released."""
    footage = _standing(state, command.sha256)
    if footage.erasure is not None:
        raise WrongState("footage", command.sha256, "up for erasure", "another administrator decides on the request")
    return (
        ErasureRequested(
            order=checks.pattern("order", command.order, REFERENCE, "give its number: 2 to 60 letters and digits"),
            by=command.by,
            reason=checks.reason("reason", command.reason),
        ),
    )


def decide_agree(state: Footage | None, keeping: Keeping | None, command: AgreeToErasure) -> tuple[Event, ...]:
    footage, asked = _requested(state, command.sha256, command.by)
    _let_go(footage, keeping or Keeping(), command.sha256)
    return (FootageErased(order=asked.order, requested_by=asked.by, by=command.by),)


def decide_refuse(state: Footage | None, command: RefuseErasure) -> tuple[Event, ...]:
    checks.existing("footage", command.sha256, state)
    _requested(state, command.sha256, None)
    return (ErasureRefused(by=command.by, reason=checks.reason("reason", command.reason)),)


def decide_destroyed(state: Footage | None, command: RecordDestruction) -> tuple[Event, ...]:
    """Once: a crash between the deed and its record repeats the deed, which then finds nothing left."""
    footage = checks.existing("footage", command.sha256, state)
    if footage.phase != GONE:
        return ()
    return (
        FootageDestroyed(
            original_bytes=command.original_bytes, rows=command.rows, segments_rewritten=command.segments_rewritten
        ),
    )


def _standing(state: Footage | None, sha256: str) -> Footage:
    footage = checks.existing("footage", sha256, state)
    if footage.is_gone:
        raise WrongState("footage", sha256, footage.phase, "nothing of it is left to decide on")
    return footage


def _requested(state: Footage | None, sha256: str, by: UUID | None) -> tuple[Footage, Erasure]:
    footage = _standing(state, sha256)
    if footage.erasure is None:
        raise WrongState("footage", sha256, "not up for erasure", "an administrator asks for it first")
    if footage.erasure.by == by:
        raise ErasureBySameAccount
    return footage, footage.erasure


def not_held(keeping: Keeping, sha256: str, from_at: datetime, to_at: datetime, uncertainty_seconds: float) -> None:
    """Raises FootageOnHold where a hold stands over any time that the footage may show."""
    allowed = timedelta(seconds=uncertainty_seconds)
    hold = keeping.held_by(from_at - allowed, to_at + allowed)
    if hold is not None:
        raise FootageOnHold(sha256, hold)


def _let_go(footage: Footage, keeping: Keeping, sha256: str) -> None:
    not_held(keeping, sha256, footage.recorded_at, footage.ends_at, footage.uncertainty_seconds)
