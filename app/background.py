"""What runs beside the requests: threads that are waited for at the end, and whose death does not go unnoticed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import msgspec
import structlog


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """How a thread in the background is."""

    name: str
    running: bool
    fault: str | None  # what it waits for; or, where it runs no more, what ended it
    skipped: dict[str, str]  # by id: what it could not take and passed over, and why


@dataclass
class Notes:
    """What a thread in the background says of itself. Written by that thread alone, read by any."""

    fault: str | None = None
    skipped: dict[str, str] = field(default_factory=dict)  # replaced by another, never changed

    @contextmanager
    def waiting(self, passing: tuple[type[Exception], ...], who: str) -> Iterator[None]:
        """Work after which one of `passing` is noted as what `who` waits for, and is tried again by the caller's loop:
        logged once, shown as long as it lasts.
        """
        try:
            yield
            self.fault = None
        except passing as fault:
            fresh, self.fault = self.fault is None, f"{type(fault).__name__}: {fault}"
            if fresh:
                structlog.get_logger().warning(f"{who} waits", fault=self.fault)


class Bell:
    """Wakes a thread that looks only now and then."""

    def __init__(self) -> None:
        self._rung = threading.Event()

    def ring(self) -> None:
        self._rung.set()

    def rest(self, stop: threading.Event, seconds: float) -> None:
        """Until the time is over, it is rung, or `stop` is set."""
        waited = 0.0
        while waited < seconds and not stop.wait(1.0) and not self._rung.is_set():
            waited += 1.0
        self._rung.clear()


class _Thread(threading.Thread):
    """Runs until it is told to stop; what ends it before is noted, and raised into the log as by any thread."""

    def __init__(self, name: str, run: Callable[[threading.Event], None], notes: Notes) -> None:
        super().__init__(name=name, daemon=True)
        self.stop, self.notes, self._work = threading.Event(), notes, run
        self.died_of: str | None = None

    def run(self) -> None:
        try:
            self._work(self.stop)
        except BaseException as fault:
            self.died_of = f"{type(fault).__name__}: {fault}"
            structlog.get_logger().error("background work ended", work=self.name, exc_info=fault)
            raise
        if not self.stop.is_set():
            self.died_of = "without a word"


class Background:
    """The threads of one process."""

    def __init__(self) -> None:
        self._threads: dict[str, _Thread] = {}

    def start(self, name: str, run: Callable[[threading.Event], None], notes: Notes | None = None) -> None:
        """Run `run(stop)` in a thread of that name, until `end` sets `stop`; it is not to end before."""
        thread = _Thread(name, run, notes or Notes())
        self._threads[name] = thread
        thread.start()

    def end(self, *names: str) -> None:
        """Tell all of them to stop, and wait for them."""
        for name in names:
            self._threads[name].stop.set()
        for name in names:
            self._threads[name].join()

    def status(self) -> tuple[Work, ...]:
        return tuple(
            Work(
                name=name,
                running=thread.is_alive() and not thread.died_of,
                fault=thread.died_of or thread.notes.fault,
                skipped=thread.notes.skipped,
            )
            for name, thread in self._threads.items()
        )

    def faults(self) -> list[str]:
        """What an operator must know of: who waits, who died and must be started anew. It is told to everybody, so what
        of is left to `status`: the words of an error may name a file, or a person.
        """
        found = []
        for name, thread in self._threads.items():
            if thread.died_of:
                found.append(f"{name} ended; restart the server")
            elif thread.notes.fault:
                found.append(f"{name} waits")
        return found
