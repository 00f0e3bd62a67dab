"""What a terminal says: options in the place of fields, whole ids in tables, and what changed nothing."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from typer.testing import Result

from app.cli.wording import OPTIONS, as_typed
from tests.app.cli.fake_server import FakeServer

Oberih = Callable[..., Result]
ID = "7a1c0000-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("detail", "fields", "said"),
    [
        (
            "from_at: is not before to_at; exchange them",
            {"field": "from_at"},
            "--from: is not before --to; exchange them",
        ),
        (
            "Oberih-Purpose: has more than one line; x",
            {"field": "Oberih-Purpose"},
            "--purpose: has more than one line; x",
        ),
        ("kind: 'x' is not known; use another kind", {"field": "kind"}, "--kind: 'x' is not known; use another kind"),
        ("the kind of text is unknown", {}, "the kind of text is unknown"),
        ("a: b; region: c", {"faults": [{"field": "a"}, {"field": "region"}]}, "a: b; --region: c"),
        ("body: is missing", {"faults": [{"field": "body"}]}, "body: is missing"),
        ("valid_hours: is 0", {"field": ["odd"], "faults": 5}, "--valid-hours: is 0"),
    ],
)
def test_fields_are_options(detail: str, fields: dict[str, Any], said: str) -> None:
    assert as_typed(detail, fields) == said


def test_every_option_that_is_named_exists() -> None:
    from typer.main import get_command

    from app.cli import app

    known = {"TEXT", "NAME", "USERNAME", "VERDICT", "RANK", "ROLE"}
    waiting: list[Any] = [get_command(app)]
    while waiting:
        command = waiting.pop()
        waiting += getattr(command, "commands", {}).values()
        known |= {name for each in command.params for name in each.opts}
    assert {word for option in OPTIONS.values() for word in option.split(" or ")} <= known


def test_the_problem_itself_keeps_the_api_s_names(server: FakeServer, oberih: Oberih) -> None:
    server.refuses("GET /incidents", 422, "invalid-value", "incident_state: 'x' is not known", field="incident_state")
    refused = oberih("incident", "list", "--state", "x", "--json")
    assert json.loads(refused.stdout)["detail"].startswith("incident_state: ")
    assert refused.stderr == "oberih: --state: 'x' is not known\n"


def test_what_changed_nothing_says_so(server: FakeServer, oberih: Oberih) -> None:
    answer = {"id": ID, "version": 3, "position": 0, "pseudonym": "CH-4F2A", "child": ID, "already": True}
    server.answers(f"POST /incidents/{ID}/children", answer)
    linked = oberih("incident", "link-child", ID, "--role", "victim", "--pseudonym", "CH-4F2A")
    assert linked.stdout == f"CH-4F2A was linked as victim already: {ID}\n"
    server.answers(f"POST /authorisations/{ID}/approve", {"id": ID, "version": 2, "position": 0})
    assert oberih("authorise", "approve", ID).stdout == f"nothing changed: it was so before: {ID}\n"


def test_a_new_child_needs_no_id(server: FakeServer, oberih: Oberih) -> None:
    answer = {"id": ID, "version": 2, "position": 9, "pseudonym": "CH-7K3M9QXA", "child": ID, "already": False}
    server.answers(f"POST /incidents/{ID}/children", answer)
    linked = oberih("incident", "link-child", ID, "--role", "victim")
    assert server.seen[0].json == {"role": "victim"}
    assert linked.stdout.startswith("CH-7K3M9QXA linked as victim: ")


def test_names_are_shown_and_ids_kept_for_json(server: FakeServer, oberih: Oberih) -> None:
    row = {"incident": ID, "unit": "u-1", "unit_name": "Поділ", "officer": "o-1", "officer_username": "olena"}
    server.answers("GET /incidents", {"items": [row], "next": None})
    shown = oberih("incident", "list").stdout
    assert all(words in shown for words in ("Поділ", "olena", ID))
    assert not any(words in shown for words in ("u-1", "o-1"))
    assert json.loads(oberih("incident", "list", "--json").stdout)["items"] == [row]
    server.answers(f"GET /authorisations/{ID}", {"cameras": ["c-1"], "camera_names": ["KYIV-1"], "approver": None})
    facts = oberih("authorise", "show", ID).stdout
    assert "KYIV-1" in facts
    assert not any(words in facts for words in ("c-1", "camera_names"))


def test_a_table_fits_a_page_and_breaks_no_id(server: FakeServer, oberih: Oberih) -> None:
    row = {"incident": ID, "kind": "road-accident", "community": "дуже довга назва громади " * 9, "state": "open"}
    server.answers("GET /incidents", {"items": [row] * 3, "next": None})
    shown = oberih("incident", "list").stdout
    assert max(map(cell_len, shown.splitlines())) <= 120
    assert shown.count(ID) == 3
    assert shown.count("road-accident") == 3
    digest = "ab" * 32
    server.answers("GET /footage", {"items": [{"sha256": digest, "detail": "x" * 300}], "next": None})
    assert digest in oberih("footage", "list").stdout


@pytest.mark.parametrize("given", ["file", "-"])
def test_a_password_that_is_no_text_is_one_line(
    server: FakeServer, oberih: Oberih, tmp_path: Path, given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = "пароль".encode("cp1251")
    (tmp_path / "password").write_bytes(content)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    file = "-" if given == "-" else str(tmp_path / "password")
    result = oberih("login", "olena", "--password-file", file, stdin=content)  # type: ignore[arg-type]
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "is not text in UTF-8" in result.stderr
    assert ("standard input" if given == "-" else "password") in result.stderr
    assert not server.seen


def test_a_password_file_with_a_mark_and_line_end_is_its_words(
    server: FakeServer, oberih: Oberih, tmp_path: Path
) -> None:
    (tmp_path / "password").write_bytes("\ufeffкобзар і чорний ліс\r\n".encode())
    server.answers("POST /login", {"token": "t", "roles": [], "expires_at": "2026-11-23T14:00:00Z"})
    assert oberih("login", "olena", "--password-file", str(tmp_path / "password")).exit_code == 0
    assert server.seen[0].json["password"] == "кобзар і чорний ліс"


@pytest.mark.parametrize(
    ("time", "says"),
    [
        ("2026-03-29T03:30", ("skipped 03:00 to 04:00", "as in 2026-03-29T04:30")),
        ("2026-10-25T03:30", ("showed 2026-10-25T03:30 twice", "2026-10-25T03:30+03:00", "2026-10-25T03:30+02:00")),
    ],
)
def test_an_hour_that_was_skipped_or_came_twice(
    server: FakeServer, oberih: Oberih, time: str, says: tuple[str, ...]
) -> None:
    refused = oberih("camera", "outage", "KYIV-1", "--from", time)
    assert refused.exit_code == 2
    told = "".join(refused.stderr.replace("│", " ").split())
    for words in says:
        assert words.replace(" ", "") in told
    assert not server.seen
