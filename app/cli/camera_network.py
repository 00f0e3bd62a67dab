"""The CCTV network as a whole: a register taken in, the nearest cameras, how long they worked, programmes."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer

from app.cli import answers
from app.cli.cameras import Camera
from app.cli.connecting import connect
from app.cli.options import TIME, AsJson, IfVersion, Limit, instant, invocation, iso
from app.client.http import Answer, Client, chunks, part
from app.spreadsheets import harmless

ASKED_EVERY_SECONDS = 0.5
SHOWN_MAX = 20  # refused rows, on the terminal

From = Annotated[datetime | None, typer.Option("--from", parser=instant, metavar=TIME, help="30 days ago, left out.")]
To = Annotated[datetime | None, typer.Option("--to", parser=instant, metavar=TIME, help="Now, where it is left out.")]


def import_cameras(
    ctx: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A CSV file in UTF-8; its first line names the columns.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Judge every row, and record nothing.")] = False,
    accept_refused: Annotated[
        bool, typer.Option("--accept-refused", help="Leave out the rows that are refused.")
    ] = False,
    report: Annotated[Path | None, typer.Option("--report", help="Write every refused row to this CSV file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Register all cameras of a file at once, or none of them.

    Columns: name, region, community, owner, place, place_kind, installed_at; and, where known, latitude, longitude,
    analytics. Where a row is refused nothing is recorded, unless such rows are to be left out. The community
    of each is to be on record before (POST /communities).

    Example: oberih camera import register.csv --dry-run --report refused.csv
    """
    if report is not None and not report.parent.is_dir():
        raise typer.BadParameter(f"{report}: name a file in a folder that exists")
    with connect(ctx) as client:
        told = _followed(client, _sent(ctx, client, file, dry_run=dry_run, accept_refused=accept_refused))
        path = f"/cameras/imports/{told['camera_import']}/refused"
        refused = client.ask_list(path, 10**6 if report else SHOWN_MAX) if told["refused"] else {"items": []}
    written = report is None or answers.written(report, lambda: _write(report, refused["items"]))
    answers.document(ctx, {**told, "refused_rows": refused["items"]}, lambda: _show(told, refused["items"]))
    if not written or told["state"] in ("refused", "failed"):
        raise typer.Exit(1)


def nearest(
    ctx: typer.Context,
    latitude: Annotated[float, typer.Argument(metavar="LATITUDE", help="WGS 84, degrees.")],
    longitude: Annotated[float, typer.Argument(metavar="LONGITUDE", help="WGS 84, degrees.")],
    limit: Limit = 20,
    as_json: AsJson = False,
) -> None:
    """List the cameras that stand nearest to a point."""
    columns = (
        ("metres", lambda row: f"{row['metres']:.0f}"),
        ("name", "name"),
        ("community", "community"),
        ("place", "place"),
        ("analytics", "analytics"),
        ("state", "state"),
    )
    with connect(ctx) as client:
        page = client.ask("/cameras/nearest", latitude=latitude, longitude=longitude, limit=limit)
    answers.listing(ctx, page, columns, "cameras")


def uptime(
    ctx: typer.Context,
    from_at: From = None,
    to_at: To = None,
    as_json: AsJson = False,
) -> None:
    """Show by region how large a share of their time the cameras were not out."""
    with connect(ctx) as client:
        answers.facts(ctx, client.ask("/network/uptime", from_at=iso(from_at), to_at=iso(to_at)))


def analytics(
    ctx: typer.Context,
    camera: Camera,
    from_at: Annotated[datetime, typer.Option("--from", parser=instant, metavar=TIME, help="So since then.")],
    present: Annotated[bool, typer.Option("--has/--has-not", help="It recognises cars or persons by itself, or not.")],
    if_version: IfVersion = None,
    as_json: AsJson = False,
) -> None:
    """Say since when a camera has video analytics of its own, or has them no more."""
    body = {"analytics": present, "from_at": iso(from_at)}
    with connect(ctx) as client:
        answer = client.command(f"/cameras/{part(camera)}/analytics", body, if_version=if_version)
    answers.receipt(ctx, answer, f"analytics of {camera} declared")


def _sent(ctx: typer.Context, client: Client, file: Path, *, dry_run: bool, accept_refused: bool) -> Answer:
    with file.open("rb") as opened:
        return client.upload(
            "/cameras/imports",
            lambda: chunks(opened, lambda _: None),
            file.stat().st_size,
            key=invocation(ctx).key or str(uuid4()),
            dry_run=str(dry_run).lower(),
            accept_refused=str(accept_refused).lower(),
        )


def _followed(client: Client, told: Answer) -> Answer:
    """Until it has ended; how far it is, on standard error."""
    rows = -1
    while told["ended_at"] is None:
        if told["rows"] != rows:
            rows = told["rows"]
            answers.say(f"{told['state']}: {rows} rows, {told['refused']} of them refused")
        time.sleep(ASKED_EVERY_SECONDS)
        told = client.ask(f"/cameras/imports/{told['camera_import']}")
    return told


def _show(told: Answer, refused: list[Any]) -> None:
    counts = f"{told['registered']} new, {told['already']} on record already, {told['refused']} refused"
    answers.line(f"{told['state']}: {told['rows']} rows, {counts} ({told['camera_import']})")
    if told["fault"]:
        answers.say(told["fault"])
    if refused:
        answers.table(refused[:SHOWN_MAX], [(name, name) for name in ("line", "name", "field", "fault", "mend")])
    if told["refused"] > SHOWN_MAX:
        answers.say(f"these are the first of {told['refused']}: --report FILE writes all of them")


def _write(report: Path, refused: list[Any]) -> None:
    import csv

    with report.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, ("line", "name", "field", "fault", "mend"))
        writer.writeheader()
        for row in refused:  # what a spreadsheet would take for a formula is shown as it is
            writer.writerow({name: harmless(str(cell)) for name, cell in row.items()})


VERBS: tuple[tuple[str, Callable[..., None]], ...] = (
    ("import", import_cameras),
    ("nearest", nearest),
    ("uptime", uptime),
    ("analytics", analytics),
)
