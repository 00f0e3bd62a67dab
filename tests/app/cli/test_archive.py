"""Archiving: streamed, several files, each refusal told apart."""

from __future__ import annotations

import hashlib
import json
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from app.client import session
from app.client.session import Session
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


def test_a_name_in_another_encoding_is_refused_and_the_others_go_on(
    server: FakeServer, oberih: Oberih, clip: Path
) -> None:
    for name in (b"\xcf_20261123-140507.mp4", b"notes.\xcf"):
        (clip.parent / os.fsdecode(name)).write_bytes(b"x")
    server.answers("POST /footage", receipt("ab12"), 201)
    result = oberih("archive", str(clip.parent), "--camera", "KYIV-014", "--from-names", "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, [each["file"] for each in told["archived"]]) == (1, [str(clip)])
    (refused,) = told["refused"]
    assert refused["file"] == f"{clip.parent}/?_20261123-140507.mp4"
    assert refused["detail"] == "its name is not text in UTF-8; rename it"
    assert told["passed_over"] == {".?": 1}


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


class TestNames:
    """Of folders and patterns: what is sent, and as what."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        for name in ("gate/2026-11-23/140507.mp4", "gate/2026-11-23/150507.MP4", "yard/2026-11-23/140507.mkv"):
            file = tmp_path / "days" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(name.encode())
        (tmp_path / "days" / "gate" / "._140507.mp4").write_bytes(b"of another computer")
        (tmp_path / "days" / "gate" / "notes.txt").write_bytes(b"notes")
        (tmp_path / "days" / "gate" / "again").symlink_to(tmp_path / "days")
        return tmp_path / "days"

    names = ("--names", "{camera}/{date}/{time}.*")

    def test_a_folder_is_gone_through(self, server: FakeServer, oberih: Oberih, folder: Path) -> None:
        server.answers("POST /footage", receipt("ab12"), 201)
        result = oberih("archive", str(folder), str(folder / "gate"), *self.names)
        assert result.exit_code == 1
        assert [(seen.query["camera"], seen.query["recorded_at"]) for seen in sent(server)] == [
            ("gate", "2026-11-23T12:05:07Z"),
            ("gate", "2026-11-23T13:05:07Z"),
        ]
        assert {seen.query["anchor_source"] for seen in sent(server)} == {"filename"}
        assert "no camera is registered as yard; register it, or say which it is: --called yard=CAMERA" in result.stderr
        assert "2 archived (0.00 GB sent); 1 refused; 2 passed over as no videos (.txt)" in result.stderr

    def test_what_names_call_otherwise(self, server: FakeServer, oberih: Oberih, folder: Path) -> None:
        server.answers("POST /footage", receipt("ab12"), 201)
        words = ("archive", str(folder), *self.names, "--called", "Yard=KYIV-014", "--any-ending", "--json")
        told = json.loads(oberih(*words).stdout)
        assert [seen.query["camera"] for seen in sent(server)] == ["gate", "gate", "KYIV-014"]
        assert [Path(each["file"]).name for each in told["refused"]] == ["notes.txt"]
        assert told["passed_over"] == {}

    def test_a_pattern_that_the_shell_left_and_a_name_that_looks_like_one(
        self, server: FakeServer, oberih: Oberih, folder: Path
    ) -> None:
        server.answers("POST /footage", receipt("ab12"), 201)
        odd = folder / "gate" / "2026-11-23" / "160507[M].mp4"
        odd.write_bytes(b"odd")
        assert (
            oberih("archive", str(folder / "**" / "1505*"), str(odd), "--names", "{camera}/{date}/{time}*").exit_code
            == 0
        )
        assert [seen.query["name"] for seen in sent(server)] == ["150507.MP4", "160507[M].mp4"]
        result = oberih("archive", str(folder / "*.dav"), *self.names)
        assert (result.exit_code, "no file is called so" in result.stderr) == (1, True)

    def test_run_dry_nothing_is_sent(self, server: FakeServer, oberih: Oberih, folder: Path) -> None:
        (folder / "gate" / "2026-11-23" / "170507.mp4").touch()
        early = folder / "gate" / "2020-11-23" / "140507.mp4"
        early.parent.mkdir()
        early.write_bytes(b"early")
        result = oberih("archive", str(folder / "gate"), *self.names, "--dry-run", "--clock", "utc")
        assert result.exit_code == 1
        assert sent(server) == []
        assert "2026-11-23 16:05:07.0 EET" in result.stdout
        assert "before gate stood there (2024-09-01 03:00:00.0 EEST)" in result.stderr
        assert "170507.mp4: the file is empty" in result.stderr
        assert "2 would be sent, nothing was; 2 refused" in result.stderr

    @pytest.mark.parametrize(
        "words",
        [
            ("--names", "{camera}/{when}"),
            ("--names", "{date}_{time}"),  # of which camera?
            ("--names", "{camera}/{date}/{time}.*", "--camera", "KYIV-014"),
            ("--names", "{camera}/{date}/{hour}.{minute}"),  # to the second?
            ("--names", "{camera}/{date}/{time}", "--clock", "Kiev"),
            ("--names", "{camera}/{date}/{time}", "--called", "gate"),
            ("--names", "{camera}/{date}/{time}", "--from-names"),
        ],
    )
    def test_options_that_cannot_be_meant(
        self, server: FakeServer, oberih: Oberih, folder: Path, words: tuple[str, ...]
    ) -> None:
        assert oberih("archive", str(folder), *words).exit_code == 2
        assert not server.seen


class TestRepeated:
    """The server tells what it has; what it has is not sent."""

    def on_the_shelf(self, server: FakeServer, clip: Path, **more: object) -> None:
        known = {"camera": CAMERA, "camera_name": "KYIV-014", "from_at": "2026-11-23T12:00:00Z", "state": "indexed"}
        known |= {"archived_as": more.get("from_at", known["from_at"])}
        sha256 = hashlib.sha256(clip.read_bytes()).hexdigest()
        server.answers(f"GET /footage/{sha256}", {**known, **more})

    def test_what_is_there_is_told_and_not_sent(self, server: FakeServer, oberih: Oberih, clip: Path) -> None:
        self.on_the_shelf(server, clip)
        result = oberih("archive", str(clip), "--camera", "KYIV-014", *AT)
        assert result.exit_code == 0
        assert "was archived already" in result.stdout
        assert sent(server) == []

    def test_what_got_another_time_since_is_there_nevertheless(
        self, server: FakeServer, oberih: Oberih, clip: Path
    ) -> None:
        self.on_the_shelf(server, clip, from_at="2026-11-23T12:03:30Z", archived_as="2026-11-23T12:00:00Z")
        result = oberih("archive", str(clip), "--camera", "KYIV-014", *AT)
        assert result.exit_code == 0, result.stderr
        assert "was archived already" in result.stdout
        assert sent(server) == []

    @pytest.mark.parametrize(
        ("more", "says"),
        [
            ({"from_at": "2026-11-23T12:00:30Z"}, "on the shelf as KYIV-014 of 2026-11-23 14:00:30.0 EET"),
            ({"camera": "7a1c0000-0000-4000-8000-000000000001", "camera_name": "KYIV-1"}, "on the shelf as KYIV-1"),
            ({"state": "gone"}, "not taken again"),
        ],
    )
    def test_what_is_there_as_something_else_is_refused(
        self, server: FakeServer, oberih: Oberih, clip: Path, more: dict[str, object], says: str
    ) -> None:
        self.on_the_shelf(server, clip, **more)
        result = oberih("archive", str(clip), "--camera", "KYIV-014", *AT)
        assert (result.exit_code, says in result.stderr) == (1, True)
        assert sent(server) == []

    def test_a_file_keeps_its_key_whatever_lies_beside_it(
        self, server: FakeServer, oberih: Oberih, clip: Path, tmp_path: Path
    ) -> None:
        server.answers("POST /footage", receipt("ab12"), 201)
        words = ("--camera", "KYIV-014", "--from-names")
        oberih("archive", str(clip), *words)
        other = tmp_path / "gate_20261123-130507.mp4"
        other.write_bytes(b"other")
        oberih("archive", str(tmp_path), *words)
        oberih("archive", str(clip), *words, "--clock", "utc")
        first, *second, third = [seen.headers["idempotency-key"] for seen in sent(server)]
        assert first in second
        assert len({first, *second, third}) == 3

    def test_once_the_server_is_gone_the_rest_is_not_tried(
        self, server: FakeServer, oberih: Oberih, clip: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "gate_20261123-150507.mp4").write_bytes(b"next")
        server.refuses("POST /footage", 507, "disk-reserved", "the disk is kept free; make room")
        result = oberih("archive", str(tmp_path), "--camera", "KYIV-014", "--from-names", "--json")
        told = json.loads(result.stdout)
        assert (result.exit_code, len(told["refused"]), len(told["not_tried"])) == (1, 1, 1)
        assert "1 not tried: run the same command again" in result.stderr

    def test_a_login_that_ends_on_the_way_is_made_anew(
        self, server: FakeServer, oberih: Oberih, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("OBERIH_TOKEN")
        session.keep(Session(server.url, "ended", "olena"))
        (tmp_path / "password").write_text("correct horse\n")
        server.refuses("POST /footage", 401, "unauthorized", "the token has ended")
        server.answers("POST /footage", receipt("ab12"), 201)
        server.answers("POST /login", {"token": "new"})
        words = ("archive", str(clip), "--camera", "KYIV-014", *AT)
        assert oberih(*words, "--password-file", str(tmp_path / "password")).exit_code == 0
        assert sent(server)[-1].headers["authorization"] == "Bearer new"
        assert sent(server)[-1].body == clip.read_bytes()
