"""Histories of webhooks, for `tests.projections.histories`: valid ones, made of plain numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from domain.ids import NAMESPACE, webhook_delivery_id
from domain.webhooks.webhook import (
    ASKED,
    FAILING,
    SecretRenewed,
    WebhookConfirmed,
    WebhookDelivered,
    WebhookPaused,
    WebhookRegistered,
    WebhookRemoved,
    WebhookResumed,
)

Move = tuple[Callable[[int], Any], object]
BY = uuid5(NAMESPACE, "example: administrator")


class Webhooks:
    """The part of a district that concerns them; the time is the district's."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.standing: dict[UUID, bool] = {}  # to whether it is paused
        self.registered = self.delivered = 0

    def table(self, salt: int) -> list[Move]:
        return [
            (self.register, True if salt % 3 == 0 else None),
            (self.change, self.standing or None),
            (self.deliver, self.standing or None),
        ]

    def register(self, salt: int) -> Any:
        self.registered += 1
        key = uuid5(NAMESPACE, f"example: webhook {self.registered}")
        self.standing[key] = False
        url, account = f"https://partner-{salt % 4}.example/told", uuid5(NAMESPACE, f"example: partner {salt % 4}")
        yield key, [WebhookRegistered(account=account, url=url, subjects=("concern",), by=BY), WebhookConfirmed(by=BY)]

    def change(self, salt: int) -> Any:
        key = list(self.standing)[salt % len(self.standing)]
        if salt % 7 == 0:
            del self.standing[key]
            yield key, [WebhookRemoved(by=BY)]
        elif salt % 3 == 0:
            yield key, [SecretRenewed(at=self.now(), by=BY)]
        else:
            self.standing[key] = not self.standing[key]
            cause = ASKED if salt % 2 else FAILING
            yield key, [WebhookPaused(cause=cause, by=BY) if self.standing[key] else WebhookResumed(by=BY)]

    def deliver(self, salt: int) -> Any:
        self.delivered += 1
        key, thing = list(self.standing)[salt % len(self.standing)], uuid5(NAMESPACE, f"told of {self.delivered}")
        taken = WebhookDelivered(webhook=key, stream=thing, version=1, topic="concern.raised", attempts=1 + salt % 3)
        yield webhook_delivery_id(key, thing, 1), [taken]
