"""An index that is ahead of the record it stands beside says no more than the record, and can catch up."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from app.agreement import forget_what_is_ahead
from app.event_store.backup import back_up
from domain.ids import footage_id
from search_index.footage_index import FootageIndex
from tests.app.conftest import FILMED_AT, House, film
from tests.fakes_gpu import ColourHistograms

CAMERA = "KYIV-411"


def archived(house: House, folder: Path, minute: int, camera: str = CAMERA) -> str:
    """A film of its own, a minute later than the last."""
    content = film(folder / f"{minute}.mp4", seconds=4 + minute)
    answer = house.upload("olena", content, camera, FILMED_AT + timedelta(minutes=minute))
    assert answer.status_code == 201
    return str(answer.json()["id"])


def test_what_was_archived_or_claimed_after_the_copy_is_forgotten(house: House, tmp_path: Path) -> None:
    house.register_camera(CAMERA)
    known = archived(house, tmp_path, 0)
    house.index_all()
    waiting = archived(house, tmp_path, 1)
    back_up(house.services.deployment.log, house.services.deployment.keys, tmp_path / "earlier")
    later = archived(house, tmp_path, 2)
    house.index_all()
    house.services.index.backup(tmp_path / "index")
    with FootageIndex(tmp_path / "index", ColourHistograms().manifest) as index:
        assert {known, waiting, later} <= {each.footage for each in index.footages()}
        log = tmp_path / "earlier" / "log.db"
        forgotten = forget_what_is_ahead(index, log)
        assert {waiting, later} <= set(forgotten)
        assert known not in forgotten
        assert index.committed(known)
        assert not index.committed(waiting)
        assert not index.committed(later)
        assert forget_what_is_ahead(index, log) == []


def test_units_of_another_camera_than_the_record_says_are_forgotten(house: House, tmp_path: Path) -> None:
    house.register_camera("KYIV-412")
    moved, unreadable = (archived(house, tmp_path, minute, "KYIV-412") for minute in (10, 11))
    house.index_all()
    back_up(house.services.deployment.log, house.services.deployment.keys, tmp_path / "copy")
    log = tmp_path / "copy" / "log.db"
    house.services.index.backup(tmp_path / "index")
    with closing(sqlite3.connect(tmp_path / "index" / "catalogue.db")) as database, database:
        database.execute("UPDATE units SET camera = 'another' WHERE footage = ?", (moved,))
    with closing(sqlite3.connect(log)) as database, database:
        database.execute("DROP TRIGGER stored_events_update")
        database.execute(
            "UPDATE stored_events SET state = x'00' WHERE originator_id = ? AND originator_version = 1",
            (footage_id(unreadable).hex,),
        )
    with FootageIndex(tmp_path / "index", ColourHistograms().manifest) as index:
        assert forget_what_is_ahead(index, log) == [moved]
        assert index.committed(unreadable), "what cannot be read is parked, not unknown"


def test_a_picture_that_the_index_has_no_more_is_gone_in_plain_words(house: House, tmp_path: Path) -> None:
    house.register_camera("KYIV-413")
    sha256 = archived(house, tmp_path, 20, "KYIV-413")
    house.index_all()
    start = FILMED_AT + timedelta(minutes=20)
    window = {"window_from": start.isoformat(), "window_to": (start + timedelta(seconds=24)).isoformat()}
    ask = {"authorisation": house.authorise(["KYIV-413"], **window), "text": "red", "limit": 1}
    (hit,) = house.done("olena", "/searches", ask)["moments"]
    assert house.ask("olena", hit["thumbnail"]).status_code == 200
    house.services.index.forget_footage(sha256)
    gone = house.ask("olena", hit["thumbnail"])
    assert (gone.status_code, gone.json()["type"], gone.json()["sha256"]) == (410, "/problems/picture-gone", sha256)
    house.index_all()
