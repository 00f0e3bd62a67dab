"""Reading the sealed reasons of what people decided. That they were read goes on record."""

from __future__ import annotations

from collections.abc import Callable

import typer

from app.cli import answers
from app.cli.authorisations import Authorisation, authorisations
from app.cli.children import incidents
from app.cli.connecting import connect
from app.cli.footage import Footage, footage
from app.cli.incidents import Incident
from app.cli.keeping import Hold, holds
from app.cli.options import AsJson
from app.cli.people import User, account_key, users
from app.client.http import part


def of_incident(ctx: typer.Context, incident: Incident, as_json: AsJson = False) -> None:
    """Read why an incident was reclassified or voided; that it was read goes on record."""
    _list(ctx, f"/incidents/{incident}")


def of_authorisation(ctx: typer.Context, authorisation: Authorisation, as_json: AsJson = False) -> None:
    """Read why an authorisation was withdrawn, refused or revoked; that it was read goes on record."""
    _list(ctx, f"/authorisations/{authorisation}")


def of_hold(ctx: typer.Context, hold: Hold, as_json: AsJson = False) -> None:
    """Read why footage is held; that it was read goes on record."""
    _list(ctx, f"/holds/{part(hold)}")


def of_footage(ctx: typer.Context, sha256: Footage, as_json: AsJson = False) -> None:
    """Read why an erasure was asked for or a clock corrected; that it was read goes on record."""
    _list(ctx, f"/footage/{part(sha256)}")


def of_user(ctx: typer.Context, user: User, as_json: AsJson = False) -> None:
    """Read why an account was suspended; that it was read goes on record."""
    _list(ctx, f"/accounts/{account_key(user)}")


def _list(ctx: typer.Context, thing: str) -> None:
    columns = (("at", "at"), ("what", "topic"), ("by", answers.named("by")), ("reason", "text"))
    with connect(ctx) as client:
        answers.listing(ctx, client.ask(f"{thing}/reasons"), columns, "reasons")


VERBS: tuple[tuple[typer.Typer, Callable[..., None]], ...] = (
    (incidents, of_incident),
    (authorisations, of_authorisation),
    (holds, of_hold),
    (footage, of_footage),
    (users, of_user),
)
