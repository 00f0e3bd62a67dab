"""Clips out of the house: under an authority, on record first, of the time that was asked, and provably so."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import av
import httpx
import msgspec
import pytest
from litestar.testing import TestClient

from app import cutting
from app.api.asgi import create_app
from app.api.clips import BLOCK_BYTES, blocks_of
from app.api.files import Sending
from app.call import now
from app.cutting import CUTS_MAX
from app.receiving import Receiving
from domain.ids import camera_id, footage_id
from gpu_jobs import clipping
from tests.app.conftest import FILMED_AT, House
from tests.gpu_jobs.drawn_time import read
from tests.gpu_jobs.timed_files import B_FRAMES, Making, every

SECONDS = 20


def at(seconds: float) -> datetime:
    return FILMED_AT + timedelta(seconds=seconds)


class Filmed:
    """One film of a camera of its own, whose pictures show their time; and an authority for all of it."""

    def __init__(self, house: House, name: str, path: Path, **making: Any) -> None:
        self.house, self.name = house, name
        house.register_camera(name)
        Making(**making).write(path, every(100, SECONDS * 1000))
        self.content = path.read_bytes() + name.encode()
        self.sha256 = hashlib.sha256(self.content).hexdigest()
        assert house.upload("olena", self.content, name, FILMED_AT).status_code == 201
        self.authority = self.authorised(0, SECONDS)

    def authorised(self, start: float, end: float, **more: Any) -> str:
        return self.house.authorise(
            [str(camera_id(self.name))], window_from=at(start).isoformat(), window_to=at(end).isoformat(), **more
        )

    def cut(
        self, start: float, end: float, *, who: str = "olena", authority: str = "", key: str = "", exact: bool = False
    ) -> httpx.Response:
        body = {
            "authorisation": authority or self.authority,
            "from_at": at(start).isoformat(),
            "to_at": at(end).isoformat(),
            "exact": exact,
        }
        return self.house.command(who, f"/footage/{self.sha256}/clips", body, key=key)

    def manifest(self, answer: httpx.Response, who: str = "olena") -> dict[str, Any]:
        found: dict[str, Any] = self.house.ask(who, f"/clips/{answer.headers['Oberih-Clip']}").json()
        return found


@pytest.fixture(scope="module")
def gate(house: House, tmp_path_factory: pytest.TempPathFactory) -> Filmed:
    path = tmp_path_factory.mktemp("clips") / "gate.mp4"
    return Filmed(house, "KYIV-701", path, key_ms=4000, options=B_FRAMES)


def drawn(content: bytes) -> list[float]:
    """What the frames show, in seconds."""
    with av.open(io.BytesIO(content)) as container:
        found = [read(frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]
    assert None not in found
    return [each / 1000 for each in found if each is not None]


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def test_a_clip_on_keyframes_is_wider_and_says_so(gate: Filmed) -> None:
    answer = gate.cut(9, 13)
    assert answer.status_code == 201, answer.text
    assert answer.headers["content-type"] == "video/mp4"
    told, frames = gate.manifest(answer), drawn(answer.content)
    assert (frames[0], frames[-1]) == (8.0, frames[-1])
    assert frames[-1] >= 12.9
    assert datetime.fromisoformat(told["from_at"]) == at(8)
    assert datetime.fromisoformat(told["to_at"]) == at(frames[-1] + 0.1)
    assert (told["mode"], told["left_out"], told["frames"]) == ("lossless", [], len(frames))
    assert told["from_shown"].endswith("EET")
    assert "not masked" in told["faces"]
    assert told["sound"].startswith("none")


def test_a_clip_is_sent_as_what_it_is(house: House, tmp_path: Path) -> None:
    """What MP4 does not take is put into Matroska; encoded anew, it is MP4 again."""
    yard = Filmed(house, "KYIV-716", tmp_path / "yard.avi", codec="mjpeg", pix_fmt="yuvj420p")
    for exact, media_type, suffix in ((False, "video/x-matroska", "mkv"), (True, "video/mp4", "mp4")):
        answer = yard.cut(9, 13, exact=exact)
        assert answer.status_code == 201, answer.text
        assert answer.headers["content-type"] == media_type
        assert answer.headers["content-disposition"].endswith(f'.{suffix}"')
        with av.open(io.BytesIO(answer.content)) as container:
            assert {"mkv": "matroska", "mp4": "mp4"}[suffix] in container.format.name


def test_an_exact_clip_has_the_frames_that_were_asked_for(gate: Filmed) -> None:
    answer = gate.cut(9.25, 13, exact=True)
    told, frames = gate.manifest(answer), drawn(answer.content)
    assert frames == [pytest.approx(each / 10) for each in range(93, 130)]
    assert (datetime.fromisoformat(told["from_at"]), datetime.fromisoformat(told["to_at"])) == (at(9.3), at(13))
    assert (told["mode"], told["codec"], told["container"]) == ("exact", "h264", "mp4")


def test_what_is_sent_is_what_is_on_record(gate: Filmed) -> None:
    answer = gate.cut(2, 3)
    told = gate.manifest(answer)
    digest = hashlib.sha256(answer.content)
    assert told["sha256"] == digest.hexdigest()
    assert answer.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
    assert told["size_bytes"] == len(answer.content) == int(answer.headers["Content-Length"])
    assert told["footage_sha256"] == gate.sha256
    assert told["cut_by_username"] == "olena"
    assert told["authorisation"] == gate.authority
    with av.open(io.BytesIO(answer.content)) as container:
        assert gate.sha256 in container.metadata["comment"]
        assert "2026-03-02T08:00:00.000000Z" in container.metadata["comment"]


def test_nothing_before_the_window_leaves_with_the_keyframe_before_it(gate: Filmed) -> None:
    narrow = gate.authorised(9, 15)
    answer = gate.cut(9, 13, authority=narrow)
    told, frames = gate.manifest(answer), drawn(answer.content)
    assert frames[0] == 12.0, "the keyframe at 8 s lies outside of what was authorised"
    assert all(9 <= each < 15 for each in frames)
    (left,) = told["left_out"]
    assert (datetime.fromisoformat(left["from_at"]), datetime.fromisoformat(left["to_at"])) == (at(9), at(12))


def test_nothing_after_the_window_leaves_either(gate: Filmed) -> None:
    narrow = gate.authorised(7, 10.15)
    answer = gate.cut(8, 10.1, authority=narrow)
    told, frames = gate.manifest(answer), drawn(answer.content)
    assert all(each < 10.15 for each in frames)
    assert frames == [pytest.approx(8 + number / 10) for number in range(len(frames))], "no hole at the end"
    assert datetime.fromisoformat(told["to_at"]) <= at(10.15)


def test_where_no_keyframe_lies_within_the_mend_is_named(gate: Filmed) -> None:
    narrow = gate.authorised(9, 11)
    answer = gate.cut(9, 11, authority=narrow)
    assert problem(answer) == (422, "clip-impossible")
    assert "--exact" in answer.json()["detail"]
    exact = gate.cut(9, 11, authority=narrow, exact=True)
    assert drawn(exact.content) == [pytest.approx(each / 10) for each in range(90, 110)]


def test_no_clip_without_authority_and_each_refusal_is_on_record(house: House, gate: Filmed) -> None:
    other = house.register_camera("KYIV-702")
    elsewhere = house.authorise([other])
    waiting = gate.authorised(0, SECONDS, approve=False)
    revoked = gate.authorised(0, SECONDS)
    house.done("taras", f"/authorisations/{revoked}/revoke", {"reason": "справу закрито"})
    expected = {
        "authorisation-unknown": (gate.cut(1, 2, authority=str(uuid4())), gate.cut(1, 2, who="iryna")),
        "approver-is-requester": (gate.cut(1, 2, who="taras"),),
        "outside-cameras": (gate.cut(1, 2, authority=elsewhere),),
        "outside-window": (gate.cut(1, SECONDS + 1), gate.cut(-1, 2)),
        "authorisation-not-approved": (gate.cut(1, 2, authority=waiting),),
        "authorisation-revoked": (gate.cut(1, 2, authority=revoked),),
    }
    for code, answers in expected.items():
        for answer in answers:
            assert problem(answer) == (403, code)
    lines = house.ask("oksana", "/clips", footage=gate.sha256, refused="true", limit=100).json()["items"]
    assert sorted(line["refused_code"] for line in lines) == sorted(
        code for code, answers in expected.items() for _ in answers
    )
    assert {line["by_username"] for line in lines} == {"olena", "iryna", "taras"}
    refused = house.ask("oksana", f"/clips/{lines[0]['clip']}")
    assert problem(refused) == (409, "wrong-state")


def test_who_searches_takes_clips_and_nobody_else(house: House, gate: Filmed) -> None:
    for who in ("halyna", "oksana", "admin"):
        answer = gate.cut(1, 2, who=who)
        assert answer.status_code == 403, who
    assert gate.cut(1, 2, who="bohdan").status_code == 201, "a colleague of the requester"
    nowhere = house.command("olena", f"/footage/{'0' * 64}/clips", {"authorisation": gate.authority,
                            "from_at": at(1).isoformat(), "to_at": at(2).isoformat()})  # fmt: skip
    assert problem(nowhere) == (404, "not-found")


def test_a_spent_quota_keeps_nobody_from_what_was_found(house: House, gate: Filmed) -> None:
    once = gate.authorised(0, SECONDS, quota=1)
    house.done("olena", "/searches", {"authorisation": once, "text": "red"})
    assert house.command("olena", "/searches", {"authorisation": once, "text": "red"}).status_code == 403
    assert gate.cut(1, 2, authority=once).status_code == 201


def test_an_auditor_finds_it_where_they_look(house: House, gate: Filmed) -> None:
    answer = gate.cut(4, 5)
    key = answer.headers["Oberih-Clip"]
    line = house.ask("oksana", "/clips", authorisation=gate.authority).json()["items"][0]
    assert (line["clip"], line["by_username"], line["refused_code"]) == (key, "olena", None)
    assert line["sha256"] == hashlib.sha256(answer.content).hexdigest()
    seen = house.ask("oksana", "/record/disclosures", thing=str(footage_id(gate.sha256))).json()["items"]
    assert (seen[0]["operation"], seen[0]["actor_username"]) == ("footage.cut", "olena")
    assert gate.manifest(answer, "oksana")["sha256"] == line["sha256"]
    read_by = house.ask("oksana", "/record/disclosures", thing=key).json()["items"]
    assert [(each["operation"], each["actor_username"]) for each in read_by] == [("clip.read", "oksana")]
    assert house.ask("iryna", f"/clips/{key}").status_code == 404
    assert house.ask("iryna", "/clips", footage=gate.sha256, refused="false").json()["items"] == []


def test_the_ledger_comes_in_pages(house: House) -> None:
    whole = house.ask("oksana", "/clips", limit=100).json()["items"]
    seen, cursor = [], None
    while True:
        page = house.ask("oksana", "/clips", limit=2, **({"cursor": cursor} if cursor else {})).json()
        seen += page["items"]
        if (cursor := page["next"]) is None:
            break
    assert len(seen) > 2
    assert seen == whole


def test_the_same_command_gives_the_same_clip_or_says_so(house: House, gate: Filmed) -> None:
    for exact in (False, True):
        key = uuid4().hex
        first, again = gate.cut(5, 6, key=key, exact=exact), gate.cut(5, 6, key=key, exact=exact)
        assert first.content == again.content
        assert first.headers["Oberih-Clip"] == again.headers["Oberih-Clip"]
    assert problem(gate.cut(5, 7, key=key)) == (422, "command-id-reused")
    denied = uuid4().hex
    assert problem(gate.cut(-5, 1, key=denied)) == problem(gate.cut(-5, 1, key=denied)) == (403, "outside-window")
    ended = gate.authorised(0, SECONDS)
    taken = gate.cut(5, 6, key=(late := uuid4().hex), authority=ended)
    house.done("taras", f"/authorisations/{ended}/revoke", {"reason": "справу закрито"})
    assert taken.status_code == 201
    assert problem(gate.cut(5, 6, key=late, authority=ended)) == (403, "authorisation-revoked")


@pytest.mark.parametrize("is_repeated", [False, True], ids=["first", "again"])
@pytest.mark.parametrize("ending", ["authorisation-revoked", "authorisation-expired"])
def test_what_ends_while_it_is_cut_lets_nothing_out(
    house: House, gate: Filmed, monkeypatch: pytest.MonkeyPatch, ending: str, is_repeated: bool
) -> None:
    authority, key, cut = gate.authorised(0, SECONDS), uuid4().hex, clipping.cut
    if is_repeated:
        assert gate.cut(5, 6, key=key, authority=authority).status_code == 201

    def cut_slowly(*about: Any, **more: Any) -> clipping.Clip:
        if ending == "authorisation-revoked":
            house.done("taras", f"/authorisations/{authority}/revoke", {"reason": "справу закрито"})
        else:
            monkeypatch.setattr(cutting, "now", lambda: now() + timedelta(days=3650))
        return cut(*about, **more)

    monkeypatch.setattr(clipping, "cut", cut_slowly)
    assert problem(gate.cut(5, 6, key=key, authority=authority)) == (403, ending)
    lines = house.ask("oksana", "/clips", authorisation=authority).json()["items"]
    assert [line["refused_code"] for line in lines] == [None if is_repeated else ending]


def test_what_cannot_be_asked_is_told(gate: Filmed) -> None:
    assert problem(gate.cut(5, 4)) == (422, "invalid-value")
    assert problem(gate.cut(0, 3600, exact=True)) == (422, "invalid-value")
    beyond = gate.authorised(0, 3600)
    assert problem(gate.cut(100, 200, authority=beyond)) == (422, "outside-footage")
    past = gate.cut(15, 200, authority=beyond)
    assert drawn(past.content)[-1] == pytest.approx(SECONDS - 0.1), "as far as there is footage"


def test_damaged_gone_and_corrected_footage(house: House, tmp_path: Path) -> None:
    filmed = Filmed(house, "KYIV-703", tmp_path / "film.mp4")
    key = uuid4().hex
    first = filmed.cut(1, 2, key=key)
    assert filmed.manifest(first)["clock_change"] is None
    place = house.services.deployment.original(filmed.sha256)
    place.chmod(0o600)
    place.write_bytes(filmed.content[:-1] + b"?")
    answer = filmed.cut(1, 2)
    assert problem(answer) == (409, "footage-damaged")
    assert house.ask("admin", f"/footage/{filmed.sha256}").json()["damage"] == "altered"
    place.write_bytes(filmed.content)
    assert filmed.cut(1, 2).status_code == 201, "it is whole again"
    clock = {"recorded_at": at(1).isoformat(), "uncertainty_seconds": 0.5, "anchor_source": "operator", "reason": "так"}
    house.done("admin", f"/footage/{filmed.sha256}/clock", clock)
    assert problem(filmed.cut(1, 2, key=key)) == (409, "clip-not-repeated")
    told = filmed.manifest(first)
    assert datetime.fromisoformat(told["from_at"]) == at(1), "as it was said then"
    assert told["clock_change"]["shift_seconds"] == 1
    assert drawn(filmed.cut(2, 3).content)[0] == 1.0, "its first frame is a second later now"
    house.create_account("stepan", house.units["duty"], "administrator")
    house.done("admin", f"/footage/{filmed.sha256}/erasure", {"order": "757/1204/26-К", "reason": "ухвала"})
    house.done("stepan", f"/footage/{filmed.sha256}/erasure/agree")
    assert problem(filmed.cut(2, 3)) == (410, "footage-gone")


def test_more_cuts_than_there_are_cores_for_wait_outside(house: House, gate: Filmed) -> None:
    places = house.services.cutting._places
    for _ in range(CUTS_MAX):
        assert places.acquire(blocking=False)
    try:
        assert problem(gate.cut(1, 2)) == (503, "cuts-under-way")
    finally:
        places.release(CUTS_MAX)
    assert gate.cut(1, 2).status_code == 201


def test_a_disk_that_is_nearly_full_takes_no_clip(house: House, gate: Filmed) -> None:
    place = house.services.deployment
    full = msgspec.structs.replace(place, settings=msgspec.structs.replace(place.settings, reserve_bytes=1 << 60))
    narrow = dataclasses.replace(
        house.services.cutting, deployment=full, receiving=Receiving(full, ThreadPoolExecutor(1))
    )
    with TestClient(create_app(dataclasses.replace(house.services, cutting=narrow))) as http:
        beside = House(house.services, http, house.folder, house.units)
        body = {"authorisation": gate.authority, "from_at": at(1).isoformat(), "to_at": at(2).isoformat()}
        answer = beside.command("olena", f"/footage/{gate.sha256}/clips", body)
    assert problem(answer) == (507, "disk-reserved")


def test_the_file_is_closed_at_its_end_and_when_nobody_listens(tmp_path: Path) -> None:
    (tmp_path / "clip").write_bytes(b"evidence" * BLOCK_BYTES)
    file = (tmp_path / "clip").open("rb", buffering=0)
    sending = Sending(file, blocks_of(file))
    assert len(next(sending)) == BLOCK_BYTES
    sending.close()
    assert file.closed
    assert list(sending) == []
    file = (tmp_path / "clip").open("rb", buffering=0)
    assert sum(map(len, Sending(file, blocks_of(file)))) == 8 * BLOCK_BYTES
    assert file.closed


def test_nothing_is_left_in_the_folder(house: House, gate: Filmed) -> None:
    assert gate.cut(1, 2).status_code == 201
    assert gate.cut(9, 11, authority=gate.authorised(9, 11)).status_code == 422
    assert list(house.services.deployment.incoming.iterdir()) == []
