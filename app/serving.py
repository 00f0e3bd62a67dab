"""`oberih serve` and `oberih worker`: one server process, indexing workers beside it, each ended in order."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import structlog

from app import logs
from app.composition import Services, open_house, open_work
from app.deployment import DeploymentFault

WORKER_GRACE_SECONDS = 30.0  # a worker finishes its unit of footage before it goes


def serve(folder: Path, port: int, index_workers: int) -> None:
    """Serve the data directory on loopback until SIGTERM or SIGINT, with that many indexing workers beside it."""
    logs.configure(readable=sys.stderr.isatty())
    check_port(port)
    house = open_house(folder)
    workers = [start_worker(folder) for _ in range(index_workers)]
    try:
        asyncio.run(serve_house(house, port))
    finally:
        stop_workers(workers)
        house.close()


async def serve_house(house: Services, port: int) -> None:
    """The HTTP server over an open house. Loopback only: the embedded issuer is for one machine."""
    from granian.constants import Interfaces
    from granian.server.embed import Server

    from app.api.asgi import create_app

    server = Server(create_app(house), address="127.0.0.1", port=port, interface=Interfaces.ASGI, log_enabled=False)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
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


def start_worker(folder: Path) -> subprocess.Popen[bytes]:
    """An indexing worker of its own process, so that decoding and CLIP never slow an answer."""
    return subprocess.Popen([sys.executable, "-m", "app", "worker", "--data", str(folder)])  # noqa: S603


def stop_workers(workers: list[subprocess.Popen[bytes]]) -> None:
    for worker in workers:
        worker.terminate()
    for worker in workers:
        try:
            worker.wait(WORKER_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            worker.kill()  # its lease lapses, and another continues where it stopped
            worker.wait()


def work(folder: Path) -> None:
    """Index archived footage until SIGTERM or SIGINT: then finish the unit under way and go."""
    logs.configure(readable=sys.stderr.isatty())
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with open_work(folder) as worker:
        worker.run(stop)
