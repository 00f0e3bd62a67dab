"""Models: the noun that all commands about them belong to."""

from __future__ import annotations

import typer

model = typer.Typer(no_args_is_help=True, help="The model that makes the vectors: cards, and the switch to another.")
