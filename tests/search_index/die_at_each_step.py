"""Kills a process (SIGKILL, to itself) at every step of a commit or a seal, each in a copy of an index.

    python -m tests.search_index.die_at_each_step commit|seal INDEX COPIES

A step is a call that makes something durable or visible: fsync, rename, rmdir, an SQL statement. COPIES/<n> is left
as the death before step n left it; the last copy is of the run that got to its end. Prints the steps, one a line.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from search_index.footage_index import FootageIndex
from tests.search_index.index_examples import manifest, unit, unit_vectors


class Steps:
    """Counts the steps of this process and dies before the given one."""

    def __init__(self, last: int) -> None:
        self.last, self.taken = last, list[str]()

    def take(self, name: str) -> None:
        if len(self.taken) == self.last:
            os.kill(os.getpid(), signal.SIGKILL)
        self.taken.append(name)

    def watch(self, module: Any, name: str, describe: Callable[..., str]) -> None:
        real = getattr(module, name)

        def watched(*args: Any, **options: Any) -> Any:
            self.take(describe(*args))
            return real(*args, **options)

        setattr(module, name, watched)


def watched(index: FootageIndex, steps: Steps) -> None:
    steps.watch(os, "fsync", lambda opened: f"fsync {Path(f'/proc/self/fd/{opened}').readlink().name}")
    steps.watch(os, "rename", lambda source, target: f"rename {Path(source).name} to {Path(target).name}")
    steps.watch(os, "rmdir", lambda path, **_: f"rmdir {Path(path).name}")
    index._store.catalogue._db.set_trace_callback(lambda statement: steps.take(statement.split(" (")[0]))


def new_unit() -> Any:
    return unit(unit_vectors(np.random.default_rng(9), 20), footage="footage-new", camera="camera-1")


def act(what: str, folder: Path, steps: Steps) -> None:
    with FootageIndex(folder, manifest()) as index:
        if what == "seal":
            index.load()
        watched(index, steps)
        if what == "commit":
            index.commit(new_unit())
        else:
            index.seal()
        index._store.catalogue._db.set_trace_callback(None)


def main(what: str, original: Path, copies: Path) -> None:
    last = 0
    while True:
        folder = shutil.copytree(original, copies / f"{last:03}")
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            steps = Steps(last)
            act(what, folder, steps)
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
        last += 1


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
