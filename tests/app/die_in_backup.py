"""Kills a process (SIGKILL, to itself) at every step of a backup.

    python -m tests.app.die_in_backup DEPLOYMENT COPIES

A step is whatever changes the disk: a file opened, made, renamed, synced, a database opened. COPIES/<n> is left as the
death before step n left it; the last one is of the backup that got to its end. Prints the steps, one a line.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from app.backup import back_up
from tests.search_index.die_at_each_step import Steps

CHANGES = ("os.rename", "os.mkdir", "sqlite3.connect")


def watch_all(steps: Steps, copies: Path) -> None:
    """Count what happens within `copies`: all else is not the copy."""
    steps.watch(os, "fsync", lambda opened: f"fsync {Path(f'/proc/self/fd/{opened}').readlink().name}")

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        opened_to_write = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if (opened_to_write or event in CHANGES) and str(copies) in str(arguments[0]):
            names = (Path(str(each)).name for each in arguments[:2] if isinstance(each, str | Path))
            steps.take(f"{event} {' to '.join(names)}")

    sys.addaudithook(hook)


def main(folder: Path, copies: Path) -> None:
    number = 0
    while True:
        aside = copies / f"{number:03}"
        aside.mkdir(parents=True)
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            steps = Steps(number)
            watch_all(steps, aside)
            back_up(folder, aside / "copy")
            os.write(writing, "\n".join(steps.taken).encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as told:
            taken = told.read()
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0
            sys.stdout.write(taken + "\n")
            return
        assert os.WTERMSIG(status) == signal.SIGKILL
        number += 1


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
