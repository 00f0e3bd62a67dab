"""One digest over all events of a record, but for what is drawn anew each time: keys, ciphertexts and random ids.

An id that the house draws at random (of a disclosure, a sign-in, a request), or makes of the random token of a report,
is told by the order of its first appearance; all others stand as they are. So two years of one seed have one digest
where they have the same events, of the same streams, with the same facts and times, in the same order.
"""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

import msgspec

from app.demo.year.recount.history import read
from domain.log import EventLog
from domain.sealed import Sealed

BATCH_EVENTS = 1_000
RANDOM = 4  # the version of ids that are drawn


def digest(log: EventLog) -> str:
    """Raises ValueError where an event cannot be read."""
    found, drawn, fixed, after, by_token = hashlib.sha256(), dict[UUID, int](), set[UUID](), 0, False

    def named(value: Any) -> Any:
        if isinstance(value, UUID):
            if value not in fixed and (value in drawn or by_token or value.version == RANDOM):
                return f"drawn {drawn.setdefault(value, len(drawn))}"
            fixed.add(value)
            return str(value)
        if isinstance(value, Sealed):
            return {"sealed": named(value.subject)}
        if isinstance(value, msgspec.Struct):
            return {name: named(getattr(value, name)) for name in value.__struct_fields__}
        if isinstance(value, tuple | list):
            return [named(each) for each in value]
        return value

    while batch := log.read(after=after, limit=BATCH_EVENTS):
        for entry in batch:
            by_token = read(entry).meta.role == "resident"
            told = [read(entry).event.TOPIC, named(entry)]
            found.update(msgspec.json.encode(told, order="deterministic"))
        after = batch[-1].position
    return found.hexdigest()
