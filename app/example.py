"""That a deployment is an example, for good: its settings say so, and the first event of its record.

Both are written when it is made. Neither can be taken away or added alone: where they differ, it does not open.
"""

from __future__ import annotations

from argon2 import PasswordHasher

from app.deployment import Deployment, DeploymentFault
from domain.event import Recorded
from domain.example import DECIDER, MarkedAsExample, MarkExample
from domain.ids import EXAMPLE_STREAM, SYSTEM_ACTOR
from domain.log import Change, EventLog

HEADER = "oberih-example"  # of every answer of an example


def hasher(place: Deployment) -> PasswordHasher | None:
    """What makes hashes of an example's passwords, which are printed for everybody: a hundredth of the usual work. None
    in earnest.
    """
    return PasswordHasher(time_cost=1, memory_cost=1_024, parallelism=1) if place.settings.example else None


def mark() -> Change:
    """What stands first in the record of an example."""
    return Change(EXAMPLE_STREAM, 0, DECIDER.decide(None, MarkExample(by=SYSTEM_ACTOR)))


def require_mark(place: Deployment, log: EventLog) -> None:
    """Raises DeploymentFault where settings and record differ on whether it is an example."""
    first = log.read(limit=1)
    marked = bool(first) and isinstance(first[0], Recorded) and isinstance(first[0].event, MarkedAsExample)
    if marked and not place.settings.example:
        raise DeploymentFault(f'{place.folder} was made as an example, for good; put "example": true into oberih.json')
    if place.settings.example and not marked:
        raise DeploymentFault(f"{place.folder} was made in earnest; take example out of oberih.json")
