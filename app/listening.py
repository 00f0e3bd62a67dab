"""Who listens to a stream of events: a bounded number, each with a seat that is given back however it ends."""

from __future__ import annotations

import threading
from collections import Counter
from uuid import UUID

from domain.errors import DomainError

LISTENERS_MAX = 32
OF_ONE_ACCOUNT_MAX = 4
RETRY_SECONDS = 10  # nobody knows when a seat is given back


class TooManyListeners(DomainError):
    code = "too-many-listeners"

    def __init__(self, listeners_max: int, whose: str) -> None:
        super().__init__(
            f"{whose} {listeners_max} streams of progress open already, which is the most; end one of them, "
            "or ask GET /footage/backlog",
            listeners_max=listeners_max,
            retry_after_seconds=RETRY_SECONDS,
        )


class Listeners:
    """The seats of one server."""

    def __init__(self) -> None:
        self._alone = threading.Lock()
        self._seated: Counter[UUID] = Counter()
        self.closing = threading.Event()  # the server ends: every stream is to end, soon

    def __len__(self) -> int:
        return self._seated.total()

    def take(self, account: UUID) -> None:
        """Raises TooManyListeners."""
        with self._alone:
            if self._seated[account] >= OF_ONE_ACCOUNT_MAX:
                raise TooManyListeners(OF_ONE_ACCOUNT_MAX, "this account has")
            if self._seated.total() >= LISTENERS_MAX:
                raise TooManyListeners(LISTENERS_MAX, "this server has")
            self._seated[account] += 1

    def give_back(self, account: UUID) -> None:
        with self._alone:
            self._seated[account] -= 1
            self._seated += Counter()  # forgets accounts without a seat
