"""Who is logged in where, and what of it lies on the disk."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from app.client import session
from app.client.refused import Refused
from tests.app.cli.fake_server import FakeServer

LOGIN = {
    "token": "secret-token",
    "expires_at": "2026-11-23T12:20:00Z",
    "account": "7a1c0000-0000-4000-8000-000000000001",
    "username": "olena",
    "roles": ["investigator"],
}


def login(server: FakeServer, *words: str) -> Result:
    server.answers("POST /login", LOGIN)
    words = words or ("--password-file", "-")
    return CliRunner().invoke(app, ["login", "--server", server.url, "olena", *words], input="correct horse\n")


def test_login_keeps_the_token_for_its_owner_only(server: FakeServer, tmp_path: Path) -> None:
    result = login(server)
    assert result.exit_code == 0, result.stderr
    assert result.stdout == f"logged in at {server.url} as olena (investigator), until 2026-11-23 14:20:00.0 EET\n"
    assert server.seen[0].json == {"username": "olena", "password": "correct horse"}
    file = tmp_path / "config" / "oberih" / "session.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert json.loads(file.read_text())["token"] == "secret-token"
    assert [each.name for each in file.parent.iterdir()] == ["session.json"]


def test_the_next_command_uses_the_login(server: FakeServer) -> None:
    login(server)
    server.answers("GET /me", {"username": "olena"})
    assert CliRunner().invoke(app, ["me"]).exit_code == 0
    assert server.seen[-1].headers["authorization"] == "Bearer secret-token"


def test_json_never_shows_the_token_or_the_password(server: FakeServer) -> None:
    result = login(server, "--json", "--password-file", "-")
    assert json.loads(result.stdout)["username"] == "olena"
    assert "secret-token" not in result.stdout + result.stderr
    assert "correct horse" not in result.stdout + result.stderr


def test_a_kept_token_goes_to_no_other_server(server: FakeServer) -> None:
    login(server)
    there = session.current("http://127.0.0.1:1")
    assert there.token is None
    assert session.current(None).token == "secret-token"


def test_the_environment_takes_the_place_of_the_file(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    login(server)
    monkeypatch.setenv("OBERIH_TOKEN", "other")
    assert session.current(None) == session.Session(server.url, "other")


def test_the_password_is_asked_for_without_showing_it(server: FakeServer) -> None:
    result = login(server, "--json")
    assert server.seen[0].json["password"] == "correct horse"
    assert "Password" in result.stderr
    assert "correct horse" not in result.stdout + result.stderr


def test_a_password_can_come_from_a_file(server: FakeServer, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("from the file\n")
    result = login(server, "--password-file", str(tmp_path / "password"))
    assert result.exit_code == 0
    assert server.seen[0].json["password"] == "from the file"


def test_an_initial_password_is_said_after_the_login(server: FakeServer) -> None:
    server.answers("POST /login", {**LOGIN, "password_must_be_changed": True})
    result = login(server)
    assert result.exit_code == 0
    assert "oberih password\n" in result.stderr


CHANGED = {**LOGIN, "token": "new-secret-token", "password_must_be_changed": False}


def test_a_changed_password_keeps_the_login_here(server: FakeServer, tmp_path: Path) -> None:
    login(server)
    server.answers("POST /me/password", CHANGED)
    result = CliRunner().invoke(app, ["password"], input="correct horse\nbattery staple\nbattery staple\n")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.strip() == "the password of olena is changed"
    assert server.seen[-1].json == {"old": "correct horse", "new": "battery staple"}
    assert server.seen[-1].headers["authorization"] == "Bearer secret-token"
    assert session.current(None).token == "new-secret-token"
    for name, text in (("old", "battery staple\n"), ("new", "a third one, longer\n")):
        (tmp_path / name).write_text(text)
    files = ["--old-password-file", str(tmp_path / "old"), "--password-file", str(tmp_path / "new"), "--json"]
    result = CliRunner().invoke(app, ["password", *files])
    assert json.loads(result.stdout) == {name: value for name, value in CHANGED.items() if name != "token"}
    assert server.seen[-1].json == {"old": "battery staple", "new": "a third one, longer"}
    assert "battery" not in result.stdout + result.stderr


def test_a_token_of_the_environment_ends_with_the_password(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    login(server)
    monkeypatch.setenv("OBERIH_TOKEN", "other")
    server.answers("POST /me/password", CHANGED)
    result = CliRunner().invoke(app, ["password", "--password-file", "-"], input="correct horse\nbattery staple\n")
    assert result.exit_code == 0, result.stderr
    assert "log in again" in result.stderr
    monkeypatch.delenv("OBERIH_TOKEN")
    assert session.current(None).token == "secret-token"


def test_two_different_new_passwords_are_asked_for_again(server: FakeServer) -> None:
    login(server)
    server.answers("POST /me/password", CHANGED)
    typed = "correct horse\nbattery staple\nbattery stable\nbattery staple\nbattery staple\n"
    assert CliRunner().invoke(app, ["password"], input=typed).exit_code == 0
    assert server.seen[-1].json["new"] == "battery staple"


def test_a_wrong_password_is_said_by_the_server_and_keeps_the_old_login(server: FakeServer) -> None:
    login(server)
    server.replies.clear()
    server.refuses("POST /login", 401, "unauthorized", "the username or the password is wrong; try again")
    result = CliRunner().invoke(app, ["login", "--server", server.url, "olena"], input="wrong\n")
    assert result.exit_code == 1
    assert "oberih: the username or the password is wrong; try again\n" in result.stderr
    assert session.current(None).token == "secret-token"


def test_logout_forgets(server: FakeServer) -> None:
    login(server)
    assert json.loads(CliRunner().invoke(app, ["logout", "--json"]).stdout) == {"logged_out": True}
    assert session.current(None).token is None
    assert json.loads(CliRunner().invoke(app, ["logout", "--json"]).stdout) == {"logged_out": False}


def test_a_damaged_file_says_what_to_do() -> None:
    session.path().parent.mkdir(parents=True)
    session.path().write_text('{"server": 1, "unknown": 2}')
    result = CliRunner().invoke(app, ["me"])
    assert result.exit_code == 1
    assert "is damaged" in result.stderr
    assert "remove it and log in again" in result.stderr


@pytest.mark.parametrize("address", ["http://10.0.0.5:8420", "http://oberih.example"])
def test_no_password_travels_unencrypted(address: str) -> None:
    with pytest.raises(Refused, match="unencrypted"):
        session.address(address)


@pytest.mark.parametrize(
    "address", ["ftp://127.0.0.1", "http://", "http://[::1", "http://127.0.0.1:abc", "https://а..б", "a\udcff:1"]
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(Refused, match="is not the address of a server"):
        session.address(address)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("127.0.0.1:9", "http://127.0.0.1:9"),
        ("http://localhost:9/", "http://localhost:9"),
        ("http://[::1]:9", "http://[::1]:9"),
        ("https://oberih.example/api/", "https://oberih.example/api"),
    ],
)
def test_addresses_have_one_spelling(said: str, meant: str) -> None:
    assert session.address(said) == meant
