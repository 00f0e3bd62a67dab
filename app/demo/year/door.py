"""The API as everybody has it, asked in this process: by tokens of signing in, under Idempotency-Keys of the seed."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from types import TracebackType
from typing import Any
from urllib.parse import quote

import httpx

from app.api.asgi import create_app
from app.composition import Services
from app.demo.accounts import INITIAL_PASSWORD, PASSWORD
from app.demo.year.clock import YearClock
from domain.errors import DomainError
from domain.ids import account_id

ADDRESS = "http://127.0.0.1"


class Unexpected(DomainError):
    """The API answered otherwise than the year is written."""

    code = "year-unexpected"


class Door:
    """A context: leaving it closes the client. Keys follow from the seed and the order, so that ids do."""

    def __init__(self, house: Services, clock: YearClock, seed: int) -> None:
        self.commands = self.questions = 0
        self.refusals = Counter[str]()
        self._clock, self._seed = clock, seed
        logging.getLogger("httpx").setLevel(logging.WARNING)  # a line a request says nothing that the record does not
        self._runner = asyncio.Runner()
        app: Any = create_app(house)  # httpx types an application otherwise than the framework does
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._http = httpx.AsyncClient(transport=transport, base_url=ADDRESS, timeout=None)  # noqa: S113 (no network)
        self._tokens: dict[str, str] = {}
        self._purposes: dict[str, str] = {}

    def __enter__(self) -> Door:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._runner.run(self._http.aclose())
        self._runner.close()

    def sign_in(self, username: str, purpose: str, password: str = PASSWORD) -> None:
        """From now on `username` is known here, and does everything for `purpose` where nothing else is said."""
        self._tokens[username] = self.post("", "/login", {"username": username, "password": password})["token"]
        self._purposes[username] = purpose

    def choose_password(self, username: str, purpose: str) -> None:
        """What somebody with a new account does first of all."""
        self.sign_in(username, purpose, INITIAL_PASSWORD)
        chosen = self.post(username, "/me/password", {"old": INITIAL_PASSWORD, "new": PASSWORD})
        self._tokens[username] = chosen["token"]

    def post(self, who: str, path: str, body: object = None, *, version: int | None = None) -> dict[str, Any]:
        """A command that is taken. Raises Unexpected where it is not."""
        answer = self._command(who, path, body, version)
        if not answer.is_success:
            raise Unexpected(f"{who} at {self._clock():%Y-%m-%d}: POST {path} {answer.status_code}: {answer.text}")
        found: dict[str, Any] = answer.json()
        return found

    def resident(self, token: str, path: str, body: object) -> dict[str, Any]:
        """What whoever holds a report's token sends. Raises as `post` does."""
        self._clock.pass_request()
        self.commands += 1
        headers = {"Authorization": f"Report {token}", "Idempotency-Key": f"year-{self._seed}-{self.commands}"}
        answer = self._runner.run(self._http.post(path, json=body, headers=headers))
        if not answer.is_success:
            raise Unexpected(f"a resident at {self._clock():%Y-%m-%d}: POST {path} {answer.status_code}: {answer.text}")
        found: dict[str, Any] = answer.json()
        return found

    def attempt(self, who: str, path: str, body: object = None) -> dict[str, Any] | None:
        """A command that may be refused, which is counted then."""
        answer = self._command(who, path, body, None)
        found: dict[str, Any] = answer.json()
        if answer.is_success:
            return found
        self.refusals[str(found["type"]).rpartition("/")[2]] += 1
        return None

    def refused(self, who: str, path: str, body: object = None, *, version: int | None = None) -> str:
        """A command that is refused; the type of the problem. Raises Unexpected where it is taken."""
        answer = self._command(who, path, body, version)
        if answer.is_success:
            raise Unexpected(f"{who} at {self._clock():%Y-%m-%d}: POST {path} was to be refused, and was not")
        problem = str(answer.json()["type"]).rpartition("/")[2]
        self.refusals[problem] += 1
        return problem

    def ask(self, who: str, path: str, **parameters: Any) -> Any:
        """A question that is answered. Raises Unexpected where it is not."""
        self._clock.pass_request()
        self.questions += 1
        answer = self._runner.run(self._http.get(path, params=parameters, headers=self._headers(who)))
        if not answer.is_success:
            raise Unexpected(f"{who} at {self._clock():%Y-%m-%d}: GET {path} {answer.status_code}: {answer.text}")
        return answer.json()

    def account(self, username: str) -> str:
        return str(account_id(username))

    def _command(self, who: str, path: str, body: object, version: int | None) -> httpx.Response:
        self._clock.pass_request()
        self.commands += 1
        headers = {**self._headers(who), "Idempotency-Key": f"year-{self._seed}-{self.commands}"}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self._runner.run(self._http.post(path, json={} if body is None else body, headers=headers))

    def _headers(self, who: str) -> dict[str, str]:
        if not who:
            return {}
        return {"Authorization": f"Bearer {self._tokens[who]}", "Oberih-Purpose": quote(self._purposes[who])}
