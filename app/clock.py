"""The clock of this process: the system's, and in a process that opens example deployments alone, the one it is told.

No deployment in earnest can have another clock than the system's, in three ways. `told_by` is for
`app/demo/year/clock.py` alone (the lint knows). It refuses while a deployment in earnest is open in this process, and
as long as it holds none can be opened or made: `in_use` is how a record is opened, whoever opens it.

What is meant against people at the door stays with the system's clock, also in an example: how long a token is good
(`app.access.tokens`), how long a wrong password makes wait (`app.access.passwords`), how many requests a minute allows
(`app.api.limits`). So does what files on the disk are told by: the age of a scrub, the pace of an index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Lock
from typing import TypeAlias

from app.deployment import Deployment, DeploymentFault

Clock: TypeAlias = Callable[[], datetime]


class _Process:
    """What this process has: which clock, and how many deployments in earnest."""

    def __init__(self) -> None:
        self.changing = Lock()
        self.told: Clock | None = None
        self.in_earnest = 0


_PROCESS = _Process()


def read() -> datetime:
    """Now, in UTC."""
    told = _PROCESS.told
    return datetime.now(UTC) if told is None else told()


@contextmanager
def in_use(place: Deployment) -> Iterator[None]:
    """While a deployment is open here.

    Raises:
        DeploymentFault: it is one in earnest, and this process is told the time.
    """
    if place.settings.example:
        yield
        return
    with _PROCESS.changing:
        if _PROCESS.told is not None:
            raise DeploymentFault(f"{place.folder} is no example, and this process has a simulated clock; use another")
        _PROCESS.in_earnest += 1
    try:
        yield
    finally:
        with _PROCESS.changing:
            _PROCESS.in_earnest -= 1


@contextmanager
def told_by(clock: Clock) -> Iterator[None]:
    """While held, the time is what `clock` says.

    Raises:
        DeploymentFault: a deployment in earnest is open in this process, or it is told the time already.
    """
    with _PROCESS.changing:
        if _PROCESS.in_earnest:
            raise DeploymentFault("a deployment in earnest is open in this process; simulate a clock in another one")
        if _PROCESS.told is not None:
            raise DeploymentFault("this process has a simulated clock already; end that one first")
        _PROCESS.told = clock
    try:
        yield
    finally:
        with _PROCESS.changing:
            _PROCESS.told = None
