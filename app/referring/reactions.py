"""The processes of sharing: a second agency brings a conference about, whoever may be told nothing more is out of one,
and what is sealed is shared no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.call import now
from app.desk import Desk, Loaded
from app.referring.planning import calling, plans_of
from app.referring.standing import case_of, family_of, pseudonym_in, unchanged
from domain.event import Event, Recorded
from domain.ids import SYSTEM_ACTOR, suggested_conference_id
from domain.log import Change
from domain.prevention_case_events import CaseSealed
from domain.prevention_case_state import OPEN
from domain.processes import conferring, excluding
from domain.sharing import conference, ends, referral
from domain.sharing.agreed_plan import CallConference
from domain.sharing.conference import ExcludeAgency
from domain.sharing.referral import Referral, RevokeReferral
from domain.sharing.referral_events import ReferralAccepted
from projections.database import ViewsDatabase
from projections.sharing.conference_queries import resting_on
from projections.sharing.referrals import accepted_of, standing_of_case


@dataclass(frozen=True)
class Conferring:
    """A second agency that takes on the same child brings a conference about, unless one is under way.

    Which referrals there are is asked of the views, which include the event; whether each still stands, and whether a
    conference is under way, of their own records, which are named unchanged: so that two acceptances at once call one.
    """

    desk: Desk
    views: ViewsDatabase
    name: str = "conferring"
    events: frozenset[type[Event]] = frozenset({ReferralAccepted})
    answers_history: bool = True

    def changes(self, caused: Recorded) -> Sequence[Change]:
        accepted = self._referral(caused.stream)
        if accepted.state is None:
            return ()
        family = family_of(self.desk, accepted.state.child)
        plans = plans_of(self.desk, family.members)
        states = [state for state in plans.states(family.members).values() if state is not None]
        case = case_of(self.desk, accepted.state.case)
        under_way = any(state.under_way is not None for state in states)
        if case.state is None or case.state.phase != OPEN or family.erased or under_way:
            return ()
        with self.views.reading() as views:
            keys = accepted_of(views, family.members)
        others = [self._referral(key) for key in keys if key != caused.stream]
        planning = {agency for state in states if state.in_force is not None for agency in self._in(state.in_force)}
        invited = conferring.invited(accepted.state, (each.state for each in others if each.state), planning)
        if not invited:
            return ()
        command = CallConference(
            conference=suggested_conference_id(caused.stream),
            child=accepted.state.child,
            pseudonym=pseudonym_in(self.desk.log, accepted.state.case),
            case=accepted.state.case,
            case_open=True,
            unit=case.state.unit,
            invited=invited,
            meets_at=None,
            by=SYSTEM_ACTOR,
            at=now(),
        )
        called = calling(self.desk, family, self.desk.load(conference.DECIDER, command.conference), command)
        guards: list[Loaded[Any]] = [accepted, *others, case]
        return [*called, *(unchanged(each) for each in guards), *family.guards]

    def _referral(self, key: UUID) -> Loaded[Referral]:
        return self.desk.load(referral.DECIDER, key)

    def _in(self, key: UUID) -> frozenset[UUID]:
        """The agencies that carry a plan out."""
        state = self.desk.load(conference.DECIDER, key).state
        return frozenset() if state is None else frozenset(each.agency for each in state.admitted)


@dataclass(frozen=True)
class Excluding:
    """An agency is told no more of a conference when the agreement or the consent that let it be told has ended.

    None is missed: whoever admits one names these records unchanged, so that the admission stands before their end in
    the log, and the views that are asked include that end.
    """

    desk: Desk
    views: ViewsDatabase
    name: str = "excluding"
    events: frozenset[type[Event]] = frozenset(ends.ON)
    answers_history: bool = True

    def changes(self, caused: Recorded) -> Sequence[Change]:
        with self.views.reading() as views:
            admissions = resting_on(views, **{ends.ON[type(caused.event)]: caused.stream})
        by_conference: dict[UUID, list[ExcludeAgency]] = defaultdict(list)
        for command in excluding.react(caused.event, admissions):
            by_conference[command.conference].append(command)
        return [self._change(key, commands) for key, commands in by_conference.items()]

    def _change(self, key: UUID, commands: Sequence[ExcludeAgency]) -> Change:
        """Of several agencies of one conference, one after the other."""
        loaded = self.desk.load(conference.DECIDER, key)
        state, decided = loaded.state, list[Event]()
        for command in commands:
            events = conference.DECIDER.decide(state, command)
            state = conference.DECIDER.fold(events, state)
            decided += events
        return Change(key, loaded.version, tuple(decided))


@dataclass(frozen=True)
class Sealing:
    """What nobody opens any more, no agency does: the referrals of a case that is sealed are revoked with it.

    None is missed: whoever sends one names its case unchanged.
    """

    desk: Desk
    views: ViewsDatabase
    name: str = "sealing"
    events: frozenset[type[Event]] = frozenset({CaseSealed})
    answers_history: bool = True

    def changes(self, caused: Recorded) -> Sequence[Change]:
        with self.views.reading() as views:
            keys = standing_of_case(views, caused.stream)
        decided = []
        for key in keys:
            loaded = self.desk.load(referral.DECIDER, key)
            command = RevokeReferral(referral=key, cause="case-sealed", by=SYSTEM_ACTOR)
            decided.append(Change(key, loaded.version, referral.DECIDER.decide(loaded.state, command)))
        return decided
