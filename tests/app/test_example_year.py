"""The example year, small: the same seed gives the same events, and every view equals its recount."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import delete, insert, update

from app import deployment
from app.composition import open_record
from app.demo.year import live
from app.demo.year.digest import digest
from app.demo.year.recount import recount
from app.event_store.sqlite_log import SqliteEventLog
from domain.ids import SYSTEM_ACTOR
from projections.database import ViewsDatabase, open_views
from projections.incident_board import incidents
from projections.sign_ins import sign_ins
from projections.views import VIEWS
from tests.fakes_gpu import ColourHistograms

SCALE, SEED = 0.008, 7
ROUND = timedelta(days=10)  # between two rounds of what works by itself: fewer than in a year of its full size


class Lived(NamedTuple):
    document: dict[str, Any]
    log: SqliteEventLog
    views: ViewsDatabase


def lived(folder: Path, seed: int) -> dict[str, Any]:
    return live(folder, SCALE, seed, encoder=ColourHistograms(), round_=ROUND)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    folder = tmp_path_factory.mktemp("year") / "deployment"
    document = lived(folder, SEED)
    with ExitStack() as opening:
        place = deployment.load(folder)
        log, _ = open_record(place, opening)
        views = open_views(place.views, VIEWS)
        opening.callback(views.close)
        yield Lived(document, log, views)


def test_every_view_equals_its_recount(year: Lived) -> None:
    assert year.document["differences"] == []
    assert {view["view"] for view in year.document["views"]} == {view.name for view in VIEWS}
    assert all(view["equal"] for view in year.document["views"])
    assert year.document["events"] == year.log.head() > 250


def test_all_of_it_came_through_the_api_within_the_year(year: Lived) -> None:
    """But for what the system does by itself, which is marked so."""
    recorded = [entry.meta.recorded_at for entry in year.log.read(limit=100_000)]  # type: ignore[union-attr]
    assert recorded == sorted(recorded), "its clock never goes back"
    assert (recorded[0].year, recorded[-1].year) == (2025, 2026)
    assert year.document["commands"] > 150
    assert year.document["refusals"], "somebody tried what is not theirs"


def test_the_same_seed_gives_the_same_events(year: Lived, tmp_path: Path) -> None:
    again = lived(tmp_path / "again", SEED)
    assert again["digest"] == year.document["digest"] == digest(year.log)
    assert (again["events"], again["commands"]) == (year.document["events"], year.document["commands"])


PAST = datetime(2025, 1, 1, tzinfo=UTC)
OF_NO_EVENT = {"position": 10**6, "at": PAST, "account": SYSTEM_ACTOR, "initial": False}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (update(incidents).values(state="lost"), "incident-board, incidents: shown, not counted"),
        (delete(sign_ins), "sign-ins, sign_ins: counted, not shown"),
        (insert(sign_ins).values(OF_NO_EVENT), "sign-ins, sign_ins: shown, not counted"),
    ],
    ids=["a wrong state", "missing rows", "a row of no event"],
)
def test_a_recount_tells_a_view_that_is_wrong(year: Lived, change: Any, told: str) -> None:
    with year.views.writing() as views:
        before = views.begin_nested()
        views.execute(change)
        found = recount(year.log, views)
        before.rollback()
        assert recount(year.log, views)["differences"] == []
    assert any(difference.startswith(told) for difference in found["differences"]), found["differences"]
