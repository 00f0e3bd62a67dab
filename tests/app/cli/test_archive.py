"""Archiving: streamed, several files, each refusal told apart."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tests.app.cli.fake_server import FakeServer, Seen

Oberih = Callable[..., Result]
CAMERA = "7a1c0000-0000-4000-8000-000000000014"
AT = ("--recorded-at", "2026-11-23T14:00")


def receipt(digest: str, *, already: bool = False) -> dict[str, object]:
    return {"id": digest, "version": 1, "position": 7, "already": already}


@pytest.fixture(autouse=True)
def cameras(server: FakeServer) -> None:
    for name in ("KYIV-014", "gate"):
        known = {"camera": CAMERA, "name": name, "installed_at": "2024-09-01T00:00:00Z"}
        server.answers(f"GET /cameras/{name}", {"camera": known, "outages": []})


def sent(server: FakeServer) -> list[Seen]:
    return [seen for seen in server.seen if seen.method == "POST"]


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "gate_20261123-140507.mp4"
    path.write_bytes(bytes(range(256)) * 9000)  # more than two chunks
    return path


def test_a_file_is_sent_byte_for_byte_with_its_facts(server: FakeServer, oberih: Oberih, clip: Path) -> None:
    server.answers("POST /footage", receipt("ab12"), 201)
    result = oberih("archive", str(clip), "--camera", "KYIV-014", *AT, "--uncertainty", "2.5")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == f"{clip} archived: ab12\n"
    (seen,) = sent(server)
    assert seen.body == clip.read_bytes()
    assert seen.headers["content-type"] == "application/octet-stream"
    assert seen.query == {
        "camera": "KYIV-014",
        "recorded_at": "2026-11-23T12:00:00Z",
        "uncertainty_seconds": "2.5",
        "anchor_source": "operator",
        "name": clip.name,
    }


def test_a_lost_upload_is_sent_whole_again_with_its_key(server: FakeServer, oberih: Oberih, clip: Path) -> None:
    server.answers("POST /footage", receipt("ab12"), 201)
    server.hang_ups, server.hangs_up_on = 1, ("POST",)
    assert oberih("archive", str(clip), "--camera", "KYIV-014", *AT).exit_code == 0
    first, second = sent(server)
    assert second.body == first.body == clip.read_bytes()
    assert second.headers["idempotency-key"] == first.headers["idempotency-key"]


def test_a_refused_file_is_named_and_the_others_go_on(
    server: FakeServer, oberih: Oberih, clip: Path, tmp_path: Path
) -> None:
    (tmp_path / "odd.mp4").write_bytes(b"odd")
    server.refuses("POST /footage", 422, "footage-unusable", "the file is no video; export it again")
    server.answers("POST /footage", receipt("ab12", already=True))
    words = [str(tmp_path / "odd.mp4"), str(tmp_path / "absent.mp4"), str(tmp_path), str(clip)]
    result = oberih("archive", *words, "--camera", "KYIV-014", *(AT * len(words)))
    assert result.exit_code == 1
    assert result.stdout == f"{clip} was archived already: ab12\n"
    lines = [line for line in result.stderr.splitlines() if line.startswith("oberih: ")]
    assert lines[0] == f"oberih: {tmp_path / 'odd.mp4'}: the file is no video; export it again"
    absent = tmp_path / "absent.mp4"
    assert lines[1] == f"oberih: {absent}: No such file or directory; name a file that can be used so"
    assert "Is a directory" in lines[2]
    assert len(lines) == 3
    assert "1 archived already; 3 refused" in result.stderr
    assert len({seen.headers["idempotency-key"] for seen in sent(server)}) == 2


def test_json_is_one_document_of_both_kinds(server: FakeServer, oberih: Oberih, clip: Path) -> None:
    server.refuses("POST /footage", 422, "footage-overlaps", "overlaps", camera="KYIV-014")
    server.answers("POST /footage", receipt("ab12"), 201)
    result = oberih("archive", str(clip), str(clip), "--camera", "KYIV-014", *AT, *AT, "--json")
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert [each["id"] for each in answer["archived"]] == ["ab12"]
    assert [each["type"] for each in answer["refused"]] == ["/problems/footage-overlaps"]
    assert answer["refused"][0]["file"] == str(clip)


def test_times_from_names_and_names_without(server: FakeServer, oberih: Oberih, clip: Path, tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"x")
    server.answers("POST /footage", receipt("ab12"), 201)
    result = oberih("archive", str(tmp_path / "clip.mp4"), str(clip), "--camera", "KYIV-014", "--from-names")
    assert result.exit_code == 1
    assert "its name carries no time" in result.stderr
    (seen,) = sent(server)
    assert seen.query["recorded_at"] == "2026-11-23T12:05:07Z"
    assert seen.query["anchor_source"] == "filename"


def test_several_videos_take_a_time_each(server: FakeServer, oberih: Oberih, clip: Path) -> None:
    server.answers("POST /footage", receipt("ab12"), 201)
    words = ("archive", str(clip), str(clip), "--camera", "KYIV-014", *AT, "--recorded-at", "2026-11-23T15:00+02:00")
    assert oberih(*words).exit_code == 0
    assert [seen.query["recorded_at"] for seen in sent(server)] == ["2026-11-23T12:00:00Z", "2026-11-23T13:00:00Z"]


@pytest.mark.parametrize(
    "words",
    [
        (),
        (*AT, "--from-names"),
        ("--recorded-at", "yesterday"),
        ("--recorded-at", "2026-10-25T03:30"),  # Kyiv's clocks showed it twice
        (*AT, *AT),
    ],
)
def test_a_time_that_is_none_is_wrong_usage(
    server: FakeServer, oberih: Oberih, clip: Path, words: tuple[str, ...]
) -> None:
    result = oberih("archive", str(clip), "--camera", "KYIV-014", *words)
    assert result.exit_code == 2
    assert not server.seen


def test_a_large_file_is_never_whole_in_memory(server: FakeServer, oberih: Oberih, tmp_path: Path) -> None:
    size_bytes = 48 << 20
    with (tmp_path / "large.mp4").open("wb") as file:
        file.truncate(size_bytes)
    server.answers("POST /footage", receipt("ab12"), 201)
    tracemalloc.start()
    try:
        result = oberih("archive", str(tmp_path / "large.mp4"), "--camera", "KYIV-014", *AT)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert result.exit_code == 0
    assert sent(server)[0].body_bytes == size_bytes
    assert peak_bytes < size_bytes / 2


def test_one_time_is_never_given_to_two_videos(oberih: Oberih, clip: Path) -> None:
    """The second would be on record with the first one's time, where the first was refused."""
    result = oberih("archive", str(clip), str(clip), "--camera", "KYIV-014", *AT)
    assert result.exit_code == 2
