"""What ends a command with exit status 1: one line on standard error that says what happened and how to mend it."""

from __future__ import annotations

import json
import re
from typing import Any

import typer
from typer.core import TyperGroup

from app.cli.wording import as_typed
from app.client.refused import Refused
from domain.errors import DomainError

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # a stored text must not steer the reader's terminal


class RefusingGroup(TyperGroup):
    """The root of the command tree: the one place where a refusal becomes a line and an exit status."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """A word in another encoding can be neither sent nor shown."""
        for word in args:
            if (shown := as_text(word)) != word:
                raise typer.BadParameter(f"{shown!r} is not text in UTF-8; type it anew, or rename the file")
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """With --json the problem is the one document on standard output, too."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # whoever read our output has read enough: typer ends quietly
        except (Refused, DomainError, OSError, UnicodeDecodeError) as fault:
            refusal = refusal_of(fault)
            if ctx.obj is not None and ctx.obj.as_json:
                typer.echo(json.dumps(refusal.problem, ensure_ascii=False, indent=2))
            typer.echo(f"oberih: {told(refusal)}", err=True)
            raise typer.Exit(1) from None


def refusal_of(fault: Exception) -> Refused:
    if isinstance(fault, Refused):
        return fault
    if isinstance(fault, DomainError):
        problem = {"type": f"/problems/{fault.code}", "title": fault.code.replace("-", " ").capitalize()}
        return Refused(fault.detail, {**problem, "detail": fault.detail, **fault.fields})
    if isinstance(fault, UnicodeDecodeError):
        return Refused("the file is not text in UTF-8; save it as UTF-8 and name it again")
    if isinstance(fault, OSError) and fault.filename is not None:
        return Refused(f"{fault.filename}: {fault.strerror or fault}; name a file that can be used so")
    return Refused(f"{fault}")


def as_text(word: str) -> str:
    """With ? for what is no text in UTF-8: names of files may be in any encoding."""
    return word.encode(errors="replace").decode()


def told(refusal: Refused) -> str:
    """The refusal in one line, in the words of whoever typed the command."""
    return one_line(as_typed(refusal.line, refusal.problem))


def one_line(text: str) -> str:
    return CONTROL.sub("", " ".join(text.split()))
