"""The processes of a deployment that indexes, as their torturer holds them: a house, and workers beside it.

Each is forked from a process that has imported everything and opened nothing, to begin quickly. They are the real
ones; only the encoder is another, and a worker says through a pipe what it is about to do and what it has done.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, NamedTuple

from app import logs, model_loading, serving
from app.composition import open_house
from app.indexing_queue import IndexingQueue
from search_index.encoder import Encoder
from search_index.errors import StaleClaim
from search_index.footage_index import FootageIndex
from tests.fakes_gpu import ColourHistograms
from tests.torture.indexing_house import Deadly

IDLE_SECONDS = 0.1
BEFORE = {"claim": "claiming", "commit": "committing", "indexed": "finishing", "seal": "sealing"}
REFUSED = ("renew", "indexed", "released")  # where they answer no, another holds the footage
AFTER = {"claim": "claimed", "commit": "committed", "indexed": "indexed", "released": "released"}


class Word(NamedTuple):
    """What a worker said: `committed`, of which footage, which unit (or which claim)."""

    what: str
    footage: str = ""
    number: int = 0


def telling(says: Connection, cls: type, name: str) -> None:
    """Have the method say what it is about to do, and what it has done."""
    real = getattr(cls, name)

    def told(self: Any, *args: Any, **options: Any) -> Any:
        about = args[0] if args else None
        if name in BEFORE:
            says.send(tuple(Word(BEFORE[name], *_named(about))))
        try:
            answer = real(self, *args, **options)
        except StaleClaim:
            says.send(tuple(Word("refused", *_named(about))))
            raise
        if answer is False and name in REFUSED:
            says.send(tuple(Word("refused", *_named(about))))
        if name in AFTER and answer not in (None, False):
            says.send(tuple(Word(AFTER[name], *_named(answer if name == "claim" else about))))
        return answer

    setattr(cls, name, told)


def _named(about: Any) -> tuple[str, int]:
    """Of a claim or a unit: its footage, and its fence or number."""
    return getattr(about, "footage", ""), getattr(about, "number", getattr(about, "fence", 0))


def worker(folder: Path, words: Path, says: Connection) -> None:
    _work(folder, words, says, ColourHistograms())


def deadly_worker(folder: Path, words: Path, says: Connection) -> None:
    """One that the deadly film kills."""
    _work(folder, words, says, Deadly())


def _work(folder: Path, words: Path, says: Connection, encoder: Encoder) -> None:
    """`oberih worker` until it is ended or killed."""
    into(words)
    model_loading.load_encoder = lambda *_: encoder
    serving.POLL_SECONDS = IDLE_SECONDS
    for name in ("claim", "renew", "indexed", "released"):
        telling(says, IndexingQueue, name)
    for name in ("commit", "seal"):
        telling(says, FootageIndex, name)
    serving.work(folder)


def house(folder: Path, words: Path, says: Connection) -> None:
    """What `oberih serve` opens, but for the port: views, keeper, scrub."""
    into(words)
    logs.configure(readable=False)
    services = open_house(folder, encoder=ColourHistograms())
    ended: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: ended.append(number))
    says.send(tuple(Word("open")))
    while not ended:
        time.sleep(IDLE_SECONDS)
    services.close()


def into(words: Path) -> None:
    """Write what the process logs there."""
    with words.open("ab") as file:
        for descriptor in (1, 2):
            os.dup2(file.fileno(), descriptor)


def first_to_say(what: str, processes: list[Process], times: int, seconds: float) -> Process | None:
    """Who says that word as the so-manieth of them all from now on; None where nobody does in that time."""
    deadline = time.monotonic() + seconds
    for process in processes:
        process.catch_up()
    while (left := deadline - time.monotonic()) > 0:
        speaking = wait([process.hears for process in processes if not process.is_silent], left)
        for process in processes:
            if process.hears in speaking and (word := process.hear()) and word.what == what:
                times -= 1
                if not times:
                    return process
    return None


class Process:
    """One of them. What it said before it died is not lost: a pipe keeps it."""

    def __init__(self, target: Callable[[Path, Path, Connection], None], folder: Path, words: Path) -> None:
        forking = multiprocessing.get_context("forkserver")
        forking.set_forkserver_preload([__name__, "gpu_jobs.face_model", "onnxruntime", "faiss"])
        self.hears, says = forking.Pipe(duplex=False)
        self._process = forking.Process(target=target, args=(folder, words, says))
        self._process.start()
        says.close()
        self.heard: list[Word] = []
        self.is_silent = False  # for ever: it has ended
        self.was_killed = False  # by us
        assert self._process.pid is not None
        self.pid: int = self._process.pid

    @property
    def status(self) -> int | None:
        return self._process.exitcode

    def hear(self, seconds: float = 0) -> Word | None:
        """Its next word; None where none comes in that time, or none ever more."""
        if not self.is_silent and self.hears.poll(seconds):
            try:
                self.heard.append(Word(*self.hears.recv()))
            except EOFError:
                self.is_silent = True
            else:
                return self.heard[-1]
        return None

    def catch_up(self) -> list[Word]:
        """All it has said by now."""
        while self.hear():
            pass
        return self.heard

    @property
    def is_under_way(self) -> bool:
        """Whether it came so far as to look for work."""
        return any(word.what == "claiming" for word in self.catch_up())

    def signal(self, number: int) -> None:
        """Harmless where it has ended: poison may have been quicker."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> list[Word]:
        """SIGKILL. Harmless where it has ended. Returns all it said."""
        self.was_killed = self.was_killed or self._process.is_alive()
        self._process.kill()
        self._process.join()
        return self.catch_up()

    def end(self, seconds: float) -> bool:
        """SIGTERM. Whether it went by itself, in order."""
        self._process.terminate()
        self._process.join(seconds)
        went = self._process.exitcode == 0
        self.kill()
        return went
