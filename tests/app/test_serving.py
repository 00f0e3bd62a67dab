"""What stands beside the server: workers that are kept running, and what they tell."""

from __future__ import annotations

import json
import os
import resource
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import structlog
from structlog.testing import capture_logs

from app import logs, serving, upkeep
from app.background import Background
from app.deployment import DeploymentFault
from gpu_jobs.pipeline import Progress
from search_index import merge
from search_index.footage_index import FootageIndex
from tests.app.conftest import FILMED_AT, House, film
from tests.search_index.index_examples import manifest, unit, unit_vectors
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parent.parent.parent


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


def test_an_address_that_is_none_of_ours_is_not_logged(house: House) -> None:
    structlog.reset_defaults()
    with capture_logs() as said:
        assert house.ask("olena", "/children/Сірко").status_code == 404
        assert house.ask("olena", "/cameras").status_code == 200
    told = [each["path"] for each in said if each["event"] == "answered"]
    assert "Сірко" not in str(said)
    assert told[-1] == "/cameras"


def test_a_worker_that_dies_is_started_anew_and_ended_at_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "RESTART_SECONDS_MIN", 0.05)
    monkeypatch.setattr(serving, "POLL_SECONDS", 0.02)
    marks = tmp_path / "marks"
    script = f"open({str(marks)!r}, 'a').write('x')"
    workers = serving.Workers(tmp_path, 1, Background())
    workers._command = [sys.executable, "-c", script]
    with workers:
        wait_until(lambda: marks.exists() and len(marks.read_text()) >= 2)
    assert len(marks.read_text()) >= 2


@pytest.mark.parametrize("steady_seconds", [0.0, 1e9], ids=["they live long", "they die at once"])
def test_the_pause_before_the_next_worker_grows_until_one_lived_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], steady_seconds: float
) -> None:
    monkeypatch.setattr(serving, "RESTART_SECONDS_MIN", 0.01)
    monkeypatch.setattr(serving, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(serving, "STEADY_SECONDS", steady_seconds)
    workers = serving.Workers(tmp_path, 1, Background())
    workers._command = ["true"]
    pauses: list[float] = []

    def told(_: object, __: str, event: dict[str, object]) -> str:
        pauses.append(float(str(event["again_in_seconds"])))
        return ""

    structlog.configure(processors=[told], logger_factory=structlog.PrintLoggerFactory())
    try:
        with workers:
            wait_until(lambda: len(pauses) >= 4)
    finally:
        structlog.reset_defaults()
    assert pauses[:4] == ([0.01] * 4 if not steady_seconds else [0.01, 0.02, 0.04, 0.08])


def start_worker(folder: Path, said: Path, *words: str) -> str:
    """A shell that starts the worker's loop in the background, and goes. What it says lies in `said`."""
    said.touch()  # the shell tells the process id before it has opened the file
    command = shlex.join([sys.executable, "-m", "tests.app.work_slowly", str(folder)])
    return f"{command} {' '.join(words)} >{shlex.quote(str(said))} 2>&1 & echo $!"


@pytest.fixture(scope="module")
def film_of_units(house: House, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Footage that takes a worker several units, as the shelf knows it."""
    house.register_camera("KYIV-601")
    content = film(tmp_path_factory.mktemp("films") / "long.mp4", seconds=200)
    return str(house.upload("olena", content, "KYIV-601", FILMED_AT).json()["id"])


def state_of(house: House, sha256: str) -> tuple[str, int]:
    footage = house.ask("olena", f"/footage/{sha256}").json()
    return footage["state"], footage["attempts"]


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_worker_started_from_a_shell_outlives_it_and_gives_its_footage_back_when_it_is_ended(
    house: House, film_of_units: str, tmp_path: Path
) -> None:
    said = tmp_path / "said"
    shell = ["sh", "-c", start_worker(house.folder, said)]
    pid = int(subprocess.run(shell, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=60).stdout)
    try:
        wait_until(lambda: "unit committed" in said.read_text())
        assert is_running(pid)
        assert state_of(house, film_of_units) == ("claimed", 1)
    finally:
        os.kill(pid, signal.SIGTERM)
        wait_until(lambda: not is_running(pid))
    assert state_of(house, film_of_units) == ("archived", 0)


def test_a_worker_whose_server_is_killed_gives_its_footage_back_within_a_film(
    house: House, film_of_units: str, tmp_path: Path
) -> None:
    said = tmp_path / "said"
    script = start_worker(house.folder, said, "$$") + "; wait"
    with subprocess.Popen(["sh", "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        pid = int(server.stdout.readline())
        try:
            wait_until(lambda: "unit committed" in said.read_text())
        finally:
            server.kill()
        wait_until(lambda: not is_running(pid))
    assert "the server is gone" in said.read_text()
    assert state_of(house, film_of_units) == ("archived", 0)


def test_a_port_that_is_taken_is_said_at_once() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(DeploymentFault, match="--port"):
            serving.check_port(taken.getsockname()[1])


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FootageIndex]:
    """Of which three segments at most are joined at once; it has so many."""
    monkeypatch.setattr(merge, "SEGMENTS_MAX", 3)
    with FootageIndex(tmp_path / "index", manifest()) as opened:
        for number in range(3):
            commit(opened, number)
        yield opened


def commit(index: FootageIndex, number: int) -> None:
    index.commit(unit(unit_vectors(np.random.default_rng(number), 1), number=number))


def test_small_segments_are_joined_also_while_units_come_once_they_are_many(
    index: FootageIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    upkeep.keep_up(index)
    assert index.statistics().segments == 3, "a unit was committed just now, and more may join them"
    commit(index, 3)
    upkeep.keep_up(index)
    assert index.statistics().segments == 2
    upkeep.keep_up(index)
    assert index.statistics().segments == 2
    monkeypatch.setattr(upkeep, "QUIET_SECONDS", -1.0)
    upkeep.keep_up(index)
    assert index.statistics().segments == 1


def test_a_disk_that_fails_for_a_while_ends_no_upkeep_and_anything_else_ends_the_work(
    index: FootageIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LOOK_SECONDS", "REST_SECONDS"):
        monkeypatch.setattr(upkeep, name, 0.01)
    commit(index, 3)
    lock, until = tmp_path / "index" / "sealing.lock", threading.Event()
    lock.unlink()
    lock.mkdir()
    structlog.reset_defaults()
    with capture_logs() as said, upkeep.kept_up(index, until):
        wait_until(lambda: len(said) >= 2)
        lock.rmdir()
        wait_until(lambda: index.statistics().segments == 2)
    assert "Is a directory" in said[0]["fault"]
    assert not until.is_set()
    index.close()
    with pytest.raises(Exception, match="closed database"), upkeep.kept_up(index, until):
        wait_until(until.is_set)


def test_a_process_has_as_many_open_files_as_it_may() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard - 1, hard))
    try:
        upkeep.raise_open_files()
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
