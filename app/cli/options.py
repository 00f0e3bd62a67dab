"""What may be said with every command, and the option types that several nouns share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from app.client.refused import Refused
from app.instants import parse
from domain.errors import Invalid


@dataclass
class Invocation:
    """One call of `oberih`, whichever command it is. Lies in every context's `obj`."""

    server: str | None = None
    purpose: str | None = None
    key: str | None = None
    as_json: bool = False


def invocation(ctx: typer.Context) -> Invocation:
    found = ctx.obj
    assert isinstance(found, Invocation), "the root callback makes it"
    return found


def _json_wanted(ctx: typer.Context, value: bool) -> bool:
    invocation(ctx).as_json = value
    return value


def instant(text: str) -> datetime:
    """An option's time in UTC: Kyiv's clock unless it carries an offset."""
    try:
        return parse("", text)
    except Invalid as fault:
        raise typer.BadParameter(f"{fault.fault}; {fault.mend}") from fault


def iso(at: datetime | None) -> str | None:
    """As the API takes it."""
    return None if at is None else at.isoformat().replace("+00:00", "Z")


def one_of(what: str, codes: Iterable[str]) -> str:
    """A help text that names a closed list."""
    return f"{what}: {', '.join(codes)}."


def text_or_file(what: str, text: str | None, file: Path | None) -> str:
    """Free text from the command line or from a file ('-' is standard input), exactly one of them."""
    if (text is None) == (file is None):
        raise typer.BadParameter(f"give --{what} TEXT or --{what}-file FILE, one of the two")
    if file is None:
        return text or ""
    return _read(file)


def _read(file: Path) -> str:
    """A file, or standard input for '-', as text. Raises Refused where it is none."""
    content = typer.get_binary_stream("stdin").read() if str(file) == "-" else file.read_bytes()
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")  # some editors begin a file with a mark
    except UnicodeDecodeError as fault:
        name = "standard input" if str(file) == "-" else file
        raise Refused(f"{name} is not text in UTF-8; save it as UTF-8 and give it again") from fault


TIME = "TIME"  # metavar; help texts of times need not explain it again: `oberih --help` does

AsJson: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print one JSON document and nothing else.", callback=_json_wanted, is_eager=True)
]
IfVersion: TypeAlias = Annotated[
    int | None, typer.Option("--if-version", min=0, help="Only if it is still at this version; otherwise refuse.")
]
Limit: TypeAlias = Annotated[int, typer.Option("--limit", min=1, help="How many to list at most.")]
Reason: TypeAlias = Annotated[str, typer.Option("--reason", help="Why; kept sealed in the record.")]
DataFolder: TypeAlias = Annotated[
    Path, typer.Option("--data", envvar="OBERIH_DATA", help="The data directory of the deployment.")
]
PasswordFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--password-file", help="Read the password from this file ('-': standard input), not the keyboard."),
]


def password_from(file: Path | None, *, confirm: bool, prompt: str = "Password") -> str:
    """Asked for on the terminal, without showing it, unless a file holds it. Never taken from the command line,
    which every process of the machine can read.
    """
    if file is not None:
        return _read(file).rstrip("\r\n")
    answer: str = typer.prompt(prompt, hide_input=True, confirmation_prompt=confirm, err=True)
    return answer
