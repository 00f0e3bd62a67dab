"""Somebody who can sign in. What proves it is them (a password, a token) is never an event."""

from __future__ import annotations

from uuid import UUID

from domain.event import Event
from domain.personal import PersonName, Reason
from domain.sealed import Sealed


class AccountCreated(Event, frozen=True, kw_only=True):
    TOPIC = "account.created"

    username: str
    unit: UUID
    person: Sealed[PersonName]


class AccountSuspended(Event, frozen=True, kw_only=True):
    TOPIC = "account.suspended"

    reason: Sealed[Reason]
