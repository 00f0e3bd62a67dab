"""What a run took of the machine: processor time of the whole tree of processes, and its peak memory."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class Taken(SimpleNamespace):
    """`wall` and `cpu` seconds; `busy`: of the processor time that nobody else used, the share that this run used."""

    wall: float
    cpu: float
    busy: float


@contextmanager
def taken() -> Iterator[Taken]:
    """Measures the processes of this one and its children that end within. On a machine that others use as well,
    `busy` is what can be said: time in which a core idled while there was work is what it lacks."""
    spent = Taken(wall=0.0, cpu=0.0, busy=0.0)
    start, cpu, idle = time.perf_counter(), _cpu_seconds(), _idle_seconds()
    yield spent
    spent.wall, spent.cpu = time.perf_counter() - start, _cpu_seconds() - cpu
    spent.busy = spent.cpu / (spent.cpu + max(0.0, _idle_seconds() - idle))


def _cpu_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _idle_seconds() -> float:
    """Of all cores together, since the machine started; with waiting for the disk."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()
    return (int(fields[4]) + int(fields[5])) / _TICKS


class PeakMemory:
    """Looks every 50 ms at the resident memory of this process and all below it; `bytes` is the most it saw.
    Memory that two of them share counts twice."""

    def __init__(self) -> None:
        self.bytes, self._ended = 0, threading.Event()
        self._watching = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> PeakMemory:
        self._watching.start()
        return self

    def __exit__(self, *why: object) -> None:
        self._ended.set()
        self._watching.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.05):
            self.bytes = max(self.bytes, sum(_resident(process) for process in _tree(os.getpid())))


class Wanted:
    """Looks every 50 ms at how many threads of this process and all below it run or wait for a core; `share` is, of
    all cores, how many had work of this run to do on average. Who else uses the machine hardly matters to it."""

    def __init__(self) -> None:
        self.share, self._ended = 0.0, threading.Event()
        self._watching = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Wanted:
        self._watching.start()
        return self

    def __exit__(self, *why: object) -> None:
        self._ended.set()
        self._watching.join()

    def _watch(self) -> None:
        cores, looks, wanted = len(os.sched_getaffinity(0)), 0, 0
        while not self._ended.wait(0.05):
            tasks = (task for process in _tree(os.getpid()) for task in _listed(Path(f"/proc/{process}/task")))
            wanted += min(cores, sum(_runs(task) for task in tasks if task.name != str(threading.get_native_id())))
            looks += 1
            self.share = wanted / looks / cores


def _runs(task: Path) -> bool:
    try:
        return (task / "stat").read_text().rpartition(")")[2].split()[0] == "R"
    except OSError:
        return False


def _tree(process: int) -> Iterator[int]:
    """A child that has not become its own program yet shares all its memory with its parent, and is left out."""
    yield process
    for thread in _listed(Path(f"/proc/{process}/task")):
        try:
            children = (thread / "children").read_text().split()
        except OSError:
            continue
        for child in children:
            if _words(int(child)) != _words(process):
                yield from _tree(int(child))


def _words(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE_BYTES
    except (OSError, IndexError):
        return 0
