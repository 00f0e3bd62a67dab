"""Undoes what an encoder does to the process that opens it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def ordinary_priority() -> Iterator[None]:
    """SVT-AV1 puts the thread that opens it, and by inheritance all that it starts later, into the real-time class
    where it may (as root): threads that spin for one another then starve the machine, and each other for ever.
    """
    before = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        yield
    finally:
        os.sched_setscheduler(0, *before)
