"""Retention, holds, erasure, damage and repair through the whole house: what goes is found nowhere."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
import pytest
from sqlalchemy import update

from app.backup import back_up
from app.call import now
from app.clockwork import system_meta
from app.coverage import scope_of
from app.in_force import InForce
from app.indexing_queue import IndexingQueue
from app.instants import to_us
from app.keeper import Keeper
from app.question import Question
from app.scrubbing import STAMP, Scrub
from app.searching import Looked, Searching
from domain import keeping
from domain.errors import LogFull
from domain.footage_search import RunSearch
from domain.footage_state import DESTROYED, GONE, INDEXED
from domain.ids import camera_id, footage_id
from domain.keeping import SetRetention
from domain.log import Change
from domain.search_draw import DrawSearch
from projections.footage_shelf import footage as shelf
from projections.keeping import due
from search_index.footage_index import FootageIndex
from tests.app.conftest import FILMED_AT, PASSWORD, House, film
from tests.fakes_gpu import ColourHistograms
from tests.search_index.index_examples import SECOND, unit
from tests.waiting import wait_until

ORDER = {"order": "757/1204/26-К", "reason": "ухвала суду"}
COLOURS = ((220, 30, 30), (30, 60, 220), (30, 160, 60), (210, 190, 40))


@pytest.fixture(scope="module", autouse=True)
def second_administrator(house: House) -> None:
    house.create_account("varvara", house.units["duty"], "administrator")
    house.services.background.end("keeper")  # the tests look themselves, and nobody at the same time


class Shelved:
    """Films of a camera of their own, archived and indexed; one a minute."""

    def __init__(self, house: House, camera: str, folder: Path, count: int, *, days_ago: int = 0) -> None:
        self.house, self.camera = house, camera
        house.register_camera(camera)
        self.start = FILMED_AT if not days_ago else now() - timedelta(days=days_ago)
        self.films: dict[str, bytes] = {}
        for number in range(count):
            content = film(folder / f"{camera}-{number}.mp4", colour=COLOURS[number % 4], seconds=6 + number)
            content += camera.encode() + bytes([number])  # films of equal pictures are files of their own
            at = self.start + timedelta(minutes=number)
            assert house.upload("olena", content, camera, at).status_code == 201
            self.films[hashlib.sha256(content).hexdigest()] = content
        house.index_all()

    @property
    def digests(self) -> list[str]:
        return list(self.films)

    def found(self) -> set[str]:
        """What a search over all of the camera finds."""
        scope = scope_of((camera_id(self.camera),), self.start - timedelta(days=9), self.start + timedelta(days=9))
        query = np.zeros(ColourHistograms().manifest.dimension, np.float32)
        query[0] = 1
        answer = self.house.services.index.search(query, scope, moments_max=500)
        return {moment.best.footage for moment in answer.moments}

    def original(self, sha256: str) -> Path:
        return self.house.services.deployment.original(sha256)


def state_of(house: House, sha256: str) -> str:
    return str(house.ask("admin", f"/footage/{sha256}").json()["state"])


def hold(house: House, camera: str, minutes: tuple[float, float], shelved: Shelved, who: str = "olena") -> str:
    start, end = (shelved.start + timedelta(minutes=each) for each in minutes)
    body = {"cameras": [camera], "from_at": start.isoformat(), "to_at": end.isoformat(), "case": "12026100070001234"}
    return str(house.done(who, "/holds", {**body, "reason": "доказ"})["id"])


def files_with(folder: Path, marks: list[bytes]) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            if any(mark in content for mark in marks):
                yield path


def listed(house: House, **narrowed: object) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = house.ask("olena", "/footage", **narrowed).json()["items"]
    return items


def test_an_erasure_needs_two_and_leaves_nothing(house: House, tmp_path: Path) -> None:
    shelved = Shelved(house, "KYIV-601", tmp_path, 2)
    gone, stays = shelved.digests
    place = shelved.original(gone)
    assert place.exists()
    assert house.ask("olena", f"/footage/{gone}/name").json()["name"] == "clip.mp4"
    thumbnails = pictures_of(house, gone) - pictures_of(house, stays)  # an empty street looks like another
    assert thumbnails
    rows = len(rows_of(house, gone))
    leave_an_orphan(house, gone)
    house.done("admin", f"/footage/{gone}/erasure", ORDER)
    assert [each["sha256"] for each in listed(house, erasure="pending")] == [gone]
    own = house.command("admin", f"/footage/{gone}/erasure/agree")
    assert (own.status_code, own.json()["type"]) == (403, "/problems/erasure-by-same-account")
    assert house.ask("admin", f"/footage/{gone}/certificate").status_code == 404
    house.done("varvara", f"/footage/{gone}/erasure/agree")
    assert listed(house, erasure="pending") == []
    assert gone in [each["sha256"] for each in listed(house, erasure="carried-out")]
    assert shelved.found() == {stays}, "invisible at once"
    house.services.keeper.tick()
    assert state_of(house, gone) == "destroyed"
    assert not place.exists()
    certificate = house.ask("oksana", f"/footage/{gone}/certificate").json()
    assert (certificate["reason"], certificate["order"]) == ("order", ORDER["order"])
    assert certificate["requested_by"] != certificate["agreed_by"]
    assert (certificate["original_bytes"], certificate["rows"]) == (len(shelved.films[gone]), rows)
    house.services.keeper.tick()
    assert list(files_with(house.folder, [*thumbnails, shelved.films[gone]])) == [], "found nowhere"
    assert house.ask("olena", f"/footage/{gone}/name").json()["name"] is None
    assert house.ask("olena", f"/footage/{stays}/name").json()["name"] == "clip.mp4"
    assert shelved.found() == {stays}
    assert shelved.original(stays).read_bytes() == shelved.films[stays]
    better = film(tmp_path / "better.mp4", colour=COLOURS[3], seconds=5)
    assert house.upload("olena", better, "KYIV-601", shelved.start).status_code == 201, "its time is free"
    house.index_all()
    again = house.upload("olena", shelved.films[gone], "KYIV-601", shelved.start)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/wrong-state")
    assert not place.exists()


def test_what_was_agreed_to_is_carried_out_by_the_server_itself(house: House, tmp_path: Path) -> None:
    shelved = Shelved(house, "KYIV-615", tmp_path, 1)
    (gone,) = shelved.digests
    keeper = house.services.keeper
    house.services.background.start("keeper", keeper.run, keeper.notes)
    try:
        house.done("admin", f"/footage/{gone}/erasure", ORDER)
        house.done("varvara", f"/footage/{gone}/erasure/agree")
        wait_until(lambda: state_of(house, gone) == "destroyed")
    finally:
        house.services.background.end("keeper")
    assert not shelved.original(gone).exists()


def leave_an_orphan(house: House, sha256: str) -> None:
    """What a kill between a segment and the catalogue leaves: a folder that nobody names."""
    segments = house.folder / "index" / "segments"
    shutil.copytree(segments / segment_of(house, sha256), segments / "deadbeefdeadbeef")


def pictures_of(house: House, sha256: str) -> set[bytes]:
    return {house.services.index.thumbnail(row) for row in rows_of(house, sha256)}


def rows_of(house: House, sha256: str) -> list[int]:
    with closing(sqlite3.connect(house.folder / "index" / "catalogue.db")) as catalogue:
        units = catalogue.execute("SELECT first_row, rows FROM units WHERE footage = ?", (sha256,)).fetchall()
    return [row for first, count in units for row in range(first, first + count)]


def retention_of_long_ago(house: House, camera: str) -> None:
    """Time is not waited for: the same decider, told of ten days ago."""
    key = camera_id(camera)
    rules = house.services.keepings.rules(key)
    command = SetRetention(camera=key, days=30, basis="Наказ 12", at=now() - timedelta(days=10))
    events = keeping.DECIDER.decide(rules.state, command)
    house.services.log.append([Change(rules.stream, rules.version, events)], system_meta("test"))
    house.caught_up()


def test_retention_takes_what_is_over_and_a_hold_wins(house: House, tmp_path: Path) -> None:
    shelved = Shelved(house, "KYIV-602", tmp_path, 3, days_ago=40)
    old, held, other = shelved.digests
    key = hold(house, "KYIV-602", (1, 1.5), shelved)
    house.services.keeper.tick()
    assert {state_of(house, each) for each in shelved.digests} == {"indexed"}, "kept for good without a retention"
    assert house.ask("olena", "/cameras/KYIV-602").json()["retention"] is None
    house.done("admin", "/cameras/KYIV-602/retention", {"days": 30, "basis": "Наказ 12"})
    shown = house.ask("olena", "/cameras/KYIV-602").json()
    assert (shown["kept_days"], shown["retention"]["days"], shown["retention"]["basis"]) == (30, 30, "Наказ 12")
    assert house.services.keeper.tick() == 0, "a week is left to hold what must stay"
    retention_of_long_ago(house, "KYIV-602")
    assert house.services.keeper.tick() == 2
    assert [state_of(house, each) for each in (old, held, other)] == ["destroyed", "indexed", "destroyed"]
    assert shelved.found() == {held}
    certificate = house.ask("admin", f"/footage/{old}/certificate").json()
    assert (certificate["reason"], certificate["retention_days"]) == ("retention", 30)
    late = hold(house, "KYIV-602", (0, 3), shelved, who="halyna")
    lost = house.ask("olena", f"/holds/{late}").json()["lost"]
    assert {each["sha256"] for each in lost} == {old, other}
    just_before = hold(house, "KYIV-602", (-1, -0.01), shelved)
    lost = house.ask("olena", f"/holds/{just_before}").json()["lost"]
    assert {each["sha256"] for each in lost} == {old}, "its clock is true to a second"
    stranger = house.command("bohdan", f"/holds/{key}/release", {"reason": "не потрібно"})
    assert stranger.status_code == 403
    house.done("olena", f"/holds/{key}/release", {"reason": "не потрібно"})
    assert house.services.keeper.tick() == 0, "the other hold stands"
    house.done("halyna", f"/holds/{late}/release", {"reason": "не потрібно"})
    assert house.services.keeper.tick() == 1
    assert shelved.found() == set()


def test_what_the_record_would_refuse_to_purge_is_not_proposed(house: House, tmp_path: Path) -> None:
    """Enough of it, and nothing else would ever be proposed."""
    shelved = Shelved(house, "KYIV-619", tmp_path, 3)
    corrected, _held, over = shelved.digests
    long_before = shelved.start - timedelta(days=100)
    house.done("admin", f"/footage/{corrected}/clock", {"recorded_at": long_before.isoformat(), "reason": "рік"})
    hold(house, "KYIV-619", (0.5, 0.99), shelved)  # until 0.6 s before the second: its clock is true to a second
    house.caught_up()

    def proposed(days: int) -> set[str]:
        with house.services.views.reading() as views:
            at = shelved.start + timedelta(days=days)
            return {*due(views, at, default_days=60, limit=99)} & {*shelved.digests}

    assert proposed(50) == set(), "what was corrected to an earlier time is kept as long as it would have been"
    assert proposed(61) == {corrected, over}


def test_an_erasure_waits_for_the_hold(house: House, tmp_path: Path) -> None:
    shelved = Shelved(house, "KYIV-603", tmp_path, 1)
    (sha256,) = shelved.digests
    key = hold(house, "KYIV-603", (0, 1), shelved)
    house.done("admin", f"/footage/{sha256}/erasure", ORDER)
    refused = house.command("varvara", f"/footage/{sha256}/erasure/agree")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/footage-on-hold")
    assert refused.json()["hold"] == key
    assert shelved.found() == {sha256}
    house.done("varvara", f"/footage/{sha256}/erasure/refuse", {"reason": "утримується"})
    assert house.ask("admin", f"/footage/{sha256}").json()["erasure_order"] is None


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/cameras/KYIV-604/retention", {"days": 0, "basis": "Наказ 1"}),
        ("/holds", {"cameras": ["KYIV-604"], "from_at": "2026-03-02T09:00:00Z", "to_at": "2026-03-02T08:00:00Z"}),
        ("/holds", {"cameras": ["KYIV-000"], "from_at": "2026-03-02T07:00:00Z", "to_at": "2026-03-02T08:00:00Z"}),
    ],
)
def test_bad_input_is_named(house: House, path: str, body: dict[str, Any]) -> None:
    if house.ask("admin", "/cameras/KYIV-604").status_code == 404:
        house.register_camera("KYIV-604")
    more = {"case": "12026100070001234", "reason": "доказ"} if path == "/holds" else {}
    answer = house.command("admin" if "retention" in path else "olena", path, {**body, **more})
    assert answer.status_code == 422
    assert answer.json()["field"]
    assert answer.json()["mend"]


def test_damage_is_named_and_mended_where_the_original_is_whole(house: House, tmp_path: Path) -> None:
    shelved = Shelved(house, "KYIV-605", tmp_path, 2)
    whole, altered = shelved.digests
    house.services.index.seal()
    place = shelved.original(altered)
    place.chmod(0o600)
    place.write_bytes(shelved.films[altered][:-1] + b"?")
    segment = segment_of(house, whole)
    flip(house.folder / "index" / "segments" / segment / "thumbnails.pack")
    found = house.done("admin", "/footage/scrub")
    assert found["damaged_originals"] == {altered: "altered"}
    assert segment in found["damaged_segments"]
    assert whole in found["reindexed"]
    assert altered not in found["reindexed"]
    assert state_of(house, whole) == "archived"
    assert house.ask("admin", f"/footage/{altered}").json()["damage"] == "altered"
    assert [each["sha256"] for each in listed(house, damaged=True)] == [altered]
    assert altered not in [each["sha256"] for each in listed(house, damaged=False)]
    house.index_all()
    assert state_of(house, whole) == "indexed"
    assert whole in shelved.found()
    place.write_bytes(shelved.films[altered])
    assert house.done("admin", "/footage/scrub")["damaged_originals"] == {}
    assert house.ask("admin", f"/footage/{altered}").json()["damage"] is None
    house.index_all()
    assert shelved.found() == {whole, altered}
    assert house.services.index.damaged() == {}


def test_an_event_that_is_gone_from_the_record_is_told(house: House) -> None:
    assert house.http.post("/login", json={"username": "olena", "password": PASSWORD}).status_code == 200
    with closing(sqlite3.connect(house.folder / "log.db", isolation_level=None)) as log:
        log.execute("DROP TRIGGER stored_events_delete")
        query = "SELECT * FROM stored_events WHERE topic = 'session.opened' LIMIT 1"
        row = log.execute(query).fetchone()
        log.execute("DELETE FROM stored_events WHERE rowid = ?", row[:1])
        try:
            told = house.done("admin", "/footage/scrub")["damaged_record"]
            assert told.keys() == {"log.db"}
            assert house.http.get("/health/ready").json()["record_damaged"] is True
            work = {each["name"]: each for each in house.ask("oksana", "/projections").json()["background"]}
            assert work["scrub"]["skipped"] == told
        finally:
            log.execute("INSERT INTO stored_events VALUES (?, ?, ?, ?, ?)", row)
    assert house.done("admin", "/footage/scrub")["damaged_record"] == {}
    assert house.http.get("/health/ready").json()["record_damaged"] is False


def test_a_round_is_due_when_the_last_one_is_long_ago_or_of_a_clock_that_was_ahead(house: House) -> None:
    scrub, stamp = house.services.scrub, house.folder / STAMP
    for age_days, is_due in ((1, False), (8, True), (-3_652, True)):
        at = time.time() - age_days * 86_400
        os.utime(stamp, (at, at))
        assert scrub.is_due() is is_due


def segment_of(house: House, sha256: str) -> str:
    with closing(sqlite3.connect(house.folder / "index" / "catalogue.db")) as catalogue:
        query = "SELECT segment FROM units WHERE footage = ? AND segment IS NOT NULL"
        return str(catalogue.execute(query, (sha256,)).fetchone()[0])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.chmod(0o600)
    path.write_bytes(content)


def test_footage_is_indexed_anew_when_asked(house: House, tmp_path: Path) -> None:
    shelved = Shelved(house, "KYIV-606", tmp_path, 1)
    (sha256,) = shelved.digests
    window = {"window_to": (shelved.start + timedelta(seconds=6)).isoformat()}
    ask = {"authorisation": house.authorise(["KYIV-606"], **window), "text": "red", "limit": 1}
    (hit,) = house.done("olena", "/searches", ask)["moments"]
    picture = house.ask("olena", hit["thumbnail"]).content
    before = rows_of(house, sha256)
    first = house.done("admin", f"/footage/{sha256}/reindex", key="anew once")
    assert state_of(house, sha256) == "archived"
    assert shelved.found() == set(), "until that is done, it is not searched"
    house.index_all()
    assert house.done("admin", f"/footage/{sha256}/reindex", key="anew once") == first
    assert state_of(house, sha256) == "indexed"
    assert rows_of(house, sha256) != before, "the units that were do not count"
    assert house.ask("olena", hit["thumbnail"]).content == picture, "a hit keeps its picture"
    topics = [each["topic"] for each in house.ask("oksana", "/record", stream=str(footage_id(sha256))).json()["items"]]
    assert topics.count("footage.indexed") == 2


def test_a_corrected_clock_moves_what_is_found_and_the_cameras_time(house: House, tmp_path: Path) -> None:
    shelved = Shelved(house, "KYIV-607", tmp_path, 1)
    (sha256,) = shelved.digests
    true = shelved.start + timedelta(days=1, minutes=3)
    ahead = {"window_from": true.isoformat(), "window_to": (true + timedelta(seconds=6)).isoformat()}
    ask = {"authorisation": house.authorise(["KYIV-607"], **ahead), "text": "red", "limit": 1}
    assert house.done("olena", "/searches", ask)["moments"] == []
    body = {"recorded_at": true.isoformat(), "uncertainty_seconds": 0.5, "reason": "годинник відставав на добу"}
    house.done("admin", f"/footage/{sha256}/clock", body)
    assert shelved.found() == set(), "nothing is found at a time that is known to be wrong"
    house.index_all()
    (moment,) = house.done("olena", "/searches", ask)["moments"]
    assert moment["footage_sha256"] == sha256
    shown = house.ask("olena", f"/footage/{sha256}").json()
    assert (shown["from_at"], shown["uncertainty_seconds"]) == (true.isoformat().replace("+00:00", "Z"), 0.5)
    assert shown["archived_as"] == shelved.start.isoformat().replace("+00:00", "Z")
    another = film(tmp_path / "another.mp4", colour=COLOURS[2], seconds=5)
    assert house.upload("olena", another, "KYIV-607", true).json()["type"] == "/problems/footage-overlap"
    assert house.upload("olena", another, "KYIV-607", shelved.start).status_code == 201, "that time is free again"
    house.index_all()


def test_a_hit_keeps_its_picture_when_the_clock_was_corrected_since(house: House, tmp_path: Path) -> None:
    """Also where another frame got the time that it had, and its box is the whole frame's, too."""
    shelved = Shelved(house, "KYIV-643", tmp_path, 1)
    (sha256,) = shelved.digests
    ask = {"authorisation": house.authorise(["KYIV-643"]), "text": "red", "limit": 10}
    hits = house.done("olena", "/searches", ask)["moments"]
    pictures = [house.ask("olena", hit["thumbnail"]).content for hit in hits]
    assert len({hit["best_at"] for hit in hits}) > 1
    body = {"recorded_at": (shelved.start + timedelta(seconds=1)).isoformat(), "reason": "годинник відставав"}
    house.done("admin", f"/footage/{sha256}/clock", body)
    assert {house.ask("olena", hit["thumbnail"]).status_code for hit in hits} == {410}, "until it is made anew"
    house.index_all()
    assert [house.ask("olena", hit["thumbnail"]).content for hit in hits] == pictures


def test_what_the_record_does_not_know_takes_no_place_in_an_answer(house: House, tmp_path: Path) -> None:
    """As after an older record was put back beside a newer index, which knows five moments more."""
    shelved = Shelved(house, "KYIV-642", tmp_path, 1)
    with house.services.in_force.held() as sight:
        red = sight.queries.of(Question(authorisation=None, text="red")).vector
        start_us = to_us(shelved.start + timedelta(seconds=8))
        of = unit(
            np.stack([red] * 5),
            footage="f" * 64,
            camera=str(camera_id("KYIV-642")),
            start_us=start_us,
            at_us=[start_us + 2 * number * SECOND for number in range(5)],
        )
        assert sight.index.commit(msgspec.structs.replace(of, generation=sight.generation))
    ask = {"authorisation": house.authorise(["KYIV-642"]), "text": "red"}
    for limit, dropped in ((1, 5), (10, 5)):
        answer = house.done("olena", "/searches", {**ask, "limit": limit})
        assert {moment["footage_sha256"] for moment in answer["moments"]} == set(shelved.digests)
        assert [moment["rank"] for moment in answer["moments"]][:1] == [1]
        assert len(answer["moments"]) <= limit
        assert answer["coverage"]["detail"]["dropped"] == dropped
    house.services.index.remove_footage("f" * 64)


@dataclass(frozen=True)
class Interrupted(Searching):
    """Something happens between the looking and the record, at the last moment where `late`."""

    then: Callable[[], object] = field(kw_only=True)
    late: bool = field(kw_only=True)

    def _look(self, question: Question, ask: DrawSearch) -> Looked:
        looked = super()._look(question, ask)
        if not self.late:
            self.then()
        return looked

    def _found(self, *given: Any, **named: Any) -> RunSearch:
        found = super()._found(*given, **named)
        if self.late:
            self.then()
        return found


@pytest.mark.parametrize(
    ("camera", "late", "indexed"), [("KYIV-640", False, True), ("KYIV-641", True, False)], ids=["indexed", "late"]
)
def test_no_time_goes_on_record_that_was_corrected_while_the_index_was_asked(
    house: House, tmp_path: Path, camera: str, late: bool, indexed: bool
) -> None:
    shelved = Shelved(house, camera, tmp_path, 1)
    (sha256,) = shelved.digests
    body = {"recorded_at": (shelved.start + timedelta(seconds=0.5)).isoformat(), "reason": "годинник відставав"}

    def correct() -> None:
        house.done("admin", f"/footage/{sha256}/clock", body)
        if indexed:
            house.index_all()

    question = Question(authorisation=UUID(house.authorise([camera])), text="red")
    services = house.services
    searching = Interrupted(services.desk, services.in_force, services.views, then=correct, late=late)
    run = searching.recorded(searching.run(house.call("olena"), question))
    assert (run.moments, run.coverage.dropped > 0) == ((), True)
    again = services.searching.recorded(services.searching.run(house.call("olena"), question))
    assert bool(again.moments) == indexed


def test_a_retried_upload_brings_nothing_back(house: House, tmp_path: Path) -> None:
    shelved = Shelved(house, "KYIV-608", tmp_path, 0)
    content = film(tmp_path / "again.mp4", seconds=5) + b"KYIV-608"
    query = {"camera": "KYIV-608", "recorded_at": FILMED_AT.isoformat(), "name": "clip.mp4"}
    headers = {"Authorization": f"Bearer {house.token('olena')}", "Idempotency-Key": "archived once"}

    def send() -> int:
        return house.http.post("/footage", params=query, content=content, headers=headers).status_code

    assert send() == 201
    house.index_all()
    sha256 = hashlib.sha256(content).hexdigest()
    house.done("admin", f"/footage/{sha256}/erasure", ORDER)
    house.done("varvara", f"/footage/{sha256}/erasure/agree")
    house.services.keeper.tick()
    assert send() == 409
    assert not shelved.original(sha256).exists()
    copied = back_up(house.folder, tmp_path / "copy")
    assert copied.originals_damaged == {}, "what was erased is not missing"


def test_what_the_record_does_not_say_is_gone_stays_whatever_the_views_say(house: House, tmp_path: Path) -> None:
    """They say more than an older record that was put back. What is destroyed on record goes as often as it returns."""
    shelved = Shelved(house, "KYIV-616", tmp_path, 3)
    services, (destroyed, *whole) = house.services, shelved.digests
    house.done("admin", f"/footage/{destroyed}/erasure", ORDER)
    house.done("varvara", f"/footage/{destroyed}/erasure/agree")
    services.keeper.tick()
    shelved.original(destroyed).write_bytes(shelved.films[destroyed])
    say(house, dict(zip(whole, (GONE, DESTROYED), strict=True)))
    keeper = Keeper(services.deployment, services.log, services.views, services.in_force, services.vault)
    assert keeper.tick() == 0  # as at a start
    say(house, dict.fromkeys(whole, INDEXED))
    assert keeper.notes.skipped.keys() == set(whole)
    assert [shelved.original(each).exists() for each in shelved.digests] == [False, True, True]
    assert shelved.found() == set(whole)
    assert all(services.vault.has_key(footage_id(each)) for each in whole)


def say(house: House, states: dict[str, str]) -> None:
    with house.services.views.writing() as views:
        for sha256, state in states.items():
            views.execute(update(shelf).where(shelf.c.sha256 == sha256).values(state=state))


def test_a_retried_correction_forgets_nothing(house: House, tmp_path: Path) -> None:
    shelved = Shelved(house, "KYIV-609", tmp_path, 1, days_ago=3)
    (sha256,) = shelved.digests
    body = {"recorded_at": (shelved.start - timedelta(hours=5)).isoformat(), "reason": "годинник поспішав"}
    first = house.command("admin", f"/footage/{sha256}/clock", body, key="corrected once")
    house.index_all()
    again = house.command("admin", f"/footage/{sha256}/clock", body, key="corrected once")
    assert (first.status_code, again.json()) == (200, first.json())
    assert shelved.found() == {sha256}


def test_what_the_index_lost_is_made_anew(house: House, tmp_path: Path) -> None:
    """As after an older index was put back beside a newer record."""
    shelved = Shelved(house, "KYIV-610", tmp_path, 1)
    (sha256,) = shelved.digests
    house.services.index.forget_footage(sha256)
    assert sha256 in house.done("admin", "/footage/scrub")["reindexed"]
    house.index_all()
    assert shelved.found() == {sha256}


def test_a_unit_that_the_catalogue_lost_is_made_anew(house: House, tmp_path: Path) -> None:
    shelved = Shelved(house, "KYIV-614", tmp_path, 1)
    (sha256,) = shelved.digests
    with closing(sqlite3.connect(house.folder / "index" / "catalogue.db")) as catalogue, catalogue:
        catalogue.execute("DELETE FROM units WHERE footage = ?", (sha256,))
    assert sha256 in house.done("admin", "/footage/scrub")["reindexed"]
    house.index_all()
    assert shelved.found() == {sha256}


def test_what_is_archived_again_heals_its_original(house: House, tmp_path: Path) -> None:
    shelved = Shelved(house, "KYIV-612", tmp_path, 2)
    for number, (sha256, content) in enumerate(shelved.films.items()):
        place = shelved.original(sha256)
        if number:
            place.unlink()
        else:
            flip(place)
        fault = ("altered", "missing")[number]
        assert house.done("admin", "/footage/scrub")["damaged_originals"] == {sha256: fault}
        again = house.upload("olena", content, "KYIV-612", shelved.start + timedelta(minutes=number))
        assert again.status_code == 200, again.text
        assert place.read_bytes() == content
        assert house.ask("admin", f"/footage/{sha256}").json()["damage"] is None
        assert (sha256 in shelved.found()) == bool(number), "what was altered may have been indexed so"
        house.index_all()
        assert state_of(house, sha256) == "indexed"
        assert sha256 in shelved.found()
    assert house.done("admin", "/footage/scrub")["damaged_originals"] == {}


def test_what_was_rejected_is_tried_anew_when_it_is_archived_again(house: House, tmp_path: Path) -> None:
    shelved, services = Shelved(house, "KYIV-645", tmp_path, 0), house.services
    content = film(tmp_path / "red.mp4", seconds=5) + b"KYIV-645"
    sha256 = house.upload("olena", content, "KYIV-645", shelved.start).json()["id"]
    queue = IndexingQueue(services.log, services.views, services.deployment, services.index)
    claim = queue.claim("worker-1")
    assert claim is not None
    assert queue.rejected(claim, "unreadable: the file cannot be read")
    house.caught_up()
    assert state_of(house, sha256) == "rejected"
    again = house.upload("olena", content, "KYIV-645", shelved.start)
    assert (again.status_code, again.json()["already"]) == (201, False)
    house.index_all()
    assert shelved.found() == {sha256}
    other = house.upload("olena", content + b"other", "KYIV-645", shelved.start)
    assert other.json()["type"] == "/problems/footage-overlap"


def test_what_is_not_what_was_archived_is_not_indexed(house: House, tmp_path: Path) -> None:
    """Though it can be decoded: as another film does. Once it is whole again, so is the search."""
    shelved = Shelved(house, "KYIV-644", tmp_path, 0)
    content = film(tmp_path / "red.mp4", seconds=5) + b"KYIV-644"
    sha256 = house.upload("olena", content, "KYIV-644", shelved.start).json()["id"]
    place = shelved.original(sha256)
    place.chmod(0o600)
    place.write_bytes(film(tmp_path / "green.mp4", colour=COLOURS[2], seconds=5))
    house.index_all()
    told = house.ask("admin", f"/footage/{sha256}").json()
    assert (told["damage"], told["state"], told["reason_code"]) == ("altered", "failed", "original-damaged")
    assert "the original is altered" in told["detail"]
    assert not house.services.index.committed(sha256)
    assert house.upload("olena", content, "KYIV-644", shelved.start).status_code == 200
    house.done("admin", f"/footage/{sha256}/retry")
    house.index_all()
    assert shelved.found() == {sha256}


def test_a_segment_that_was_damaged_while_nobody_served_is_found_at_start(house: House, tmp_path: Path) -> None:
    shelved = Shelved(house, "KYIV-613", tmp_path, 1)
    (sha256,) = shelved.digests
    flip(house.folder / "index" / "segments" / segment_of(house, sha256) / "vectors.f16")
    services = house.services
    with FootageIndex(services.deployment.index, ColourHistograms().manifest) as opened:
        stop, sight = threading.Event(), replace(services.in_force.now, index=opened)
        scrub = Scrub(services.deployment, services.log, services.views, InForce(sight))
        beginning = threading.Thread(target=scrub.run, args=(stop,))
        beginning.start()
        try:
            wait_until(lambda: state_of(house, sha256) == "archived")
        finally:
            stop.set()
            beginning.join()
    house.index_all()
    assert shelved.found() == {sha256}


def test_what_cannot_be_put_on_record_is_not_forgotten(house: House, tmp_path: Path) -> None:
    shelved = Shelved(house, "KYIV-611", tmp_path, 1)
    (sha256,) = shelved.digests
    flip(house.folder / "index" / "segments" / segment_of(house, sha256) / "thumbnails.pack")
    services = house.services
    full = Scrub(services.deployment, FullLog(services.log), services.views, services.in_force)
    with pytest.raises(LogFull):
        full.round()
    assert services.index.committed(sha256)
    assert sha256 in house.done("admin", "/footage/scrub")["reindexed"]
    house.index_all()
    assert shelved.found() == {sha256}


class FullLog:
    """A log that can be read and takes nothing more."""

    def __init__(self, log: Any) -> None:
        self._log = log

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    def append(self, *what: Any, **more: Any) -> None:
        raise LogFull("no space")
