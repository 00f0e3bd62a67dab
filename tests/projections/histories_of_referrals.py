"""Histories of referrals and case conferences, for `tests.projections.histories`: made of plain numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from domain.ids import agreed_plan_id
from domain.personal import Narrative, Reason, SharedFields
from domain.sealed import Sealed
from domain.sharing import agreed_plan
from domain.sharing import conference_events as conferring
from domain.sharing import referral_events as referring
from tests.projections.histories_of_sharing import Move, key

SERVICES = ("psychologist", "shelter", "legal-aid")


class Referrals:
    """The part of a district that concerns these; the time is the district's."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.referrals: dict[UUID, str] = {}  # each stream to its state
        self.conferences: dict[UUID, str] = {}
        self.tasks: dict[UUID, list[UUID]] = {}  # by conference

    def table(self, salt: int) -> list[Move]:
        return [
            (self.send_referral, True),
            (self.answer_referral, self._in(self.referrals, salt, "sent")),
            (self.work_on_referral, self._in(self.referrals, salt, "accepted")),
            (self.call_conference, True),
            (self.schedule_conference, self._in(self.conferences, salt, "suggested")),
            (self.lead_conference, self._in(self.conferences, salt, "called")),
            (self.agree_on_task, self._in(self.conferences, salt, "called")),
            (self.end_conference, self._in(self.conferences, salt, "called") if salt % 2 == 0 else None),
            (self.do_task, self._planned(salt)),
        ]

    def send_referral(self, salt: int) -> Any:
        stream = key("referral", len(self.referrals))
        self.referrals[stream] = "sent"
        yield (
            stream,
            [
                referring.ReferralSent(
                    **self._about(salt),
                    agency=key("agency", salt % 4),
                    agency_unit=key("agency unit", salt % 4),
                    service=SERVICES[salt % 3],
                    purpose="shelter",
                    fields=("identity", "risk")[: 1 + salt % 2],
                    agreement=key("agreement", salt % 3),
                    consent=key("consent", salt % 5),
                    profile=key("child", 9) if salt % 3 == 0 else None,
                    shared=Sealed(key("shared", len(self.referrals)), SharedFields(help_needed=f"Help {salt}")),
                )
            ],
        )

    def answer_referral(self, salt: int) -> Any:
        stream, by = self._in(self.referrals, salt, "sent"), key("by", salt)
        if salt % 4 == 0:
            self.referrals[stream] = "declined"
            yield stream, [referring.ReferralDeclined(cause="no-capacity", by=by, reason=self._why(salt))]
            return
        self.referrals[stream] = "accepted"
        yield stream, [referring.ReferralAccepted(by=by)]

    def work_on_referral(self, salt: int) -> Any:
        stream, by = self._in(self.referrals, salt, "accepted"), key("by", salt)
        if salt % 5 == 0:
            self.referrals[stream] = "revoked"
            reason = self._why(salt) if salt % 2 else None
            yield stream, [referring.ReferralRevoked(cause="not-needed", by=by, reason=reason)]
        elif salt % 5 == 1:
            self.referrals[stream] = "completed"
            yield stream, [referring.ReferralCompleted(outcome="helped", by=by)]
        else:
            delivered: dict[str, Any] = {"service": SERVICES[salt % 3], "delivered_at": self.now()}
            yield stream, [referring.ServiceDelivered(by=by, narrative=self._said(salt), **delivered)]

    def call_conference(self, salt: int) -> Any:
        number = len(self.conferences)
        stream = key("conference", number)
        self.conferences[stream] = "called" if salt % 2 else "suggested"
        invited = (conferring.Invited(agency=key("agency", salt % 4), unit=key("agency unit", salt % 4)),)
        about = {**self._about(salt), "child": key("planned child", number)}  # each has one
        meets_at = self.now() + timedelta(days=1) if salt % 2 else None
        profile = about["child"]
        yield stream, [conferring.ConferenceCalled(profile=profile, invited=invited, meets_at=meets_at, **about)]
        yield agreed_plan_id(profile), [agreed_plan.PlanningOpened(conference=stream)]

    def schedule_conference(self, salt: int) -> Any:
        stream = self._in(self.conferences, salt, "suggested")
        self.conferences[stream] = "called"
        yield stream, [conferring.ConferenceScheduled(meets_at=self.now() + timedelta(days=2), by=key("by", salt))]

    def lead_conference(self, salt: int) -> Any:
        stream, by = self._in(self.conferences, salt, "called"), key("by", salt)
        admitted = conferring.AgencyAdmitted(
            agency=key("agency", salt % 4),
            agency_unit=key("agency unit", salt % 4),
            purpose="joint-planning",
            fields=("plan",),
            agreement=key("agreement", salt % 3),
            consent=key("consent", salt % 5),
            unit=key("unit", salt % 3) if salt % 2 else None,
            by=by,
        )
        agreed = conferring.AgencyAgreed(agency=admitted.agency, by=by)
        excluded = conferring.AgencyExcluded(agency=admitted.agency, cause="left", by=by)
        decided = conferring.DecisionRecorded(by=by, narrative=self._said(salt))
        yield stream, [admitted, agreed, decided] if salt % 3 else [admitted, excluded]

    def agree_on_task(self, salt: int) -> Any:
        stream, by = self._in(self.conferences, salt, "called"), key("by", salt)
        tasks = self.tasks.setdefault(stream, [])
        task = key(f"task of {stream}", len(tasks))
        tasks.append(task)
        made = conferring.TaskAgreed(
            task=task,
            agency=key("agency", salt % 4) if salt % 2 else None,
            service=SERVICES[salt % 3],
            due_at=self.now() + timedelta(days=salt % 30),
            by=by,
            narrative=self._said(salt),
        )
        yield stream, [made] if salt % 3 else [made, conferring.TaskDropped(task=task, by=by)]

    def end_conference(self, salt: int) -> Any:
        stream, by = self._in(self.conferences, salt, "called"), key("by", salt)
        of_child = agreed_plan_id(key("planned child", [*self.conferences].index(stream)))
        if salt % 4 == 0:
            self.conferences[stream] = "agreed"
            superseded = agreed_plan.PlanSuperseded(conference=key("conference", 999))
            in_force = agreed_plan.PlanPutInForce(conference=stream)
            yield stream, [conferring.PlanAgreed(by=by)]
            yield of_child, [in_force, superseded] if salt % 8 == 0 else [in_force]
            return
        self.conferences[stream] = "cancelled"
        yield stream, [conferring.ConferenceCancelled(cause="not-needed", by=by, reason=self._why(salt))]
        yield of_child, [agreed_plan.PlanningEnded(conference=stream)]

    def do_task(self, salt: int) -> Any:
        stream = self._planned(salt)
        done: dict[str, Any] = {"done_at": self.now(), "by": key("by", salt), "narrative": self._said(salt)}
        yield stream, [conferring.TaskDone(task=self.tasks[stream][0], **done)]

    def _planned(self, salt: int) -> Any:
        """A conference that ended in a plan with a task."""
        return self._in({key: state for key, state in self.conferences.items() if key in self.tasks}, salt, "agreed")

    def _about(self, salt: int) -> dict[str, Any]:
        return {
            "child": key("child", salt % 5),
            "pseudonym": f"CH-{salt % 5:04}",
            "case": key("case", salt % 3),
            "unit": key("unit", salt % 3),
            "by": key("by", salt),
        }

    def _said(self, salt: int) -> Sealed[Narrative]:
        return Sealed(key("said", salt), Narrative(f"It was said, {salt}"))

    def _why(self, salt: int) -> Sealed[Reason]:
        return Sealed(key("why", salt), Reason(f"because {salt}"))

    def _in(self, streams: dict[UUID, str], salt: int, *states: str) -> Any:
        among = [stream for stream, state in streams.items() if state in states]
        return among[salt % len(among)] if among else None
