"""What searches and timelines say of footage that was cut off, destroyed, or got another time since."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event as listening

from app import clock_changes
from app.clockwork import system_meta
from domain.incident import FootageLinked
from domain.kyiv_time import shown
from domain.log import Change
from projections import incident_timeline
from tests.app.conftest import FILMED_AT, House, film
from tests.gpu_jobs.timed_files import Making, every

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


@pytest.fixture(scope="module", autouse=True)
def second_administrator(house: House) -> None:
    house.create_account("varvara", house.units["duty"], "administrator")
    house.services.background.end("keeper")  # the tests look themselves, and nobody at the same time


CUT_OFF = {"KYIV-714": "mp4", "KYIV-715": "mkv"}
WHOLE = {"KYIV-730": 0, "KYIV-731": -60, "KYIV-733": 0, "KYIV-720": 0, "KYIV-721": 0, "KYIV-732": -60}  # minutes
SECONDS = 12


@pytest.fixture(scope="module")
def shelf(house: House, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A film of each camera, by its name."""
    folder = tmp_path_factory.mktemp("films")
    whole, found = film(folder / "whole.mp4", seconds=SECONDS), {}

    def archived(camera: str, content: bytes, at: datetime = FILMED_AT) -> None:
        answer = house.upload("olena", content, camera, at)
        assert answer.status_code == 201, answer.text
        found.setdefault(camera, answer.json()["id"])

    for camera in (*CUT_OFF, *WHOLE, "KYIV-713"):
        house.register_camera(camera)
    for camera, minutes in WHOLE.items():
        if camera == "KYIV-720":  # of the others nothing needs to be found
            corrected(house, found["KYIV-731"], FILMED_AT)
            house.index_all()
        archived(camera, whole + camera.encode(), FILMED_AT + minutes * MINUTE)
    for camera, suffix in CUT_OFF.items():
        archived(camera, half(folder / f"half.{suffix}"))
    archived("KYIV-713", half(folder / "other.mkv", key_ms=900))
    archived("KYIV-713", film(folder / "rest.mp4", seconds=10), FILMED_AT + timedelta(seconds=13))
    return found


def half(path: Path, **making: Any) -> bytes:
    """Twenty seconds, of which the file loses the last ones: MP4 has its index at the front, Matroska its length."""
    container = {"movflags": "faststart"} if path.suffix == ".mp4" else None
    kind = Making("mpeg4", path.suffix[1:], (256, 192), container=container, **making)
    content = kind.write(path, every(100, 20_000)).read_bytes()
    return content[: len(content) * 3 // 5]


def search(house: House, camera: str, **more: Any) -> dict[str, Any]:
    authority = house.authorise([camera], **more)
    return house.done("olena", "/searches", {"authorisation": authority, "text": "red"})


def corrected(house: House, sha256: str, at: datetime) -> None:
    body = {"recorded_at": at.isoformat(), "uncertainty_seconds": 0.5, "anchor_source": "operator"}
    house.done("admin", f"/footage/{sha256}/clock", {**body, "reason": "годинник поспішав"})


class TestCutOff:
    """A real file of which the end is missing."""

    @pytest.fixture(params=CUT_OFF)
    def cut_off(self, shelf: dict[str, str], request: pytest.FixtureRequest) -> tuple[str, str]:
        return request.param, shelf[request.param]

    def test_the_shelf_says_what_was_announced(self, house: House, cut_off: tuple[str, str]) -> None:
        found = house.ask("olena", f"/footage/{cut_off[1]}").json()
        announced = datetime.fromisoformat(found["announced_to"]) - FILMED_AT
        assert announced.total_seconds() == pytest.approx(20, abs=0.3)
        assert datetime.fromisoformat(found["to_at"]) < FILMED_AT + timedelta(seconds=14)

    def test_a_search_over_it_does_not_say_that_nothing_happened(self, house: House, cut_off: tuple[str, str]) -> None:
        window_to = FILMED_AT + timedelta(seconds=20)
        answer = search(house, cut_off[0], window_to=window_to.isoformat())["coverage"]
        assert not answer["complete"]
        assert "was cut off or damaged" in answer["statement"]
        (missing,) = answer["detail"]["cut_off"]
        to_at = datetime.fromisoformat(house.ask("olena", f"/footage/{cut_off[1]}").json()["to_at"])
        assert datetime.fromisoformat(missing["from_at"]) == to_at
        assert window_to - datetime.fromisoformat(missing["to_at"]) < timedelta(seconds=0.3)

    def test_also_where_only_what_is_missing_is_searched(self, house: House, cut_off: tuple[str, str]) -> None:
        late = {"window_from": FILMED_AT + timedelta(seconds=15), "window_to": FILMED_AT + timedelta(seconds=18)}
        answer = search(house, cut_off[0], **{name: at.isoformat() for name, at in late.items()})
        assert answer["moments"] == []
        (missing,) = answer["coverage"]["detail"]["cut_off"]
        assert datetime.fromisoformat(missing["from_at"]) == late["window_from"]
        assert datetime.fromisoformat(missing["to_at"]) == late["window_to"]


def test_what_another_file_shows_is_not_missing(house: House, shelf: dict[str, str]) -> None:
    assert "KYIV-713" in shelf
    told = search(house, "KYIV-713")["coverage"]["detail"]["cut_off"]
    assert sum((_end(each) - _start(each)).total_seconds() for each in told) < 2


class TestDestroyed:
    def test_a_search_says_what_was_erased_by_which_order(self, house: House, shelf: dict[str, str]) -> None:
        sha256 = shelf["KYIV-720"]
        house.done("admin", f"/footage/{sha256}/erasure", {"order": "757/1204/26-К", "reason": "ухвала"})
        house.done("varvara", f"/footage/{sha256}/erasure/agree")
        told = search(house, "KYIV-720")["coverage"]
        assert "was destroyed on" in told["statement"], "at once, and not when the disk was swept"
        house.services.keeper.tick()
        told = search(house, "KYIV-720")["coverage"]
        assert not told["complete"]
        assert "nothing of" not in told["statement"]
        assert f"by order 757/1204/26-К (certificate of footage {sha256[:12]}…)" in told["statement"]
        certificate = house.ask("oksana", f"/footage/{sha256}/certificate").json()
        assert shown(datetime.fromisoformat(certificate["destroyed_at"])) in told["statement"]
        (gone,) = told["detail"]["destroyed"]
        assert (gone["footage_sha256"], gone["by"], gone["order"]) == (sha256, "order", "757/1204/26-К")
        assert (_start(gone), _end(gone)) == (FILMED_AT, FILMED_AT + timedelta(seconds=SECONDS))

    def test_and_what_was_purged_when_its_retention_was_over(self, house: House, shelf: dict[str, str]) -> None:
        sha256 = shelf["KYIV-721"]
        purge_now(house, sha256)
        house.services.keeper.tick()
        told = search(house, "KYIV-721")["coverage"]["statement"]
        assert f"its retention was over (certificate of footage {sha256[:12]}…)" in told


def purge_now(house: House, sha256: str) -> None:
    """As the keeper does when the week after a retention was set is over."""
    from app.call import now
    from app.clockwork import system_meta
    from domain import footage
    from domain.footage_keeping import PurgeFootage, decide_purge
    from domain.ids import footage_id
    from domain.log import Change

    loaded = house.services.desk.load(footage.DECIDER, footage_id(sha256))
    command = PurgeFootage(sha256=sha256, default_days=1, at=now() + timedelta(days=900))
    events = decide_purge(loaded.state, None, command)
    house.services.log.append([Change(loaded.stream, loaded.version, events)], system_meta("test"))
    house.caught_up()


class TestCorrectedClock:
    def test_a_past_answer_tells_the_time_that_its_hits_have_now(self, house: House, shelf: dict[str, str]) -> None:
        sha256 = shelf["KYIV-730"]
        answer = search(house, "KYIV-730")
        hit = answer["moments"][0]
        path = f"/searches/{answer['id']}"
        assert house.ask("olena", path).json()["clock_changes"] == []
        corrected(house, sha256, FILMED_AT + 60 * MINUTE)
        read = house.ask("olena", path).json()
        assert read["moments"] == answer["moments"], "the recorded answer stays"
        (change,) = read["clock_changes"]
        assert (change["footage_sha256"], change["shift_seconds"]) == (sha256, 3600)
        assert change["corrected_by_username"] == "admin"
        told = next(each for each in change["hits"] if each["rank"] == hit["rank"])
        assert datetime.fromisoformat(told["best_at"]) == datetime.fromisoformat(hit["best_at"]) + 60 * MINUTE
        assert told["shown"] == shown(datetime.fromisoformat(hit["best_at"]) + 60 * MINUTE)
        assert "+3600.0 s" in change["statement"]
        corrected(house, sha256, FILMED_AT + 30 * MINUTE)
        (change,) = house.ask("olena", path).json()["clock_changes"]
        assert change["shift_seconds"] == 1800, "of two corrections what they come to"
        corrected(house, sha256, FILMED_AT)
        (change,) = house.ask("olena", path).json()["clock_changes"]
        assert "as was said" in change["statement"], "to and fro"
        assert ", not from" not in change["statement"]

    def test_an_answer_given_after_it_has_nothing_to_add(self, house: House, shelf: dict[str, str]) -> None:
        sha256 = shelf["KYIV-731"]
        answer = search(house, "KYIV-731")
        assert {moment["footage_sha256"] for moment in answer["moments"]} == {sha256}
        assert house.ask("olena", f"/searches/{answer['id']}").json()["clock_changes"] == []

    def test_a_search_without_hits_says_that_other_time_was_searched(self, house: House, shelf: dict[str, str]) -> None:
        sha256 = shelf["KYIV-732"]
        nothing = search(house, "KYIV-732")
        assert nothing["moments"] == []
        corrected(house, sha256, FILMED_AT)
        (change,) = house.ask("olena", f"/searches/{nothing['id']}").json()["clock_changes"]
        assert (change["footage_sha256"], change["hits"]) == (sha256, [])

    def test_a_hit_that_became_part_of_an_incident_tells_it_too(self, house: House, shelf: dict[str, str]) -> None:
        sha256 = shelf["KYIV-733"]
        answer = search(house, "KYIV-733")
        hit, incident = answer["moments"][0], house.record_incident()
        house.done("olena", f"/searches/{answer['id']}/hits/1/review", {"verdict": "relevant"})
        corrected(house, sha256, FILMED_AT + 10 * MINUTE)  # before it is attached: with its old time, as it was found
        house.done("olena", f"/searches/{answer['id']}/hits/1/attach", {"incident": incident})
        entries = house.ask("olena", f"/incidents/{incident}/timeline").json()["items"]
        assert [each["clock_change"] for each in entries if each["topic"] != "incident.footage-linked"] == [None]
        (link,) = (each for each in entries if each["topic"] == "incident.footage-linked")
        assert link["facts"]["from_at"] == hit["from_at"], "what was recorded stays"
        change = link["clock_change"]
        assert datetime.fromisoformat(change["linked_from_at"]) == _start(hit) + 10 * MINUTE
        assert datetime.fromisoformat(change["linked_to_at"]) == _end(hit) + 10 * MINUTE

    def test_many_links_cost_no_more_questions_than_one(self, house: House, shelf: dict[str, str]) -> None:
        incident = house.record_incident()
        for number, camera in enumerate(("KYIV-733", "KYIV-731", "KYIV-732", "KYIV-730")):
            start = FILMED_AT - (0 if camera in ("KYIV-733", "KYIV-730") else 60) * MINUTE
            span = {"from_at": start.isoformat(), "to_at": (start + number * SECOND + SECOND).isoformat()}
            house.services.log.append([_linked(incident, number + 1, shelf[camera], span)], system_meta("test"))
        house.caught_up()
        asked: list[str] = []
        with house.services.views.reading() as views:
            entries = incident_timeline.timeline_page(views, UUID(incident), cursor=None, limit=100).items
            links = [entry for entry in entries if entry.topic == clock_changes.LINKED]
            assert len(links) == 4
            listening.listen(views, "before_cursor_execute", lambda *what: asked.append(what[2]))
            clock_changes.of_links(views, links[:1])
            of_one = len(asked)
            clock_changes.of_links(views, entries)
            assert len(asked) == 2 * of_one, asked
            asked.clear()
            clock_changes.of_links(views, [entry for entry in entries if entry not in links])
            assert not asked, "nothing is asked for where nothing is linked"


def _linked(incident: str, version: int, sha256: str, span: dict[str, str]) -> Change:
    linked = FootageLinked(
        footage_sha256=sha256,
        camera=UUID(int=1),
        search=None,
        rank=None,
        **{name: datetime.fromisoformat(at) for name, at in span.items()},
    )
    return Change(UUID(incident), version, (linked,))


def _start(span: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(span["from_at"])


def _end(span: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(span["to_at"])
