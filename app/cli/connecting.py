"""A client for one invocation of a command."""

from __future__ import annotations

import typer

from app.cli.options import invocation
from app.client import session
from app.client.http import Client


def connect(ctx: typer.Context) -> Client:
    """A client for this invocation."""
    said = invocation(ctx)
    return Client(session.current(said.server), purpose=said.purpose, key=said.key)
