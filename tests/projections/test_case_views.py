"""Views of prevention cases: the board, what is to be done and by when, and how long things take."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from domain import prevention_case_events as facts
from domain.event import Event
from domain.personal import FileName, Narrative, Reason
from domain.sealed import Sealed
from projections import case_figures, case_queries, case_timeline, case_work
from projections.case_board import cases
from tests.projections.histories import START
from tests.projections.test_views import Told, told  # noqa: F401 (fixture)

DAY = timedelta(days=1)
UNIT, OTHER_UNIT = uuid4(), uuid4()


def words(case: UUID) -> Sealed[Narrative]:
    return Sealed(case, Narrative("слова"))


def why(case: UUID) -> Sealed[Reason]:
    return Sealed(case, Reason("чому"))


def opened(case: UUID, *, unit: UUID = UNIT, term: int = 90, reported_at: datetime | None = None) -> Event:
    return facts.CaseOpened(
        child=uuid4(),
        pseudonym="CH-4F2A",
        ground="bullying",
        unit=unit,
        term_ends=START + term * DAY,
        reason=why(case),
        reported_at=reported_at,
    )


def assessed(case: UUID, days: int, level: str = "high") -> Event:
    return facts.RiskAssessed(
        level=level,
        protective_factors=("friends",),
        by=uuid4(),
        review_by=START + days * DAY,
        narrative=words(case),
    )


def scheduled(case: UUID, measure: UUID, days: int) -> Event:
    due_at = START + days * DAY
    return facts.MeasureScheduled(measure=measure, kind="home-visit", due_at=due_at, narrative=words(case))


def tasks(told: Told, **filters: object) -> list[tuple[str, UUID, int]]:  # noqa: F811
    with told.reading() as connection:
        page = case_work.task_page(connection, **filters)  # type: ignore[arg-type]
    return [(each.task, each.case, (each.due_at - START) // DAY) for each in page.items]


def test_what_is_to_be_done_soonest_first(told: Told) -> None:  # noqa: F811
    case, officer, measure, plan = uuid4(), uuid4(), uuid4(), uuid4()
    told.tell(case, opened(case))
    assert tasks(told) == [("assignment", case, 0), ("term", case, 90)]
    told.tell(case, facts.CaseAssigned(officer=officer), assessed(case, 30), scheduled(case, measure, 3))
    told.tell(case, facts.TransferOffered(to_unit=OTHER_UNIT, answer_by=START + 7 * DAY, reason=why(case)))
    told.tell(case, facts.PlanProposed(plan=plan, by=officer, narrative=words(case)))
    expected = [
        ("plan", case, 0), ("measure", case, 3), ("offer", case, 7), ("review", case, 30), ("term", case, 90),
    ]  # fmt: skip
    assert tasks(told) == tasks(told, officer=officer) == expected
    assert tasks(told, officer=uuid4()) == []
    assert tasks(told, task="review") == [("review", case, 30)]
    assert tasks(told, due_before=START + 7 * DAY) == expected[:2]


def test_what_ends_a_task(told: Told) -> None:  # noqa: F811
    case, officer, measure = uuid4(), uuid4(), uuid4()
    told.tell(case, opened(case), facts.CaseAssigned(officer=officer), scheduled(case, measure, 3))
    told.tell(case, facts.PlanProposed(plan=uuid4(), by=officer, narrative=words(case)))
    told.tell(case, facts.TransferOffered(to_unit=OTHER_UNIT, answer_by=START + 7 * DAY, reason=why(case)))
    told.tell(case, facts.TransferDeclined(by_unit=OTHER_UNIT, reason=why(case)))
    done = facts.MeasureCompleted(measure=measure, result="done", ended_at=START + DAY, narrative=words(case))
    told.tell(case, done)
    assert [task for task, _, _ in tasks(told)] == ["plan", "term"]
    told.tell(case, scheduled(case, uuid4(), 5), facts.CaseClosed(outcome="goals-met", reason=why(case)))
    assert tasks(told) == []
    told.now = START + 20 * DAY
    told.tell(case, facts.CaseReopened(term_ends=START + 40 * DAY, reason=why(case)))
    left = [("assignment", case, 20), ("term", case, 40)]
    assert tasks(told) == left, "what was under way ended with the case, and it waits since it was opened anew"
    told.tell(case, facts.CaseAssigned(officer=officer))
    told.now = START + 30 * DAY
    told.tell(case, facts.CaseReassigned(from_officer=officer))
    assert tasks(told, task="assignment") == [("assignment", case, 30)]
    with told.reading() as connection:
        assert sorted(each.state for each in case_queries.measures_of(connection, case)) == ["completed", "dropped"]


def test_a_plan_that_was_approved_stays_through_the_closing(told: Told) -> None:  # noqa: F811
    case, plan = uuid4(), uuid4()
    told.tell(case, opened(case), facts.PlanProposed(plan=plan, by=uuid4(), narrative=words(case)))
    told.tell(case, facts.PlanApproved(plan=plan, by=uuid4()), facts.CaseAssigned(officer=uuid4()))
    told.tell(case, facts.CaseClosed(outcome="goals-met", reason=why(case)))
    with told.reading() as connection:
        row = case_queries.board_case(connection, case)
    assert row is not None
    assert (row.plan, row.plan_state, row.outcome) == (plan, "approved", "goals-met")
    assert row.officer is None, "nobody is in charge of a closed case"


def test_the_other_units_case_is_where_it_was_accepted(told: Told) -> None:  # noqa: F811
    case, officer, next_officer = uuid4(), uuid4(), uuid4()
    told.tell(case, opened(case), facts.CaseAssigned(officer=officer))
    told.tell(case, facts.TransferOffered(to_unit=OTHER_UNIT, answer_by=START + 7 * DAY, reason=why(case)))
    with told.reading() as connection:
        (offer,) = case_work.offer_page(connection, only=cases.c.offered_unit == OTHER_UNIT).items
        assert (offer.case, offer.unit) == (case, UNIT)
        assert case_queries.open_cases_of(connection, officer) == (case,)
    told.tell(case, facts.TransferAccepted(unit=OTHER_UNIT, officer=next_officer))
    with told.reading() as connection:
        assert case_work.offer_page(connection, only=cases.c.unit == OTHER_UNIT).items == ()
        assert case_queries.open_cases_of(connection, officer) == ()
        assert case_queries.open_cases_by_officer(connection, OTHER_UNIT) == {next_officer: 1}
        assert case_queries.open_cases_by_officer(connection, UNIT) == {}


def test_attachments_and_contacts_without_a_word(told: Told) -> None:  # noqa: F811
    case, attachment = uuid4(), uuid4()
    name = Sealed(case, FileName("лист.pdf"))
    added = facts.AttachmentAdded(
        attachment=attachment, media_type="application/pdf", size_bytes=7, sealed_sha256="ab" * 32, name=name
    )
    late, early = START + 2 * DAY, START + DAY
    told.tell(case, opened(case), added)
    for when in (late, early):
        noted = facts.ContactNoted(contact=uuid4(), kind="visit", occurred_at=when, narrative=words(case))
        told.tell(case, noted)
    told.tell(case, facts.AttachmentRemoved(attachment=attachment, reason=why(case)))
    with told.reading() as connection:
        (shown,) = case_queries.attachments_of(connection, case)
        assert shown.removed_at is not None
        assert [each[:2] for each in case_queries.gone_attachments(connection)] == [(attachment, case)]
        row = case_queries.board_case(connection, case)
        assert row is not None
        assert row.contacted_at == late, "the last contact, not the last one that was noted"
        assert [each.occurred_at for each in case_queries.contact_page(connection, case).items] == [early, late]
        entries = case_timeline.entry_page(connection, case).items
        assert [entry.version for entry in entries] == [1, 2, 3, 4, 5]
        assert entries[2].read_facts()["narrative"] == {"sealed": 0, "subject": str(case)}


def test_caseload_and_how_long_it_takes(told: Told) -> None:  # noqa: F811
    officer, first = uuid4(), told.now
    for hours in (1, 2, 3, 40):
        case = uuid4()
        told.tell(case, opened(case, reported_at=told.now + timedelta(minutes=1) - timedelta(hours=hours)))
        told.tell(case, facts.CaseAssigned(officer=officer))
    assessed_case, overdue = uuid4(), uuid4()
    told.tell(assessed_case, opened(assessed_case), assessed(assessed_case, 1))
    told.tell(overdue, opened(overdue, unit=OTHER_UNIT, term=-1))
    closed = uuid4()
    at = told.tell(closed, opened(closed))
    told.now += timedelta(hours=10)
    told.tell(closed, facts.CaseClosed(outcome="goals-met", reason=why(closed)))

    with told.reading() as connection:
        loads = {(each.unit, each.officer): each for each in case_figures.caseload(connection, START + 2 * DAY)}
        assert {key: load.open_cases for key, load in loads.items()} == {
            (UNIT, officer): 4,
            (UNIT, None): 1,
            (OTHER_UNIT, None): 1,
        }
        assert (loads[UNIT, officer].never_assessed, loads[UNIT, officer].review_over) == (4, 0)
        assert (loads[UNIT, None].review_over, loads[UNIT, None].never_assessed) == (1, 0)
        assert (loads[OTHER_UNIT, None].term_over, loads[UNIT, None].term_over) == (1, 0)
        only = cases.c.unit == OTHER_UNIT
        assert [each.unit for each in case_figures.caseload(connection, START, only=only)] == [OTHER_UNIT]

        end = told.now + DAY
        took = case_figures.report_to_open(connection, first, end)
        assert (took.cases, took.median_hours, took.tail_hours) == (4, 2.0, 40.0)
        assert case_figures.report_to_open(connection, first, first).median_hours is None
        lasted = case_figures.open_to_close(connection, first, end)
        assert (lasted.cases, lasted.median_hours) == (1, round(10 + 1 / 60, 2))
        assert case_figures.open_to_close(connection, first, at).cases == 0
