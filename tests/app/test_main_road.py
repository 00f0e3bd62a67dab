"""The main job over HTTP: footage archived and indexed, searched under an authority, reviewed, attached, replayed."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta

import pytest

from tests.app.conftest import FILM_SECONDS, FILMED_AT, House


@pytest.fixture(scope="module")
def searchable(house: House, red_film: bytes) -> str:
    """An approved authorisation over one indexed film. Returns its id."""
    house.register_camera("KYIV-101")
    archived = house.upload("olena", red_film, "KYIV-101", FILMED_AT)
    assert archived.status_code == 201, archived.text
    house.index_all()
    return house.authorise(["KYIV-101"])


def test_a_moment_is_found_by_words_and_put_on_record(house: House, searchable: str) -> None:
    answer = house.done("olena", "/searches", {"authorisation": searchable, "text": "red thing", "limit": 3})
    best = answer["moments"][0]
    at = datetime.fromisoformat(best["best_at"])
    assert FILMED_AT + timedelta(seconds=8) <= at < FILMED_AT + timedelta(seconds=16)
    assert best["camera_name"] == "KYIV-101"
    assert answer["unknown_words"] == ["thing"]
    assert answer["coverage"]["complete"] is True
    assert answer["quota_left"] == 49
    again = house.ask("olena", f"/searches/{answer['id']}").json()
    assert again["moments"] == answer["moments"]
    ledger = house.ask("oksana", "/searches").json()["items"]
    assert ledger[0]["search"] == answer["id"]
    assert "red thing" not in house.ask("oksana", f"/searches/{answer['id']}").text


def test_a_picture_finds_what_it_shows_and_minus_takes_away(house: House, searchable: str) -> None:
    found = house.done("olena", "/searches", {"authorisation": searchable, "text": "red", "limit": 1})
    thumbnail = house.ask("olena", found["moments"][0]["thumbnail"])
    assert thumbnail.headers["content-type"] == "image/jpeg"
    image = base64.b64encode(thumbnail.content).decode()
    by_picture = house.done("olena", "/searches", {"authorisation": searchable, "image": image, "limit": 1})
    assert by_picture["moments"][0]["footage_sha256"] == found["moments"][0]["footage_sha256"]
    assert by_picture["moments"][0]["score"] > 0.8
    without = house.done(
        "olena", "/searches", {"authorisation": searchable, "text": "red", "minus": ["blue"], "limit": 1}
    )
    assert without["moments"][0]["best_at"] == found["moments"][0]["best_at"]


def test_the_same_search_command_draws_the_quota_once(house: House, searchable: str) -> None:
    body = {"authorisation": searchable, "text": "red", "limit": 2}
    first = house.done("olena", "/searches", body, key="once")
    second = house.done("olena", "/searches", body, key="once")
    assert first == second
    other = house.command("olena", "/searches", {**body, "limit": 3}, key="once")
    assert other.json()["type"] == "/problems/command-id-reused"


def test_a_hit_is_attached_only_after_a_person_found_it_relevant(house: House, searchable: str) -> None:
    answer = house.done("olena", "/searches", {"authorisation": searchable, "text": "red", "limit": 2})
    incident = house.record_incident()
    hit = f"/searches/{answer['id']}/hits/1"
    early = house.command("olena", f"{hit}/attach", {"incident": incident})
    assert early.json()["type"] == "/problems/hit-not-relevant"
    house.done("olena", f"{hit}/review", {"verdict": "relevant", "note": "той самий рюкзак"})
    house.done("olena", f"{hit}/attach", {"incident": incident})
    linked = house.ask("olena", f"/incidents/{incident}").json()["footage"]
    assert [each["search"] for each in linked] == [answer["id"]]


def test_archiving_the_same_bytes_twice_is_one_footage(house: House, searchable: str, red_film: bytes) -> None:
    again = house.upload("olena", red_film, "KYIV-101", FILMED_AT)
    assert (again.status_code, again.json()["already"]) == (200, True)
    elsewhere = house.register_camera("KYIV-102")
    other = house.upload("olena", red_film, elsewhere, FILMED_AT)
    assert other.json()["type"] == "/problems/footage-archived-otherwise"
    assert list((house.folder / "incoming").iterdir()) == []


def test_replay_gives_the_views_of_any_moment(house: House, searchable: str) -> None:
    now = house.ask("oksana", "/record/views").json()
    assert house.ask("oksana", "/record/views", position=now["position"]).json() == now
    before = house.ask("oksana", "/record/views", position=4).json()
    rows = {view["name"]: view["rows"] for view in before["views"]}
    assert rows["organisation"]["accounts"] == 1
    assert rows["search-ledger"]["searches"] == 0
    events = house.ask("oksana", "/record", limit=4).json()["items"]
    assert [each["topic"] for each in events] == ["unit.created", "account.created", "role.given", "policy.adopted"]


def test_the_record_shows_nothing_that_is_sealed(house: House, searchable: str) -> None:
    house.done("olena", "/searches", {"authorisation": searchable, "text": "red зайчик", "limit": 1})
    text = house.ask("oksana", "/record", limit=1000).text
    assert "sealed" in text
    for secret in ("зайчик", "Іван Сірко", "Знайти рюкзак", "clip.mp4"):
        assert secret not in text
        for path in house.folder.glob("*.db*"):
            assert secret.encode() not in path.read_bytes(), path.name


def test_opening_a_narrative_is_on_record_before_it_is_answered(house: House) -> None:
    incident = house.record_incident()
    before = house.services.log.head()
    answer = house.ask("olena", f"/incidents/{incident}/narrative")
    assert "Іван Сірко" in answer.json()["text"]
    (event,) = house.ask("oksana", "/record", after=before).json()["items"]
    assert (event["topic"], event["facts"]["thing"]) == ("disclosure.made", incident)


def test_coverage_says_what_was_not_searched(house: House, red_film: bytes) -> None:
    house.register_camera("KYIV-103")
    house.done("admin", "/cameras/KYIV-103/outages", {"from_at": (FILMED_AT + timedelta(seconds=5)).isoformat()})
    authorisation = house.authorise(["KYIV-103"])
    answer = house.done("olena", "/searches", {"authorisation": authorisation, "text": "red"})
    assert answer["moments"] == []
    assert answer["coverage"]["complete"] is False
    assert "KYIV-103" in answer["coverage"]["statement"]
    assert len(answer["coverage"]["detail"]["outages"]) == 1
    assert answer["coverage"]["detail"]["scope_seconds"] == FILM_SECONDS
