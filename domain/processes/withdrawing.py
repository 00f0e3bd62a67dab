"""What is shared by a referral ends with what it rests on: somebody's word, two people's signatures, and the agency's
taking part.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

import msgspec

from domain.event import Event
from domain.ids import SYSTEM_ACTOR
from domain.sharing.ends import cause_of_end
from domain.sharing.referral import RevokeReferral


class Resting(msgspec.Struct, frozen=True, kw_only=True):
    """A referral that is still open to an agency, and what it tells."""

    referral: UUID
    fields: Collection[str]


def react(event: Event, resting: Iterable[Resting]) -> tuple[RevokeReferral, ...]:
    """`resting` is all that rests on what the event is of."""
    return tuple(
        RevokeReferral(referral=each.referral, cause=cause, by=SYSTEM_ACTOR)
        for each in sorted(resting, key=lambda share: share.referral)
        if (cause := cause_of_end(event, each.fields)) is not None
    )
