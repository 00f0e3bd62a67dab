"""The process that is killed: `tests.torture.writing`, and what it had said by then."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from app.event_store.sqlite_file import Synchronous
from tests.torture.reckoning import Said

START_SECONDS = 60.0


class WriterProcess:
    """Its words go to a file: no pipe is full when nobody reads, and a kill loses nothing that was said."""

    def __init__(self, folder: Path, said: Path, lanes: int, synchronous: Synchronous = "FULL") -> None:
        self._said = said
        with said.open("wb") as words, said.with_suffix(".faults").open("wb") as faults:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.torture.writing", str(folder), str(lanes), synchronous],
                stdout=words,
                stderr=faults,
            )

    def wait_until_it_writes(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._said.stat().st_size:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the writer did not start: {self._said.with_suffix('.faults').read_text()}")
            time.sleep(0.005)

    def kill(self) -> Said:
        self._process.kill()
        self._process.wait()
        return Said.read(self._said)
