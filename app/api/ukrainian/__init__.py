"""The Ukrainian of refusals: phrases by their English, with `{}` where a value stands, in the same order.

`names` has what sorts of refusals, things and states are called, `reasons` the sentences of the access policy; the
other modules the phrases of what they are named after.
"""

from __future__ import annotations

from types import MappingProxyType

from app.api.ukrainian import accounts, children, footage, incidents, prevention_cases, reasons, values, webhooks
from app.api.ukrainian import accounts, children, communities, footage, incidents, prevention_cases, reasons, values
from app.api.ukrainian import (
    accounts,
    children,
    footage,
    incidents,
    initiatives,
    prevention_cases,
    reasons,
    schools,
    values,
)
from app.api.ukrainian.names import KINDS, STATES, TITLES
from app.api.ukrainian import accounts, camera_network, children, footage, incidents, names, prevention_cases, values
from app.api.ukrainian import reasons as reasons_of_policies
from app.api.ukrainian.names import STATES
from app.api.ukrainian import accounts, children, footage, incidents, national, prevention_cases, reasons, values
from app.api.ukrainian.names import KINDS, STATES, TITLES

PHRASES = MappingProxyType(
    {
        **values.PHRASES,
        **accounts.PHRASES,
        **children.PHRASES,
        **incidents.PHRASES,
        **prevention_cases.PHRASES,
        **footage.PHRASES,
        **webhooks.PHRASES,
        **schools.PHRASES,
        **initiatives.PHRASES,
        **camera_network.PHRASES,
    }
)
TITLES = MappingProxyType(
    {
        **names.TITLES,
        **camera_network.TITLES,
    }
)
KINDS = MappingProxyType(
    {
        **names.KINDS,
        **camera_network.KINDS,
        **national.PHRASES,
    }
)
REASONS = MappingProxyType(
    {
        **reasons.REASONS,
        **webhooks.REASONS,
        **communities.PHRASES,
    }
)

REASONS = MappingProxyType(
    {
        **reasons.REASONS,
        **communities.REASONS,
        **schools.REASONS,
        **initiatives.REASONS,
        **reasons_of_policies.REASONS,
        **camera_network.REASONS,
        **national.REASONS,
    }
)

__all__ = ["KINDS", "PHRASES", "REASONS", "STATES", "TITLES"]
