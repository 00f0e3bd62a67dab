"""Searching: what is sent, what is shown, and the contact sheet."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops
from typer.testing import Result

from app import contact_sheet
from tests.app.cli.fake_server import FakeServer

Oberih = Callable[..., Result]
ID = "7a1c0000-0000-4000-8000-000000000001"
SEARCH = "7a1c0000-0000-4000-8000-000000000009"


def moment(rank: int) -> dict[str, Any]:
    return {
        "rank": rank,
        "camera": ID,
        "camera_name": "KYIV-014",
        "best_at": "2026-11-23T12:05:07.300000Z",
        "from_at": "2026-11-23T12:05:06.100000Z",
        "to_at": "2026-11-23T12:05:09Z",
        "uncertainty_seconds": 1.5,
        "kind": "crop",
        "box": [120, 40, 60, 150],
        "score": 0.3337 - rank / 100,
        "footage_sha256": "ab12",
        "thumbnail": f"/searches/{SEARCH}/hits/{rank}/thumbnail",
        "shown": "2026-11-23 14:05:07.3 EET",
    }


FOUND: dict[str, Any] = {
    "id": SEARCH,
    "version": 1,
    "kind": "text",
    "unknown_words": ["воріт"],
    "read_as": [{"typed": "чевоний", "read": "червоний"}],
    "widened_words": ["жінка"],
    "coverage": {"complete": False, "statement": "partial: camera KYIV-022 was out 10:05–10:40"},
    "moments": [moment(1), moment(2)],
    "quota_left": 19,
}


def jpeg(colour: tuple[int, int, int]) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 200), colour).save(out, "JPEG")
    return out.getvalue()


def test_a_search_is_a_table_with_coverage_and_unknown_words(server: FakeServer, oberih: Oberih) -> None:
    server.answers("POST /searches", FOUND, 201)
    result = oberih("search", "фургон біля воріт", "--authorisation", ID)
    assert result.exit_code == 0, result.stderr
    for shown in (
        "KYIV-014",
        "2026-11-23 14:05:07.3 EET",
        "14:05:06.1–14:05:09.0",
        "1.5 s",
        "0.3237",
        "120,40 60×150",
        "not looked for, or only guessed: воріт",
        "read as: чевоний → червоний",
        "wider sense (woman as any adult): жінка",
        "coverage: partial: camera KYIV-022 was out 10:05–10:40",
        "similar appearance, not identity",
        f"search {SEARCH}, 19 left",
    ):
        assert shown in result.stdout
    assert server.seen[0].json == {"authorisation": ID, "text": "фургон біля воріт", "limit": 10}


def test_every_option_is_sent(server: FakeServer, oberih: Oberih) -> None:
    server.answers("POST /searches", FOUND, 201)
    words = ["--minus", "bus", "--minus", "tram", "--camera", "KYIV-014", "--camera", ID, "--limit", "5"]
    window = ["--from", "2026-11-23T08:00", "--to", "2026-11-23T18:00+02:00"]
    result = oberih("search", "van", "--authorisation", ID, *words, *window, "--json")
    assert json.loads(result.stdout) == FOUND
    assert result.stderr == ""
    assert server.seen[0].json == {
        "authorisation": ID,
        "text": "van",
        "minus": ["bus", "tram"],
        "cameras": ["KYIV-014", ID],
        "from_at": "2026-11-23T06:00:00Z",
        "to_at": "2026-11-23T16:00:00Z",
        "limit": 5,
    }


def test_a_picture_is_sent_whole_with_the_box_in_it(server: FakeServer, oberih: Oberih, tmp_path: Path) -> None:
    (tmp_path / "van.jpg").write_bytes(jpeg((200, 200, 200)))
    server.answers("POST /searches", {**FOUND, "kind": "image", "unknown_words": []}, 201)
    words = ("search", "--image", str(tmp_path / "van.jpg"), "--box", "10,20,30,40", "--authorisation", ID)
    result = oberih(*words, "--child-image")
    assert result.exit_code == 0, result.stderr
    sent = server.seen[0].json
    assert base64.b64decode(sent["image"]) == (tmp_path / "van.jpg").read_bytes()
    assert sent["box"] == [10, 20, 30, 40]
    assert sent["child_image"] is True
    assert "text" not in sent
    assert "only guessed" not in result.stdout


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("van", "--image", "x.jpg"),
        ("van", "--box", "1,2,3,4"),
        ("van", "--limit", "201"),
        ("van", "--sheet", "x.jpg"),
    ],
)
def test_wrong_usage_draws_nothing_from_the_quota(server: FakeServer, oberih: Oberih, words: tuple[str, ...]) -> None:
    assert oberih("search", *words, "--authorisation", ID).exit_code == 2
    assert not server.seen


def test_a_picture_that_cannot_be_read_is_one_line(server: FakeServer, oberih: Oberih, tmp_path: Path) -> None:
    absent = oberih("search", "--image", str(tmp_path / "absent.jpg"), "--authorisation", ID)
    assert absent.exit_code == 1
    assert "absent.jpg: No such file or directory" in absent.stderr
    with (tmp_path / "huge.jpg").open("wb") as file:
        file.truncate(65 << 20)
    huge = oberih("search", "--image", str(tmp_path / "huge.jpg"), "--authorisation", ID)
    assert huge.exit_code == 1
    assert "has 65 MiB" in huge.stderr
    assert not server.seen


def test_nothing_found_still_says_how_much_was_looked_at(server: FakeServer, oberih: Oberih) -> None:
    server.answers("POST /searches", {**FOUND, "moments": []}, 201)
    shown = oberih("search", "дрон", "--authorisation", ID).stdout
    assert shown.startswith("nothing found\n")
    assert "coverage: partial" in shown


def test_a_refused_search_is_one_line(server: FakeServer, oberih: Oberih) -> None:
    detail = "all 20 searches of the authorisation are used; request another"
    server.refuses("POST /searches", 403, "quota-spent", detail)
    result = oberih("search", "van", "--authorisation", ID)
    assert result.exit_code == 1
    assert result.stderr == f"oberih: {detail}\n"


def test_a_sheet_is_drawn_from_the_thumbnails(server: FakeServer, oberih: Oberih, tmp_path: Path) -> None:
    server.answers("POST /searches", FOUND, 201)
    server.sends(f"GET /searches/{SEARCH}/hits/1/thumbnail", jpeg((200, 30, 30)), "image/jpeg")
    sheet = tmp_path / "sheet.png"
    result = oberih("search", "van", "--authorisation", ID, "--sheet", str(sheet), "--json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["sheet"] == str(sheet)
    assert "no picture of hit 2" in result.stderr
    with Image.open(sheet) as picture:
        assert picture.format == "PNG"
        assert picture.width == contact_sheet.WIDTH
        assert reds(picture) > 10_000  # the one picture that was there


def test_a_search_whose_sheet_cannot_be_written_is_shown_all_the_same(
    server: FakeServer, oberih: Oberih, tmp_path: Path
) -> None:
    server.answers("POST /searches", {**FOUND, "moments": []}, 201)
    sheet = tmp_path / "x.png"
    sheet.mkdir()
    result = oberih("search", "van", "--authorisation", ID, "--sheet", str(sheet), "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (1, {**FOUND, "moments": []})
    assert "x.png could not be written" in result.stderr


def test_a_picture_from_outside_the_times_searched_is_not_asked_for(
    server: FakeServer, oberih: Oberih, tmp_path: Path
) -> None:
    server.answers("POST /searches", {**FOUND, "moments": [{**moment(1), "thumbnail": None}]}, 201)
    result = oberih("search", "van", "--authorisation", ID, "--sheet", str(tmp_path / "sheet.png"))
    assert result.exit_code == 0, result.stderr
    for told in (result.stdout, result.stderr):
        assert "no picture of hit 1: it was made outside the times searched" in told
    assert [request.path for request in server.seen] == ["/searches"]


def test_an_earlier_search_is_shown_and_drawn_again(server: FakeServer, oberih: Oberih, tmp_path: Path) -> None:
    server.answers(f"GET /searches/{SEARCH}", FOUND)
    for rank in (1, 2):
        server.sends(f"GET /searches/{SEARCH}/hits/{rank}/thumbnail", jpeg((200, 30, 30)), "image/jpeg")
    result = oberih("searches", "show", SEARCH, "--sheet", str(tmp_path / "again.png"))
    assert result.exit_code == 0, result.stderr
    assert f"contact sheet: {tmp_path / 'again.png'}" in result.stdout
    assert (tmp_path / "again.png").stat().st_size > 1000


READ: dict[str, Any] = {
    **FOUND,
    "searched_at": "2026-11-23T12:05:07.300000Z",
    "searcher": ID,
    "searcher_username": "olena",
    "searcher_unit": ID,
    "searcher_unit_name": "Слідчий відділ, Поділ",
    "authorisation": ID,
    "authorisation_reference": "760/1234/26",
    "text": "фургон біля воріт",
    "minus": ["автобус"],
    "camera_names": ["KYIV-014", "KYIV-015"],
    "cameras": [ID, ID],
    "reviews": [
        {"rank": 2, "verdict": "relevant", "reviewed_by": ID, "reviewed_by_username": "bohdan", "note": "той самий"}
        | {"incident": SEARCH, "attached_by": ID}
    ],
}


def test_a_search_that_is_read_again_says_who_asked_what_under_what_and_what_became_of_it(
    server: FakeServer, oberih: Oberih
) -> None:
    server.answers(f"GET /searches/{SEARCH}", READ)
    shown = " ".join(oberih("searches", "show", SEARCH).stdout.split())
    for words in (
        "фургон біля воріт",
        "автобус",
        "2026-11-23 14:05:07.3 EET",
        "olena, Слідчий відділ, Поділ",
        f"760/1234/26 {ID}",
        "KYIV-014, KYIV-015",
        f"hit 2 is relevant (bohdan): той самий; attached to incident {SEARCH}",
        f"{SEARCH}",
    ):
        assert words in shown
    server.replies.clear()
    server.answers(f"GET /searches/{SEARCH}", {**READ, "text": None, "authorisation_reference": None, "reviews": []})
    shown = oberih("searches", "show", SEARCH).stdout
    assert "(sealed, or erased)" in shown
    assert "attached to" not in shown


def test_a_thumbnail_is_saved(server: FakeServer, oberih: Oberih, tmp_path: Path) -> None:
    server.sends(f"GET /searches/{SEARCH}/hits/1/thumbnail", jpeg((1, 2, 3)), "image/jpeg")
    assert oberih("searches", "thumbnail", SEARCH, "1", "--out", str(tmp_path / "one.jpg")).exit_code == 0
    assert (tmp_path / "one.jpg").read_bytes() == jpeg((1, 2, 3))


def reds(picture: Image.Image) -> int:
    red, green, blue = picture.convert("RGB").split()
    loud, quiet = red.point(lambda v: 255 * (v > 180)), ImageChops.lighter(green, blue).point(lambda v: 255 * (v < 60))
    return ImageChops.darker(loud, quiet).histogram()[255]
