"""Who came in and who saw what, for those who check."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from app.cli import answers
from app.cli.connecting import connect
from app.cli.options import TIME, AsJson, Limit, instant, iso
from app.cli.people import account_key

record = typer.Typer(no_args_is_help=True, help="Who signed in, and who read or opened what.")

From = Annotated[datetime | None, typer.Option("--from", parser=instant, metavar=TIME, help="Nothing earlier.")]
To = Annotated[datetime | None, typer.Option("--to", parser=instant, metavar=TIME, help="Only what is earlier.")]
By = Annotated[str | None, typer.Option("--user", metavar="USER", help="Of this account only: username or id.")]

SIGN_INS: tuple[answers.Column, ...] = (
    ("at", "at"),
    ("username", lambda row: row.get("username") or row["account"]),
    ("what", lambda row: row["refused_code"] or "signed in"),
    ("initial password", "initial"),
    ("position", "position"),
)
DISCLOSURES: tuple[answers.Column, ...] = (
    ("at", "at"),
    ("who", lambda row: row.get("actor_username") or row["actor"]),
    ("role", "role"),
    ("purpose", "purpose"),
    ("operation", "operation"),
    ("thing", "thing"),
    ("position", "position"),
)


@record.command("sign-ins")
def sign_ins(
    ctx: typer.Context,
    user: By = None,
    refused: Annotated[
        bool | None, typer.Option("--refused/--opened", help="Only those that were refused, or that were not.")
    ] = None,
    start: From = None,
    end: To = None,
    limit: Limit = 100,
    as_json: AsJson = False,
) -> None:
    """List who signed in, and whose account somebody tried in vain.

    Example: oberih record sign-ins --refused --from 2026-11-23T00:00
    """
    asked = {
        "account": None if user is None else account_key(user),
        "refused": None if refused is None else str(refused).lower(),
    }
    with connect(ctx) as client:
        page = client.ask_list("/record/sign-ins", limit, **asked, from_at=iso(start), to_at=iso(end))
    answers.listing(ctx, page, SIGN_INS, "sign-ins")


@record.command("disclosures")
def disclosures(
    ctx: typer.Context,
    user: By = None,
    thing: Annotated[UUID | None, typer.Option("--thing", help="Of this incident, search or account only.")] = None,
    operation: Annotated[str | None, typer.Option("--operation", help="For example incident.read-narrative.")] = None,
    start: From = None,
    end: To = None,
    limit: Limit = 100,
    as_json: AsJson = False,
) -> None:
    """List who read which thing, or opened what is sealed in it, and for what.

    Example: oberih record disclosures --user olena
    """
    actor = None if user is None else account_key(user)
    asked = {"thing": thing, "actor": actor, "operation": operation}
    with connect(ctx) as client:
        page = client.ask_list("/record/disclosures", limit, **asked, from_at=iso(start), to_at=iso(end))
    answers.listing(ctx, page, DISCLOSURES, "disclosures")
