"""One's own password, and initial ones for others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli import answers
from app.cli.connecting import connect
from app.cli.options import AsJson, PasswordFile, password_from
from app.cli.people import User, account_key, users
from app.client import session

OldPasswordFile = Annotated[
    Path | None, typer.Option("--old-password-file", help="Read the present password from this file.")
]


def password(
    ctx: typer.Context,
    old_password_file: OldPasswordFile = None,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Choose a new password of your own; you stay logged in here, and are logged out everywhere else.

    Example: oberih password
    """
    with connect(ctx) as client:
        old = password_from(old_password_file, confirm=False, prompt="Present password")
        new = password_from(password_file, confirm=True, prompt="New password")
        answer = client.command("/me/password", {"old": old, "new": new})
        there = client.session.server
    kept = session.renew(session.Session(there, answer["token"], answer.get("username"), answer.get("expires_at")))
    if not kept:
        answers.say("the token of OBERIH_TOKEN has ended with the old password: log in again")
    told = {name: value for name, value in answer.items() if name != "token"}
    answers.document(ctx, told, lambda: answers.line(f"the password of {answer.get('username')} is changed"))


@users.command("reset-password")
def reset_password(ctx: typer.Context, user: User, password_file: PasswordFile = None, as_json: AsJson = False) -> None:
    """Give somebody's account an initial password: they choose their own as soon as they log in.

    Example: oberih user reset-password olena
    """
    new = password_from(password_file, confirm=True, prompt="Initial password")
    with connect(ctx) as client:
        answer = client.command(f"/accounts/{account_key(user)}/password", {"password": new})
    answers.receipt(ctx, answer, f"{user} has an initial password")
