"""A server on loopback that answers by the contract's shapes, remembers what it was asked, and can hang up."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

BODY_KEPT_BYTES = 4 << 20
PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Seen:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes  # of a large one the beginning only: BODY_KEPT_BYTES
    body_bytes: int

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    media_type: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class FakeServer:
    """`replies` by "METHOD /path": the first is given and dropped while others wait behind it."""

    url: str
    replies: dict[str, list[Reply]] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    hang_ups: int = 0  # so many requests, once read whole, get no answer but a closed connection
    hangs_up_on: tuple[str, ...] = ("GET", "POST")

    def answers(self, route: str, document: object, status: int = 200) -> None:
        body = json.dumps(document, ensure_ascii=False).encode()
        media_type = "application/json" if status < 400 else PROBLEM
        self.replies.setdefault(route, []).append(Reply(status, body, media_type))

    def refuses(self, route: str, status: int, code: str, detail: str, **fields: object) -> None:
        problem = {"type": f"/problems/{code}", "title": code, "status": status, "detail": detail, **fields}
        self.answers(route, problem, status)

    def sends(self, route: str, body: bytes, media_type: str, status: int = 200, **headers: str) -> None:
        """`headers` with _ for -."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.replies.setdefault(route, []).append(Reply(status, body, media_type, named))

    def reply_to(self, seen: Seen) -> Reply:
        queue = self.replies.get(f"{seen.method} {seen.path}")
        if not queue:
            detail = f"the fake has no answer to {seen.method} {seen.path}"
            return Reply(404, json.dumps({"type": "/problems/not-found", "detail": detail}).encode(), PROBLEM)
        return queue.pop(0) if len(queue) > 1 else queue[0]


@contextmanager
def serving() -> Iterator[FakeServer]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            address = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(address.query, keep_blank_values=True).items()}
            body_bytes = left = int(self.headers.get("Content-Length", 0))
            body = b""
            while left:
                chunk = self.rfile.read(min(left, 1 << 18))
                left -= len(chunk)
                body += chunk[: BODY_KEPT_BYTES - len(body)]
            headers = {name.lower(): value for name, value in self.headers.items()}
            seen = Seen(self.command, address.path, query, headers, body, body_bytes)
            fake.seen.append(seen)
            if fake.hang_ups and self.command in fake.hangs_up_on:
                fake.hang_ups -= 1
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            reply = fake.reply_to(seen)
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.media_type)
            self.send_header("Content-Length", str(len(reply.body)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = answer  # noqa: N815
        do_POST = answer  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Silent: pytest's output is for failures."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake = FakeServer(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
