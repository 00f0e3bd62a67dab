"""What a share is measured by: for which purposes, with which agencies, which fields. Agreements and consents have one
each, and a share must lie within both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from domain import checks
from domain.errors import Invalid
from domain.sharing import words

AGENCIES_MAX = 50


def purposes(values: Iterable[str]) -> tuple[str, ...]:
    return _codes("purposes", values, words.SHARING_PURPOSES)


def fields(values: Iterable[str]) -> tuple[str, ...]:
    return _codes("fields", values, words.SHARED_FIELDS)


def agencies(values: Iterable[UUID], active: Collection[UUID]) -> tuple[UUID, ...]:
    """`active`: those that take part at this moment."""
    once = checks.unique("agencies", values, least=1, most=AGENCIES_MAX)
    for agency in once:
        if agency not in active:
            raise Invalid("agencies", f"{agency} is no agency that takes part", "name some of GET /agencies")
    return once


def _codes(field: str, values: Iterable[str], allowed: Collection[str]) -> tuple[str, ...]:
    """Each once, in the order of the list: two scopes that say the same are the same."""
    once = checks.unique(field, values, least=1, most=len(allowed))
    for value in once:
        checks.one_of(field, value, allowed)
    return tuple(code for code in allowed if code in once)
