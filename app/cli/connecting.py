"""A client for one invocation of a command."""

from __future__ import annotations

from pathlib import Path

import typer

from app.cli.options import invocation, password_from
from app.client import session
from app.client.http import Client
from app.client.session import Session


def connect(ctx: typer.Context) -> Client:
    """A client for this invocation."""
    said = invocation(ctx)
    return Client(session.current(said.server), purpose=said.purpose, key=said.key)


def connect_for_long(ctx: typer.Context, password_file: Path | None) -> Client:
    """A client of a command that may outlast its login: it goes on with the one that somebody made here meanwhile, or,
    where a file has the password, makes another itself.
    """
    said = invocation(ctx)

    def renewed(ended: Session) -> Session:
        now = session.current(said.server)
        if now.token != ended.token or password_file is None or now.username is None:
            return now
        with Client(Session(now.server)) as client:
            answer = client.login(now.username, password_from(password_file, confirm=False))
        new = Session(now.server, answer["token"], now.username, answer.get("expires_at"))
        session.renew(new)
        return new

    return Client(session.current(said.server), purpose=said.purpose, key=said.key, renewed=renewed)
