"""How a message is signed: as the Standard Webhooks specification 1.0 says (HMAC-SHA256 over id, time and body).

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from app.event_store.root_key import RootKey
from domain.webhooks.webhook import Webhook

OLD_SECRET_HOURS = 24  # after a renewal both secrets sign, so that the receiver can change its own in peace
_PREFIX = "whsec_"


class Secrets:
    """The secrets of all webhooks. They are stored nowhere: they follow from the deployment's root key."""

    def __init__(self, root: bytes) -> None:
        self._key = hashlib.sha256(b"oberih/webhook/1" + root).digest()

    @classmethod
    def of(cls, root_key: Path) -> Secrets:
        return cls(RootKey.read(root_key).line)

    def secret(self, webhook: UUID, renewals: int) -> str:
        """As the receiver is given it."""
        return _PREFIX + base64.b64encode(self._bytes(webhook, renewals)).decode()

    def in_force(self, key: UUID, webhook: Webhook, at: datetime) -> tuple[str, ...]:
        """The secret, and the one before it for as long as it may still be checked against."""
        fresh = webhook.renewed_at is not None and at < webhook.renewed_at + timedelta(hours=OLD_SECRET_HOURS)
        numbers = (webhook.renewals, webhook.renewals - 1) if fresh else (webhook.renewals,)
        return tuple(self.secret(key, number) for number in numbers)

    def _bytes(self, webhook: UUID, renewals: int) -> bytes:
        return hmac.digest(self._key, webhook.bytes + renewals.to_bytes(8), "sha256")


def headers(message: UUID, at: datetime, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """What goes with the body: its id, the time of sending, and a signature for each secret."""
    moment = str(int(at.timestamp()))
    signatures = " ".join(f"v1,{signature(secret, str(message), moment, body)}" for secret in secrets)
    return {"webhook-id": str(message), "webhook-timestamp": moment, "webhook-signature": signatures}


def signature(secret: str, message: str, moment: str, body: bytes) -> str:
    """Base64 of the HMAC. The receiver makes the same, and compares."""
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    return base64.b64encode(hmac.digest(key, f"{message}.{moment}.".encode() + body, "sha256")).decode()
