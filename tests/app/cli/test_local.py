"""The commands that open files themselves."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import app


def run(*words: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, [*words], input=stdin, catch_exceptions=False)


def test_init_makes_a_deployment_and_shows_a_password_once(tmp_path: Path) -> None:
    made = run("init", "--data", str(tmp_path / "new"), "--administrator", "olena")
    assert made.exit_code == 0, made.stderr
    assert "the first administrator: olena\n" in made.stdout
    assert re.search(r"their password, kept nowhere else: \S{12,}\n", made.stdout)
    assert "root.key" in made.stdout
    assert stat.S_IMODE((tmp_path / "new" / "root.key").stat().st_mode) == 0o600


def test_init_takes_a_password_that_it_never_shows(tmp_path: Path) -> None:
    words = ("init", "--data", str(tmp_path / "new"), "--password-file", "-", "--json")
    made = run(*words, stdin="correct horse battery\n")
    assert made.exit_code == 0, made.stderr
    assert json.loads(made.stdout)["username"] == "admin"
    assert "correct horse" not in made.stdout + made.stderr


def test_init_leaves_a_folder_alone_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    made = run("init", "--data", str(tmp_path), "--json")
    assert made.exit_code == 1
    assert made.stderr == f"oberih: {tmp_path} is not empty; name a new folder\n"
    assert json.loads(made.stdout)["type"] == "/problems/deployment-fault"
    assert [each.name for each in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("command", ["serve", "worker", "backup", "migrate"])
def test_a_folder_that_is_no_deployment_is_one_line(tmp_path: Path, command: str) -> None:
    words = ["--to", str(tmp_path / "copy")] if command == "backup" else []
    done = run(command, "--data", str(tmp_path / "absent"), *words)
    assert done.exit_code == 1
    assert done.stderr.splitlines()[-1] == (
        f"oberih: {tmp_path / 'absent'} is not a data directory of Oberih; "
        f"make one with: oberih init --data {tmp_path / 'absent'}"
    )
    assert not (tmp_path / "copy").exists()


def test_a_wrong_root_key_is_one_line(tmp_path: Path) -> None:
    for name in ("one", "other"):
        assert run("init", "--data", str(tmp_path / name)).exit_code == 0
    (tmp_path / "one" / "root.key").write_bytes((tmp_path / "other" / "root.key").read_bytes())
    done = run("serve", "--data", str(tmp_path / "one"), "--index-workers", "0", "--port", "1")
    assert done.exit_code == 1
    assert done.stderr.splitlines()[-1].startswith("oberih: ")


def test_the_data_directory_can_be_named_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBERIH_DATA", str(tmp_path / "new"))
    assert run("init").exit_code == 0
    assert (tmp_path / "new" / "oberih.json").is_file()
