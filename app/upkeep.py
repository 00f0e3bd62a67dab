"""Small segments of the index are joined beside whoever commits them, so that searches open few files."""

from __future__ import annotations

import resource
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import structlog

from search_index.footage_index import FootageIndex

QUIET_SECONDS = 60.0  # without a commit, before all small segments are joined
LOOK_SECONDS = 5.0
REST_SECONDS = 60.0  # after a fault
PASSING = (OSError, sqlite3.OperationalError)  # a disk is full, or away for a while


def raise_open_files() -> None:
    """As many open files as this process may have: each large segment keeps two open."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


@contextmanager
def kept_up(index: FootageIndex, until: threading.Event) -> Iterator[None]:
    """Join small segments in a thread of its own, while whoever holds this commits. A fault that does not pass sets
    `until`, and is raised at the end."""
    done = threading.Event()
    with ThreadPoolExecutor(1, thread_name_prefix="upkeep") as beside:
        keeping = beside.submit(_keep_up, index, done, until)
        try:
            yield
        finally:
            done.set()
        keeping.result()


def _keep_up(index: FootageIndex, done: threading.Event, until: threading.Event) -> None:
    """What passes ends nobody's indexing: it is told, and tried again."""
    rest_seconds = LOOK_SECONDS
    try:
        while not done.wait(rest_seconds):
            rest_seconds = LOOK_SECONDS
            try:
                keep_up(index)
            except PASSING as fault:
                structlog.get_logger().error("small segments cannot be joined now", fault=str(fault))
                rest_seconds = REST_SECONDS
    except BaseException:
        until.set()
        raise


def keep_up(index: FootageIndex) -> None:
    """While any worker commits, only what is worth it: every unit that comes would have its day's segment made anew."""
    since_us = time.time_ns() // 1_000 - round(QUIET_SECONDS * 1_000_000)
    index.seal(busy=index.pace((), since_us=since_us).recent is not None)
