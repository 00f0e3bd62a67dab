"""Waking those who wait for the log to grow: at once within this process, by a poll for other processes."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable

POLL_SECONDS = 0.05


class Wakeup:
    """Knows how far the log has come. Other processes are looked for only while somebody waits."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._moved = threading.Condition()
        self._head = 0
        self._connection: sqlite3.Connection | None = None
        self._seen_version: int | None = None
        self._closed = False

    def appended(self, position: int) -> None:
        """This process has committed up to `position`."""
        with self._moved:
            self._head = max(self._head, position)
            self._moved.notify_all()

    def wait(self, after: int, timeout_seconds: float) -> bool:
        """Whether the log's head came beyond `after` within the time. False also when the log is closed."""
        deadline = time.monotonic() + timeout_seconds
        with self._moved:
            while not self._closed:
                if self._head <= after:
                    self._look_for_others()
                if self._head > after:
                    return True
                left_seconds = deadline - time.monotonic()
                if left_seconds <= 0:
                    return False
                self._moved.wait(min(left_seconds, POLL_SECONDS))
        return False

    def close(self) -> None:
        """Those who wait return at once."""
        with self._moved:
            self._closed = True
            if self._connection is not None:
                self._connection.close()
            self._moved.notify_all()

    def _look_for_others(self) -> None:
        """`data_version` changes with every commit of another connection, and costs no read of the table."""
        if self._connection is None:
            self._connection = self._connect()
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._seen_version:
            self._seen_version = version  # before the head is read: a commit between the two is seen next time
            head = self._connection.execute("SELECT coalesce(max(rowid), 0) FROM stored_events").fetchone()[0]
            self._head = max(self._head, head)
