"""`oberih camera import` follows an import to its end, and writes every refused row."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from app.cli import camera_network
from tests.app.cli.fake_server import FakeServer

KEY = "7a1c0000-0000-4000-8000-000000000001"
PATH = f"/cameras/imports/{KEY}"
BEGUN = {
    "camera_import": KEY,
    "state": "judging",
    "rows": 0,
    "registered": 0,
    "already": 0,
    "refused": 0,
    "ended_at": None,
    "fault": None,
}
ENDED = {**BEGUN, "state": "refused", "rows": 9, "registered": 8, "refused": 1, "ended_at": "2026-11-23T08:00:00Z"}
ROW = {"line": 4, "name": " =1", "field": "name", "fault": "is not such a code", "mend": "use capital letters"}

Oberih = Callable[..., Result]


@pytest.fixture
def register(server: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(camera_network, "ASKED_EVERY_SECONDS", 0)
    server.answers("POST /cameras/imports", BEGUN, 202)
    server.answers(f"GET {PATH}/refused", {"items": [ROW], "next": None})
    file = tmp_path / "register.csv"
    file.write_text("name,region\n")
    return file


def test_a_refused_register_is_told_row_by_row(oberih: Oberih, server: FakeServer, register: Path) -> None:
    server.answers(f"GET {PATH}", {**BEGUN, "rows": 250})
    server.answers(f"GET {PATH}", {**ENDED, "fault": "1 of 9 rows are refused"})
    report = register.with_name("refused.csv")
    said = oberih("camera", "import", str(register), "--dry-run", "--report", str(report))
    assert said.exit_code == 1
    assert "refused: 9 rows, 8 new, 0 on record already, 1 refused" in said.output
    assert "judging: 250 rows" in said.output
    sent = next(each for each in server.seen if each.method == "POST")
    assert (sent.query, sent.body) == ({"dry_run": "true", "accept_refused": "false"}, b"name,region\n")
    assert report.read_text(encoding="utf-8-sig").splitlines() == [
        "line,name,field,fault,mend",
        "4,' =1,name,is not such a code,use capital letters",
    ]


def test_a_recorded_register_ends_well(oberih: Oberih, server: FakeServer, register: Path) -> None:
    server.answers(f"GET {PATH}", {**ENDED, "state": "recorded", "refused": 0, "rows": 8})
    said = oberih("camera", "import", str(register), "--accept-refused", "--json")
    assert said.exit_code == 0
    told: dict[str, Any] = json.loads(said.stdout)
    assert (told["state"], told["refused_rows"]) == ("recorded", [])
    assert server.seen[0].query["accept_refused"] == "true"


def test_what_was_recorded_is_told_also_where_the_report_cannot_be_written(
    oberih: Oberih, server: FakeServer, register: Path
) -> None:
    server.answers(f"GET {PATH}", {**ENDED, "state": "recorded"})
    words = ("camera", "import", str(register), "--accept-refused", "--json", "--report")
    said = oberih(*words, str(register.parent))
    told = json.loads(said.stdout)
    assert (said.exit_code, told["state"], told["refused_rows"]) == (1, "recorded", [ROW])
    assert f"{register.parent} could not be written" in said.stderr
    server.seen.clear()
    assert oberih(*words, str(register.with_name("nowhere") / "refused.csv")).exit_code == 2
    assert server.seen == []


def test_the_nearest_and_the_uptime_are_asked_for(oberih: Oberih, server: FakeServer) -> None:
    near = {"metres": 12.4, "name": "KYIV-1", "community": "c", "place": "p", "analytics": True, "state": "out"}
    server.answers("GET /cameras/nearest", {"items": [near]})
    server.answers("GET /network/uptime", {"regions": []})
    assert "KYIV-1" in oberih("camera", "nearest", "50.45", "30.52", "--limit", "3").output
    assert server.seen[0].query == {"latitude": "50.45", "longitude": "30.52", "limit": "3"}
    oberih("camera", "uptime", "--from", "2026-11-23T08:00")
    assert server.seen[1].query == {"from_at": "2026-11-23T06:00:00Z"}


def test_analytics_are_declared(oberih: Oberih, server: FakeServer) -> None:
    server.answers("POST /cameras/KYIV-1/analytics", {"id": KEY, "version": 2, "position": 9})
    said = oberih("camera", "analytics", "KYIV-1", "--has-not", "--from", "2026-11-23T08:00")
    assert "analytics of KYIV-1 declared" in said.output
    assert server.seen[0].json == {"analytics": False, "from_at": "2026-11-23T06:00:00Z"}
