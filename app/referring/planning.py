"""Which conference about a child is under way, whose plan is in force; and how both change with a conference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from app.desk import Desk, Loaded
from app.referring.standing import Family, unchanged
from domain.errors import Invalid
from domain.event import Event
from domain.ids import agreed_plan_id
from domain.log import Change
from domain.sharing import agency, agreed_plan
from domain.sharing.agreed_plan import AgreedPlan, CallConference
from domain.sharing.conference_events import Invited
from domain.sharing.conference_state import Conference


class Plans(NamedTuple):
    """What the records of a child's profiles say of conferences and plans."""

    loaded: Mapping[UUID, Loaded[AgreedPlan]]  # by profile

    def states(self, profiles: Sequence[UUID]) -> dict[UUID, AgreedPlan | None]:
        return {key: self.loaded[key].state for key in profiles}

    def changes(self, decided: Mapping[UUID, tuple[Event, ...]]) -> list[Change]:
        """Of all of them, also those that stay as they are: the decision rests on them."""
        return [Change(each.stream, each.version, decided.get(key, ())) for key, each in self.loaded.items()]


def plans_of(desk: Desk, profiles: Sequence[UUID]) -> Plans:
    return Plans({key: desk.load(agreed_plan.DECIDER, agreed_plan_id(key)) for key in dict.fromkeys(profiles)})


def calling(desk: Desk, family: Family, loaded: Loaded[Conference], command: CallConference) -> list[Change]:
    """The changes of the conference, and of the child's record."""
    plans = plans_of(desk, family.members)
    events, of_profiles = agreed_plan.decide_call(loaded.state, plans.states(family.members), family.own, command)
    return [Change(loaded.stream, loaded.version, events), *plans.changes(of_profiles)]


def invitations(desk: Desk, agencies: Sequence[UUID]) -> tuple[tuple[Invited, ...], tuple[Change, ...]]:
    """Where the people of each serve, and their records unchanged. Raises Invalid: one takes no part."""
    invited, guards = [], []
    for key in dict.fromkeys(agencies):
        loaded = desk.load(agency.DECIDER, key)
        if loaded.state is None or not loaded.state.active:
            raise Invalid("agencies", f"{key} is no agency that takes part", "name some of GET /agencies")
        invited.append(Invited(agency=key, unit=loaded.state.unit))
        guards.append(unchanged(loaded))
    return tuple(invited), tuple(guards)
