"""The process that revokes what rested on a consent, an agreement or an agency's part, once that ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.desk import Desk
from domain.decider import Decider
from domain.event import Event, Recorded
from domain.log import Change
from domain.processes import withdrawing
from domain.processes.withdrawing import OF_AGENCY, OF_AGREEMENT, OF_CONSENT, EndOfShare, Resting
from domain.sharing import conference, referral
from domain.sharing.conference import ExcludeAgency
from projections.database import ViewsDatabase
from projections.sharing import shares
from projections.sharing.shares import CONFERENCE, LiveShare


@dataclass(frozen=True)
class Withdrawing:
    """No referral is missed: whoever sends one, or accepts it, names consent, agreement and agency unchanged, so that
    what is shared stands before the withdrawal in the log, and the views that are asked include the withdrawal.
    """

    desk: Desk
    views: ViewsDatabase
    name: str = "withdrawing"
    events: frozenset[type[Event]] = frozenset((*OF_CONSENT, *OF_AGREEMENT, *OF_AGENCY))
    answers_history: bool = True

    def changes(self, caused: Recorded) -> Sequence[Change]:
        with self.views.reading() as reading:
            live = _live(reading, caused.event, caused.stream)
        resting = [
            Resting(thing=each.thing, is_conference=each.kind == CONFERENCE, agency=each.agency, fields=each.fields)
            for each in live
        ]
        decided: dict[UUID, Change] = {}
        for command in withdrawing.react(caused.event, resting):
            key = command.conference if isinstance(command, ExcludeAgency) else command.referral
            decided[key] = self._ended(command, key, decided.get(key))
        return list(decided.values())

    def _ended(self, command: EndOfShare, key: UUID, before: Change | None) -> Change:
        """A conference may lose several agencies at once: each is decided on what the one before leaves."""
        decider: Decider[Any, Any] = conference.DECIDER if isinstance(command, ExcludeAgency) else referral.DECIDER
        loaded = self.desk.load(decider, key)
        events = () if before is None else before.events
        state = decider.fold(events, loaded.state)
        return Change(key, loaded.version, (*events, *decider.decide(state, command)))


def _live(reading: Connection, event: Event, stream: UUID) -> Sequence[LiveShare]:
    if isinstance(event, OF_CONSENT):
        return shares.live_under_consent(reading, stream)
    if isinstance(event, OF_AGREEMENT):
        return shares.live_under_agreement(reading, stream)
    return shares.live_with_agency(reading, stream)
