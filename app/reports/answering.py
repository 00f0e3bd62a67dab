"""What officers do with a report, and who of them may."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from app import relations
from app.access.operations import Operation
from app.access.resources import Absent, Resource
from app.call import Call, now
from app.composition import Services
from app.desk import expect
from app.disclosing import Wish
from app.public_words import names_child
from domain import incident
from domain.checks import existing
from domain.log import Change, Receipt
from domain.personal import Narrative, Place, Reason
from domain.reports import report
from domain.reports.commands import MarkDuplicate, RedactReport, ReopenReport, ReportCommand
from domain.reports.events import ReportSubmitted
from domain.reports.report import KIND
from domain.reports.state import Report
from domain.reports.words import DANGER
from domain.sealed import Sealed
from projections.reports import board


def resource(house: Services, key: UUID, state: Report | None) -> Resource | Absent:
    """With the duty desks of its region, where nobody acted in time."""
    if state is None or not state.escalated:
        return relations.report(key, state)
    with house.views.reading() as views:
        return relations.report(key, state, board.duty_desks(views, state.region))


def known(house: Services, call: Call, operation: Operation, key: UUID) -> Report:
    """The report, of which the caller may do this. Raises as `Desk.require`."""
    state = house.desk.load(report.DECIDER, key).state
    house.desk.require(call, operation, resource(house, key, state))
    return existing(KIND, key, state)


def submitted(house: Services, key: UUID) -> ReportSubmitted:
    """How it began; of a report that exists."""
    (first,) = house.log.events(key, until_version=1)
    assert isinstance(first, ReportSubmitted)
    return first


def names_child_in(
    house: Services,
    call: Call,
    operation: Operation,
    key: UUID,
    text: str,
    field: str = "text",
    *,
    public: bool = False,
) -> bool:
    """Whether what is written of a report names a child on record, for a caller who may write it: with units of its
    region, where its reporter alone is to read it.
    """
    loaded = house.desk.load(report.DECIDER, key)
    house.desk.require(call, operation, resource(house, key, loaded.state))
    if house.desk.taken(call):
        return False
    expect(call, loaded)  # what is refused anyway is not looked up
    state = existing(KIND, key, loaded.state)
    return names_child(house, call, operation, text, field, None if public else state.region)


def answer(
    house: Services,
    call: Call,
    operation: Operation,
    command: ReportCommand,
    beside: Callable[[Report | None], Sequence[Change]] = lambda _: (),
) -> Receipt:
    """One command to one report. Raises as `Desk.perform`."""
    key = command.report
    return house.desk.perform(
        call, operation, report.DECIDER, key, command, lambda state: resource(house, key, state), beside
    )


def mark_duplicate(house: Services, call: Call, key: UUID, of: UUID) -> Receipt:
    """Of a report that the caller may read, too; it is named unchanged."""

    def decide() -> Sequence[Change]:
        loaded = house.desk.load(report.DECIDER, key)
        house.desk.require(call, Operation.REPORT_MARK_DUPLICATE, resource(house, key, loaded.state))
        expect(call, loaded)
        other = house.desk.load(report.DECIDER, of)
        may = house.desk.allows(call, Operation.REPORT_READ, resource(house, of, other.state))
        command = MarkDuplicate(
            report=key,
            of=of,
            of_phase=other.state.phase if may and other.state is not None else "",
            of_danger=other.state is not None and other.state.priority == DANGER,
            by=call.principal.account,
        )
        decided = Change(key, loaded.version, report.DECIDER.decide(loaded.state, command))
        return decided, Change(of, other.version, ())

    return house.desk.commit(call, Operation.REPORT_MARK_DUPLICATE, decide)


def reopen(house: Services, call: Call, key: UUID, reason: Sealed[Reason]) -> Receipt:
    """Also what became an incident that was struck off."""
    settings = house.deployment.settings

    def decide() -> Sequence[Change]:
        loaded = house.desk.load(report.DECIDER, key)
        house.desk.require(call, Operation.REPORT_REOPEN, resource(house, key, loaded.state))
        expect(call, loaded)
        command = ReopenReport(
            report=key,
            reason=reason,
            by=call.principal.account,
            voided=is_voided(house, existing(KIND, key, loaded.state)),
            within_days=settings.report_reopen_days,
            danger_minutes=settings.report_danger_minutes,
            at=now(),
        )
        return (Change(key, loaded.version, report.DECIDER.decide(loaded.state, command)),)

    return house.desk.commit(call, Operation.REPORT_REOPEN, decide)


def is_voided(house: Services, state: Report) -> bool:
    """Whether the incident that it became was struck off: it stays so."""
    recorded = None if state.incident is None else house.desk.load(incident.DECIDER, state.incident).state
    return recorded is not None and recorded.voided


def redact(house: Services, call: Call, key: UUID, text: str | None, *, attested: bool) -> Receipt:
    """What everybody may read of it, or nothing any more.

    Raises:
        domain.public_words.ChildNamed: somebody in it is called as a child on record is.
        and what `Desk.perform` raises.
    """
    operation = Operation.REPORT_REDACT
    command = RedactReport(
        report=key,
        narrative=None if text is None else Sealed(call.new_record(), Narrative(text)),
        attested=attested,
        names_child=text is not None and attested and names_child_in(house, call, operation, key, text, public=True),
        by=call.principal.account,
    )
    return answer(house, call, operation, command)


def opened_words(house: Services, call: Call, operation: Operation, key: UUID) -> tuple[str | None, Place | None]:
    """What was reported and where: on record before it is told. Nulls once it was erased."""
    first = submitted(house, key)
    wishes = [Wish(key, first.narrative, Narrative), *([] if first.place is None else [Wish(key, first.place, Place)])]
    narrative, *place = house.disclosures.open_each(call, operation, wishes)
    return None if narrative is None else narrative.text, place[0] if place else None
