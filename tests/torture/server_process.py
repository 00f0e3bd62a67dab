"""The server that is killed, as its torturer holds it.

It is the real server of a deployment; only its encoder is another than under `oberih serve`, and no indexing workers
run beside it. Each is forked from a process that has imported everything and opened nothing, to begin quickly.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import time
from pathlib import Path

import httpx

from app import logs
from app.composition import open_house
from app.serving import serve_house
from tests.fakes_gpu import ColourHistograms
from tests.ports import port_for_a_server

START_SECONDS_MAX = 120.0


def serve(folder: Path, port: int, words: Path) -> None:
    """What the process does: it serves until it is killed."""
    with words.open("wb") as file:
        for descriptor in (1, 2):
            os.dup2(file.fileno(), descriptor)
    logs.configure(readable=False)
    asyncio.run(serve_house(open_house(folder, encoder=ColourHistograms()), port))


class ServerProcess:
    """A server on a port of its own. Its words go to a file, which the next server overwrites."""

    def __init__(self, folder: Path, words: Path) -> None:
        port = port_for_a_server()
        self.address = f"http://127.0.0.1:{port}"
        self._words = words
        forking = multiprocessing.get_context("forkserver")
        forking.set_forkserver_preload([__name__, "app.api.asgi", "granian.server.embed"])
        self._process = forking.Process(target=serve, args=(folder, port, words))
        self._process.start()

    def wait_until_ready(self) -> None:
        """Raises RuntimeError with the server's last words where it does not start."""
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline and self._process.is_alive():
            try:
                if httpx.get(f"{self.address}/health/ready", trust_env=False).is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        self.kill()
        raise RuntimeError(f"the server did not start: {self._words.read_text()[-2_000:]}")

    def kill(self) -> None:
        """SIGKILL. Harmless where it has ended."""
        self._process.kill()
        self._process.join()
