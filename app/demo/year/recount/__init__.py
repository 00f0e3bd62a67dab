"""Every view, counted once more from the raw events in another way, and held against what the view shows.

A view folds events one after another into rows. A recount looks at the whole life of each thing at its end. They share
no code: what both say is right is not so because both go the same wrong way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, select

from app.demo.year.recount import beside, casework, children, footage, people, reports, sharing, space
from app.demo.year.recount.history import Expected, History
from domain.log import EventLog
from projections.views import VIEWS

RECOUNTS: tuple[Callable[[History], Iterator[Expected]], ...] = (
    people.organisation,
    people.officers,
    people.sign_ins,
    people.disclosures,
    footage.cameras,
    footage.keeping,
    footage.authorisations,
    footage.searches,
    footage.shelf,
    casework.incidents,
    casework.involvement,
    casework.cases,
    casework.concerns,
    children.profiles,
    children.timelines,
    children.sealed_records,
    space.communities,
    space.posts,
    space.schools,
    space.initiatives,
    space.network,
    reports.reports,
    sharing.agencies,
    sharing.agreements,
    sharing.consents,
    sharing.referrals,
    sharing.conferences,
    sharing.shares,
    beside.claims,
    beside.certified_periods,
    beside.webhooks,
)
SHOWN_MAX = 3  # differences of one table that are told


def recount(log: EventLog, views: Connection) -> dict[str, Any]:
    """What each view holds beside its recount. A table of a view that nobody counts is a difference, too."""
    history = History.of(log)
    expected = [each for counts in RECOUNTS for each in counts(history)]
    found = {(each.view, each.table): (each, *_held(views, each)) for each in expected}
    differences, told = list[str](), []
    for view in VIEWS:
        tables = [table.name for table in view.tables]
        uncounted = [name for name in tables if (view.name, name) not in found]
        faults = [f"{view.name}: nobody counts {name}" for name in uncounted]
        counted = [found[view.name, name] for name in tables if name not in uncounted]
        faults += [fault for each, live, _ in counted for fault in _differences(each, live)]
        differences += faults
        told.append(
            {
                "view": view.name,
                "rows": sum(rows for _, _, rows in counted),
                "equal": not faults,
                "compared": [f"{each.table}({', '.join(each.columns)})" for each, _, _ in counted],
            }
        )
    return {"differences": differences, "views": told}


def _held(views: Connection, expected: Expected) -> tuple[Counter[tuple[Any, ...]], int]:
    table = next(
        table for view in VIEWS if view.name == expected.view for table in view.tables if table.name == expected.table
    )
    rows = views.execute(select(*(table.c[name] for name in expected.columns))).all()
    shown = [tuple(_shown(name, value) for name, value in zip(expected.columns, row, strict=True)) for row in rows]
    return Counter(shown), len(rows)


def _shown(column: str, value: Any) -> Any:
    return children.names_of_facts(value) if column == "facts" else value


def _differences(expected: Expected, live: Counter[tuple[Any, ...]]) -> Iterator[str]:
    counted = Counter(expected.rows)
    for what, rows in (("shown, not counted", live - counted), ("counted, not shown", counted - live)):
        for row in list(rows)[:SHOWN_MAX]:
            values = ", ".join(f"{name} {value}" for name, value in zip(expected.columns, row, strict=True))
            yield f"{expected.view}, {expected.table}: {what}: {values}"
        if len(rows) > SHOWN_MAX:
            yield f"{expected.view}, {expected.table}: {what}: {len(rows) - SHOWN_MAX} more"
