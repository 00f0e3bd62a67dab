"""Which access policy is in force: its digest, so that a past decision can be read by the policy of its day.

All adoptions are one stream, `ids.POLICY_STREAM`.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from domain import checks
from domain.decider import Decider
from domain.event import Event


class PolicyAdopted(Event, frozen=True, kw_only=True):
    TOPIC = "policy.adopted"

    sha256: str  # of the policy's text, hex
    name: str


class AdoptPolicy(msgspec.Struct, frozen=True, kw_only=True):
    sha256: str
    name: str


PolicyCommand: TypeAlias = AdoptPolicy


class Policy(msgspec.Struct, frozen=True):
    sha256: str
    name: str


def decide_adopt(state: Policy | None, command: AdoptPolicy) -> tuple[Event, ...]:
    """Adopting the text in force changes nothing."""
    digest = checks.sha256("sha256", command.sha256)
    name = checks.line("name", command.name)
    if state is not None and state.sha256 == digest:
        return ()
    return (PolicyAdopted(sha256=digest, name=name),)


def evolve_adopted(state: Policy | None, event: PolicyAdopted) -> Policy:
    return Policy(sha256=event.sha256, name=event.name)


DECIDER: Decider[PolicyCommand, Policy] = Decider(
    kind="policy",
    decides={AdoptPolicy: decide_adopt},
    evolves={PolicyAdopted: evolve_adopted},
)
