"""Work that goes on side by side, in order and within bounds.

Threads do: decoding is a process of its own, and OpenCV, onnxruntime and torch let go of the interpreter. Whoever is
ahead waits for whoever takes its results, so a file of any length needs no more memory than a short one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from queue import Empty, Full, Queue
from types import TracebackType
from typing import Generic, Self, TypeVar

LOOK_SECONDS = 0.1  # how soon a waiting thread notices that it shall stop

Item = TypeVar("Item")


class Stopped(Exception):
    """Nobody wants this work any more."""


class _End:
    """Follows the last item."""


class Ahead(Generic[Item]):
    """Draws items from a generator in a thread of its own, at most `items_max` ahead of who iterates.

    A context: leaving it before the end sets `stop`, which is common to all that belongs together, and waits for the
    thread. What the generator raises is raised where it is iterated. `waiting` is called again and again while there
    is nothing.
    """

    def __init__(
        self,
        items: Generator[Item],
        items_max: int,
        stop: threading.Event,
        waiting: Callable[[], None] = lambda: None,
    ) -> None:
        self._items, self._stop, self._waiting = items, stop, waiting
        self._queue: Queue[Item | _End] = Queue(items_max)
        self._thread = ThreadPoolExecutor(1)
        self._ended = False

    def __enter__(self) -> Self:
        self._drawn = self._thread.submit(self._draw)
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        if not self._ended:
            self._stop.set()
        self._thread.shutdown()

    def __iter__(self) -> Iterator[Item]:
        while True:
            try:
                item = self._queue.get(timeout=LOOK_SECONDS)
            except Empty:
                if self._stop.is_set():  # what was drawn before is taken first: it is good
                    break
                self._waiting()
                continue
            if isinstance(item, _End):
                self._ended = True
                self._drawn.result()
                return
            taken = [item]
            del item
            yield taken.pop()  # it may be large: whoever takes it alone keeps it
        self._drawn.result()
        raise Stopped

    def _draw(self) -> None:
        try:
            with closing(self._items):
                for item in self._items:
                    if not self._put(item):
                        raise Stopped
                    del item
        finally:
            self._put(_End())

    def _put(self, item: Item | _End) -> bool:
        while not self._stop.is_set():
            try:
                self._queue.put(item, timeout=LOOK_SECONDS)
            except Full:
                continue
            return True
        return False


class Room:
    """How many units may be in memory as pictures at once, over all footages that share it."""

    def __init__(self, units_max: int) -> None:
        self.units_max = units_max
        self._free = threading.Semaphore(units_max)

    def take(self, stop: threading.Event) -> None:
        """Wait for a place. Raises Stopped once `stop` is set."""
        while not self._free.acquire(timeout=LOOK_SECONDS):
            if stop.is_set():
                raise Stopped

    def give_back(self, places: int = 1) -> None:
        if places:
            self._free.release(places)
