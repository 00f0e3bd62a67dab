"""Histories of prevention cases, for `tests.projections.histories`: valid ones, made of plain numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import msgspec

from domain import prevention_case_events as facts
from domain.ids import NAMESPACE
from domain.personal import FileName, Narrative, Reason
from domain.sealed import Sealed

Move = tuple[Callable[[int], Any], object]

GROUNDS = ("bullying", "running-away", "administrative-offence")
DAY = timedelta(days=1)


def key(kind: str, number: int) -> UUID:
    return uuid5(NAMESPACE, f"test:{kind}:{number}")


class Case(msgspec.Struct):
    state: str = "open"
    officer: UUID | None = None
    plan: UUID | None = None  # that waits
    measures: list[UUID] = []
    attachments: list[UUID] = []
    offered: bool = False


class PreventionCases:
    """The part of a district that concerns these; the time is the district's."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.cases: dict[UUID, Case] = {}
        self.things = 0

    def table(self, salt: int) -> list[Move]:
        opened = self._case(salt, lambda case: case.state == "open")
        closed = self._case(salt, lambda case: case.state == "closed")
        return [
            (self.open_case, True),
            (self.assign, opened),
            (self.assess, opened),
            (self.plan, opened),
            (self.schedule, opened),
            (self.complete, self._case(salt, lambda case: case.state == "open" and case.measures)),
            (self.contact, opened),
            (self.extend, opened),
            (self.transfer, opened),
            (self.attach, opened),
            (self.remove, self._case(salt, lambda case: case.state == "open" and case.attachments)),
            (self.close, opened if salt % 3 == 0 else None),
            (self.reopen_or_seal, closed),
        ]

    def open_case(self, salt: int) -> Any:
        stream = key("case", len(self.cases))
        self.cases[stream] = Case()
        reported = salt % 2 == 0
        opened = facts.CaseOpened(
            child=key("child", salt % 9),
            pseudonym=f"CH-{salt % 9:04}",
            ground=GROUNDS[salt % 3],
            unit=key("unit", salt % 3),
            term_ends=self.now() + (30 + salt % 300) * DAY,
            reason=Sealed(stream, Reason("why")),
            incident=key("incident", salt % 9) if reported else None,
            reported_at=self.now() - timedelta(hours=salt % 99) if reported else None,
        )
        yield stream, [opened]

    def assign(self, salt: int) -> Any:
        stream = self._open(salt)
        case, to = self.cases[stream], key("officer account", salt % 5)
        if case.officer is not None and salt % 4 == 0:
            lapsed, case.officer = case.officer, None if salt % 8 == 0 else to
            yield stream, [facts.CaseReassigned(from_officer=lapsed, to=case.officer)]
        else:
            case.officer = to
            yield stream, [facts.CaseAssigned(officer=to)]

    def assess(self, salt: int) -> Any:
        stream = self._open(salt)
        assessed = facts.RiskAssessed(
            level=("low", "medium", "high")[salt % 3],
            protective_factors=("friends", "pastime")[: 1 + salt % 2],
            by=key("officer account", salt % 5),
            review_by=self.now() + (salt % 60) * DAY,
            narrative=Sealed(stream, Narrative("judged")),
        )
        yield stream, [assessed]

    def plan(self, salt: int) -> Any:
        stream = self._open(salt)
        case, by = self.cases[stream], key("by", salt)
        if case.plan is None:
            case.plan = self._new("plan")
            yield stream, [facts.PlanProposed(plan=case.plan, by=by, narrative=Sealed(stream, Narrative("plan")))]
            return
        plan, case.plan = case.plan, None
        rejected = facts.PlanRejected(plan=plan, by=by, reason=Sealed(stream, Reason("too little")))
        yield stream, [facts.PlanApproved(plan=plan, by=by) if salt % 3 else rejected]

    def schedule(self, salt: int) -> Any:
        stream = self._open(salt)
        measure = self._new("measure")
        self.cases[stream].measures.append(measure)
        due_at = self.now() + (salt % 40) * DAY
        words = Sealed(stream, Narrative("visit"))
        yield stream, [facts.MeasureScheduled(measure=measure, kind="home-visit", due_at=due_at, narrative=words)]

    def complete(self, salt: int) -> Any:
        stream = self._case(salt, lambda case: case.state == "open" and case.measures)
        measure = self.cases[stream].measures.pop(salt % len(self.cases[stream].measures))
        words = Sealed(stream, Narrative("done"))
        yield (
            stream,
            [facts.MeasureCompleted(measure=measure, result="done", ended_at=self.now(), narrative=words)],
        )

    def contact(self, salt: int) -> Any:
        stream = self._open(salt)
        when = self.now() - timedelta(hours=salt % 50)
        words = Sealed(stream, Narrative("met"))
        noted = facts.ContactNoted(contact=self._new("contact"), kind="visit", occurred_at=when, narrative=words)
        yield stream, [noted]

    def extend(self, salt: int) -> Any:
        stream = self._open(salt)
        yield stream, [facts.TermExtended(term_ends=self.now() + 366 * DAY, reason=Sealed(stream, Reason("more")))]

    def transfer(self, salt: int) -> Any:
        stream = self._open(salt)
        case, why = self.cases[stream], Sealed(stream, Reason("moved"))
        if not case.offered:
            case.offered = True
            yield (
                stream,
                [facts.TransferOffered(to_unit=key("unit", salt % 3), answer_by=self.now() + 7 * DAY, reason=why)],
            )
            return
        case.offered = False
        if salt % 2:
            case.officer = key("officer account", salt % 5)
            yield stream, [facts.TransferAccepted(unit=key("unit", salt % 3), officer=case.officer)]
        else:
            yield stream, [facts.TransferDeclined(by_unit=key("unit", salt % 3), reason=why)]

    def attach(self, salt: int) -> Any:
        stream = self._open(salt)
        attachment = self._new("attachment")
        self.cases[stream].attachments.append(attachment)
        added = facts.AttachmentAdded(
            attachment=attachment,
            media_type="application/pdf",
            size_bytes=1 + salt,
            sealed_sha256="ab" * 32,
            name=Sealed(stream, FileName("letter.pdf")),
        )
        yield stream, [added]

    def remove(self, salt: int) -> Any:
        stream = self._case(salt, lambda case: case.state == "open" and case.attachments)
        attachment = self.cases[stream].attachments.pop()
        yield stream, [facts.AttachmentRemoved(attachment=attachment, reason=Sealed(stream, Reason("wrong file")))]

    def close(self, salt: int) -> Any:
        stream = self._open(salt)
        case = self.cases[stream]
        case.state, case.plan, case.offered = "closed", None, False
        case.measures.clear()
        yield stream, [facts.CaseClosed(outcome="goals-met", reason=Sealed(stream, Reason("well")))]

    def reopen_or_seal(self, salt: int) -> Any:
        stream = self._case(salt, lambda case: case.state == "closed")
        case, why = self.cases[stream], Sealed(stream, Reason("again"))
        if salt % 3 == 0:
            case.state = "sealed"
            yield stream, [facts.CaseSealed(reason=why)]
        else:
            case.state, case.officer = "open", None
            yield stream, [facts.CaseReopened(term_ends=self.now() + 90 * DAY, reason=why)]

    def _new(self, kind: str) -> UUID:
        self.things += 1
        return key(kind, self.things)

    def _open(self, salt: int) -> Any:
        return self._case(salt, lambda case: case.state == "open")

    def _case(self, salt: int, wanted: Callable[[Case], object]) -> Any:
        found = [stream for stream, case in self.cases.items() if wanted(case)]
        return found[salt % len(found)] if found else None
