"""Which access policy is in force: its digest, so that a past decision can be read by the policy of its day."""

from __future__ import annotations

from domain.event import Event


class PolicyAdopted(Event, frozen=True, kw_only=True):
    TOPIC = "policy.adopted"

    sha256: str  # of the policy's text, hex
    name: str
