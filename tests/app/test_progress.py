"""How indexing goes: what is left, how far each footage is, and a stream of what becomes of it."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from app.api import progress
from app.at_work import open_work
from app.backlog import RATE_MINUTES, UnderWay
from app.indexing_queue import IndexingQueue
from app.listening import OF_ONE_ACCOUNT_MAX
from app.watching import Became, Watching
from domain.ids import account_id
from gpu_jobs.work_queue import Claim
from projections.database import open_views
from projections.views import VIEWS
from search_index.entries import Commits
from tests.app.conftest import FILM_SECONDS, FILMED_AT, House, film
from tests.app.serve_colours import Served
from tests.fakes_gpu import ColourHistograms
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
LONG_SECONDS = 130  # two units, and a bit


class Event(NamedTuple):
    kind: str
    id: str
    about: dict[str, Any]


def events_of(lines: Iterator[str]) -> Iterator[Event]:
    """As a browser reads them."""
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if line and name:
            fields[name] = value
        elif not line and "data" in fields:
            yield Event(fields["event"], fields.get("id", ""), json.loads(fields["data"]))
            fields = {}


def stream(house: House, username: str, *, last: str = "", lasting: bool = False) -> httpx.Response:
    """To its end: no footage waits any more."""
    headers = {"Authorization": f"Bearer {house.token(username)}"} | ({"Last-Event-ID": last} if last else {})
    return house.http.get("/footage/progress", params={"lasting": lasting}, headers=headers)


def heard(house: House, username: str = "olena", *, last: str = "", lasting: bool = False) -> list[Event]:
    answer = stream(house, username, last=last, lasting=lasting)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/event-stream")
    return list(events_of(iter(answer.text.split("\r\n"))))


@pytest.fixture(scope="module")
def long_film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return film(tmp_path_factory.mktemp("films") / "long.mp4", seconds=LONG_SECONDS)


@pytest.fixture(scope="module")
def shelf(house: House, red_film: bytes, long_film: bytes) -> dict[str, str]:
    """Two films that wait; and what was archived once, by the name that the tests give it."""
    house.register_camera("KYIV-701")
    house.register_camera("KYIV-702")
    return {
        "long": str(house.upload("olena", long_film, "KYIV-701", FILMED_AT).json()["id"]),
        "short": str(house.upload("olena", red_film, "KYIV-702", FILMED_AT).json()["id"]),
    }


def test_the_backlog_says_how_far_each_footage_is_and_when_all_is_done(house: House, shelf: dict[str, str]) -> None:
    backlogs = house.services.backlogs
    before = backlogs.fresh()
    assert (before.waiting.footages, before.waiting.seconds) == (2, FILM_SECONDS + LONG_SECONDS)
    assert (before.left_seconds, before.rate, before.ends_at) == (FILM_SECONDS + LONG_SECONDS, None, None)
    assert before.under_way == []

    stop, seen = threading.Event(), list[UnderWay]()

    def report(_: object) -> None:
        house.caught_up()
        seen.extend(backlogs.fresh().under_way)
        if len(seen) == 2:
            stop.set()

    with open_work(house.folder, encoder=ColourHistograms(), report=report) as (worker, _):
        assert worker.work_once(stop)
    house.caught_up()
    first, second = seen
    assert (first.sha256, first.camera_name, first.state, first.lapsed) == (shelf["long"], "KYIV-701", "claimed", False)
    assert first.worker is not None
    assert first.worker.endswith(f":{os.getpid()}")
    assert (first.total_seconds, first.done_seconds, first.rate, first.ends_at) == (LONG_SECONDS, 60, None, None)
    assert second.done_seconds == 120
    assert second.rate is not None
    assert second.ends_at is not None
    assert second.rows >= first.rows

    left = backlogs.fresh()  # given back: its units stay
    assert (left.claimed.footages, left.waiting.footages) == (0, 2)
    assert left.left_seconds == LONG_SECONDS + FILM_SECONDS - 120
    (given_back,) = left.under_way
    assert (given_back.state, given_back.done_seconds, given_back.rate) == ("archived", 120, None)
    assert left.rate is not None
    assert left.ends_at is not None
    assert (left.ends_at - left.at).total_seconds() == pytest.approx(left.left_seconds / left.rate, abs=1e-3)
    later = backlogs.read(left.at + timedelta(minutes=RATE_MINUTES, seconds=1))
    assert (later.rate, later.ends_at) == (None, None)


def test_a_claim_whose_worker_is_gone_is_said(house: House, shelf: dict[str, str]) -> None:
    with claimed(house, "a worker that is gone"):
        now = house.services.backlogs.fresh()
        assert [(one.lapsed, one.worker) for one in now.under_way] == [(False, "a worker that is gone")]
        lease = timedelta(seconds=house.services.deployment.settings.lease_seconds)
        (lapsed,) = house.services.backlogs.read(now.at + lease).under_way
        assert (lapsed.lapsed, lapsed.rate) == (True, None)


@contextmanager
def claimed(house: House, worker: str) -> Iterator[tuple[IndexingQueue, Claim]]:
    """The footage that is next, given back at the end where nothing else became of it."""
    queue = IndexingQueue(house.services.log, house.services.views, house.services.deployment, house.services.index)
    claim = queue.claim(worker)
    assert claim is not None
    house.caught_up()
    yield queue, claim
    queue.released(claim)
    house.caught_up()


class TestStream:
    def test_it_tells_how_far_and_what_became_and_ends(self, house: House, shelf: dict[str, str]) -> None:
        head = house.services.log.head()
        with ThreadPoolExecutor(1) as beside:
            listening = beside.submit(heard, house)
            house.index_all()
            events = listening.result(timeout=60)
        kinds = [event.kind for event in events]
        assert kinds[-1] == "end"
        assert events[-1].about["waiting"] == {"footages": 0, "seconds": 0}
        assert all(int(event.id) >= head for event in events)
        became = [event for event in heard(house, "oksana", last=str(head)) if event.kind == "became"]
        assert [event.about["sha256"] for event in became] == [shelf["long"], shelf["short"]]
        assert all(event.about["state"] == "indexed" and event.about["rows"] > 0 for event in became)
        again = heard(house, last=became[0].id)
        assert [event.id for event in again if event.kind == "became"] == [became[1].id]
        assert [event.kind for event in heard(house)] == ["backlog", "end"]

    def test_failures_are_told_with_their_reasons_in_their_order(self, house: House, long_film: bytes) -> None:
        house.register_camera("KYIV-703")
        content = long_film + b"another"
        sha256 = house.upload("olena", content, "KYIV-703", FILMED_AT).json()["id"]
        services = house.services
        watching = Watching(services.desk, services.views, services.backlogs, after=None, lasting=False)
        watching.hear()
        with claimed(house, "w") as (queue, claim):
            assert queue.failed(claim, "decode-timeout: it took too long")
        house.done("admin", f"/footage/{sha256}/retry")
        with claimed(house, "w") as (queue, claim):
            assert queue.rejected(claim, "no-video: there is none")
        first, second = (told.about for told in watching.hear() if told.kind == "became")
        assert isinstance(first, Became)
        assert (first.state, first.reason_code, first.camera_name) == ("failed", "decode-timeout", "KYIV-703")
        assert first.retry_at is not None
        assert isinstance(second, Became)
        assert (second.state, second.detail, second.sha256) == ("rejected", "there is none", sha256)

    def test_what_the_views_have_not_heard_of_is_told_too(self, house: House, tmp_path: Path) -> None:
        services = house.services
        behind = open_views(tmp_path / "views.db", VIEWS)
        try:
            told, known = (
                list(Watching(services.desk, views, services.backlogs, after=0, lasting=True).hear())
                for views in (behind, services.views)
            )
        finally:
            behind.close()
        became = [(one.position, one.about.sha256) for one in known if isinstance(one.about, Became)]
        assert became
        assert [(one.position, one.about.sha256) for one in told if isinstance(one.about, Became)] == became

    def test_an_id_of_another_record_is_of_now_and_one_of_none_is_refused(self, house: House) -> None:
        assert heard(house, last="999999999")[-1].kind == "end"
        for made_up in ("-1", "x", "9" * 19):
            answer = stream(house, "olena", last=made_up)
            assert (answer.status_code, answer.json()["field"]) == (422, "Last-Event-ID")

    def test_without_a_role_nothing_is_heard(self, house: House) -> None:
        house.create_account("without", house.units["duty"])
        assert stream(house, "without").status_code == 403
        assert house.ask("without", "/footage/backlog").status_code == 403

    def test_there_are_so_many_seats(self, house: House) -> None:
        listeners = house.services.listeners
        account = account_id("olena")
        for _ in range(OF_ONE_ACCOUNT_MAX):
            listeners.take(account)
        try:
            answer = stream(house, "olena")
            assert (answer.status_code, answer.json()["type"]) == (429, "/problems/too-many-listeners")
            assert int(answer.headers["Retry-After"]) > 0
            assert stream(house, "iryna").status_code == 200
        finally:
            for _ in range(OF_ONE_ACCOUNT_MAX):
                listeners.give_back(account)
        assert stream(house, "olena").status_code == 200
        assert len(listeners) == 0

    def test_silence_is_broken_so_that_nobody_gives_up(
        self, house: House, red_film: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(progress, "HEARTBEAT_SECONDS", 0.0)
        house.register_camera("KYIV-704")
        assert house.upload("olena", red_film + b"one more", "KYIV-704", FILMED_AT).status_code == 201
        with ThreadPoolExecutor(1) as beside:
            listening = beside.submit(stream, house, "olena")
            house.index_all()
            text = listening.result(timeout=60).text
        assert ": still here\r\n\r\n" in text
        assert [event.kind for event in events_of(iter(text.split("\r\n")))][-1] == "end"

    def test_who_is_suspended_hears_no_more(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(progress, "ASK_AGAIN_SECONDS", 0.0)
        account = house.create_account("stepan", house.units["duty"], "supervisor")
        with ThreadPoolExecutor(1) as beside:
            listening = beside.submit(heard, house, "stepan", lasting=True)
            wait_until(lambda: len(house.services.listeners) == 1)  # else they would be refused at the door
            house.done("admin", f"/accounts/{account}/suspend", {"reason": "звільнено"})
            events = listening.result(timeout=60)
        assert (events[-1].kind, events[-1].about["status"]) == ("refused", 403)


@pytest.mark.parametrize(
    ("commits", "now_us", "rate"),
    [((1_000_000, 0), 9_000_000, None), ((1_000_000, 16_000_000), 9_000_000, 2.0), ((5, 60_000_000), 5, None)],
    ids=["one unit", "two", "a clock that was put back"],
)
def test_a_rate_takes_time(commits: tuple[int, int], now_us: int, rate: float | None) -> None:
    assert Commits(*commits).rate(now_us) == rate


def test_a_listener_that_goes_leaves_its_seat_and_one_that_stays_holds_no_server_up(served: Served) -> None:
    path, lasting = "/footage/progress", {"lasting": "true"}

    def seats_are_taken() -> bool:
        with served.http.stream("GET", path, params=lasting) as one_more:
            return one_more.status_code == 429

    with ExitStack() as listening:
        streams = [
            listening.enter_context(served.http.stream("GET", path, params=lasting)) for _ in range(OF_ONE_ACCOUNT_MAX)
        ]
        lines = [each.iter_lines() for each in streams]
        assert [next(events_of(each)).kind for each in lines] == ["backlog"] * OF_ONE_ACCOUNT_MAX
        assert seats_are_taken()
        streams[0].close()
        wait_until(lambda: not seats_are_taken())
        served.process.send_signal(signal.SIGTERM)
        for each in lines[1:]:
            list(each)  # to a whole end, not a broken connection
    assert served.process.wait(timeout=60) == 0
