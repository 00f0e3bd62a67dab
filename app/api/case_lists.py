"""What is to be done in prevention cases, which are offered to a unit, and how much work there is, over HTTP."""

from __future__ import annotations

from datetime import datetime

import msgspec
from litestar import get
from litestar.params import FromQuery

from app.access.operations import Operation
from app.api.answers import Page, page_of, wanted
from app.api.calls import Asked, House, call_of
from app.call import now
from app.instants import in_utc
from app.lists import case_columns, condition
from domain.checks import EARLIEST, LATEST, in_order
from projections import case_figures, case_work


class CaseFigures(msgspec.Struct, frozen=True, kw_only=True):
    """`caseload` as it is now; the durations of cases that were opened, or closed, within the time."""

    from_at: datetime
    to_at: datetime
    caseload: list[case_figures.Caseload]
    report_to_open: case_figures.Duration
    open_to_close: case_figures.Duration


@get("/cases/work", sync_to_thread=True)
def list_work(
    request: Asked,
    house: House,
    mine: FromQuery[bool] = False,
    overdue: FromQuery[bool] = False,
    task: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Page[case_work.Task]:
    """What is to be done in the open cases that the caller may read, the soonest due first: reviews, measures, terms,
    answers to offers, plans to be decided on, cases that nobody is in charge of. `mine`: of one's own cases;
    `overdue`: whose time is over.
    """
    call = call_of(request, house)
    house.desk.require(call, Operation.CASE_WORK)
    only = condition(house, call, Operation.CASE_WORK, case_columns())
    with house.views.reading() as views:
        page = case_work.task_page(
            views,
            only=only,
            officer=call.principal.account if mine else None,
            task=wanted("task", task, case_work.TASKS),
            due_before=now() if overdue else None,
            cursor=cursor,
            limit=limit,
        )
    return page_of(page)


@get("/cases/offers", sync_to_thread=True)
def list_offers(
    request: Asked, house: House, cursor: FromQuery[str | None] = None, limit: FromQuery[int] = 50
) -> Page[case_work.Offer]:
    """Cases that wait for the answer of another unit: offered to the caller's, or by it."""
    call = call_of(request, house)
    house.desk.require(call, Operation.CASE_OFFERS)
    only = condition(house, call, Operation.CASE_OFFERS, case_columns())
    with house.views.reading() as views:
        return page_of(case_work.offer_page(views, only=only, cursor=cursor, limit=limit))


@get("/cases/figures", sync_to_thread=True)
def read_figures(
    request: Asked,
    house: House,
    from_at: FromQuery[datetime | None] = None,
    to_at: FromQuery[datetime | None] = None,
) -> CaseFigures:
    """How many open cases each officer has, and how long it takes from a report to a case, and to its end; of the cases
    that the caller may read.
    """
    call = call_of(request, house)
    house.desk.require(call, Operation.CASE_FIGURES)
    only = condition(house, call, Operation.CASE_FIGURES, case_columns())
    start, end = in_utc("from_at", from_at) or EARLIEST, in_utc("to_at", to_at) or LATEST
    in_order("from_at", start, "to_at", end)
    with house.views.reading() as views:
        return CaseFigures(
            from_at=start,
            to_at=end,
            caseload=list(case_figures.caseload(views, now(), only=only)),
            report_to_open=case_figures.report_to_open(views, start, end, only=only),
            open_to_close=case_figures.open_to_close(views, start, end, only=only),
        )


ROUTES = (list_work, list_offers, read_figures)
