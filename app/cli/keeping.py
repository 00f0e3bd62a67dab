"""Keeping and forgetting: holds, retention, erasure by order, certificates, the scrub."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from app.cli import answers
from app.cli.cameras import Camera, cameras
from app.cli.connecting import connect
from app.cli.footage import Footage, footage
from app.cli.options import TIME, AsJson, IfVersion, Limit, Reason, instant, iso
from app.client.http import part

holds = typer.Typer(no_args_is_help=True, help="Holds: footage that stays, whatever retention or orders say.")

Hold = Annotated[str, typer.Argument(metavar="HOLD", help="Its id.")]
Order = Annotated[str, typer.Option("--order", help="Number of the order that says so.")]


@holds.command("place")
def place(
    ctx: typer.Context,
    camera: Annotated[list[str], typer.Option("--camera", help="A camera's name or id; may be repeated.")],
    from_at: Annotated[datetime, typer.Option("--from", parser=instant, metavar=TIME, help="From then on.")],
    to_at: Annotated[datetime, typer.Option("--to", parser=instant, metavar=TIME, help="Until then.")],
    reason: Reason,
    incident: Annotated[str | None, typer.Option("--incident", help="The incident that it is for.")] = None,
    case: Annotated[str | None, typer.Option("--case", help="Or the case's number.")] = None,
    as_json: AsJson = False,
) -> None:
    """Hold footage of some cameras, for an incident or a case.

    Example: oberih hold place --camera KYIV-014 --from 2026-11-20T12:00 --to 2026-11-20T14:00 --case 12026100070001234
    --reason "needed as evidence"
    """
    body = {
        "cameras": camera,
        "from_at": iso(from_at),
        "to_at": iso(to_at),
        "incident": incident,
        "case": case or "",
        "reason": reason,
    }
    with connect(ctx) as client:
        answers.receipt(ctx, client.command("/holds", body), "held")


@holds.command("list")
def list_holds(
    ctx: typer.Context,
    standing: Annotated[bool, typer.Option("--standing", help="Only those that stand.")] = False,
    limit: Limit = 100,
    as_json: AsJson = False,
) -> None:
    """List the holds, the latest first."""
    columns = (
        ("from", "from_at"),
        ("to", "to_at"),
        ("case", "case"),
        ("incident", "incident"),
        ("by", "username"),
        ("unit", "unit_name"),
        ("released", "released_at"),
        ("id", "hold"),
    )
    with connect(ctx) as client:
        page = client.ask_list("/holds", limit, standing=True if standing else None)
    answers.listing(ctx, page, columns, "holds")


@holds.command("show")
def show(ctx: typer.Context, hold: Hold, as_json: AsJson = False) -> None:
    """Show a hold, and the footage that was gone before it."""
    with connect(ctx) as client:
        answers.facts(ctx, client.ask(f"/holds/{part(hold)}"))


@holds.command("release")
def release(
    ctx: typer.Context, hold: Hold, reason: Reason, if_version: IfVersion = None, as_json: AsJson = False
) -> None:
    """Let go of what was held."""
    with connect(ctx) as client:
        answer = client.command(f"/holds/{part(hold)}/release", {"reason": reason}, if_version=if_version)
    answers.receipt(ctx, answer, "released")


@cameras.command("retention")
def retention(
    ctx: typer.Context,
    camera: Camera,
    days: Annotated[int, typer.Option("--days", min=1, help="From the footage's end.")],
    basis: Order,
    if_version: IfVersion = None,
    as_json: AsJson = False,
) -> None:
    """Say how long a camera's footage is kept. It counts a week later: what must stay can be held until then."""
    body = {"days": days, "basis": basis}
    with connect(ctx) as client:
        answer = client.command(f"/cameras/{part(camera)}/retention", body, if_version=if_version)
    answers.receipt(ctx, answer, f"days that footage of {camera} is kept: {days}; nothing goes by it for a week")


@footage.command("erase")
def erase(ctx: typer.Context, sha256: Footage, order: Order, reason: Reason, as_json: AsJson = False) -> None:
    """Ask for footage to be erased by order; another administrator decides."""
    with connect(ctx) as client:
        answer = client.command(f"/footage/{part(sha256)}/erasure", {"order": order, "reason": reason})
    answers.receipt(ctx, answer, "erasure asked for: another administrator decides")


@footage.command("agree")
def agree(ctx: typer.Context, sha256: Footage, if_version: IfVersion = None, as_json: AsJson = False) -> None:
    """Agree to an erasure that another administrator asked for. It cannot be undone."""
    with connect(ctx) as client:
        answer = client.command(f"/footage/{part(sha256)}/erasure/agree", if_version=if_version)
    answers.receipt(ctx, answer, "erased: out of every search, and off the disk within minutes")


@footage.command("refuse")
def refuse(ctx: typer.Context, sha256: Footage, reason: Reason, as_json: AsJson = False) -> None:
    """Refuse an erasure that was asked for."""
    with connect(ctx) as client:
        answer = client.command(f"/footage/{part(sha256)}/erasure/refuse", {"reason": reason})
    answers.receipt(ctx, answer, "erasure refused")


@footage.command("certificate")
def certificate(ctx: typer.Context, sha256: Footage, as_json: AsJson = False) -> None:
    """Show that footage was destroyed: why, by whom, when."""
    with connect(ctx) as client:
        answers.facts(ctx, client.ask(f"/footage/{part(sha256)}/certificate"))


@footage.command("clock")
def clock(
    ctx: typer.Context,
    sha256: Footage,
    recorded_at: Annotated[
        datetime, typer.Option("--recorded-at", parser=instant, metavar=TIME, help="When its first frame was taken.")
    ],
    reason: Reason,
    uncertainty_seconds: Annotated[float, typer.Option("--uncertainty", min=0, help="Seconds, plus or minus.")] = 1.0,
    if_version: IfVersion = None,
    as_json: AsJson = False,
) -> None:
    """Correct when footage was taken, where the recorder's clock was off. It is indexed anew with that time."""
    body = {"recorded_at": iso(recorded_at), "uncertainty_seconds": uncertainty_seconds, "reason": reason}
    with connect(ctx) as client:
        answer = client.command(f"/footage/{part(sha256)}/clock", body, if_version=if_version)
    answers.receipt(ctx, answer, "corrected: to be indexed anew")


@footage.command("reindex")
def reindex(ctx: typer.Context, sha256: Footage, if_version: IfVersion = None, as_json: AsJson = False) -> None:
    """Have footage indexed anew."""
    with connect(ctx) as client:
        answer = client.command(f"/footage/{part(sha256)}/reindex", if_version=if_version)
    answers.receipt(ctx, answer, "to be indexed anew")


@footage.command("scrub")
def scrub(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Read every original and every segment now, and mend what can be mended."""
    with connect(ctx) as client:
        answers.facts(ctx, client.command("/footage/scrub"))
