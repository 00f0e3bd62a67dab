"""What is shared with an agency ends with what it rests on: somebody's word, two people's signatures, and the agency's
taking part. A referral is revoked; of a conference, the agency is told no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias
from uuid import UUID

import msgspec

from domain.event import Event
from domain.ids import SYSTEM_ACTOR
from domain.sharing import referral
from domain.sharing.conference import ExcludeAgency
from domain.sharing.ends import cause_of_end
from domain.sharing.referral import RevokeReferral

End: TypeAlias = RevokeReferral | ExcludeAgency


class Resting(msgspec.Struct, frozen=True, kw_only=True):
    """A share that stands: a referral, or an agency's admission to a conference; and what it tells."""

    thing: UUID
    kind: str  # referral.KIND or conference_state.KIND
    agency: UUID
    fields: tuple[str, ...]


def react(event: Event, resting: Iterable[Resting]) -> Mapping[UUID, Sequence[End]]:
    """By referral or conference. `resting` is all that rests on what the event is of."""
    ends: dict[UUID, list[End]] = defaultdict(list)
    for each in sorted(resting, key=lambda share: (share.thing, share.agency)):
        cause = cause_of_end(event, each.fields)
        if cause is not None:
            ends[each.thing].append(_end(each, cause))
    return ends


def _end(share: Resting, cause: str) -> End:
    if share.kind == referral.KIND:
        return RevokeReferral(referral=share.thing, cause=cause, by=SYSTEM_ACTOR)
    return ExcludeAgency(conference=share.thing, agency=share.agency, cause=cause, by=SYSTEM_ACTOR)
