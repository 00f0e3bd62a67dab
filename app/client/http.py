"""How `oberih` speaks to a server: one request function, whose every failure is a `Refused`."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias
from urllib.parse import quote, urlsplit
from uuid import uuid4

from app.client import session
from app.client.listening import Heard, events
from app.client.refused import Refused

if TYPE_CHECKING:
    import httpx

Answer: TypeAlias = dict[str, Any]
Body: TypeAlias = Callable[[], Iterator[bytes]]  # made anew for each attempt

PAUSES_SECONDS = (0.2, 0.6, 1.5)  # before the second, third and last attempt: a server that restarts is back by then
PAGE_ROWS_MAX = 100
SILENCE_SECONDS = 60.0  # a stream says within fifteen that its server is there
CHUNK_BYTES = 1 << 20
FILE_SECONDS = 4000.0  # a clip may be encoded for an hour before its first byte comes
TIMEOUT_SECONDS = 600.0  # an answer may need the replay of the whole record, or the probe of a long video
MENDS = {
    429: "wait a minute and repeat it",
    502: "see whether the server runs behind its proxy",
    503: "repeat it in a moment",
}


class Client:
    """One server and one session. Every method raises Refused where the server did not do as asked."""

    def __init__(
        self,
        here: session.Session,
        *,
        purpose: str | None = None,
        key: str | None = None,
        renewed: Callable[[session.Session], session.Session] | None = None,
    ) -> None:
        """`renewed` gives the session to go on with when one has ended: the same where there is no other."""
        import httpx

        for name, value in (("--key", key), ("OBERIH_TOKEN", here.token)):
            if value and not (value.isascii() and value.isprintable()):
                raise Refused(f"{name} has characters that no request can carry; copy it again as it was shown")
        self.session = here
        self._renewed = renewed
        self._key = key
        self._purpose = purpose
        self._http = httpx.Client(
            base_url=here.server,
            timeout=httpx.Timeout(TIMEOUT_SECONDS, connect=5.0),
            trust_env=not session.is_loopback(urlsplit(here.server).hostname or ""),  # no proxy to ourselves
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None) -> None:
        self._http.close()

    def ask(self, path: str, **parameters: object) -> Answer:
        """A question: changes nothing."""
        return _document(self._request("GET", path, parameters=parameters))

    def ask_list(self, path: str, limit: int, **parameters: object) -> Answer:
        """{"items", "next"}: the first `limit` items, over as many pages as it takes."""
        items: list[Answer] = []
        cursor: str | None = None
        while True:
            rows = min(limit - len(items), PAGE_ROWS_MAX)
            page = self.ask(path, limit=rows, cursor=cursor, **parameters)
            items += page["items"]
            cursor = page.get("next")
            if cursor is None or len(items) >= limit:
                return {"items": items, "next": cursor}

    def command(
        self, path: str, body: Mapping[str, object] | None = None, *, if_version: int | None = None, key: str = ""
    ) -> Answer:
        """A change, done once however often the connection is lost: every attempt carries the same key, which is
        `key`, else the one that the client was made with, else a new one.

        What is None in `body` is left out.
        """
        headers = {"Idempotency-Key": key or self._key or str(uuid4())}
        if if_version is not None:
            headers["If-Match"] = f'"{if_version}"'
        sent = {name: value for name, value in (body or {}).items() if value is not None}
        for name, value in sent.items():
            if isinstance(value, float) and not math.isfinite(value):
                raise Refused(f"{name}: {value} is no number to count with; give a finite one")
        return _document(self._request("POST", path, json=sent, headers=headers))

    def login(self, username: str, password: str) -> Answer:
        return _document(self._request("POST", "/login", json={"username": username, "password": password}))

    def upload(self, path: str, body: Body, size_bytes: int, *, key: str, **parameters: object) -> Answer:
        """Send a file as it is read, never whole in memory."""
        headers = {
            "Idempotency-Key": key,
            "Content-Type": "application/octet-stream",
            "Content-Length": str(size_bytes),
        }
        return _document(self._request("POST", path, parameters=parameters, content=body, headers=headers))

    def save(self, path: str, body: Mapping[str, object], out: BinaryIO) -> Mapping[str, str]:
        """A command that is answered with a file, which is written as it comes. Returns the answer's headers.

        Where the connection is lost it begins anew, with the same key.
        """
        import httpx

        made_within = httpx.Timeout(FILE_SECONDS, connect=5.0)
        headers = {**self._headers(), "Idempotency-Key": self._key or str(uuid4())}
        pauses = iter(PAUSES_SECONDS)
        while True:
            try:
                asked: dict[str, Any] = {"json": dict(body), "headers": headers, "timeout": made_within}
                with self._http.stream("POST", path, **asked) as answer:
                    if not answer.is_success:
                        answer.read()
                        if answer.status_code == 401 and self._is_renewed():
                            headers |= self._headers()
                            continue
                        raise self._refusal(answer)
                    out.seek(0)
                    out.truncate()
                    for block in answer.iter_bytes(CHUNK_BYTES):
                        out.write(block)
                    return answer.headers
            except httpx.TransportError as fault:
                self._pause(pauses, fault, headers["Idempotency-Key"])

    def hear(self, path: str, **parameters: object) -> Iterator[Heard]:
        """Server-sent events, from now on and without end. A connection that is lost is taken up again after what was
        heard last; a stream that its server ended is asked for again, too, until whoever hears it has heard enough.
        """
        import httpx

        listening = httpx.Timeout(SILENCE_SECONDS, connect=5.0)
        last, pauses = "", iter(PAUSES_SECONDS)
        while True:
            headers = {**self._headers(), "Accept": "text/event-stream"} | ({"Last-Event-ID": last} if last else {})
            asked: dict[str, Any] = {"params": _query(parameters), "headers": headers}
            try:
                with self._http.stream("GET", path, **asked, timeout=listening) as answer:
                    if not answer.is_success:
                        answer.read()
                        if answer.status_code == 401 and self._is_renewed():
                            continue
                        raise self._refusal(answer)
                    for heard in events(answer.iter_lines()):
                        last, pauses = heard.id or last, iter(PAUSES_SECONDS)
                        yield heard
            except httpx.TransportError as fault:
                self._pause(pauses, fault)
                continue
            time.sleep(PAUSES_SECONDS[0])

    def picture(self, path: str) -> bytes:
        return self._request("GET", path).content

    def _request(
        self,
        method: str,
        path: str,
        *,
        parameters: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        json: object = None,
        content: Body | None = None,
    ) -> httpx.Response:
        import httpx

        pauses = iter(PAUSES_SECONDS)
        while True:
            try:
                answer = self._http.request(
                    method,
                    path,
                    params=_query(parameters or {}),
                    headers={**self._headers(), **(headers or {})},
                    json=json,
                    content=content() if content else None,
                )
                break
            except httpx.TransportError as fault:
                self._pause(pauses, fault, (headers or {}).get("Idempotency-Key"))
        if answer.status_code == 401 and self._is_renewed():
            return self._request(method, path, parameters=parameters, headers=headers, json=json, content=content)
        if not answer.is_success:
            raise self._refusal(answer)
        return answer

    def _pause(self, pauses: Iterator[float], fault: httpx.TransportError, key: str | None = None) -> None:
        """Before the next attempt. Raises Refused where there were enough."""
        pause = next(pauses, None)
        if pause is None:
            raise self._lost(key, fault) from fault
        time.sleep(pause)

    def _is_renewed(self) -> bool:
        """Whether there is another login than the one that has ended."""
        before = self.session
        if self._renewed is not None:
            self.session = self._renewed(before)
        return self.session.token != before.token

    def _headers(self) -> dict[str, str]:
        headers = {"Accept": "application/json"}
        if self.session.token:
            headers["Authorization"] = f"Bearer {self.session.token}"
        if self._purpose:
            headers["Oberih-Purpose"] = quote(self._purpose, safe=" !#$&'()*+,/:;=?@[]~")  # headers carry ASCII only
        return headers

    def _lost(self, key: str | None, fault: httpx.TransportError) -> Refused:
        import httpx

        server = self.session.server
        if isinstance(fault, httpx.ConnectError | httpx.ConnectTimeout):
            return Refused(
                f"no server answers at {server}; start one with: oberih serve, or name another with --server",
                {"type": "/problems/no-server", "title": "No server"},
            )
        line = f"the connection to {server} was lost ({fault or type(fault).__name__})"
        if key:
            line += f"; whether it was done is unknown: repeat it as oberih --key {key} ... and it is done once"
        else:
            line += "; repeat it"
        return Refused(line, {"type": "/problems/connection-lost", "title": "Connection lost", "key": key})

    def _refusal(self, answer: httpx.Response) -> Refused:
        status = answer.status_code
        problem: Answer | None = None
        if answer.headers.get("content-type", "").startswith("application/problem+json"):
            problem = answer.json()
        if status == 401 and self.session.token:
            name = self.session.username or "USER"
            return Refused(f"the login at {self.session.server} has ended; log in again: oberih login {name}", problem)
        if status == 401 and answer.request.url.path != "/login":
            return Refused(f"nobody is logged in at {self.session.server}; log in: oberih login USER", problem)
        if problem is None:
            line = f"{self.session.server} answered {status} {answer.reason_phrase} without saying why"
            return Refused(f"{line}; {MENDS.get(status, 'see whether an Oberih server listens there')}")
        detail = str(problem.get("detail") or problem.get("title") or f"status {status}")
        return Refused(f"{detail}; {MENDS[status]}" if status in MENDS else detail, problem)


def _query(parameters: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in parameters.items() if value is not None}


def part(segment: str) -> str:
    """One segment of a path, whatever a person wrote."""
    return quote(segment.strip(), safe="")


def chunks(file: BinaryIO, watch: Callable[[int], None]) -> Iterator[bytes]:
    """The file from its beginning; `watch` is told how many bytes went out so far."""
    file.seek(0)
    sent = 0
    while chunk := file.read(CHUNK_BYTES):
        yield chunk
        sent += len(chunk)
        watch(sent)


def _document(answer: httpx.Response) -> Answer:
    try:
        document = answer.json()
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise Refused(f"{answer.request.url} did not answer as an Oberih server does; check --server")
    return document
