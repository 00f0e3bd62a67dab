"""How long one camera's footage is kept, and what holds it: a stream of its own beside the camera's.

Whoever destroys footage names this stream at the version they read, so that a hold placed meanwhile makes them decide
anew. Retention counts from the footage's end. Which periods the law asks for is configuration to be checked by counsel
(MIA Orders 1044 and 1026 could not be read); a camera without a rule of its own has the deployment's.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain import checks
from domain.authorisation import REFERENCE
from domain.decider import Decider
from domain.event import Event
from domain.keeping_events import FootageHeld, HoldLifted, RetentionSet

RETENTION_DAYS_MAX = 36_500
NOTICE_DAYS = 7  # in which somebody else sees what one administrator set, and can hold what must stay


class SetRetention(msgspec.Struct, frozen=True, kw_only=True):
    camera: UUID
    days: int
    basis: str
    at: datetime


KeepingCommand: TypeAlias = SetRetention


class Keeping(msgspec.Struct, frozen=True):
    retention_days: int | None = None  # None: the deployment's
    effective_at: datetime | None = None  # nothing goes by the camera's own retention before
    holds: tuple[FootageHeld, ...] = ()

    def held_by(self, from_at: datetime, to_at: datetime) -> UUID | None:
        """A hold that stands over any part of [from_at, to_at)."""
        return next((each.hold for each in self.holds if each.from_at < to_at and from_at < each.to_at), None)

    def kept_until(self, ends_at: datetime, default_days: int | None) -> datetime | None:
        """When footage that ends then may go; None where it is kept for good."""
        days = default_days if self.retention_days is None else self.retention_days
        if days is None:
            return None
        over_at = ends_at + timedelta(days=days)
        return over_at if self.effective_at is None else max(over_at, self.effective_at)


def decide_set_retention(state: Keeping | None, command: SetRetention) -> tuple[Event, ...]:
    days = checks.whole("days", command.days, least=1, most=RETENTION_DAYS_MAX)
    basis = checks.pattern("basis", command.basis, REFERENCE, "give the order's number: 2 to 60 letters and digits")
    effective_at = checks.utc("at", command.at) + timedelta(days=NOTICE_DAYS)
    return (RetentionSet(camera=command.camera, days=days, effective_at=effective_at, basis=basis),)


def evolve_retention(state: Keeping | None, event: RetentionSet) -> Keeping:
    return replace(state or Keeping(), retention_days=event.days, effective_at=event.effective_at)


def evolve_held(state: Keeping | None, event: FootageHeld) -> Keeping:
    known = state or Keeping()
    return replace(known, holds=(*known.holds, event))


def evolve_lifted(state: Keeping | None, event: HoldLifted) -> Keeping:
    known = state or Keeping()
    return replace(known, holds=tuple(each for each in known.holds if each.hold != event.hold))


DECIDER: Decider[KeepingCommand, Keeping] = Decider(
    kind="keeping",
    decides={SetRetention: decide_set_retention},
    evolves={RetentionSet: evolve_retention, FootageHeld: evolve_held, HoldLifted: evolve_lifted},
)
