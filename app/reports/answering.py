"""What officers do with a report, and who of them may."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from app import relations
from app.access.operations import Operation
from app.access.resources import Absent, Resource
from app.call import Call
from app.composition import Services
from app.desk import expect
from app.disclosing import Wish
from app.public_words import names_child
from domain.checks import existing
from domain.log import Change, Receipt
from domain.personal import Narrative, Place
from domain.reports import report
from domain.reports.commands import MarkDuplicate, RedactReport, ReportCommand
from domain.reports.events import ReportSubmitted
from domain.reports.report import KIND
from domain.reports.state import Report
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
            by=call.principal.account,
        )
        decided = Change(key, loaded.version, report.DECIDER.decide(loaded.state, command))
        return decided, Change(of, other.version, ())

    return house.desk.commit(call, Operation.REPORT_MARK_DUPLICATE, decide)


def redact(house: Services, call: Call, key: UUID, text: str | None, *, attested: bool) -> Receipt:
    """What everybody may read of it, or nothing any more.

    Raises:
        domain.public_words.ChildNamed: somebody in it is called as a child on record is.
        and what `Desk.perform` raises.
    """
    known(house, call, Operation.REPORT_REDACT, key)
    command = RedactReport(
        report=key,
        narrative=None if text is None else Sealed(call.new_record(), Narrative(text)),
        attested=attested,
        names_child=text is not None and attested and names_child(house, call, Operation.REPORT_REDACT, text),
        by=call.principal.account,
    )
    return answer(house, call, Operation.REPORT_REDACT, command)


def opened_words(house: Services, call: Call, operation: Operation, key: UUID) -> tuple[str | None, Place | None]:
    """What was reported and where: on record before it is told. Nulls once it was erased."""
    first = submitted(house, key)
    wishes = [Wish(key, first.narrative, Narrative), *([] if first.place is None else [Wish(key, first.place, Place)])]
    narrative, *place = house.disclosures.open_each(call, operation, wishes)
    return None if narrative is None else narrative.text, place[0] if place else None
