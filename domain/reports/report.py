"""A resident's report: submitted, read, weighed, and brought to an end that its reporter is told.

Where there is danger a clock runs, twice: until somebody has read it, and, once it was weighed so, until something came
of it. Nothing that names a child is ever public.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from domain import checks
from domain.decider import Decider
from domain.errors import AlreadyExists, Invalid, WrongState
from domain.event import Event
from domain.ids import report_contact_id
from domain.incident import checked_place
from domain.personal import Narrative, Place
from domain.public_words import ChildNamed
from domain.reports import commands as asked
from domain.reports import events as happened
from domain.reports import state as evolved
from domain.reports import words
from domain.reports.contact import checked_contact
from domain.reports.state import (
    ACKNOWLEDGED,
    CLOSED,
    CONVERTED,
    DUPLICATE,
    OPEN,
    REDIRECTED,
    SUBMITTED,
    TRIAGED,
    Report,
)
from domain.sealed import Sealed

KIND = "report"
NARRATIVE_CHARACTERS_MAX = 5_000
NAMES_MAX = 50
PHOTOS_MAX = 4
FOLLOW_UPS_MAX = 20
UPDATES_MAX = 100
COARSE_DIGITS = 2  # of degrees: about a kilometre


def decide_submit(state: Report | None, command: asked.SubmitReport) -> tuple[Event, ...]:
    if state is not None:
        raise AlreadyExists(KIND, command.report)
    category = checks.one_of("category", command.category, words.REPORT_CATEGORIES)
    place = None if command.place is None else checked_place(command.place)
    coarse = (None, None) if place is None else _coarse(place.fresh_value())
    return (
        happened.ReportSubmitted(
            reporter=command.reporter,
            anonymous=command.contact is None,
            category=category,
            region=command.to.region,
            community=command.to.community,
            unit=command.to.unit,
            narrative=_words("narrative", command.narrative),
            place=place,
            latitude=coarse[0],
            longitude=coarse[1],
            contact=None if command.contact is None else checked_contact(command.contact),
            photos=checks.unique("photos", command.photos, least=0, most=PHOTOS_MAX),
            due_at=_due(category in words.DANGEROUS, command.at, command.danger_minutes),
        ),
    )


def decide_acknowledge(state: Report | None, command: asked.AcknowledgeReport) -> tuple[Event, ...]:
    _in_phase(state, command.report, SUBMITTED)
    return (happened.ReportAcknowledged(by=command.by),)


def decide_triage(state: Report | None, command: asked.TriageReport) -> tuple[Event, ...]:
    """It may be weighed again: more becomes known. Only whoever has read it weighs it, and weighing what is danger once
    more gains no time.
    """
    report = _in_phase(state, command.report, ACKNOWLEDGED, TRIAGED)
    priority = checks.one_of("priority", command.priority, words.REPORT_PRIORITIES)
    due_at = _due(priority == words.DANGER, command.at, command.danger_minutes)
    return (
        happened.ReportTriaged(
            priority=priority,
            names=checks.unique("names", command.names, least=0, most=NAMES_MAX),
            due_at=due_at and (report.due_at or due_at),
            by=command.by,
        ),
    )


def decide_escalate(state: Report | None, command: asked.EscalateReport) -> tuple[Event, ...]:
    """Only says what the clock has done already; nothing where somebody acted in time."""
    report = checks.existing(KIND, command.report, state)
    due_at = report.watched_until
    if due_at is None:
        return ()
    if command.at < due_at:
        raise Invalid("at", "its time is not over", "answer it meanwhile")
    return (happened.ReportEscalated(due_at=due_at),)


def decide_mark_duplicate(state: Report | None, command: asked.MarkDuplicate) -> tuple[Event, ...]:
    """The other one goes on, and is none itself. What the danger clock watches is read, here or there, first; and a
    danger goes on as one: under what was weighed so, whose own clock runs, or became an incident.
    """
    report = _in_phase(state, command.report, *OPEN)
    if command.of == command.report or not command.of_phase:
        raise Invalid("of", f"{command.of} is no other report", "name one of GET /reports/{id}/duplicates")
    if command.of_phase == DUPLICATE:
        raise Invalid("of", f"{command.of} is a duplicate itself", "name the report that it is a duplicate of")
    if command.of_phase not in (*OPEN, CONVERTED):
        raise Invalid("of", f"nothing goes on under {command.of}", "reopen it, or name one that is answered")
    if report.watched_until is not None and command.of_phase == SUBMITTED:
        raise Invalid("of", f"nobody has read {command.of}", "acknowledge one of both first")
    if report.dangerous and not command.of_danger and command.of_phase != CONVERTED:
        raise Invalid("of", f"{command.of} is not weighed as danger", "weigh that one so first, or this one anew")
    return (happened.ReportMarkedDuplicate(of=command.of, by=command.by),)


def decide_undo_duplicate(state: Report | None, command: asked.UndoDuplicate) -> tuple[Event, ...]:
    _in_phase(state, command.report, DUPLICATE)
    return (happened.ReportDuplicateUndone(reason=checks.reason("reason", command.reason), by=command.by),)


def decide_redact(state: Report | None, command: asked.RedactReport) -> tuple[Event, ...]:
    """Of a category that the public list shows, once somebody has read it."""
    report = checks.existing(KIND, command.report, state)
    if command.narrative is None:
        return (happened.ReportRedacted(by=command.by),) if report.published else ()
    if report.phase == SUBMITTED:
        raise WrongState(KIND, command.report, report.phase, "acknowledge it first")
    if report.category not in words.PUBLISHED:
        fault = f"a report of {report.category} is never public"
        raise Invalid("text", fault, "leave it unpublished")
    if not command.attested:
        raise Invalid("attested", "is not so", "read it again, and attest that it names no child and nobody else")
    _name_nobody(command.names_child)
    return (happened.ReportRedacted(narrative=_words("text", command.narrative), by=command.by),)


def decide_redirect(state: Report | None, command: asked.RedirectReport) -> tuple[Event, ...]:
    report = _in_phase(state, command.report, *OPEN)
    if (command.to is None) == (not command.body):
        raise Invalid("body", "is not the one place that it goes to", "name either a community or a body")
    if command.to is not None and command.to.community == report.community:
        raise Invalid("community", "has this report already", "name another one")
    to = command.to or asked.Destination(region=report.region, community=report.community, unit=report.unit)
    at = checks.utc("at", command.at)
    return (
        happened.ReportRedirected(
            region=to.region,
            community=to.community,
            unit=to.unit,
            body=checks.one_of("body", command.body, words.REPORT_BODIES) if command.body else "",
            reason=checks.reason("reason", command.reason),
            at=at,
            due_at=None if command.body else _due(_is_dangerous(report), at, command.danger_minutes),
            by=command.by,
        ),
    )


def decide_convert(state: Report | None, command: asked.ConvertReport) -> tuple[Event, ...]:
    _in_phase(state, command.report, ACKNOWLEDGED, TRIAGED)
    return (happened.ReportConverted(incident=command.incident, record=command.record, by=command.by),)


def decide_update(state: Report | None, command: asked.UpdateReporter) -> tuple[Event, ...]:
    """Once somebody has read it."""
    report = checks.existing(KIND, command.report, state)
    if report.phase == SUBMITTED:
        raise WrongState(KIND, command.report, report.phase, "acknowledge it first")
    _room_left("update", report.updates, UPDATES_MAX)
    _name_nobody(command.names_child)
    return (happened.ReporterUpdated(narrative=_words("text", command.narrative), by=command.by),)


def decide_follow_up(state: Report | None, command: asked.FollowUpReport) -> tuple[Event, ...]:
    """In whatever state: what is said of one that has ended may be the reason to open it again."""
    report = checks.existing(KIND, command.report, state)
    _room_left("narrative", report.follow_ups, FOLLOW_UPS_MAX)
    return (happened.ReportFollowedUp(narrative=_words("narrative", command.narrative)),)


def decide_forget_contact(state: Report | None, command: asked.ForgetContact) -> tuple[Event, ...]:
    """Nothing where there is none."""
    report = checks.existing(KIND, command.report, state)
    return (happened.ReporterContactForgotten(record=report_contact_id(command.report)),) if report.named else ()


def decide_close(state: Report | None, command: asked.CloseReport) -> tuple[Event, ...]:
    """Once somebody has read it."""
    _in_phase(state, command.report, ACKNOWLEDGED, TRIAGED)
    _name_nobody(command.names_child)
    return (
        happened.ReportClosed(
            outcome=checks.one_of("outcome", command.outcome, words.REPORT_OUTCOMES),
            reason=checks.reason("reason", command.reason),
            at=checks.utc("at", command.at),
            by=command.by,
        ),
    )


def decide_reopen(state: Report | None, command: asked.ReopenReport) -> tuple[Event, ...]:
    """It is read anew. Whoever reported may do so for some days, the police at any time; what became an incident that
    was struck off, the police alone.
    """
    report = _in_phase(state, command.report, CLOSED, REDIRECTED, *((CONVERTED,) if command.voided else ()))
    if command.by == report.reporter:
        ended_at = report.ended_at or command.at
        if command.at > ended_at + timedelta(days=command.within_days):
            raise WrongState(KIND, command.report, report.phase, "submit another report", words="closed for too long")
    return (
        happened.ReportReopened(
            reason=checks.reason("reason", command.reason),
            by=command.by,
            due_at=_due(_is_dangerous(report), command.at, command.danger_minutes),
        ),
    )


DECIDER: Decider[asked.ReportCommand, Report] = Decider(
    kind=KIND,
    decides={
        asked.SubmitReport: decide_submit,
        asked.AcknowledgeReport: decide_acknowledge,
        asked.TriageReport: decide_triage,
        asked.EscalateReport: decide_escalate,
        asked.MarkDuplicate: decide_mark_duplicate,
        asked.UndoDuplicate: decide_undo_duplicate,
        asked.RedactReport: decide_redact,
        asked.RedirectReport: decide_redirect,
        asked.ConvertReport: decide_convert,
        asked.UpdateReporter: decide_update,
        asked.FollowUpReport: decide_follow_up,
        asked.ForgetContact: decide_forget_contact,
        asked.CloseReport: decide_close,
        asked.ReopenReport: decide_reopen,
    },
    evolves={
        happened.ReportSubmitted: evolved.submitted,
        happened.ReportAcknowledged: evolved.acknowledged,
        happened.ReportTriaged: evolved.triaged,
        happened.ReportEscalated: evolved.escalated,
        happened.ReportMarkedDuplicate: evolved.marked_duplicate,
        happened.ReportDuplicateUndone: evolved.duplicate_undone,
        happened.ReportRedacted: evolved.redacted,
        happened.ReportRedirected: evolved.redirected,
        happened.ReportConverted: evolved.converted,
        happened.ReporterUpdated: evolved.updated,
        happened.ReportFollowedUp: evolved.followed_up,
        happened.ReporterContactForgotten: evolved.contact_forgotten,
        happened.ReportClosed: evolved.closed,
        happened.ReportReopened: evolved.reopened,
    },
)


def _in_phase(state: Report | None, key: UUID, *phases: str) -> Report:
    report = checks.existing(KIND, key, state)
    if report.phase not in phases:
        raise WrongState(KIND, key, report.phase, f"this needs one that is {' or '.join(phases)}")
    return report


def _name_nobody(names_child: bool) -> None:
    if names_child:
        raise ChildNamed


def _due(dangerous: bool, at: datetime, minutes: int) -> datetime | None:
    return checks.utc("at", at) + timedelta(minutes=minutes) if dangerous else None


def _is_dangerous(report: Report) -> bool:
    return report.category in words.DANGEROUS or report.priority == words.DANGER


def _words(field: str, value: Sealed[Narrative]) -> Sealed[Narrative]:
    checks.text(field, value.fresh_value().text, characters_max=NARRATIVE_CHARACTERS_MAX)
    return value


def _coarse(place: Place) -> tuple[float | None, float | None]:
    if place.latitude is None or place.longitude is None:
        return None, None
    return round(place.latitude, COARSE_DIGITS), round(place.longitude, COARSE_DIGITS)


def _room_left(field: str, written: int, most: int) -> None:
    if written >= most:
        raise Invalid(field, f"was written {written} times", f"at most {most} are taken: submit another report")
