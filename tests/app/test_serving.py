"""What stands beside the server: workers that are kept running, and what they tell."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest
import structlog

from app import logs, serving
from app.deployment import DeploymentFault
from gpu_jobs.pipeline import Progress


@pytest.mark.parametrize("rate", [0.0, 12.5], ids=["nothing new", "under way"])
def test_progress_is_told_whatever_the_rate(capsys: pytest.CaptureFixture[str], rate: float) -> None:
    """The first unit of footage that was indexed before has no rate: a worker must not die of it."""
    structlog.reset_defaults()
    logs.configure()
    try:
        serving.tell(
            Progress(footage="ab" * 32, done_seconds=10.0, total_seconds=60.0, elapsed_seconds=1.0, rows=4, rate=rate)
        )
    finally:
        structlog.reset_defaults()
    told = json.loads(capsys.readouterr().err)
    assert told["left_seconds"] == (4 if rate else None)


def test_a_worker_that_dies_is_started_anew_and_ended_at_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "RESTART_SECONDS_MIN", 0.05)
    monkeypatch.setattr(serving, "POLL_SECONDS", 0.02)
    marks = tmp_path / "marks"
    script = f"open({str(marks)!r}, 'a').write('x')"
    workers = serving.Workers(tmp_path, 1)
    workers._command = [sys.executable, "-c", script]
    with workers:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not (marks.exists() and len(marks.read_text()) >= 2):
            time.sleep(0.05)
    assert len(marks.read_text()) >= 2


def test_a_port_that_is_taken_is_said_at_once() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(DeploymentFault, match="--port"):
            serving.check_port(taken.getsockname()[1])
