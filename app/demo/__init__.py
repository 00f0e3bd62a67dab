"""`oberih demo`: an example district, and one walk through the main job over a real server.

A server of its own is started on a new data directory; everything after that goes over HTTP, with the rights of the
example accounts, as it would for anybody.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console

from app.demo import district, report, tour
from app.demo.server import DemoServer
from app.initialising import initialise

SEED = 7


def run(once: bool, as_json: bool, folder: Path | None, port: int) -> None:
    """The whole demonstration; then serve until interrupted, unless `once`."""
    console = Console(stderr=as_json)
    parent = folder or Path(tempfile.mkdtemp(prefix="oberih-demo-"))
    started = time.perf_counter()
    made = initialise(parent / "deployment", password=district.PASSWORD)
    document: dict[str, Any] = {"folder": str(parent)}
    with DemoServer(parent / "deployment", port) as server:
        place = district.seed(server, made.unit, parent / "films", SEED, console)
        document["footage"] = district.archive_and_index(server, place, console)
        document |= tour.walk(server, place, parent, console)
        document["seconds"] = round(time.perf_counter() - started, 1)
        report.show(document, console)
        if as_json:
            json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
            sys.stdout.write("\n")
        if not once:
            report.show_addresses(server.address, document, console)
            server.wait()
