"""The demonstration's server: `oberih serve` in a process of its own, and clients of the example accounts."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import httpx

from app.client.http import Client
from app.client.session import Session
from app.demo.accounts import PASSWORD
from app.demo.interruptions import Interruptions
from app.deployment import DeploymentFault

SERVE = sys.executable, "-m", "app", "serve"
START_SECONDS_MAX = 120.0  # loading the model takes most of it


class DemoServer:
    """A context: leaving it ends the server and its workers; so does SIGTERM or SIGINT within."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.address = f"http://127.0.0.1:{port or free_port()}"
        self._log = folder.parent / "server.log"
        self._clients: dict[str, Client] = {}
        self._interruptions, self._open = Interruptions(), ExitStack()

    def __enter__(self) -> DemoServer:
        port = self.address.rpartition(":")[2]
        command = [*SERVE, "--data", str(self.folder), "--port", port]
        with ExitStack() as opening:
            opening.enter_context(self._interruptions.raised())
            with self._log.open("wb") as log, self._interruptions.held():
                self._process = subprocess.Popen(command, stderr=log, stdout=log)  # noqa: S603
                opening.callback(self._end)
            self._wait_until_ready()
            self._open = opening.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        for client in self._clients.values():
            client.__exit__(None, None, None)
        self._open.close()

    def as_user(self, username: str) -> Client:
        """A client that is logged in as one of the example accounts."""
        if username not in self._clients:
            token = Client(Session(self.address)).login(username, PASSWORD)["token"]
            self._clients[username] = Client(Session(self.address, token, username))
        return self._clients[username]

    def choose_password(self, username: str, old: str) -> None:
        """What the holder of an example account does first of all."""
        with Client(Session(self.address)) as client:
            initial = client.login(username, old)
        with Client(Session(self.address, initial["token"], username)) as client:
            client.command("/me/password", {"old": old, "new": PASSWORD})

    def wait(self) -> None:
        """Until the server ends, or the person at the terminal, or SIGTERM, interrupts it."""
        try:
            self._process.wait()
        except KeyboardInterrupt:
            return

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            try:
                if httpx.get(f"{self.address}/health/ready", trust_env=False).status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                time.sleep(0.2)
        said = self._log.read_text(errors="replace").strip().splitlines()
        raise DeploymentFault(f"the server did not start: {said[-1] if said else 'it said nothing'}; see {self._log}")

    def _end(self) -> None:
        with self._interruptions.held():  # whoever interrupts twice is not quicker
            self._process.terminate()
            try:
                self._process.wait(60)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
