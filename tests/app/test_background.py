"""What runs beside the requests passes over the one thing it cannot take, says so, and does not die unnoticed."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from app import clock_watch, clockwork
from app.at_work import open_work
from app.background import Background, Notes
from app.call import now
from app.clockwork import Clockwork
from domain.ids import footage_id
from gpu_jobs.errors import ModelUnavailable
from projections.database import open_views, set_copy
from projections.view import live
from projections.views import VIEWS
from tests.app.conftest import FILMED_AT, House, film
from tests.fakes_gpu import ColourHistograms
from tests.waiting import wait_until


@pytest.fixture(autouse=True)
def quick_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clockwork, "TICK_SECONDS", 0.01)


@pytest.fixture
def background() -> Iterator[Background]:
    running = Background()
    yield running
    for work in running.status():
        running.end(work.name)


def make_unreadable(house: House, stream: UUID, version: int) -> None:
    with closing(sqlite3.connect(house.folder / "log.db", isolation_level=None)) as log:
        log.execute("DROP TRIGGER IF EXISTS stored_events_update")
        log.execute(
            "UPDATE stored_events SET state = x'00' WHERE originator_id = ? AND originator_version = ?",
            (stream.hex, version),
        )


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_died_is_named_with_what_ended_it(background: Background) -> None:
    def fail(stop: threading.Event) -> None:
        raise LookupError("nobody foresaw this")

    background.start("steady", lambda stop: stop.wait() and None)
    background.start("doomed", fail)
    wait_until(lambda: not background.status()[1].running)
    assert [work.running for work in background.status()] == [True, False]
    assert background.faults() == ["doomed ended; restart the server"]
    assert background.status()[1].fault == "LookupError: nobody foresaw this"


def test_a_thread_that_ends_before_its_time_is_a_fault_and_one_that_was_ended_is_none(background: Background) -> None:
    background.start("hasty", lambda stop: None)
    background.start("steady", lambda stop: stop.wait() and None)
    background.end("steady")
    wait_until(lambda: not background.status()[0].running)
    assert background.faults() == ["hasty ended; restart the server"]
    assert background.status()[0].fault == "without a word"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_the_server_is_not_ready_once_a_thread_of_it_died(house: House) -> None:
    assert house.http.get("/health/ready").status_code == 200, house.http.get("/health/ready").text

    def fail(stop: threading.Event) -> None:
        raise ModelUnavailable("model: /srv/models/base is missing; bring the folder")

    house.services.background.start("doomed", fail)
    wait_until(lambda: house.http.get("/health/ready").status_code == 503)
    told = house.http.get("/health/ready")
    assert told.json()["faults"] == ["doomed ended; restart the server"]
    assert "/srv" not in told.text
    background = {each["name"]: each for each in house.ask("admin", "/projections").json()["background"]}
    assert background["doomed"]["fault"] == "ModelUnavailable: model: /srv/models/base is missing; bring the folder"
    house.services.background.start("doomed", lambda stop: stop.wait() and None)
    assert house.http.get("/health/ready").status_code == 200
    house.services.background.end("doomed")


def test_the_server_is_not_ready_while_a_view_is_stale(house: House) -> None:
    view = VIEWS[0]
    with house.services.views.writing() as views:
        set_copy(views, live(view), version=0)
    told = house.http.get("/health/ready")
    assert (told.status_code, told.json()["faults"]) == (
        503, ["views are of another program or log and are folded anew"]
    )  # fmt: skip
    house.done("admin", "/projections/rebuild", {"name": view.name})
    assert house.http.get("/health/ready").status_code == 200


def test_the_clockwork_waits_for_a_database_that_fails_and_goes_on(
    house: House, tmp_path: Path, background: Background
) -> None:
    views = open_views(tmp_path / "views.db", VIEWS)
    clock = Clockwork(house.services.log, views)
    with closing(sqlite3.connect(tmp_path / "views.db", isolation_level=None)) as database:
        database.execute("ALTER TABLE authorisations RENAME TO elsewhere")
        background.start("clockwork", clock.run, clock.notes)
        wait_until(lambda: "no such table" in (clock.notes.fault or ""))
        assert background.faults() == ["clockwork waits"]
        assert (background.status()[0].fault or "").startswith("OperationalError")
        database.execute("ALTER TABLE elsewhere RENAME TO authorisations")
    wait_until(lambda: clock.notes.fault is None)
    assert background.faults() == []
    background.end("clockwork")
    views.close()


@pytest.mark.parametrize("name", ["clockwork", "keeper", "expired"])
def test_nothing_ends_or_goes_by_a_clock_that_is_far_ahead_of_the_record(
    house: House, monkeypatch: pytest.MonkeyPatch, background: Background, name: str
) -> None:
    services, at = house.services, [now() + timedelta(days=31)]
    found = {"clockwork": services.clockwork, "keeper": services.keeper, "expired": services.childhood.expired_concerns}
    assert found[name].watched != clock_watch.unwatched
    watched = replace(found[name], notes=Notes(), watched=clock_watch.watching(services.deployment, services.log))
    monkeypatch.setattr(clock_watch, "now", lambda: at[0])
    background.start(name, watched.run, watched.notes)
    wait_until(lambda: (watched.notes.fault or "").startswith("ClockAhead: the clock went more than 30 days beyond"))
    assert background.faults() == [f"{name} waits"]
    background.end(name)
    at[0] = now()
    wait_until(lambda: services.clockwork.notes.fault is None)
    watched.watched()


def test_an_unreadable_authorisation_is_passed_over_and_shown_until_it_is_mended(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.register_camera("KYIV-501")
    bad, good = (UUID(house.authorise(["KYIV-501"])) for _ in range(2))
    make_unreadable(house, bad, 1)

    def later() -> datetime:
        return now() + timedelta(hours=25)

    clock = Clockwork(house.services.log, house.services.views)
    monkeypatch.setattr(clockwork, "now", later)
    wait_until(lambda: clock.tick() == 0 and not_due(house, good))
    assert clock.notes.skipped.keys() == {str(bad)}
    assert "cannot be read" in clock.notes.skipped[str(bad)]


def not_due(house: House, key: UUID) -> bool:
    return house.services.log.events(key)[-1].TOPIC == "authorisation.expired"


def test_what_was_passed_over_is_counted_in_health_and_named_to_the_administrator(house: House) -> None:
    house.services.background.start(
        "odd", lambda stop: stop.wait() and None, clockwork.Notes(None, {"7": "unreadable"})
    )
    try:
        assert house.http.get("/health/ready").json()["skipped"] == 1
        shown = house.ask("admin", "/projections").json()["background"]
        odd = {"name": "odd", "running": True, "fault": None, "skipped": {"7": "unreadable"}}
        assert odd in shown
        assert {work["name"] for work in shown} >= {"projector", "clockwork"}
    finally:
        house.services.background.end("odd")


def test_a_worker_passes_over_footage_whose_events_cannot_be_read(house: House, tmp_path: Path) -> None:
    house.register_camera("KYIV-502")
    films = [film(tmp_path / f"{n}.mp4", seconds=2, colour=(200, 90 * n, 0)) for n in range(2)]
    bad, good = (
        house.upload("olena", each, "KYIV-502", FILMED_AT + n * timedelta(minutes=1)).json()["id"]
        for n, each in enumerate(films)
    )
    make_unreadable(house, footage_id(bad), 1)
    with open_work(house.folder, encoder=ColourHistograms()) as (worker, _):
        assert worker.work_once()
        house.caught_up()
        assert not worker.work_once()
    assert house.ask("olena", f"/footage/{good}").json()["state"] == "indexed"
