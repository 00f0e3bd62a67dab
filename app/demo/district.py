"""The example district: units, people, four cameras, and the footage that the renderer draws of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from app.call import now
from app.client.http import Client, chunks
from app.demo.accounts import ACCOUNTS, ADMINISTRATOR, INITIAL_PASSWORD, PASSWORD, UNITS
from app.demo.server import DemoServer
from domain.errors import DomainError
from domain.kyiv_time import KYIV
from gpu_jobs.offline_model.demo_footage import CameraScript, draw_district

__all__ = ["PASSWORD", "District", "archive_and_index", "seed"]

PLACE_KINDS = {"schoolyard": "school-gate", "street": "street", "parking": "parking", "playground": "playground"}
POLL_SECONDS = 0.5
INDEXING_SECONDS_MAX = 1_800


class IndexingFailed(DomainError):
    """Footage of the demonstration was rejected, or indexing stopped."""

    code = "indexing-failed"


@dataclass(frozen=True)
class District:
    """What was drawn, and when it is said to have happened: yesterday, by Kyiv's clocks."""

    scripts: tuple[CameraScript, ...]
    midnight: datetime
    drawn_seconds: float

    def code(self, script: CameraScript) -> str:
        """The camera's name in the register."""
        return f"KYIV-{self.scripts.index(script) + 1:03}"

    def recorded_at(self, script: CameraScript) -> datetime:
        return self.midnight + timedelta(seconds=script.recorded_offset_s)

    def script(self, camera_name: str) -> CameraScript:
        return next(script for script in self.scripts if self.code(script) == camera_name)


def seed(server: DemoServer, first_unit: str, films: Path, seed_number: int, console: Console) -> District:
    """Units, accounts, roles and cameras by the administrator; then the films."""
    admin = server.as_user(ADMINISTRATOR)
    units = {
        unit.key: command(admin, "/units", {"name": unit.name, "region": "UA-30", "kind": unit.kind})["id"]
        for unit in UNITS
    }
    for person in ACCOUNTS:
        body = {"username": person.username, "full_name": person.full_name, "password": INITIAL_PASSWORD}
        account = command(admin, "/accounts", {**body, "unit": units[person.unit]})["id"]
        command(admin, f"/accounts/{account}/roles", {"role": person.role})
        server.choose_password(person.username, INITIAL_PASSWORD)
    console.print(f"{len(UNITS)} units and {len(ACCOUNTS) + 1} accounts; drawing the footage of four cameras …")
    started = time.perf_counter()
    with _Progress(console, "films") as advance:
        scripts = draw_district(films, seed_number, lambda _, done, total: advance("drawing films", done, total))
    yesterday = (now().astimezone(KYIV) - timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    district = District(tuple(scripts), yesterday, time.perf_counter() - started)
    for script in district.scripts:
        command(admin, "/cameras", _camera(district, script))
    return district


def _camera(district: District, script: CameraScript) -> dict[str, Any]:
    return {
        "name": district.code(script),
        "region": "UA-30",
        "community": "Подільська",
        "owner": "КП «Безпечне місто»",
        "place": script.name_uk,
        "place_kind": PLACE_KINDS[script.place],
        "analytics": False,
        "installed_at": "2024-09-01T00:00:00+03:00",
    }


def archive_and_index(server: DemoServer, district: District, console: Console) -> dict[str, Any]:
    """Archive every film; wait, with a progress bar, until the worker beside the server has indexed all."""
    investigator = server.as_user("olena")
    started = time.perf_counter()
    archived = [_archive(investigator, district, script) for script in district.scripts]
    archived_seconds = time.perf_counter() - started
    with _Progress(console, "indexed") as advance:
        rows = _wait_until_indexed(investigator, archived, advance)
    indexed_seconds = time.perf_counter() - started - archived_seconds
    filmed = sum(script.seconds for script in district.scripts)
    return {
        "films": len(archived),
        "filmed_seconds": filmed,
        "drawn_in_seconds": round(district.drawn_seconds, 1),
        "archived_in_seconds": round(archived_seconds, 1),
        "indexed_in_seconds": round(indexed_seconds, 1),
        "times_real_time": round(filmed / indexed_seconds, 1),
        "rows": rows,
    }


def _archive(investigator: Client, district: District, script: CameraScript) -> str:
    with script.file.open("rb") as file:
        answer = investigator.upload(
            "/footage",
            lambda: chunks(file, lambda _: None),
            script.file.stat().st_size,
            key=str(uuid4()),
            camera=district.code(script),
            recorded_at=district.recorded_at(script).isoformat(),
            uncertainty_seconds=0.5,
            anchor_source="demo",
            name=script.file.name,
        )
    return str(answer["id"])


def _wait_until_indexed(investigator: Client, archived: list[str], advance: Callable[[str, int, int], None]) -> int:
    deadline = time.monotonic() + INDEXING_SECONDS_MAX
    while time.monotonic() < deadline:
        shelf = [investigator.ask(f"/footage/{sha256}") for sha256 in archived]
        for each in shelf:
            if each["state"] in ("rejected", "given up"):
                raise IndexingFailed(f"footage {each['sha256'][:12]}… is {each['state']}: {each['detail']}")
        done = [each for each in shelf if each["state"] == "indexed"]
        advance("indexing footage", len(done), len(shelf))
        if len(done) == len(shelf):
            return sum(each["rows"] for each in shelf)
        time.sleep(POLL_SECONDS)
    raise IndexingFailed(f"not all footage was indexed after {INDEXING_SECONDS_MAX} s; see the server's log")


def command(client: Client, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """One change, under a key of its own."""
    return client.command(path, body or {}, key=str(uuid4()))


class _Progress:
    """A bar on the terminal for as long as the block runs."""

    def __init__(self, console: Console, unit: str) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn(unit))
        self._bar = Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console, transient=True)
        self._task = self._bar.add_task("…", total=None)

    def __enter__(self) -> Callable[[str, int, int], None]:
        self._bar.__enter__()
        return self._advance

    def __exit__(self, *fault: object) -> None:
        self._bar.stop()

    def _advance(self, what: str, done: int, total: int) -> None:
        self._bar.update(self._task, description=what, completed=done, total=total)
