"""The processes that there are: each reads the facts that its pure function needs, and decides on its commands."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

import structlog

from app.background import Background
from app.call import now
from app.certifications import Certifications
from app.deployment import Deployment
from app.desk import Desk, Loaded
from app.event_store.faults import EventUnreadable
from app.keeping import Keepings
from app.process_positions import Positions
from app.processes import Processes
from app.referring.reactions import Closing, Conferring, Sealing, Superseding
from app.withdrawing import Withdrawing
from domain import account, authorisation, hold, officer, prevention_case, role_grant
from domain.account import AccountSuspended
from domain.communities import post
from domain.event import Event, Recorded
from domain.ids import incident_hold_id, missing_child_authorisation_id, officer_id, post_id, role_grant_id
from domain.incident_events import IncidentVoided
from domain.log import Change
from domain.officer import OFFICER_ROLE, CertificationLapsed, is_certified
from domain.processes import leaving_post, leaving_service, reassigning, voiding
from domain.reports import report
from domain.reports.state import Report
from domain.role_grant import RoleWithdrawn
from domain.sharing import conference_state
from projections.case_queries import open_cases_by_officer, open_cases_of
from projections.database import ViewsDatabase
from projections.officers import certified_in
from projections.reports import follow_ups


@dataclass(frozen=True)
class LeavingService:
    """A suspended account, or one without the role, is certified no more."""

    desk: Desk
    name: str = "leaving-service"
    events: frozenset[type[Event]] = frozenset({AccountSuspended, RoleWithdrawn})
    answers_history: bool = True

    def changes(self, caused: Recorded) -> Sequence[Change]:
        decided = []
        for command in leaving_service.react(caused):
            loaded = self.desk.load(officer.DECIDER, officer_id(command.account, command.service))
            decided.append(Change(loaded.stream, loaded.version, officer.DECIDER.decide(loaded.state, command)))
        return decided


@dataclass(frozen=True)
class Reassigning:
    """The open cases of an officer whose certification lapsed find somebody else: all of them at once, or none.

    No case is missed: whoever assigns one names the officer's stream unchanged, so that what is assigned stands before
    the lapse in the log, and the views that are asked include the lapse. Whoever gets a case is certified by their own
    stream, which is named unchanged, too.
    """

    desk: Desk
    views: ViewsDatabase
    name: str = "reassigning"
    events: frozenset[type[Event]] = frozenset({CertificationLapsed})
    answers_history: bool = True

    def changes(self, caused: Recorded) -> Sequence[Change]:
        lapsed, at = cast(CertificationLapsed, caused.event), now()
        own = self.desk.load(officer.DECIDER, officer_id(lapsed.account, lapsed.service))
        with self.views.reading() as views:
            cases = open_cases_of(views, lapsed.account)
            loads = open_cases_by_officer(views, lapsed.unit)
            certified = certified_in(views, lapsed.unit, at)
        colleagues = {key: loads.get(key, 0) for key in certified if self._may_take(key, at)}
        commands = reassigning.react(
            lapsed, certified_again=is_certified(own.state, at), cases=cases, colleagues=colleagues
        )
        decided = []
        for command in commands:
            loaded = self.desk.load(prevention_case.DECIDER, command.case)
            decided.append(Change(command.case, loaded.version, prevention_case.DECIDER.decide(loaded.state, command)))
        takers = {command.to for command in commands if command.to is not None}
        guards = (Certifications(self.desk).guard(taker) for taker in sorted(takers))
        return [*decided, Change(own.stream, own.version, ()), *guards]

    def _may_take(self, key: UUID, at: datetime) -> bool:
        """Whether they are certified and serve, as their own streams say."""
        holder = self.desk.load(account.DECIDER, key).state
        grant = self.desk.load(role_grant.DECIDER, role_grant_id(key, OFFICER_ROLE)).state
        serves = holder is not None and not holder.suspended and grant is not None and grant.held
        return serves and Certifications(self.desk).is_certified(key, at)


@dataclass(frozen=True)
class LeavingPost:
    """Whoever is certified for community police no more is posted no more. Whoever posts them names the stream of their
    certification unchanged, so that no posting stands after the lapse without one.
    """

    desk: Desk
    name: str = "leaving-post"
    events: frozenset[type[Event]] = frozenset({CertificationLapsed})
    answers_history: bool = True

    def changes(self, caused: Recorded) -> Sequence[Change]:
        lapsed, at = cast(CertificationLapsed, caused.event), now()
        own = self.desk.load(officer.DECIDER, officer_id(lapsed.account, lapsed.service))
        held = self.desk.load(post.DECIDER, post_id(lapsed.account))
        certified_again = is_certified(own.state, at)
        commands = leaving_post.react(lapsed, certified_again=certified_again, post=held.state, at=at)
        decided = [Change(held.stream, held.version, post.DECIDER.decide(held.state, command)) for command in commands]
        return [*decided, Change(own.stream, own.version, ())]


@dataclass(frozen=True)
class Voiding:
    """What came with an incident that was voided ends with it, and the reports that became it are read anew. What was
    voided before this ran, people saw to.
    """

    desk: Desk
    views: ViewsDatabase
    danger_minutes: int  # until when somebody must have read of a danger
    name: str = "voiding"
    events: frozenset[type[Event]] = frozenset({IncidentVoided})
    answers_history: bool = False

    def changes(self, caused: Recorded) -> Sequence[Change]:
        authority = self.desk.load(authorisation.DECIDER, missing_child_authorisation_id(caused.stream))
        held = self.desk.load(hold.DECIDER, incident_hold_id(caused.stream))
        decided = [
            Change(authority.stream, authority.version, authorisation.DECIDER.decide(authority.state, command))
            for command in voiding.end_authority(caused.stream, authority.state)
        ]
        for command in voiding.release(caused.stream, held.state):
            of_hold, of_cameras = hold.decide_release(held.state, command)
            decided += [Change(held.stream, held.version, of_hold), *Keepings(self.desk).changes_of(of_cameras)]
        return [*decided, *self._taken_up(caused.stream)]

    def _taken_up(self, key: UUID) -> Sequence[Change]:
        with self.views.reading() as views:
            became = follow_ups.reports_of(views, key)
        loaded = dict[UUID, Loaded[Report]]()
        for each in became:
            try:
                loaded[each] = self.desk.load(report.DECIDER, each)
            except EventUnreadable as fault:  # what was to end with the incident ends all the same
                structlog.get_logger().error("report not read anew", report=str(each), fault=str(fault))
        states = {each: found.state for each, found in loaded.items()}
        decided = []
        for command in voiding.take_up(key, states, danger_minutes=self.danger_minutes, at=now()):
            before = loaded[command.report]
            decided.append(Change(before.stream, before.version, report.DECIDER.decide(before.state, command)))
        return decided


def open_processes(
    place: Deployment, desk: Desk, views: ViewsDatabase, background: Background, opening: ExitStack
) -> Processes:
    """Start the thread that carries all of them out; it ends with `opening`."""
    positions = Positions(place.processes)
    opening.callback(positions.close)
    every = (
        LeavingService(desk),
        Reassigning(desk, views),
        LeavingPost(desk),
        Voiding(desk, views, place.settings.report_danger_minutes),
        Withdrawing(desk, views),
        Conferring(desk, views),
        Withdrawing(desk, views, "excluding", conference_state.KIND),
        Sealing(desk, views),
        Closing(desk, views),
        Superseding(desk),
    )
    processes = Processes(desk.log, desk.projector, positions, every)
    processes.begin()
    background.start("processes", processes.run, processes.notes)
    opening.callback(background.end, "processes")
    return processes
