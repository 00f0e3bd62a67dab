"""The commands that open files themselves instead of asking a server: each is one call into the room."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from app.cli import answers
from app.cli.options import AsJson, DataFolder, invocation
from app.cli.session import DEFAULT_PORT

DATA = Path("oberih-data")

Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="On loopback.")]


def init(
    ctx: typer.Context,
    folder: DataFolder,
    administrator: Annotated[str, typer.Option("--administrator", help="Username of the first account.")] = "admin",
    as_json: AsJson = False,
) -> None:
    """Make an empty deployment: databases, keys, and the first administrator, whose password is shown once.

    Example: oberih init --data /srv/oberih --administrator olena
    """
    from app.initialising import initialise

    made = initialise(folder, username=administrator)

    def readable() -> None:
        answers.line(f"made {made.folder}; serve it with: oberih serve --data {made.folder}")
        answers.line(f"log in with: oberih login {made.username}, password {made.password} (kept nowhere: note it)")
        answers.line(f"keep a copy of {made.root_key} elsewhere: without it no personal data can be read")

    answers.document(ctx, msgspec.to_builtins(made), readable)


def serve(
    folder: DataFolder = DATA,
    port: Port = DEFAULT_PORT,
    index_workers: Annotated[int, typer.Option("--index-workers", min=0, help="Indexing workers beside it.")] = 1,
) -> None:
    """Serve a deployment on loopback, with indexing workers beside it, until interrupted."""
    from app.serving import serve as run

    run(folder, port, index_workers)


def worker(folder: DataFolder = DATA) -> None:
    """Index archived footage until interrupted; any number of workers may run on this machine."""
    from app.serving import work

    work(folder)


def backup(
    ctx: typer.Context,
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="A new folder for the copy.")],
    folder: DataFolder = DATA,
    as_json: AsJson = False,
) -> None:
    """Copy a deployment consistently, also while it is served.

    Example: oberih backup --data /srv/oberih --to /backup/2026-11-23
    """
    from app.backup import back_up

    answers.facts(ctx, msgspec.to_builtins(back_up(folder, to)))


def migrate(ctx: typer.Context, folder: DataFolder = DATA, as_json: AsJson = False) -> None:
    """Bring an older deployment up to date; back it up first."""
    from app.backup import migrate as bring_up_to_date

    answers.facts(ctx, msgspec.to_builtins(bring_up_to_date(folder)))


def demo(
    ctx: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Stop after the replay instead of serving.")] = False,
    folder: Annotated[Path | None, typer.Option("--data", help="Keep it in this new folder.")] = None,
    port: Port = DEFAULT_PORT,
    as_json: AsJson = False,
) -> None:
    """Show it all on an example district: seed, archive, index, search, replay; then serve.

    Example: oberih demo --once
    """
    from app.demo import run

    run(once, invocation(ctx).as_json, folder, port)
