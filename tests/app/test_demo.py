"""The demonstration ends what it started, whenever it is ended itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.demo.interruptions import Interruptions
from app.demo.server import free_port
from tests.app.serve_colours import ROOT


def children_of(parent: int) -> list[int]:
    found = []
    for process in Path("/proc").glob("[0-9]*/stat"):
        try:
            _, ppid, *_ = process.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            continue
        if int(ppid) == parent:
            found.append(int(process.parent.name))
    return found


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads processes from /proc")
PATIENCE_SECONDS = 300.0  # a demonstration imports much before it starts anything
STAND_IN = """
import http.server, sys
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[-1])), Ready).serve_forever()
"""
SERVING = f"""
import sys
from pathlib import Path
from app.demo import server
server.SERVE = sys.executable, "-c", {STAND_IN!r}
with server.DemoServer(Path(sys.argv[1]) / "deployment", 0) as served:
    print("ready", flush=True)
    served.wait()
print("ended in order", flush=True)
"""


def eventually(of: subprocess.Popen[bytes], holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert of.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)


def leaves_nothing(of: subprocess.Popen[bytes], number: signal.Signals, is_up: Callable[[], bool]) -> bool:
    """Sends it the signal once it is up. Whether all that it had started is gone when it is."""
    started: list[int] = []
    try:
        eventually(of, is_up)
        started += children_of(of.pid)
        assert started
        of.send_signal(number)
        of.wait(PATIENCE_SECONDS)
        return not any(map(is_running, started))
    finally:
        for pid in (*started, *children_of(of.pid), of.pid):
            if is_running(pid):
                os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_demonstration_that_is_ended_while_it_serves_leaves_no_server(tmp_path: Path, number: signal.Signals) -> None:
    said = tmp_path / "said"
    with (
        said.open("wb") as out,
        subprocess.Popen([sys.executable, "-c", SERVING, str(tmp_path)], cwd=ROOT, stdout=out, stderr=out) as demo,
    ):
        assert leaves_nothing(demo, number, lambda: "ready" in said.read_text())
    assert said.read_text().splitlines() == ["ready", "ended in order"]


def test_a_demonstration_that_is_ended_while_its_server_starts_leaves_none(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "app", "demo", "--data", str(tmp_path / "demo"), "--port", str(free_port())]
    with (tmp_path / "said").open("wb") as out, subprocess.Popen(words, cwd=ROOT, stdout=out, stderr=out) as demo:
        assert leaves_nothing(demo, signal.SIGTERM, lambda: bool(children_of(demo.pid)))
    assert demo.returncode == 130


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_interrupts_is_held_until_what_is_begun_has_ended(number: signal.Signals) -> None:
    interruptions, went_on = Interruptions(), []
    before = signal.getsignal(number)

    def begin() -> None:
        with interruptions.held():
            signal.raise_signal(number)
            went_on.append(number)

    with interruptions.raised():
        with pytest.raises(KeyboardInterrupt):
            begin()
        assert went_on == [number]
        with interruptions.held():
            pass  # it is not raised a second time
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
    assert signal.getsignal(number) == before
