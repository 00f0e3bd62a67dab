"""How many requests one caller may make, and who counts as one caller. Who has no account is counted by their address,
under a name that only this process could make: residents report without one, and nothing tells who they are.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from litestar.exceptions import NotAuthorizedException
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.stores.memory import MemoryStore

from app.api.calls import Asked, bearer_of
from app.api.sources import source_of

STORE = "rate_limit"
_KEY = secrets.token_bytes(32)
CALLERS_MAX = 10_000  # counted at once: far more than an installation has accounts


def per_minute(requests_max: int) -> RateLimitConfig:
    """The framework's limit, by the caller. Its counts stand in the app's store of the name `STORE`."""
    return RateLimitConfig(
        rate_limit=("minute", requests_max), identifier_for_request=caller, exclude=["/health"], store=STORE
    )


def caller(request: Asked) -> str:
    """The account of a token that is valid, else the source: whoever makes up tokens gets no new count for each, and
    residents behind the operator's proxy do not count as one.
    """
    try:
        return f"account {bearer_of(request, request.app.state.services).account}"
    except NotAuthorizedException:
        return f"address {hmac.digest(_KEY, source_of(request).encode(), 'sha256').hex()}"


class Counts(MemoryStore):
    """Counts of a bounded number of callers: of those that are not over, the oldest gives way."""

    def __init__(self, callers_max: int = CALLERS_MAX) -> None:
        super().__init__()
        self._callers_max = callers_max

    async def set(self, key: str, value: str | bytes, expires_in: int | timedelta | None = None) -> None:
        if key not in self._store and len(self._store) >= self._callers_max:
            await self.delete_expired()
            while len(self._store) >= self._callers_max:
                await self.delete(next(iter(self._store)))
        await super().set(key, value, expires_in)

    @property
    def size(self) -> int:
        """How many are counted. Not `len`: the framework takes an empty store for none."""
        return len(self._store)
