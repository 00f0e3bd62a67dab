"""Clips from the command line: written whole with their manifest or not at all, if they are what is on record."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from app.cli.clips import _reserved
from tests.app.cli.fake_server import FakeServer

Oberih = Callable[..., Result]
SHA256 = "ab" * 32
CLIP = "0b7d4b62-55c1-4a4b-8f4e-7f0a3f7a9a10"
ID = "7c1f6f0e-2b1a-4c53-9a51-3f0a8e2d4b60"
CONTENT = b"a clip of many pictures" * 100_000
WORDS = ("--from", "2026-11-23T14:05", "--to", "2026-11-23T14:06:30", "--authorisation", ID)


def manifest(content: bytes = CONTENT) -> dict[str, Any]:
    return {
        "id": CLIP,
        "sha256": hashlib.sha256(content).hexdigest(),
        "container": "mp4",
        "mode": "lossless",
        "mode_means": "begins with a keyframe",
        "uncertainty_seconds": 1.5,
        "from_shown": "2026-11-23 14:04:58.0 EET",
        "to_shown": "2026-11-23 14:06:32.0 EET",
        "left_out": [{"from_at": "2026-11-23T12:05:00Z", "to_at": "2026-11-23T12:05:04Z"}],
        "faces": "not masked",
        "sound": "none",
    }


def sends(server: FakeServer, content: bytes = CONTENT) -> None:
    digest = base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()
    named = {"Oberih_Clip": CLIP, "Repr_Digest": f"sha-256=:{digest}:"}
    server.sends(f"POST /footage/{SHA256}/clips", content, "video/mp4", 201, **named)
    server.answers(f"GET /clips/{CLIP}", manifest())


def test_a_clip_is_written_with_its_manifest(server: FakeServer, oberih: Oberih, tmp_path: Path) -> None:
    sends(server)
    out = tmp_path / "gate.mp4"
    result = oberih("footage", "cut", SHA256, *WORDS, "--exact", "-o", str(out))
    assert result.exit_code == 0, result.stderr
    assert server.seen[0].json == {
        "authorisation": ID,
        "from_at": "2026-11-23T12:05:00Z",
        "to_at": "2026-11-23T12:06:30Z",
        "exact": True,
    }
    assert out.read_bytes() == CONTENT
    assert json.loads((tmp_path / "gate.mp4.json").read_text()) == manifest()
    for words in ("2026-11-23 14:04:58.0 EET", "left out", "not masked", "verified"):
        assert words in result.stdout
    assert sorted(path.name for path in tmp_path.glob("gate*")) == ["gate.mp4", "gate.mp4.json"]


def test_what_is_not_on_record_is_not_kept(server: FakeServer, oberih: Oberih, tmp_path: Path) -> None:
    sends(server, CONTENT[:-1] + b"?")
    result = oberih("footage", "cut", SHA256, *WORDS, "-o", str(tmp_path / "gate.mp4"))
    assert result.exit_code == 1
    assert "damaged on its way" in result.stderr
    assert list(tmp_path.glob("gate*")) == []


def test_a_refusal_leaves_nothing(server: FakeServer, oberih: Oberih, tmp_path: Path) -> None:
    detail = "the authorisation covers 08:00 to 09:00; search within it"
    server.refuses(f"POST /footage/{SHA256}/clips", 403, "outside-window", detail)
    result = oberih("footage", "cut", SHA256, *WORDS, "-o", str(tmp_path / "gate.mp4"))
    assert result.exit_code == 1
    assert result.stderr == f"oberih: {detail}\n"
    assert list(tmp_path.glob("gate*")) == []


def test_a_lost_connection_is_tried_again_with_the_same_key(server: FakeServer, oberih: Oberih, tmp_path: Path) -> None:
    sends(server)
    server.hang_ups = 1
    result = oberih("footage", "cut", SHA256, *WORDS, "-o", str(tmp_path / "gate.mp4"), "--json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["manifest"] == str(tmp_path / "gate.mp4.json")
    first, again = (seen.headers["idempotency-key"] for seen in server.seen[:2])
    assert first == again


@pytest.mark.parametrize("there", ["gate.mp4", "gate.mp4.json"])
def test_evidence_is_never_written_over(server: FakeServer, oberih: Oberih, tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("evidence")
    result = oberih("footage", "cut", SHA256, *WORDS, "-o", str(tmp_path / "gate.mp4"))
    assert result.exit_code == 2
    assert (tmp_path / there).read_text() == "evidence"
    assert server.seen == []


def test_of_two_cuts_into_one_file_the_second_is_refused(server: FakeServer, oberih: Oberih, tmp_path: Path) -> None:
    sends(server)
    out = tmp_path / "gate.mp4"
    with _reserved(out, tmp_path / "gate.mp4.json"):
        result = oberih("footage", "cut", SHA256, *WORDS, "-o", str(out))
        assert result.exit_code == 2
        assert "already" in result.stderr
    with pytest.raises(FileExistsError), _reserved(out):
        pytest.fail("it was taken twice")


@pytest.mark.parametrize("name", [".", ""])
def test_a_clip_needs_a_name(server: FakeServer, oberih: Oberih, name: str) -> None:
    result = oberih("footage", "cut", SHA256, *WORDS, "-o", name)
    assert result.exit_code == 2
    assert "name a file for the clip" in result.stderr
    assert server.seen == []


def test_where_a_cut_fails_nothing_is_left(server: FakeServer, oberih: Oberih, tmp_path: Path) -> None:
    result = oberih("footage", "cut", SHA256, *WORDS, "-o", str(tmp_path / "gate.mp4"))
    assert result.exit_code == 1
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_does_not_fit_the_file_is_told(server: FakeServer, oberih: Oberih, tmp_path: Path) -> None:
    sends(server)
    result = oberih("footage", "cut", SHA256, *WORDS, "-o", str(tmp_path / "gate.mkv"))
    assert result.exit_code == 0
    assert "is a mp4 file" in result.stderr


def test_the_ledger_and_a_manifest_are_shown(server: FakeServer, oberih: Oberih) -> None:
    line = {"clip": CLIP, "at": "2026-11-23T12:05:00Z", "by": ID, "by_username": "olena", "camera": ID}
    line |= {"camera_name": "KYIV-014", "footage_sha256": SHA256, "asked_from": None, "asked_to": None}
    line |= {"mode": "exact", "authorisation": ID, "refused_code": "outside-window"}
    server.answers("GET /clips", {"items": [line], "next": None})
    result = oberih("clips", "list", "--refused", "--footage", SHA256, "--json")
    assert result.exit_code == 0, result.stderr
    assert server.seen[-1].query["refused"] == "true"
    assert server.seen[-1].query["footage"] == SHA256
    assert oberih("clips", "list").exit_code == 0
    server.answers(f"GET /clips/{CLIP}", manifest())
    assert "not masked" in oberih("clips", "show", CLIP).stdout
