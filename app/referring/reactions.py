"""The processes of sharing: a second agency brings a conference about, which ends with the case that it was called
from; and what is sealed, or a plan that another one took the place of, is shared no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.call import now
from app.desk import Desk, Loaded
from app.referring.planning import calling, cancelling, plans_of
from app.referring.standing import case_of, family_of, pseudonym_in, unchanged
from domain.event import Event, Recorded
from domain.ids import SYSTEM_ACTOR, suggested_conference_id
from domain.log import Change
from domain.prevention_case_events import CaseClosed, CaseSealed
from domain.prevention_case_state import OPEN
from domain.processes import closing, conferring
from domain.sharing import conference, conference_state, referral
from domain.sharing.agreed_plan import CallConference
from domain.sharing.conference import ExcludeAgency
from domain.sharing.conference_events import PlanAgreed
from domain.sharing.referral import Referral, RevokeReferral
from domain.sharing.referral_events import ReferralAccepted
from projections.database import ViewsDatabase
from projections.sharing.conference_queries import agreed_of_case, under_way_of_case
from projections.sharing.referrals import accepted_of, standing_of_case

IN_ERROR = "opened-in-error"  # of domain.case_words.OUTCOMES, and of REVOCATION_CAUSES


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
class Sealing:
    """What nobody opens any more, no agency does: the referrals of a case that is sealed are revoked with it, and the
    agencies leave the plan that was agreed on. So it is with a case that was opened in error, of which nothing was to
    be shared, unless it was opened anew meanwhile.

    None is missed: whoever sends one, or settles a plan, names its case unchanged.
    """

    desk: Desk
    views: ViewsDatabase
    name: str = "sealing"
    events: frozenset[type[Event]] = frozenset({CaseSealed, CaseClosed})
    answers_history: bool = True

    def changes(self, caused: Recorded) -> Sequence[Change]:
        cause, case = "case-sealed", case_of(self.desk, caused.stream)
        if isinstance(caused.event, CaseClosed):
            if caused.event.outcome != IN_ERROR or case.state is None or case.state.phase == OPEN:
                return ()
            cause = IN_ERROR
        with self.views.reading() as views:
            letters, plans = standing_of_case(views, caused.stream), agreed_of_case(views, caused.stream)
        decided = [unchanged(case)]
        for key in letters:
            loaded = self.desk.load(referral.DECIDER, key)
            command = RevokeReferral(referral=key, cause=cause, by=SYSTEM_ACTOR)
            decided.append(Change(key, loaded.version, referral.DECIDER.decide(loaded.state, command)))
        return [*decided, *(_left(self.desk, key, cause) for key in plans)]


@dataclass(frozen=True)
class Superseding:
    """A plan in the place of which another one came is carried out no more, and kept open to nobody who took it on: its
    agencies leave it. Those that are of the new plan, too, were admitted to that one, and stay there.
    """

    desk: Desk
    name: str = "superseding"
    events: frozenset[type[Event]] = frozenset({PlanAgreed})
    answers_history: bool = True

    def changes(self, caused: Recorded) -> Sequence[Change]:
        if not isinstance(caused.event, PlanAgreed):
            return ()
        return [_left(self.desk, key, "plan-superseded") for key in caused.event.supersedes]


@dataclass(frozen=True)
class Closing:
    """A conference is under way no longer than the case that it was called from is open; one that was opened anew
    meanwhile keeps it. None is missed: whoever calls one names its case unchanged.
    """

    desk: Desk
    views: ViewsDatabase
    name: str = "closing"
    events: frozenset[type[Event]] = frozenset({CaseClosed})
    answers_history: bool = True

    def changes(self, caused: Recorded) -> Sequence[Change]:
        case = case_of(self.desk, caused.stream)
        if case.state is None or case.state.phase == OPEN:
            return ()
        with self.views.reading() as views:
            keys = under_way_of_case(views, caused.stream)
        decided = [unchanged(case)]
        for key in keys:
            loaded = self.desk.load(conference.DECIDER, key)
            if loaded.state is not None and loaded.state.phase in conference_state.OPEN:
                decided += cancelling(self.desk, loaded, closing.cancel(key))
        # of a child that was parted it may be two, about the same profile: what is only named comes before what changes
        return sorted(decided, key=lambda change: len(change.events))


def _left(desk: Desk, key: UUID, cause: str) -> Change:
    """All agencies of a plan."""
    loaded = desk.load(conference.DECIDER, key)
    agencies = () if loaded.state is None else loaded.state.admitted
    events = [
        event
        for each in agencies
        for event in conference.decide_exclude(
            loaded.state, ExcludeAgency(conference=key, agency=each.agency, cause=cause, by=SYSTEM_ACTOR)
        )
    ]
    return Change(key, loaded.version, tuple(events))
