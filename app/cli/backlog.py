"""How indexing goes: the backlog once, or live until nothing is left."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

import typer

from app.cli import answers
from app.cli.connecting import connect, connect_for_long
from app.cli.options import AsJson, PasswordFile, invocation
from app.client.http import Answer
from app.client.refused import Refused
from domain.footage_state import GIVEN_UP, INDEXED, REJECTED
from domain.kyiv_time import shown

STATES = ("waiting", "claimed", "failed", "given_up", "rejected")
ENDED = (INDEXED, REJECTED, GIVEN_UP)
UNDER_WAY = (
    ("sha256", "sha256"),
    ("camera", answers.named("camera")),
    ("worker", lambda row: "(its worker is gone)" if row["lapsed"] else row["worker"]),
    ("state", "state"),
    ("done", lambda row: f"{_lasts(row['done_seconds'])} of {_lasts(row['total_seconds'])}"),
    ("rows", "rows"),
    ("rate", lambda row: _rate(row["rate"])),
    ("ends", "ends_at"),
)


def backlog(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Show what is not indexed yet: what waits, what is worked on and how far, how fast, and when it will be done."""
    with connect(ctx) as client:
        found = client.ask("/footage/backlog")
    answers.document(ctx, found, lambda: _print(found))


def watch(
    ctx: typer.Context,
    lasting: Annotated[bool, typer.Option("--lasting", help="Go on when nothing waits any more.")] = False,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Watch indexing until nothing waits any more.

    What becomes of each footage is said in its line; how far those under way are is shown meanwhile. The exit status
    is 1 where one was rejected or given up. With --json, the document at the end has what became of all.
    """
    became: list[Answer] = []
    left: Answer = {}
    with connect_for_long(ctx, password_file) as client, _live() as live:
        for heard in client.hear("/footage/progress", lasting="true" if lasting else None):
            about: Answer = json.loads(heard.data)
            if heard.kind == "became":
                became.append(about)
                live.forget(about["sha256"])
                if not invocation(ctx).as_json:
                    answers.line(_became(about))
            elif heard.kind == "progress":
                live.show(about)
            elif heard.kind in ("backlog", "end"):
                left = about
                live.title(_summary(about))
            elif heard.kind == "refused" and about["status"] != HTTPStatus.UNAUTHORIZED:  # then it is asked for again
                raise Refused(str(about["detail"]), about)
            if heard.kind == "end":
                break
    answers.document(ctx, {"became": became, "backlog": left}, lambda: None)
    counts = Counter(str(each["state"]) for each in became)
    answers.say("; ".join([*(f"{counts[state]} {state}" for state in ENDED if counts[state]), "nothing waits"]))
    if counts[REJECTED] or counts[GIVEN_UP]:
        raise typer.Exit(1)


def _print(found: Answer) -> None:
    rows = [{"state": state.replace("_", " "), **found[state]} for state in STATES]
    lasts = ("lasting", lambda row: _lasts(row["seconds"]))
    answers.table(rows, (("state", "state"), ("footages", "footages"), lasts))
    if found["under_way"]:
        answers.table(found["under_way"], UNDER_WAY)
    answers.line(_summary(found))


def _summary(found: Answer) -> str:
    open_footages = sum(found[state]["footages"] for state in ("waiting", "claimed", "failed"))
    if not open_footages:
        return "nothing waits for indexing"
    rate = _rate(found["rate"]) or "unknown"
    return (
        f"{open_footages} to index, {_lasts(found['left_seconds'])} left; rate of the last {found['rate_minutes']} "
        f"minutes: {rate}; done: {_end(found)}"
    )


def _became(about: Answer) -> str:
    at = shown(datetime.fromisoformat(about["at"]))
    name = about.get("camera_name") or "unknown camera"
    told = f"{at} {about['sha256']} of {name}: {about['state']}"
    if about["state"] == INDEXED:
        return f"{told}, {about['rows']} rows"
    again = f"; tried again at {shown(datetime.fromisoformat(about['retry_at']))}" if about.get("retry_at") else ""
    return f"{told}: {about['reason_code']}: {about['detail']}{again}"


def _lasts(seconds: float) -> str:
    """Hours, minutes and seconds of footage."""
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def _rate(rate: float | None) -> str:
    return "" if rate is None else f"{rate:.3g} × real time"


def _end(of: Answer) -> str:
    return shown(datetime.fromisoformat(of["ends_at"])) if of["ends_at"] else "unknown"


class Live:
    """Bars on standard error: one for each footage under way. Without a terminal, silent."""

    def __init__(self, bars: Any) -> None:
        self._bars, self._tasks = bars, dict[str, Any]()
        self._title = bars.add_task("", total=None)

    def title(self, text: str) -> None:
        self._bars.update(self._title, description=text)

    def show(self, about: Answer) -> None:
        name = f"{about.get('camera_name') or ''} {about['sha256'][:12]}"
        rate = "its worker is gone" if about["lapsed"] else _rate(about["rate"])
        text = f"{name} {_lasts(about['done_seconds'])} of {_lasts(about['total_seconds'])} {rate}"
        if about["sha256"] not in self._tasks:
            self._tasks[about["sha256"]] = self._bars.add_task(text, total=about["total_seconds"])
        self._bars.update(self._tasks[about["sha256"]], description=text, completed=about["done_seconds"])

    def forget(self, sha256: str) -> None:
        if (task := self._tasks.pop(sha256, None)) is not None:
            self._bars.remove_task(task)


@contextmanager
def _live() -> Iterator[Live]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    console = Console(stderr=True)
    bars = Progress(TextColumn("{task.description}", markup=False), BarColumn(), console=console, transient=True)
    if not console.is_terminal:
        bars.disable = True
    with bars:
        yield Live(bars)
