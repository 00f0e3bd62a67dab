"""The Ukrainian of refusals: phrases by their English, with `{}` where a value stands, in the same order.

`names` has what sorts of refusals, things and states are called, `reasons` the sentences of the access policy; the
other modules the phrases of what they are named after.
"""

from __future__ import annotations

from types import MappingProxyType

from app.api.ukrainian import (
    accounts,
    camera_network,
    children,
    communities,
    footage,
    incidents,
    initiatives,
    names,
    national,
    prevention_cases,
    reasons,
    referrals,
    reports,
    schools,
    sharing,
    values,
    webhooks,
)

TITLES = MappingProxyType(
    {
        **names.TITLES,
        **camera_network.TITLES,
        **referrals.TITLES,
    }
)
KINDS = MappingProxyType(
    {
        **names.KINDS,
        **camera_network.KINDS,
        **referrals.KINDS,
    }
)
STATES = MappingProxyType(
    {
        **names.STATES,
        **referrals.STATES,
    }
)
PHRASES = MappingProxyType(
    {
        **values.PHRASES,
        **accounts.PHRASES,
        **children.PHRASES,
        **incidents.PHRASES,
        **prevention_cases.PHRASES,
        **footage.PHRASES,
        **camera_network.PHRASES,
        **communities.PHRASES,
        **initiatives.PHRASES,
        **national.PHRASES,
        **referrals.PHRASES,
        **reports.PHRASES,
        **schools.PHRASES,
        **sharing.PHRASES,
        **webhooks.PHRASES,
    }
)
REASONS = MappingProxyType(
    {
        **reasons.REASONS,
        **camera_network.REASONS,
        **communities.REASONS,
        **initiatives.REASONS,
        **national.REASONS,
        **referrals.REASONS,
        **reports.REASONS,
        **schools.REASONS,
        **sharing.REASONS,
        **webhooks.REASONS,
    }
)

__all__ = ["KINDS", "PHRASES", "REASONS", "STATES", "TITLES"]
