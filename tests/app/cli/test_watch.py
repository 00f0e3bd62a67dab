"""Watching indexing: read to its end, taken up again where it broke off."""

from __future__ import annotations

import json
from collections.abc import Callable

from typer.testing import Result

from tests.app.cli.fake_server import FakeServer

Oberih = Callable[..., Result]
ROUTE = "GET /footage/progress"
AMOUNT = {"footages": 0, "seconds": 0.0}
LEFT = dict.fromkeys(("waiting", "claimed", "failed", "given_up", "rejected"), AMOUNT)
BACKLOG = {**LEFT, "left_seconds": 0.0, "rate": None, "rate_minutes": 10, "ends_at": None, "under_way": []}
AT = "2026-11-23T12:00:00Z"


def event(kind: str, position: int, about: object) -> bytes:
    return f"id: {position}\r\nevent: {kind}\r\ndata: {json.dumps(about)}\r\n\r\n".encode()


def became(sha256: str, state: str, **more: object) -> dict[str, object]:
    return {"sha256": sha256, "camera_name": "KYIV-014", "state": state, "at": AT, "rows": 7, **more}


def test_it_goes_on_after_what_was_heard_last_and_ends(server: FakeServer, oberih: Oberih) -> None:
    comment = b": indexing\r\nretry: 3000\r\n\r\n"
    begun = {"sha256": "ab12", "done_seconds": 60.0, "total_seconds": 90.0, "rate": 7.4, "lapsed": False}
    first = comment + event("progress", 6, begun) + event("became", 7, became("ab12", "indexed"))
    server.sends(ROUTE, first, "text/event-stream")
    server.sends(ROUTE, event("became", 9, became("cd34", "indexed")) + event("end", 9, BACKLOG), "text/event-stream")
    result = oberih("footage", "watch")
    assert result.exit_code == 0, result.stderr
    assert [line.split()[3] for line in result.stdout.splitlines()] == ["ab12", "cd34"]
    assert result.stdout.startswith("2026-11-23 14:00:00.0 EET ab12 of KYIV-014: indexed, 7 rows\n")
    assert result.stderr.endswith("2 indexed; nothing waits\n")
    assert [seen.headers.get("last-event-id") for seen in server.seen] == [None, "7"]


def test_what_went_wrong_is_told_and_ends_in_status_1(server: FakeServer, oberih: Oberih) -> None:
    why = {"reason_code": "no-video", "detail": "there is none"}
    failed = became("cd34", "failed", reason_code="fault", detail="busy", retry_at="2026-11-23T12:01:00Z")
    body = event("became", 7, became("ab12", "rejected", **why)) + event("became", 8, failed) + event("end", 8, BACKLOG)
    server.sends(ROUTE, body, "text/event-stream")
    result = oberih("footage", "watch")
    assert result.exit_code == 1
    assert "ab12 of KYIV-014: rejected: no-video: there is none" in result.stdout
    assert "failed: fault: busy; tried again at 2026-11-23 14:01:00.0 EET" in result.stdout
    told = json.loads(oberih("footage", "watch", "--json").stdout)
    assert [each["state"] for each in told["became"]] == ["rejected", "failed"]
    assert told["backlog"] == BACKLOG


def test_who_may_hear_no_more_is_told_why(server: FakeServer, oberih: Oberih) -> None:
    refused = {"status": 403, "detail": "This account is suspended; ask an administrator."}
    server.sends(ROUTE, event("refused", 7, refused), "text/event-stream")
    result = oberih("footage", "watch")
    assert (result.exit_code, result.stderr) == (1, "oberih: This account is suspended; ask an administrator.\n")
    server.replies.clear()
    server.refuses(ROUTE, 429, "too-many-listeners", "this account has 4 streams of progress open already")
    assert "4 streams" in oberih("footage", "watch").stderr


def test_the_backlog_in_kyiv_time(server: FakeServer, oberih: Oberih) -> None:
    begun = {"sha256": "ab12", "camera": "x", "camera_name": "KYIV-014", "state": "claimed", "worker": "host:7"}
    begun |= {"lapsed": False, "done_seconds": 60.0, "total_seconds": 5400.0, "rows": 3, "rate": 7.4, "ends_at": AT}
    found = {**BACKLOG, "claimed": {"footages": 1, "seconds": 5400.0}, "left_seconds": 5340.0, "rate": 14.8}
    server.answers("GET /footage/backlog", {**found, "ends_at": AT, "under_way": [begun]})
    shown = oberih("footage", "backlog").stdout
    for told in ("1:30:00", "KYIV-014", "host:7", "0:01:00 of 1:30:00", "7.4 × real time"):
        assert told in shown
    end = "1 to index, 1:29:00 left; rate of the last 10 minutes: 14.8 × real time; done: 2026-11-23 14:00:00.0 EET\n"
    assert shown.endswith(end)
