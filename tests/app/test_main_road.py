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


def test_a_window_in_the_middle_of_a_still_stretch_finds_it_and_shows_nothing_from_before(
    house: House, searchable: str
) -> None:
    """Nothing moves in the first eight seconds: one picture of second 0 stands for all of them."""
    start, end = FILMED_AT + timedelta(seconds=3.5), FILMED_AT + timedelta(seconds=6.5)
    asked = {"authorisation": searchable, "text": "red", "limit": 5}
    found = house.done("olena", "/searches", {**asked, "from_at": start.isoformat(), "to_at": end.isoformat()})
    assert found["coverage"]["complete"] is True
    best = found["moments"][0]
    times = [datetime.fromisoformat(best[name]) for name in ("best_at", "from_at", "to_at")]
    assert times == [start, start, end]
    assert best["thumbnail"] is None
    hit = f"/searches/{found['id']}/hits/1"
    refused = house.ask("olena", f"{hit}/thumbnail")
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/picture-outside-search")
    incident = house.record_incident()
    house.done("olena", f"{hit}/review", {"verdict": "relevant"})
    house.done("olena", f"{hit}/attach", {"incident": incident})
    (linked,) = house.ask("olena", f"/incidents/{incident}").json()["footage"]
    assert [datetime.fromisoformat(linked[name]) for name in ("from_at", "to_at")] == [start, end]
    whole = house.done("olena", "/searches", {**asked, "to_at": end.isoformat()})["moments"][0]
    assert datetime.fromisoformat(whole["best_at"]) == FILMED_AT
    assert house.ask("olena", whole["thumbnail"]).status_code == 200


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
    assert [(each["search"], each["camera_name"]) for each in linked] == [(answer["id"], "KYIV-101")]


def test_a_search_is_read_again_with_all_that_became_of_it(house: House, searchable: str) -> None:
    run = house.done("olena", "/searches", {"authorisation": searchable, "text": "red", "limit": 2})
    incident, hit = house.record_incident(), f"/searches/{run['id']}/hits/1"
    house.done("bohdan", f"{hit}/review", {"verdict": "relevant", "note": "той самий рюкзак"})
    house.done("olena", f"{hit}/attach", {"incident": incident})
    before = house.services.log.head()
    read = house.ask("olena", f"/searches/{run['id']}").json()
    assert {name: read[name] for name in run} == run
    assert (read["text"], read["searcher_username"], read["searcher_unit_name"]) == ("red", "olena", "investigators")
    assert (read["authorisation_reference"], read["camera_names"]) == ("760/1234/26", ["KYIV-101"])
    assert datetime.fromisoformat(read["searched_at"]) > FILMED_AT
    (review,) = read["reviews"]
    assert (review["rank"], review["verdict"], review["note"]) == (1, "relevant", "той самий рюкзак")
    assert (review["reviewed_by_username"], review["attached_by_username"]) == ("bohdan", "olena")
    assert review["incident"] == incident
    disclosed = house.ask("oksana", "/record", after=before).json()["items"]
    assert [each["topic"] for each in disclosed] == ["disclosure.made"], "a colleague's note was opened"
    audited = house.ask("oksana", f"/searches/{run['id']}").json()
    assert (audited["text"], audited["image_sha256"], audited["minus"]) == (None, None, [])
    assert (audited["reviews"][0]["verdict"], audited["reviews"][0]["note"]) == ("relevant", None)
    assert audited["authorisation_reference"] == "760/1234/26"


def test_lists_name_what_they_show(house: House, searchable: str) -> None:
    house.done("olena", "/searches", {"authorisation": searchable, "text": "red", "limit": 1})
    names = {
        "/searches": {
            "searcher_username": "olena",
            "searcher_unit_name": "investigators",
            "camera_names": ["KYIV-101"],
        },
        "/incidents": {"officer_username": "olena", "unit_name": "investigators"},
        "/footage": {"camera_name": "KYIV-101"},
        "/authorisations": {
            "requester_username": "olena",
            "requester_unit_name": "investigators",
            "approver_username": "taras",
            "approver_unit_name": "duty",
            "camera_names": ["KYIV-101"],
        },
    }
    for path, expected in names.items():
        item = house.ask("olena", path, limit=1).json()["items"][0]
        assert {name: item[name] for name in expected} == expected, path


def test_cameras_outside_of_the_authority_are_named_as_they_were_typed(house: House, searchable: str) -> None:
    house.register_camera("KYIV-109")
    for name in ("KYIV-109", "KYIV-NOWHERE"):
        refused = house.command("olena", "/searches", {"authorisation": searchable, "text": "red", "cameras": [name]})
        assert refused.json()["detail"].startswith(f"not within the authorisation: {name};")


def test_archiving_the_same_bytes_twice_is_one_footage(house: House, searchable: str, red_film: bytes) -> None:
    again = house.upload("olena", red_film, "KYIV-101", FILMED_AT)
    assert (again.status_code, again.json()["already"]) == (200, True)
    elsewhere = house.register_camera("KYIV-102")
    other = house.upload("olena", red_film, elsewhere, FILMED_AT)
    assert other.json()["type"] == "/problems/footage-archived-otherwise"
    assert "of camera KYIV-101 from 2026-03-02 10:00:00.0 EET" in other.json()["detail"]
    assert list((house.folder / "incoming").iterdir()) == []


def test_replay_gives_the_views_of_any_moment(house: House, searchable: str) -> None:
    now = house.ask("oksana", "/record/views").json()
    assert house.ask("oksana", "/record/views", position=now["position"]).json() == now
    before = house.ask("oksana", "/record/views", position=4).json()
    rows = {view["name"]: view["rows"] for view in before["views"]}
    assert rows["organisation"]["accounts"] == 1
    assert rows["search-ledger"]["searches"] == 0
    events = house.ask("oksana", "/record", limit=4).json()["items"]
    later = house.ask("oksana", "/record", after=before["position"]).json()["items"]
    assert {"admin", "olena"} < {each["actor_username"] for each in later}
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
