"""One role of one account, given and withdrawn: who could do what, and when, is history too."""

from __future__ import annotations

from uuid import UUID

from domain.event import Event


class RoleGiven(Event, frozen=True, kw_only=True):
    TOPIC = "role.given"

    account: UUID
    role: str  # vocabulary.ROLES
    unit: UUID  # where the role is exercised


class RoleWithdrawn(Event, frozen=True, kw_only=True):
    TOPIC = "role.withdrawn"

    account: UUID
    role: str
