"""A partner's system that takes messages, refuses them, hangs or is not there, and checks what it gets."""

from __future__ import annotations

import hmac
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from app.webhooks.signing import signature

TAKING, FAILING, HANGING = "taking", "failing", "hanging"
HANGING_SECONDS = 12.0  # longer than a sender waits


@dataclass
class Receiver:
    """On one port for its whole life, though its server comes and goes."""

    port: int
    secret: str = ""
    mood: Callable[[], str] = lambda: TAKING
    taken: list[dict[str, Any]] = field(default_factory=list)  # every message that was answered, or hung over, in order
    forged: int = 0
    requests: int = 0
    _server: ThreadingHTTPServer | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        receiver = self

        class Taking(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                self.send_response(receiver.take(dict(self.headers.items()), body))
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        ThreadingHTTPServer.allow_reuse_address = True
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Taking)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def take(self, headers: dict[str, str], body: bytes) -> int:
        """The status of the answer."""
        self.requests += 1
        said = {name.lower(): value for name, value in headers.items()}
        mine = signature(self.secret, said["webhook-id"], said["webhook-timestamp"], body)
        if not any(hmac.compare_digest(f"v1,{mine}", each) for each in said["webhook-signature"].split()):
            self.forged += 1
            return 401
        mood = self.mood()
        if mood == FAILING:
            return 500
        message = json.loads(body)
        assert message["id"] == said["webhook-id"]
        self.taken.append(message)
        if mood == HANGING:
            time.sleep(HANGING_SECONDS)
        return 204
