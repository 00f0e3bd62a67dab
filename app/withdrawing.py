"""The processes that end what was shared with agencies, once the consent, the agreement or the agency's part that it
rests on ends: one of referrals, one of conferences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.desk import Desk
from domain.decider import Decider
from domain.event import Event, Recorded
from domain.log import Change
from domain.processes import withdrawing
from domain.processes.withdrawing import Resting
from domain.sharing import conference, conference_state, referral
from domain.sharing.agency import AgencyWithdrawn
from domain.sharing.ends import ENDS
from projections.database import ViewsDatabase
from projections.sharing import shares
from projections.sharing.conference_queries import invited_only

DECIDERS: Mapping[str, Decider[Any, Any]] = MappingProxyType(
    {referral.KIND: referral.DECIDER, conference_state.KIND: conference.DECIDER}
)


@dataclass(frozen=True)
class Withdrawing:
    """No share is missed: whoever sends a referral, accepts it or admits an agency names consent, agreement and agency
    unchanged, so that what is shared stands before the withdrawal in the log, and the views that are asked include the
    withdrawal. What was shared after it, once the agreement was resumed, rests on what stood again, and goes on.
    """

    desk: Desk
    views: ViewsDatabase
    name: str = "withdrawing"
    kind: str = referral.KIND
    events: frozenset[type[Event]] = frozenset(ENDS)
    answers_history: bool = True

    def changes(self, caused: Recorded) -> Sequence[Change]:
        with self.views.reading() as views:
            resting = shares.resting_on(views, self.kind, ENDS[type(caused.event)].of, caused.stream, caused.position)
            if isinstance(caused.event, AgencyWithdrawn) and self.kind == conference_state.KIND:
                resting += self._invitations(views, caused.stream)
        decided, decider = [], DECIDERS[self.kind]
        for thing, commands in withdrawing.react(caused.event, resting).items():
            loaded = self.desk.load(decider, thing)
            state, events = loaded.state, list[Event]()
            for command in commands:  # several agencies of one conference, one after the other
                made = decider.decide(state, command)
                state = decider.fold(made, state)
                events += made
            decided.append(Change(thing, loaded.version, tuple(events)))
        return decided

    def _invitations(self, views: Connection, agency: UUID) -> tuple[Resting, ...]:
        """No shares, but an agency that takes part no more is not told when they meet, either."""
        keys = invited_only(views, agency)
        return tuple(Resting(thing=key, kind=self.kind, agency=agency, fields=()) for key in keys)
