"""Archiving footage, and the footage shelf."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer

from app.cli import answers
from app.cli.connecting import connect
from app.cli.options import TIME, AsJson, IfVersion, Limit, instant, invocation, iso
from app.cli.refused import one_line, refusal_of
from app.cli.wording import as_typed
from app.client.http import Answer, Client, chunks, part
from app.client.refused import Refused
from app.instants import parse
from domain.errors import DomainError

footage = typer.Typer(no_args_is_help=True, help="The footage shelf: what was archived and what became of it.")

NAME_TIME = re.compile(r"(?<!\d)(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)[-_.T ]?(\d\d)[-_.h]?(\d\d)[-_.m]?(\d\d)(?!\d)")

Footage = Annotated[str, typer.Argument(metavar="SHA256", help="Digest of the footage.")]


RecordedAt = Annotated[
    list[datetime] | None,
    typer.Option(
        "--recorded-at",
        parser=instant,
        metavar=TIME,
        help="When the first frame was taken; for several videos once for each, in their order.",
    ),
]
FromNames = Annotated[
    bool, typer.Option("--from-names", help="Read the times from the files' names, as in gate_20261123-140507.mp4.")
]
Uncertainty = Annotated[
    float, typer.Option("--uncertainty", min=0, help="The time is right to within ± this many seconds.")
]


def archive(
    ctx: typer.Context,
    videos: Annotated[list[Path], typer.Argument(metavar="VIDEO...", help="Files to archive.")],
    camera: Annotated[str, typer.Option("--camera", help="The camera that took them: its name or id.")],
    recorded_at: RecordedAt = None,
    from_names: FromNames = False,
    uncertainty_seconds: Uncertainty = 1.0,
    as_json: AsJson = False,
) -> None:
    """Archive footage of one camera; the server keeps the original and indexes it.

    A file that is refused is named, and the others go on; the exit status is 1 then.
    Archiving the same file again changes nothing.

    Example: oberih archive gate.mp4 --camera KYIV-014 --recorded-at 2026-11-23T14:00
    """
    times = _times(videos, recorded_at or [], from_names)
    source = "filename" if from_names else "operator"
    archived: list[Answer] = []
    refused: list[Answer] = []
    with connect(ctx) as client, _bars() as bars:
        for place, video in enumerate(videos):
            about = {"camera": camera, "uncertainty_seconds": uncertainty_seconds, "anchor_source": source}
            key = f"{said}:{place}" if (said := invocation(ctx).key) else str(uuid4())
            try:
                at = iso(times[place] or _time_in(video.name))
                sent = _send(client, video, {**about, "recorded_at": at, "name": video.name}, key, bars)
                archived.append({"file": str(video), **sent})
            except (Refused, DomainError, OSError) as fault:
                refused.append({"file": str(video), **refusal_of(fault).problem})
    answers.document(ctx, {"archived": archived, "refused": refused}, lambda: _tell(archived))
    for each in refused:
        why = one_line(as_typed(str(each["detail"]), each)).removeprefix(f"{each['file']}: ")
        answers.say(f"oberih: {each['file']}: {why}")
    if refused:
        raise typer.Exit(1)


@footage.command("list")
def list_footage(
    ctx: typer.Context,
    camera: Annotated[str | None, typer.Option("--camera", help="Only of this camera: its name or id.")] = None,
    state: Annotated[
        str | None,
        typer.Option("--state", help="Only in this state: archived, claimed, indexed, rejected, failed, 'given up'."),
    ] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List archived footage and what became of it."""
    columns = (
        ("sha256", "sha256"),
        ("camera", answers.named("camera")),
        ("from", "from_at"),
        ("to", "to_at"),
        ("±", "uncertainty_seconds"),
        ("state", "state"),
        ("again at", "retry_at"),
        ("rows", "rows"),
        ("fault", "reason_code"),
        ("damage", "damage"),
        ("erasure", "erasure_order"),
    )
    with connect(ctx) as client:
        page = client.ask_list("/footage", limit, camera=camera, footage_state=state)
    answers.listing(ctx, page, columns, "footage")


@footage.command("show")
def show(ctx: typer.Context, sha256: Footage, as_json: AsJson = False) -> None:
    """Show one archived file: its camera, time, state and gaps, and what it was indexed with."""
    with connect(ctx) as client:
        answers.facts(ctx, client.ask(f"/footage/{part(sha256)}"))


@footage.command("retry")
def retry(ctx: typer.Context, sha256: Footage, if_version: IfVersion = None, as_json: AsJson = False) -> None:
    """Have footage whose indexing failed indexed again, now."""
    with connect(ctx) as client:
        answer = client.command(f"/footage/{part(sha256)}/retry", if_version=if_version)
    answers.receipt(ctx, answer, "to be indexed again")


def _times(videos: list[Path], given: list[datetime], from_names: bool) -> list[datetime | None]:
    """The time of each video; None where its name is to tell."""
    if from_names == bool(given):
        raise typer.BadParameter("give --recorded-at TIME or --from-names, one of the two")
    if from_names:
        return [None] * len(videos)
    if len(given) != len(videos):  # two files of one camera never begin at the same time
        raise typer.BadParameter(f"{len(videos)} videos, but {len(given)} times: give --recorded-at once for each")
    return list(given)


def _time_in(name: str) -> datetime:
    found = NAME_TIME.search(name)
    if found is None:
        raise Refused("its name carries no time as in gate_20261123-140507.mp4; give --recorded-at instead")
    year, month, day, hour, minute, second = found.groups()
    return parse("time in the name", f"{year}-{month}-{day}T{hour}:{minute}:{second}")


def _send(client: Client, video: Path, about: dict[str, object], key: str, bars: Any) -> Answer:
    with video.open("rb") as file:
        size_bytes = video.stat().st_size
        bar = bars.add_task(video.name, total=size_bytes)
        return client.upload(
            "/footage",
            lambda: chunks(file, lambda sent: bars.update(bar, completed=sent)),
            size_bytes,
            key=key,
            **about,
        )


def _tell(archived: list[Answer]) -> None:
    for each in archived:
        done = "was archived already" if each.get("already") else "archived"
        answers.line(f"{each['file']} {done}: {each.get('id', '')}")


def _bars() -> Any:
    """Progress on standard error: what is under way, how fast, how long yet."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(binary_units=True),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        redirect_stdout=False,
        redirect_stderr=False,
    )
