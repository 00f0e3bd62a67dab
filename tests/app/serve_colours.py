"""`oberih serve` with a model of colours, for tests that need a real server.

python -m tests.app.serve_colours DATA PORT
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx

from app import model_loading, serving
from app.initialising import initialise
from tests.fakes_gpu import ColourHistograms
from tests.ports import port_for_a_server
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parent.parent.parent


class Served(NamedTuple):
    """A server as people run it, of a new deployment; the administrator's token is in its client's headers."""

    process: subprocess.Popen[bytes]
    http: httpx.Client
    folder: Path

    def caught_up(self) -> None:
        """Wait until the views are up to the log."""
        wait_until(lambda: bool(self.http.get("/health/ready").json()["lag"] == 0))


@contextmanager
def serve(place: Path, password: str) -> Iterator[Served]:
    folder, said = place / "deployment", place / "said"
    initialise(folder, password=password)
    port = port_for_a_server()
    words = [sys.executable, "-m", "tests.app.serve_colours", str(folder), str(port)]
    with said.open("wb") as out, subprocess.Popen(words, cwd=ROOT, stdout=out, stderr=out) as process:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as http:
                wait_until(lambda: process.poll() is not None or is_alive(http))
                assert process.poll() is None, said.read_text()
                login = http.post("/login", json={"username": "admin", "password": password}).json()
                http.headers["Authorization"] = f"Bearer {login['token']}"
                yield Served(process, http, folder)
        finally:
            process.kill()


def is_alive(http: httpx.Client) -> bool:
    try:
        return http.get("/health/live").is_success
    except httpx.TransportError:
        return False


if __name__ == "__main__":
    model_loading.load_encoder = lambda *_: ColourHistograms()
    serving.serve(Path(sys.argv[1]), int(sys.argv[2]), 0)
