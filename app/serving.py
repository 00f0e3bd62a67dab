"""`oberih serve` and `oberih worker`: one server process, indexing workers beside it, each ended in order."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

import structlog

from app import deployment, logs
from app.at_work import open_models, open_remaking, open_work
from app.background import Background
from app.composition import Services, open_house
from app.deployment import DeploymentFault
from app.indexing_queue import UNREACHABLE
from app.upkeep import kept_up, raise_open_files
from gpu_jobs.decoding import sandbox
from gpu_jobs.errors import ModelUnavailable
from gpu_jobs.pipeline import Progress
from search_index.errors import ManifestMismatch

POLL_SECONDS = 1.0
RESTART_SECONDS_MIN, RESTART_SECONDS_MAX = 1.0, 60.0
STEADY_SECONDS = 300.0  # a worker that lived so long has died of something new
UNBUILDABLE: tuple[type[Exception], ...] = (ModelUnavailable, ManifestMismatch, *UNREACHABLE)
WORKER_GRACE_SECONDS = 30.0  # a worker finishes its unit of footage before it goes


def serve(folder: Path, port: int, index_workers: int) -> None:
    """Serve the data directory on loopback until SIGTERM or SIGINT, with that many indexing workers beside it."""
    logs.configure(readable=sys.stderr.isatty())
    raise_open_files()
    deployment.load(folder)  # what is quick to refuse is refused before the model is loaded
    check_port(port)
    house = open_house(folder)
    try:
        with Workers(folder, index_workers, house.background):
            asyncio.run(serve_house(house, port))
    finally:
        house.close()


async def serve_house(house: Services, port: int) -> None:
    """The HTTP server over an open house. Loopback only: the embedded issuer is for one machine."""
    from granian.constants import Interfaces
    from granian.server.embed import Server

    from app.api.asgi import create_app

    server = Server(create_app(house), address="127.0.0.1", port=port, interface=Interfaces.ASGI, log_enabled=False)
    loop = asyncio.get_running_loop()

    def end() -> None:
        house.listeners.closing.set()  # the server waits for answers under way, and a stream would go on
        server.stop()  # type: ignore[no-untyped-call]

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    structlog.get_logger().info("decoding is shut in", by=sandbox().present, missing=sandbox().missing)
    structlog.get_logger().info("serving", address=f"http://127.0.0.1:{port}", pid=os.getpid())
    await server.serve()


def check_port(port: int) -> None:
    """Raises DeploymentFault where another program listens: granian itself would only log it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as fault:
            raise DeploymentFault(f"port {port} is taken ({fault.strerror}); choose another with --port") from fault


class Workers:
    """Indexing workers of their own processes, so that decoding and CLIP never slow an answer.

    One that dies is started anew, at first soon, then ever more slowly, and soon again once one has lived for long.
    A context: leaving it ends them all.
    """

    def __init__(self, folder: Path, count: int, background: Background) -> None:
        self._command = [sys.executable, "-m", "app", "worker", "--data", str(folder), "--parent", str(os.getpid())]
        self._names = [f"worker-{number}" for number in range(count)]
        self._background = background

    def __enter__(self) -> Workers:
        for name in self._names:
            self._background.start(name, self._keep)
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._background.end(*self._names)

    def _keep(self, stop: threading.Event) -> None:
        pause_seconds = RESTART_SECONDS_MIN
        while not stop.is_set():
            started = time.monotonic()
            process = subprocess.Popen(self._command)  # noqa: S603
            while process.poll() is None and not stop.wait(POLL_SECONDS):
                pass
            if process.poll() is None:
                end(process)
                return
            if time.monotonic() - started >= STEADY_SECONDS:
                pause_seconds = RESTART_SECONDS_MIN
            structlog.get_logger().error("worker ended", status=process.returncode, again_in_seconds=pause_seconds)
            stop.wait(pause_seconds)
            pause_seconds = min(2 * pause_seconds, RESTART_SECONDS_MAX)


def end(process: subprocess.Popen[bytes]) -> None:
    """Let it finish its unit of footage and give back the rest. Of one that is killed the claim lapses."""
    process.terminate()
    try:
        process.wait(WORKER_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def work(folder: Path, parent: int | None = None) -> None:
    """Index archived footage until SIGTERM or SIGINT: then finish the units under way and go.

    With `parent`, the process id of the server that started it, it goes in the same way once that server is gone: one
    that was killed leaves no worker behind. Without, it is on its own, whoever started it.
    """
    logs.configure(readable=sys.stderr.isatty())
    raise_open_files()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if parent is not None:
        threading.Thread(target=watch, args=(parent, stop), name="parent", daemon=True).start()
    while not stop.is_set():
        _shift(folder, stop)


def _shift(folder: Path, stop: threading.Event) -> None:
    """Index with the model that is in force now, and build what is switched to beside it, until another model is in
    force or `stop` is set."""
    with (
        open_work(folder, report=tell) as (worker, index),
        open_models(folder) as models,
        ThreadPoolExecutor(2, thread_name_prefix="shift") as beside,
    ):
        until = threading.Event()
        working = [
            beside.submit(_end_shift, stop, until, lambda: models().is_in_force(index.generation)),
            beside.submit(_remake, folder, until),
        ]
        try:
            with kept_up(index, until):
                worker.run(until, poll_seconds=POLL_SECONDS)
        finally:
            until.set()
        for each in working:
            each.result()


def _end_shift(stop: threading.Event, until: threading.Event, is_in_force: Callable[[], bool]) -> None:
    try:
        while not (stop.wait(POLL_SECONDS) or until.is_set()) and is_in_force():
            pass
    finally:
        until.set()


def _remake(folder: Path, until: threading.Event) -> None:
    """Build what is switched to, whenever there is such a thing. A model that cannot be loaded keeps nobody from
    indexing: it is told, and tried again."""
    try:
        while not until.is_set():
            try:
                with open_remaking(folder, report=tell) as opened:
                    if opened is not None:
                        remaker, index = opened
                        with kept_up(index, until):
                            remaker.run(until, poll_seconds=POLL_SECONDS)
            except UNBUILDABLE as fault:
                structlog.get_logger().error("what is switched to cannot be built now", fault=str(fault))
                until.wait(RESTART_SECONDS_MAX)
            until.wait(POLL_SECONDS)
    finally:
        until.set()


def watch(parent: int, stop: threading.Event) -> None:
    """Set `stop` when the parent is gone: within a second or so, also in the middle of a film."""
    while not stop.wait(POLL_SECONDS):
        if os.getppid() != parent:
            structlog.get_logger().warning("the server is gone", parent=parent)
            stop.set()


def tell(progress: Progress) -> None:
    """One line a unit: how far, how fast, how long to go."""
    structlog.get_logger().info(
        "indexing",
        footage=progress.footage[:12],
        done_seconds=round(progress.done_seconds),
        total_seconds=round(progress.total_seconds),
        times_real_time=round(progress.rate, 1),
        left_seconds=round(progress.left_seconds) if progress.rate else None,  # nothing was new: no rate to go by
        rows=progress.rows,
    )
