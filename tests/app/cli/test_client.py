"""How the CLI speaks to a server: keys, lost connections, problems."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from app.client import http as client
from tests.app.cli.fake_server import FakeServer
from tests.ports import nobody_listens

Oberih = Callable[..., Result]
RECEIPT = {"id": "7a1c0000-0000-4000-8000-000000000001", "version": 1, "position": 42, "command_id": "c"}
CREATE = ("unit", "create", "Podil", "--region", "UA-30", "--kind", "patrol")


def test_a_command_carries_token_key_and_exactly_what_was_said(server: FakeServer, oberih: Oberih) -> None:
    server.answers("POST /units", RECEIPT, 201)
    result = oberih("--purpose", "investigation:757/1147/26-к", *CREATE)
    assert result.exit_code == 0
    assert result.stdout == f"unit created: {RECEIPT['id']} (version 1, position 42 of the record)\n"
    (seen,) = server.seen
    assert seen.json == {"name": "Podil", "region": "UA-30", "kind": "patrol"}
    assert seen.headers["authorization"] == "Bearer token-1"
    assert len(seen.headers["idempotency-key"]) == 36
    assert unquote(seen.headers["oberih-purpose"]) == "investigation:757/1147/26-к"
    assert "if-match" not in seen.headers


def test_each_command_has_a_key_of_its_own(server: FakeServer, oberih: Oberih) -> None:
    server.answers("POST /units", RECEIPT, 201)
    oberih(*CREATE)
    oberih(*CREATE)
    assert len({seen.headers["idempotency-key"] for seen in server.seen}) == 2


def test_a_lost_connection_is_tried_again_with_the_same_key(server: FakeServer, oberih: Oberih) -> None:
    server.answers("POST /units", RECEIPT, 201)
    server.hang_ups = 2
    result = oberih(*CREATE)
    assert result.exit_code == 0, result.stderr
    assert len(server.seen) == 3
    assert len({(seen.headers["idempotency-key"], seen.body) for seen in server.seen}) == 1


def test_a_connection_lost_for_good_names_the_key_to_repeat_with(
    server: FakeServer, oberih: Oberih, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "PAUSES_SECONDS", (0.01,))
    server.answers("POST /units", RECEIPT, 201)
    server.hang_ups = 2
    lost = oberih(*CREATE)
    assert lost.exit_code == 1
    assert lost.stdout == ""
    key = server.seen[0].headers["idempotency-key"]
    assert f"--key {key}" in lost.stderr
    assert lost.stderr.count("\n") == 1
    assert oberih("--key", key, *CREATE).exit_code == 0
    assert server.seen[-1].headers["idempotency-key"] == key


def test_no_server_is_one_line_that_says_how_to_start_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "PAUSES_SECONDS", (0.01,))
    with nobody_listens() as address:
        result = CliRunner().invoke(app, ["--server", address, "me"])
    assert result.exit_code == 1
    assert result.stderr == (
        f"oberih: no server answers at {address}; start one with: oberih serve, or name another with --server\n"
    )


def test_a_problem_is_one_line_and_status_1(server: FakeServer, oberih: Oberih) -> None:
    server.refuses("POST /units", 422, "invalid-value", "region: UA-99 is no region;\nuse an ISO code", field="region")
    result = oberih(*CREATE)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == "oberih: --region: UA-99 is no region; use an ISO code\n"


def test_with_json_the_problem_is_the_document(server: FakeServer, oberih: Oberih) -> None:
    server.refuses("POST /units", 412, "version-conflict", "expected version 1, but it is at 2", current_version=2)
    result = oberih(*CREATE, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["type"] == "/problems/version-conflict"
    assert json.loads(result.stdout)["current_version"] == 2
    assert result.stderr == "oberih: expected version 1, but it is at 2\n"


def test_a_problem_cannot_steer_the_terminal(server: FakeServer, oberih: Oberih) -> None:
    server.refuses("GET /me", 422, "invalid-value", "bad \x1b[2J\x9b31m name")
    assert oberih("me").stderr == "oberih: bad [2J31m name\n"


def test_an_ended_login_says_log_in_again(server: FakeServer, oberih: Oberih) -> None:
    server.refuses("GET /me", 401, "unauthorized", "token expired")
    result = oberih("me")
    assert result.exit_code == 1
    assert result.stderr == f"oberih: the login at {server.url} has ended; log in again: oberih login USER\n"


def test_without_a_login_it_says_log_in(server: FakeServer) -> None:
    server.refuses("GET /me", 401, "unauthorized", "no token")
    result = CliRunner().invoke(app, ["--server", server.url, "me"])
    assert result.stderr == f"oberih: nobody is logged in at {server.url}; log in: oberih login USER\n"
    assert "authorization" not in server.seen[0].headers


@pytest.mark.parametrize(
    ("body", "media_type", "status", "said"),
    [
        (b"<html>Bad Gateway</html>", "text/html", 502, "answered 502 Bad Gateway without saying why"),
        (b"<html>hello</html>", "text/html", 200, "did not answer as an Oberih server does"),
        (b"[]", "application/json", 200, "did not answer as an Oberih server does"),
        (b'{"detail": "Too Many Requests"}', "application/problem+json", 429, "wait a minute and repeat it"),
    ],
)
def test_what_is_no_answer_of_ours_is_said_so(
    server: FakeServer, oberih: Oberih, body: bytes, media_type: str, status: int, said: str
) -> None:
    server.sends("GET /me", body, media_type, status)
    result = oberih("me")
    assert result.exit_code == 1
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


def test_if_version_is_sent_as_if_match(server: FakeServer, oberih: Oberih) -> None:
    server.answers("POST /cameras/KYIV-014/restore", RECEIPT)
    result = oberih("camera", "restore", "KYIV-014", "--at", "2026-07-01T12:00", "--if-version", "3")
    assert result.exit_code == 0
    assert server.seen[0].headers["if-match"] == '"3"'
    assert server.seen[0].json == {"at": "2026-07-01T09:00:00Z"}  # Kyiv's summer is UTC+3


def test_a_list_follows_cursors_up_to_its_limit(server: FakeServer, oberih: Oberih) -> None:
    server.answers("GET /cameras", {"items": [{"name": f"A-{n}"} for n in range(100)], "next": "p2"})
    server.answers("GET /cameras", {"items": [{"name": f"B-{n}"} for n in range(50)], "next": "p3"})
    result = oberih("camera", "list", "--limit", "150", "--region", "UA-30", "--json")
    assert [seen.query for seen in server.seen] == [
        {"limit": "100", "region": "UA-30"},
        {"limit": "50", "cursor": "p2", "region": "UA-30"},
    ]
    answer = json.loads(result.stdout)
    assert len(answer["items"]) == 150
    assert answer["next"] == "p3"


def test_a_path_segment_is_only_a_segment(server: FakeServer, oberih: Oberih) -> None:
    oberih("camera", "show", "../accounts?x=1")
    assert server.seen[0].path == "/cameras/..%2Faccounts%3Fx%3D1"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_refused_before_it_is_sent(server: FakeServer, oberih: Oberih, value: float) -> None:
    result = oberih("camera", "configure", "KYIV-014", "--frames-per-second", str(value))
    assert result.exit_code == 1
    assert "frames_per_second" in result.stderr
    assert server.seen == []


def test_what_no_request_can_carry_is_refused(
    server: FakeServer, oberih: Oberih, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words in (("--key", "ключ", *CREATE), ("--key", "a\nb", *CREATE)):
        assert "oberih: --key has characters that no request can carry" in oberih(*words).stderr
    for words in (("--purpose", "\udcff", *CREATE), ("incident", "void", RECEIPT["id"], "--reason", "a\udcffb")):
        refused = oberih(*map(str, words))
        assert (refused.exit_code, "is not text in UTF-8" in refused.stderr) == (2, True)
    monkeypatch.setenv("OBERIH_TOKEN", "токен")
    assert "oberih: OBERIH_TOKEN has characters" in oberih("me").stderr
    assert server.seen == []
