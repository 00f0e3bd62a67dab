"""The process that revokes what was shared by referrals, once the consent, the agreement or the agency's part that it
rests on ends. Conferences have one of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.desk import Desk
from domain.event import Event, Recorded
from domain.log import Change
from domain.processes import withdrawing
from domain.processes.withdrawing import Resting
from domain.sharing import ends, referral
from projections.database import ViewsDatabase
from projections.sharing import shares


@dataclass(frozen=True)
class Withdrawing:
    """No referral is missed: whoever sends one, or accepts it, names consent, agreement and agency unchanged, so that
    what is shared stands before the withdrawal in the log, and the views that are asked include the withdrawal.
    """

    desk: Desk
    views: ViewsDatabase
    name: str = "withdrawing"
    events: frozenset[type[Event]] = frozenset(ends.ON)
    answers_history: bool = True

    def changes(self, caused: Recorded) -> Sequence[Change]:
        with self.views.reading() as reading:
            live = shares.live_on(reading, ends.ON[type(caused.event)], caused.stream)
        resting = [Resting(referral=each.thing, fields=each.fields) for each in live]
        decided = []
        for command in withdrawing.react(caused.event, resting):
            loaded = self.desk.load(referral.DECIDER, command.referral)
            events = referral.DECIDER.decide(loaded.state, command)
            decided.append(Change(command.referral, loaded.version, events))
        return decided
