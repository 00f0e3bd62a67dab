"""What a webhook can be told of: the kinds of things, and the operation by which its account may read one.

There is no second list of who may know what: a message goes out where the gate lets the account read the thing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from app import relations
from app.access.operations import Operation
from app.access.resources import Absent, Resource
from domain import concern, incident
from domain.decider import Decider


@dataclass(frozen=True)
class Subject:
    decider: Decider[Any, Any]
    read: Operation
    relation: Callable[[UUID, Any, datetime], Resource | Absent]


SUBJECTS: Mapping[str, Subject] = MappingProxyType(  # by the first word of their topics
    {
        "incident": Subject(
            incident.DECIDER, Operation.INCIDENT_READ, lambda key, state, _: relations.incident(key, state)
        ),
        "concern": Subject(concern.DECIDER, Operation.CONCERN_READ, relations.concern),
    }
)
