"""Old shapes of events, brought to the present one when they are read. The stored rows are never changed.

An added field with a default needs no entry here. A change of meaning gets a new topic (`camera.registered` becomes
`camera.registered:2`), whose class takes the old one's place in the domain, and one step here from the old topic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec


class Upcast(msgspec.Struct, frozen=True):
    """One step: the next topic, and the change of the stored fields (names to msgpack values) that leads there.

    A sealed part stays as it is, `[subject, part, ciphertext]`: it is bound to the topic it was stored under.
    """

    to_topic: str
    change: Callable[[dict[str, Any]], dict[str, Any]]


UPCASTS: Mapping[str, Upcast] = {}


def steps_to_present(topic: str, present: Mapping[str, Any], upcasts: Mapping[str, Upcast]) -> tuple[Upcast, ...]:
    """The steps from a stored topic to one of `present`; none where it is one itself.

    Raises:
        LookupError: nobody knows the topic, or the steps go round in a circle.
    """
    steps: list[Upcast] = []
    while topic not in present:
        step = upcasts.get(topic)
        if step is None or len(steps) > len(upcasts):
            raise LookupError(f"topic {topic!r} is not in the registry, and no upcast leads from it")
        steps.append(step)
        topic = step.to_topic
    return tuple(steps)
