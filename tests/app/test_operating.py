"""A folder of a recorder archived by `oberih`, cut off, repeated, and watched until all of it is indexed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.at_work import open_work
from app.cli import app
from tests.app.conftest import film
from tests.app.serve_colours import Served
from tests.fakes_gpu import ColourHistograms

Oberih = Callable[..., Result]
NAMES = ("--names", "{date}/{hour}/{camera}/{minute}.{second}.mp4", "--clock", "utc")


@pytest.fixture
def oberih(served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Oberih:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("OBERIH_SERVER", str(served.http.base_url))
    monkeypatch.setenv("OBERIH_TOKEN", str(served.http.headers["Authorization"]).removeprefix("Bearer "))
    return lambda *words: CliRunner().invoke(app, [*words], catch_exceptions=False)


@pytest.fixture
def recorder(tmp_path: Path, oberih: Oberih) -> Path:
    """Two minutes of one camera as Frigate keeps them, one of a camera that nobody registered, and odds and ends."""
    where = "--region UA-30 --community Podil --owner city --place gate --place-kind school-gate"
    registered = oberih("camera", "register", "KYIV-001", *where.split(), "--installed-at", "2025-01-01T00:00")
    assert registered.exit_code == 0, registered.stderr
    folder = tmp_path / "recordings"
    for place, colour in (("gate/00.00", (220, 30, 30)), ("gate/01.00", (30, 220, 30)), ("yard/00.00", (9, 9, 9))):
        file = folder / "2026-03-02" / "08" / f"{place}.mp4"
        file.parent.mkdir(parents=True, exist_ok=True)
        film(file, colour=colour)
    (folder / "2026-03-02" / "08" / "gate" / "02.00.mp4").write_bytes(b"cut off")
    (folder / "2026-03-02" / "08" / "gate" / "odd name.mp4").write_bytes(b"odd")
    (folder / "preview.jpg").write_bytes(b"jpg")
    return folder


def test_a_recorder_s_folder(served: Served, oberih: Oberih, recorder: Path) -> None:
    words = ("archive", str(recorder), *NAMES, "--called", "gate=kyiv-001")
    dry = oberih(*words, "--dry-run", "--json")
    assert dry.exit_code == 1
    told = json.loads(dry.stdout)
    assert [(each["camera"], each["recorded_at"]) for each in told["would_send"]] == [
        ("KYIV-001", f"2026-03-02T08:0{minute}:00Z") for minute in range(3)
    ]
    assert [Path(each["file"]).name for each in told["refused"]] == ["odd name.mp4", "00.00.mp4"]
    assert "no camera is registered as yard" in dry.stderr
    assert told["passed_over"] == {".jpg": 1}
    assert served.http.get("/footage").json()["items"] == []

    first = json.loads(oberih(*words, "--json").stdout)
    assert [each["already"] for each in first["archived"]] == [False, False]
    assert len(first["refused"]) == 3
    again = oberih(*words)
    assert again.exit_code == 1
    assert again.stdout.count("was archived already") == 2
    assert "2 archived already; 3 refused; 1 passed over as no videos (.jpg)" in again.stderr

    moved = oberih("archive", str(recorder / "2026-03-02"), *NAMES[:2], "--called", "gate=KYIV-001")
    assert "these bytes are on the shelf as KYIV-001 of 2026-03-02 10:00:00.0 EET" in moved.stderr

    backlog = oberih("footage", "backlog").stdout
    assert "0:00:48" in backlog
    assert "done: unknown" in backlog
    served.caught_up()
    with open_work(served.folder, encoder=ColourHistograms()) as (worker, _):
        while worker.work_once():
            served.caught_up()
    watched = oberih("footage", "watch")
    assert watched.exit_code == 0, watched.stderr
    assert watched.stderr.endswith("nothing waits\n")
    assert oberih("footage", "backlog").stdout.endswith("nothing waits for indexing\n")
