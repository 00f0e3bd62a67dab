"""The commands that open files themselves instead of asking a server: each is one call into the room."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from app.cli import answers
from app.cli.options import AsJson, DataFolder, PasswordFile, invocation, password_from
from app.client.refused import Refused
from app.client.session import DEFAULT_PORT

DATA = Path("oberih-data")

Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="On loopback.")]


@contextmanager
def one_line_faults() -> Iterator[None]:
    """What the rooms say of files that cannot be used, as the one line that ends the command."""
    from app.event_store.faults import StoreRefused
    from gpu_jobs.errors import ModelUnavailable
    from projections.errors import ProjectionFault
    from search_index.errors import IndexFault

    try:
        yield
    except (StoreRefused, ProjectionFault, IndexFault, ModelUnavailable) as fault:
        raise Refused(str(fault)) from fault


def init(
    ctx: typer.Context,
    folder: DataFolder,
    administrator: Annotated[str, typer.Option("--administrator", help="Username of the first account.")] = "admin",
    full_name: Annotated[str, typer.Option("--full-name", help="That person's name; kept sealed.")] = "Адміністратор",
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Make an empty deployment: databases, keys, and the first administrator.

    Without --password-file a password is made, and shown this once.

    Example: oberih init --data /srv/oberih --administrator olena --full-name "Олена Коваль"
    """
    from app.initialising import initialise

    password = None if password_file is None else password_from(password_file, confirm=True)
    with one_line_faults():
        made = initialise(folder, administrator=administrator, full_name=full_name, password=password)

    def readable() -> None:
        answers.line(f"made {made.folder}; serve it with: oberih serve --data {made.folder}")
        answers.line(f"the first administrator: {made.username}")
        if made.password:
            answers.line(f"their password, kept nowhere else: {made.password}")
        answers.line(f"keep a copy of {made.root_key} elsewhere: without it no personal data can be read")

    answers.document(ctx, msgspec.to_builtins(made), readable)


def serve(
    folder: DataFolder = DATA,
    port: Port = DEFAULT_PORT,
    index_workers: Annotated[int, typer.Option("--index-workers", min=0, help="Indexing workers beside it.")] = 1,
) -> None:
    """Serve a deployment on loopback, with indexing workers beside it, until interrupted."""
    from app.serving import serve as run

    with one_line_faults():
        run(folder, port, index_workers)


def worker(
    folder: DataFolder = DATA,
    parent: Annotated[int | None, typer.Option("--parent", hidden=True, help="The server that started it.")] = None,
) -> None:
    """Index archived footage until interrupted; any number of workers may run on this machine."""
    from app.serving import work

    with one_line_faults():
        work(folder, parent)


def backup(
    ctx: typer.Context,
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="A new folder for the copy.")],
    folder: DataFolder = DATA,
    as_json: AsJson = False,
) -> None:
    """Copy a deployment consistently, also while it is served. The folder gets its name when the copy is whole.

    What is damaged in the deployment itself (an original that is gone or altered) is named, the rest is saved; the
    exit status is 1 then. Restoring: end the server, copy the backup to a new folder, put root.key into it, serve it.

    Example: oberih backup --data /srv/oberih --to /backup/2026-11-23
    """
    from app.backup import back_up

    with one_line_faults():
        copied = back_up(folder, to)
    answers.facts(ctx, msgspec.to_builtins(copied))
    damaged = copied.record_damaged, copied.originals_damaged, copied.segments_damaged
    for what, faults in zip(("record", "original", "segment"), damaged, strict=True):
        for name, fault in faults.items():
            answers.say(f"oberih: {what} {name}: {fault}")
    if not copied.is_whole:
        answers.say("oberih: the backup is complete but for these; find them in an older backup, and check the disk")
        raise typer.Exit(1)


def migrate(ctx: typer.Context, folder: DataFolder = DATA, as_json: AsJson = False) -> None:
    """Bring an older deployment up to date; back it up first."""
    from app.backup import migrate as bring_up_to_date

    with one_line_faults():
        migrated = bring_up_to_date(folder)
    answers.facts(ctx, msgspec.to_builtins(migrated))


def demo(
    ctx: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Stop after the replay instead of serving.")] = False,
    year: Annotated[
        bool, typer.Option("--year", help="Instead, a year of a region on a simulated clock, counted once more.")
    ] = False,
    scale: Annotated[float, typer.Option("--scale", min=0.005, max=10, help="Of --year: a share of its size.")] = 1.0,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of --year: the same gives the same events.")] = 7,
    folder: Annotated[Path | None, typer.Option("--data", help="Keep it in this new folder.")] = None,
    port: Port = DEFAULT_PORT,
    as_json: AsJson = False,
) -> None:
    """Show it all on an example district: seed, archive, index, search, replay; then serve.

    Example: oberih demo --once
    Example: oberih demo --year --scale 0.1
    """
    if year:
        from app.demo.year import run as live

        with one_line_faults():
            if not live(scale, invocation(ctx).as_json, folder, seed):
                raise Refused("a view differs from its recount; see above")
        return
    from app.demo import run

    with one_line_faults():
        run(once, invocation(ctx).as_json, folder, port)
