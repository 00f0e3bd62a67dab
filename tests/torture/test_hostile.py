"""A few hostile files through the API of a real server, and that the campaign notices what it is there to notice."""

from __future__ import annotations

from pathlib import Path
from random import Random

import httpx
import pytest

from tests.ports import nobody_listens
from tests.torture import hostile_media
from tests.torture.hostile_files import base_videos, mutant, odd_videos
from tests.torture.hostile_media import Heart, Sender, Told, wait_until_indexed


def test_hostile_media_are_indexed_or_refused_with_a_reason(tmp_path: Path) -> None:
    told = hostile_media.run(videos=4, images=15, seed=7, scratch=tmp_path)
    assert told.is_clean, told
    assert told.videos >= 34
    assert told.images == 15
    assert told.footage["indexed"] > 0
    assert told.uploads.keys() >= {"taken", "NotAVideo", "Unreadable", "NoVideoStream", "EmptyFile"}
    assert told.alive_asked > 5


def test_mutants_differ_and_are_the_same_for_the_same_seed(tmp_path: Path) -> None:
    bases = [b"".join(bytes([n]) * 300 for n in range(9))]
    made = [[mutant(bases, chance) for _ in range(50)] for chance in (Random(3), Random(3))]
    assert made[0] == made[1]
    assert len(set(made[0])) == 50


def test_there_are_thirty_odd_videos_and_bases_of_every_container(tmp_path: Path) -> None:
    names = [name for name, _ in odd_videos(tmp_path)]
    assert len(set(names)) == len(names) >= 30
    heads = {content[:4] for content in base_videos(tmp_path, tmp_path / "none")}
    assert {b"RIFF", b"\x1a\x45\xdf\xa3", b"GIF8", b"G@\x11\x10"} <= heads


class TestPlanted:
    """Faults of a server, each of which must be found."""

    def answered(self, status: int, body: dict[str, object], kind: str = "application/problem+json") -> Told:
        told = Told()
        transport = httpx.MockTransport(
            lambda _: httpx.Response(status, json=body, headers={"content-type": kind}),
        )
        with httpx.Client(base_url="http://server", transport=transport) as client:
            Sender(client, "token", told).send_video(0, "any", b"bytes")
        return told

    def test_a_refusal_with_its_reason_is_none(self) -> None:
        told = self.answered(422, {"type": "/problems/footage-unusable", "detail": "file: empty", "fault": "EmptyFile"})
        assert told.is_clean
        assert told.uploads["EmptyFile"] == 1

    @pytest.mark.parametrize(
        ("status", "body", "kind"),
        [
            (500, {"detail": "oh"}, "application/problem+json"),
            (422, {"title": "no"}, "application/problem+json"),
            (422, {"detail": "no"}, "application/json"),
            (422, {"detail": "the decoding process ended with status 1"}, "application/problem+json"),
        ],
    )
    def test_another_answer_is_one(self, status: int, body: dict[str, object], kind: str) -> None:
        assert not self.answered(status, body, kind).is_clean

    def test_footage_that_ended_without_a_reason_is_one(self) -> None:
        told = Told()
        told.uploads["taken"] = 1
        item = {"sha256": "f" * 64, "reason_code": None, "detail": None}

        def shelf(request: httpx.Request) -> httpx.Response:
            if request.url.path == "/health/ready":
                return httpx.Response(200, json={"lag": 0})
            rejected = request.url.params["footage_state"] == "rejected"
            return httpx.Response(200, json={"items": [item] if rejected else [], "next": None})

        with httpx.Client(base_url="http://server", transport=httpx.MockTransport(shelf)) as client:
            wait_until_indexed(client, "token", told)
        assert "without a reason" in told.faults[0]

    def test_a_server_that_is_gone_is_one(self) -> None:
        told = Told()
        with nobody_listens() as address, Heart(address, told):
            while not told.alive_asked:
                pass
        assert "did not answer" in told.faults[0]
