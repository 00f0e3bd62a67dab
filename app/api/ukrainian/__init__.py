"""The Ukrainian of refusals: phrases by their English, with `{}` where a value stands, in the same order.

`names` has what sorts of refusals, things and states are called, `reasons` the sentences of the access policy; the
other modules the phrases of what they are named after.
"""

from __future__ import annotations

from types import MappingProxyType

from app.api.ukrainian import accounts, children, footage, incidents, prevention_cases, values
from app.api.ukrainian.names import KINDS, STATES, TITLES
from app.api.ukrainian.reasons import REASONS

PHRASES = MappingProxyType(
    {
        **values.PHRASES,
        **accounts.PHRASES,
        **children.PHRASES,
        **incidents.PHRASES,
        **prevention_cases.PHRASES,
        **footage.PHRASES,
    }
)

__all__ = ["KINDS", "PHRASES", "REASONS", "STATES", "TITLES"]
