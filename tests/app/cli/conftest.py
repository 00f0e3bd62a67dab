"""A configuration folder of its own for each test, a fake server, and `oberih` logged in there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from tests.app.cli.fake_server import FakeServer, serving


@pytest.fixture(autouse=True)
def own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("OBERIH_SERVER", "OBERIH_TOKEN", "OBERIH_PURPOSE", "OBERIH_DATA"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with serving() as fake:
        yield fake


@pytest.fixture
def oberih(server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs the command with a token of the fake server. `input` is what stands on standard input."""
    monkeypatch.setenv("OBERIH_SERVER", server.url)
    monkeypatch.setenv("OBERIH_TOKEN", "token-1")

    def run(*words: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(app, [*words], input=stdin, catch_exceptions=False)

    return run
