"""Histories of residents' reports, for `tests.projections.histories`: what the aggregate itself lets happen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from msgspec.structs import replace

from domain.errors import DomainError
from domain.event import Event
from domain.ids import NAMESPACE, report_contact_id, report_words_id
from domain.personal import Narrative, Place, Reason, ReporterContact
from domain.reports import commands as ask
from domain.reports.report import DECIDER
from domain.sealed import Sealed

CATEGORIES = ("lighting", "danger-to-life", "theft", "bullying")

Move = tuple[Callable[[int], Any], object]


def key(kind: str, number: int) -> UUID:
    return uuid5(NAMESPACE, f"test:{kind}:{number}")


class Reports:
    """The part of a district that concerns these; the time is the district's."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.histories: dict[UUID, list[Event]] = {}
        self.answers = 0

    def table(self, salt: int) -> list[Move]:
        return [(self.submit_report, True), *[(self.answer_report, self.histories or None)] * 3]

    def submit_report(self, salt: int) -> Any:
        stream, reporter = key("report", len(self.histories)), key("reporter", len(self.histories))
        place = Place(text=f"place {salt}", latitude=50.4 + salt % 7 / 100, longitude=30.5)
        contact = Sealed(
            report_contact_id(stream), ReporterContact(full_name=f"Person {salt}", phone="+380 44 5551212")
        )
        command = ask.SubmitReport(
            report=stream,
            reporter=reporter,
            category=CATEGORIES[salt % 4],
            to=self._place(salt),
            narrative=Sealed(report_words_id(stream), Narrative(f"What was seen, {salt}")),
            place=Sealed(report_words_id(stream), place) if salt % 3 else None,
            contact=contact if salt % 2 else None,
            danger_minutes=5,
            at=self.now(),
        )
        self.histories[stream] = [*DECIDER.decide(None, command)]
        yield stream, self.histories[stream]

    def answer_report(self, salt: int) -> Any:
        """The next of the commands, in turn, that the report takes."""
        stream = list(self.histories)[salt % len(self.histories)]
        history, commands = self.histories[stream], self._commands(stream, salt)
        for place in range(len(commands)):
            self.answers += 1
            command = commands[(self.answers + place) % len(commands)]
            try:
                events = DECIDER.decide(DECIDER.fold(history), command)
            except DomainError:
                continue
            if events:
                history += events
                yield stream, list(events)
                return

    def _commands(self, stream: UUID, salt: int) -> list[Any]:
        by, at, why = key("account", salt % 4), self.now(), Sealed(stream, Reason(f"because {salt}"))
        told = Sealed(stream, Narrative(f"words {salt}"))
        danger: dict[str, Any] = {"danger_minutes": 5, "at": at, "by": by, "report": stream}
        priority = "danger-to-life" if salt % 2 else "low"
        convert = ask.ConvertReport(
            report=stream, incident=key("incident", salt % 9), record=key("record", salt), by=by
        )
        redact = ask.RedactReport(report=stream, narrative=told, attested=True, names_child=False, by=by)
        return [
            ask.EscalateReport(report=stream, at=at),
            ask.AcknowledgeReport(report=stream, by=by),
            ask.TriageReport(priority=priority, names=(key("person", salt % 3),), **danger),
            ask.MarkDuplicate(report=stream, of=key("report", salt % 5), of_phase="acknowledged", by=by),
            ask.UndoDuplicate(report=stream, reason=why, by=by),
            redact if salt % 3 else replace(redact, narrative=None),
            ask.RedirectReport(to=self._place(salt), reason=why, **danger),
            ask.RedirectReport(body="ambulance", reason=why, **danger),
            ask.UpdateReporter(report=stream, narrative=told, names_child=False, by=by),
            ask.FollowUpReport(report=stream, narrative=told),
            ask.ForgetContact(report=stream),
            ask.CloseReport(report=stream, outcome="dealt-with", reason=why, names_child=False, at=at, by=by),
            ask.ReopenReport(reason=why, voided=salt % 2 == 0, within_days=30, **danger),
            *([convert] if salt % 4 == 0 else []),
        ]

    def _place(self, salt: int) -> ask.Destination:
        return ask.Destination(
            region=("UA-30", "UA-32")[salt % 2], community=key("community", salt % 4), unit=key("unit", salt % 3)
        )
