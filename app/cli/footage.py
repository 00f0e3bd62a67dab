"""Archiving footage, and the footage shelf."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli import answers
from app.cli.connecting import connect
from app.cli.options import AsJson, IfVersion, Limit
from app.client.http import part

footage = typer.Typer(no_args_is_help=True, help="The footage shelf: what was archived and what became of it.")

Footage = Annotated[str, typer.Argument(metavar="SHA256", help="Digest of the footage.")]


@footage.command("list")
def list_footage(
    ctx: typer.Context,
    camera: Annotated[str | None, typer.Option("--camera", help="Only of this camera: its name or id.")] = None,
    state: Annotated[
        str | None,
        typer.Option("--state", help="Only in this state: archived, claimed, indexed, rejected, failed, 'given up'."),
    ] = None,
    erasure: Annotated[
        str | None, typer.Option("--erasure", help="Only what an order wants erased, pending, or has: carried-out.")
    ] = None,
    damaged: Annotated[
        bool, typer.Option("--damaged", help="Only where the scrub found the original damaged.")
    ] = False,
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
    narrowed = {"camera": camera, "footage_state": state, "erasure": erasure}
    with connect(ctx) as client:
        page = client.ask_list("/footage", limit, **narrowed, damaged="true" if damaged else None)
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
