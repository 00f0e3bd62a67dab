"""The command `oberih`: one verb an operation of the API, and the few commands that open a deployment's files.

Exit status: 0 done; 1 refused or failed, with one line on standard error that says what and how to mend it;
2 wrong usage.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Annotated

import typer

from app.cli import archiving, backlog, clips, local, model_switching, passwords, people, reasons, record, searching
from app.cli.accesses import record as accesses
from app.cli.authorisations import authorisations
from app.cli.camera_network import VERBS as NETWORK_VERBS
from app.cli.cameras import cameras
from app.cli.children import incidents
from app.cli.footage import footage
from app.cli.keeping import holds
from app.cli.models import models
from app.cli.options import Invocation, one_of
from app.cli.refused import RefusingGroup
from domain.vocabulary import PURPOSES

app = typer.Typer(
    name="oberih", cls=RefusingGroup, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="rich"
)

PURPOSE = one_of(
    "Why you do this, on record beside your name, with a case number if you like (CODE:2026/1147)", PURPOSES
)
HERE = "Open files themselves"
SEARCH = "Footage"
CASEWORK = "Casework"
HOUSE = "Running it"


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"oberih {version('oberih')}")
        raise typer.Exit


@app.callback()
def oberih(
    ctx: typer.Context,
    server: Annotated[
        str | None,
        typer.Option("--server", envvar="OBERIH_SERVER", metavar="URL", help="Not the server that you logged in at."),
    ] = None,
    purpose: Annotated[
        str | None,
        typer.Option("--purpose", envvar="OBERIH_PURPOSE", help=PURPOSE),
    ] = None,
    key: Annotated[
        str | None, typer.Option("--key", help="Repeat a command whose answer was lost: with its key it is done once.")
    ] = None,
    version_wanted: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Casework and footage search for the protection of children.

    TIME is Kyiv time unless it carries an offset: 2026-11-23T14:05, 2026-11-23T14:05:07+02:00.
    Every command but serve and worker takes --json. Exit status: 0 done, 1 refused or failed, 2 wrong usage.
    """
    ctx.obj = Invocation(server=server, purpose=purpose, key=key)


COMMANDS: tuple[tuple[str, tuple[Callable[..., None], ...]], ...] = (
    (SEARCH, (archiving.archive, searching.search)),
    (HOUSE, (people.login, people.logout, people.me, passwords.password, record.replay)),
    (HERE, (local.demo, local.init, local.serve, local.worker, local.backup, local.migrate)),
)
for panel, commands in COMMANDS:
    for command in commands:
        app.command(rich_help_panel=panel)(command)
for noun, verb in reasons.VERBS:
    noun.command("reasons")(verb)
for name, verb in model_switching.VERBS:
    models.command(name)(verb)
for name, verb in NETWORK_VERBS:
    cameras.command(name)(verb)
footage.command("backlog")(backlog.backlog)
footage.command("watch")(backlog.watch)
footage.command("cut")(clips.cut)
app.add_typer(footage, name="footage", rich_help_panel=SEARCH)
app.add_typer(clips.clips, name="clips", rich_help_panel=SEARCH)
app.add_typer(searching.searches, name="searches", rich_help_panel=SEARCH)
app.add_typer(holds, name="hold", rich_help_panel=SEARCH)
app.add_typer(cameras, name="camera", rich_help_panel=SEARCH)
app.add_typer(incidents, name="incident", rich_help_panel=CASEWORK)
app.add_typer(authorisations, name="authorise", rich_help_panel=CASEWORK)
app.add_typer(models, name="model", rich_help_panel=HERE)
app.add_typer(people.units, name="unit", rich_help_panel=HOUSE)
app.add_typer(people.users, name="user", rich_help_panel=HOUSE)
app.add_typer(people.policy, name="policy", rich_help_panel=HOUSE)
app.add_typer(accesses, name="record", rich_help_panel=HOUSE)
app.add_typer(record.projections, name="projections", rich_help_panel=HOUSE)


def main() -> None:
    """The entry of `oberih` and of `python -m app`."""
    try:
        app(prog_name="oberih")
    except KeyboardInterrupt:  # before the command itself could see to it
        raise SystemExit(130) from None
