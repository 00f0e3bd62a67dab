"""The lists that people ask for every day are found by an index, and no table is read whole for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, event, or_, true

from projections import (
    case_queries,
    case_work,
    child_profiles,
    child_queries,
    child_timeline,
    concerns,
    incident_board,
    losses,
)
from projections.case_board import cases
from projections.communities import places, posts
from projections.concerns import concerns as of_concerns
from projections.database import ViewsDatabase
from projections.incident_board import incidents
from projections.initiatives import board as initiative_board
from projections.initiatives import commitments
from projections.initiatives.board import initiatives
from projections.reports import board as report_board
from projections.reports import public as public_reports
from projections.schools import board as school_board
from projections.schools import sessions
from projections.schools.board import schools
from projections.views import VIEWS
from tests.projections.histories import START

ME, OURS = uuid4(), uuid4()
MY_CASES = or_(cases.c.unit == OURS, cases.c.offered_unit == OURS, cases.c.officer == ME)
MY_INCIDENTS = or_(incidents.c.unit == OURS, incidents.c.officer == ME)
MY_CONCERNS = or_(of_concerns.c.unit == OURS, of_concerns.c.raiser == ME)
MY_SCHOOLS = or_(schools.c.police_unit == OURS, schools.c.prevention_unit == OURS)
MY_INITIATIVES = or_(initiatives.c.unit == OURS, initiatives.c.community == ME)
MY_CHILDREN = or_(child_profiles.profiles.c.unit == OURS, case_queries.worked_with_by(OURS))
MY_THINGS = {
    child_timeline.CHILD: MY_CHILDREN,
    child_timeline.INCIDENT: MY_INCIDENTS,
    child_timeline.CASE: MY_CASES,
    child_timeline.CONCERN: MY_CONCERNS,
}

Ask = Callable[[Connection], object]
LISTS: dict[str, Ask] = {
    "board of cases": lambda views: case_queries.case_page(views, only=MY_CASES),
    "cases of a pseudonym": lambda views: case_queries.case_page(views, pseudonym="CH-0001"),
    "my work": lambda views: case_work.task_page(views, only=MY_CASES, officer=ME),
    "work of the unit": lambda views: case_work.task_page(views, only=cases.c.unit == OURS),
    "offers": lambda views: case_work.offer_page(views, only=or_(cases.c.unit == OURS, cases.c.offered_unit == OURS)),
    "board of incidents": lambda views: incident_board.incident_page(views, only=MY_INCIDENTS),
    "concerns": lambda views: concerns.concern_page(views, START, only=MY_CONCERNS),
    "concerns that ended": lambda views: concerns.expired_unsaid(views, START),
    "concerns whose words stand": lambda views: concerns.words_not_destroyed(views, limit=500),
    "a child's concerns": lambda views: concerns.concern_page(views, START, child=ME),
    "a child's incidents": lambda views: child_queries.incidents_of(views, ME, only=MY_INCIDENTS),
    "a child's pseudonym": lambda views: child_queries.known_as(views, START, children=[ME], only=MY_THINGS),
    "children called so": lambda views: child_queries.known_as(views, START, pseudonym="CH-0001", only=MY_THINGS),
    "whether a pseudonym is used": lambda views: child_queries.known_as(views, START, pseudonym="CH-0001"),
    "profiles of the unit": lambda views: child_profiles.profile_page(views, only=MY_CHILDREN),
    "who works with a child": lambda views: case_queries.case_units_of(views, ME),
    "profiles called so": lambda views: child_profiles.profile_page(views, pseudonym="CH-0001"),
    "a child's timeline": lambda views: child_timeline.timeline_page(
        views, ME, START, only=dict.fromkeys(child_timeline.STRANDS, true())
    ),
    "communities of a region": lambda views: places.community_page(views, region="UA-32"),
    "posts of a community": lambda views: posts.posting_page(views, community=ME),
    "an officer's posts": lambda views: posts.postings_of(views, ME),
    "stations of a community": lambda views: places.station_page(views, START, community=ME),
    "reports of a community": lambda views: report_board.report_page(views, community=ME),
    "reports of the unit": lambda views: report_board.report_page(views, only=report_board.reports.c.unit == OURS),
    "overdue reports": lambda views: report_board.overdue(views, START),
    "communities to report to": lambda views: public_reports.named_communities(views, "UA-30"),
    "an incident's losses": lambda views: losses.loss_page(views, incident=ME, only=MY_INCIDENTS),
    "my schools": lambda views: school_board.school_page(views, only=MY_SCHOOLS),
    "my calendar of sessions": lambda views: sessions.session_page(views, only=MY_SCHOOLS),
    "sessions of some months": lambda views: sessions.counts(views, sessions.COMMUNITY, ("2026-09", "2026-10")),
    "my initiatives": lambda views: initiative_board.initiative_page(views, only=MY_INITIATIVES),
    "commitments of an initiative": lambda views: commitments.commitment_page(views, START, initiative=ME),
    "commitments that are over": lambda views: commitments.lapsed_unsaid(views, START),
    "commitments to be reminded of": lambda views: commitments.to_be_reminded(views, START),
}
TABLES = {table.name for view in VIEWS for table in view.tables}


@pytest.mark.parametrize("name", LISTS)
def test_no_table_is_read_whole(database: ViewsDatabase, name: str) -> None:
    assert read_whole(database, LISTS[name]) == set()


def test_a_table_that_is_read_whole_is_told(database: ViewsDatabase) -> None:
    assert read_whole(database, case_queries.case_page) == {"prevention_cases"}, "in order, for a page of all"


def read_whole(database: ViewsDatabase, ask: Ask) -> set[str]:
    with database.reading() as views, statements(views) as asked:
        ask(views)
    with database.reading() as views:
        plans = [row[3] for sql, values in asked for row in views.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]
    assert plans
    return {found[1] for plan in plans if (found := re.match(r"SCAN (\w+)", plan))} & TABLES


@contextmanager
def statements(connection: Connection) -> Iterator[list[tuple[str, Any]]]:
    seen: list[tuple[str, Any]] = []

    def see(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        seen.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", see)
    yield seen
    event.remove(connection, "before_cursor_execute", see)
