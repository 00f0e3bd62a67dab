"""One message to one receiver: a POST that is taken where the answer is 2xx, within seconds."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

import httpx

TIMEOUT_SECONDS = 10.0  # once the name is resolved, for all of it: a client's own timeout begins anew with every byte


class Refused(Exception):
    """The receiver did not take the message; `gone`: it will never take another."""

    def __init__(self, why: str, *, gone: bool = False) -> None:
        super().__init__(why)
        self.gone = gone


class Sender:
    """Follows no redirect and uses no proxy of the environment: a message goes where it was registered to go."""

    def __init__(self, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._timeout_seconds = timeout_seconds
        self._tls = httpx.create_ssl_context(trust_env=False)

    def send(self, url: str, body: bytes, headed: dict[str, str]) -> None:
        """Raises Refused."""
        sent = {**headed, "content-type": "application/json", "user-agent": "Oberih"}
        try:
            status = asyncio.run(self._status(url, body, sent))
        except (TimeoutError, httpx.HTTPError) as fault:
            raise Refused(f"no answer ({type(fault).__name__})") from fault
        if not 200 <= status < 300:
            raise Refused(f"answered {status}", gone=status == HTTPStatus.GONE)

    async def _status(self, url: str, body: bytes, sent: dict[str, str]) -> int:
        """In a loop, since only what runs in one can be ended wherever it waits."""
        seconds = self._timeout_seconds
        async with (
            asyncio.timeout(seconds),
            httpx.AsyncClient(verify=self._tls, timeout=seconds, follow_redirects=False, trust_env=False) as http,
            http.stream("POST", url, content=body, headers=sent) as answer,
        ):
            return answer.status_code
