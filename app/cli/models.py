"""Models: the noun that all commands about them belong to."""

from __future__ import annotations

import typer

models = typer.Typer(help="Pretrained models: accepted, and switched to.", no_args_is_help=True)
