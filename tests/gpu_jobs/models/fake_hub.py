"""A hub on loopback: repositories of files, as huggingface_hub asks for them. It can break down, and lie."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

COMMIT = "1f" * 20


class FakeHub:
    """`repositories`: name → file → content. `altered`: files of which the hub tells another SHA-256.
    `cut`: files of which it sends the first half and hangs up. `commits`: of repositories that have another one."""

    def __init__(self) -> None:
        self.repositories: dict[str, dict[str, bytes]] = {}
        self.altered: set[str] = set()
        self.cut: set[str] = set()
        self.commits: dict[str, str] = {}
        self.asked: list[str] = []
        self.url = ""

    def described(self, name: str) -> dict[str, object]:
        files = self.repositories[name]
        return {
            "id": name,
            "modelId": name,
            "sha": self.commits.get(name, COMMIT),
            "siblings": [self._sibling(file, content) for file, content in files.items()],
        }

    def digest(self, file: str, content: bytes) -> str:
        return hashlib.sha256(content + b"?" * (file in self.altered)).hexdigest()

    def _sibling(self, file: str, content: bytes) -> dict[str, object]:
        told: dict[str, object] = {"rfilename": file, "size": len(content), "blobId": "0" * 40}
        if not file.endswith(".json"):  # small texts lie in git itself, which has no SHA-256 of them
            told["lfs"] = {"sha256": self.digest(file, content), "size": len(content), "pointerSize": 130}
        return told


def _handler(hub: FakeHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(body=True)

        def do_HEAD(self) -> None:
            self._answer(body=False)

        def _answer(self, *, body: bool) -> None:
            path = unquote(urlsplit(self.path).path)
            hub.asked.append(path)
            if path.startswith("/api/models/"):
                name = path.removeprefix("/api/models/").split("/revision/")[0]
                found = json.dumps(hub.described(name)).encode() if name in hub.repositories else None
                self._send(found, body, {"Content-Type": "application/json"})
                return
            name, _, rest = path.removeprefix("/").partition("/resolve/")
            file = rest.partition("/")[2]
            content = hub.repositories.get(name, {}).get(file)
            etag = f'"{hub.digest(file, content or b"")}"'
            self._send(
                content, body, {"X-Repo-Commit": hub.commits.get(name, COMMIT), "ETag": etag}, cut=file in hub.cut
            )

        def _send(self, content: bytes | None, body: bool, headers: dict[str, str], *, cut: bool = False) -> None:
            self.send_response(200 if content is not None else 404)
            content = content or b""
            for name, value in headers.items():
                self.send_header(name, value)
            if cut:
                self.close_connection = True
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if body:
                self.wfile.write(content[: len(content) // 2] if cut else content)

        def log_message(self, *words: object) -> None:
            return

    return Handler


@contextmanager
def hub_on_loopback() -> Iterator[FakeHub]:
    hub = FakeHub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(hub))
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
