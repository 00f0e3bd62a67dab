"""One request as the house sees it: who asks, why, and which command of theirs this is."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from uuid import UUID, uuid4, uuid5

import msgspec

from app.access.gate import Principal
from domain.event import Meta

COMMANDS = UUID("6f0c1f3e-7b51-4b0b-9b39-2f6c0f6f1a11")  # the namespace of command ids made of idempotency keys


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A caller with one command or question. `expected_version` comes from If-Match."""

    principal: Principal
    purpose: str
    command_id: UUID
    digest: bytes  # of the command as it was sent: the same key with another command is refused
    correlation_id: UUID
    expected_version: int | None = None

    def meta(self, *, causation: str = "") -> Meta:
        """The envelope of this command's events, dated now."""
        return Meta(
            actor=self.principal.account,
            role="+".join(sorted(self.principal.roles)) or "none",
            purpose=self.purpose,
            command_id=self.command_id,
            correlation_id=self.correlation_id,
            causation=causation,
            recorded_at=now(),
        )


def now() -> datetime:
    """The composition's clock: the one place that reads it."""
    return datetime.now(UTC)


def command_id(account: UUID, idempotency_key: str | None) -> UUID:
    """The id of a command: the same account with the same key means the same command."""
    if idempotency_key is None:
        return uuid4()
    return uuid5(COMMANDS, f"{account}\x00{idempotency_key}")


def digest_of(operation: str, *parts: object) -> bytes:
    """What was asked, so that a reused key is told from a retry."""
    return hashlib.sha256(msgspec.json.encode([operation, *parts], order="deterministic")).digest()
