"""Bad input gets an error that names the field, the fault and the mend; nothing is lost, nothing half done."""

from __future__ import annotations

import base64
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PIL import Image

from app.querying import Queries
from domain.errors import Invalid
from gpu_jobs.query_image import QueryImages
from search_index.encoder import TextEmbedding
from tests.app.conftest import FILMED_AT, House, film, unknown
from tests.fakes_gpu import ColourHistograms


class Guessing(ColourHistograms):
    """Knows colours, and guesses at the rest."""

    def embed_text(self, text: str) -> TextEmbedding:
        words = text.replace(",", " ").split()
        known = [word for word in words if word in ("red", "blue")]
        unknown_words = tuple(word for word in words if word not in known)
        told = super().embed_text(" ".join(known) or "green")
        return replace(told, unknown_words=unknown_words, guessed=not known)


def test_what_is_only_guessed_is_not_taken_away() -> None:
    queries = Queries(Guessing(), QueryImages(Guessing()))
    assert queries.vector("red", b"", None, ("blue tram",)).unknown_words == ("tram",)
    with pytest.raises(Invalid, match="minus: tram, gun is not understood"):
        queries.vector("red", b"", None, ("blue", "tram, gun"))


@pytest.fixture(scope="module")
def authorisation(house: House) -> str:
    house.register_camera("KYIV-301")
    return house.authorise(["KYIV-301"])


def picture(width: int, height: int) -> str:
    held = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(held, "PNG")
    return base64.b64encode(held.getvalue()).decode()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "   "}, "text"),
        ({"text": "р" * 10_000}, "text"),
        ({"text": "red", "limit": 0}, "limit"),
        ({"text": "red", "limit": 100_000}, "limit"),
        ({"text": "red", "minus": ["blue"] * 50}, "minus"),
        ({"text": "зовсім незнайоме"}, "text"),
        ({"image": base64.b64encode(b"not a picture").decode()}, "image"),
        ({"image": picture(30_000, 2_000)}, "image"),
        ({"image": base64.b64encode(bytes(12 * 2**20 + 1)).decode()}, "image"),
        ({"image": picture(40, 40), "box": [30, 30, 40, 40]}, "image"),
        ({"text": "red", "image": picture(40, 40)}, "text"),
        ({"text": "red", "from_at": "2026-03-02T09:00:00Z", "to_at": "2026-03-02T08:00:00Z"}, "from_at"),
    ],
    ids=[
        *("empty", "blank", "long", "none asked for", "too many", "many terms", "unknown words", "no picture"),
        *("huge picture", "large file", "box outside", "both", "backwards"),
    ],
)
def test_a_question_that_cannot_be_asked_draws_nothing(
    house: House, authorisation: str, body: dict[str, Any], field: str
) -> None:
    before = house.services.log.head()
    answer = house.command("olena", "/searches", {"authorisation": authorisation, **body})
    assert answer.status_code == 422, answer.text
    problem = answer.json()
    assert problem["type"] == "/problems/invalid-value"
    assert problem["field"] == field
    assert problem["fault"]
    assert problem["mend"]
    assert house.services.log.head() == before


@pytest.mark.parametrize(
    "body",
    [{"kind": "robbery"}, {"unheard": 1}, [], "words", {"authorisation": "no id", "text": "red"}],
    ids=["missing", "unknown", "list", "text", "uuid"],
)
def test_a_body_of_another_shape_is_named(house: House, body: object) -> None:
    answer = house.command("olena", "/searches", body)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def files(folder: Path) -> dict[str, bytes]:
    whole = film(folder / "whole.mp4", colour=(30, 60, 220), seconds=4)
    return {
        "empty": b"",
        "renamed text": b"This is not a video, whatever its name says.\n" * 40,
        "truncated": whole[: len(whole) // 2],
        "sound only": sound(folder / "sound.mp4"),
    }


def sound(path: Path) -> bytes:
    import av
    import numpy as np

    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=8000)
        stream.layout = "mono"
        for number in range(8):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 8000, number * 1024
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path.read_bytes()


@pytest.mark.parametrize("kind", ["empty", "renamed text", "truncated", "sound only"])
def test_a_file_that_is_no_usable_video_is_refused_and_leaves_nothing(
    house: House, authorisation: str, kind: str, tmp_path: Path
) -> None:
    before = house.services.log.head()
    answer = house.upload("olena", files(tmp_path)[kind], "KYIV-301", FILMED_AT)
    assert answer.status_code == 422, answer.text
    assert answer.json()["type"] == "/problems/footage-unusable"
    assert house.services.log.head() == before
    assert list((house.folder / "incoming").iterdir()) == []
    assert list((house.folder / "footage").glob("??/*")) == []


def test_time_and_camera_of_footage_must_be_possible(house: House, authorisation: str, tmp_path: Path) -> None:
    content = film(tmp_path / "a.mp4", colour=(30, 160, 40), seconds=6)
    codes = {
        "invalid-value": house.upload("olena", content, "KYIV-301", datetime.now(UTC) + timedelta(hours=1)),
        "outside-camera-life": house.upload("olena", content, "KYIV-301", datetime(2020, 1, 1, tzinfo=UTC)),
        "not-found": house.upload("olena", content, "KYIV-999", FILMED_AT),
    }
    assert {code: answer.json()["type"] for code, answer in codes.items()} == {
        code: f"/problems/{code}" for code in codes
    }
    assert house.upload("olena", content, "KYIV-301", FILMED_AT).status_code == 201
    other = film(tmp_path / "b.mp4", colour=(200, 200, 30), seconds=6)
    overlapping = house.upload("olena", other, "KYIV-301", FILMED_AT + timedelta(seconds=1), uncertainty_seconds=0)
    assert overlapping.json()["type"] == "/problems/footage-overlap"
    assert len(list((house.folder / "footage").glob("??/*"))) == 1


def test_a_clash_of_versions_tells_the_current_one(house: House) -> None:
    incident = house.record_incident()
    child = {"child": str(unknown()), "pseudonym": "CH-4F2A", "role": "victim"}
    juvenile = house.record_incident("iryna")
    stale = house.command("iryna", f"/incidents/{juvenile}/children", child, version=7)
    assert (stale.status_code, stale.headers["etag"]) == (412, '"1"')
    assert stale.json()["current_version"] == 1
    assert house.done("iryna", f"/incidents/{juvenile}/children", child, version=1)["version"] == 2
    assert house.ask("olena", f"/incidents/{incident}").headers["etag"] == '"1"'


def test_a_retried_command_gets_its_receipt_and_is_done_once(house: House) -> None:
    body = {
        "kind": "theft",
        "occurred_from": FILMED_AT.isoformat(),
        "occurred_to": FILMED_AT.isoformat(),
        "region": "UA-30",
        "community": "Подільська",
        "narrative": "Велосипед",
    }
    first, second = (house.command("olena", "/incidents", body, key="bicycle") for _ in range(2))
    assert first.json() == second.json()
    other = house.command("olena", "/incidents", {**body, "kind": "robbery"}, key="bicycle")
    assert other.json()["type"] == "/problems/command-id-reused"
    elsewhere = house.command("bohdan", "/incidents", body, key="bicycle")
    assert elsewhere.json()["id"] != first.json()["id"]


def test_what_is_hidden_answers_like_what_does_not_exist(house: House) -> None:
    hidden = house.record_incident("iryna")
    absent = str(unknown())
    for path in ("/incidents/{}", "/incidents/{}/timeline", "/incidents/{}/narrative"):
        one, other = (house.ask("olena", path.format(key)) for key in (hidden, absent))
        assert one.status_code == other.status_code == 404
        assert one.text.replace(hidden, "") == other.text.replace(absent, "")
    voided = [house.command("olena", f"/incidents/{key}/void", {"reason": "x"}, version=9) for key in (hidden, absent)]
    assert voided[0].text.replace(hidden, "") == voided[1].text.replace(absent, "")


def test_a_filter_that_does_not_exist_is_refused_and_not_passed_over(house: House) -> None:
    answer = house.ask("olena", "/footage", camrea="KYIV-001")
    assert answer.status_code == 422
    assert answer.json()["field"] == "camrea"
    assert "camera" in answer.json()["mend"]
    answer = house.ask("olena", f"/footage/{'0' * 64}", state="indexed")
    assert answer.json()["mend"] == "it has none"
    unsigned = house.http.get("/footage", params={"camrea": "KYIV-001"})
    assert unsigned.status_code == 401  # who is nobody learns nothing of it


def test_a_parameter_given_twice_is_asked_back(house: House) -> None:
    twice = house.http.get("/incidents?limit=1&limit=2", headers={"Authorization": f"Bearer {house.token('olena')}"})
    assert (twice.status_code, "'limit' twice" in twice.json()["detail"]) == (400, True)


def test_a_cursor_leads_on_in_its_own_list_alone(house: House) -> None:
    first, second = (house.record_incident("iryna") for _ in range(2))
    cursor = house.ask("iryna", "/incidents", limit=1).json()["next"]
    assert house.ask("iryna", "/incidents", limit=200, cursor=cursor).status_code == 200
    for path, more in (("/incidents", {"kind": "theft"}), ("/losses", {}), ("/children", {})):
        refused = house.ask("iryna", path, cursor=cursor, **more)
        assert (refused.status_code, refused.json()["field"]) == (422, "cursor"), path
    for incident in (first, second):
        house.done("iryna", f"/incidents/{incident}/children", {"role": "witness"})
    of_first = house.ask("iryna", f"/incidents/{first}/timeline", limit=1).json()["next"]
    assert house.ask("iryna", f"/incidents/{first}/timeline", cursor=of_first).status_code == 200
    refused = house.ask("iryna", f"/incidents/{second}/timeline", cursor=of_first)
    assert (refused.status_code, refused.json()["field"]) == (422, "cursor")
