"""One request as the house sees it: who asks, why, and which command of theirs this is."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4, uuid5

import msgspec

from app import clock
from app.access.gate import Principal
from app.access.operations import Operation
from app.access.purposes import own_purpose
from app.event_store.root_key import RootKey
from domain.event import Meta

COMMANDS = UUID("6f0c1f3e-7b51-4b0b-9b39-2f6c0f6f1a11")  # the namespace of command ids made of idempotency keys


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A caller with one command or question. `expected_version` comes from If-Match."""

    principal: Principal
    purpose: str  # as it was said; "" where it was not
    command_id: UUID
    digest: bytes  # of the command as it was sent: the same key with another command is refused
    correlation_id: UUID
    expected_version: int | None = None

    def new_key(self) -> UUID:
        """The id of what this command creates: the same at every retry."""
        return uuid5(self.command_id, "created")

    def new_child(self) -> UUID:
        """The id of a child that is new here, of a command that creates something else, too."""
        return uuid5(self.command_id, "child")

    def new_record(self) -> UUID:
        """The subject of the sealed record, such as a narrative, that this command makes: the same at every retry."""
        return uuid5(self.command_id, "record")

    def new_credential(self) -> UUID:
        """The name of the credential that this command stores: the same at every retry."""
        return uuid5(self.command_id, "credential")

    def meta(self, operation: Operation) -> Meta:
        """The envelope of this command's events, dated now. Who said no purpose asked for the operation's own."""
        return Meta(
            actor=self.principal.account,
            role="+".join(sorted(self.principal.roles)) or "none",
            purpose=self.purpose or own_purpose(operation),
            command_id=self.command_id,
            correlation_id=self.correlation_id,
            recorded_at=now(),
        )


def now() -> datetime:
    """The composition's clock: the one place that reads it."""
    return clock.read()


def command_id(account: UUID, idempotency_key: str | None) -> UUID:
    """The id of a command: the same account with the same key means the same command."""
    if idempotency_key is None:
        return uuid4()
    return uuid5(COMMANDS, f"{account}\x00{idempotency_key}")


class CommandDigests:
    """What was asked, kept with its receipt, so that a reused key is told from a retry.

    Keyed with a secret of the deployment: a command may hold personal data or a password, and a plain hash of
    something that can be guessed gives it away.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = hashlib.sha256(b"oberih/command-digest/1" + secret).digest()

    @classmethod
    def of(cls, root_key: Path) -> CommandDigests:
        return cls(RootKey.read(root_key).line)

    def digest(self, *parts: object) -> bytes:
        return hmac.digest(self._secret, msgspec.json.encode(parts, order="deterministic"), "sha256")
