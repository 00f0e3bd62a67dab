"""SIGTERM and SIGINT of a program that has started another one: it gets to end that one, whenever they come."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

SIGNALS = signal.SIGTERM, signal.SIGINT


class Interruptions:
    """Within `raised`, in the main thread, either of them raises KeyboardInterrupt; while `held` not before its end."""

    def __init__(self) -> None:
        self._is_held = self._is_due = False

    @contextmanager
    def raised(self) -> Iterator[None]:
        before: dict[signal.Signals, Any] = {number: signal.signal(number, self._came) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def held(self) -> Iterator[None]:
        """For what must come to its end, such as starting a process and noting which it is."""
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False
        if self._is_due:
            self._is_due = False
            raise KeyboardInterrupt

    def _came(self, number: int, frame: FrameType | None) -> None:
        if not self._is_held:
            raise KeyboardInterrupt
        self._is_due = True
